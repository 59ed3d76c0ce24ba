"""Two people sign the minutes, on the exact text, each having proved who they are; then they are sealed (J6)."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.jurys.models import ProcesVerbal, SignaturePV
from registre.models import EntreeJournal
from registre.preuves import Preuve
from registre.transitions import IdentiteAConfirmer, Refus, RoleInsuffisant
from tests import fabriques as f
from tests.connexion import activer_totp, code_totp_neuf, connecter

from .outils import nommer, ouverte, page, seance, texte

pytestmark = pytest.mark.django_db
LU = {"lu": "on"}


def adresse(session, nom="signer_pv") -> str:
    return f"/gestion/actes/jurys.sessionjury/{session.pk}/{nom}/"


@pytest.fixture
def close(acteurs):
    """A closed session, one dossier decided, the text frozen."""
    session, candidature = ouverte(acteurs)
    f.deliberer(acteurs, candidature)
    return seance(session, "clore_seance", acteurs.presidente), candidature


class TestSignature:
    def test_deux_signatures_scellent_et_la_decision_ne_prend_effet_qu_alors(self, acteurs, close):
        """One signature decides nothing; the second one seals, in whatever order they come."""
        session, candidature = close
        session = f.signer_pv(session, acteurs.vice_president)
        candidature.refresh_from_db()
        assert (session.etat, candidature.etat, session.pv.scelle_le) == ("close", "inscrite_jury", None)
        session = f.signer_pv(session, acteurs.presidente)
        candidature.refresh_from_db()
        assert (session.etat, candidature.etat) == ("scellee", "validee")
        assert session.pv.scelle_le
        signatures = SignaturePV.objects.values_list("membre__utilisateur", "empreinte", "preuve")
        assert set(signatures) == {
            (p.pk, session.pv.empreinte, "totp") for p in (acteurs.presidente, acteurs.vice_president)
        }

    def test_on_ne_signe_ni_deux_fois_ni_pour_un_autre_ni_un_autre_texte(self, acteurs, close):
        """Twice, by a simple member, by who organises, on another hash or on none: refused, nothing is sealed."""
        session, _ = close
        f.signer_pv(session, acteurs.presidente)
        with pytest.raises(Refus, match="La signature de la présidence est déjà donnée"):
            f.signer_pv(session, acteurs.presidente)
        with pytest.raises(RoleInsuffisant):
            f.signer_pv(session, acteurs.gestionnaire)
        preuve = f.preuve(acteurs.vice_president)
        for lu in ("0" * 64, ""):
            with pytest.raises(Refus, match="Le texte n’est plus celui que vous avez lu"):
                seance(session, "signer_pv", acteurs.vice_president, empreinte=lu, preuve=preuve)
        assert SignaturePV.objects.count() == 1

    def test_un_simple_membre_ne_signe_pas_quand_les_deux_sont_la(self, acteurs):
        """The sentence says who signs."""
        session = f.session(acteurs)
        candidature = f.inscrite(acteurs, session)
        membres = [nommer(acteurs, session, college) for college in ("employeurs", "salaries")]
        for membre in membres:
            seance(session, "emarger", membre)
        f.ouvrir_seance(acteurs, session)
        f.deliberer(acteurs, candidature)
        session = seance(session, "clore_seance", acteurs.presidente)
        with pytest.raises(Refus, match=r"se signe par Anne .*\(la présidence\) et Bruno .*\(la vice-présidence\)"):
            f.signer_pv(session, membres[0])

    def test_sans_preuve_fraiche_et_sienne_le_moteur_refuse(self, acteurs, close):
        """None, that of another person, six minutes old, from the future, or a lookalike."""
        session, _ = close
        maintenant, elle = timezone.now(), acteurs.presidente
        for preuve in (
            None,
            f.preuve(acteurs.vice_president),
            Preuve(elle.pk, "totp", maintenant - timedelta(minutes=6)),
            Preuve(elle.pk, "totp", maintenant + timedelta(minutes=1)),
            {"personne": elle.pk, "le": maintenant},
        ):
            with pytest.raises(IdentiteAConfirmer, match="confirmez d’abord que c’est bien vous"):
                seance(session, "signer_pv", elle, empreinte=session.pv.empreinte, preuve=preuve)
        assert not SignaturePV.objects.exists()

    def test_l_absent_est_remplace_par_un_present_de_son_college(self, acteurs):
        """The chair was not there: an employers' member signs for her; the vice-chair signs as himself."""
        session = f.session(acteurs)
        candidature = f.inscrite(acteurs, session)
        pour_elle = nommer(acteurs, session, "employeurs")
        for membre in (acteurs.vice_president, pour_elle):
            seance(session, "emarger", membre)
        seance(session, "ouvrir_session", acteurs.vice_president)
        blocs = {b.pk: (True, "") for b in candidature.blocs_a_evaluer()}
        f.faire(candidature, "deliberer", acteurs.vice_president, issue="decidee", blocs=blocs)
        session = seance(session, "clore_seance", acteurs.vice_president)
        with pytest.raises(Refus, match="un membre présent du collège employeurs, pour la présidence"):
            f.signer_pv(session, acteurs.presidente)
        assert f.signer_pv(session, acteurs.vice_president).etat == "close"
        assert f.signer_pv(session, pour_elle).etat == "scellee"


