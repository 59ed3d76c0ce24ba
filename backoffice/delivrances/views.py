"""What is to issue, what was issued, and the documents themselves."""

from django.http import FileResponse, Http404
from django.views.generic import DetailView, ListView

from backoffice.acces import Ecran
from backoffice.actes import adresse
from backoffice.candidatures.models import Candidature
from backoffice.candidatures.workflow import MODELE
from registre import journal
from registre.models import Parchemin
from registre.transitions import VERBES

from .models import Delivrance
from .workflow import DECIDEES


class Liste(Ecran, ListView):
    """Three piles: to prepare, to approve, delivered."""

    model = Parchemin
    roles = ("certificateur", "signataire", "gestionnaire")
    template_name = "delivrances/liste.html"
    context_object_name = "documents"
    paginate_by = 30

    def get_queryset(self):
        return (
            super()
            .get_queryset()
            .select_related("titulaire", "version", "certificateur", "delivrance__candidature")
            .order_by("-delivre_le", "-pk")
        )

    def get_context_data(self, **kwargs):
        utilisateur = self.request.user
        decidees = Candidature.objects.filter(etat__in=DECIDEES).visibles_par(utilisateur).completes()
        preparer, approuver = VERBES[MODELE, "preparer_delivrance"], VERBES[MODELE, "approuver_delivrance"]
        a_preparer = decidees.filter(delivrance=None).order_by("decidee_le")
        a_approuver = Delivrance.objects.filter(
            approuvee_le=None, candidature__in=Candidature.objects.all().visibles_par(utilisateur)
        ).select_related("candidature__titulaire", "candidature__version", "preparee_par")
        return super().get_context_data(
            a_preparer=[(c, adresse(c, preparer)) for c in a_preparer[:50]],
            nombre_a_preparer=a_preparer.count(),
            a_approuver=[(d, adresse(d.candidature, approuver)) for d in a_approuver.order_by("preparee_le")[:50]],
            nombre_a_approuver=a_approuver.count(),
            peut_preparer=utilisateur.a_role(*preparer.roles),
            peut_approuver=utilisateur.a_role(*approuver.roles),
            **kwargs,
        )


class TelechargerDocument(Ecran, DetailView):
    """Send the stored PDF, as it was written once; each download is an entry of the journal."""

    model = Parchemin
    roles = ("candidat", "certificateur", "signataire", "gestionnaire", "auditeur")

    def render_to_response(self, context, **kwargs):
        document = self.object
        if not document.sha256:
            raise Http404("Le document est en cours de fabrication : revenez dans une minute.")
        role = "candidat" if document.titulaire.utilisateur_id == self.request.user.pk else "gestion"
        journal.consigner(self.request.user, role, "telecharger_document", document)
        reponse = FileResponse(
            document.fichier.open("rb"),
            as_attachment=True,
            filename=f"{document.nature}-{document.numero}.pdf",
            content_type="application/pdf",
        )
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse
