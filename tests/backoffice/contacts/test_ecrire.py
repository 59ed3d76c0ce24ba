"""Anybody writes to the branch without an account; the right people hear of it, answer, and the message goes away."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.contacts.forms import MessageForm
from backoffice.contacts.models import Message
from backoffice.contacts.workflow import MESSAGE
from backoffice.depots import Depot
from registre.models import CourrielSortant, EntreeJournal
from registre.quotidien import accomplir
from registre.transitions import executer

from ... import fabriques as f
from ...connexion import connecter
from ...home.exemples import creer_cqp, publier
from .situations import TEXTE, message

pytestmark = pytest.mark.django_db

URL = "/nous-ecrire/"


@pytest.fixture
def acteurs(db):
    return f.Acteurs()


@pytest.fixture
def envoi(monkeypatch):
    """What a person types, on a page opened ten seconds ago."""
    maintenant = time.time()
    with monkeypatch.context() as avant:
        avant.setattr(time, "time", lambda: maintenant - 10)
        ouverte = MessageForm.ouverture()
    return {"sujet": "cqp", "texte": TEXTE, "courriel": "visiteur@example.org", "certification": "", "ouverte": ouverte}


def test_un_message_arrive_sans_compte_ni_cookie(client, acteurs, envoi):
    """Received, told to the certificateurs in a mail that quotes nothing, in the journal without an author."""
    reponse = client.post(URL, envoi, follow=True)
    assert "Votre message est parti" in reponse.text and not client.cookies
    recu = Message.objects.get()
    (courriel,) = CourrielSortant.objects.filter(modele="message_du_public")
    assert courriel.destinataire == acteurs.certificateur.email
    assert recu.get_absolute_url() in courriel.corps
    assert not [mot for mot in ("visiteur@", "prochaine") if mot in courriel.sujet + courriel.corps]
    assert EntreeJournal.objects.de(recu).get().acteur is None


def test_la_fiche_d_un_cqp_mene_a_son_porteur(client, acteurs, envoi):
    """The page of a CQP opens the form on it; its porteur's people are told, and nobody else."""
    certification = creer_cqp(porteur=acteurs.porteur)
    publier()
    assert "/nous-ecrire/?cqp=couvreur-lauzier" in client.get("/cqp/couvreur-lauzier/").text
    page = client.get(URL, {"cqp": certification.slug})
    assert '<option value="couvreur-lauzier" selected>' in page.text
    client.post(URL, envoi | {"certification": certification.slug})
    (courriel,) = CourrielSortant.objects.filter(modele="message_du_public")
    assert courriel.destinataire == acteurs.gestionnaire.email
    recu = Message.objects.get()
    assert "visiteur@example.org" in connecter(client, acteurs.gestionnaire).get(recu.get_absolute_url()).text
    autre = f.Acteurs().gestionnaire
    assert connecter(client, autre).get(recu.get_absolute_url()).status_code == 404


def test_un_cqp_sans_page_ne_se_choisit_pas(client, envoi):
    """What is not public is not confirmed by the form."""
    creer_cqp("secret", "CQP Secret")
    assert client.post(URL, envoi | {"certification": "secret"}).status_code == 422
    assert "secret" not in client.get(URL, {"cqp": "secret"}).text.lower()


@pytest.mark.parametrize("change", [{"site_internet": "https://exemple.org"}, {"ouverte": None}])
def test_un_automate_croit_avoir_reussi(client, envoi, change):
    """Hidden field filled in, or answered too fast: the same page as for anybody, and nothing is kept."""
    envoi = envoi | change
    envoi["ouverte"] = envoi["ouverte"] or MessageForm.ouverture()
    assert client.post(URL, envoi).url == reverse("nous_ecrire_recu")
    assert not Message.objects.exists()


@pytest.mark.parametrize("change", [{"texte": "Bonjour"}, {"courriel": "moi"}, {"sujet": "roman"}, {"ouverte": "x"}])
def test_ce_qui_manque_se_dit(client, envoi, change):
    """In words, and nothing is kept."""
    assert client.post(URL, envoi | change).status_code == 422
    assert not Message.objects.exists()


def test_le_formulaire_se_freine(client, envoi, monkeypatch):
    """Beyond the tolerance, the page says to wait."""
    monkeypatch.setattr(Depot, "tolerance", "2/h/ip")
    assert [client.post(URL, envoi).status_code for _ in range(3)] == [302, 302, 429]


def test_un_message_repondu_s_efface_six_mois_apres(acteurs):
    """And a forgotten one a year after it came; the others stay."""
    clos, oublie, recent = message(), message(), message()
    executer(MESSAGE, "clore_message", clos, acteurs.certificateur, {"suite": "Répondu par courriel."})
    passe = timezone.now() - timedelta(days=200)
    Message.objects.filter(pk=clos.pk).update(clos_le=passe)
    Message.objects.filter(pk=oublie.pk).update(recu_le=timezone.now() - timedelta(days=366))
    ((_, phrase, reussie),) = accomplir(["purger_messages"])
    assert reussie and phrase == "2 message(s) effacé(s)."
    assert list(Message.objects.values_list("pk", flat=True)) == [recent.pk]
