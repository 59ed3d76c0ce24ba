"""The notification centre: the bell counts, the page tells, the preferences are kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.comptes.models import DemandeCompte, Invitation
from backoffice.courriels import composer
from registre import courriels, journal
from registre.courriels import Message
from registre.models import CourrielSortant, Notification, PreferenceNotification

from ... import fabriques as f
from ...connexion import connecter

pytestmark = pytest.mark.django_db
CENTRE = "/gestion/notifications/"


@pytest.fixture
def acteurs():
    return f.Acteurs()


def invitation() -> Invitation:
    return Invitation(pk=1, courriel="x@example.org", role="auditeur", expire_le=timezone.now())


def notifier(personne, cause, nombre=1):
    for rang in range(nombre):
        message = Message(personne.email, f"Message {rang}", "Bonjour.\n", f"essai{rang}", facultatif=True)
        courriels.deposer(message, cause)


class TestLeCentre:
    def test_on_lit_on_ouvre_on_remet_non_lu(self, acteurs):
        """Unread first; opening marks it read and leads to the dossier; it can be unread again; then all read."""
        dossier = f.recevable(acteurs)
        client = connecter(Client(), acteurs.employeur)
        page = client.get(CENTRE).content.decode()
        assert "Une candidature est recevable" in page and "1 non lue" in page
        assert dossier.reference in page, "two notifications of the same kind are told apart"
        siennes = acteurs.employeur.notifications
        pk = siennes.get().pk
        reponse = client.post(CENTRE, {"notification": pk, "geste": "ouvrir"})
        assert reponse.url == dossier.get_absolute_url() and siennes.get().lue_le
        assert "Tout est lu" in client.get(CENTRE).content.decode()
        client.post(CENTRE, {"notification": pk, "geste": "non_lue"})
        assert siennes.get().lue_le is None
        client.post(CENTRE, {"geste": "tout_lire"})
        assert not siennes.non_lues()

    def test_celles_des_autres_n_existent_pas(self, acteurs):
        """Neither on the page nor by their number."""
        f.recevable(acteurs)
        client = connecter(Client(), acteurs.auditeur)
        assert "Aucune notification" in client.get(CENTRE).content.decode()
        pk = acteurs.employeur.notifications.get().pk
        assert client.post(CENTRE, {"notification": pk, "geste": "lire"}).status_code == 404
        assert client.post(CENTRE, {"notification": "x", "geste": "lire"}).status_code == 404
        assert not acteurs.employeur.notifications.exclude(lue_le=None)

    def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(self, acteurs, django_assert_max_num_queries):
        """One or twenty lines, the same; the bell costs one."""
        cause = journal.consigner(None, "essai", "essai", f.OrganismeFactory())
        client = connecter(Client(), acteurs.employeur)
        notifier(acteurs.employeur, cause)
        client.get(CENTRE)
        with django_assert_max_num_queries(40) as une:
            client.get(CENTRE)
        notifier(acteurs.employeur, cause, 20)
        with django_assert_max_num_queries(40) as vingt:
            client.get(CENTRE)
        assert len(une) == len(vingt)
        assert sum("COUNT" in r["sql"] and "notification" in r["sql"] for r in vingt.captured_queries) <= 3

    def test_la_purge_suit_la_conservation(self, acteurs):
        """Read for 90 days, or a year old: gone. The others stay."""
        from backoffice.notifications.quotidien import purger_notifications

        cause = journal.consigner(None, "essai", "essai", f.OrganismeFactory())
        notifier(acteurs.employeur, cause, 4)
        lue, recente, vieille, _ = Notification.objects.order_by("pk")
        jour = timedelta(days=1)
        Notification.objects.filter(pk=lue.pk).update(lue_le=timezone.now() - 91 * jour)
        Notification.objects.filter(pk=recente.pk).update(lue_le=timezone.now() - 89 * jour)
        Notification.objects.filter(pk=vieille.pk).update(cree_le=timezone.now() - 366 * jour)
        assert "2 notification(s)" in purger_notifications()
        assert "0 notification(s)" in purger_notifications()


class TestOuMeneUneNotification:
    def test_jamais_a_une_page_qui_n_est_pas_pour_soi(self, acteurs):
        """An account just opened leads home, a change of one's password to one's account, a reminded link nowhere."""
        from backoffice.comptes.courriels import prevenir

        composes = [
            composer("compte_approuve", "x@example.org", demande=DemandeCompte(pk=1, porteur=None), nouveau=True),
            composer("relance_invitation", "x@example.org", invitation=invitation(), depuis=timezone.now()),
        ]
        assert [m.lien for m in composes] == ["/gestion/", ""]
        prevenir(acteurs.employeur, "account/email/password_changed", origine="", navigateur="")
        assert acteurs.employeur.notifications.get().lien == reverse("comptes:moi")


class TestLesPreferences:
    def test_l_application_seulement_sauf_ce_qui_est_du(self, acteurs):
        """Unchecked: no mail for that kind, still a notification. A kind that is due is not a choice, even forged."""
        client = connecter(Client(), acteurs.gestionnaire)
        url = reverse("notifications:preferences")
        assert "decision_candidat" not in client.get(url).content.decode()
        client.post(url, {"courriel": ["metier_a_repondu", "decision_candidat"]})
        assert not PreferenceNotification.objects.filter(modele="decision_candidat")
        f.deposee(acteurs)
        assert not CourrielSortant.objects.filter(modele="candidature_deposee")
        assert acteurs.gestionnaire.notifications.filter(modele="candidature_deposee").count() == 1
        assert "Une candidature est déposée" in client.get(url).content.decode()
        assert "Le dossier est inscrit" not in client.get(url).content.decode()
        client.post(url, {"courriel": ["candidature_deposee"]})
        f.deposee(acteurs)
        assert CourrielSortant.objects.filter(modele="candidature_deposee").count() == 1
