"""Life after issue: annulation, replacement, duplicata. Two people each time, seen at once, never undone (D5)."""

import copy
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from backoffice.candidatures.credits import credits_perimes, sources_au_registre
from backoffice.delivrances.models import DemandeAnnulation, DemandeDuplicata, DemandeRemplacement
from backoffice.pilotage.a_faire import taches_hors_dossiers
from registre import delivrance as registre
from registre import jetons
from registre.models import CourrielSortant, EntreeJournal, Feuille, Parchemin
from registre.transitions import Refus, RoleInsuffisant
from registre.transparence import journal_public
from tests import fabriques as f
from tests.connexion import connecter
from tests.ouvrier import travailler

from .situations_apres import (
    FAITS,
    agir,
    corriger_etat_civil,
    delivre,
    demander_annulation,
    demander_duplicata,
    preparer_remplacement,
)

pytestmark = pytest.mark.django_db
NOUVEAU_NOM = "Bellefontaine"


@pytest.fixture(scope="module")
def deja_delivre(scene):
    acteurs = f.Acteurs()
    return acteurs, delivre(acteurs)


@pytest.fixture
def tout(deja_delivre, fichiers_de_la_scene):
    return copy.deepcopy(deja_delivre)


@pytest.fixture
def acteurs(tout):
    return tout[0]


@pytest.fixture
def document(tout):
    return tout[1]


def texte(reponse) -> str:
    return reponse.content.decode()


def page_publique(document) -> str:
    return texte(Client().get(f"/V/{document.jeton}"))


def verdict(document) -> str:
    return re.search(r"<title>\s*(.+?)\s*:", page_publique(document).replace("\u00a0", " "), re.S).group(1)


def annuler(acteurs, document):
    return agir(demander_annulation(document, acteurs.gestionnaire), "prononcer_annulation", acteurs.signataire)


def remplacer(acteurs, document, **champs):
    corriger_etat_civil(document, **(champs or {"nom_naissance": NOUVEAU_NOM}))
    demande = preparer_remplacement(document, acteurs.gestionnaire)
    return agir(demande, "approuver_remplacement", acteurs.signataire).nouveau


def dupliquer(acteurs, document):
    demande = demander_duplicata(document, document.titulaire.utilisateur)
    duplicata = agir(demande, "delivrer_duplicata", acteurs.gestionnaire).duplicata
    travailler()
    duplicata.refresh_from_db()
    return duplicata


def recus(modele) -> dict:
    """address → text of the mails of this kind."""
    return dict(CourrielSortant.objects.filter(modele=modele).values_list("destinataire", "corps"))


