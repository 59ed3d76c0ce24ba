"""The stage of the juries: the cast, an open session with one dossier, a sealed one."""

import pytest

from tests import fabriques as f


@pytest.fixture
def acteurs():
    return f.Acteurs()


@pytest.fixture
def audience(acteurs):
    """An open session with one dossier."""
    session = f.session(acteurs)
    candidature = f.inscrite(acteurs, session)
    return f.ouvrir_seance(acteurs, session), candidature


@pytest.fixture
def scellee(acteurs, audience):
    session, candidature = audience
    f.deliberer(acteurs, candidature)
    session = f.sceller(acteurs, session)
    candidature.refresh_from_db()
    return session, candidature
