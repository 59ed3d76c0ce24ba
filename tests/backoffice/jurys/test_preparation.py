"""What organisers still have to do, the month, a session taken up again, the reminders (J1, J4)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.jurys.models import SessionJury
from backoffice.jurys.preparation import sessions_a_preparer
from registre.models import CourrielSortant
from registre.quotidien import accomplir
from tests import fabriques as f
from tests.connexion import activer_totp, connecter, se_connecter
from tests.navigateur import regarder

from .outils import page, seance, texte

pytestmark = pytest.mark.django_db
ACCUEIL = "/gestion/"


def phrases(personne) -> list[str]:
    return [p.phrase for p in sessions_a_preparer(f.Utilisateur.objects.get(pk=personne.pk))]


class TestPreparatifs:
    def test_ce_qui_reste_a_faire_se_dit_en_nombres(self, acteurs, client):
        """Members first, then who is to be convened, then nothing; a deadline passed with places and dossiers left."""
        session = f.session(acteurs)
        session.membres.filter(college="salaries").delete()
        f.inscrite(acteurs, session)
        assert phrases(acteurs.gestionnaire) == ["Collège salariés\u00a0: 0 siège pourvu, il en faut au moins 1."]
        assert phrases(acteurs.presidente) == []
        complete = f.session(acteurs)
        assert phrases(acteurs.certificateur)[1:] == ["À convoquer\u00a0: 2 membres."]
        f.inscrite(acteurs, complete)
        contenu = texte(connecter(client, acteurs.gestionnaire).get(ACCUEIL))
        assert "À convoquer\u00a0: 2 membres et 1 dossier." in contenu
        seance(complete, "convoquer", acteurs.gestionnaire)
        assert "Tout est prêt" in texte(client.get(page(complete)))
        SessionJury.objects.filter(pk=complete.pk).update(limite_inscription=timezone.localdate() - timedelta(days=1))
        f.evaluee(acteurs)
        assert "Inscriptions closes avec 39 places libres, et 1 dossier en attente." in phrases(acteurs.gestionnaire)

    def test_le_nombre_de_requetes_ne_suit_pas_le_nombre_de_sessions(self, acteurs):
        """One or six: the same number."""
        personne = acteurs.gestionnaire
        f.session(acteurs)
        phrases(personne)
        with CaptureQueriesContext(connection) as une:
            phrases(personne)
        for _ in range(5):
            f.session(acteurs)
        with CaptureQueriesContext(connection) as six:
            phrases(personne)
        assert len(six) == len(une)

    def test_les_organisateurs_sont_rappeles_en_nombres(self, acteurs):
        """Fourteen days before, once, while the quorum is out of reach; a complete jury is no worry."""
        bientot = {"debut": timezone.now() + timedelta(days=10), "limite_inscription": timezone.localdate()}
        session = f.session(acteurs, **bientot)
        f.session(acteurs, **bientot)
        session.membres.filter(college="salaries").delete()
        for _fois in range(2):
            accomplir(["envoyer_relances"])
        recus = CourrielSortant.objects.filter(modele="relance_composition_jury")
        assert {c.destinataire for c in recus} == {acteurs.gestionnaire.email, acteurs.certificateur.email}
        assert recus.count() == 2
        assert "Collège salariés\u00a0: 0 siège pourvu, il en faut au moins 1." in recus[0].corps


class TestActeSuivant:
    """The button shown first on a session follows its date."""

    def suivant(self, client, personne, session):
        acte = connecter(client, personne).get(page(session)).context["principal"]
        return acte and acte["libelle"]

    def test_avant_le_jour_on_prepare_le_jour_meme_on_emarge(self, acteurs, client):
        """Weeks before, members have nothing to sign; the day before neither; on the day they sign, then open."""
        session = f.session(acteurs, debut=timezone.now() + timedelta(days=20))
        f.inscrite(acteurs, session)
        assert self.suivant(client, acteurs.gestionnaire, session) == "Envoyer les convocations"
        assert self.suivant(client, acteurs.presidente, session) is None
        assert "/emarger/" in texte(client.get(page(session)))
        seance(session, "convoquer", acteurs.gestionnaire)
        assert self.suivant(client, acteurs.gestionnaire, session) is None
        demain = timezone.localtime().replace(hour=0, minute=5) + timedelta(days=1)
        SessionJury.objects.filter(pk=session.pk).update(debut=demain)
        assert self.suivant(client, acteurs.presidente, session) is None
        ce_soir = timezone.localtime().replace(hour=23, minute=59)
        SessionJury.objects.filter(pk=session.pk).update(debut=ce_soir)
        for membre in (acteurs.presidente, acteurs.vice_president):
            assert self.suivant(client, membre, session) == "Émarger"
            seance(session, "emarger", membre)
        assert self.suivant(client, acteurs.vice_president, session) is None
        assert self.suivant(client, acteurs.presidente, session) == "Ouvrir la séance"
        assert self.suivant(client, acteurs.gestionnaire, session) == "Ouvrir la séance"

    def test_apres_la_seance_on_clot_puis_on_signe(self, acteurs, audience, client):
        """Open: the room while a dossier waits, then the closing; closed: the signature of who signs."""
        session, candidature = audience
        assert self.suivant(client, acteurs.presidente, session) is None
        f.deliberer(acteurs, candidature)
        assert self.suivant(client, acteurs.presidente, session) == "Clore la séance"
        seance(session, "clore_seance", acteurs.presidente)
        assert self.suivant(client, acteurs.vice_president, session) == "Signer le PV"
        assert self.suivant(client, acteurs.gestionnaire, session) is None


class TestDupliquer:
    def test_memes_reglages_memes_membres_autre_date(self, acteurs, client):
        """Whose mandate still runs has a seat and function again; another's session is not a model."""
        modele = f.session(acteurs, duree_minutes=120, consignes="Le carnet")
        connecter(client, acteurs.gestionnaire)
        url = f"/gestion/jurys/nouvelle/?modele={modele.pk}"
        assert "Le carnet" in texte(client.get(url))
        jury = timezone.localtime() + timedelta(days=80)
        saisie = {
            "instance": "unique",
            "certificateur": acteurs.cpne.pk,
            "certifications": [acteurs.certification.pk],
            "debut": f"{jury:%Y-%m-%dT09:30}",
            "lieu": "Mende",
            "capacite": 12,
            "cle": "k",
        }
        for _fois in range(2):
            assert client.post(url, saisie).status_code == 302
        nouvelle = SessionJury.objects.latest("pk")
        assert SessionJury.objects.count() == 2
        assert nouvelle.limite_inscription == jury.date() - timedelta(days=15)
        assert set(nouvelle.membres.values_list("utilisateur", "fonction")) == set(
            modele.membres.values_list("utilisateur", "fonction")
        )
        assert connecter(client, f.Acteurs().gestionnaire).get(url).status_code == 404


