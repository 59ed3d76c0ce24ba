"""The public log as files (C2SP tlog-tiles), the place where witnesses cosign, and the page that explains it."""

import textwrap

from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from registre import jetons
from registre.models import Feuille, PointDeControle
from registre.transparence import journal_public, notes, tuiles

from . import limites
from .constat import lire_jeton
from .reponses import sans_trace, trop

TEXTE = "text/plain; charset=utf-8"
# A full tile never changes: kept for ever. A checkpoint and a partial tile are replaced.
IMMUABLE, BREF = "public, max-age=31536000, immutable", "public, max-age=60"
_COSIGNATURE_MAXIMALE = 4096


def _fichier(octets, genre: str, cache: str) -> HttpResponse:
    reponse = HttpResponse(octets, content_type=genre)
    reponse.headers["Cache-Control"] = cache
    reponse.headers["Access-Control-Allow-Origin"] = "*"
    return reponse


def _point() -> PointDeControle:
    point = journal_public.dernier_point()
    if point is None:
        raise Http404("Le journal public n’a pas encore de point de contrôle.")
    return point


@require_safe
def point_de_controle(request):
    """Serve the last checkpoint, with the cosignatures of the witnesses."""
    return _fichier(journal_public.note_complete(_point()), TEXTE, BREF)


def _largeur(niveau: int, rang: str, partie: str | None) -> tuple[int, int, int]:
    """Return (rank, width asked for, size of the log) of a tile that the last checkpoint covers; 404 otherwise."""
    taille = _point().taille
    try:
        numero = tuiles.lire_rang(rang)
    except ValueError:
        raise Http404 from None
    presents = tuiles.largeur(niveau, numero, taille)
    voulus = int(partie) if partie else tuiles.LARGEUR
    if not 0 < voulus <= presents or (partie and voulus == tuiles.LARGEUR):
        raise Http404
    return numero, voulus, taille


@require_safe
def tuile(request, niveau, rang, partie=None):
    """Serve one tile of hashes, whole or as far as it was once published."""
    niveau = int(niveau)
    numero, voulus, taille = _largeur(niveau, rang, partie)
    octets = journal_public.tuile(niveau, numero, taille)[: voulus * tuiles.TAILLE_DE_HACHAGE]
    return _fichier(octets, "application/octet-stream", IMMUABLE)


@require_safe
def entrees(request, rang, partie=None):
    """Serve a bundle of leaves: what was hashed, which names nobody."""
    numero, voulus, _ = _largeur(0, rang, partie)
    debut = numero * tuiles.LARGEUR
    feuilles = Feuille.objects.filter(rang__gte=debut, rang__lt=debut + voulus).order_by("rang")
    return _fichier(tuiles.lier_entrees([f.entree for f in feuilles]), "application/octet-stream", IMMUABLE)


# Exempt: a program posts here, without session; its signature is what is checked.
@csrf_exempt
@require_POST
def cosignature(request):
    """Receive the cosignature of a witness."""
    if limites.depassee(request, "saisie"):
        return trop(request)
    try:
        longueur = int(request.META.get("CONTENT_LENGTH") or 0)
        if longueur > _COSIGNATURE_MAXIMALE:
            raise notes.NoteFausse("cette cosignature est trop longue")
        journal_public.recevoir_cosignature(request.body.decode("utf-8"))
    except (notes.NoteFausse, UnicodeDecodeError, ValueError) as refus:
        return HttpResponseBadRequest(f"Cosignature refusée\u00a0: {refus}.\n", content_type=TEXTE)
    return HttpResponse("Cosignature reçue.\n", content_type=TEXTE)


@require_safe
@sans_trace
def preuve(request, jeton):
    """Serve the proof that a document is in the log, to who holds its token."""
    lecture = lire_jeton(jeton.upper())
    if not isinstance(lecture, jetons.Jeton):
        raise Http404
    if limites.depassee(request, "jeton"):
        return trop(request)
    feuille = get_object_or_404(
        Feuille, parchemin__identifiant=lecture.identifiant, evenement=Feuille.Evenement.EMISSION
    )
    texte = journal_public.preuve(feuille)
    if texte is None:
        raise Http404("Ce document sera prouvé au prochain point de contrôle.")
    reponse = HttpResponse(texte, content_type=TEXTE)
    reponse.headers["Content-Disposition"] = f'attachment; filename="preuve-{feuille.rang}.txt"'
    return reponse


@require_safe
def page(request):
    """Explain the log, and show where it stands."""
    point = journal_public.dernier_point()
    dernieres = Feuille.objects.filter(rang__lt=point.taille).order_by(F("rang").desc())[:20] if point else []
    vues = {c.temoin: c.vue_le for c in point.cosignatures.all()} if point else {}
    temoins = [{"nom": v.nom, "vu_le": vues.get(v.nom)} for v in journal_public.temoins()]
    contexte = {
        "point": point,
        "feuilles": dernieres,
        # In pieces: 64 characters without a break would overflow a phone.
        "racine": textwrap.wrap(point.racine, 8) if point else [],
        "temoins": temoins,
        "cosignes": sum(t["vu_le"] is not None for t in temoins),
    }
    return render(request, "verification/journal.html", contexte)
