"""Opening and changing a dossier: what is stored, ignored, refused."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backoffice.candidatures.admission import ajouter_mois, voies_admises
from backoffice.candidatures.models import Candidature, Etat
from backoffice.candidatures.saisie import phrases_de_contrainte
from backoffice.parcours.models import ModaliteAcces, Parcours, PieceRequise
from registre.models import OptionCertification, Titulaire
from registre.transitions import Refus
from tests import fabriques as f

from . import entree

NOUVELLE = "/gestion/candidatures/nouvelle/"
DEJA = "Cette personne a déjà une candidature"


def test_les_champs_en_trop_sont_ignores(acteurs, chez, saisie):
    """State, porteur, reference, staff flag: what the form does not ask is not read."""
    intrus = f.OrganismeFactory()
    surplus = {"etat": "validee", "porteur": intrus.pk, "reference": "X-1", "is_staff": "on", "parcours": "999"}
    civils = {"titulaire-utilisateur": acteurs.employeur.pk, "titulaire-nom_plie": "x", "decision": "validee"}
    client = chez("employeur")
    client.post(NOUVELLE, {**saisie, **surplus})
    candidature = Candidature.objects.get()
    entree.dire_la_personne(client, candidature, saisie, **surplus, **civils)
    candidature.refresh_from_db()
    assert (candidature.etat, candidature.porteur, candidature.parcours) == (
        "brouillon",
        acteurs.porteur,
        acteurs.parcours,
    )
    assert candidature.reference != "X-1"
    assert candidature.titulaire.utilisateur is None and candidature.titulaire.nom_plie != "x"
    acteurs.employeur.refresh_from_db()
    assert acteurs.employeur.is_staff is False


def test_la_version_d_un_dossier_ouvert_ne_change_pas(acteurs, chez, saisie):
    """A dossier keeps its version, its parcours and its porteur, whatever is posted."""
    candidature, autre = f.brouillon(acteurs), f.VersionFactory()
    f.ParcoursFactory(certification=autre.certification)
    adresse = entree.page(candidature, "objectif")
    assert 'name="version"' not in chez("employeur").get(adresse).text
    donnees = {"version": autre.pk, "modalite_acces": ModaliteAcces.VAE, "cle": "v"}
    assert chez("employeur").post(adresse, donnees).status_code == 302
    candidature.refresh_from_db()
    assert (candidature.version, candidature.modalite_acces) == (acteurs.version, "VAE")


class TestBrouillon:
    def test_un_brouillon_se_garde_a_moitie_rempli_et_se_reprend_ou_il_en_etait(self, acteurs, chez, saisie):
        """Nothing but a name, and a year badly typed: kept as typed, told beside the field, found again later."""
        client = chez("employeur")
        entree.ouvrir(client, saisie)
        candidature = Candidature.objects.get()
        partielle = {"titulaire-nom_naissance": "Hérail", "titulaire-annee_naissance": "85", "suite": "quitter"}
        reponse = client.post(entree.page(candidature, "personne"), {**partielle, "cle": "x"}, follow=True)
        assert "Le brouillon est enregistré" in reponse.text and "HÉRAIL" in reponse.text
        assert "À corriger\u00a0: année de naissance." in reponse.text
        reprise = client.get(reverse("candidatures:modifier", args=[candidature.pk]), follow=True)
        assert reprise.redirect_chain[-1][0] == entree.page(candidature, "personne")
        assert 'value="85"' in reprise.text and 'value="Hérail"' in reprise.text
        assert "supérieure ou égale à 1900" in reprise.text
        assert "Champ requis" not in reprise.text
        assert "Champ requis" in client.get(f"{entree.page(candidature, 'personne')}?manques=1").text
        corrigee = {**partielle, "titulaire-annee_naissance": "1985", "cle": "y"}
        assert client.post(entree.page(candidature, "personne"), corrigee).status_code == 302
        candidature.refresh_from_db()
        assert candidature.saisie == {} and candidature.titulaire.annee_naissance == 1985

    def test_ce_qui_est_efface_est_efface(self, acteurs, chez, saisie):
        """A field emptied on purpose does not come back."""
        candidature = f.brouillon(acteurs)
        entree.dire_la_personne(chez("employeur"), candidature, {**saisie, "titulaire-jour_naissance": ""})
        candidature.refresh_from_db()
        assert candidature.titulaire.jour_naissance is None
        entree.dire_la_personne(chez("employeur"), candidature, {**saisie, "titulaire-prenom1": ""})
        assert Titulaire.objects.get().prenom1 == ""

    def test_la_meme_page_corrigee_apres_un_retour_est_un_autre_envoi(self, acteurs, chez, saisie):
        """The back button gives the same key with other answers: they are stored."""
        candidature, client = f.brouillon(acteurs), chez("employeur")
        for prenom in ("Anne", "Annie"):
            entree.dire_la_personne(client, candidature, {**saisie, "titulaire-prenom1": prenom})
        assert Titulaire.objects.get().prenom1 == "Annie"

    @pytest.mark.parametrize("suite, ou", [("continuer", "formation"), ("precedente", "objectif")])
    def test_on_avance_et_on_recule_sans_rien_perdre(self, acteurs, chez, saisie, suite, ou):
        """Forward or backward, the page is stored first."""
        candidature = f.brouillon(acteurs, Titulaire())
        reponse = entree.dire_la_personne(chez("employeur"), candidature, saisie, suite=suite)
        assert reponse.url == entree.page(candidature, ou)
        assert Titulaire.objects.get().prenom1 == "Maïté"

    def test_le_depot_attend_tout_ce_qui_manque(self, acteurs, chez, saisie):
        """The review names each missing thing with a link and offers no deposit; the verb refuses as well."""
        client = chez("employeur")
        entree.ouvrir(client, saisie)
        candidature = Candidature.objects.get()
        page = client.get(entree.page(candidature, "relecture")).text
        for champ in ("sexe", "nom_naissance", "annee_naissance", "courriel"):
            assert f"/saisie/personne/?manques=1#id_titulaire-{champ}" in page
        assert "Le dossier n’est pas encore complet" in page and 'name="cle"' not in page
        with pytest.raises(Refus, match="À renseigner"):
            f.faire(candidature, "deposer", acteurs.employeur)


class TestFormation:
    def test_un_organisme_se_trouve_par_son_siret_ou_son_nom_et_se_repropose(self, acteurs, chez):
        """Known: found, alone or to be chosen among several; used once, it is among the choices of the next dossier."""
        connu = f.OrganismeFactory(raison_sociale="Campus des Toits", siret="73282932000074")
        f.OrganismeFactory(raison_sociale="Campus du Bois", siret="35600000000048")
        candidature, client = f.brouillon(acteurs), chez("employeur")
        adresse = entree.page(candidature, "formation")
        envoi = {"etablissement": acteurs.etablissement.pk, "organisme_formation": "", "cle": "z"}
        plusieurs = client.post(adresse, {**envoi, "organisme_cherche": "campus"})
        assert plusieurs.status_code == 422
        assert "Campus des Toits" in plusieurs.text and "Campus du Bois" in plusieurs.text
        assert client.post(adresse, {**envoi, "organisme_cherche": "732 829 320 00074"}).status_code == 302
        candidature.refresh_from_db()
        assert candidature.organisme_formation == connu and candidature.saisie == {}
        autre = f.brouillon(acteurs)
        assert "Campus des Toits" in client.get(entree.page(autre, "formation")).text

    def test_un_organisme_inconnu_se_nomme_une_fois(self, acteurs, chez):
        """A SIRET that cannot exist is refused; one that is new asks for its name, then belongs to the list."""
        candidature, client = f.brouillon(acteurs), chez("employeur")
        adresse = entree.page(candidature, "formation")
        envoi = {"etablissement": acteurs.etablissement.pk, "organisme_formation": ""}
        faux = client.post(adresse, {**envoi, "organisme_cherche": "73282932000075", "cle": "1"})
        assert faux.status_code == 422 and "n’existe pas" in faux.text
        neuf = {**envoi, "organisme_cherche": "73282932000074", "cle": "2"}
        assert "donnez la raison sociale" in client.post(adresse, neuf).text
        for _ in range(2):
            assert client.post(adresse, {**neuf, "organisme_nom": "Campus Neuf"}).status_code == 302
        candidature.refresh_from_db()
        assert candidature.organisme_formation.raison_sociale == "Campus Neuf"

    def test_les_bonnes_pieces_entrent_meme_si_une_autre_est_refusee(self, acteurs, chez):
        """Each file is judged alone; the refusal stands beside its field."""
        seconde = PieceRequise.objects.create(parcours=acteurs.parcours, code="cv", libelle="Curriculum vitæ")
        candidature, premiere = f.brouillon(acteurs), acteurs.parcours.pieces.get(code="diplome")
        envoi = {f"piece-{premiere.pk}": f.fichier_pdf(), "cle": "f"}
        envoi[f"piece-{seconde.pk}"] = SimpleUploadedFile("cv.exe", b"MZ")
        reponse = chez("employeur").post(entree.page(candidature, "pieces"), envoi)
        assert reponse.status_code == 422 and "Ce format n’est pas accepté" in reponse.text
        assert [p.requise for p in candidature.pieces.all()] == [premiere]


class TestOuverture:
    def test_les_voies_sont_celles_du_parcours_et_du_repertoire(self, acteurs, chez, saisie):
        """The parcours admits two ways; without it those of the fiche; the VAE is for the RNCP only."""
        acteurs.parcours.modalites = [ModaliteAcces.VAE, ModaliteAcces.FC_CONTRAT_PRO]
        assert voies_admises(acteurs.version, acteurs.parcours) == [ModaliteAcces.FC_CONTRAT_PRO, ModaliteAcces.VAE]
        acteurs.version.repertoire = "rs"
        assert voies_admises(acteurs.version, acteurs.parcours) == [ModaliteAcces.FC_CONTRAT_PRO]
        acteurs.version.voies.create(voie="FC")
        assert voies_admises(acteurs.version, None) == [ModaliteAcces.FC_HORS_CONTRAT]
        refusee = entree.ouvrir(chez("employeur"), {**saisie, "modalite_acces": "APPRENTISSAGE"})
        assert refusee.status_code == 422 and not Candidature.objects.exists()

    def test_ouvre_qui_le_parcours_laisse_ouvrir(self, acteurs, chez, saisie):
        """Neither the page nor the verb opens for the employer when the porteur alone does, and the reverse."""
        Parcours.objects.update(employeur_ouvre=False)
        assert "Aucun CQP ne vous est ouvert" in chez("employeur").get(NOUVELLE).text
        assert entree.ouvrir(chez("employeur"), saisie).status_code == 422
        with pytest.raises(Refus, match="le porteur ouvre les dossiers"):
            f.brouillon(acteurs)
        assert entree.ouvrir(chez("gestionnaire"), saisie).status_code == 302
        Parcours.objects.update(employeur_ouvre=True, porteur_ouvre=False)
        assert entree.ouvrir(chez("gestionnaire"), {**saisie, "cle": "autre"}).status_code == 422

    def test_apres_un_echec_une_nouvelle_candidature_attend(self, acteurs):
        """Six months after a failure, for the same person and the same CQP: the refusal says from which day."""
        acteurs.parcours.delai_nouvelle_candidature_mois = 6
        acteurs.parcours.save()
        personne = f.TitulaireFactory.build()
        echec = f.decidee(acteurs, personne, acquis=False)
        permis = ajouter_mois(timezone.localdate(echec.decidee_le), 6)
        with pytest.raises(Refus, match=f"à partir du {permis:%d/%m/%Y}"):
            f.brouillon(acteurs, f.TitulaireFactory.build(nom_naissance=personne.nom_naissance))
        f.brouillon(acteurs)  # somebody else
        Candidature.objects.filter(pk=echec.pk).update(decidee_le=timezone.now() - timedelta(days=190))
        assert f.brouillon(acteurs, f.TitulaireFactory.build(nom_naissance=personne.nom_naissance))

    @given(jour=st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)), mois=st.integers(0, 60))
    def test_des_mois_ajoutes_menent_au_bon_mois(self, jour, mois):
        """Same day or the last of a shorter month, exactly that many months later."""
        plus_tard = ajouter_mois(jour, mois)
        assert (plus_tard.year - jour.year) * 12 + plus_tard.month - jour.month == mois
        assert plus_tard.day == jour.day or (plus_tard + timedelta(days=1)).day == 1


def test_les_options_sont_celles_de_la_certification(acteurs, chez, saisie):
    """A version with options asks for one of its own; another version's is refused."""
    client = chez("employeur")
    sienne = OptionCertification.objects.create(version=acteurs.version, libelle="Enrobés")
    autre = f.VersionFactory()
    f.ParcoursFactory(certification=autre.certification)
    etrangere = OptionCertification.objects.create(version=autre, libelle="Production")
    page = client.get(NOUVELLE, {"version": acteurs.version.pk}).text
    assert "Enrobés" in page and "Production" not in page
    sans = entree.ouvrir(client, saisie)
    assert sans.status_code == 422 and "choisissez celle qui est visée" in sans.text
    refusee = entree.ouvrir(client, {**saisie, "option": etrangere.pk})
    assert refusee.status_code == 422 and "Cette option n’est pas celle" in refusee.text
    assert entree.ouvrir(client, {**saisie, "option": sienne.pk}).status_code == 302
    assert Candidature.objects.get().option == sienne


