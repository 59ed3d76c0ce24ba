"""A planned session changes, is cancelled, and opens its dossiers to its members at the day said (J1, J4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.candidatures.lectures import noter_lecture
from backoffice.candidatures.models import Candidature
from backoffice.jurys.models import SessionJury
from registre.models import CourrielSortant, EntreeJournal
from registre.quotidien import accomplir
from registre.transitions import Refus
from tests import fabriques as f
from tests.connexion import connecter

from .outils import page, seance, texte

pytestmark = pytest.mark.django_db


def recus(modele) -> list[str]:
    """Who got this mail, in alphabetical order."""
    return sorted(CourrielSortant.objects.filter(modele=modele).values_list("destinataire", flat=True))


class TestModifier:
    def test_qui_est_convoque_apprend_ce_qui_change_et_lui_seul(self, acteurs):
        """Members, candidate and employer once convened; nobody before; capacity alone is nobody's business."""
        session = f.session(acteurs)
        candidature = f.inscrite(acteurs, session)
        session = seance(session, "modifier_session", acteurs.gestionnaire, lieu="Lyon")
        assert recus("session_modifiee") == recus("session_modifiee_candidat") == []
        seance(session, "convoquer", acteurs.gestionnaire)
        seance(session, "modifier_session", acteurs.gestionnaire, capacite=50)
        assert recus("session_modifiee") == []
        plus_tard = session.debut + timedelta(days=3)
        seance(session, "modifier_session", acteurs.gestionnaire, debut=plus_tard, lieu="Mende")
        assert recus("session_modifiee") == sorted([acteurs.presidente.email, acteurs.vice_president.email])
        assert recus("session_modifiee_candidat") == [candidature.titulaire.courriel]
        assert recus("session_modifiee_employeur") == [acteurs.employeur.email]
        corps = CourrielSortant.objects.get(modele="session_modifiee_candidat").corps
        assert "- Lieu\u00a0: Mende (au lieu de\u00a0: Lyon)" in corps
        assert f"{timezone.localtime(plus_tard):%d}".lstrip("0") in corps

    def test_ce_qui_est_pris_ne_se_reprend_pas(self, acteurs):
        """Neither a place, nor the certification of a dossier on the list, nor the past; the reason says what to do."""
        session = f.session(acteurs, capacite=5)
        f.inscrite(acteurs, session), f.inscrite(acteurs, session)
        for champs, phrase in (
            ({"capacite": 1}, "2 dossiers sont inscrits, plus que 1"),
            ({"certifications": [f.CertificationFactory()]}, "Gardez la certification"),
            ({"debut": timezone.now() - timedelta(days=1)}, "Cette date est passée"),
            ({"limite_inscription": timezone.localdate() + timedelta(days=60)}, "se terminent avant le jury"),
        ):
            with pytest.raises(Refus, match=phrase):
                seance(session, "modifier_session", acteurs.gestionnaire, **champs)
        assert seance(session, "modifier_session", acteurs.gestionnaire, capacite=2).capacite == 2

    def test_l_ecran_garde_ce_qui_est_refuse_et_propose_la_date(self, acteurs, client):
        """A deadline shorter than what members need is asked about once, then kept; the other porteurs' CQP stay."""
        session, ailleurs = f.session(acteurs), f.Acteurs()
        session.certifications.add(ailleurs.certification)
        connecter(client, acteurs.gestionnaire)
        url = f"/gestion/actes/jurys.sessionjury/{session.pk}/modifier_session/"
        jury = timezone.localtime(session.debut)
        saisie = {
            "certifications": [acteurs.certification.pk],
            "debut": f"{jury:%Y-%m-%dT%H:%M}",
            "lieu": "Mende",
            "capacite": 12,
            "limite_inscription": f"{jury - timedelta(days=3):%Y-%m-%d}",
            "cle": "k",
        }
        assert client.get(url).status_code == 200
        reponse = client.post(url, saisie)
        assert reponse.status_code == 422
        assert "15 jours avant le jury" in texte(reponse) and "Je garde cette date limite" in texte(reponse)
        assert client.post(url, {**saisie, "garder_la_date": "on"}).status_code == 302
        session = SessionJury.objects.get(pk=session.pk)
        assert (session.lieu, session.capacite) == ("Mende", 12)
        assert set(session.certifications.all()) == {acteurs.certification, ailleurs.certification}