class TestADeux:
    def test_qui_demande_ne_repond_pas(self, acteurs, document):
        """Refused in words for each of the three, and by the database whatever the code does one day."""
        corriger_etat_civil(document)
        for personne in (acteurs.certificateur,):
            f.Role.objects.create(utilisateur=personne, nom="signataire", organisme=acteurs.cpne)
        personne = f.Utilisateur.objects.get(pk=acteurs.certificateur.pk)
        for demander, verbe in (
            (demander_annulation, "prononcer_annulation"),
            (preparer_remplacement, "approuver_remplacement"),
            (demander_duplicata, "delivrer_duplicata"),
        ):
            demande = demander(document, personne)
            with pytest.raises(Refus, match="Vous avez fait cette demande"):
                agir(demande, verbe, personne)
            with pytest.raises(IntegrityError, match="quatre_yeux"), transaction.atomic():
                type(demande).objects.update(
                    etat="refusee", tranchee_par=personne, tranchee_le=demande.demandee_le, reponse="Non."
                )

    def test_nul_ne_repond_sur_son_propre_document(self, acteurs, document):
        """A holder who is also of the staff leaves it to somebody else."""
        demande = demander_annulation(document, acteurs.gestionnaire)
        f.Role.objects.create(utilisateur=document.titulaire.utilisateur, nom="certificateur", organisme=acteurs.cpne)
        soi = f.Utilisateur.objects.get(pk=document.titulaire.utilisateur_id)
        with pytest.raises(Refus, match="Ce document est à votre nom"):
            agir(demande, "prononcer_annulation", soi)
        assert not DemandeAnnulation.objects.all().confies_a(soi, "certificateur")

    def test_une_demande_a_la_fois_et_une_seule_par_envoi(self, acteurs, document):
        """Twenty identical requests make one; another one waits until it is answered."""
        demandes = {demander_annulation(document, acteurs.gestionnaire, cle="la-meme").pk for _ in range(20)}
        assert len(demandes) == 1 == DemandeAnnulation.objects.count()
        with pytest.raises(Refus, match="attend déjà sa réponse"):
            demander_annulation(document, acteurs.certificateur)
        demande = DemandeAnnulation.objects.get()
        agir(demande, "refuser_annulation", acteurs.signataire, motif="Le diplôme est authentique.")
        lettre = recus("demande_document_tranchee")[acteurs.gestionnaire.email]
        assert "est refusée" in lettre and "Le diplôme est authentique." in lettre
        assert verdict(document) == "Authentique"
        demander_annulation(document, acteurs.certificateur)

    def test_chacun_la_trouve_dans_a_faire(self, acteurs, document):
        """Those who may answer, never who asked; nobody any more once the document is cancelled otherwise."""
        collegue = f.UtilisateurFactory(role=("certificateur", acteurs.cpne))
        demande = demander_annulation(document, acteurs.certificateur)

        def attend(personne):
            return {o for t in taches_hors_dossiers(personne) for o in t.objets}

        assert demande in attend(collegue) and demande in attend(acteurs.signataire)
        assert demande not in attend(acteurs.certificateur) and demande not in attend(acteurs.gestionnaire)
        assert set(recus("demande_document_recue")) >= {collegue.email, acteurs.signataire.email}
        registre.annuler(document, acteurs.signataire, "signataire", "Un autre motif, entre temps.")
        assert demande not in attend(collegue)
        with pytest.raises(Refus, match="n’a plus d’objet"):
            agir(demande, "prononcer_annulation", acteurs.signataire)
        page = texte(connecter(Client(), acteurs.signataire).get(demande.get_absolute_url()))
        assert "Cette demande n’a plus d’objet" in page

    def test_seul_le_demandeur_retire(self, acteurs, document):
        """Another one of the same role refuses, or leaves it."""
        demande = demander_annulation(document, acteurs.gestionnaire)
        with pytest.raises(Refus, match="Seule la personne"):
            agir(demande, "retirer_annulation", acteurs.certificateur)
        assert agir(demande, "retirer_annulation", acteurs.gestionnaire).etat == "retiree"

    def test_le_signataire_ne_demande_pas_l_annulation(self, acteurs, document):
        """Nor does the holder: their requests are others."""
        for personne in (acteurs.signataire, acteurs.auditeur):
            with pytest.raises(RoleInsuffisant):
                demander_annulation(document, personne)


