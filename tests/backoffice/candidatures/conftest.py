"""The cast of one dossier, and a session for each person."""

import pytest
from django.test import Client

from backoffice.parcours.models import ModaliteAcces
from tests import fabriques as f
from tests.connexion import connecter


@pytest.fixture
def acteurs(db):
    return f.Acteurs()


@pytest.fixture
def chez(acteurs):
    """Return a function: the test client of a person, by role name in the cast or by account."""

    def ouvrir(qui):
        return connecter(Client(), getattr(acteurs, qui) if isinstance(qui, str) else qui)

    return ouvrir


@pytest.fixture
def saisie(acteurs):
    """What an employer types to open a dossier."""
    return {
        "version": acteurs.version.pk,
        "option": "",
        "modalite_acces": ModaliteAcces.FC_HORS_CONTRAT,
        "etablissement": acteurs.etablissement.pk,
        "organisme_formation": "",
        "titulaire-sexe": "F",
        "titulaire-nom_naissance": "D’Estève-Łukasik",
        "titulaire-nom_usage": "",
        "titulaire-prenom1": "Maïté",
        "titulaire-jour_naissance": "3",
        "titulaire-mois_naissance": "5",
        "titulaire-annee_naissance": "1990",
        "titulaire-commune_naissance": "Mende",
        "titulaire-code_insee_naissance": "48095",
        "titulaire-code_postal_naissance": "48000",
        "titulaire-libelle_pays_naissance": "France",
        "titulaire-pays_naissance": "99100",
        "titulaire-courriel": "maite@example.org",
        "titulaire-telephone": "",
        "cle": "a" * 32,
    }
