"""The évaluateur métier answers from one link, without an account (E2)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from backoffice.evaluations.models import InvitationMetier, ResultatCompetence
from registre.models import CourrielSortant
from registre.transitions import HorsPortee, Refus
from tests import fabriques as f
from tests.connexion import connecter
from tests.navigateur import regarder
from tests.ouvrier import travailler

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


def jeton_envoye() -> str:
    """The token of the latest invitation, as its mail holds it before it leaves."""
    return CourrielSortant.objects.filter(modele="invitation_metier").latest("pk").secret


def lien() -> str:
    return f"/invitation/{jeton_envoye()}/"


def avis(candidature, valeur="oui", **champs) -> dict:
    return {f"r{pk}": valeur for pk in f.reponses(candidature)} | {"commentaire": "Travaille bien."} | champs


def texte(reponse) -> str:
    return reponse.content.decode()


class TestLien:
    def test_regarder_ne_consomme_rien_puis_l_envoi_sert_une_fois(self, acteurs, client):
        """HEAD, GET three times (scanners of mails do), then POST works; the second POST is politely refused."""
        candidature = f.invitee(acteurs)
        adresse = lien()
        assert client.head(adresse).status_code == 200
        assert [client.get(adresse).status_code for _ in range(3)] == [200, 200, 200]
        assert not InvitationMetier.objects.exclude(repondue_le=None).exists()

        reponse = client.post(adresse, avis(candidature))
        assert reponse.status_code == 200
        assert "Merci" in texte(reponse)
        assert ResultatCompetence.objects.filter(source="metier", acquis=True).count() == 4

        seconde = client.post(adresse, avis(candidature, "non"))
        assert seconde.status_code == 410
        assert "Vous avez déjà répondu" in texte(seconde)
        assert ResultatCompetence.objects.filter(source="metier", acquis=True).count() == 4

    def test_la_page_dit_qui_pour_qui_et_quoi_et_rien_d_autre(self, acteurs, client):
        """Name and compétences only: no birth, no address, no dossier number."""
        candidature = f.invitee(acteurs)
        page = texte(client.get(lien()))
        for dit in (
            str(acteurs.evaluateur),
            candidature.titulaire.nom_complet,
            candidature.version.intitule,
            "Dominique Métier",
            "chef d’équipe",
            "Compétence 1.1",
            "Compétence 2.2",
            "Envoyer mon avis",
        ):
            assert dit in page
        for tu in (candidature.titulaire.courriel, candidature.reference, "1990", "48000", str(acteurs.etablissement)):
            assert tu not in page

    def test_il_manque_une_reponse(self, acteurs, client):
        """Nothing is kept, the missing field is named, what was typed comes back."""
        candidature = f.invitee(acteurs)
        donnees = avis(candidature, commentaire="Je complète ensuite")
        donnees.pop(next(iter(donnees)))
        reponse = client.post(lien(), donnees)
        assert reponse.status_code == 422
        assert "Je complète ensuite" in texte(reponse)
        assert not ResultatCompetence.objects.exists()

    def test_revoque_il_ne_sert_plus(self, acteurs, client):
        """GET and POST both say that the link was withdrawn."""
        candidature, adresse = f.invitee(acteurs), lien()
        f.faire(candidature, "revoquer_invitation", acteurs.evaluateur)
        for reponse in (client.get(adresse), client.post(adresse, avis(candidature))):
            assert reponse.status_code == 410
            assert "n’est plus valable" in texte(reponse)
        assert not ResultatCompetence.objects.exists()

    def test_expire_il_dit_a_qui_en_demander_un(self, acteurs, client):
        """The day it ended and the name of the person to ask."""
        candidature, adresse = f.invitee(acteurs), lien()
        InvitationMetier.objects.update(expire_le=timezone.now() - timedelta(days=2))
        reponse = client.post(adresse, avis(candidature))
        assert reponse.status_code == 410
        assert "Ce lien a expiré" in texte(reponse)
        assert str(acteurs.evaluateur) in texte(reponse)
        assert not ResultatCompetence.objects.exists()

    def test_il_expire_a_l_instant_dit(self, acteurs, client):
        """The very second of its end, it is over."""
        f.invitee(acteurs)
        invitation, adresse = InvitationMetier.objects.get(), lien()
        duree = invitation.expire_le - invitation.envoyee_le
        assert duree == timedelta(days=acteurs.parcours.validite_invitation)
        InvitationMetier.objects.update(expire_le=timezone.now())
        assert client.get(adresse).status_code == 410

    def test_renvoye_l_ancien_lien_est_mort_et_le_nouveau_vit(self, acteurs, client):
        """A new token at the same address; the dossier does not move."""
        candidature, ancien = f.invitee(acteurs), lien()
        candidature = f.faire(candidature, "renvoyer_invitation", acteurs.gestionnaire)
        nouveau = lien()
        assert nouveau != ancien
        assert candidature.etat == "en_evaluation"
        assert client.get(ancien).status_code == 410
        assert client.get(nouveau).status_code == 200
        assert set(InvitationMetier.objects.values_list("courriel", flat=True)) == {"metier@example.org"}

    @pytest.mark.parametrize("alteration", ["tronque", "allonge", "change", "vide"])
    def test_un_jeton_faux_n_existe_pas(self, acteurs, client, alteration):
        """404 for whatever is not the exact token."""
        f.invitee(acteurs)
        bon = jeton_envoye()
        faux = {
            "tronque": bon[:-1],
            "allonge": bon + "A",
            "change": ("B" if bon[0] == "A" else "A") + bon[1:],
            "vide": "-",
        }[alteration]
        for reponse in (client.get(f"/invitation/{faux}/"), client.post(f"/invitation/{faux}/", {})):
            assert reponse.status_code == 404
            assert "Ce lien n’existe pas" in texte(reponse)

    def test_le_jeton_est_long_et_disparait_de_la_base_une_fois_parti(self, acteurs, mailoutbox):
        """128 bits at least; after the mail, no table holds it in clear, and the mail had it."""
        f.invitee(acteurs)
        jeton = jeton_envoye()
        assert len(jeton) >= 43  # 32 bytes in base64url
        assert jeton in connection.creation.serialize_db_to_string()
        travailler()
        assert jeton not in connection.creation.serialize_db_to_string()
        assert [m.to for m in mailoutbox if jeton in m.body] == [["metier@example.org"]]
        assert not any(jeton in m.subject for m in mailoutbox)

    @pytest.mark.parametrize("cas", ["ouvert", "inconnu", "repondu"])
    def test_l_adresse_secrete_ne_voyage_pas(self, acteurs, client, cas):
        """No referrer to another site, no cache, no search engine; and not « no-referrer », which breaks the send."""
        candidature = f.invitee(acteurs)
        adresse = lien() if cas != "inconnu" else "/invitation/inconnu/"
        reponse = client.post(adresse, avis(candidature)) if cas == "repondu" else client.get(adresse)
        assert reponse.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in reponse.headers["Cache-Control"]
        assert reponse.headers["X-Robots-Tag"] == "noindex"

    def test_l_envoi_demande_le_jeton_de_la_page(self, acteurs):
        """Public or not, the form is protected against forged requests."""
        candidature = f.invitee(acteurs)
        reponse = Client(enforce_csrf_checks=True).post(lien(), avis(candidature))
        assert reponse.status_code == 403
        assert not ResultatCompetence.objects.exists()

    def test_des_champs_en_trop_sont_ignores(self, acteurs, client):
        """Answers about another dossier's compétences, a state, a source: nothing of it is read."""
        candidature, autre = f.invitee(acteurs), f.Acteurs()
        etrangere = autre.version.blocs.first().competences.first()
        client.post(lien(), avis(candidature, etat="validee", source="habilite", **{f"r{etrangere.pk}": "oui"}))
        candidature.refresh_from_db()
        assert candidature.etat == "en_evaluation"
        assert set(ResultatCompetence.objects.values_list("source", flat=True)) == {"metier"}
        assert not ResultatCompetence.objects.filter(competence=etrangere).exists()


