"""The verbs of step 3: the porteur says whether the dossier may be evaluated, and may come back on it."""

from django.db.models import Q
from django.utils import timezone

from backoffice.comptes.ouverture import ouvrir_compte_candidat
from backoffice.courriels import composer
from registre.transitions import verbe

from .forms import MotifForm
from .models import Etat
from .workflow import MODELE, a_l_employeur, dossier_complet, sans_jumelle


@verbe(
    MODELE,
    "declarer_recevable",
    libelle="Déclarer recevable",
    par_lot=True,
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    vers=(Etat.RECEVABLE,),
    conditions=dossier_complet,
    courriels=lambda c, acteur, donnees, resultat: [
        *a_l_employeur("candidature_recevable")(c, acteur, donnees, resultat),
        composer("candidat_recevable", c.titulaire.courriel, candidature=c, compte=c.titulaire.utilisateur_id),
    ],
    principal=True,
    attendu=Q(),
    attente="Le porteur examine la recevabilité",
)
def _declarer_recevable(candidature, acteur, donnees):
    candidature.recevable_le = timezone.now()
    ouvrir_compte_candidat(candidature.titulaire)
    return {}


@verbe(
    MODELE,
    "declarer_incomplete",
    libelle="Demander des compléments",
    par_lot=True,
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    vers=(Etat.INCOMPLETE,),
    formulaire=MotifForm,
    courriels=a_l_employeur("candidature_incomplete"),
)
def _declarer_incomplete(candidature, acteur, donnees):
    return {}


@verbe(
    MODELE,
    "declarer_irrecevable",
    libelle="Déclarer non recevable",
    par_lot=True,
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    vers=(Etat.IRRECEVABLE,),
    formulaire=MotifForm,
    courriels=a_l_employeur("candidature_irrecevable"),
    danger=True,
)
def _declarer_irrecevable(candidature, acteur, donnees):
    return {}


def sans_evaluateur(candidature, acteur, donnees):
    if getattr(candidature, "evaluation", None):
        yield "Un évaluateur est déjà confirmé : la recevabilité ne se revoit plus."


def _revision_possible(candidature, acteur, donnees):
    yield from sans_evaluateur(candidature, acteur, donnees)
    if candidature.etat == Etat.IRRECEVABLE:
        yield from sans_jumelle(candidature)


@verbe(
    MODELE,
    "revoir_recevabilite",
    libelle="Revenir sur la recevabilité",
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.RECEVABLE, Etat.IRRECEVABLE),
    vers=(Etat.DEPOSEE,),
    conditions=_revision_possible,
    formulaire=MotifForm,
)
def _revoir_recevabilite(candidature, acteur, donnees):
    candidature.recevable_le = None
    return {}