class TestAnnuler:
    def test_les_dossiers_attendent_de_nouveau_et_chacun_le_sait(self, acteurs):
        """Back to « évaluée », the reason read by all; waiting requests end too; a session held is not cancelled."""
        session = f.session(acteurs, capacite=1)
        inscrit = f.inscrite(acteurs, session)
        attend = f.faire(f.evaluee(acteurs), "demander_place", acteurs.employeur, session=session)
        session = seance(session, "annuler_session", acteurs.certificateur, motif="Salle indisponible ce jour-là.")
        assert (session.etat, session.annulee_le is not None) == ("annulee", True)
        assert Candidature.objects.get(pk=inscrit.pk).etat == "evaluee"
        assert not attend.demandes_de_place.filter(retiree_le=None).exists()
        assert recus("session_annulee") == sorted([acteurs.presidente.email, acteurs.vice_president.email])
        assert recus("session_annulee_candidat") == [inscrit.titulaire.courriel]
        [courriel] = CourrielSortant.objects.filter(modele="session_annulee_employeur")
        assert inscrit.reference in courriel.corps and attend.reference in courriel.corps
        ailleurs = f.session(acteurs)
        assert f.faire(inscrit, "inscrire_au_jury", acteurs.employeur, session=ailleurs).etat == "inscrite_jury"
        f.ouvrir_seance(acteurs, ailleurs)
        with pytest.raises(Refus, match="n’est pas possible maintenant"):
            seance(ailleurs, "annuler_session", acteurs.gestionnaire, motif="Trop tard pour annuler.")

    def test_une_session_de_la_cpne_annulee_laisse_la_proposition(self):
        """What the first jury proposed is not lost: the dossier waits for another session of the CPNE."""
        acteurs = f.Acteurs(jurys_fusionnes=False)
        premiere = f.session(acteurs, instance="evaluation")
        dossier = f.inscrite(acteurs, premiere)
        f.ouvrir_seance(acteurs, premiere)
        f.deliberer(acteurs, dossier)
        f.sceller(acteurs, premiere)
        cpne = f.session(acteurs, instance="certification")
        f.faire(dossier, "presenter_a_la_cpne", acteurs.certificateur, session=cpne)
        seance(cpne, "annuler_session", acteurs.certificateur, motif="Quorum impossible à réunir.")
        dossier.refresh_from_db()
        assert dossier.etat == "proposee"
        assert dossier.inscriptions.filter(retiree_le=None, session__etat="planifiee").count() == 0


