"""Sessions of jury: list, planning, session page, deliberation room, minutes."""

import secrets
import textwrap
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.views.generic import DetailView, FormView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from backoffice.candidatures.models import Candidature
from backoffice.candidatures.workflow import MODELE
from backoffice.evaluations.resultats import competences_divergentes, resultats_par_bloc
from registre.canonique import empreinte
from registre.transitions import Refus, executer, verbes_de

from .composition import conduit, conflit_du_membre, empechements, manques_de_session, votants
from .forms import DeliberationForm, SessionForm
from .models import DecisionBloc, Inscription, MembreJury, SessionJury
from .workflow import AVANT_CLOTURE, SESSION

MEMBRES_ET_ORGANISATEURS = ("gestionnaire", "jury", "certificateur", "auditeur")


class Planifier(Ecran, FormView):
    """Plan a session."""

    roles = ("gestionnaire", "certificateur")
    template_name = "jurys/planifier.html"
    form_class = SessionForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "acteur": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(cle=self.request.POST.get("cle") or secrets.token_hex(16), **kwargs)

    def form_valid(self, form):
        session = form.save(commit=False)
        cle = self.request.POST.get("cle", "")[:64]
        try:
            session = executer(SESSION, "planifier", session, self.request.user, form.cleaned_data, cle)
        except Refus as refus:
            form.add_error(None, refus.phrases)
            return self.form_invalid(form)
        messages.success(self.request, "La session est planifiée. Ajoutez maintenant ses membres.")
        return redirect(session)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def inscriptions_completes(session) -> list[Inscription]:
    """The dossiers of a session with what its pages read, in a constant number of queries."""
    return list(
        session.inscriptions.filter(retiree_le=None)
        .select_related(
            "candidature__titulaire",
            "candidature__version",
            "candidature__etablissement",
            "candidature__organisme_formation",
            "candidature__parcours",
            "candidature__evaluation",
        )
        .prefetch_related(
            "deports__membre",
            "candidature__evaluation__resultats",
            Prefetch("decisions", DecisionBloc.objects.select_related("bloc").order_by("bloc__ordre", "bloc__code")),
        )
        .order_by("pk")
    )


def dossiers_de(session: SessionJury, utilisateur) -> tuple[list[dict], int]:
    """The dossiers of the session as this person may read them, divergent evaluations first; how many are hidden.

    A recused member knows that the dossier is on the list, and nothing else of it. Members read nothing more once the
    minutes are sealed; a porteur reads the dossiers of its own certifications.
    """
    lisibles = set(
        Candidature.objects.filter(inscriptions__session=session).visibles_par(utilisateur).values_list("pk", flat=True)
    )
    siege = session.membres.filter(utilisateur=utilisateur).select_related("utilisateur", "organisme").first()
    dossiers, caches = [], 0
    for inscription in inscriptions_completes(session):
        deport = deport_de(siege, inscription) if session.etat in AVANT_CLOTURE else ""
        if not deport and inscription.candidature_id not in lisibles:
            caches += 1
            continue
        dossiers.append(
            {
                "inscription": inscription,
                "candidature": inscription.candidature,
                "deport": deport,
                "decisions": list(inscription.decisions.all()),
                "diverge": bool(competences_divergentes(inscription.candidature.evaluation)),
            }
        )
    return sorted(dossiers, key=lambda d: (not d["diverge"], d["inscription"].pk)), caches


def deport_de(siege: MembreJury | None, inscription: Inscription) -> str:
    """Why this member does not sit on this dossier; empty when they do, or when they are no member."""
    if siege is None:
        return ""
    recuses = {d.membre_id: d.raison for d in inscription.deports.all()}
    return recuses.get(siege.pk) or conflit_du_membre(siege, inscription.candidature)


class Session(Ecran, DetailView):
    """One session: composition and its rules, the dossiers, what to do next."""

    model = SessionJury
    roles = MEMBRES_ET_ORGANISATEURS
    template_name = "jurys/session.html"
    context_object_name = "session"

    def get_context_data(self, **kwargs):
        session, utilisateur = self.object, self.request.user
        membres = list(session.membres.select_related("utilisateur", "organisme").order_by("college", "pk"))
        actes = actes_possibles(session, utilisateur, verbes_de(session))
        prets = [a for a in actes if not a["manques"]]
        principal = next((a for a in prets if a["verbe"].principal), None)
        dossiers, caches = dossiers_de(session, utilisateur)
        return super().get_context_data(
            colleges=[
                {"libelle": libelle, "membres": siens, "presents": sum(m.present_le is not None for m in siens)}
                for code, libelle in MembreJury.College.choices
                for siens in [[m for m in membres if m.college == code]]
            ],
            dossiers=dossiers,
            caches=caches,
            a_venir=session.etat in AVANT_CLOTURE,
            manques=manques_de_session(session) if session.etat in AVANT_CLOTURE else [],
            principal=principal,
            autres=[
                {"libelle": a["verbe"].libelle, "url": a["url"], "danger": a["verbe"].danger}
                for a in prets
                if a is not principal
            ],
            bloques=[a for a in actes if a["manques"] and a["verbe"].principal and a["verbe"].nom != "emarger"],
            **kwargs,
        )


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


class ProcesVerbal(Ecran, DetailView):
    """The sealed minutes, read from what was frozen and from nothing else, with their hash; printable."""

    model = SessionJury
    roles = MEMBRES_ET_ORGANISATEURS
    template_name = "jurys/pv.html"
    context_object_name = "session"

    def get_queryset(self):
        return super().get_queryset().filter(etat=SessionJury.Etat.SCELLEE)

    def get_context_data(self, **kwargs):
        fige = self.object.pv_contenu
        return super().get_context_data(
            pv={
                **fige,
                "jour": date.fromisoformat(fige["date"]),
                "instance": SessionJury.Instance(fige["instance"]).label,
                "membres": [
                    {
                        **m,
                        "college": MembreJury.College(m["college"]).label,
                        "fonction": MembreJury.Fonction(m["fonction"]).label,
                    }
                    for m in fige["membres"]
                ],
                "dossiers": [{**d, "issue": Inscription.Issue(d["issue"]).label} for d in fige["dossiers"]],
            },
            # In pieces: 64 characters without a break would overflow a phone.
            empreinte=textwrap.wrap(self.object.pv_empreinte, 8),
            intact=empreinte(fige, "cqp-pv-1") == self.object.pv_empreinte,
            **kwargs,
        )
