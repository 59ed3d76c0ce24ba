"""How a child process of the workshop starts. Imports no model: Django is not ready yet when this is read."""

import django
from django.conf import settings

REGLAGES = ("ADRESSE_PUBLIQUE", "DOSSIER_CLES")


def reglages() -> dict:
    """What a document depends on: the child must print the same address and know the same keys."""
    return {nom: getattr(settings, nom) for nom in REGLAGES}


def demarrer(valeurs: dict) -> None:
    """Set Django up as the parent is."""
    django.setup()
    for nom, valeur in valeurs.items():
        setattr(settings, nom, valeur)
