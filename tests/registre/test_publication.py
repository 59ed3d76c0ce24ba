"""The checkpoint that follows a batch: when the last document is made, neither before nor more than once."""

import pytest

from registre import fabrication, journal, publication
from registre.delivrance import delivrer
from registre.fabrication import fabriquer
from registre.models import Parchemin, PointDeControle
from registre.transparence import journal_public

from .. import fabriques as f
from ..ouvrier import travailler
from .test_delivrance import contenu, rendus  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rendus")]


def delivrer_un_lot(nombre: int) -> list[Parchemin]:
    return [delivrer(**contenu(f.VersionFactory())) for _ in range(nombre)]


def fabriquer_tout(documents, rappels) -> None:
    for document in documents:
        with rappels(execute=True):
            fabriquer.call(document.pk)


def test_le_lot_fini_le_point_est_publie(django_capture_on_commit_callbacks):
    """Nothing while a document waits; then one checkpoint of all the leaves."""
    lot = delivrer_un_lot(3)
    fabriquer_tout(lot[:2], django_capture_on_commit_callbacks)
    assert publication.ouvriers.en_file(publication.publier_jusqu_a) == set()
    fabriquer_tout(lot[2:], django_capture_on_commit_callbacks)
    assert publication.ouvriers.en_file(publication.publier_jusqu_a) == {3}
    travailler()
    travailler()
    assert PointDeControle.objects.get().taille == 3


def test_un_document_impossible_ne_retient_pas_les_autres(django_capture_on_commit_callbacks):
    """It has failed and rests: the proofs of the others are published."""
    lot = delivrer_un_lot(2)
    publication.ouvriers.DBTaskResult.objects.filter(args_kwargs__args=[lot[0].pk]).delete()
    fabriquer_tout(lot[1:], django_capture_on_commit_callbacks)
    travailler()
    assert PointDeControle.objects.get().taille == 1


def test_un_point_plus_recent_suffit():
    """A task that comes late publishes nothing, and does not fail."""
    (document,) = delivrer_un_lot(1)
    fabriquer.call(document.pk)
    assert journal_public.publier().taille == 1
    publication.publier_jusqu_a.call(1)
    assert PointDeControle.objects.count() == 1 and list(journal.verifier()) == []


def test_une_cle_revoquee_pendant_le_dessin_fait_redessiner(monkeypatch):
    """What was drawn bears a token that is worth nothing: it is not stored, and drawn again with the new one."""
    (document,) = delivrer_un_lot(1)
    dessines = []

    def dessiner(parchemin):
        dessines.append(parchemin.jeton)
        Parchemin.objects.filter(pk=document.pk).update(jeton="B" * 168)
        return b"%PDF-1.7 " + parchemin.jeton.encode()

    monkeypatch.setattr(fabrication, "composer", dessiner)
    fabriquer.call(document.pk)
    document.refresh_from_db()
    assert document.sha256 == "" and journal_public.taille() == 0
    fabriquer.call(document.pk)
    document.refresh_from_db()
    assert document.sha256 and dessines[-1] == "B" * 168