@pytest.mark.parametrize("changement, jumelle", [
    ({"titulaire-prenom1": "MAITE"}, True),
    ({"titulaire-nom_naissance": "d'esteve lukasik", "titulaire-prenom2": "Anne"}, True),
    ({"titulaire-courriel": "autre@example.org"}, True),
    ({"titulaire-prenom1": "Lou"}, False),
    ({"titulaire-jour_naissance": "4"}, False),
    ({"titulaire-annee_naissance": "1991"}, False),
])  # fmt: skip
def test_la_meme_personne_n_a_pas_deux_dossiers_en_cours(acteurs, chez, saisie, changement, jumelle):
    """Typed twice, with other accents or another address: told at once, and no deposit. A namesake is somebody else."""
    client = chez("employeur")
    entree.saisir(client, saisie)
    seconde = entree.saisir(client, {**saisie, **changement, "cle": "d" * 32})
    assert (DEJA in client.get(entree.page(seconde, "formation")).text) == jumelle
    assert (DEJA in client.post(f"/gestion/actes/{f.MODELE}/{seconde.pk}/deposer/").text) == jumelle


def test_le_brouillon_d_un_autre_employeur_ne_bloque_personne(acteurs, chez, saisie):
    """A draft is private until declared: it neither shows nor blocks elsewhere; the second to declare is refused."""
    autre = f.OrganismeFactory()
    rival = f.UtilisateurFactory(role=("employeur", autre))
    premiere = entree.saisir(chez("employeur"), saisie)
    seconde = entree.saisir(chez(rival), {**saisie, "etablissement": autre.pk, "cle": "d" * 32})
    assert DEJA not in chez(rival).get(entree.page(seconde, "relecture")).text
    for candidature, personne, attendu in ((premiere, acteurs.employeur, 302), (seconde, rival, 409)):
        f.faire(
            candidature,
            "joindre_piece",
            personne,
            requise=acteurs.parcours.pieces.get(),
            fichier=f.controler(f.fichier_pdf()),
        )
        reponse = chez(personne).post(f"/gestion/actes/candidatures.candidature/{candidature.pk}/deposer/")
        assert reponse.status_code == attendu
    assert DEJA in reponse.text


