"""The first person of an installation: one command, run twice without harm."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from backoffice.comptes.models import Role, Utilisateur
from registre.models import CourrielSortant, EntreeJournal, Organisme
from tests.connexion import connecter
from tests.ouvrier import travailler

pytestmark = pytest.mark.django_db
ADRESSE = "Claire@example.org"
OPTIONS = {"organisme": "CPNE de la couverture", "prenom": "Claire", "nom": "Martin"}


def lancer(adresse=ADRESSE, **options) -> str:
    sortie = StringIO()
    call_command("creer_certificateur", adresse, **{**OPTIONS, **options}, stdout=sortie)
    return sortie.getvalue()


def test_sans_reel_rien_n_est_ecrit():
    """It says what would be done, and gives no link."""
    texte = lancer()
    assert "rien n’est écrit" in texte and "/compte/" not in texte
    assert not (Utilisateur.objects.exists() or Organisme.objects.exists() or EntreeJournal.objects.exists())


def test_du_lien_imprime_au_premier_ecran(client):
    """Body, account, role and journal; the link opens once; run again, nothing changes."""
    lien = re.search(r"http\S+(/compte/password/reset/key/\S+)", lancer(reel=True))[1]
    compte = Utilisateur.objects.get()
    assert compte.email == "claire@example.org" and compte.a_role("certificateur") and not compte.is_superuser
    assert list(EntreeJournal.objects.values_list("verbe", "role")) == [("donner_role", "gestion")]
    assert "/compte/password/reset/key/" in lancer(reel=True), "as long as no password is chosen"
    page = client.get(lien, follow=True).request["PATH_INFO"]
    phrase = "une-phrase-longue-pour-claire"
    client.post(page, {"password1": phrase, "password2": phrase})
    texte = lancer(reel=True)
    assert "déjà choisi" in texte and "/key/" not in texte
    assert "ne vaut plus" in Client().get(lien, follow=True).text
    compte.refresh_from_db()
    assert Role.objects.count() == Organisme.objects.count() == 1
    assert connecter(Client(), compte).get("/gestion/comptes/invitations/nouvelle/").status_code == 200


def test_le_lien_part_aussi_par_courriel():
    """Through the outbox; nothing of it on the terminal."""
    assert "/key/" not in lancer(reel=True, envoyer=True)
    travailler()
    assert CourrielSortant.objects.get().destinataire == "claire@example.org"


@pytest.mark.parametrize(
    "options, mot",
    [
        ({"adresse": "pas une adresse"}, "n’est pas valable"),
        ({"siret": "12345678901234"}, "SIRET"),
        ({"nom": ""}, "--prenom et --nom"),
    ],
)
def test_ce_qui_ne_va_pas_se_dit(options, mot):
    """In French, and nothing is half done."""
    with pytest.raises(CommandError, match=mot):
        lancer(reel=True, **options)
    assert not (Utilisateur.objects.exists() or Organisme.objects.exists())


def test_un_compte_ferme_ne_se_rouvre_pas_ainsi():
    """Nor does a name shared by two bodies choose one of them."""
    Utilisateur.objects.create_user("claire@example.org", None, is_active=False)
    with pytest.raises(CommandError, match="fermé"):
        lancer(reel=True)
    for _ in range(2):
        Organisme.objects.create(raison_sociale=OPTIONS["organisme"])
    with pytest.raises(CommandError, match="précisez --siret"):
        lancer("autre@example.org", reel=True)
