"""The texts of the mails: a closed list of words, our text failing another, and what people type runs nothing."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from backoffice.notifications.catalogue import COURRIELS, VARIABLES, apercu, fautes, noms_employes, remplacer
from backoffice.notifications.models import TexteCourriel
from registre import journal
from registre.models import CourrielSortant

from ... import fabriques as f
from ...connexion import connecter
from ...maison import RACINE
from ...navigateur import regarder

CODE = "candidature_recevable"
SUJET = "Candidature {reference} recevable"
CORPS = "Madame, Monsieur,\n\nSuite : {lien_dossier}\n"


@pytest.fixture
def acteurs(db):
    return f.Acteurs()


def adresse(organisme, code=CODE) -> str:
    return reverse("notifications:texte", args=[organisme.pk, code])


def ecrire(personne, organisme, sujet=SUJET, corps=CORPS, **saisie):
    donnees = {"sujet": sujet, "corps": corps, "geste": "enregistrer", **saisie}
    return connecter(Client(), personne).post(adresse(organisme), donnees)


class TestLeCatalogue:
    def test_chaque_courriel_est_declare(self):
        """The list of the mails is whole: declare a new one with `catalogue.courriel` (`modifiable=False` if fixed)."""
        ecrits = {chemin.stem for chemin in (RACINE / "templates" / "courriels").glob("*.txt")}
        assert ecrits == set(COURRIELS)

    @pytest.mark.parametrize("code", [c.code for c in COURRIELS.values() if c.modifiable])
    def test_nos_textes_suivent_la_regle(self, code):
        """Ours are held to what is asked of others, and their preview leaves no brace."""
        declare = COURRIELS[code]
        assert fautes(declare, *declare.notre_texte()) == []
        sujet, corps = apercu(declare, *declare.notre_texte())
        assert not {"{", "}", "ADRESSE"} & {*sujet, *corps} and "ADRESSE" not in corps
        assert not any(VARIABLES[nom].personnelle for nom in declare.du_sujet)

    @pytest.mark.parametrize(
        ("sujet", "corps", "phrase"),
        [
            (SUJET, CORPS + "{candidat}", "ne fait pas partie des variables"),
            (SUJET, CORPS + "{% load static %}", "Une accolade"),
            (SUJET, CORPS + "{{ settings.SECRET_KEY }}", "Une accolade"),
            (SUJET, CORPS + "{lien_dossier.pk}", "Une accolade"),
            (SUJET, CORPS + "{lien_dossier!r}", "Une accolade"),
            ("{lien_dossier}", CORPS, "ne se met pas dans l’objet"),
            (SUJET, "Bonjour.", "Gardez «\u202f{lien_dossier}\u202f»"),
            ("Deux\nlignes", CORPS, "une ligne"),
        ],
    )
    def test_ce_qui_n_est_pas_de_la_liste_est_refuse_avec_une_phrase(self, sujet, corps, phrase):
        """Unknown words, template code, a link or a person in the subject, a missing link."""
        assert any(phrase in f for _, f in fautes(COURRIELS[CODE], sujet, corps))

    @given(st.text(), st.text())
    def test_remplacer_n_execute_ni_ne_relit_rien(self, texte, valeur):
        """What a value holds is not read again, whatever people typed or named themselves."""
        assert remplacer("{a}", lambda nom: valeur) == re.sub(r"\n{3,}", "\n\n", valeur).strip()
        for nom in noms_employes(texte):
            assert "{" + nom + "}" in texte


class TestAdapter:
    def test_le_texte_du_porteur_part_puis_le_notre_revient(self, acteurs):
        """Written, sent, restored: versions and journal tell; another porteur keeps ours; the CPNE's comes second."""
        assert ecrire(acteurs.certificateur, acteurs.cpne, sujet="Texte de la CPNE").status_code == 302
        f.recevable(acteurs)
        assert CourrielSortant.objects.get(modele=CODE).sujet == "Texte de la CPNE"
        for _ in range(3):
            assert ecrire(acteurs.gestionnaire, acteurs.porteur, cle="une").status_code == 302
        texte = TexteCourriel.objects.get(organisme=acteurs.porteur)
        dossier = f.recevable(acteurs)
        courriel = CourrielSortant.objects.get(modele=CODE, cause__objet_id=dossier.pk)
        assert courriel.sujet == f"Candidature {dossier.reference} recevable"
        assert courriel.corps.endswith(f"{dossier.get_absolute_url()}\n")
        assert journal.EntreeJournal.objects.de(texte).get().verbe == "adapter_courriel"
        autres = f.Acteurs()
        autre = f.recevable(autres)
        assert (
            CourrielSortant.objects.get(modele=CODE, cause__objet_id=autre.pk).sujet == "Une candidature est recevable"
        )
        client = connecter(Client(), acteurs.gestionnaire)
        for _ in range(2):
            client.post(adresse(acteurs.porteur), {"geste": "retablir"})
        texte.refresh_from_db()
        assert texte.retire_le and journal.EntreeJournal.objects.de(texte).count() == 2
        assert "Version 1" in client.get(adresse(acteurs.porteur)).content.decode()

    def test_l_apercu_n_enregistre_rien_et_la_faute_garde_la_saisie(self, acteurs):
        """Preview with invented data; a fault is told beside the field, what was typed stays."""
        reponse = ecrire(acteurs.gestionnaire, acteurs.porteur, geste="apercu")
        assert "Candidature CQP-2026-00042 recevable" in reponse.content.decode()
        reponse = ecrire(acteurs.gestionnaire, acteurs.porteur, corps="Mon texte sans lien.")
        assert reponse.status_code == 422 and "Mon texte sans lien." in reponse.content.decode()
        assert not TexteCourriel.objects.exists()
        notre = COURRIELS[CODE].notre_texte()
        assert ecrire(acteurs.gestionnaire, acteurs.porteur, *notre).status_code == 409

    def test_chacun_n_ecrit_que_pour_ses_organismes(self, acteurs):
        """Another's body does not exist here, nor a mail that nobody declared."""
        assert ecrire(acteurs.certificateur, acteurs.porteur).status_code == 404
        assert ecrire(acteurs.employeur, acteurs.etablissement).status_code == 403
        client = connecter(Client(), acteurs.gestionnaire)
        assert client.get(adresse(acteurs.porteur, "inconnu")).status_code == 404
        assert not TexteCourriel.objects.exists()
        assert "Candidature recevable" in client.get(reverse("notifications:textes")).content.decode()


@pytest.mark.navigateur
def test_les_ecrans_des_textes(page, live_server, acteurs):
    """The list and the form at 1280 and 320 px: nothing overflows, axe finds nothing."""
    ecrire(acteurs.gestionnaire, acteurs.porteur)
    cookie = connecter(Client(), acteurs.gestionnaire).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    for chemin in (reverse("notifications:textes"), adresse(acteurs.porteur)):
        page.goto(live_server.url + chemin)
        regarder(page)
