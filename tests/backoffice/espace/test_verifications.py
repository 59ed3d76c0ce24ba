"""A holder asked to check their civil status: link, proof, answer, and what it changes once somebody has compared."""

import copy
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.delivrances.apres_remplacement import REMPLACEMENT
from backoffice.delivrances.models import DemandeRemplacement
from backoffice.espace.menage import purger_verifications
from backoffice.espace.models import DemandeCorrection, VerificationEtatCivil
from backoffice.espace.verifications import demander_verification
from backoffice.espace.workflow import CORRECTION, VERIFICATION
from backoffice.pilotage.a_faire import taches_hors_dossiers
from registre.models import CourrielSortant, EntreeJournal
from registre.transitions import Refus, executer

from ... import fabriques as f
from .situations import verifier
from .test_corrections import saisie

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def compteurs_a_zero():
    cache.clear()


@pytest.fixture(scope="module")
def delivre(scene):
    """The cast, and a delivered parchemin whose holder has no account."""
    acteurs = f.Acteurs()
    parchemin = f.delivree(acteurs).delivrance.parchemin
    titulaire = parchemin.titulaire
    titulaire.utilisateur = None
    titulaire.save()
    return acteurs, parchemin


@pytest.fixture
def tout(delivre, fichiers_de_la_scene):
    return copy.deepcopy(delivre)


@pytest.fixture
def acteurs(tout):
    return tout[0]


@pytest.fixture
def document(tout):
    return tout[1]


@pytest.fixture
def lien(acteurs, document):
    """The address of the link, and the person it was sent to."""
    verification, jeton = verifier(acteurs, document.titulaire)
    return reverse("verifier_etat_civil", args=[jeton]), verification


def naissance(titulaire) -> str:
    return f"{titulaire.annee_naissance}-{titulaire.mois_naissance:02d}-{titulaire.jour_naissance:02d}"


def se_faire_reconnaitre(client, adresse, **reponse):
    return client.post(adresse, {"reconnaissance": "1", "naissance": "", "numero": "", **reponse})


def entrer(lien) -> Client:
    adresse, verification = lien
    client = Client()
    assert se_faire_reconnaitre(client, adresse, naissance=naissance(verification.titulaire)).status_code == 302
    return client


