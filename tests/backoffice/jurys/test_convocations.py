"""Convocations with their calendar file (RFC 5545): to each reader their own, built when the mail leaves (J4)."""

import email
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from backoffice.jurys.calendrier_ics import Evenement, Methode, echapper, fichier, plier
from backoffice.jurys.models import Inscription
from registre.models import CourrielSortant, EntreeJournal
from registre.transitions import Refus
from tests import fabriques as f
from tests.connexion import connecter
from tests.ouvrier import travailler

from .outils import page, seance

DEPART = Evenement(
    uid="session-7@cqp.example.org",
    sequence=42,
    emis_le=datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
    debut=datetime(2026, 12, 17, 8, 30, tzinfo=UTC),
    resume="Jury paritaire",
)


def deplier(texte: str) -> str:
    """What a reader does first (RFC 5545, 3.1)."""
    return texte.replace("\r\n ", "")


def rendre(valeur: str) -> str:
    """The text of a TEXT value, escapes undone."""
    return re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], valeur)


class TestFormat:
    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
    def test_chaque_ligne_tient_et_se_relit(self, texte):
        """At most 75 octets, no character cut; unfolded and unescaped, the text is the one that was given."""
        contenu = fichier(replace(DEPART, description=texte or "x"))
        assert all(len(ligne.encode()) <= 75 for ligne in contenu.split("\r\n"))
        [ligne] = [li for li in deplier(contenu).split("\r\n") if li.startswith("DESCRIPTION:")]
        propre = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", (texte or "x").replace("\r\n", "\n").replace("\r", "\n"))
        assert rendre(ligne.removeprefix("DESCRIPTION:")) == propre

    def test_une_ligne_ne_s_injecte_pas(self):
        """A place that holds a line break adds no property."""
        contenu = fichier(replace(DEPART, lieu="Paris\r\nATTENDEE:mailto:x@example.org"))
        assert "\r\nATTENDEE" not in deplier(contenu)
        assert echapper("a;b,c\\d\ne") == r"a\;b\,c\\d\ne"
        assert plier("é" * 40).split("\r\n ") == ["é" * 37, "é" * 3]

    def test_une_convocation_nomme_qui_convie_et_qui_est_convie(self):
        """RFC 5546: an invitation without its two addresses is refused here, not by the reader's calendar."""
        with pytest.raises(ValueError, match="qui est convié"):
            fichier(DEPART, Methode.CONVIER)
        contenu = fichier(
            Evenement(
                **{**DEPART.__dict__, "organisateur": "jurys@example.org", "invite": "anne@example.org", "minutes": 90}
            ),
            Methode.ANNULER,
        )
        for ligne in (
            "METHOD:CANCEL",
            "STATUS:CANCELLED",
            "SEQUENCE:42",
            "DTSTART:20261217T083000Z",
            "DURATION:PT90M",
            "UID:session-7@cqp.example.org",
            "ORGANIZER:mailto:jurys@example.org",
        ):
            assert f"{ligne}\r\n" in contenu


def calendrier_de(message) -> tuple[str, str]:
    """(type, text) of the calendar file of a mail that left, as a mail reader finds it."""
    [partie] = [p for p in email.message_from_bytes(message.message().as_bytes()).walk() if p.get_filename()]
    return partie["Content-Type"], deplier(partie.get_payload(decode=True).decode())


