"""Anybody reports a document without an account; the certificateur hears of it, examines it and closes it."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice import automates
from backoffice.signalements import views_public
from backoffice.signalements.forms import SignalementForm
from backoffice.signalements.models import Signalement
from registre.models import CourrielSortant, EntreeJournal
from registre.quotidien import accomplir

from ... import fabriques as f
from ...connexion import connecter
from .situations import RECIT, signalement

pytestmark = pytest.mark.django_db

URL = "/verifier/signaler/"


@pytest.fixture
def acteurs(db):
    return f.Acteurs()


@pytest.fixture
def envoi(monkeypatch):
    """What a person types, on a page opened ten seconds ago."""
    maintenant = time.time()
    with monkeypatch.context() as avant:
        avant.setattr(time, "time", lambda: maintenant - 10)
        ouverte = SignalementForm.ouverture()
    return {"nature": "faux", "recit": RECIT, "numero": " ftc-2026-00001 ", "contact": "", "ouverte": ouverte}


def test_un_signalement_arrive_sans_compte_ni_cookie(client, acteurs, envoi):
    """Received, told by mail to the certificateur without a word of it, in the journal without an author."""
    reponse = client.post(URL, envoi, follow=True)
    assert "Votre signalement est reçu" in reponse.text
    assert not client.cookies
    recu = Signalement.objects.get()
    assert (recu.etat, recu.numero, recu.contact) == ("recu", "FTC-2026-00001", "")
    (courriel,) = CourrielSortant.objects.filter(modele="signalement_recu")
    assert courriel.destinataire == acteurs.certificateur.email
    assert "remplacé" not in courriel.corps and recu.get_absolute_url() in courriel.corps
    assert EntreeJournal.objects.de(recu).get().acteur is None


def test_la_page_ne_laisse_pas_de_trace(client):
    """No cookie, no index, no cache, no Referer, nobody else's script."""
    reponse = client.get(URL)
    assert not reponse.cookies and "<script" not in reponse.text
    assert "noindex" in reponse.headers["X-Robots-Tag"] and "no-store" in reponse.headers["Cache-Control"]
    assert reponse.headers["Referrer-Policy"] == "no-referrer"


def test_la_photo_passe_par_les_controles_des_pieces(client, envoi):
    """A clean PDF enters under a name of ours; a page of HTML does not, and the reason is told."""
    assert client.post(URL, envoi | {"photo": f.fichier_pdf("papier.pdf")}).status_code == 302
    garde = Signalement.objects.get()
    assert garde.type_mime == "application/pdf" and "papier" not in garde.photo.name
    faux = f.SimpleUploadedFile("papier.pdf", b"<html>", content_type="application/pdf")
    reponse = client.post(URL, envoi | {"photo": faux})
    assert reponse.status_code == 422 and "format" in reponse.text
    assert Signalement.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"site_internet": "https://exemple.org"}, {"ouverte": None}], ids=["champ caché rempli", "trop vite"]
)
def test_un_automate_croit_avoir_reussi(client, envoi, change):
    """The same page as for anybody, and nothing is kept."""
    envoi = envoi | change
    if envoi["ouverte"] is None:
        envoi["ouverte"] = SignalementForm.ouverture()
    assert client.post(URL, envoi).url == reverse("signaler_recu")
    assert not Signalement.objects.exists()


@pytest.mark.parametrize(
    "change", [{"ouverte": "inventée"}, {"recit": "Faux."}, {"nature": "roman"}, {"nature": ""}, {"contact": "moi"}]
)
def test_ce_qui_manque_se_dit(client, envoi, change):
    """In words, and nothing is kept."""
    reponse = client.post(URL, envoi | change)
    assert reponse.status_code == 422 and "champ-message" in reponse.text or "alerte" in reponse.text
    assert not Signalement.objects.exists()


def test_une_page_restee_ouverte_se_renvoie(client, envoi, monkeypatch):
    """Twelve hours later it asks to be read again; sent again, it goes."""
    monkeypatch.setattr(automates, "HEURES_MAXIMUM", 0)
    reponse = client.post(URL, envoi)
    assert reponse.status_code == 422 and "restée ouverte trop longtemps" in reponse.text
    assert envoi["ouverte"] not in reponse.text


def test_le_formulaire_se_freine(client, envoi, monkeypatch):
    """Beyond the tolerance, the page says to wait."""
    monkeypatch.setattr(views_public.Signaler, "tolerance", "2/h/ip")
    assert [client.post(URL, envoi).status_code for _ in range(3)] == [302, 302, 429]


def test_le_numero_lu_mene_au_document_du_registre(client, acteurs):
    """The certificateur reads whose document it is; the gestionnaire has no such page."""
    parchemin = f.delivree(acteurs).delivrance.parchemin
    recu = signalement(numero=parchemin.numero)
    page = connecter(client, acteurs.certificateur).get(recu.get_absolute_url()).text
    assert parchemin.titulaire.nom_complet in page
    assert connecter(client, acteurs.gestionnaire).get(recu.get_absolute_url()).status_code == 403


def test_les_signalements_clos_s_effacent_au_bout_d_un_an(client, envoi, acteurs):
    """Closed 366 days ago: gone with its file. Closed 364 days ago, or open for three years: kept."""
    client.post(URL, envoi | {"photo": f.fichier_pdf()})
    vieux, recent, ouvert = Signalement.objects.get(), signalement(), signalement()
    for objet, jours in ((vieux, 366), (recent, 364)):
        jour = timezone.now() - timedelta(days=jours)
        Signalement.objects.filter(pk=objet.pk).update(etat="classe", clos_le=jour)
    Signalement.objects.filter(pk=ouvert.pk).update(recu_le=timezone.now() - timedelta(days=1100))
    stockage, nom = vieux.photo.storage, vieux.photo.name
    accomplir(["purger_signalements"])
    assert set(Signalement.objects.values_list("pk", flat=True)) == {recent.pk, ouvert.pk}
    assert not stockage.exists(nom)
