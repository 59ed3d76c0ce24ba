"""The public page where anybody reports a document: no account, no cookie, no third party."""

from backoffice.depots import Depot
from backoffice.depots import Recu as RecuDeDepot

from .forms import SignalementForm
from .workflow import recevoir


class Signaler(Depot):
    """What was seen; the answer is the same whatever is known of the document."""

    formulaire = SignalementForm
    template_name = "signalements/signaler.html"
    recu = "signaler_recu"
    portee = "signalement"

    def recevoir(self, form):
        signalement = form.instance
        if sain := form.cleaned_data["photo"]:
            signalement.photo, signalement.type_mime = sain.fichier(), sain.type_mime
        recevoir(signalement)


class Recu(RecuDeDepot):
    template_name = "signalements/recu.html"
