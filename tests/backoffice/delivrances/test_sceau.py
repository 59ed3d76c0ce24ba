"""The end of the certificate that seals: told twice before it comes, to those who deliver, and shown to them."""

from datetime import UTC, datetime, timedelta

import pytest

from registre import certificats
from registre.models import CourrielSortant, EntreeJournal
from registre.quotidien import accomplir
from tests import fabriques as f
from tests.connexion import connecter

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]


@pytest.fixture
def finit_dans(settings, tmp_path, monkeypatch):
    """The certificate in use ends in so many days."""

    def poser(jours: int) -> None:
        settings.DOSSIER_CLES = tmp_path / f"cles-{jours}"
        monkeypatch.setattr(certificats, "DUREE", timedelta(days=jours, minutes=30))
        certificats.creer()

    return poser


def lettres() -> list[str]:
    return list(CourrielSortant.objects.filter(modele="sceau_bientot_echu").values_list("destinataire", flat=True))


@pytest.mark.parametrize(("jours", "dit"), [(61, 0), (60, 1), (16, 1), (15, 1), (0, 1)])
def test_les_seuils(finit_dans, jours, dit):
    """Sixty days before at the earliest; the same day, once whatever the number of runs."""
    acteurs = f.Acteurs()
    finit_dans(jours)
    for _ in range(2):
        accomplir(["avertir_de_la_fin_du_sceau"])
    assert lettres() == [acteurs.certificateur.email] * dit


def test_deux_avertissements_puis_le_renouvellement(finit_dans, client, monkeypatch):
    """J-60 then J-15, each once; « À faire » shows it to certificateurs alone, until another certificate is put."""
    acteurs = f.Acteurs()
    finit_dans(60)
    accomplir(["avertir_de_la_fin_du_sceau"])
    assert "Le certificat de sceau finit le" in connecter(client, acteurs.certificateur).get("/gestion/").text
    assert "certificat de sceau" not in connecter(client, acteurs.gestionnaire).get("/gestion/").text
    with monkeypatch.context() as plus_tard:
        plus_tard.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) + timedelta(days=46))
        accomplir(["avertir_de_la_fin_du_sceau"])
    assert len(lettres()) == 2
    assert [e.details["jours"] for e in EntreeJournal.objects.filter(verbe="avertir_de_la_fin_du_sceau")] == [60, 15]
    finit_dans(3650)
    accomplir(["avertir_de_la_fin_du_sceau"])
    assert len(lettres()) == 2
    assert "certificat de sceau" not in connecter(client, acteurs.certificateur).get("/gestion/").text
