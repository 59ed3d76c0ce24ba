"""The sheet of a CQP to print or to hand over: the facts of its page on paper, with a code that leads back to it."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string

from home.catalogue import adresse
from home.fiche import FicheCQP
from registre.documents import codes_qr

FEUILLE = "fiche_cqp.css"
DUREE = 7 * 24 * 3600


def fiche_en_pdf(fiche: FicheCQP) -> bytes:
    """The PDF; drawn once for the same words on the same day, whoever asks."""
    lien = f"{settings.ADRESSE_PUBLIQUE}{adresse(fiche.certification)}"
    page = render_to_string("home/fiche_pdf.html", {"fiche": fiche, "lien": lien})
    empreinte = hashlib.sha256(page.encode()).hexdigest()
    contenu = cache.get(f"fiche-pdf-{empreinte}")
    if contenu is None:
        # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
        from registre.documents import rendu

        dessins = {"qr": codes_qr.dessiner_lien(lien).svg}
        contenu = rendu.produire(page, FEUILLE, dessins, f"fiche {empreinte}", pages_maximum=None)
        cache.set(f"fiche-pdf-{empreinte}", contenu, DUREE)
    return contenu
