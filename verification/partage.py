"""What a holder chose to show: a link without account, whose key opens a few mentions and the live status.

Unknown, revoked and past links give one answer, at one cost. Nothing is said that the holder did not tick.
"""

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from registre import comptages
from registre.documents import phrases
from registre.models import Partage

from . import limites, verdicts
from .constat import Constat, a_montrer, constater, lire_jeton
from .reponses import sans_trace, trop

Champ = Partage.Champ
# What every link says: which certification, by whom. Then, mention by mention, the choice that shows it.
TOUJOURS = {"Document", "Certification visée", "Option", "Fiche", "Délivré par", *phrases.TITRES.values()}
AU_CHOIX = {"Titulaire": Champ.NOM, "Nom d’usage": Champ.NOM, "Délivré le": Champ.DATE, "Numéro": Champ.NUMERO}


@require_safe
@sans_trace
def page(request, jeton):
    """The mentions that the holder ticked, as the register holds them today."""
    if limites.depassee(request, "partage"):
        return trop(request)
    partage = Partage.objects.du_jeton(jeton)
    if partage is None:
        return render(request, "verification/partage_clos.html", status=404)
    if request.method == "GET":
        comptages.noter_ouverture(partage.pk)
    constat = _constat(partage)
    contexte = {
        "partage": partage,
        "jeton": jeton,
        "verdict": verdicts.texte(constat),
        "faits": _faits(partage, constat),
        "blocs": _blocs(partage, constat),
        "fichier": _donne_le_fichier(partage, constat),
        "controle_le": timezone.now(),
    }
    return render(request, "verification/partage.html", contexte)


@require_safe
@sans_trace
def fichier(request, jeton):
    """The PDF, when the holder ticked it and the document still holds."""
    if limites.depassee(request, "partage"):
        return trop(request)
    partage = Partage.objects.du_jeton(jeton)
    if partage is None or not _donne_le_fichier(partage, _constat(partage)):
        return render(request, "verification/partage_clos.html", status=404)
    document = partage.parchemin
    try:
        contenu = document.fichier.open("rb")
    except FileNotFoundError:
        raise Http404("Ce fichier est absent du rangement.") from None
    nom = f"{document.nature}-{document.numero}.pdf"
    reponse = FileResponse(contenu, as_attachment=True, filename=nom, content_type="application/pdf")
    reponse.headers["Content-Security-Policy"] = "sandbox"
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    return reponse


def _constat(partage: Partage) -> Constat:
    """What a check of the document says now: its key may have been revoked since the link was made."""
    lu = lire_jeton(partage.parchemin.jeton)
    return lu if isinstance(lu, Constat) else constater(lu)


def _donne_le_fichier(partage: Partage, constat: Constat) -> bool:
    document = partage.parchemin
    tient = constat.parchemin is not None and document.annule_le is None
    return Champ.PDF in partage.champs and bool(document.sha256) and tient


def _faits(partage: Partage, constat: Constat) -> list[dict]:
    """The mentions of the verification page, less those that were not ticked."""
    if constat.parchemin is None:
        return []
    return [
        fait
        for fait in a_montrer(constat.parchemin)
        if fait["libelle"] in TOUJOURS or AU_CHOIX.get(fait["libelle"]) in partage.champs
    ]


def _blocs(partage: Partage, constat: Constat) -> list[str]:
    document = constat.parchemin
    if document is None or Champ.BLOCS not in partage.champs:
        return []
    return [
        phrases.typographie(bloc["libelle"]) + _validite(bloc["valide_jusqu_au"] if document.est_partiel else "")
        for bloc in document.enregistrement["blocs"]
        if bloc["acquis"]
    ]


def _validite(jour: str) -> str:
    return f", valable jusqu’au {phrases.date_francaise(jour)}" if jour else ""