class TestReouverture:
    def test_rouvrir_annule_le_texte_et_les_signatures_et_garde_le_numero(self, acteurs, close):
        """The next text bears the same number, no other is lost, and both people sign again."""
        session, candidature = close
        numero, ancienne = session.pv.numero, session.pv.empreinte
        f.signer_pv(session, acteurs.presidente)
        session = seance(session, "rouvrir_seance", acteurs.presidente, motif="Un bloc a été mal reporté.")
        assert (session.etat, session.close_le, session.pv.empreinte) == ("ouverte", None, "")
        assert not SignaturePV.objects.exists()
        f.deliberer(acteurs, candidature, lambda bloc: bloc.ordre == 1, motif="Vu en séance.")
        session = seance(session, "clore_seance", acteurs.presidente)
        assert (session.pv.numero, ProcesVerbal.objects.count()) == (numero, 1)
        preuve = f.preuve(acteurs.presidente)
        with pytest.raises(Refus, match="relisez-le"):
            seance(session, "signer_pv", acteurs.presidente, empreinte=ancienne, preuve=preuve)
        for qui in (acteurs.presidente, acteurs.vice_president):
            session = f.signer_pv(session, qui)
        candidature.refresh_from_db()
        assert (session.etat, candidature.etat) == ("scellee", "partielle")

    def test_ce_que_la_cloture_a_ajourne_redevient_a_deliberer(self, acteurs):
        """Postponed because nobody could decide: once open again, the jury may, and the minutes wait for it."""
        session, bloque, autre = ouverte(acteurs, True, True)
        inscription = bloque.inscriptions.get()
        for membre in (acteurs.presidente, acteurs.vice_president):
            seance(session, "declarer_deport", membre, inscription=inscription, raison="Lien familial")
        f.deliberer(acteurs, autre)
        seance(session, "clore_seance", acteurs.presidente)
        inscription.refresh_from_db()
        assert inscription.issue == "ajournee" and "n’a pas pu délibérer" in inscription.motif
        seance(session, "rouvrir_seance", acteurs.presidente, motif="Un renfort arrive tout à l’heure.")
        inscription.refresh_from_db()
        assert (inscription.issue, inscription.motif, inscription.deliberee_le) == ("", "", None)
        assert autre.inscriptions.get().issue == "decidee"

    def test_seule_la_presidence_rouvre_et_jamais_apres_le_sceau(self, acteurs, close):
        """Neither an organiser, nor the vice-chair; sealed is sealed."""
        session, _ = close
        for qui in (acteurs.gestionnaire, acteurs.certificateur, acteurs.vice_president):
            with pytest.raises(RoleInsuffisant):
                seance(session, "rouvrir_seance", qui, motif="Un bloc a été mal reporté.")
        for qui in (acteurs.presidente, acteurs.vice_president):
            f.signer_pv(session, qui)
        with pytest.raises(Refus, match="n’est pas possible maintenant"):
            seance(session, "rouvrir_seance", acteurs.presidente, motif="Un bloc a été mal reporté.")


class TestParLEcran:
    def test_la_page_montre_tout_le_texte_et_signe_ce_texte(self, acteurs, close, client):
        """Reference, decision, hash; one POST signs; the same POST again changes nothing."""
        session, candidature = close
        connecter(client, acteurs.presidente)
        contenu = texte(client.get(adresse(session)))
        assert candidature.reference in contenu and "Acquis" in contenu
        assert session.pv.empreinte in contenu.replace("<wbr>", "")
        sans_lire = client.post(adresse(session), {"empreinte": session.pv.empreinte, "cle": "a"})
        assert sans_lire.status_code == 422 and "Lisez le procès-verbal" in texte(sans_lire)
        for _ in range(2):
            envoi = {"empreinte": session.pv.empreinte, "cle": "b"} | LU
            assert client.post(adresse(session), envoi)["Location"] == page(session)
        assert SignaturePV.objects.get().membre.utilisateur == acteurs.presidente
        assert EntreeJournal.objects.de(session).filter(verbe="signer_pv").count() == 1

    def test_une_preuve_ancienne_renvoie_au_second_facteur_puis_ramene(self, acteurs, close, client):
        """An old login reads the text, is asked for a code, comes back and signs; the password alone is not enough."""
        session, _ = close
        secret = activer_totp(acteurs.presidente)
        connecter(client, acteurs.presidente)
        vieillir(client)
        assert "Confirmer que c’est moi" in texte(client.get(adresse(session)))
        envoi = {"empreinte": session.pv.empreinte, "cle": "c"} | LU
        detour = client.post(adresse(session), envoi)
        assert "/compte/2fa/reauthenticate/" in detour["Location"]
        assert not SignaturePV.objects.exists()
        code = {"code": code_totp_neuf(secret), "next": adresse(session)}
        assert client.post(detour["Location"], code)["Location"] == adresse(session)
        assert client.post(adresse(session), envoi)["Location"] == page(session)
        assert SignaturePV.objects.get().preuve == "totp"

        autre = connecter(client, acteurs.vice_president)
        vieillir(autre, mot_de_passe=True)
        assert "/compte/2fa/reauthenticate/" in autre.post(adresse(session), envoi | {"cle": "d"})["Location"]
        assert SignaturePV.objects.count() == 1


def vieillir(client, mot_de_passe=False):
    """The second factor was shown six minutes ago; the password, perhaps, just now."""
    avant = client.session
    traces = avant["account_authentication_methods"]
    for trace in traces:
        trace["at"] -= 360
    if mot_de_passe:
        traces.append({"method": "password", "at": time.time(), "reauthenticated": True})
    avant["account_authentication_methods"] = traces
    avant.save()