class TestAnnulation:
    def test_annuler_puis_lire_dans_la_seconde(self, acteurs, document):
        """Nothing before the second person; then page, number, log and row say it, in the same transaction."""
        demande = demander_annulation(document, acteurs.gestionnaire)
        assert verdict(document) == "Authentique"
        agir(demande, "prononcer_annulation", acteurs.signataire)
        assert verdict(document) == "Annulé"
        assert FAITS not in page_publique(document)
        document.refresh_from_db()
        assert document.annule_par == acteurs.signataire and FAITS in document.motif_annulation
        assert document.feuilles.filter(evenement=Feuille.Evenement.ANNULATION).count() == 1
        assert {"annuler_le_document"} <= set(EntreeJournal.objects.de(document).values_list("verbe", flat=True))
        assert not list(journal_public.verifier())

    def test_le_titulaire_lit_le_motif_et_comment_contester(self, acteurs, document, settings):
        """The employer is told that it is cancelled, and no reason."""
        annuler(acteurs, document)
        lettre = recus("annulation_document")[document.titulaire.courriel]
        assert FAITS in lettre and "contestez" in lettre and settings.COURRIEL_CONTACT in lettre
        employeur = recus("annulation_document_employeur")[acteurs.employeur.email]
        assert FAITS not in employeur and "fraude" not in employeur.lower() and document.numero not in employeur

    def test_un_document_annule_le_reste(self, acteurs, document):
        """Neither again, nor replaced, nor duplicated; its duplicatas fall with it; another one cannot take its row."""
        duplicata = dupliquer(acteurs, document)
        annuler(acteurs, document)
        corriger_etat_civil(document)
        for demander in (demander_annulation, preparer_remplacement, demander_duplicata):
            with pytest.raises(Refus, match="est annulé depuis"):
                demander(document, acteurs.gestionnaire)
        with duplicata.fichier.open() as fichier:
            reponse = Client().post("/verifier/fichier/", {"fichier": fichier})
        assert "Annulé" in texte(reponse) and "Authentique" not in texte(reponse)

    def test_un_annule_rendu_valable_est_denonce(self, acteurs, document):
        """Somebody writes in the database by hand: the verify command names the document."""
        annuler(acteurs, document)
        Parchemin.objects.filter(pk=document.pk).update(annule_le=None)
        assert [p for p in journal_public.verifier() if document.numero in p and "ne le dit plus" in p]

    def test_le_dossier_et_la_fiche_le_disent(self, acteurs, document):
        """Tab of the dossier, page of the document, list, space of the holder."""
        annuler(acteurs, document)
        gestion = connecter(Client(), acteurs.gestionnaire)
        dossier = document.delivrance.dossier
        for url in (document.get_absolute_url(), f"{dossier.get_absolute_url()}?onglet=documents"):
            assert "Annulé" in texte(gestion.get(url)), url
        assert FAITS in texte(gestion.get(document.get_absolute_url()))
        employeur = connecter(Client(), acteurs.employeur)
        page = texte(employeur.get(f"{dossier.get_absolute_url()}?onglet=documents"))
        assert "Annulé" in page and FAITS not in page


