"""The check that needs no network: a page, the same page in one file, and the program, to be kept beforehand."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from registre import cles

from . import hors_ligne

_STYLE = """<style>
body{font:1.1rem/1.5 system-ui,sans-serif;color:#14213a;background:#fdfcf9;margin:0}
main{max-width:40rem;margin:0 auto;padding:1rem}
label{display:block;font-weight:600}
input,textarea{font:inherit;box-sizing:border-box;width:100%;padding:.5rem;border:1px solid #5a6475;border-radius:4px}
button{font:inherit;font-weight:600;padding:.7rem 1.4rem;border:0;border-radius:4px;background:#14213a;color:#fff}
:focus-visible{outline:3px solid #8a4b0f;outline-offset:2px}
.alerte{border-left:6px solid #1d6b3a;padding:.2rem 1rem;background:#eef5ef}
.alerte-refus{border-color:#9b1c1c;background:#f9eeee}
</style>"""


def _cles() -> dict:
    return {"keys": [cle.jwk() for cle in cles.publiques().values()]}


@require_safe
def page(request):
    """Check in the browser, from the page as it was loaded."""
    return render(request, "verification/hors_ligne.html", {"cles": _cles()})


@cache
def _script() -> str:
    # Ours, packaged, and closed by nothing: it may stand inside the file.
    texte = Path(finders.find("js/hors_ligne.js")).read_text(encoding="utf-8")
    return mark_safe(f"<script>\n{texte}</script>")  # noqa: S308


def _a_garder(octets, genre: str, nom: str) -> HttpResponse:
    # An attachment: its inline script runs from the disk of who keeps it, never in our origin.
    reponse = HttpResponse(octets, content_type=genre)
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse.headers["Cache-Control"] = "public, max-age=300"
    return reponse


@require_safe
def fichier(request):
    """Give the page in one file, with today's keys inside."""
    contexte = {
        "cles": _cles(),
        "script": _script(),
        "feuille": mark_safe(_STYLE),  # noqa: S308 - written above
        "nom_du_site": settings.NOM_DU_SITE,
        "fait_le": timezone.localdate(),
    }
    return _a_garder(
        render_to_string("verification/hors_ligne_fichier.html", contexte),
        "text/html; charset=utf-8",
        "verifier-sans-connexion.html",
    )


@require_safe
def programme(request):
    """Give the verifier as a program of one file."""
    return _a_garder(Path(hors_ligne.__file__).read_bytes(), "text/x-python; charset=utf-8", "hors_ligne.py")
