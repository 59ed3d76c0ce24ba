"""The outbox on the screens: who follows it, who repairs it, what the dossier shows."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registre.models import CourrielSortant

from ... import fabriques as f
from ...connexion import connecter
from ...navigateur import regarder

LISTE = "/gestion/courriels/"


@pytest.fixture
def dossier(db):
    dossier = f.recevable(f.Acteurs())
    perdu = CourrielSortant.objects.filter(modele="candidat_recevable")
    perdu.update(
        echec_le=timezone.now(), motif_echec="adresse", code_reponse="550 5.1.1", prochain_essai=None, essais=1
    )
    return dossier


@pytest.fixture
def gestionnaire(dossier):
    return dossier.version.certification.porteur.roles.get(nom="gestionnaire").utilisateur


@pytest.fixture
def perdu(dossier):
    return CourrielSortant.objects.get(modele="candidat_recevable")


class TestSuivre:
    def test_le_porteur_suit_les_siens_et_filtre(self, dossier, gestionnaire, perdu):
        """His porteur's mails, with their situation and reason in French; another porteur sees none of them."""
        client = connecter(Client(), gestionnaire)
        page = client.get(LISTE, {"etat": ["echec", "retour"]}).content.decode()
        assert perdu.destinataire in page and "L’adresse n’existe pas" in page and "adresse refusée" in page
        assert "Une candidature est à examiner" not in page
        assert perdu.destinataire not in client.get(LISTE, {"motif_echec": "boite"}).content.decode()
        trouves = client.post(LISTE, {"q": perdu.destinataire}, follow=True)
        assert perdu.destinataire not in trouves.redirect_chain[0][0]
        assert "1 courriel" in trouves.content.decode() and perdu.get_absolute_url() in trouves.content.decode()
        autre = connecter(Client(), f.Acteurs().gestionnaire)
        assert perdu.destinataire not in autre.get(LISTE).content.decode()
        assert autre.get(perdu.get_absolute_url()).status_code == 404

    def test_vingt_lignes_coutent_autant_qu_une(self, dossier, gestionnaire, perdu, django_assert_max_num_queries):
        """Constant number of queries."""
        client = connecter(Client(), gestionnaire)
        client.get(LISTE)
        with django_assert_max_num_queries(40) as peu:
            client.get(LISTE)
        champs = {c.attname: getattr(perdu, c.attname) for c in CourrielSortant._meta.concrete_fields if c.name != "id"}
        for rang in range(20):
            CourrielSortant.objects.create(**champs | {"identifiant_message": f"<{rang}@x>"})
        with django_assert_max_num_queries(40) as beaucoup:
            client.get(LISTE)
        assert len(peu) == len(beaucoup)

    def test_le_dossier_et_l_accueil_disent_ce_qui_n_est_pas_arrive(self, dossier, gestionnaire, perdu):
        """On the rubric of the dossier with its text, and on « À faire » of who can repair."""
        client = connecter(Client(), gestionnaire)
        page = client.get(dossier.get_absolute_url() + "?onglet=echanges").content.decode()
        assert "Non parti" in page and perdu.get_absolute_url() in page and "est recevable" in page
        accueil = client.get("/gestion/").content.decode()
        assert "1 courriel n’est pas arrivé" in accueil and "etat=echec" in accueil
        employeur = connecter(Client(), dossier.etablissement.roles.get().utilisateur)
        assert "n’est pas arrivé" not in employeur.get("/gestion/").content.decode()


class TestReparer:
    def test_renvoyer_depuis_l_ecran(self, dossier, gestionnaire, perdu):
        """A bad address is refused in words; a good one sends, once, and the journal of the dossier says so."""
        client, url = connecter(Client(), gestionnaire), perdu.get_absolute_url()
        assert client.post(url, {"geste": "renvoyer", "adresse": "fausse"}).status_code == 422
        for _ in range(3):
            reponse = client.post(url, {"geste": "renvoyer", "adresse": "bonne@example.org", "cle": "c"})
            assert reponse.status_code == 302
        nouveau = CourrielSortant.objects.get(destinataire="bonne@example.org")
        assert reponse.url == nouveau.get_absolute_url()
        assert client.post(url, {"geste": "classer", "cle": "d"}).status_code == 409
        assert client.post(url, {"geste": "effacer"}).status_code == 409
        journal = client.get(dossier.get_absolute_url() + "?onglet=journal").content.decode()
        assert "Courriel renvoyé" in journal

    def test_l_auditeur_lit_et_ne_repare_pas(self, dossier, perdu):
        """Read only."""
        client = connecter(Client(), f.UtilisateurFactory(role="auditeur"))
        assert "Renvoyer le courriel" not in client.get(perdu.get_absolute_url()).content.decode()
        assert client.post(perdu.get_absolute_url(), {"geste": "classer"}).status_code == 403


@pytest.mark.navigateur
def test_les_ecrans_de_la_salle(page, live_server, dossier, gestionnaire, perdu):
    """Every screen at 1280 and 320 px: nothing overflows, axe finds nothing."""
    cookie = connecter(Client(), gestionnaire).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    for nom in ("centre", "preferences", "courriels"):
        page.goto(live_server.url + reverse(f"notifications:{nom}"))
        regarder(page)
    for chemin in (perdu.get_absolute_url(), dossier.get_absolute_url() + "?onglet=echanges"):
        page.goto(live_server.url + chemin)
        regarder(page)
