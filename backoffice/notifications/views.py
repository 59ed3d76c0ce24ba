"""One's own notifications, and what one wants to receive by mail."""

from itertools import groupby

from django.apps import apps
from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View
from django.views.generic import ListView

from backoffice.acces import TOUS, Ecran
from registre.models import Notification, PreferenceNotification

from .catalogue import COURRIELS

NON_LUES_DABORD = ExpressionWrapper(Q(lue_le__isnull=False), output_field=BooleanField()).asc()


def nommer_les_objets(notifications: list[Notification]) -> None:
    """Give each its `reference`: that of the object whose act it tells, for the models that have one (a dossier)."""
    references, causes = {}, {n.cause.objet_type: apps.get_model(n.cause.objet_type) for n in notifications}
    for genre, modele in causes.items():
        if any(champ.name == "reference" for champ in modele._meta.fields):
            siens = [n.cause.objet_id for n in notifications if n.cause.objet_type == genre]
            lues = modele.objects.filter(pk__in=siens).values_list("pk", "reference")
            references |= {(genre, pk): reference for pk, reference in lues}
    for n in notifications:
        n.reference = references.get((n.cause.objet_type, n.cause.objet_id), "")


class Centre(Ecran, ListView):
    """What one was told: unread first, then by day; read, unread, all read, one POST each."""

    roles = TOUS
    model = Notification
    paginate_by = 30
    template_name = "notifications/centre.html"

    def get_queryset(self):
        return super().get_queryset().select_related("cause").order_by(NON_LUES_DABORD, "-cree_le", "-pk")

    def get_context_data(self, **kwargs):
        contexte = super().get_context_data(**kwargs)
        lignes = list(contexte["page_obj"])
        nommer_les_objets(lignes)
        lues = [n for n in lignes if n.lue_le]
        groupes = [("Non lues", [n for n in lignes if not n.lue_le])] if len(lues) < len(lignes) else []
        groupes += [(jour, list(siennes)) for jour, siennes in groupby(lues, lambda n: timezone.localdate(n.cree_le))]
        return contexte | {"groupes": groupes, "non_lues": self.get_queryset().non_lues().count()}

    def post(self, request):
        geste, siennes = request.POST.get("geste", ""), self.get_queryset()
        if geste == "tout_lire":
            siennes.non_lues().update(lue_le=timezone.now())
            return redirect("notifications:centre")
        numero = request.POST.get("notification", "")
        notification = get_object_or_404(siennes, pk=numero if numero.isdecimal() else 0)
        if geste == "non_lue":
            siennes.filter(pk=notification.pk).update(lue_le=None)
        else:
            siennes.filter(pk=notification.pk, lue_le=None).update(lue_le=timezone.now())
        if geste == "ouvrir" and notification.lien:
            return redirect(notification.lien)
        return redirect("notifications:centre")


class Preferences(Ecran, View):
    """One line per kind of message that one may prefer to read here only; the others always go by mail too."""

    roles = TOUS

    def get(self, request):
        sans = PreferenceNotification.objects.filter(utilisateur=request.user, par_courriel=False)
        sans = set(sans.values_list("modele", flat=True))
        lignes = [{"courriel": c, "coche": c.code not in sans} for c in self._au_choix()]
        return render(request, "notifications/preferences.html", {"lignes": lignes})

    def post(self, request):
        voulus = set(request.POST.getlist("courriel"))
        for declare in self._au_choix():
            PreferenceNotification.objects.update_or_create(
                utilisateur=request.user, modele=declare.code, defaults={"par_courriel": declare.code in voulus}
            )
        messages.success(request, "Vos préférences sont enregistrées.")
        return redirect("notifications:preferences")

    def _au_choix(self) -> list:
        """The kinds of message that the roles of this person leave to their choice."""
        return [c for c in COURRIELS.values() if c.facultatif and self.request.user.a_role(*c.facultatif_pour)]
