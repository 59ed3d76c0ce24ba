"""Appeals and statistics in Debian's chromium: the candidate on a phone, the certificateur at a desk."""

import pytest
from django.urls import reverse

from tests import fabriques as f
from tests.connexion import activer_totp, se_connecter
from tests.navigateur import regarder, suivre

from .situations_recours import EXPOSE, agir, former, neutres

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_le_candidat_conteste_et_la_gestion_repond(ouvrir_navigateur):
    """Deposit, follow-up, list, page, confirmation, statistics: nothing overflows, axe finds nothing."""
    acteurs = f.Acteurs()
    dossier, contestee = f.decidee(acteurs, acquis=lambda c: c.bloc.ordre == 1), f.decidee(acteurs)
    moi = f.Utilisateur.objects.get(pk=dossier.titulaire.utilisateur_id)
    moi.set_password(f.MOT_DE_PASSE)
    moi.save()
    page = se_connecter(ouvrir_navigateur(), "", moi.email, f.MOT_DE_PASSE)
    page.wait_for_url("**/mon-espace/information/")
    page.goto(reverse("espace:dossier", args=[dossier.pk]))
    regarder(page)
    suivre(page.get_by_role("link", name="Déposer un recours"))
    page.get_by_label("Le déroulement de l’évaluation ou du jury").check()
    page.get_by_label("Vos raisons").fill(EXPOSE)
    regarder(page)
    suivre(page.get_by_role("button", name="Déposer un recours"))
    suivre(page.get_by_role("link", name="Recours du"))
    assert page.get_by_text("Votre recours est bien reçu.").is_visible()
    regarder(page)
    gestionnaire, _ = neutres(acteurs)
    agir(former(contestee), "prendre_en_charge", gestionnaire)
    f.faire(dossier, "demander_revocation", acteurs.gestionnaire, motif="Une erreur de saisie au PV.")
    secret = activer_totp(acteurs.certificateur)
    bureau = se_connecter(ouvrir_navigateur(), "", acteurs.certificateur.email, f.MOT_DE_PASSE, secret)
    for url in (
        "/gestion/",
        reverse("jurys:liste_recours"),
        contestee.recours.get().get_absolute_url(),
        f"/gestion/actes/jurys.recours/{contestee.recours.get().pk}/rejeter_recours/",
        f"/gestion/actes/candidatures.candidature/{dossier.pk}/revoquer_decision/",
        reverse("jurys:statistiques"),
        reverse("jurys:passages"),
    ):
        bureau.goto(url)
        regarder(bureau)
