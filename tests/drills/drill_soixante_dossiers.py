"""The bar of the juries: sixty dossiers, a chair, four members and a secretary, from the planning to the notices."""

from tests.backoffice.jurys.seance_entiere import raconter


def test_soixante_dossiers(transactional_db, ouvrir_navigateur, live_server):
    """Prepared, held, signed, sealed and notified in the browser, each person in their own."""
    raconter(ouvrir_navigateur, live_server.url, nombre=60)
