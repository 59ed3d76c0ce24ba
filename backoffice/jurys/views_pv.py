"""The minutes and the papers of a jury: on screen, in PDF."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import DetailView, View

from backoffice.acces import Ecran
from registre import journal

from .controle_pv import ecarts
from .dossiers import dossiers_de
from .feuilles_papier import dessiner_feuilles
from .lecture_pv import lire_contenu, lire_pv, lire_rectificatif
from .models import ProcesVerbal as Proces
from .models import SessionJury
from .notices import LECTEURS, dessiner_notice, notices_lisibles
from .pv_contenu import contenu_du_pv
from .pv_documents import dessiner, dessiner_projet
from .views import MEMBRES_ET_ORGANISATEURS

EN_FABRICATION = "Le document est en cours de fabrication\u00a0: rechargez la page dans une minute."
ARRETES = (SessionJury.Etat.CLOSE, SessionJury.Etat.SCELLEE)


def _pdf(octets: bytes, nom: str) -> HttpResponse:
    """A PDF made for one person: never kept on the way, never run."""
    entetes = {"Content-Disposition": f'attachment; filename="{nom}.pdf"', "Content-Security-Policy": "sandbox"}
    return HttpResponse(octets, content_type="application/pdf", headers=entetes)


class ProcesVerbal(Ecran, DetailView):
    """The minutes of a session: their text, who has signed it, its hash; a draft while the jury sits."""

    model = SessionJury
    roles = MEMBRES_ET_ORGANISATEURS
    template_name = "jurys/pv.html"
    context_object_name = "session"

    def get_queryset(self):
        return super().get_queryset().filter(etat__in=(SessionJury.Etat.OUVERTE, *ARRETES))

    def get_context_data(self, **kwargs):
        session = self.object
        if session.etat not in ARRETES:
            projet = lire_contenu(contenu_du_pv(session, session.pv.numero if session.pv else ""))
            return super().get_context_data(
                pv=projet, projet=True, ecarts=[], rectificatifs=[], en_fabrication="", **kwargs
            )
        scellee = session.etat == SessionJury.Etat.SCELLEE
        rectificatifs = [lire_rectificatif(pv) for pv in session.proces_verbaux.filter(rang__gt=0)]
        return super().get_context_data(
            pv=lire_pv(session.pv),
            projet=False,
            ecarts=list(ecarts(session.pv)) if scellee else [],
            rectificatifs=rectificatifs,
            en_fabrication=EN_FABRICATION if scellee and not session.pv.sha256 else "",
            **kwargs,
        )


class Document(Ecran, View):
    """The PDF of the minutes (`rang` 0) or of a correction: the file kept once sealed, a draft before."""

    roles = MEMBRES_ET_ORGANISATEURS
    model = SessionJury

    def get(self, request, pk, rang=0):
        session = get_object_or_404(self.get_queryset().exclude(etat__in=("planifiee", "annulee")), pk=pk)
        pv = session.proces_verbaux.filter(rang=rang).first()
        if rang and pv is None:
            raise Http404
        if pv is None or not pv.empreinte:
            return _pdf(dessiner_projet(session), f"projet-de-pv-{session.pk}")
        if pv.scelle_le is None:
            return _pdf(dessiner(pv), f"projet-de-{pv.numero}")
        return self._scelle(pv)

    def _scelle(self, pv: Proces):
        if not pv.sha256:
            # The worker makes it, once; the nightly task gives it again what was lost on the way.
            messages.info(self.request, EN_FABRICATION)
            return redirect("jurys:pv", pv.session_id)
        # Opened first: what is not there has not been read.
        fichier = pv.fichier.open("rb")
        journal.consigner(self.request.user, "gestion", "telecharger_pv", pv.session, details={"pv": pv.numero})
        reponse = FileResponse(fichier, as_attachment=True, filename=f"{pv.numero}.pdf", content_type="application/pdf")
        reponse.headers["Content-Security-Policy"] = "sandbox"
        return reponse


class FeuillesDeDecision(Ecran, View):
    """The decision sheets of the dossiers that this person may read: all of them, or one."""

    roles = MEMBRES_ET_ORGANISATEURS
    model = SessionJury

    def get(self, request, pk, inscription=None):
        session = get_object_or_404(self.get_queryset(), pk=pk)
        lisibles = [d["inscription"] for d in dossiers_de(session, request.user)[0] if not d["deport"]]
        choisies = [i for i in lisibles if inscription in (None, i.pk)]
        if not choisies:
            raise Http404
        nom = f"feuille-{choisies[0].candidature.reference}" if inscription else f"feuilles-de-decision-{session.pk}"
        journal.consigner(request.user, "gestion", "imprimer_feuilles", session, details={"feuilles": len(choisies)})
        return _pdf(dessiner_feuilles(session, choisies), nom)


class Notice(Ecran, View):
    """The notice of one result, for the candidate, the employer and those who follow the dossier."""

    roles = LECTEURS

    def get(self, request, pk):
        inscription = get_object_or_404(notices_lisibles(request.user), pk=pk)
        return _pdf(dessiner_notice(inscription), f"decision-{inscription.candidature.reference}")
