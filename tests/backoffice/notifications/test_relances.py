"""Reminders: what is due leaves, once; nothing leaves for what is done, closed or revoked."""

from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.comptes.invitations import INVITATION, inviter
from backoffice.notifications.models import ReglageRelance
from backoffice.notifications.quotidien import envoyer_relances
from backoffice.notifications.relances import GENRES, prochaine_relance
from registre.models import CourrielSortant, EntreeJournal
from registre.transitions import executer

from ... import fabriques as f
from ...connexion import connecter
from ...navigateur import regarder

pytestmark = pytest.mark.django_db
MOTIF = {"motif": "Le diplôme joint n’est pas lisible."}


@pytest.fixture
def acteurs():
    return f.Acteurs()


def nuit(jours: int, fois: int = 1) -> list[tuple[str, str]]:
    """Run the daily task `jours` days from now; (model, address) of the reminders that left then."""
    avant = set(CourrielSortant.objects.values_list("pk", flat=True))
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(days=jours)):
        for _ in range(fois):
            envoyer_relances()
    nouveaux = CourrielSortant.objects.exclude(pk__in=avant).order_by("modele", "destinataire")
    return [(c.modele, c.destinataire) for c in nouveaux]


class TestLeRythme:
    @pytest.fixture
    def dossier(self, acteurs):
        return f.faire(f.deposee(acteurs), "declarer_incomplete", acteurs.gestionnaire, **MOTIF)

    def test_une_par_echeance_meme_lancee_vingt_fois(self, dossier, acteurs):
        """J+7, J+14, J+21, then silence; twenty runs a night send one; the dossier shows them and the next one."""
        jour = timezone.localdate()
        assert prochaine_relance(dossier) == jour + timedelta(days=7)
        attendu = [("relance_incomplet", acteurs.employeur.email)]
        partis = {n: nuit(n, fois=20 if n == 7 else 1) for n in (1, 6, 7, 8, 13, 14, 21, 27, 28, 90)}
        assert {n for n, courriels in partis.items() if courriels == attendu} == {7, 14, 21}
        assert sum(map(len, partis.values())) == 3
        relances = EntreeJournal.objects.de(dossier).filter(verbe="relancer")
        assert [e.details["rang"] for e in relances] == [1, 2, 3]
        assert acteurs.employeur.notifications.filter(modele="relance_incomplet").count() == 3
        page = connecter(Client(), acteurs.gestionnaire).get(dossier.get_absolute_url() + "?onglet=echanges")
        assert page.content.decode().count("attend toujours d’être complétée") >= 3

    def test_apres_des_nuits_manquees_une_seule_part(self, dossier):
        """Sixteen days without a run: the last one due, alone; a year: none."""
        assert len(nuit(16)) == 1
        assert nuit(17) == []
        assert EntreeJournal.objects.de(dossier).filter(verbe="relancer").get().details["rang"] == 2
        assert nuit(400) == []

    def test_rien_ne_part_pour_un_dossier_clos_ou_avance(self, dossier, acteurs):
        """Abandoned: silence, and no next reminder on its panel."""
        f.faire(dossier, "desister", acteurs.employeur, **MOTIF)
        dossier.refresh_from_db()
        assert prochaine_relance(dossier) is None
        assert nuit(7) == []

    def test_un_dossier_clos_entre_la_lecture_et_l_envoi_est_relu(self, dossier, acteurs):
        """What is waited for is read again under the lock."""
        genre, lire = GENRES["incomplet"], GENRES["incomplet"].attendus

        def lire_puis_clore(pk=None):
            yield from list(lire(pk))
            if pk is None:
                f.faire(dossier, "desister", acteurs.employeur, **MOTIF)

        with mock.patch.dict(GENRES, {"incomplet": type(genre)(**{**vars(genre), "attendus": lire_puis_clore})}):
            # The withdrawal tells people so; no reminder leaves.
            assert {modele for modele, _ in nuit(7)} == {"candidature_quittee"}

    def test_le_certificateur_regle(self, dossier, acteurs, django_assert_max_num_queries):
        """Off: silence. Another delay: that one. Others read; a bad number is told; each change is in the journal."""
        url, client = reverse("notifications:relances"), connecter(Client(), acteurs.certificateur)
        saisie = {f"{code}-active": "on" for code in GENRES}
        saisie |= {f"{code}-maximum": 3 for code, genre in GENRES.items() if not genre.avant}
        assert client.post(url, saisie | {"incomplet-jours": "0"}).status_code == 422
        assert client.post(url, saisie | {"incomplet-jours": "3"}).status_code == 302
        assert EntreeJournal.objects.get(verbe="regler_relance").details["jours"] == 3
        assert prochaine_relance(dossier) == timezone.localdate() + timedelta(days=3)
        assert len(nuit(3)) == 1
        saisie.pop("incomplet-active")
        client.post(url, saisie)
        assert not ReglageRelance.objects.get(genre="incomplet").active
        assert (nuit(7), prochaine_relance(dossier)) == ([], None)
        assert connecter(Client(), acteurs.gestionnaire).post(url, saisie).status_code == 403

    def test_le_delai_du_parcours_compte(self, acteurs):
        """Each dossier follows its own parcours."""
        acteurs.parcours.relance_apres_jours = 4
        acteurs.parcours.save()
        dossier = f.deposee(acteurs)
        assert prochaine_relance(dossier) == timezone.localdate() + timedelta(days=4)
        page = connecter(Client(), acteurs.gestionnaire).get(dossier.get_absolute_url()).content.decode()
        assert "Prochaine relance" in page
        assert nuit(4) == [("relance_recevabilite", acteurs.gestionnaire.email)]


