"""The one view of every verb: a page that asks (GET), a request that acts (POST)."""

import secrets

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from registre import journal
from registre.transitions import VERBES, Refus, Verbe, executer, manques, verifier_tour

from .acces import TOUS, Ecran
from .identite import confirmation, preuve_de


def actes_possibles(objet, acteur, verbes) -> list[dict]:
    """The buttons of this person on this object: verb, what still prevents it, address.

    Only verbs that the state and a role allow; `manques` empty means that it can be done now.
    """
    roles = objet.roles_de(acteur)
    return [
        {"verbe": v, "manques": manques(v, objet, acteur), "url": adresse(objet, v)}
        for v in verbes
        if not (v.interne or v.creation) and objet.etat in v.de and roles.intersection(v.roles)
    ]


def adresse(objet, acte: Verbe) -> str:
    """Address of the page of this verb on this object."""
    return f"/gestion/actes/{objet._meta.label_lower}/{objet.pk}/{acte.nom}/"


class Acte(Ecran, View):
    """Ask for, check and carry out one verb: out of scope 404, wrong role 403, unmet condition 409, bad input 422."""

    roles = TOUS

    def _trouver(self, modele, pk, nom):
        acte = VERBES.get((modele, nom))
        if acte is None or acte.interne or acte.creation:
            raise Http404
        objet = get_object_or_404(apps.get_model(modele).objects.all().visibles_par(self.request.user), pk=pk)
        return acte, objet

    def get(self, request, modele, pk, nom):
        acte, objet = self._trouver(modele, pk, nom)
        if refus := self._refus(acte, objet):
            return refus
        form = acte.formulaire(objet=objet, acteur=request.user) if acte.formulaire else None
        return self._afficher(acte, objet, form, secrets.token_hex(16), manques(acte, objet, request.user))

    def post(self, request, modele, pk, nom):
        acte, objet = self._trouver(modele, pk, nom)
        cle, donnees, form = request.POST.get("cle", "")[:64], {}, None
        if journal.deja_fait(cle, nom, objet):
            # Sent twice: what the form offered the first time may no longer be a choice.
            return self._suite(objet)
        # The mechanism checks again under lock; here, who may not act does not read the form either.
        if refus := self._refus(acte, objet):
            return refus
        if acte.formulaire:
            form = acte.formulaire(request.POST, request.FILES, objet=objet, acteur=request.user)
            if not form.is_valid():
                return self._afficher(acte, objet, form, cle or secrets.token_hex(16), [], 422)
            donnees = form.cleaned_data
        if acte.reauthentifier:
            donnees = {**donnees, "preuve": preuve_de(request)}
            if donnees["preuve"] is None:
                return redirect(confirmation(request, adresse(objet, acte)))
        try:
            objet = executer(modele, nom, objet, request.user, donnees, cle)
        except Refus as refus:
            if form is not None and refus.statut == 409:
                return self._afficher(acte, objet, form, secrets.token_hex(16), refus.phrases, 409)
            return self._refuser(acte, objet, refus.phrases, refus.statut)
        messages.success(request, f"{acte.libelle}\u00a0: c’est fait.")
        return self._suite(objet)

    def _suite(self, objet):
        """Where to go next. A script that sends a file would follow a redirection, and use up the sentence it shows."""
        if self.request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return HttpResponse(status=204, headers={"X-Suite": objet.get_absolute_url()})
        return redirect(objet.get_absolute_url())

    def _refus(self, acte, objet):
        """The page that says why this person may not do this now; None when role and state allow it."""
        try:
            verifier_tour(acte, objet, self.request.user)
        except Refus as refus:
            return self._refuser(acte, objet, refus.phrases, refus.statut)
        return None

    def _afficher(self, acte, objet, form, cle, phrases, statut=200):
        gabarit = [f"gestion/actes/{acte.nom}.html", "gestion/acte.html"]
        contexte = {"acte": acte, "objet": objet, "form": form, "cle": cle, "phrases": phrases, "confirmation": ""}
        if acte.reauthentifier and preuve_de(self.request) is None:
            contexte["confirmation"] = confirmation(self.request, adresse(objet, acte))
        return render(self.request, gabarit, contexte, status=statut)

    def _refuser(self, acte, objet, phrases, statut):
        return render(
            self.request, "gestion/refus.html", {"acte": acte, "objet": objet, "phrases": phrases}, status=statut
        )
