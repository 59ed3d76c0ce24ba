"""Sessions of jury: planning, session page."""

import secrets

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views.generic import DetailView, FormView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from backoffice.candidatures.models import Etat
from registre.transitions import Refus, executer, verbes_de

from .acces_membres import annonce_de_l_ouverture
from .acte_suivant import acte_suivant, jour_venu
from .attente_de_place import file_d_attente
from .composition import Assemblee, manques_de_session
from .composition_lue import composition_de
from .dossiers import dossiers_de, dossiers_de_l_employeur
from .duplication import reprendre_les_membres, valeurs_de
from .forms_sessions import SessionForm
from .models import SessionJury
from .preparation import preparatifs
from .workflow import AVANT_CLOTURE, ORGANISATEURS, SESSION

MEMBRES_ET_ORGANISATEURS = ("gestionnaire", "jury", "certificateur", "auditeur")
DE_LA_SEANCE = {*MEMBRES_ET_ORGANISATEURS, "secretaire"}


class Planifier(Ecran, FormView):
    """Plan a session."""

    roles = ("gestionnaire", "certificateur")
    template_name = "jurys/planifier.html"
    form_class = SessionForm

    @cached_property
    def modele(self) -> SessionJury | None:
        """The session taken up again (« ?modele= »), among those this person sees."""
        pk = self.request.GET.get("modele", "")
        visibles = SessionJury.objects.all().visibles_par(self.request.user)
        return get_object_or_404(visibles, pk=int(pk)) if pk.isdecimal() and len(pk) < 10 else None

    def get_form_kwargs(self):
        initial = valeurs_de(self.modele) if self.modele else {}
        return {**super().get_form_kwargs(), "acteur": self.request.user, "initial": initial}

    def get_context_data(self, **kwargs):
        cle = self.request.POST.get("cle") or secrets.token_hex(16)
        return super().get_context_data(cle=cle, modele=self.modele, **kwargs)

    def form_valid(self, form):
        session = form.save(commit=False)
        cle = self.request.POST.get("cle", "")[:64]
        try:
            session = executer(SESSION, "planifier", session, self.request.user, form.cleaned_data, cle)
        except Refus as refus:
            form.add_error(None, refus.phrases)
            return self.form_invalid(form)
        self._annoncer(session, cle)
        return redirect(session)

    def _annoncer(self, session, cle):
        if self.modele is None:
            messages.success(self.request, "La session est planifiée. Ajoutez maintenant ses membres.")
            return
        refus = reprendre_les_membres(self.modele, session, self.request.user, cle)
        messages.success(self.request, "La session est planifiée, avec les mêmes membres. Envoyez les convocations.")
        for phrase in refus:
            messages.warning(self.request, phrase)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


def _a_reussi_en_partie(session) -> bool:
    """Did this session grant blocs without the whole certification to somebody?"""
    siennes = session.inscriptions.filter(retiree_le=None, revoquee_le=None)
    return siennes.filter(candidature__etat=Etat.PARTIELLE).exists()


class Session(Ecran, DetailView):
    """One session: composition and its rules, the dossiers, what to do next."""

    model = SessionJury
    roles = (*MEMBRES_ET_ORGANISATEURS, "employeur")
    template_name = "jurys/session.html"
    context_object_name = "session"

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if self.object.roles_de(request.user).isdisjoint(DE_LA_SEANCE):
            contexte = {"session": self.object, "lignes": dossiers_de_l_employeur(self.object, request.user)}
            return render(request, "jurys/session_employeur.html", contexte)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        session, utilisateur = self.object, self.request.user
        assemblee = Assemblee.de(session)
        organise = not session.roles_de(utilisateur).isdisjoint(ORGANISATEURS)
        actes = actes_possibles(session, utilisateur, verbes_de(session))
        prets = [a for a in actes if not a["manques"]]
        a_preparer = preparatifs(SessionJury.objects.filter(pk=session.pk)) if organise else []
        principal = acte_suivant(session, prets, a_preparer)
        dossiers, caches = dossiers_de(session, utilisateur)
        return super().get_context_data(
            composition=composition_de(session, assemblee),
            dossiers=dossiers,
            caches=caches,
            ouverture=annonce_de_l_ouverture(session, utilisateur),
            a_venir=session.etat in AVANT_CLOTURE,
            jour_venu=jour_venu(session),
            manques=manques_de_session(session, assemblee) if session.etat in AVANT_CLOTURE else [],
            principal=principal,
            autres=[
                {"libelle": a["verbe"].libelle, "url": a["url"], "danger": a["verbe"].danger}
                for a in prets
                if principal is None or a["url"] != principal["url"]
            ],
            preparatifs=a_preparer,
            siege=next((m for m in assemblee.membres if m.utilisateur_id == utilisateur.pk), None),
            attente=file_d_attente(session) if session.etat == SessionJury.Etat.PLANIFIEE else [],
            organise=organise,
            reussites_partielles=organise and _a_reussi_en_partie(session),
            bloques=[a for a in actes if a["manques"] and a["verbe"].principal and a["verbe"].nom != "emarger"],
            **kwargs,
        )
