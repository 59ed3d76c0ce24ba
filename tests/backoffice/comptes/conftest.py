"""People with one role each, and a password that the policy accepts."""

import pytest

from backoffice.comptes.models import Role, Utilisateur
from registre.models import Organisme

MOT_DE_PASSE = "quatre chevaux sur la lande"


@pytest.fixture
def organisme(db):
    return Organisme.objects.create(raison_sociale="Union des métiers d’essai")


@pytest.fixture
def ouvrir_compte(organisme):
    """Return a function that opens the account of a person with this role."""

    def ouvrir(role, courriel="claire.martin@example.org", **dates):
        personne = Utilisateur.objects.create_user(courriel, MOT_DE_PASSE, prenom="Claire", nom="Martin")
        Role.objects.create(utilisateur=personne, nom=role, organisme=organisme, **dates)
        return personne

    return ouvrir


@pytest.fixture
def gestionnaire(ouvrir_compte):
    return ouvrir_compte("gestionnaire")


@pytest.fixture
def employeur(ouvrir_compte):
    return ouvrir_compte("employeur", "paul.durand@example.org")