@pytest.mark.django_db
class TestConvoquer:
    @pytest.fixture
    def session(self, acteurs):
        champs = {"lieu": "Salle A, 3e étage ; Mende", "candidats_recus": True, "consignes": "Le carnet de chantier"}
        return f.session(acteurs, **champs)

    def envoyes(self, modele) -> dict:
        """address → mail that left, of this model."""
        travailler()
        recus = set(CourrielSortant.objects.filter(modele=modele).values_list("identifiant_message", flat=True))
        return {m.to[0]: m for m in mail.outbox if m.extra_headers["Message-ID"] in recus}

    def test_chacun_recoit_la_sienne_avec_son_agenda(self, acteurs, session):
        """Members, candidate, employer: own address only, no candidate's name in what others get; then nobody twice."""
        candidature = f.inscrite(acteurs, session)
        seance(session, "convoquer", acteurs.gestionnaire)
        membres, candidat = self.envoyes("convocation_jury"), self.envoyes("convocation_candidat")
        employeur = self.envoyes("convocation_employeur")
        assert set(membres) == {acteurs.presidente.email, acteurs.vice_president.email}
        assert (set(candidat), set(employeur)) == ({candidature.titulaire.courriel}, {acteurs.employeur.email})
        for adresse, message in (membres | candidat | employeur).items():
            genre, contenu = calendrier_de(message)
            assert "text/calendar" in genre and 'method="REQUEST"' in genre
            assert f":mailto:{adresse}\r\n" in contenu and contenu.count("ATTENDEE") == 1
            assert r"LOCATION:Salle A\, 3e étage \; Mende" in contenu
            assert candidature.titulaire.nom_naissance not in contenu
        _, sien = calendrier_de(candidat[candidature.titulaire.courriel])
        assert "Le carnet de chantier" in sien and candidature.get_absolute_url() in sien
        assert "Le carnet de chantier" in candidat[candidature.titulaire.courriel].body
        assert candidature.reference in employeur[acteurs.employeur.email].body
        assert Inscription.objects.get().convoquee_le and not session.membres.filter(convoque_le=None).exists()
        assert EntreeJournal.objects.de(candidature).filter(verbe="convoquer_dossier").count() == 1
        with pytest.raises(Refus, match="Tout le monde a reçu sa convocation"):
            seance(session, "convoquer", acteurs.gestionnaire)

    def test_qui_arrive_ensuite_est_convoque_seul(self, acteurs, session):
        """A second sending reaches the new dossier, not those who know."""
        seance(session, "convoquer", acteurs.gestionnaire)
        candidature = f.inscrite(acteurs, session)
        seance(session, "convoquer", acteurs.gestionnaire)
        assert set(self.envoyes("convocation_candidat")) == {candidature.titulaire.courriel}
        assert CourrielSortant.objects.filter(modele="convocation_jury", cause__verbe="convoquer").count() == 2

    def test_l_agenda_suit_la_session(self, acteurs, session):
        """Same UID, a rank that grows, then the cancellation: what each calendar needs to keep up."""
        f.inscrite(acteurs, session)
        seance(session, "convoquer", acteurs.gestionnaire)
        _, avant = calendrier_de(self.envoyes("convocation_jury")[acteurs.presidente.email])
        seance(session, "modifier_session", acteurs.gestionnaire, debut=session.debut + timedelta(days=1))
        _, apres = calendrier_de(self.envoyes("session_modifiee")[acteurs.presidente.email])
        seance(session, "annuler_session", acteurs.gestionnaire, motif="Salle indisponible ce jour-là.")
        genre, fin = calendrier_de(self.envoyes("session_annulee")[acteurs.presidente.email])
        lus = [dict(li.split(":", 1) for li in t.split("\r\n") if ":" in li) for t in (avant, apres, fin)]
        assert len({lu["UID"] for lu in lus}) == 1
        assert int(lus[0]["SEQUENCE"]) < int(lus[1]["SEQUENCE"]) < int(lus[2]["SEQUENCE"])
        assert lus[0]["DTSTART"] != lus[1]["DTSTART"] == lus[2]["DTSTART"]
        assert 'method="CANCEL"' in genre and lus[2]["STATUS"] == "CANCELLED"

    def test_la_piece_dit_ce_qui_est_vrai_quand_le_courriel_part(self, acteurs, session):
        """Written before the cancellation, sent after: it does not invite any more. Tried again, the same bytes."""
        seance(session, "convoquer", acteurs.gestionnaire)
        seance(session, "annuler_session", acteurs.gestionnaire, motif="Salle indisponible ce jour-là.")
        for message in self.envoyes("convocation_jury").values():
            assert "METHOD:CANCEL" in calendrier_de(message)[1]

    def test_un_retrait_sort_la_date_de_l_agenda(self, acteurs, session):
        """Who was convened gets a cancellation; who was not gets words only."""
        convoque = f.inscrite(acteurs, session)
        seance(session, "convoquer", acteurs.gestionnaire)
        pas_encore = f.inscrite(acteurs, session)
        for dossier in (convoque, pas_encore):
            f.faire(dossier, "desinscrire_du_jury", acteurs.employeur, motif="Report à la demande du candidat.")
        messages = self.envoyes("retrait_du_jury")
        assert "METHOD:CANCEL" in calendrier_de(messages[convoque.titulaire.courriel])[1]
        assert not messages[pas_encore.titulaire.courriel].attachments

    def test_le_fichier_se_telecharge_par_ceux_que_cela_concerne(self, acteurs, session, client):
        """Members, organisers, employer, candidate: published, naming nobody; a stranger gets 404."""
        candidature = f.inscrite(acteurs, session)
        compte = f.UtilisateurFactory(role="candidat")
        type(candidature.titulaire).objects.filter(pk=candidature.titulaire_id).update(utilisateur=compte)
        du_dossier = f"/gestion/jurys/dossiers/{candidature.pk}/agenda.ics"
        de_la_session = f"{page(session)}agenda.ics"
        for qui, url in (
            (acteurs.presidente, de_la_session),
            (acteurs.gestionnaire, de_la_session),
            (acteurs.employeur, de_la_session),
            (acteurs.employeur, du_dossier),
            (compte, du_dossier),
        ):
            reponse = connecter(client, qui).get(url)
            assert (reponse.status_code, reponse["Content-Type"]) == (200, "text/calendar; charset=utf-8")
            contenu = deplier(reponse.content.decode())
            assert "METHOD:PUBLISH" in contenu and "mailto:" not in contenu
        connecter(client, f.Acteurs().presidente)
        assert (client.get(de_la_session).status_code, client.get(du_dossier).status_code) == (404, 404)
