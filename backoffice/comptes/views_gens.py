"""The people of one's scope: who they are, what they may do, and taking it back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from backoffice.acces import Ecran
from registre.transitions import Refus

from .droits import dater_role, fermer_compte, retirer_role, rouvrir_compte
from .forms_invitation import DatesForm
from .models import Role, Utilisateur

LECTEURS = ("gestionnaire", "certificateur", "auditeur")


def _titre(acteur, role) -> str:
    """The role in which this person changes that one.

    Raises:
        PermissionDenied: an auditeur reads, and nobody changes the roles of another porteur.
    """
    if acteur.a_role("certificateur"):
        return "certificateur"
    if role.organisme_id not in acteur.organismes_ids("gestionnaire"):
        raise PermissionDenied("Ce rôle ne fait pas partie de ceux que vous pouvez changer.")
    return "gestionnaire"


class Personne(Ecran, View):
    """One person: roles of one's scope, last login; take a role back, close or reopen the account."""

    roles = LECTEURS
    model = Utilisateur

    def get(self, request, pk):
        return self._page(get_object_or_404(self.get_queryset(), pk=pk))

    def post(self, request, pk):
        personne = get_object_or_404(self.get_queryset(), pk=pk)
        try:
            self._faire(personne, request.POST.get("geste", ""))
        except Refus as refus:
            return self._page(personne, refus.phrases, 409)
        messages.success(request, "C’est fait. Les sessions de cette personne sont closes.")
        return redirect("comptes:gens" if not self.get_queryset().filter(pk=pk).exists() else personne)

    def _faire(self, personne, geste):
        acteur = self.request.user
        if geste == "retirer":
            valeur = self.request.POST.get("role", "")
            siens = personne.roles.all().visibles_par(acteur)
            role = get_object_or_404(siens, pk=valeur if valeur.isdecimal() else 0)
            retirer_role(role, acteur=acteur, au_titre_de=_titre(acteur, role))
        elif geste in {"fermer", "rouvrir"}:
            if not acteur.a_role("certificateur"):
                raise PermissionDenied("Seul le certificateur ferme ou rouvre un compte.")
            (fermer_compte if geste == "fermer" else rouvrir_compte)(personne, acteur=acteur)
        else:
            raise Refus("Cette page ne connaît pas cet acte.")

    def _page(self, personne, phrases=(), statut=200):
        acteur = self.request.user
        contexte = {
            "personne": personne,
            "roles": personne.roles.all().visibles_par(acteur).select_related("organisme"),
            "peut_retirer": acteur.a_role("certificateur", "gestionnaire"),
            "peut_fermer": acteur.a_role("certificateur") and acteur.pk != personne.pk,
            "phrases": phrases,
        }
        return render(self.request, "comptes/personne.html", contexte, status=statut)


class DatesDuRole(Ecran, View):
    """From when to when this person holds this role."""

    roles = ("gestionnaire", "certificateur")
    model = Role

    def get(self, request, pk):
        role = get_object_or_404(self.get_queryset(), pk=pk)
        return self._page(role, DatesForm(role=role))

    def post(self, request, pk):
        role = get_object_or_404(self.get_queryset(), pk=pk)
        form, titre = DatesForm(request.POST, role=role), _titre(request.user, role)
        if not form.is_valid():
            return self._page(role, form, statut=422)
        try:
            dater_role(role, **form.cleaned_data, acteur=request.user, au_titre_de=titre)
        except Refus as refus:
            return self._page(role, form, refus.phrases, 409)
        messages.success(request, "Les dates sont enregistrées. Les sessions de cette personne sont closes.")
        return redirect(role.utilisateur)

    def _page(self, role, form, phrases=(), statut=200):
        contexte = {"role": role, "personne": role.utilisateur, "form": form, "phrases": phrases}
        return render(self.request, "comptes/dates.html", contexte, status=statut)
