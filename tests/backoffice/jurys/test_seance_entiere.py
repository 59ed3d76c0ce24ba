"""The whole story of a session in the browser, with as few dossiers as it needs (J5); sixty of them are a drill."""

from .seance_entiere import raconter


def test_une_seance_se_prepare_se_tient_et_se_notifie(transactional_db, ouvrir_navigateur, live_server):
    """One dossier of each kind, from the planning of the session to the mail that tells the result."""
    raconter(ouvrir_navigateur, live_server.url, nombre=8)
