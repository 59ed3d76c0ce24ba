"""The page that anybody writes from, and one message, for those who answer it."""

from django.views.generic import DetailView

from backoffice.acces import Ecran
from backoffice.actes import actes_possibles
from backoffice.depots import Depot
from backoffice.depots import Recu as RecuDeDepot
from registre.transitions import verbes_de

from .forms import MessageForm
from .models import Message
from .workflow import recevoir


class UnMessage(Ecran, DetailView):
    """What is asked, by whom, and what may be done."""

    roles = ("gestionnaire", "certificateur", "auditeur")
    model = Message
    template_name = "contacts/message.html"
    context_object_name = "message"

    def get_queryset(self):
        return super().get_queryset().select_related("certification__porteur", "clos_par")

    def get_context_data(self, **kwargs):
        actes = actes_possibles(self.object, self.request.user, verbes_de(self.object))
        return super().get_context_data(actes=actes, **kwargs)


class Ecrire(Depot):
    """The form; the page of a CQP leads here with its slug."""

    formulaire = MessageForm
    template_name = "contacts/ecrire.html"
    recu = "nous_ecrire_recu"
    portee = "message"

    def initial(self):
        slug = self.request.GET.get("cqp", "")[:100]
        return {"certification": slug, "sujet": Message.Sujet.CQP} if slug else {}

    def recevoir(self, form):
        recevoir(form.instance)


class Recu(RecuDeDepot):
    template_name = "contacts/recu.html"
