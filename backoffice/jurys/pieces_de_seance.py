"""The papers signed by hand: joined to the session by whoever holds the pen; they are never changed."""

from django.utils import timezone

from registre.transitions import Refus, verbe

from .forms_pieces import PieceDeSeanceForm
from .models import PieceDeSeance, SessionJury
from .presence import PLUMES
from .workflow import SESSION

# A session that was called off keeps what it has.
AVEC_PAPIERS = tuple(etat for etat in SessionJury.Etat.values if etat != SessionJury.Etat.ANNULEE)
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


def _piece_possible(session, acteur, donnees):
    fichier = donnees.get("fichier")
    if fichier and session.pieces.filter(sha256=fichier.sha256).exists():
        yield "Ce fichier est déjà joint à la session."
    inscription = donnees.get("inscription")
    if inscription and (inscription.session_id != session.pk or inscription.retiree_le):
        yield "Ce dossier n’est pas inscrit à cette session."


@verbe(
    SESSION,
    "joindre_piece_de_seance",
    libelle="Joindre une feuille signée",
    roles=PLUMES,
    etape=8,
    de=AVEC_PAPIERS,
    conditions=_piece_possible,
    formulaire=PieceDeSeanceForm,
    aide="La feuille d’émargement ou de décision signée à la main, numérisée ou photographiée, pour toute la "
    "session ou pour un dossier. Elle est gardée avec le procès-verbal.",
)
def _joindre_piece_de_seance(session, acteur, donnees):
    # Asked before the form is filled, the conditions find nothing to say: an empty sending is refused here.
    if not (donnees.get("fichier") and donnees.get("nature")):
        raise Refus("Dites quelle feuille vous joignez, et choisissez son fichier.")
    sain = donnees["fichier"]
    piece = PieceDeSeance.objects.create(
        session=session,
        inscription=donnees.get("inscription"),
        nature=donnees["nature"],
        fichier=sain.fichier(),
        nom=sain.nom[:150],
        sha256=sain.sha256,
        deposee_par=acteur,
        deposee_le=timezone.now(),
    )
    dossier = {"inscription": piece.inscription_id} if piece.inscription_id else {}
    return {"details": {"piece": piece.pk, "nature": piece.nature, "sha256": piece.sha256, **dossier}}