class TestFenetre:
    """Members read from N days before until the minutes."""

    def membre_lit(self, acteurs, candidature) -> bool:
        presidente = f.Utilisateur.objects.get(pk=acteurs.presidente.pk)
        visible = Candidature.objects.all().visibles_par(presidente).filter(pk=candidature.pk).exists()
        assert visible == ("jury" in candidature.roles_de(presidente))
        return visible

    def test_une_session_d_avant_cette_regle_recoit_son_jour(self, acteurs):
        """Planned when no opening day was kept: the night gives it one, and its members read in time."""
        session = f.session(acteurs, acces_membres_jours=None)
        candidature = f.inscrite(acteurs, session)
        SessionJury.objects.update(dossiers_ouverts_le=None, debut=timezone.now() + timedelta(days=5))
        assert not self.membre_lit(acteurs, candidature)
        accomplir(["remettre_les_dossiers"])
        assert self.membre_lit(acteurs, candidature)

    def test_les_dossiers_s_ouvrent_au_jour_dit_puis_le_jury_le_sait(self, acteurs, client):
        """Before: the page tells the day, no name shows. That day: they read, and were told once."""
        session = f.session(acteurs, acces_membres_jours=None)
        candidature = f.inscrite(acteurs, session)
        session.refresh_from_db()
        assert session.dossiers_ouverts_le == timezone.localdate(session.debut) - timedelta(days=15)
        assert not self.membre_lit(acteurs, candidature)
        connecter(client, acteurs.presidente)
        contenu = texte(client.get(page(session)))
        assert "Les dossiers s’ouvriront le" in contenu
        assert candidature.titulaire.nom_complet not in contenu
        accomplir(["remettre_les_dossiers"])
        assert recus("dossiers_ouverts") == []
        seance(session, "modifier_session", acteurs.gestionnaire, acces_membres_jours=30)
        assert self.membre_lit(acteurs, candidature)
        for _fois in range(2):
            accomplir(["remettre_les_dossiers"])
        assert recus("dossiers_ouverts") == sorted([acteurs.presidente.email, acteurs.vice_president.email])
        assert candidature.titulaire.nom_complet in texte(client.get(page(session)))

    def test_le_delai_du_parcours_le_plus_long_l_emporte_et_ne_referme_rien(self, acteurs):
        """Another certification asks for 30 days: open at once; its dossier withdrawn, what was open stays open."""
        autres = f.Acteurs(delai_envoi_dossiers=30)
        session = f.session(acteurs, acces_membres_jours=None)
        session.certifications.add(autres.certification)
        candidature = f.inscrite(acteurs, session)
        assert not self.membre_lit(acteurs, candidature)
        venue = f.inscrite(autres, session)
        assert self.membre_lit(acteurs, candidature)
        f.faire(venue, "desinscrire_du_jury", autres.gestionnaire, motif="Report à la demande du candidat.")
        assert self.membre_lit(acteurs, candidature)

    def test_une_lecture_par_un_membre_se_note_une_fois_par_jour(self, acteurs, client):
        """The page of the dossier, twice: one entry, that the staff reads; the staff's own readings are not noted."""
        candidature = f.inscrite(acteurs)
        for _fois in range(2):
            assert connecter(client, acteurs.presidente).get(candidature.get_absolute_url()).status_code == 200
        noter_lecture(candidature, acteurs.vice_president)
        connecter(client, acteurs.gestionnaire)
        journal = texte(client.get(candidature.get_absolute_url() + "?onglet=journal"))
        lues = EntreeJournal.objects.de(candidature).filter(verbe="consulter_dossier")
        assert [e.acteur for e in lues] == [acteurs.presidente, acteurs.vice_president]
        assert "Dossier lu" in journal
        connecter(client, acteurs.employeur)
        assert "Dossier lu" not in texte(client.get(candidature.get_absolute_url() + "?onglet=journal"))


class TestPageDeLaSession:
    def test_l_employeur_lit_ses_dossiers_et_eux_seuls(self, acteurs, client):
        """Date, place and the rank of those who wait; not the members, not the dossiers of others; others get 404."""
        voisin = f.OrganismeFactory()
        session = f.session(acteurs, capacite=1)
        acteurs.etablissement, sien = voisin, acteurs.etablissement
        autre_employeur, acteurs.employeur = acteurs.employeur, f.UtilisateurFactory(role=("employeur", voisin))
        cache = f.inscrite(acteurs, session)
        acteurs.etablissement, acteurs.employeur = sien, autre_employeur
        attend = f.faire(f.evaluee(acteurs), "demander_place", acteurs.employeur, session=session)
        contenu = texte(connecter(client, acteurs.employeur).get(page(session)))
        assert attend.titulaire.nom_complet in contenu and "1<sup>re</sup> demande" in contenu
        assert cache.reference not in contenu and str(acteurs.presidente) not in contenu
        agenda = client.get(page(session) + "agenda.ics")
        assert agenda["Content-Type"].startswith("text/calendar")
        assert connecter(client, f.Acteurs().employeur).get(page(session)).status_code == 404
