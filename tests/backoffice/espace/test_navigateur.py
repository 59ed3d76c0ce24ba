"""The space in Debian's chromium, as a candidate on a phone and the porteur at a desk would open it."""

import pytest
from django.urls import reverse

from registre.models import Titulaire

from ... import fabriques as f
from ...connexion import activer_totp, se_connecter
from ...navigateur import regarder, suivre
from .situations import demander

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_le_candidat_et_le_porteur_ouvrent_leurs_ecrans(ouvrir_navigateur):
    """Notice, home, dossier, civil status, form, data, then the comparison: nothing overflows, axe finds nothing."""
    acteurs = f.Acteurs()
    candidature = f.decidee(acteurs, acquis=lambda c: c.bloc.ordre == 1)
    titulaire = Titulaire.objects.get(pk=candidature.titulaire_id)
    moi = titulaire.utilisateur
    moi.set_password(f.MOT_DE_PASSE)
    moi.save()
    f.faire(candidature, "ecrire", moi, texte="Quand recevrai-je mon attestation ?")
    f.faire(candidature, "repondre", acteurs.gestionnaire, fil="candidat", texte="D’ici la fin du mois.")
    page = se_connecter(ouvrir_navigateur(), "", moi.email, f.MOT_DE_PASSE)
    page.wait_for_url("**/mon-espace/information/")
    regarder(page)
    suivre(page.get_by_role("button", name="J’ai lu, continuer"))
    regarder(page)
    suivre(page.get_by_role("link", name="Suivre ce dossier"))
    assert page.get_by_text("D’ici la fin du mois.").is_visible()
    regarder(page)
    for nom in ("etat_civil", "corriger", "donnees", "lire_donnees"):
        page.goto(reverse(f"espace:{nom}"))
        regarder(page)
    demande = demander(titulaire)
    secret = activer_totp(acteurs.gestionnaire)
    porteur = se_connecter(ouvrir_navigateur(), "", acteurs.gestionnaire.email, f.MOT_DE_PASSE, secret)
    for url in ("/gestion/", demande.get_absolute_url(), f"{candidature.get_absolute_url()}?onglet=echanges"):
        porteur.goto(url)
        regarder(porteur)
