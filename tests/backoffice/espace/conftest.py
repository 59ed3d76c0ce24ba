"""The cast of one dossier, its candidate, and a session for each person."""

import pytest
from django.test import Client

from backoffice.espace.models import NoticeLue
from backoffice.espace.views import NOTICE
from tests import fabriques as f
from tests.connexion import connecter


@pytest.fixture
def acteurs(db):
    return f.Acteurs()


@pytest.fixture
def chez(acteurs):
    """Return a function: the test client of a person, by role name in the cast or by account, past the notice."""

    def ouvrir(qui, notice=True):
        personne = getattr(acteurs, qui) if isinstance(qui, str) else qui
        if notice:
            NoticeLue.objects.get_or_create(utilisateur=personne, notice=NOTICE)
        return connecter(Client(), personne)

    return ouvrir
