"""The deliberation room: one page per dossier for who chairs, who votes and who writes; its live parts."""

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.views.generic import DetailView
from django.views.generic.detail import SingleObjectMixin

from backoffice.acces import Ecran
from backoffice.candidatures.lectures import noter_lecture
from backoffice.candidatures.workflow import MODELE
from backoffice.evaluations.resultats import resultats_par_bloc
from registre import journal
from registre.transitions import VERBES, Refus, executer, manques, verifier_tour

from .dossiers import dossiers_de
from .forms_salle import DeliberationForm, FeuilleForm
from .models import Inscription, SessionJury
from .salle import FRAGMENTS, Releve, Salle, dossier_de_la_presidence, suivre_la_presidence

# What is done from the room, and what is said of it.
ACTES = {
    "deliberer": "La décision sur {reference} est enregistrée.",
    "saisir_feuille": "La feuille de {reference} est enregistrée.",
    "ouvrir_scrutin": "Le vote est ouvert sur {reference}.",
    "voter": "Votre vote est enregistré\u202f; il se change jusqu’à la clôture.",
    "clore_scrutin": "Le vote sur {reference} est clos.",
    "annuler_scrutin": "Le vote sur {reference} est annulé.",
}
# After these, the next dossier opens.
CONCLUSIONS = ("deliberer", "saisir_feuille")
PLANIFIEE_OU_CLOSE = "La séance n’est pas ouverte\u00a0: le jury délibère en séance."


class DansLaSalle(Ecran, SingleObjectMixin):
    """Base of what is read in the room: the session, the dossiers as this person may read them."""

    model = SessionJury
    roles = ("jury", "gestionnaire", "certificateur", "auditeur")
    context_object_name = "session"

    @cached_property
    def dossiers(self) -> list[dict]:
        return dossiers_de(self.object, self.request.user)[0]

    def _inscription(self) -> Inscription:
        """The dossier of the address, when this person may read it: 404 out of scope, 403 when recused."""
        for dossier in self.dossiers:
            if dossier["inscription"].pk == self.kwargs["inscription"]:
                if dossier["deport"]:
                    raise PermissionDenied("Vous êtes déporté(e) sur ce dossier\u00a0: vous n’y avez pas accès.")
                return dossier["inscription"]
        raise Http404

    def _a_conclure(self, sauf=None) -> int | None:
        restants = (d["inscription"] for d in self.dossiers if not d["deport"] and not d["inscription"].issue)
        return next((i.pk for i in restants if i.pk != sauf), None)


class Entree(DansLaSalle, DetailView):
    """The door of the room: where the chair is, else the first dossier to conclude, else the session."""

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        lisibles = [d["inscription"].pk for d in self.dossiers if not d["deport"]]
        position = dossier_de_la_presidence(self.object)
        choix = position if position in lisibles else self._a_conclure() or next(iter(lisibles), None)
        if choix is None:
            messages.info(request, "Aucun dossier de cette session ne vous est ouvert.")
            return redirect(self.object)
        return redirect("jurys:salle", self.object.pk, choix)


class SalleDeDeliberation(DansLaSalle, DetailView):
    """The list, one dossier, the vote and the decision, the composition."""

    template_name = "jurys/salle.html"

    def get_context_data(self, form=None, phrases=(), **kwargs):
        session, utilisateur = self.object, self.request.user
        inscription = self._inscription()
        salle = Salle(session, inscription, utilisateur, self.dossiers)
        if salle.preside:
            suivre_la_presidence(session, inscription)
        candidature, evaluation = inscription.candidature, inscription.candidature.evaluation
        versions = Releve(session, inscription.pk, utilisateur).versions
        if "jury" in candidature.roles_de(utilisateur):
            noter_lecture(candidature, utilisateur)
        return super().get_context_data(
            **salle.fragments(),
            vifs=[{"nom": nom, "version": version} for nom, version in zip(FRAGMENTS, versions, strict=True)],
            blocs=resultats_par_bloc(candidature),
            evaluation=evaluation,
            invitation=evaluation.invitations.filter(revoquee_le=None).first(),
            plume=salle.tient_la_plume,
            form=form or self._formulaire(salle),
            cle=secrets.token_hex(16),
            phrases=phrases,
            **kwargs,
        )

    @staticmethod
    def _formulaire(salle: Salle):
        classe = DeliberationForm if salle.preside else FeuilleForm if salle.tient_la_plume else None
        return classe and not salle.scrutin and classe(objet=salle.candidature, acteur=salle.utilisateur) or None

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        inscription, nom = self._inscription(), request.POST.get("acte", "deliberer")
        if nom not in ACTES:
            raise Http404
        candidature, cle = inscription.candidature, request.POST.get("cle", "")[:64]
        if self.object.etat != SessionJury.Etat.OUVERTE:
            # The verb acts on the current registration: the room of another session must not write there.
            return self._refuser(None, [PLANIFIEE_OU_CLOSE])
        if journal.deja_fait(cle, nom, candidature):
            return self._suite(nom, inscription)
        return self._accomplir(VERBES[MODELE, nom], inscription, cle)

    def _accomplir(self, acte, inscription, cle):
        candidature, acteur = inscription.candidature, self.request.user
        garde = None
        try:
            # Before the form: once a vote is closed its ballot paper has nothing left to choose from.
            verifier_tour(acte, candidature, acteur)
            if phrases := manques(acte, candidature, acteur):
                raise Refus(*phrases)
            form = acte.formulaire(self.request.POST, objet=candidature, acteur=acteur) if acte.formulaire else None
            garde = form if acte.nom in CONCLUSIONS else None
            if form is not None and not form.is_valid():
                phrases = [] if garde else [e for erreurs in form.errors.values() for e in erreurs]
                return self._refuser(garde, phrases, 422)
            executer(MODELE, acte.nom, candidature, acteur, form.cleaned_data if form else {}, cle)
        except Refus as refus:
            if refus.statut != 409:
                raise PermissionDenied(str(refus)) from refus
            return self._refuser(garde, refus.phrases)
        messages.success(self.request, ACTES[acte.nom].format(reference=candidature.reference))
        return self._suite(acte.nom, inscription)

    def _suite(self, nom, inscription):
        suivante = self._a_conclure(sauf=inscription.pk) if nom in CONCLUSIONS else inscription.pk
        return redirect("jurys:salle", self.object.pk, suivante) if suivante else redirect(self.object)

    def _refuser(self, form, phrases, statut=409):
        return self.render_to_response(self.get_context_data(form=form, phrases=phrases), status=statut)


class Vivant(DansLaSalle, DetailView):
    """The live parts of the page that changed since the reader's versions; 304 when none did, for a few queries."""

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        versions = Releve(self.object, self.kwargs["inscription"], request.user).versions
        connues = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"').split(".")
        perimes = [
            {"nom": nom, "version": version}
            for rang, (nom, version) in enumerate(zip(FRAGMENTS, versions, strict=True))
            if connues[rang : rang + 1] != [version]
        ]
        marque = {"ETag": f'"{".".join(versions)}"'}
        if not perimes:
            return HttpResponse(status=304, headers=marque)
        salle = Salle(self.object, self._inscription(), request.user, self.dossiers)
        contexte = salle.fragments() | {"vifs": perimes}
        return HttpResponse(render_to_string("jurys/salle_vivant.html", contexte, request), headers=marque)