class TestLesGenres:
    def test_l_invitation_metier_sans_reponse(self, acteurs):
        """Both are reminded; no link stands in the reminder; the évaluateur is awaited once the trade has answered."""
        dossier = f.invitee(acteurs)
        jeton = CourrielSortant.objects.get(modele="invitation_metier").secret
        assert nuit(7) == [
            ("relance_metier", "metier@example.org"),
            ("relance_metier_evaluateur", acteurs.evaluateur.email),
        ]
        assert not CourrielSortant.objects.filter(modele__startswith="relance", corps__contains=jeton)
        f.faire(dossier, "revoquer_invitation", acteurs.evaluateur)
        assert {modele for modele, _ in nuit(14)} <= {"relance_evaluation"}

    def test_l_evaluation_attendue_se_compte_depuis_la_reponse_du_metier(self, acteurs):
        """Not from the day the dossier entered its state."""
        dossier = f.repondue(acteurs)
        type(dossier).objects.filter(pk=dossier.pk).update(etat_depuis=timezone.now() - timedelta(days=30))
        assert nuit(6) == []
        assert nuit(7) == [("relance_evaluation", acteurs.evaluateur.email)]

    def test_les_inscriptions_au_jury_se_terminent(self, acteurs):
        """Fourteen days before the deadline, or as soon as the dossier is ready; none once it is registered."""
        dossier = f.evaluee(acteurs)
        assert nuit(0) == []
        seance = f.session(acteurs, limite_inscription=timezone.localdate() + timedelta(days=16))
        assert nuit(1) == []
        assert nuit(3) == [("relance_inscription_jury", acteurs.employeur.email)]
        assert nuit(4) == []
        autre = f.evaluee(acteurs)
        f.faire(autre, "inscrire_au_jury", acteurs.employeur, session=seance)
        assert nuit(5) == []
        assert EntreeJournal.objects.de(dossier).filter(verbe="relancer").count() == 1

    def test_les_membres_du_jury_sont_rappeles(self, acteurs):
        """Fourteen days before the sitting, each member once."""
        f.session(acteurs, debut=timezone.now() + timedelta(days=20))
        assert nuit(5) == []
        membres = sorted([acteurs.presidente.email, acteurs.vice_president.email])
        assert nuit(6) == [("relance_session_jury", adresse) for adresse in membres]
        assert nuit(10) == []

    def test_le_candidat_inscrit_est_rappele(self, acteurs):
        """Fourteen days before, to who has an address and stands on the list; the subject says nothing of anybody."""
        seance = f.session(acteurs, debut=timezone.now() + timedelta(days=20))
        inscrit = f.inscrite(acteurs, seance)
        sans_adresse, retire = f.inscrite(acteurs, seance), f.inscrite(acteurs, seance)
        type(sans_adresse.titulaire).objects.filter(pk=sans_adresse.titulaire_id).update(courriel="")
        f.faire(retire, "desinscrire_du_jury", acteurs.employeur, **MOTIF)
        rappels = [n for n in (5, 6, 7) for modele, a in nuit(n) if modele == "relance_jury_candidat"]
        assert rappels == [6]
        rappel = CourrielSortant.objects.get(modele="relance_jury_candidat")
        assert rappel.destinataire == inscrit.titulaire.courriel
        assert seance.lieu in rappel.corps and inscrit.reference in rappel.corps
        assert inscrit.reference not in rappel.sujet and inscrit.titulaire.nom_naissance not in rappel.sujet

    def test_l_invitation_a_un_role_sans_reponse(self, acteurs):
        """Who was invited and who invited; nothing once revoked or expired."""
        reste = inviter(acteurs.gestionnaire, "gestionnaire", "reste@example.org", "evaluateur", acteurs.porteur)
        partie = inviter(acteurs.gestionnaire, "gestionnaire", "partie@example.org", "jury", acteurs.porteur)
        executer(INVITATION, "revoquer", partie, acteurs.gestionnaire)
        assert nuit(7) == [
            ("relance_invitation", "reste@example.org"),
            ("relance_invitation_invitant", acteurs.gestionnaire.email),
        ]
        assert nuit(15) == []
        assert EntreeJournal.objects.de(reste).filter(verbe="relancer").count() == 1


@pytest.mark.navigateur
def test_l_ecran_des_relances(page, live_server, acteurs):
    """At 1280 and 320 px: nothing overflows, axe finds nothing."""
    cookie = connecter(Client(), acteurs.certificateur).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + reverse("notifications:relances"))
    regarder(page)
