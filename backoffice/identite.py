"""Who signs proves once more who they are: the second factor of this session, or the page that asks for it."""

from datetime import UTC, datetime

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.urls import reverse
from django.utils.http import urlencode

from registre.preuves import Preuve


def preuve_de(request) -> Preuve | None:
    """The second factor that this person has just presented in this session; None when it is too old, or missing."""
    traces = [t for t in get_authentication_records(request, request.user) if t.get("method") == "mfa"]
    if not traces:
        return None
    derniere = max(traces, key=lambda t: t["at"])
    preuve = Preuve(request.user.pk, derniere.get("type", "mfa"), datetime.fromtimestamp(derniere["at"], UTC))
    return preuve if preuve.vaut_pour(request.user) else None


def confirmation(request, suite: str) -> str:
    """The page that asks for the second factor and leads back to `suite`; where one is set up, if there is none."""
    moyens = get_adapter(request).get_reauthentication_methods(request.user)
    adresse = next((m["url"] for m in moyens if m["id"].startswith("mfa")), "")
    return f"{adresse}?{urlencode({'next': suite})}" if adresse else reverse("mfa_index")