class TestLien:
    def test_le_courriel_ne_porte_rien_de_personnel_et_le_lien_s_ouvre_sans_compte(self, lien):
        """Neither name nor birth in the mail; before the proof, the page shows neither; looking consumes nothing."""
        adresse, verification = lien
        courriel = CourrielSortant.objects.get(modele="verification_demandee")
        dit = verification.titulaire.nom_naissance
        assert courriel.destinataire == verification.titulaire.courriel and dit not in courriel.sujet + courriel.corps
        pages = [Client().get(adresse) for _ in range(3)]
        assert {p.status_code for p in pages} == {200}
        texte = pages[0].content.decode()
        assert dit not in texte and verification.titulaire.prenom1 not in texte and "accent" not in texte
        assert pages[0].headers["X-Robots-Tag"] == "noindex" and "no-store" in pages[0].headers["Cache-Control"]
        assert not EntreeJournal.objects.filter(verbe="demander_verification", details__icontains=dit).exists()

    @pytest.mark.parametrize("par", ["naissance", "numero"])
    def test_la_date_ou_le_numero_ouvrent_la_page(self, lien, document, par):
        """Either is enough: a birth date wrong in the register must not lock its holder out. The opening is an act."""
        adresse, verification = lien
        reponse = {"naissance": naissance(verification.titulaire), "numero": f" {document.numero.lower()} "}
        client = Client()
        assert se_faire_reconnaitre(client, adresse, **{par: reponse[par]}).status_code == 302
        page = client.get(adresse).content.decode()
        assert verification.titulaire.nom_naissance in page and "Votre prénom a-t-il un accent" in page
        assert verification.titulaire.courriel not in page, "l’adresse ne sert pas ici"
        assert EntreeJournal.objects.de(verification).filter(verbe="ouvrir_verification").count() == 1

    def test_cinq_reponses_fausses_ferment_le_lien(self, lien, acteurs):
        """Each wrong answer counts, the fifth closes the link for the right one too; who sent it is told."""
        adresse, verification = lien
        client = Client()
        statuts = [se_faire_reconnaitre(client, adresse, naissance="1950-01-01").status_code for _ in range(5)]
        assert statuts == [422] * 4 + [410]
        assert se_faire_reconnaitre(client, adresse, naissance=naissance(verification.titulaire)).status_code == 410
        verification.refresh_from_db()
        assert verification.etat == "revoquee"
        assert CourrielSortant.objects.get(modele="verification_bloquee").destinataire == acteurs.gestionnaire.email

    def test_un_essai_se_compte_avant_de_se_comparer(self, lien):
        """Five answers under way at once use up the link: a sixth is not compared, be it right."""
        adresse, verification = lien
        VerificationEtatCivil.objects.update(echecs=5)
        assert se_faire_reconnaitre(Client(), adresse, naissance=naissance(verification.titulaire)).status_code == 410

    def test_les_essais_sont_comptes_par_adresse(self, lien):
        """Beyond thirty answers an hour from one place, nothing is compared any more."""
        adresse, verification = lien
        for _ in range(30):
            VerificationEtatCivil.objects.update(echecs=0)
            se_faire_reconnaitre(Client(), adresse, naissance="1950-01-01")
        reponse = se_faire_reconnaitre(Client(), adresse, naissance=naissance(verification.titulaire))
        assert reponse.status_code == 429

    def test_un_lien_inconnu_expire_ou_remplace_ne_s_ouvre_pas(self, lien, acteurs):
        """Unknown: 404; past its day: 410; sent again, the first stops and the second works."""
        adresse, verification = lien
        assert Client().get(reverse("verifier_etat_civil", args=["x" * 43])).status_code == 404
        with pytest.raises(Refus, match="laissez dix minutes"):
            executer(VERIFICATION, "renvoyer_verification", verification, acteurs.gestionnaire)
        VerificationEtatCivil.objects.update(envoyee_le=timezone.now() - timedelta(hours=1))
        executer(VERIFICATION, "renvoyer_verification", verification, acteurs.gestionnaire)
        assert Client().get(adresse).status_code == 404
        VerificationEtatCivil.objects.update(expire_le=timezone.now())
        assert CourrielSortant.objects.filter(modele="verification_demandee").count() == 2
        corps = CourrielSortant.objects.filter(modele="verification_demandee").latest("pk").corps
        nouveau = corps.split("/etat-civil/")[1].split("/")[0]
        assert Client().get(reverse("verifier_etat_civil", args=[nouveau])).status_code == 410

    def test_sans_se_faire_reconnaitre_rien_ne_s_envoie(self, lien):
        """Confirming or correcting by a bare POST: refused, nothing stored."""
        adresse, verification = lien
        for donnees in ({"confirmer": "1"}, saisie(verification.titulaire, nom_naissance="Autre")):
            assert Client().post(adresse, donnees).status_code == 403
        verification.refresh_from_db()
        assert verification.etat == "envoyee" and not DemandeCorrection.objects.exists()