def test_une_contrainte_de_la_base_devient_une_phrase(acteurs):
    """What the database itself refuses is told in the words of the constraint, whatever the database."""
    candidature = f.brouillon(acteurs)
    candidature.pk, candidature.reference = None, "AUTRE-1"
    with pytest.raises(IntegrityError) as erreur, transaction.atomic():
        candidature.save(force_insert=True)
    assert phrases_de_contrainte(erreur.value) == [
        "Cette personne a déjà une candidature en cours pour cette certification."
    ]
    titulaire = Titulaire.objects.get()
    titulaire.annee_naissance = 1800
    with pytest.raises(IntegrityError) as erreur, transaction.atomic():
        titulaire.save()
    assert "quatre chiffres" in phrases_de_contrainte(erreur.value)[0]
    assert "rien n’a été modifié" in phrases_de_contrainte(IntegrityError("autre chose"))[0]


def test_une_base_qui_refuse_ne_donne_pas_de_page_d_erreur(acteurs, chez, saisie, monkeypatch):
    """A violation met at the last moment comes back as a form error, and nothing is stored."""
    from backoffice.candidatures import saisie as ecrans

    def refuser(*args):
        raise IntegrityError('duplicate key violates unique constraint "candidature_vivante_unique"')

    monkeypatch.setattr(ecrans.workflow, "ouvrir", refuser)
    reponse = entree.ouvrir(chez("employeur"), saisie)
    assert reponse.status_code == 409 and DEJA in reponse.text
    assert not Titulaire.objects.exists()


