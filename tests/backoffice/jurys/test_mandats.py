"""The mandates: given, renewed, withdrawn, about to end, out of balance, and read in one's scope (J2)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.comptes.invitations import inviter
from backoffice.jurys.forms_mandats import MandatForm, membres_possibles
from backoffice.jurys.mandats_alertes import alertes
from backoffice.jurys.models import Mandat
from backoffice.notifications.relances import GENRES, relancer
from registre.models import CourrielSortant
from registre.transitions import Refus, executer
from tests import fabriques as f
from tests.connexion import connecter

from .outils import mandate

pytestmark = pytest.mark.django_db

LISTE, NOUVEAU = "/gestion/jurys/mandats/", "/gestion/jurys/mandats/nouveau/"


def acte(mandat, nom, acteur, **donnees):
    return executer("jurys.mandat", nom, mandat, acteur, donnees)


class TestDonner:
    def test_le_certificateur_donne_un_mandat_a_l_ecran(self, acteurs, client):
        """One form, one mandate, one mail to the person; sent twice, one effect."""
        personne, jour = f.UtilisateurFactory(role="jury"), timezone.localdate()
        connecter(client, acteurs.certificateur)
        envoi = {
            "personne": personne.pk,
            "certificateur": acteurs.cpne.pk,
            "certifications": [acteurs.certification.pk],
            "college": "salaries",
            "organisation": "Union des métiers",
            "debut": jour.isoformat(),
            "fin": (jour + timedelta(days=700)).isoformat(),
            "cle": "une-fois",
        }
        adresses = {client.post(NOUVEAU, envoi)["Location"] for _ in range(2)}
        mandat = Mandat.objects.get(personne=personne)
        assert adresses == {mandat.get_absolute_url()}
        assert (mandat.etat, list(mandat.certifications.all())) == ("en_cours", [acteurs.certification])
        assert CourrielSortant.objects.get(modele="mandat").destinataire == personne.email
        assert "Union des métiers" in client.get(mandat.get_absolute_url()).content.decode()

    def test_un_siege_une_voix_aussi_dans_les_mandats(self, acteurs):
        """Two mandates of one person may not run together for the same certifications; one after the other, yes."""
        jour, personne = timezone.localdate(), f.UtilisateurFactory(role="jury")
        premier = f.mandat(personne, acteurs.cpne, "salaries", fin=jour)
        suivant = {"personne": personne, "certificateur": acteurs.cpne, "college": "employeurs"}
        with pytest.raises(Refus, match=f"a déjà un mandat .* jusqu’au {jour:%d/%m/%Y}"):
            acte(Mandat(debut=jour, **suivant), "donner_mandat", acteurs.certificateur)
        acte(Mandat(debut=jour + timedelta(days=1), **suivant), "donner_mandat", acteurs.certificateur)
        dates = {"debut": premier.debut, "fin": jour + timedelta(days=9)}
        with pytest.raises(Refus, match="a déjà un mandat"):
            acte(premier, "renouveler_mandat", acteurs.certificateur, **dates)

    def test_un_suppleant_remplace_un_titulaire_du_meme_college(self, acteurs):
        """The other collège, another suppléant, oneself: each is refused."""
        personne = f.UtilisateurFactory(role="jury")
        champs = {"personne": personne, "certificateur": acteurs.cpne, "debut": timezone.localdate(), "suppleant": True}
        titulaire = acteurs.presidente.mandats.get()
        with pytest.raises(Refus, match="un titulaire du sien"):
            mandat = Mandat(college="salaries", suppleant_de=titulaire, **champs)
            acte(mandat, "donner_mandat", acteurs.certificateur)
        suppleant = mandate(acteurs.cpne, "employeurs", suppleant=True)
        with pytest.raises(Refus, match="n’est pas titulaire"):
            mandat = Mandat(college="employeurs", suppleant_de=suppleant, **champs)
            acte(mandat, "donner_mandat", acteurs.certificateur)

    def test_une_personne_invitee_au_role_se_choisit_deja(self, acteurs):
        """Who has an account and an invitation to the role; not who has neither."""
        inviter(acteurs.certificateur, "certificateur", acteurs.employeur.email, "jury", acteurs.cpne)
        possibles = set(membres_possibles())
        assert {acteurs.employeur, acteurs.presidente} <= possibles
        assert acteurs.evaluateur not in possibles

    def test_le_formulaire_ne_propose_que_ses_jurys(self, acteurs):
        """A certificateur gives mandates in its own juries, for the certifications it delivers."""
        autres = f.Acteurs()
        form = MandatForm(acteur=acteurs.certificateur)
        assert list(form.fields["certificateur"].queryset) == [acteurs.cpne]
        assert list(form.fields["certifications"].queryset) == [acteurs.certification]
        assert autres.presidente.mandats.get() not in form.fields["suppleant_de"].queryset


class TestFin:
    def test_un_mandat_retire_libere_les_sieges_a_venir(self, acteurs):
        """The coming sessions lose the seat, those held keep it; both the mandate and the sessions say so."""
        tenue, a_venir = f.session(acteurs), f.session(acteurs)
        f.inscrite(acteurs, tenue)
        f.ouvrir_seance(acteurs, tenue)
        mandat = acteurs.presidente.mandats.get()
        acte(mandat, "retirer_mandat", acteurs.certificateur, motif="Démission de son organisation.")
        assert [s.session for s in mandat.sieges.all()] == [tenue]
        assert not a_venir.membres.filter(utilisateur=acteurs.presidente).exists()
        siens = CourrielSortant.objects.filter(destinataire=acteurs.presidente.email)
        assert {"mandat", "retrait_jury"} <= set(siens.values_list("modele", flat=True))

    def test_la_fin_prochaine_est_annoncee_une_fois(self, acteurs):
        """Sixty days before: to the certificateur and the member, once; renewed, nothing more is said of that date."""
        jour = timezone.localdate()
        mandat = mandate(acteurs.cpne, "salaries", fin=jour + timedelta(days=60))
        mandate(acteurs.cpne, "salaries", fin=jour + timedelta(days=61))
        for _ in range(2):
            relancer(GENRES["fin_mandat"])
        partis = CourrielSortant.objects.filter(modele="fin_mandat").values_list("destinataire", flat=True)
        assert sorted(partis) == sorted([mandat.personne.email, acteurs.certificateur.email])

    def test_a_faire_compte_ceux_qui_finissent(self, acteurs, client):
        """For who renews them and for who holds them, with the list they count."""
        mandat = mandate(acteurs.cpne, "salaries", fin=timezone.localdate() + timedelta(days=30))
        for qui, dit in ((acteurs.certificateur, True), (mandat.personne, True), (acteurs.presidente, False)):
            contenu = connecter(client, qui).get("/gestion/").content.decode()
            assert ("1 mandat finit bientôt" in contenu) is dit
        contenu = connecter(client, acteurs.certificateur).get(LISTE + "?etat=bientot").content.decode()
        assert str(mandat.personne) in contenu and str(acteurs.presidente) not in contenu


class TestAlertes:
    def test_les_deux_colleges_comptent_autant_de_titulaires(self, acteurs):
        """One against one is balanced; one more is told with the numbers; a suppléant changes nothing."""
        assert alertes(acteurs.certificateur) == []
        mandate(acteurs.cpne, "salaries", suppleant=True)
        assert alertes(acteurs.certificateur) == []
        mandate(acteurs.cpne, "salaries")
        (phrase,) = alertes(acteurs.certificateur)
        assert "1 titulaire pour le collège employeurs et 2 pour le collège salariés" in phrase

    def test_le_compte_se_fait_certification_par_certification(self, acteurs):
        """A mandate for another certification does not restore the balance of this one."""
        mandate(acteurs.cpne, "salaries")
        mandate(acteurs.cpne, "employeurs").certifications.add(acteurs.certification)
        autre = f.CertificationFactory()
        mandate(acteurs.cpne, "employeurs").certifications.add(autre)
        assert alertes(acteurs.certificateur) == []
        Mandat.objects.filter(certifications=acteurs.certification).update(retire_le=timezone.now())
        assert alertes(acteurs.certificateur) == []

    def test_une_organisation_deux_titulaires_quand_la_regle_l_interdit(self):
        """Told only where the parcours gives one seat per organisation."""
        for regle in (True, False):
            acteurs = f.Acteurs(un_siege_par_organisation=regle)
            for _ in range(2):
                mandate(acteurs.cpne, "salaries", organisation="Union des métiers")
            phrases = [
                p for p in alertes(acteurs.certificateur) if "«\u202fUnion des métiers\u202f» a 2 titulaires" in p
            ]
            assert any(str(acteurs.cpne) in p for p in phrases) is regle


class TestPortee:
    def test_chacun_lit_les_siens(self, acteurs, client):
        """The porteur those of its certifications, the member his own; the alerts are not for members."""
        mandate(acteurs.cpne, "salaries")
        autre = f.Acteurs()
        contenu = connecter(client, acteurs.gestionnaire).get(LISTE).content.decode()
        assert str(acteurs.presidente) in contenu and str(autre.presidente) not in contenu
        assert "Des mandats à revoir" in contenu and "Donner un mandat" not in contenu
        contenu = connecter(client, acteurs.vice_president).get(LISTE).content.decode()
        assert str(acteurs.vice_president) in contenu and str(acteurs.presidente) not in contenu
        assert "Des mandats à revoir" not in contenu

    def test_la_liste_lit_autant_de_lignes_en_autant_de_requetes(self, acteurs, client):
        """One row or many: the same number of queries."""
        connecter(client, acteurs.certificateur)
        nombres = []
        client.get(LISTE)
        for _ in range(2):
            with CaptureQueriesContext(connection) as requetes:
                client.get(LISTE)
            nombres.append(len(requetes))
            for _ in range(6):
                mandate(acteurs.cpne, "salaries").certifications.add(acteurs.certification)
        assert nombres[0] == nombres[1]