class TestCalendrier:
    def test_un_mois_de_sessions(self, acteurs, client):
        """Each session on its day with its places, neighbours by links; another's session is not there."""
        session = f.session(acteurs, capacite=7)
        mois = f"{timezone.localdate(session.debut):%Y-%m}"
        connecter(client, acteurs.presidente)
        contenu = texte(client.get(f"/gestion/jurys/calendrier/?mois={mois}"))
        assert page(session) in contenu and "0 / 7 dossiers" in contenu
        for absurde in ("2026-13", "x", "", "9999-12"):
            assert client.get(f"/gestion/jurys/calendrier/?mois={absurde}").status_code == 200
        connecter(client, f.Acteurs().gestionnaire)
        assert page(session) not in texte(client.get(f"/gestion/jurys/calendrier/?mois={mois}"))


@pytest.mark.django_db(transaction=True)
def test_les_ecrans_des_sessions_se_lisent_partout(acteurs, ouvrir_navigateur):
    """Session, month, planning aid, planning form: no overflow, nothing axe finds, narrow and wide."""
    session = f.session(acteurs, capacite=1)
    f.inscrite(acteurs, session)
    f.faire(f.evaluee(acteurs), "demander_place", acteurs.employeur, session=session)
    f.session(acteurs), f.evaluee(acteurs)
    ecran = ouvrir_navigateur()
    secret = activer_totp(acteurs.gestionnaire)
    se_connecter(ecran, "", acteurs.gestionnaire.email, f.MOT_DE_PASSE, secret)
    mois = f"{timezone.localdate(session.debut):%Y-%m}"
    for adresse in (page(session), f"/gestion/jurys/calendrier/?mois={mois}", "/gestion/jurys/planning/", ACCUEIL):
        ecran.goto(adresse)
        regarder(ecran)