@pytest.mark.parametrize("role", ["evaluateur", "certificateur", "signataire", "auditeur", "presidente"])
def test_seuls_l_employeur_et_le_porteur_ouvrent_un_dossier(acteurs, chez, role, saisie):
    """The other roles get 403 on both the page and the POST."""
    client = chez(role)
    assert client.get(NOUVELLE).status_code == client.post(NOUVELLE, saisie).status_code == 403
    assert not Candidature.objects.exists()


def test_un_employeur_n_ouvre_que_pour_ses_etablissements(acteurs, chez, saisie):
    """Another body's establishment is not among the choices."""
    reponse = chez("employeur").post(NOUVELLE, {**saisie, "etablissement": f.OrganismeFactory().pk})
    assert reponse.status_code == 422 and not Candidature.objects.exists()


def test_un_porteur_n_ouvre_que_pour_ses_certifications(acteurs, chez, saisie):
    """The gestionnaire of one porteur is not offered the CQPs of another."""
    autre = f.VersionFactory()
    f.ParcoursFactory(certification=autre.certification)
    client = chez("gestionnaire")
    assert entree.ouvrir(client, {**saisie, "version": autre.pk}).status_code == 422
    assert entree.ouvrir(client, saisie).status_code == 302
    assert Candidature.objects.get().ouverte_par == acteurs.gestionnaire


