"""The life of a document in Debian's chromium: asked, compared, approved, seen by the holder and by a passer-by."""

import pytest
from django.urls import reverse

from tests import fabriques as f
from tests.connexion import activer_totp, se_connecter
from tests.navigateur import regarder

from .situations_apres import (
    agir,
    corriger_etat_civil,
    delivre,
    demander_annulation,
    demander_duplicata,
    preparer_remplacement,
)

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_les_ecrans_de_la_vie_d_un_document(ouvrir_navigateur):
    """Every screen, wide and narrow: nothing overflows, axe finds nothing."""
    acteurs = f.Acteurs()
    document, autre = delivre(acteurs), delivre(acteurs)
    duplicata = demander_duplicata(document, document.titulaire.utilisateur)
    agir(duplicata, "delivrer_duplicata", acteurs.gestionnaire)
    corriger_etat_civil(document, nom_naissance="Bellefontaine")
    remplacement = preparer_remplacement(document, acteurs.gestionnaire)
    annulation = demander_annulation(autre, acteurs.gestionnaire)
    f.Role.objects.create(utilisateur=acteurs.certificateur, nom="signataire", organisme=acteurs.cpne)
    secret = activer_totp(acteurs.certificateur)
    bureau = se_connecter(ouvrir_navigateur(), "", acteurs.certificateur.email, f.MOT_DE_PASSE, secret)
    for url in (
        "/gestion/",
        document.get_absolute_url(),
        reverse("delivrances:demander_annulation", args=[document.pk]),
        reverse("delivrances:preparer_remplacement", args=[document.pk]),
        remplacement.get_absolute_url(),
        f"/gestion/actes/{remplacement._meta.label_lower}/{remplacement.pk}/approuver_remplacement/",
        f"/gestion/actes/{annulation._meta.label_lower}/{annulation.pk}/prononcer_annulation/",
    ):
        bureau.goto(url)
        regarder(bureau)
    agir(remplacement, "approuver_remplacement", acteurs.signataire)
    agir(annulation, "prononcer_annulation", acteurs.signataire)
    for url in (document.get_absolute_url(), reverse("delivrances:liste"), f"/V/{document.jeton}"):
        bureau.goto(url)
        regarder(bureau)
    moi = f.Utilisateur.objects.get(pk=autre.titulaire.utilisateur_id)
    moi.set_password(f.MOT_DE_PASSE)
    moi.save()
    page = se_connecter(ouvrir_navigateur(), "", moi.email, f.MOT_DE_PASSE)
    page.wait_for_url("**/mon-espace/information/")
    for url in (
        reverse("espace:document", args=[autre.pk]),
        reverse("delivrances:demander_duplicata", args=[autre.pk]),
    ):
        page.goto(url)
        regarder(page)