class TestReponse:
    def test_le_titulaire_confirme(self, lien, acteurs):
        """One click: nothing changes, the staff is told, the link has served."""
        client = entrer(lien)
        client.post(lien[0], {"confirmer": "1"})
        lien[1].refresh_from_db()
        assert lien[1].etat == "confirmee" and "c’est noté" in client.get(lien[0]).content.decode()
        assert CourrielSortant.objects.get(modele="verification_confirmee").destinataire == acteurs.gestionnaire.email

    def test_la_preuve_est_exigee_si_elle_est_demandee(self, acteurs, document):
        """Asked for: no request without it. Not asked for: the request goes without."""
        for preuve, statut, nombre in ((True, 422, 0), (False, 302, 1)):
            verification, jeton = verifier(acteurs, document.titulaire, preuve=preuve)
            adresse = reverse("verifier_etat_civil", args=[jeton])
            donnees = saisie(document.titulaire, code_insee_naissance="31555", commune_naissance="Toulouse")
            reponse = entrer((adresse, verification)).post(adresse, {**donnees, "justificatif": ""})
            assert (reponse.status_code, DemandeCorrection.objects.count()) == (statut, nombre)
            if not nombre:
                executer(VERIFICATION, "revoquer_verification", verification, acteurs.gestionnaire)

    def test_une_identite_imprimee_corrigee_renouvelle_le_parchemin(self, lien, acteurs, document, chez):
        """Asked by the link, accepted by the staff, approved by the signatory: old replaced, new one says it right."""
        adresse, verification = lien
        client = entrer(lien)
        donnees = saisie(document.titulaire, nom_naissance="Corrigé", champ_inconnu="x", etat="acceptee")
        assert client.post(adresse, donnees).status_code == 302
        assert "Votre demande est envoyée" in client.get(adresse).content.decode()
        demande = document.titulaire.corrections.get()
        verification.refresh_from_db()
        assert (demande.etat, demande.deposee_par, verification.correction) == ("deposee", None, demande)
        assert demande.get_absolute_url() in chez("gestionnaire").get("/gestion/").content.decode()
        assert [t.compte for t in taches_hors_dossiers(acteurs.certificateur)] == [1]
        assert "sans compte" in chez("gestionnaire").get(demande.get_absolute_url()).content.decode()
        executer(CORRECTION, "accepter_correction", demande, acteurs.gestionnaire)
        document.titulaire.refresh_from_db()
        assert document.titulaire.nom_naissance == "Corrigé"
        remplacement = DemandeRemplacement.objects.get(parchemin=document)
        assert remplacement.demandee_par == acteurs.gestionnaire and not remplacement.nouveau
        executer(REMPLACEMENT, "approuver_remplacement", remplacement, acteurs.signataire)
        document.refresh_from_db()
        nouveau = document.remplace_par
        assert nouveau.enregistrement["titulaire"]["nom_naissance"] == "Corrigé"
        courriel = CourrielSortant.objects.get(modele="correction_acceptee_sans_compte")
        assert "/gestion/" not in courriel.corps and not CourrielSortant.objects.filter(modele="document_a_remplacer")

    def test_ce_qui_ne_s_imprime_pas_ne_renouvelle_rien(self, acteurs, document):
        """Another INSEE code: the register changes, the document stands."""
        verification, jeton = verifier(acteurs, document.titulaire, preuve=False)
        adresse = reverse("verifier_etat_civil", args=[jeton])
        donnees = saisie(document.titulaire, code_insee_naissance="48099", lieu_naissance="", justificatif="")
        assert entrer((adresse, verification)).post(adresse, donnees).status_code == 302
        executer(CORRECTION, "accepter_correction", document.titulaire.corrections.get(), acteurs.gestionnaire)
        document.titulaire.refresh_from_db()
        assert document.titulaire.code_insee_naissance == "48099" and not DemandeRemplacement.objects.exists()

    def test_un_refus_dit_sa_raison_par_courriel_a_qui_n_a_pas_de_compte(self, lien, acteurs, document):
        """No page to read it on: the reason stands in the mail, never in its subject."""
        entrer(lien).post(lien[0], saisie(document.titulaire, nom_naissance="Autre"))
        motif = {"motif": "L’acte joint est illisible."}
        executer(CORRECTION, "refuser_correction", document.titulaire.corrections.get(), acteurs.gestionnaire, motif)
        courriel = CourrielSortant.objects.get(modele="correction_refusee_sans_compte")
        assert motif["motif"] in courriel.corps and motif["motif"] not in courriel.sujet

    def test_celui_qui_a_un_compte_repond_dans_son_espace(self, acteurs, chez):
        """The request is on their page; corrected there, the link has served too."""
        titulaire = f.recevable(acteurs).titulaire
        titulaire.refresh_from_db()
        verification, _ = verifier(acteurs, titulaire, preuve=False)
        client = chez(titulaire.utilisateur)
        page = client.get(reverse("espace:etat_civil")).content.decode()
        assert "vous demande de vérifier" in page and "Mon état civil est juste" in page
        donnees = saisie(titulaire, nom_usage="Roc", justificatif="")
        assert client.post(reverse("espace:corriger"), donnees).status_code == 302
        verification.refresh_from_db()
        assert verification.etat == "repondue"


