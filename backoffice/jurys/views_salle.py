"""The deliberation room."""

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.candidatures.workflow import MODELE
from backoffice.evaluations.resultats import resultats_par_bloc
from registre.transitions import Refus, executer

from .composition import conduit, empechements, votants
from .dossiers import dossiers_de
from .forms_salle import DeliberationForm
from .models import Inscription, SessionJury
from .workflow import AVANT_CLOTURE


class Salle(Ecran, DetailView):
    """The deliberation room: the list, one dossier, the decision of the chair and the composition beside it."""

    model = SessionJury
    roles = ("jury", "gestionnaire", "certificateur", "auditeur")
    template_name = "jurys/salle.html"
    context_object_name = "session"

    @cached_property
    def dossiers(self) -> list[dict]:
        return dossiers_de(self.object, self.request.user)[0]

    def _inscription(self) -> Inscription:
        """The dossier of the address, when this person may read it: 404 out of scope, 403 when recused."""
        for dossier in self.dossiers:
            if dossier["inscription"].pk == self.kwargs["inscription"]:
                if dossier["deport"]:
                    raise PermissionDenied("Vous êtes déporté(e) sur ce dossier : vous n’y avez pas accès.")
                return dossier["inscription"]
        raise Http404

    def get_context_data(self, form=None, phrases=(), **kwargs):
        session, utilisateur = self.object, self.request.user
        inscription = self._inscription()
        candidature = inscription.candidature
        preside = session.etat == SessionJury.Etat.OUVERTE and conduit(session, inscription, utilisateur)
        voix = {m.pk for m in votants(session, inscription)}
        recuses = {d.membre_id for d in inscription.deports.all()}
        evaluation = candidature.evaluation
        return super().get_context_data(
            inscription=inscription,
            candidature=candidature,
            dossiers=self.dossiers,
            blocs=resultats_par_bloc(candidature),
            evaluation=evaluation,
            invitation=evaluation.invitations.filter(revoquee_le=None).first(),
            preside=preside,
            membres=[
                {"membre": m, "vote": m.pk in voix, "deporte": m.pk in recuses}
                for m in session.membres.select_related("utilisateur").order_by("college", "pk")
            ],
            manques=empechements(session, inscription) if session.etat in AVANT_CLOTURE else [],
            form=form or (DeliberationForm(objet=candidature, acteur=utilisateur) if preside else None),
            cle=secrets.token_hex(16),
            phrases=phrases,
            decisions=list(inscription.decisions.all()),
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        inscription = self._inscription()
        form = DeliberationForm(request.POST, objet=inscription.candidature, acteur=request.user)
        if self.object.etat != SessionJury.Etat.OUVERTE:
            # The verb acts on the current registration: the room of another session must not write there.
            return self._refuser(form, ["La séance n’est pas ouverte : le jury délibère en séance."])
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            cle = request.POST.get("cle", "")[:64]
            executer(MODELE, "deliberer", inscription.candidature, request.user, form.cleaned_data, cle)
        except Refus as refus:
            if refus.statut == 409:
                return self._refuser(form, refus.phrases)
            raise PermissionDenied(str(refus)) from refus
        messages.success(request, f"La décision sur {inscription.candidature.reference} est enregistrée.")
        restants = [d["inscription"].pk for d in self.dossiers if not d["deport"] and not d["inscription"].issue]
        suivante = next((pk for pk in restants if pk != inscription.pk), None)
        if suivante:
            return redirect("jurys:salle", self.object.pk, suivante)
        return redirect(self.object)

    def _refuser(self, form, phrases):
        return self.render_to_response(self.get_context_data(form=form, phrases=phrases), status=409)
