"""The verbs of presence: signed by oneself or on paper, excused beforehand, gone before the end."""

from django.utils import timezone

from registre.transitions import verbe

from .composition import parcours_de
from .models import SessionJury
from .sieges import siege_de
from .workflow import AVANT_CLOTURE, SESSION


def _emargement_possible(session, acteur, donnees):
    siege = siege_de(session, acteur)
    if siege is None:
        yield "Vous ne siégez pas à cette session."
    elif siege.present_le:
        yield "Vous avez déjà émargé."
    elif session.etat == SessionJury.Etat.OUVERTE and any(p.parite_stricte for p in parcours_de(session)):
        # A late arrival would break the parity on which the jury already decided, with no way back.
        yield "La séance est ouverte : sa composition paritaire ne change plus."


@verbe(
    SESSION,
    "emarger",
    libelle="Émarger",
    roles=("jury",),
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_emargement_possible,
    principal=True,
)
def _emarger(session, acteur, donnees):
    siege = siege_de(session, acteur)
    siege.present_le = timezone.now()
    siege.save(update_fields=["present_le"])
    return {"details": {"membre": siege.pk}}


@verbe(
    SESSION,
    "retirer_emargement",
    libelle="Retirer mon émargement",
    roles=("jury",),
    etape=8,
    de=("planifiee",),
    conditions=lambda s, acteur, d: (
        [] if (siege := siege_de(s, acteur)) and siege.present_le else ["Vous n’avez pas émargé."]
    ),
    danger=True,
    aide="Quand un collège est plus nombreux que l’autre, un membre se retire pour rétablir la parité.",
)
def _retirer_emargement(session, acteur, donnees):
    siege = siege_de(session, acteur)
    siege.present_le = None
    siege.save(update_fields=["present_le"])
    return {"details": {"membre": siege.pk}}
