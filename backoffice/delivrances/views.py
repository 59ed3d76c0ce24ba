"""What is to issue, what was issued, and the documents themselves."""

from django.http import FileResponse, Http404
from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.remises.envois import noter_telechargement
from registre import journal
from registre.models import Duplicata, Parchemin


class _Telecharger(Ecran, DetailView):
    """Send a stored PDF, as it was written once; each download is an entry of the journal of its document."""

    roles = ("candidat", "certificateur", "signataire", "gestionnaire", "auditeur")

    def document(self) -> Parchemin:
        return self.object

    def nom(self) -> str:
        return f"{self.object.nature}-{self.object.numero}.pdf"

    def render_to_response(self, context, **kwargs):
        document = self.document()
        if not self.object.sha256:
            raise Http404("Le document est en cours de fabrication\u00a0: revenez dans une minute.")
        # Opened first: what is not there has not been downloaded.
        fichier = self.object.fichier.open("rb")
        role = "candidat" if document.titulaire.utilisateur_id == self.request.user.pk else "gestion"
        journal.consigner(self.request.user, role, "telecharger_document", document)
        if role == "candidat":
            noter_telechargement(document, self.request.user)
        reponse = FileResponse(fichier, as_attachment=True, filename=self.nom(), content_type="application/pdf")
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["Cache-Control"] = "no-store, private"
        return reponse


class TelechargerDocument(_Telecharger):
    """The document itself."""

    model = Parchemin


class TelechargerDuplicata(_Telecharger):
    """One of its duplicatas."""

    model = Duplicata

    def document(self) -> Parchemin:
        return self.object.parchemin

    def nom(self) -> str:
        return f"{self.document().nature}-{self.document().numero}-duplicata-{self.object.rang}.pdf"
