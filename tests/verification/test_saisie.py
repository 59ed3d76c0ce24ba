"""Number and birth name typed by hand: « concorde » or « ne concorde pas », and nothing to learn from either."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registre.models import Parchemin
from tests.registre.exemples import enregistrement
from verification import limites

from .fabrique import document, document_partiel
from .test_parchemin import page

pytestmark = pytest.mark.django_db
CHEMIN = "/verifier/"
OUI, NON = "porte ce numéro et ce nom de naissance", "Aucun document en cours de validité"


def saisir(client, numero: str, nom: str):
    return client.post(CHEMIN, {"numero": numero, "nom_naissance": nom})


def test_le_formulaire_dit_comment_verifier(client):
    """Both ways in, before any answer; no name is ever put in an address."""
    assert reverse("verification:verifier") == CHEMIN
    reponse = client.get(CHEMIN, {"numero": "FTC-2026-00001", "nom_naissance": "DUPONT"})
    texte = page(reponse)
    assert "Avec le code QR" in texte and "Avec le numéro et le nom" in texte
    assert OUI not in texte and NON not in texte


@pytest.mark.parametrize(
    ("numero", "nom"), [("FTC-2026-00001", "Dupont"), (" ftc-2026-00001 ", "dupont"), ("FTC-2026-00001", "DÛPÔNT")]
)
def test_le_bon_couple_concorde(client, numero, nom):
    """Whatever case, accents and spaces; the answer shows no name, title nor date."""
    document()
    reponse = saisir(client, numero, nom)
    texte = page(reponse)
    assert reponse.status_code == 200 and "Concorde" in texte and OUI in texte
    for secret in ("Élodie", "DUPONT", "Conducteur", "RNCP", "2026-11-22", "22 novembre"):
        assert secret not in texte


def test_un_nom_compose_se_tape_de_plusieurs_facons(client):
    """Apostrophes and hyphens do not count."""
    document(enregistrement(titulaire__nom_naissance="L’Hôpital-Œuvrard"))
    for nom in ("l'hopital oeuvrard", "L’HÔPITAL-ŒUVRARD", "L Hopital-Oeuvrard"):
        assert OUI in page(saisir(client, "FTC-2026-00001", nom))


def test_toutes_les_reponses_negatives_sont_les_memes(client, admin_user, django_assert_num_queries):
    """Unknown number, other name, used name, cancelled, nonsense: same bytes, same number of queries."""
    document(enregistrement(titulaire__nom_usage="MARTIN"))
    annule = document(enregistrement(numero="FTC-2026-00002"))
    Parchemin.objects.filter(pk=annule.pk).update(annule_le=timezone.now(), annule_par=admin_user)
    expiree = document_partiel()
    expiree.enregistrement["blocs"][0]["valide_jusqu_au"] = "2020-01-01"
    expiree.save()
    reponses = []
    for numero, nom in (
        ("FTC-2026-00001", "DURAND"),
        ("FTC-2026-00001", "MARTIN"),
        ("FTC-2026-00001", "Élodie"),
        ("FTC-2026-00001", "…"),
        ("FTC-2026-99999", "DUPONT"),
        ("FTC-2026-00002", "DUPONT"),
        ("FTC-A-2026-00007", "DUPONT"),
        ("' OR 1=1 --", "%"),
        ("FTC-2026-0000_", "DUPONT"),
    ):
        with django_assert_num_queries(1):
            reponses.append(saisir(client, numero, nom))
    assert all(NON in page(reponse) for reponse in reponses)
    assert len({reponse.content for reponse in reponses}) == 1
    assert len({reponse.status_code for reponse in reponses}) == 1


@pytest.mark.parametrize(
    "donnees", [{}, {"numero": "FTC-2026-00001"}, {"nom_naissance": "DUPONT"}, {"numero": "A" * 41}]
)
def test_un_champ_vide_se_dit_pres_du_champ(client, donnees, django_assert_num_queries):
    """A missing word is a matter of the form: explained, and the register is not opened."""
    document()
    with django_assert_num_queries(0):
        reponse = client.post(CHEMIN, donnees)
    assert OUI not in page(reponse) and NON not in page(reponse)
    assert 'aria-invalid="true"' in reponse.content.decode()


def test_la_saisie_ne_pose_aucun_cookie():
    """The form works for a browser that refuses every cookie, with forgery checks on, and leaves none behind."""
    document()
    strict = Client(enforce_csrf_checks=True)
    for reponse in (strict.get(CHEMIN), saisir(strict, "FTC-2026-00001", "DUPONT")):
        assert reponse.status_code == 200 and not reponse.cookies
        assert "no-store" in reponse.headers["Cache-Control"]
        assert reponse.headers["Referrer-Policy"] == "no-referrer"
        assert len(reponse.content) < 30_000


def test_on_ne_parcourt_pas_les_numeros(client):
    """Two thousand numbers in a row: twenty answers, then 429, and never a name."""
    document()
    statuts = [saisir(client, f"FTC-2026-{rang:05d}", "MARTIN").status_code for rang in range(40)]
    assert statuts == [200] * limites.TOLERANCES["saisie"] + [429] * (40 - limites.TOLERANCES["saisie"])


def test_les_deux_voies_ont_chacune_leur_compteur(client, monkeypatch):
    """Typing too much does not stop the reading of a QR code."""
    monkeypatch.setitem(limites.TOLERANCES, "saisie", 0)
    assert saisir(client, "FTC-2026-00001", "DUPONT").status_code == 429
    assert client.get(f"/v/{document().jeton}").status_code == 200