class TestEnvoi:
    def test_un_seul_lien_attend_et_trois_par_jour(self, acteurs, document, chez):
        """A second one while the first awaits, a fourth the same day, a request already there: refused, with why."""
        client, adresse = chez("gestionnaire"), reverse("espace:demander_verification", args=[document.titulaire_id])
        assert client.post(adresse, {"consigne": "", "preuve": "on", "cle": "a"}).status_code == 302
        assert client.post(adresse, {"consigne": "", "preuve": "on", "cle": "a"}).status_code == 302
        assert document.titulaire.verifications.count() == 1, "la même demande deux fois"
        reponse = client.post(adresse, {"consigne": "", "cle": "b"})
        assert reponse.status_code == 409 and "renvoyez-le, ou révoquez-le" in reponse.content.decode()
        for _ in range(3):
            en_cours = document.titulaire.verifications.filter(etat="envoyee").first()
            executer(VERIFICATION, "revoquer_verification", en_cours, acteurs.gestionnaire)
            if document.titulaire.verifications.count() < 3:
                demander_verification(acteurs.gestionnaire, document.titulaire, "", True, "")
        with pytest.raises(Refus, match="3 liens sont déjà partis"):
            demander_verification(acteurs.gestionnaire, document.titulaire, "", True, "")

    def test_sans_rien_pour_se_faire_reconnaitre_aucun_lien_ne_part(self, acteurs):
        """Neither a whole birth date nor a document: nobody could prove anything."""
        titulaire = f.recevable(acteurs).titulaire
        titulaire.jour_naissance = None
        titulaire.save()
        with pytest.raises(Refus, match="se faire reconnaître"):
            demander_verification(acteurs.gestionnaire, titulaire, "", True, "")
        # The controls: the same person with a whole date.
        titulaire.jour_naissance = 3
        titulaire.save()
        assert demander_verification(acteurs.gestionnaire, titulaire, "", True, "").pk

    def test_un_an_apres_rien_n_en_reste(self, acteurs, document):
        """Answered or expired for a year: deleted by the nightly task; the others stay."""
        ancienne, _ = verifier(acteurs, document.titulaire)
        executer(VERIFICATION, "revoquer_verification", ancienne, acteurs.gestionnaire)
        recente, _ = verifier(acteurs, document.titulaire)
        assert purger_verifications().startswith("0 ")
        VerificationEtatCivil.objects.filter(pk=ancienne.pk).update(close_le=timezone.now() - timedelta(days=366))
        assert purger_verifications().startswith("1 ") and VerificationEtatCivil.objects.get() == recente

    def test_hors_de_sa_portee_la_personne_n_existe_pas(self, acteurs, document, chez):
        """Another porteur: 404; an employer: 403; nothing leaves."""
        adresse = reverse("espace:demander_verification", args=[document.titulaire_id])
        for qui, statut in ((f.Acteurs().gestionnaire, 404), (acteurs.employeur, 403), (acteurs.certificateur, 200)):
            assert chez(qui).get(adresse).status_code == statut
        assert chez(f.Acteurs().gestionnaire).post(adresse, {"cle": "c"}).status_code == 404
        assert not VerificationEtatCivil.objects.exists()