class TestPortee:
    def test_un_metier_ne_touche_pas_un_autre_dossier(self, acteurs):
        """His invitation gives a role on one dossier only; the other does not exist for him."""
        sien, autre = f.invitee(acteurs), f.invitee(acteurs)
        invite = f.Invite(sien.evaluation.invitations.get())
        with pytest.raises(HorsPortee):
            f.faire(autre, "repondre_metier", invite, resultats=f.reponses(autre))
        assert not ResultatCompetence.objects.exists()

    def test_un_metier_ne_fait_que_repondre(self, acteurs):
        """No other verb is his."""
        candidature = f.invitee(acteurs)
        invite = f.Invite(candidature.evaluation.invitations.get())
        with pytest.raises(Refus, match="ne fait pas partie de ce que votre rôle permet"):
            f.faire(candidature, "transmettre_evaluation", invite)

    def test_une_reponse_incomplete_est_refusee_par_le_verbe_aussi(self, acteurs):
        """Not only by the form: an answer that leaves a compétence out changes nothing."""
        candidature = f.invitee(acteurs)
        invite = f.Invite(candidature.evaluation.invitations.get())
        incomplete = dict(list(f.reponses(candidature).items())[:-1])
        with pytest.raises(Refus, match="Répondez pour chaque compétence"):
            f.faire(candidature, "repondre_metier", invite, resultats=incomplete)
        assert not ResultatCompetence.objects.exists()

    def test_personne_ne_repond_a_sa_place_depuis_la_gestion(self, acteurs, client):
        """The verb exists in the address space, but no account holds the role."""
        candidature = f.invitee(acteurs)
        adresse = f"/gestion/actes/candidatures.candidature/{candidature.pk}/repondre_metier/"
        reponse = connecter(client, acteurs.evaluateur).post(adresse, avis(candidature))
        assert reponse.status_code == 403
        assert not ResultatCompetence.objects.exists()

    @pytest.mark.parametrize("qui", ["candidat", "evaluateur"])
    def test_on_n_invite_ni_le_candidat_ni_l_evaluateur(self, acteurs, qui):
        """The opinion of the trade comes from a third person."""
        candidature = f.affectee(acteurs)
        adresse = {"candidat": candidature.titulaire.courriel, "evaluateur": acteurs.evaluateur.email}[qui]
        with pytest.raises(Refus, match="ni le candidat, ni l’évaluateur habilité"):
            f.faire(candidature, "inviter_metier", acteurs.evaluateur, nom="X", fonction="Y", courriel=adresse.upper())

    def test_un_parcours_sans_metier_ne_l_invite_pas(self):
        """Configuration, not a constant: without métier, the évaluateur begins at once."""
        acteurs = f.Acteurs(metier_requis=False)
        candidature = f.affectee(acteurs)
        with pytest.raises(Refus, match="ne demande pas d’évaluateur métier"):
            f.faire(candidature, "inviter_metier", acteurs.evaluateur, nom="X", fonction="Y", courriel="m@example.org")
        candidature = f.faire(candidature, "commencer_evaluation", acteurs.evaluateur)
        f.faire(candidature, "enregistrer_evaluation", acteurs.evaluateur, resultats=f.reponses(candidature))
        assert ResultatCompetence.objects.filter(source="habilite").count() == 4


@pytest.mark.django_db(transaction=True)
def test_sur_un_telephone_on_repond_et_l_envoi_passe(ouvrir_navigateur):
    """In a real browser at 320 px: the origin sent with the form is accepted, the page does not overflow."""
    acteurs = f.Acteurs()
    candidature = f.invitee(acteurs)
    page = ouvrir_navigateur(viewport={"width": 320, "height": 700}, has_touch=True)
    page.goto(lien())
    regarder(page)
    for choix in page.get_by_label("Acquise", exact=True).all():
        assert choix.locator("xpath=ancestor::label").bounding_box()["height"] >= 40
        choix.check()
    page.get_by_label("Votre avis général").fill("Autonome sur le chantier.")
    page.get_by_role("button", name="Envoyer mon avis").click()
    page.get_by_role("heading", name="Merci, votre avis est enregistré").wait_for()
    invitation = InvitationMetier.objects.get(evaluation__candidature=candidature)
    assert invitation.commentaire == "Autonome sur le chantier."
    assert page.evaluate("Object.keys(sessionStorage).filter(c => c.startsWith('brouillon:')).length") == 0