def test_un_dossier_depose_ne_se_modifie_plus(acteurs, chez, saisie):
    """Page and POST say so, with the state; nothing changes."""
    candidature = f.deposee(acteurs)
    nom = candidature.titulaire.nom_naissance
    client, adresse = chez("employeur"), entree.page(candidature, "personne")
    for reponse in (client.get(adresse), client.post(adresse, saisie)):
        assert reponse.status_code == 409 and Etat.DEPOSEE.label in reponse.text
    assert Titulaire.objects.get().nom_naissance == nom


def test_le_porteur_ne_modifie_pas_le_brouillon_d_un_employeur(acteurs, chez, saisie):
    """A draft opened by the employer is not the porteur's to see: 404."""
    adresse = entree.page(f.brouillon(acteurs), "personne")
    client = chez("gestionnaire")
    assert client.get(adresse).status_code == client.post(adresse, saisie).status_code == 404


def test_le_dossier_d_un_autre_n_existe_pas(acteurs, chez, saisie):
    """Foreign ids: 404 on every address of the room, for reading and writing."""
    candidature = f.deposee(acteurs)
    etranger = chez(f.UtilisateurFactory(role=("employeur", f.OrganismeFactory())))
    acte = f"/gestion/actes/candidatures.candidature/{candidature.pk}/deposer/"
    modifier = entree.page(candidature, "personne")
    piece = reverse("candidatures:piece", args=[candidature.pieces.get().pk])
    for adresse in (candidature.get_absolute_url(), modifier, piece, acte):
        assert etranger.get(adresse).status_code == 404
    assert etranger.post(modifier, saisie).status_code == etranger.post(acte).status_code == 404


