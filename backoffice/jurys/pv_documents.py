"""The minutes on paper: one PDF, made once from the frozen text, kept with its hash; drafts are made on demand."""

import hashlib
import logging
import secrets
import textwrap
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from registre.models import Feuille
from registre.quotidien import quotidienne
from registre.transparence import journal_public

from .lecture_pv import lire_contenu, lire_rectificatif, signatures_de
from .models import ProcesVerbal, SessionJury
from .pv_contenu import contenu_du_pv
from .signatures import places_de

trace = logging.getLogger(__name__)


def dessiner(pv: ProcesVerbal) -> bytes:
    """The PDF of a text that is settled: the same row gives the same bytes."""
    return _imprimer(
        "documents/rectificatif.html" if pv.rang else "documents/pv.html",
        f"PV {pv.numero} {pv.empreinte}",
        pv=lire_rectificatif(pv) if pv.rang else lire_contenu(pv.contenu),
        projet=pv.scelle_le is None,
        signatures=signatures_de(pv),
        scelle_le=pv.scelle_le,
        empreinte=textwrap.wrap(pv.empreinte, 8),
        fige_le=timezone.localtime(pv.scelle_le or pv.arrete_le).isoformat(timespec="seconds"),
    )


def dessiner_projet(session: SessionJury) -> bytes:
    """What the minutes would say now, marked as a draft."""
    numero = session.pv.numero if session.pv else ""
    contenu = contenu_du_pv(session, numero)
    return _imprimer(
        "documents/pv.html",
        f"projet de PV {session.pk}",
        pv=lire_contenu(contenu),
        projet=True,
        signatures=[{"place": p, "signature": None, "nom": ""} for p in places_de(session, None)],
        scelle_le=None,
        empreinte=[],
        fige_le=timezone.localtime().isoformat(timespec="seconds"),
    )


def _imprimer(gabarit: str, identifiant: str, **contexte) -> bytes:
    # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
    from registre.documents import rendu

    page = render_to_string(gabarit, contexte)
    return rendu.produire(page, "jury.css", {}, identifiant, pages_maximum=None)


@task()
def fabriquer_pv(pk: int) -> None:
    """Render sealed minutes and store them, once, with a leaf in the public log. A file that is there stays."""
    with transaction.atomic():
        pv = ProcesVerbal.objects.select_for_update().get(pk=pk)
        if pv.sha256 or pv.scelle_le is None:
            return
        octets = dessiner(pv)
        pv.sel, pv.sha256 = secrets.token_hex(32), hashlib.sha256(octets).hexdigest()
        nom = f"pv/{pv.scelle_le.year}/{secrets.token_hex(16)}.pdf"
        pv.fichier.save(nom, ContentFile(octets), save=False)
        pv.save(update_fields=["fichier", "sha256", "sel"])
        engage = journal_public.engagement(pv.sel, pv.contenu, pv.sha256)
        journal_public.inscrire(Feuille.Evenement.PV, engage, timezone.localdate(pv.scelle_le))
    trace.info("procès-verbal %s fabriqué", pk)


@quotidienne("Reprend les PV scellés dont le document n’a pas été fabriqué")
def reprendre_les_pv() -> str:
    """A worker that stopped, a disk that was full: the sealing asked for the document once, this asks again."""
    manquants = ProcesVerbal.objects.filter(scelle_le__lt=timezone.now() - timedelta(minutes=10), sha256="")
    repris = list(manquants.values_list("pk", flat=True))
    for pk in repris:
        fabriquer_pv.enqueue(pk)
    return f"{len(repris)} document{'s' if len(repris) > 1 else ''} de PV à refaire."
