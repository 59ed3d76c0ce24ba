"""Sessions of jury: list, planning, session page, deliberation room, minutes."""

import secrets

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, FormView, ListView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from backoffice.candidatures.workflow import MODELE
from backoffice.evaluations.models import ResultatCompetence
from registre.transitions import Refus, executer, verbes_de

from .composition import (
    Regles,
    conduit,
    conflit_du_membre,
    manques_de_composition,
    manques_de_session,
    votants,
)
from .forms import DeliberationForm, SessionForm
from .models import Inscription, SessionJury
from .workflow import SESSION

MEMBRES_ET_ORGANISATEURS = ("gestionnaire", "jury", "certificateur", "auditeur")


class Liste(Ecran, ListView):
    """The sessions, coming ones first, then those already held."""

    model = SessionJury
    roles = MEMBRES_ET_ORGANISATEURS
    template_name = "jurys/liste.html"
    context_object_name = "sessions"
    paginate_by = 30

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("certificateur")
            .prefetch_related("certifications")
            .annotate(inscrits=Count("inscriptions", filter=Q(inscriptions__retiree_le=None), distinct=True))
            .order_by("-debut", "-pk")
        )

    def get_context_data(self, **kwargs):
        peut_planifier = self.request.user.a_role("gestionnaire", "certificateur")
        return super().get_context_data(peut_planifier=peut_planifier, **kwargs)


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
            with transaction.atomic():
                session = executer(SESSION, "planifier", session, self.request.user, cle=cle)
                session.certifications.set(form.cleaned_data["certifications"])
        except Refus as refus:
            form.add_error(None, refus.phrases)
            return self.form_invalid(form)
        messages.success(self.request, "La session est planifiée. Ajoutez maintenant ses membres.")
        return redirect(session)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


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
        faits = [a for a in actes if not (a["verbe"].nom == "emarger" and a["manques"])]
        return super().get_context_data(
            membres=membres,
            presents=sum(m.present_le is not None for m in membres),
            inscriptions=inscriptions_completes(session),
            manques=manques_de_session(session) if session.etat in ("planifiee", "ouverte") else [],
            actes=faits,
            principal=next((a for a in faits if a["verbe"].principal and not a["manques"]), None),
            siege=next((m for m in membres if m.utilisateur_id == utilisateur.pk), None),
            **kwargs,
        )


def inscriptions_completes(session) -> list[Inscription]:
    """The dossiers of a session with what its pages read, in a constant number of queries."""
    return list(
        session.inscriptions.filter(retiree_le=None)
        .select_related("candidature__titulaire", "candidature__version", "candidature__etablissement")
        .prefetch_related("deports__membre__utilisateur", Prefetch("decisions"))
        .order_by("pk")
    )


class Salle(Ecran, DetailView):
    """The deliberation room: the list, one dossier, the decision of the chair and the composition beside it."""

    model = SessionJury
    roles = ("jury", "gestionnaire", "certificateur", "auditeur")
    template_name = "jurys/salle.html"
    context_object_name = "session"

    def _inscription(self):
        return get_object_or_404(
            self.object.inscriptions.filter(retiree_le=None).select_related(
                "candidature__titulaire", "candidature__version", "candidature__parcours", "candidature__evaluation"
            ),
            pk=self.kwargs["inscription"],
        )

    def get_context_data(self, form=None, phrases=(), **kwargs):
        session, utilisateur = self.object, self.request.user
        inscription = self._inscription()
        candidature = inscription.candidature
        siege = session.membres.filter(utilisateur=utilisateur).first()
        raison = conflit_du_membre(siege, candidature) if siege else ""
        if siege and (raison or inscription.deports.filter(membre=siege).exists()):
            raise PermissionDenied("Vous êtes déporté(e) sur ce dossier : vous n’y avez pas accès.")
        preside = session.etat == "ouverte" and conduit(session, inscription, utilisateur)
        voix = votants(session, inscription)
        return super().get_context_data(
            inscription=inscription,
            candidature=candidature,
            inscriptions=inscriptions_completes(session),
            blocs=resultats_par_bloc(candidature),
            evaluation=candidature.evaluation,
            invitation=candidature.evaluation.invitations.filter(revoquee_le=None).first(),
            preside=preside,
            votants=voix,
            manques=manques_de_composition(voix, Regles.de(candidature.parcours)),
            form=form or (DeliberationForm(objet=candidature, acteur=utilisateur) if preside else None),
            cle=secrets.token_hex(16),
            phrases=phrases,
            decisions={d.bloc_id: d for d in inscription.decisions.all()},
            **kwargs,
        )

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        inscription = self._inscription()
        form = DeliberationForm(request.POST, objet=inscription.candidature, acteur=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            cle = request.POST.get("cle", "")[:64]
            executer(MODELE, "deliberer", inscription.candidature, request.user, form.cleaned_data, cle)
        except Refus as refus:
            if refus.statut == 409:
                contexte = self.get_context_data(form=form, phrases=refus.phrases)
                return self.render_to_response(contexte, status=409)
            raise PermissionDenied(str(refus)) from refus
        messages.success(request, f"La décision sur {inscription.candidature.reference} est enregistrée.")
        suivante = self.object.inscriptions.filter(retiree_le=None, issue="").order_by("pk").first()
        if suivante:
            return redirect("jurys:salle", self.object.pk, suivante.pk)
        return redirect(self.object)


def resultats_par_bloc(candidature) -> list[dict]:
    """Per bloc: its compétences with both answers, and whether the évaluateurs agree."""
    resultats = {}
    for r in candidature.evaluation.resultats.all():
        resultats[r.competence_id, r.source] = r
    source, blocs = ResultatCompetence.Source, []
    for bloc in candidature.blocs_a_evaluer():
        lignes = [
            {
                "competence": c,
                "metier": resultats.get((c.pk, source.METIER)),
                "habilite": resultats.get((c.pk, source.HABILITE)),
            }
            for c in bloc.competences.all()
        ]
        for ligne in lignes:
            ligne["diverge"] = bool(
                ligne["metier"] and ligne["habilite"] and ligne["metier"].acquis != ligne["habilite"].acquis
            )
        blocs.append(
            {
                "bloc": bloc,
                "lignes": lignes,
                "acquis": bool(lignes) and all(ligne["habilite"] and ligne["habilite"].acquis for ligne in lignes),
                "diverge": any(ligne["diverge"] for ligne in lignes),
            }
        )
    return blocs


class ProcesVerbal(Ecran, DetailView):
    """The sealed minutes, as frozen, with their hash; printable."""

    model = SessionJury
    roles = MEMBRES_ET_ORGANISATEURS
    template_name = "jurys/pv.html"
    context_object_name = "session"

    def get_queryset(self):
        return super().get_queryset().filter(etat=SessionJury.Etat.SCELLEE)
