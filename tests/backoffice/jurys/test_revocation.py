"""A decision is undone by two people, with a reason, and everything that rested on it follows."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from backoffice.candidatures.credits import credits_perimes, sources_au_registre
from backoffice.candidatures.models_instruction import BlocAcquis
from backoffice.delivrances.models import Delivrance
from backoffice.jurys.models import MembreJury, Revocation
from backoffice.pilotage.a_faire import taches_de
from cpf.accrochage import a_supprimer
from registre import delivrance as registre
from registre import jetons
from registre.models import CourrielSortant, EntreeJournal, Parchemin
from registre.transitions import Refus
from tests import fabriques as f
from tests.bases import base_ouverte
from tests.connexion import connecter
from tests.cpf.fabrique import Bureau

MOTIF = "Le bloc 2 a été compté deux fois à la saisie."


@pytest.fixture
def acteurs(db):
    return f.Acteurs()


def demander(acteurs, candidature, par=None):
    return f.faire(candidature, "demander_revocation", par or acteurs.gestionnaire, motif=MOTIF)


def revoquer(acteurs, candidature, par=None):
    return f.faire(candidature, "revoquer_decision", par or acteurs.certificateur)


def texte(reponse) -> str:
    return reponse.content.decode()


class TestADeux:
    def test_qui_demande_ne_prononce_pas(self, acteurs):
        """One asks with a reason, another pronounces: refused in words, and by the database whatever the code does."""
        dossier = demander(acteurs, f.decidee(acteurs), acteurs.certificateur)
        with pytest.raises(Refus, match="Vous avez demandé cette révocation"):
            revoquer(acteurs, dossier)
        with pytest.raises(IntegrityError, match="revocation_quatre_yeux"), transaction.atomic():
            Revocation.objects.update(tranchee_par=acteurs.certificateur)
        collegue = f.UtilisateurFactory(role=("certificateur", acteurs.cpne))
        assert revoquer(acteurs, dossier, collegue).etat == "evaluee"

    def test_rien_ne_se_revoque_sans_demande_ni_deux_fois(self, acteurs):
        """No request, no revocation; one request at a time."""
        dossier = f.decidee(acteurs)
        with pytest.raises(Refus, match="Personne n’a demandé"):
            revoquer(acteurs, dossier)
        demander(acteurs, dossier)
        with pytest.raises(Refus, match="déjà demandée"):
            demander(acteurs, dossier)

    def test_qui_a_siege_ne_se_juge_pas(self, acteurs):
        """A certificateur who sat on that jury neither revokes nor refuses to."""
        membre = f.UtilisateurFactory(role=("certificateur", acteurs.cpne))
        dossier = demander(acteurs, f.decidee(acteurs))
        with base_ouverte(connection):
            MembreJury.objects.filter(utilisateur=acteurs.vice_president).update(utilisateur=membre)
        for nom in ("revoquer_decision", "refuser_revocation"):
            with pytest.raises(Refus, match="Vous avez siégé"):
                f.faire(dossier, nom, membre, motif="La décision est bonne.")

    def test_un_refus_garde_la_decision_et_ses_raisons(self, acteurs):
        """Refused: the decision holds, who asked reads why, and may ask again."""
        dossier = demander(acteurs, f.decidee(acteurs))
        f.faire(dossier, "refuser_revocation", acteurs.certificateur, motif="La saisie est conforme à la feuille.")
        assert dossier.inscriptions.get().revoquee_le is None
        lettre = CourrielSortant.objects.get(modele="revocation_refusee")
        assert lettre.destinataire == acteurs.gestionnaire.email and "conforme à la feuille" in lettre.corps
        page = texte(connecter(Client(), acteurs.gestionnaire).get(f"{dossier.get_absolute_url()}?onglet=jury"))
        assert "Révocation refusée" in page and "conforme à la feuille" in page
        demander(acteurs, dossier)

    def test_la_demande_attend_un_certificateur_qui_n_est_pas_son_auteur(self, acteurs):
        """« À faire » shows it to who may answer; meanwhile nothing is delivered on this decision."""
        dossier = demander(acteurs, f.decidee(acteurs), acteurs.certificateur)
        collegue = f.UtilisateurFactory(role=("certificateur", acteurs.cpne))

        def attend(personne):
            return {t.verbe.nom for t in taches_de(personne) if dossier in t.candidatures}

        assert "revoquer_decision" in attend(collegue) and "revoquer_decision" not in attend(acteurs.certificateur)
        with pytest.raises(Refus, match="révocation de cette décision est demandée"):
            f.faire(dossier, "preparer_delivrance", acteurs.gestionnaire, lieu="Paris")
        page = texte(
            connecter(Client(), collegue).get(
                f"/gestion/actes/candidatures.candidature/{dossier.pk}/revoquer_decision/"
            )
        )
        assert MOTIF in page and "attend de nouveau un jury" in page


class TestEffets:
    def test_le_dossier_revient_au_jury_et_l_histoire_reste(self, acteurs):
        """Back to « en attente de jury »; dossier, journal and minutes tell it; the minutes are as signed."""
        dossier = f.decidee(acteurs)
        session = dossier.inscriptions.get().session
        avant = (session.pv.contenu, session.pv.empreinte)
        dossier = revoquer(acteurs, demander(acteurs, dossier))
        assert (dossier.etat, dossier.decidee_le) == ("evaluee", None)
        session.refresh_from_db()
        assert (session.pv.contenu, session.pv.empreinte) == avant
        entree = EntreeJournal.objects.de(dossier).get(verbe="revoquer_decision")
        assert (entree.etat_avant, entree.etat_apres, entree.motif.texte) == ("validee", "evaluee", MOTIF)
        gestion = connecter(Client(), acteurs.gestionnaire)
        assert "décision révoquée le" in texte(gestion.get(f"/gestion/jurys/{session.pk}/pv/"))
        assert MOTIF in texte(gestion.get(f"{dossier.get_absolute_url()}?onglet=jury"))
        assert f"PV {session.pv.numero}" not in CourrielSortant.objects.filter(modele="decision_revoquee").first().corps
        prevenus = set(
            CourrielSortant.objects.filter(modele="decision_revoquee", corps__contains=MOTIF).values_list(
                "destinataire", flat=True
            )
        )
        assert prevenus == {dossier.titulaire.courriel, acteurs.employeur.email, acteurs.gestionnaire.email}

    def test_un_nouveau_jury_decide_et_l_on_delivre_de_nouveau(self, acteurs):
        """The revoked decision is read no more: the document follows the second one."""
        dossier = revoquer(acteurs, demander(acteurs, f.delivree(acteurs)))
        seance = f.session(acteurs)
        f.faire(dossier, "inscrire_au_jury", acteurs.employeur, session=seance)
        f.ouvrir_seance(acteurs, seance)
        f.deliberer(acteurs, dossier)
        f.sceller(acteurs, seance)
        f.faire(dossier, "preparer_delivrance", acteurs.certificateur, lieu="Paris")
        dossier = f.faire(dossier, "approuver_delivrance", acteurs.signataire)
        seance.refresh_from_db()
        nouveau = dossier.delivrance.parchemin
        assert nouveau.enregistrement["jury"]["pv"] == seance.pv.numero
        assert Parchemin.objects.vivants().get() == nouveau and Parchemin.objects.count() == 2

    def test_ce_qui_est_prepare_tombe(self, acteurs):
        """A delivery under way disappears: nothing can be approved on a revoked decision."""
        dossier = f.faire(f.decidee(acteurs), "preparer_delivrance", acteurs.certificateur, lieu="Paris")
        revoquer(acteurs, demander(acteurs, dossier))
        assert not Delivrance.objects.exists()

    def test_le_document_delivre_est_annule_aussitot(self, acteurs):
        """Cancelled in the same act: public page, register, holder, journal; its row and its file stay."""
        dossier = f.delivree(acteurs)
        document = dossier.delivrance.parchemin
        verification = jetons.adresse(document.jeton)
        revoquer(acteurs, demander(acteurs, dossier))
        document.refresh_from_db()
        assert document.annule_le and document.annule_par == acteurs.certificateur
        assert document.motif_annulation == MOTIF
        assert "annulé" in texte(Client().get("/" + verification.split("/", 3)[3]))
        lettre = CourrielSortant.objects.get(modele="document_annule")
        assert lettre.destinataire == dossier.titulaire.courriel and document.numero in lettre.corps
        assert document.numero not in lettre.sujet
        assert EntreeJournal.objects.de(document).get(verbe="annuler_le_document").motif.texte == MOTIF
        page = texte(connecter(Client(), acteurs.gestionnaire).get(f"{dossier.get_absolute_url()}?onglet=documents"))
        assert document.numero in page and "Annulé" in page
        liste = texte(connecter(Client(), acteurs.certificateur).get("/gestion/delivrances/"))
        assert document.get_absolute_url() in liste

    def test_les_credits_pris_ailleurs_ne_comptent_plus(self, acteurs):
        """Another dossier that was credited a bloc from this decision: it is said, before and where it matters."""
        premier = f.decidee(acteurs, acquis=lambda competence: competence.bloc.ordre == 1)
        second = f.recevable(acteurs, f.meme_personne(premier.titulaire))
        source = sources_au_registre(second)[0]
        credit = source.credit(second)
        credit.repris_par, credit.repris_le = acteurs.gestionnaire, f.timezone.now()
        credit.save()
        assert not list(credits_perimes(second, f.timezone.localdate()))
        demander(acteurs, premier)
        page = connecter(Client(), acteurs.certificateur).get(
            f"/gestion/actes/candidatures.candidature/{premier.pk}/revoquer_decision/"
        )
        assert second.reference in texte(page)
        revoquer(acteurs, premier)
        assert "ne compte plus" in next(credits_perimes(second, f.timezone.localdate()))
        assert not BlocAcquis.objects.get().est_valide() and not sources_au_registre(second)

    def test_une_autre_candidature_en_cours_est_dite(self, acteurs):
        """Two living dossiers of one person cannot be: the refusal names the other one."""
        partielle = f.decidee(acteurs, acquis=lambda competence: competence.bloc.ordre == 1)
        autre = f.evaluee(acteurs)
        type(autre).objects.filter(pk=autre.pk).update(titulaire=partielle.titulaire)
        with pytest.raises(Refus, match=autre.reference):
            revoquer(acteurs, demander(acteurs, partielle))


class TestAnnulation:
    def test_le_cpf_sait_ce_qu_il_doit_supprimer(self, db):
        """A parchemin declared, then cancelled: it waits in the queue of the CPF, and on the screen of the lots."""
        bureau = Bureau()
        lot = bureau.lot_depose(1)
        document = lot.passages.get().parchemin
        assert not a_supprimer(lot.certificateur)
        registre.annuler(document, bureau.personne, "certificateur", MOTIF)
        assert [p.pk for p in a_supprimer(lot.certificateur)] == [document.pk]
        page = texte(connecter(Client(), bureau.personne).get("/gestion/cpf/"))
        assert "À supprimer du SI CPF" in page and document.numero in page

    @pytest.mark.parametrize(
        ("motif", "anonyme", "phrase"), [("", False, "motif"), ("court", False, "motif"), (MOTIF, True, "auteur")]
    )
    def test_une_annulation_a_un_auteur_et_un_motif(self, acteurs, motif, anonyme, phrase):
        """Neither without a reason nor by nobody, and never twice."""
        document = f.attestation(acteurs, f.TitulaireFactory())
        with pytest.raises(registre.AnnulationImpossible, match=phrase):
            registre.annuler(document, None if anonyme else acteurs.certificateur, "certificateur", motif)
        assert not EntreeJournal.objects.de(document).exists()
        registre.annuler(document, acteurs.certificateur, "certificateur", MOTIF)
        with pytest.raises(registre.AnnulationImpossible, match="déjà annulé"):
            registre.annuler(document, acteurs.certificateur, "certificateur", MOTIF)