class TestRemplacement:
    def test_seul_ce_qui_est_corrige_change(self, acteurs, document):
        """New number, identifier, token, day; same jury, blocs, certification, look; both linked in one transaction."""
        avant = copy.deepcopy(document.enregistrement)
        nouveau = remplacer(acteurs, document)
        attendu = avant | {"numero": nouveau.numero, "titulaire": avant["titulaire"] | {"nom_naissance": NOUVEAU_NOM}}
        assert nouveau.enregistrement == attendu
        assert jetons.lire(nouveau.jeton).concorde_avec(nouveau.enregistrement)
        document.refresh_from_db()
        assert (document.enregistrement, document.remplace_par) == (avant, nouveau)
        assert nouveau.rang == document.rang + 1 and nouveau.identifiant != document.identifiant
        travailler()
        evenements = {d: list(d.feuilles.values_list("evenement", flat=True)) for d in (document, nouveau)}
        assert evenements == {document: ["emission", "remplacement"], nouveau: ["emission"]}
        assert not list(journal_public.verifier())

    def test_l_ancien_se_dit_remplace_sans_trahir_le_nouveau(self, acteurs, document):
        """« Remplacé », as its own paper says it: neither the new name nor the new number; the number alone: no."""
        ancien_nom = document.enregistrement["titulaire"]["nom_naissance"]
        nouveau = remplacer(acteurs, document)
        page = page_publique(document)
        assert verdict(document) == "Remplacé" and verdict(nouveau) == "Authentique"
        assert NOUVEAU_NOM.upper() not in page.upper() and nouveau.numero not in page
        assert ancien_nom.upper() not in page_publique(nouveau).upper()
        saisie = {"numero": document.numero, "nom_naissance": ancien_nom}
        assert "ne concorde pas" in texte(Client().post("/verifier/", saisie)).lower()

    def test_chacun_dit_ce_qu_il_remplace_et_rien_de_plus(self, acteurs, document):
        """The page and the list link old and new both ways; a document that replaces nothing says nothing of it."""
        gestion = connecter(Client(), acteurs.gestionnaire)
        avant = texte(gestion.get(document.get_absolute_url())) + texte(gestion.get("/gestion/delivrances/"))
        assert "<dt>Remplace</dt>" not in avant and "remplace <a" not in avant and "%s" not in avant
        nouveau = remplacer(acteurs, document)
        assert nouveau.get_absolute_url() in texte(gestion.get(document.get_absolute_url()))
        assert document.get_absolute_url() in texte(gestion.get(nouveau.get_absolute_url()))
        assert "remplace <a" in texte(gestion.get("/gestion/delivrances/"))

    def test_rien_a_corriger_rien_a_remplacer(self, acteurs, document):
        """A document that says what the register says is not made again."""
        with pytest.raises(Refus, match="Rien ne change"):
            preparer_remplacement(document, acteurs.gestionnaire)

    def test_l_etat_civil_corrige_entre_temps_arrete_l_approbation(self, acteurs, document):
        """What was compared is what is issued: otherwise it is prepared again."""
        corriger_etat_civil(document)
        demande = preparer_remplacement(document, acteurs.gestionnaire)
        corriger_etat_civil(document, prenom1="Aline")
        with pytest.raises(Refus, match="a changé depuis la préparation"):
            agir(demande, "approuver_remplacement", acteurs.signataire)
        assert Parchemin.objects.count() == 1

    def test_l_approbation_montre_l_avant_et_l_apres(self, acteurs, document):
        """The printed identity, side by side, on the page of the request and on that of the act."""
        avant = document.titulaire.nom_naissance
        corriger_etat_civil(document, nom_naissance=NOUVEAU_NOM)
        demande = preparer_remplacement(document, acteurs.gestionnaire)
        signataire = connecter(Client(), acteurs.signataire)
        acte = f"/gestion/actes/{demande._meta.label_lower}/{demande.pk}/approuver_remplacement/"
        for url in (demande.get_absolute_url(), acte):
            page = texte(signataire.get(url))
            assert avant.upper() in page and NOUVEAU_NOM.upper() in page and "inchangé" in page

    def test_le_dossier_tient_le_nouveau_et_la_revocation_l_atteint(self, acteurs, document):
        """The decision revoked later cancels the document in force, not the one it replaced."""
        dossier = document.delivrance.dossier
        nouveau = remplacer(acteurs, document)
        dossier.refresh_from_db()
        assert dossier.delivrance.parchemin == nouveau
        assert [d.parchemin for d in dossier.delivrances_defaites.all()] == [document]
        page = texte(connecter(Client(), acteurs.gestionnaire).get(f"{dossier.get_absolute_url()}?onglet=documents"))
        assert document.numero in page and nouveau.numero in page and "Remplacé" in page
        f.faire(dossier, "demander_revocation", acteurs.gestionnaire, motif="Un bloc a été compté deux fois.")
        f.faire(dossier, "revoquer_decision", acteurs.certificateur)
        assert (verdict(document), verdict(nouveau)) == ("Remplacé", "Annulé")

    def test_un_bloc_repris_suit_le_document_qui_remplace(self, acteurs):
        """Credited from the old one, it stays while the new one lives, and falls with it."""
        titulaire = f.TitulaireFactory()
        piece = f.attestation(acteurs, titulaire)
        travailler()
        dossier = f.recevable(acteurs, f.meme_personne(titulaire))
        credit = sources_au_registre(dossier)[0].credit(dossier)
        credit.repris_par, credit.repris_le = acteurs.gestionnaire, dossier.deposee_le
        credit.save()
        corriger_etat_civil(piece, prenom2="Jeanne")
        demande = preparer_remplacement(piece, acteurs.gestionnaire)
        nouveau = agir(demande, "approuver_remplacement", acteurs.signataire).nouveau
        credit = type(credit).objects.get()
        assert credit.est_valide() and not list(credits_perimes(dossier, dossier.deposee_le.date()))
        annuler(acteurs, nouveau)
        credit = type(credit).objects.get()
        assert not credit.est_valide()

    def test_le_titulaire_est_prevenu(self, acteurs, document):
        """Both numbers, and where to find the new one; nobody else: a name is private. The employer hears nothing."""
        employeur = CourrielSortant.objects.filter(destinataire=acteurs.employeur.email)
        avant = set(employeur.values_list("pk", flat=True))
        nouveau = remplacer(acteurs, document)
        assert not recus("document_remplace"), "rien n’est encore à télécharger"
        travailler()
        lettre = recus("document_remplace")[document.titulaire.courriel]
        assert document.numero in lettre and nouveau.numero in lettre
        assert not employeur.exclude(pk__in=avant).exists()


