"""The ways out of a dossier before its end: the draft thrown away, the candidature given up."""

from registre.transitions import verbe

from .forms import MotifForm
from .models import Etat
from .workflow import MODELE, REDACTEURS

OUVERTS = (
    Etat.INCOMPLETE,
    Etat.DEPOSEE,
    Etat.RECEVABLE,
    Etat.EN_EVALUATION,
    Etat.EVALUEE,
    Etat.AJOURNEE,
)


@verbe(
    MODELE,
    "abandonner",
    libelle="Abandonner la candidature",
    par_lot=True,
    roles=("employeur", "gestionnaire", "candidat"),
    etape=10,
    de=OUVERTS,
    vers=(Etat.ABANDONNEE,),
    formulaire=MotifForm,
    danger=True,
)
def _abandonner(candidature, acteur, donnees):
    return {}


@verbe(
    MODELE,
    "annuler",
    libelle="Supprimer le brouillon",
    par_lot=True,
    roles=REDACTEURS,
    etape=2,
    de=(Etat.BROUILLON,),
    vers=(Etat.ANNULEE,),
    danger=True,
    aide="Le dossier disparaît des listes ; sa référence n’est pas réutilisée.",
)
def _annuler(candidature, acteur, donnees):
    return {}
