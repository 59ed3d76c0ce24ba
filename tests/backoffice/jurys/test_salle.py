"""The deliberation room: what it shows to each, what it records (J5)."""

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.jurys.models import Inscription
from registre.models import EntreeJournal
from tests import fabriques as f
from tests.connexion import activer_totp, connecter, se_connecter
from tests.navigateur import regarder, suivre

from .outils import decision, nommer, page, salle, seance, texte

pytestmark = pytest.mark.django_db

LISTE = "/gestion/jurys/"


class TestSalle:
    def test_la_proposition_reprend_l_evaluation_et_s_enregistre_telle_quelle(self, acteurs, audience, client):
        """One click when nothing is in question; then the next dossier, or the session."""
        session, candidature = audience
        connecter(client, acteurs.presidente)
        form = client.get(salle(candidature)).context["form"]
        assert [decision.initial for _, decision, _ in form.lignes()] == ["oui", "oui"]
        proposee = {champ.html_name: champ.initial or "" for champ in form}
        reponse = client.post(salle(candidature), proposee)
        assert reponse["Location"] == page(session)
        assert Inscription.objects.get().issue == "decidee"

    def test_on_passe_au_dossier_suivant(self, acteurs, client):
        """After a decision, the next one still to decide opens."""
        session = f.session(acteurs)
        premier, second = f.inscrite(acteurs, session), f.inscrite(acteurs, session)
        f.ouvrir_seance(acteurs, session)
        connecter(client, acteurs.presidente)
        assert client.post(salle(premier), decision(premier))["Location"] == salle(second)
        assert client.post(salle(second), decision(second))["Location"] == page(session)

    def test_seule_la_presidence_a_le_formulaire(self, acteurs, audience, client):
        """A member reads, the request written by hand is refused with the sentence."""
        _, candidature = audience
        connecter(client, acteurs.vice_president)
        contenu = texte(client.get(salle(candidature)))
        assert "Enregistrer la décision" not in contenu
        assert "La présidence de la séance enregistre la décision" in contenu
        reponse = client.post(salle(candidature), decision(candidature))
        assert reponse.status_code == 409
        assert "La présidence de la séance enregistre" in texte(reponse)
        assert (
            connecter(Client(), acteurs.gestionnaire).post(salle(candidature), decision(candidature)).status_code == 403
        )
        assert not Inscription.objects.exclude(issue="").exists()

    def test_un_ecart_sans_motif_revient_avec_la_saisie(self, acteurs, audience, client):
        """409, the sentence, and the choice made is still there."""
        _, candidature = audience
        connecter(client, acteurs.presidente)
        donnees = decision(candidature, "non", recommandations="À revoir en mars")
        reponse = client.post(salle(candidature), donnees)
        assert reponse.status_code == 409
        assert texte(reponse).count("donnez-en le motif") == 2
        assert "À revoir en mars" in texte(reponse)
        motifs = {f"m{b.pk}": "Vu en séance" for b in candidature.blocs_a_evaluer()}
        assert client.post(salle(candidature), donnees | motifs).status_code == 302

    def test_avant_l_ouverture_rien_ne_s_enregistre(self, acteurs, client):
        """The room is read before the session; a request is refused."""
        candidature = f.inscrite(acteurs)
        connecter(client, acteurs.presidente)
        assert "La séance n’est pas ouverte" in texte(client.get(salle(candidature)))
        assert client.post(salle(candidature), decision(candidature)).status_code == 409
        assert not Inscription.objects.exclude(issue="").exists()

    def test_la_salle_d_une_seance_close_n_ecrit_pas_dans_la_suivante(self, acteurs, client):
        """Adjourned, then on the list of an open session: the old address does not decide in the new one."""
        ancienne, suivante = f.session(acteurs), f.session(acteurs)
        candidature = f.inscrite(acteurs, ancienne)
        vieille_salle = salle(candidature)
        f.ouvrir_seance(acteurs, ancienne)
        f.deliberer(acteurs, candidature, issue="ajournee")
        f.sceller(acteurs, ancienne)
        candidature.refresh_from_db()
        f.faire(candidature, "inscrire_au_jury", acteurs.employeur, session=suivante)
        f.ouvrir_seance(acteurs, suivante)
        connecter(client, acteurs.presidente)
        assert client.post(vieille_salle, decision(candidature)).status_code in (404, 409)
        assert Inscription.objects.get(session=suivante).issue == ""

    def test_vingt_fois_le_meme_envoi_un_seul_effet(self, acteurs, audience, client):
        """One entry in the journal for one key."""
        _, candidature = audience
        connecter(client, acteurs.presidente)
        for _ in range(4):
            client.post(salle(candidature), decision(candidature, cle="meme"))
        assert EntreeJournal.objects.filter(verbe="deliberer").count() == 1

    def test_la_cpne_part_de_la_proposition_du_premier_jury(self, client):
        """Second jury: its form starts from what the first one proposed, reasons included."""
        acteurs = f.Acteurs(jurys_fusionnes=False)
        evaluation = f.session(acteurs, "evaluation")
        candidature = f.inscrite(acteurs, evaluation)
        f.ouvrir_seance(acteurs, evaluation)
        f.deliberer(acteurs, candidature, lambda bloc: bloc.ordre == 1, motif="Gestes incomplets")
        f.sceller(acteurs, evaluation)
        cpne = f.session(acteurs, "certification")
        candidature.refresh_from_db()
        f.faire(candidature, "presenter_a_la_cpne", acteurs.certificateur, session=cpne)
        f.ouvrir_seance(acteurs, cpne)
        form = connecter(client, acteurs.presidente).get(salle(candidature)).context["form"]
        assert [(d.initial, m.initial) for _, d, m in form.lignes()] == [
            ("oui", "Gestes incomplets"),
            ("non", "Gestes incomplets"),
        ]

    def test_un_dossier_sans_quorum_le_dit_dans_la_salle(self, acteurs, audience, client):
        """Recusals deducted: what this very dossier lacks."""
        session, candidature = audience
        inscription = candidature.inscriptions.get()
        seance(session, "declarer_deport", acteurs.vice_president, inscription=inscription, raison="Lien familial")
        contenu = texte(connecter(client, acteurs.presidente).get(salle(candidature)))
        assert "Ce dossier ne peut être qu’ajourné" in contenu
        assert "0 membre présent pour le collège salariés" in contenu
        assert "Déporté(e)" in contenu