class TestErreur:
    def test_une_erreur_se_corrige_mention_par_mention(self, acteurs, document):
        """The register says otherwise today: what is ticked is corrected, the rest stays as it was issued."""
        type(acteurs.version).objects.filter(pk=acteurs.version.pk).update(niveau=4, intitule="Un autre intitulé")
        gestion = connecter(Client(), acteurs.gestionnaire)
        url = f"/gestion/delivrances/documents/{document.pk}/remplacer/"
        page = texte(gestion.get(url))
        assert "Un autre intitulé" in page and "Niveau" in page
        envoi = {"motif": "etat_civil", "corriger": ["niveau"], "lieu": "Paris", "precisions": "", "cle": "a"}
        assert gestion.post(url, envoi).status_code == 422
        envoi |= {"motif": "erreur", "precisions": "Le niveau imprimé n’était pas celui de la fiche."}
        assert gestion.post(url, envoi).status_code == 302
        demande = DemandeRemplacement.objects.get()
        certification = demande.enregistrement["certification"]
        avant = document.enregistrement["certification"]
        assert (certification["niveau"], certification["intitule"]) == (4, avant["intitule"])

    def test_ni_le_jury_ni_les_blocs_ne_se_corrigent(self, acteurs, document):
        """What the jury decided is not an error of the record: a key that is not offered is refused."""
        gestion = connecter(Client(), acteurs.gestionnaire)
        url = f"/gestion/delivrances/documents/{document.pk}/remplacer/"
        envoi = {"motif": "erreur", "corriger": ["blocs", "jury"], "lieu": "Lyon", "precisions": FAITS, "cle": "a"}
        reponse = gestion.post(url, envoi)
        assert reponse.status_code in (302, 422)
        for demande in DemandeRemplacement.objects.all():
            for partie in ("blocs", "jury", "modele", "nature"):
                assert demande.enregistrement[partie] == document.enregistrement[partie]


class TestDuplicata:
    def test_meme_document_autre_fichier(self, acteurs, document):
        """Same record and token; its own hash, stored once, in the log; counted from one."""
        premier, second = dupliquer(acteurs, document), dupliquer(acteurs, document)
        assert [premier.rang, second.rang] == [1, 2]
        assert premier.sha256 and premier.fichier.name != document.fichier.name
        assert document.feuilles.filter(evenement=Feuille.Evenement.DUPLICATA).count() == 2
        assert premier.feuille.engagement != second.feuille.engagement
        assert not list(journal_public.verifier())
        assert verdict(document) == "Authentique"

    def test_le_titulaire_le_demande_et_le_recoit(self, acteurs, document):
        """From its own space; it follows the request, then downloads; another candidate finds nothing."""
        moi, autre = connecter(Client(), document.titulaire.utilisateur), f.UtilisateurFactory(role="candidat")
        url = f"/gestion/delivrances/documents/{document.pk}/duplicata/"
        assert moi.get(url).status_code == 200
        reponse = moi.post(url, {"motif": "perdu", "precisions": "", "cle": "b"})
        demande = DemandeDuplicata.objects.get()
        assert reponse.url == demande.get_absolute_url() and "Document perdu" in texte(moi.get(reponse.url))
        duplicata = agir(demande, "delivrer_duplicata", acteurs.gestionnaire).duplicata
        assert not recus("duplicata_delivre"), "rien n’est encore à télécharger"
        travailler()
        assert document.titulaire.courriel in recus("duplicata_delivre")
        fichier = f"/gestion/delivrances/duplicatas/{duplicata.pk}/"
        contenu = b"".join(moi.get(fichier).streaming_content)
        assert contenu.startswith(b"%PDF")
        assert connecter(Client(), autre).get(fichier).status_code == 404
        assert connecter(Client(), autre).get(url).status_code == 404

    def test_un_document_en_fabrication_n_a_pas_de_duplicata(self, acteurs):
        """There is nothing to copy yet."""
        document = f.delivree(acteurs).delivrance.parchemin
        with pytest.raises(Refus, match="en cours de fabrication"):
            demander_duplicata(document, acteurs.gestionnaire)
