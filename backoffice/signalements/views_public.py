"""The public page where anybody reports a document: no account, no cookie, no third party."""

from allauth.core.internal import ratelimit
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from .forms import SignalementForm
from .workflow import recevoir

# Per address of origin: somebody who checks many papers reports several, nobody a hundred.
TOLERANCE = {"signalement": "10/h/ip"}


class _Publique(View):
    """Out of search engines, caches, and of the Referer of what is opened next."""

    def dispatch(self, request, *args, **kwargs):
        reponse = super().dispatch(request, *args, **kwargs)
        reponse.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        reponse.headers["Referrer-Policy"] = "no-referrer"
        return reponse


# Exempt: whoever could have a visitor send this form could as well send it themselves, and the token against forgery
# would need a cookie on pages that set none. A hidden field, the time of reading and a count per address do the rest.
@method_decorator([never_cache, csrf_exempt], name="dispatch")
class Signaler(_Publique):
    """What was seen; the answer is the same whatever is known of the document."""

    def get(self, request):
        return self._page(SignalementForm(initial={"ouverte": SignalementForm.ouverture()}))

    def post(self, request):
        if not ratelimit.consume(request, app="backoffice.signalements", action="signalement", config=TOLERANCE):
            return ratelimit.respond_429(request)
        form = SignalementForm(request.POST, request.FILES)
        if not form.is_valid():
            form.rouvrir()
            return self._page(form, 422)
        if not form.vient_d_un_automate():
            signalement = form.instance
            if sain := form.cleaned_data["photo"]:
                signalement.photo, signalement.type_mime = sain.fichier(), sain.type_mime
            recevoir(signalement)
        return redirect("signaler_recu")

    def _page(self, form, statut=200):
        return render(self.request, "signalements/signaler.html", {"form": form}, status=statut)


@method_decorator(never_cache, name="dispatch")
class Recu(_Publique):
    """The one answer to every report."""

    def get(self, request):
        return render(request, "signalements/recu.html")