def test_sans_connexion_on_est_conduit_a_la_porte(acteurs, saisie):
    """Anonymous: every address leads to the login page, and comes back after it."""
    candidature = f.deposee(acteurs)
    adresses = [
        reverse("candidatures:liste"),
        NOUVELLE,
        candidature.get_absolute_url(),
        reverse("candidatures:modifier", args=[candidature.pk]),
        reverse("candidatures:piece", args=[candidature.pieces.get().pk]),
        f"/gestion/actes/candidatures.candidature/{candidature.pk}/deposer/",
    ]
    for adresse in adresses:
        reponse = Client().get(adresse)
        assert reponse.status_code == 302
        assert reponse.url.startswith(reverse("account_login")) and adresse in reponse.url


class TestCopie:
    def test_dupliquer_reprend_l_etablissement_et_le_cqp_jamais_les_pieces(self, acteurs, chez):
        """Same établissement, organisme and way; a person to type; no pièce; one dossier for twenty clicks."""
        original, client = f.deposee(acteurs), chez("employeur")
        url = reverse("candidatures:dupliquer", args=[original.pk])
        assert client.get(url).status_code == 200
        for _ in range(20):
            client.post(url, {"version": acteurs.version.pk, "cle": "copie"})
        copie = Candidature.objects.exclude(pk=original.pk).get()
        assert (copie.etablissement, copie.modalite_acces, copie.etat) == (
            original.etablissement,
            original.modalite_acces,
            "brouillon",
        )
        assert copie.titulaire.nom_naissance == "" and not copie.pieces.exists()

    def test_la_meme_personne_vers_la_version_qui_succede(self, acteurs, chez):
        """The successor is offered; the civil status comes only if asked; the same CQP twice is refused."""
        original, client = f.deposee(acteurs), chez("employeur")
        suivante = f.VersionFactory(certification=acteurs.certification)
        suivante.succede_a.add(acteurs.version)
        url = reverse("candidatures:dupliquer", args=[original.pk])
        refus = client.post(url, {"version": acteurs.version.pk, "meme_personne": "on", "cle": "1"})
        assert refus.status_code == 409 and DEJA in refus.text
        client.post(url, {"version": suivante.pk, "meme_personne": "on", "cle": "2"})
        copie = Candidature.objects.exclude(pk=original.pk).get()
        assert copie.version == suivante
        assert copie.titulaire.etat_civil() == original.titulaire.etat_civil()
        assert copie.titulaire.pk != original.titulaire.pk

    def test_seuls_ses_redacteurs_dupliquent_un_dossier(self, acteurs, chez):
        """A reader is refused, a stranger finds nothing."""
        url = reverse("candidatures:dupliquer", args=[f.deposee(acteurs).pk])
        assert chez("auditeur").post(url).status_code == 403
        assert chez(f.UtilisateurFactory(role=("employeur", f.OrganismeFactory()))).get(url).status_code == 404
