"""What anybody may send without an account: the public page that takes it in, and the visitor who sends it.

The page sets no cookie. It is exempt from the token against forgery: whoever could have a visitor send this form could
as well send it themselves, and the token would need a cookie. A hidden field, the time of reading and a count per
address do the rest (see `automates.py`).
"""

from allauth.core.internal import ratelimit
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt


class Passant:
    """A visitor: no account, one object in hand, not stored yet."""

    pk = None
    is_authenticated = False

    def roles_en_passant(self, objet) -> set[str]:
        return {"passant"} if objet.pk is None else set()


def roles_sur(objet, utilisateur, roles: tuple[str, ...]) -> set[str]:
    """The roles this person holds on what was sent; a visitor, on the one that they are writing."""
    if hasattr(utilisateur, "roles_en_passant"):
        return utilisateur.roles_en_passant(objet)
    if not getattr(utilisateur, "is_authenticated", False):
        return set()
    return {nom for nom in roles if utilisateur.a_role(nom)}


class PageSansTrace(View):
    """Out of search engines, caches, and of the Referer of what is opened next."""

    def dispatch(self, request, *args, **kwargs):
        reponse = super().dispatch(request, *args, **kwargs)
        reponse.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        reponse.headers["Referrer-Policy"] = "no-referrer"
        return reponse


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class Depot(PageSansTrace):
    """The form, and the same answer to every sending. `portee`: what the count per address is kept under."""

    formulaire = None
    template_name = ""
    recu = ""
    portee = ""
    # Per address of origin: somebody writes several times, nobody a hundred.
    tolerance = "10/h/ip"

    def initial(self) -> dict:
        return {}

    def recevoir(self, form) -> None:
        raise NotImplementedError

    def get(self, request):
        return self._page(self.formulaire(initial=self.initial() | {"ouverte": self.formulaire.ouverture()}))

    def post(self, request):
        frein = {self.portee: self.tolerance}
        if not ratelimit.consume(request, app="backoffice.depots", action=self.portee, config=frein):
            return ratelimit.respond_429(request)
        form = self.formulaire(request.POST, request.FILES)
        if not form.is_valid():
            form.rouvrir()
            return self._page(form, 422)
        if not form.vient_d_un_automate():
            self.recevoir(form)
        return redirect(self.recu)

    def _page(self, form, statut=200):
        return render(self.request, self.template_name, {"form": form}, status=statut)


@method_decorator(never_cache, name="dispatch")
class Recu(PageSansTrace):
    """The one answer to every sending."""

    template_name = ""

    def get(self, request):
        return render(request, self.template_name)
