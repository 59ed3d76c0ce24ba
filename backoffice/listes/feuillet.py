"""A list on paper: title, filters in clear, one row per line, page numbers; tagged, so that it can be read aloud."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from registre.documents.rendu import produire

from .ecran import EcranDeListe
from .models import Export


def composer(export: Export, ecran: EcranDeListe, objets: Iterable) -> bytes:
    """The PDF of these rows."""
    colonnes = [colonne for colonne in ecran.colonnes if colonne.imprimee]
    contexte = {
        "titre": ecran.titre,
        "site": settings.NOM_DU_SITE,
        "decompte": ecran.decompte,
        "criteres": [puce["libelle"] for puce in ecran.puces()],
        "moment": date_format(timezone.localtime(export.demande_le), r"j F Y \à G \h i"),
        "iso": timezone.localtime(export.demande_le).isoformat(timespec="seconds"),
        "auteur": str(export.proprietaire),
        "entetes": [colonne.titre for colonne in colonnes],
        "lignes": ([_texte(colonne.lire(o)) for colonne in colonnes] for o in objets),
    }
    html = render_to_string("listes/documents/liste.html", contexte)
    return produire(html, "liste.css", {}, f"export {export.pk}", pages_maximum=None)


def _texte(valeur) -> str:
    if isinstance(valeur, datetime):
        valeur = timezone.localdate(valeur)
    if isinstance(valeur, date):
        return date_format(valeur, "j N Y")
    return "" if valeur is None else str(valeur)