@pytest.mark.django_db(transaction=True)
def test_une_seance_se_tient_a_l_ecran(ouvrir_navigateur):
    """The chair signs in, opens, decides, closes, signs: accessible pages, no sideways scroll, no address typed."""
    acteurs = f.Acteurs()
    session = f.session(acteurs)
    f.inscrite(acteurs, session)
    seance(session, "emarger", acteurs.vice_president)
    nommer(acteurs, session, "salaries")
    # The day has come: « Émarger » is the act of that day.
    type(session).objects.filter(pk=session.pk).update(debut=timezone.now())
    ecran = ouvrir_navigateur()
    se_connecter(ecran, "", acteurs.presidente.email, f.MOT_DE_PASSE, activer_totp(acteurs.presidente))

    def agir(libelle):
        suivre(ecran.get_by_role("link", name=libelle).first)
        suivre(ecran.get_by_role("button", name=libelle))
        ecran.wait_for_url(f"**{page(session)}")

    ecran.goto(LISTE)
    regarder(ecran)
    suivre(ecran.locator("main").get_by_role("link", name="jury paritaire"))
    agir("Émarger")
    regarder(ecran)
    agir("Ouvrir la séance")
    suivre(ecran.locator("main table a"))
    regarder(ecran)
    suivre(ecran.get_by_role("button", name="Enregistrer la décision"))
    ecran.wait_for_url(f"**{page(session)}")
    agir("Clore la séance")
    suivre(ecran.get_by_role("link", name="Signer le PV").first)
    regarder(ecran)
    ecran.get_by_label("J’ai lu ce procès-verbal").check()
    suivre(ecran.get_by_role("button", name="Signer le PV"))
    ecran.wait_for_url(f"**{page(session)}")
    session.refresh_from_db()
    f.signer_pv(session, acteurs.vice_president)
    ecran.reload()
    suivre(ecran.get_by_role("link", name="Lire le PV"))
    ecran.get_by_text("Le contenu correspond à l’empreinte").wait_for()
    regarder(ecran)
