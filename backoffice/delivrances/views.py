"""What is to issue, what was issued, and the documents themselves."""

from django.http import FileResponse, Http404
from django.views.generic import DetailView

from backoffice.acces import Ecran
from registre import journal
from registre.models import Parchemin


class TelechargerDocument(Ecran, DetailView):
    """Send the stored PDF, as it was written once; each download is an entry of the journal."""

    model = Parchemin
    roles = ("candidat", "certificateur", "signataire", "gestionnaire", "auditeur")

    def render_to_response(self, context, **kwargs):
        document = self.object
        if not document.sha256:
            raise Http404("Le document est en cours de fabrication\u00a0: revenez dans une minute.")
        # Opened first: what is not there has not been downloaded.
        fichier = document.fichier.open("rb")
        role = "candidat" if document.titulaire.utilisateur_id == self.request.user.pk else "gestion"
        journal.consigner(self.request.user, role, "telecharger_document", document)
        reponse = FileResponse(
            fichier,
            as_attachment=True,
            filename=f"{document.nature}-{document.numero}.pdf",
            content_type="application/pdf",
        )
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse
