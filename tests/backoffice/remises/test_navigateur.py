"""From the parchemin to the phone of a recruiter and to the envelope, in Debian's chromium."""

import pytest
from django.urls import reverse

from backoffice.espace.models import NoticeLue
from backoffice.espace.views import NOTICE
from registre.models import Parchemin

from ... import fabriques as f
from ...connexion import activer_totp, se_connecter
from ...navigateur import regarder, suivre
from ...ouvrier import travailler
from ..signalements.situations import signalement
from .situations import ADRESSE

pytestmark = [pytest.mark.django_db(transaction=True)]


def demander_le_papier(page):
    """The holder types an address, line by line."""
    suivre(page.get_by_role("link", name="Le recevoir par la poste"))
    for nom, valeur in ADRESSE.items():
        page.locator(f"[name={nom}]").fill(valeur)
    regarder(page)
    suivre(page.get_by_role("button", name="Demander l’envoi"))
    regarder(page)


def test_du_parchemin_au_recruteur_et_a_l_enveloppe(ouvrir_navigateur):
    """The holder's page, a link opened by somebody else, a report, then the lists of the certificateur."""
    acteurs = f.Acteurs()
    document = Parchemin.objects.get(pk=f.delivree(acteurs).delivrance.parchemin_id)
    travailler()
    moi = document.titulaire.utilisateur
    moi.set_password(f.MOT_DE_PASSE)
    moi.save()
    NoticeLue.objects.create(utilisateur=moi, notice=NOTICE)
    page = se_connecter(ouvrir_navigateur(), "", moi.email, f.MOT_DE_PASSE)
    page.goto(reverse("espace:document", args=[document.pk]))
    regarder(page)
    suivre(page.get_by_role("link", name="Créer un lien de partage"))
    page.get_by_label("Pour qui, ou pour quoi").fill("Entretien du 12 mars")
    regarder(page)
    suivre(page.get_by_role("button", name="Créer le lien"))
    regarder(page)
    lien = page.get_by_label("Lien à envoyer").input_value()
    recruteur = ouvrir_navigateur(java_script_enabled=False)
    recruteur.goto(lien[lien.index("/partage/") :])
    assert recruteur.get_by_role("heading", name="Authentique").is_visible()
    recruteur.goto("/verifier/signaler/")
    recruteur.get_by_label("un document faux ou modifié").check()
    recruteur.get_by_label("Ce que vous avez vu").fill("Le nom a été remplacé sur le papier.")
    suivre(recruteur.get_by_role("button", name="Envoyer le signalement"))
    assert recruteur.get_by_role("heading", name="Votre signalement est reçu").is_visible()
    visiteur = ouvrir_navigateur()
    for adresse in (
        lien[lien.index("/partage/") :],
        "/partage/inconnu",
        "/verifier/signaler/",
        "/verifier/signaler/recu/",
    ):
        visiteur.goto(adresse)
        regarder(visiteur)
    page.goto(reverse("espace:document", args=[document.pk]))
    demander_le_papier(page)
    recu = signalement(numero=document.numero)
    secret = activer_totp(acteurs.certificateur)
    bureau = se_connecter(ouvrir_navigateur(), "", acteurs.certificateur.email, f.MOT_DE_PASSE, secret)
    for nom in ("remises:envois", "remises:etiquettes", "remises:proposer", "remises:liste", "signalements:liste"):
        bureau.goto(reverse(nom))
        regarder(bureau)
    for adresse in (recu.get_absolute_url(), reverse("remises:document", args=[document.pk])):
        bureau.goto(adresse)
        regarder(bureau)
