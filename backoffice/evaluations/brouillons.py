"""Typing kept on the server as it goes: never older over newer, never twice, never more than the form asks."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from .models import BrouillonGrille, Evaluation

# A grid of a hundred compétences with full comments stays far below.
CARACTERES_MAXIMUM = 200_000


class VersionDepassee(Exception):
    """Something newer is already kept: it stays; `brouillon` is what is there."""

    def __init__(self, brouillon: BrouillonGrille):
        super().__init__("version dépassée")
        self.brouillon = brouillon


def phrase_de_conflit(brouillon: BrouillonGrille) -> str:
    """What to tell a person whose page is older than what is kept."""
    quand = timezone.localtime(brouillon.modifie_le)
    return (
        f"Cette grille a été modifiée le {date_format(quand, 'j F')} à {date_format(quand, 'G')}\u00a0h\u00a0"
        f"{date_format(quand, 'i')}, dans un autre onglet ou sur un autre appareil. Rien n’a été écrasé\u00a0: "
        "rechargez la page pour repartir de cette version."
    )


def conflit_de_version(evaluation: Evaluation, source: str, version: int | None) -> Iterator[str]:
    """Refuse to record a page opened before what is now kept."""
    brouillon = BrouillonGrille.objects.filter(evaluation=evaluation, source=source).first()
    if version is not None and brouillon and brouillon.version != version:
        yield phrase_de_conflit(brouillon)


def garder(evaluation: Evaluation, source: str, contenu: dict[str, str], version: int, cle: str) -> BrouillonGrille:
    """Keep what is being typed. The same `cle` again changes nothing; returns the draft as it now stands.

    Raises:
        VersionDepassee: this page began from an older version than the one kept.
    """
    with transaction.atomic():
        Evaluation.objects.select_for_update().get(pk=evaluation.pk)
        brouillon, _ = BrouillonGrille.objects.get_or_create(evaluation=evaluation, source=source)
        if cle and brouillon.cle == cle:
            return brouillon
        if brouillon.version != version:
            raise VersionDepassee(brouillon)
        brouillon.contenu, brouillon.cle, brouillon.version = contenu, cle, version + 1
        brouillon.modifie_le = timezone.now()
        brouillon.save()
    return brouillon


def vider(evaluation: Evaluation, source: str) -> None:
    """What was typed is recorded: the draft is empty, and pages opened before are older than it."""
    brouillon, _ = BrouillonGrille.objects.get_or_create(evaluation=evaluation, source=source)
    brouillon.contenu, brouillon.cle, brouillon.version = {}, "", brouillon.version + 1
    brouillon.modifie_le = timezone.now()
    brouillon.save()
