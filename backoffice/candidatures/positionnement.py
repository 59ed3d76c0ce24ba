"""The verb of step 4: the blocs aimed at."""

from django.db.models import Q
from django.utils import timezone

from registre.transitions import verbe

from .forms import PositionnementForm
from .models import Etat
from .recevabilite import sans_evaluateur
from .workflow import MODELE


def _blocs_de_la_version(candidature, acteur, donnees):
    if not candidature.parcours.positionnement_actif:
        yield "Ce parcours n’a pas d’étape de positionnement."
    if any(b.version_id != candidature.version_id for b in donnees.get("blocs_vises", ())):
        yield "Un des blocs choisis n’appartient pas à la certification visée."


@verbe(
    MODELE,
    "positionner",
    libelle="Fixer les blocs visés",
    roles=("gestionnaire",),
    etape=4,
    de=(Etat.RECEVABLE,),
    conditions=lambda c, a, d: [*_blocs_de_la_version(c, a, d), *sans_evaluateur(c, a, d)],
    formulaire=PositionnementForm,
    principal=True,
    attendu=Q(parcours__positionnement_actif=True, positionnee_le=None),
    attente="Le porteur fixe les blocs visés",
)
def _positionner(candidature, acteur, donnees):
    candidature.positionnee_le = timezone.now()
    candidature.blocs_vises.set(donnees["blocs_vises"])
    return {"details": {"blocs": sorted(b.pk for b in donnees["blocs_vises"])}}
