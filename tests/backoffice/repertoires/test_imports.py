"""National registers brought in by the certificateur: compared by the worker, chosen by a person, written, reported."""

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.repertoires import travaux
from backoffice.repertoires.models import FicheLue, ImportDeFiches
from registre.models import EntreeJournal, Organisme, VersionCertification
from tests import fabriques as f
from tests.connexion import connecter
from tests.ouvrier import travailler

pytestmark = pytest.mark.django_db

EXEMPLE = (Path(__file__).parents[2] / "registre" / "donnees" / "flux_v4_1_exemple.xml").read_bytes()
URL = "/gestion/repertoires/"


def zip_de(octets: bytes) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.xml", octets)
    return sortie.getvalue()


@pytest.fixture
def bureau():
    """A certificateur at work, in their browser."""
    cpne = Organisme.objects.create(raison_sociale="CPNE d’essai")
    return connecter(Client(), f.UtilisateurFactory(role=("certificateur", cpne)))


def deposer(bureau, octets=None, nom="export-fiches-rncp-v4-1-2026-10-03.zip", **choix):
    fichier = SimpleUploadedFile(nom, zip_de(EXEMPLE) if octets is None else octets)
    return bureau.post(URL, {"numeros": "RNCP99001 RS99002", **choix, "fichier": fichier})


def dernier() -> ImportDeFiches:
    return ImportDeFiches.objects.first()


def confirmer(bureau, depot, fiches=None, sauf=(), avec=()):
    """Tick these fiches (all that may be), every difference but `sauf`, the corrections `avec`."""
    fiches = [fiche for fiche in depot.fiches.all() if fiche.a_choisir and (fiches is None or fiche.numero in fiches)]
    prendre = [f"{fiche.pk}|{e['cle']}" for fiche in fiches for e in fiche.ecarts if e["cle"] not in sauf]
    prendre += [f"{fiche.pk}|{cle}" for fiche in fiches for cle in avec]
    reponse = bureau.post(depot.get_absolute_url(), {"fiches": [fi.pk for fi in fiches], "prendre": prendre})
    travailler()
    return reponse


def entrer(bureau, octets=None, **choix) -> ImportDeFiches:
    """Deposit, comparison, confirmation of everything."""
    deposer(bureau, octets, **choix)
    travailler()
    confirmer(bureau, dernier())
    return dernier()


class TestComparer:
    def test_rien_ne_change_avant_le_choix(self, bureau):
        """The worker tells what each fiche would do; the registry, the bodies and the journal stay as they are."""
        reponse = deposer(bureau)
        assert reponse.status_code == 302
        assert "Travail en cours" in bureau.get(reponse.url).text
        travailler()
        page = bureau.get(reponse.url).text
        assert "Rien n’est encore changé" in page and "RNCP99001" in page and "24/09/2030" in page
        assert not VersionCertification.objects.exists() and Organisme.objects.count() == 1
        assert not EntreeJournal.objects.filter(verbe="importer_fiche").exists()
        assert dernier().date_export == date(2026, 10, 3)

    def test_on_cherche_aussi_par_titre_et_par_certificateur(self, bureau):
        """Words, whatever accents and case; both narrow."""
        deposer(bureau, numeros="", titre="TAILLEUR", certificateur="ardoisiers")
        travailler()
        assert [fiche.numero for fiche in dernier().fiches.all()] == ["RNCP99001"]

    def test_un_numero_absent_est_dit(self, bureau):
        """What the file does not hold is not passed over in silence."""
        deposer(bureau, numeros="RNCP99001 RNCP12345")
        travailler()
        assert "Absents de ce fichier\u00a0: RNCP12345" in bureau.get(dernier().get_absolute_url()).text

    def test_une_fiche_fautive_n_empeche_pas_les_autres(self, bureau):
        """Its faults are told; it cannot be ticked."""
        deposer(bureau, numeros="RNCP99004 RNCP99001")
        travailler()
        sorts = dict(dernier().fiches.values_list("numero", "sort"))
        assert sorts == {"RNCP99001": "nouvelle", "RNCP99004": "refusee"}
        assert "31/02/2025" in bureau.get(dernier().get_absolute_url()).text

    def test_trop_de_fiches_ne_se_regardent_pas(self, bureau, monkeypatch):
        """Beyond what a person can look at, nothing is compared, and the page says what to narrow."""
        monkeypatch.setattr(travaux, "AU_PLUS", 1)
        deposer(bureau)
        travailler()
        assert "Plus de 1 fiches" in bureau.get(dernier().get_absolute_url()).text

    @pytest.mark.parametrize(
        "octets, choix, mots",
        [
            (b"<AUTRE/>", {}, "sa racine est"),
            (b"%PDF-1.7", {}, "XML lisible"),
            (b"PK\x03\x04abime", {}, "abîmée"),
            (b'<!DOCTYPE a [<!ENTITY b "c">]><FICHES/>', {}, "DTD"),
            (EXEMPLE, {"numeros": "41346"}, "Un numéro s’écrit"),
            (EXEMPLE, {"numeros": ""}, "Dites quelles fiches chercher"),
        ],
    )
    def test_ce_qui_n_est_pas_un_flux_est_refuse_aussitot(self, bureau, octets, choix, mots):
        """In words, beside the field; nothing is kept."""
        reponse = deposer(bureau, octets, **choix)
        assert reponse.status_code == 422 and mots in reponse.text
        assert not ImportDeFiches.objects.exists()

    def test_un_fichier_coupe_se_dit_au_compte_rendu(self, bureau):
        """Its beginning was good: the worker finds out, and nothing is left half done."""
        deposer(bureau, EXEMPLE[: len(EXEMPLE) // 2])
        travailler()
        assert "XML lisible" in bureau.get(dernier().get_absolute_url()).text
        assert not dernier().fiches.exists()


class TestReprendre:
    def test_ce_qui_est_coche_entre_au_registre_et_le_reste_non(self, bureau):
        """One fiche taken, one left; the journal says who; the report says what."""
        deposer(bureau)
        travailler()
        confirmer(bureau, dernier(), fiches=["RNCP99001"])
        assert list(VersionCertification.objects.values_list("numero", flat=True)) == ["RNCP99001"]
        assert dict(dernier().fiches.values_list("numero", "sort")) == {"RNCP99001": "reprise", "RS99002": "laissee"}
        assert EntreeJournal.objects.get(verbe="importer_fiche").acteur == dernier().confirme_par
        page = bureau.get(dernier().get_absolute_url()).text
        assert "Le registre est à jour" in page and 'type="checkbox"' not in page

    def test_une_difference_laissee_ne_change_rien(self, bureau):
        """Field by field: the level is taken, the end of registration is not."""
        entrer(bureau, numeros="RNCP99001")
        VersionCertification.objects.update(empreintes_du_flux={}, secteurs_activite="")
        VersionCertification.objects.update(duree_enregistrement=None)
        deposer(bureau, numeros="RNCP99001")
        travailler()
        confirmer(bureau, dernier(), sauf=["duree_enregistrement"])
        version = VersionCertification.objects.get()
        assert version.secteurs_activite and version.duree_enregistrement is None

    def test_une_correction_a_la_main_reste_sauf_demande(self, bureau):
        """Shown apart, unticked; ticked by a person, it gives its place."""
        entrer(bureau, numeros="RNCP99001")
        VersionCertification.objects.update(intitule="CQP Tailleur")
        deposer(bureau, numeros="RNCP99001")
        travailler()
        page = bureau.get(dernier().get_absolute_url()).text
        assert "Gardé du registre" in page
        assert bureau.post(dernier().get_absolute_url(), {"fiches": []}).status_code == 302
        assert VersionCertification.objects.get().intitule == "CQP Tailleur"
        confirmer(bureau, dernier(), avec=["intitule"])
        assert VersionCertification.objects.get().intitule == "CQP Tailleur d'ardoises d’exemple"

    def test_le_registre_a_change_depuis_rien_n_est_ecrit(self, bureau):
        """What is written is what was looked at, or nothing."""
        entrer(bureau, numeros="RNCP99001")
        modifie = EXEMPLE.replace(b"<DATE_FIN_ENREGISTREMENT>24/09/2030<", b"<DATE_FIN_ENREGISTREMENT>24/09/2031<")
        deposer(bureau, zip_de(modifie), numeros="RNCP99001")
        travailler()
        # Meanwhile another import brought in the date of another file.
        autre = EXEMPLE.replace(b"<DATE_FIN_ENREGISTREMENT>24/09/2030<", b"<DATE_FIN_ENREGISTREMENT>24/09/2029<")
        premier = dernier()
        entrer(bureau, zip_de(autre), numeros="RNCP99001")
        confirmer(bureau, premier)
        assert VersionCertification.objects.get().date_fin_enregistrement == date(2029, 9, 24)
        assert premier.fiches.get().sort == FicheLue.Sort.A_REVOIR

    def test_confirmer_deux_fois_ne_fait_rien_de_plus(self, bureau):
        """The second click finds the work done."""
        depot = entrer(bureau, numeros="RNCP99001")
        entrees = EntreeJournal.objects.count()
        confirmer(bureau, depot)
        assert EntreeJournal.objects.count() == entrees

    def test_rafraichir_tout_ce_que_le_registre_tient(self, bureau):
        """Ticking one box looks for every number of the registry."""
        entrer(bureau, numeros="RNCP99001")
        deposer(bureau, numeros="", deja_au_registre="on")
        travailler()
        assert [(fi.numero, fi.sort) for fi in dernier().fiches.all()] == [("RNCP99001", "identique")]
        assert "Rien à reprendre" in bureau.get(dernier().get_absolute_url()).text


class TestAutour:
    def test_un_repertoire_entier_passe_la_porte_pour_qui_est_connecte(self, bureau, client, settings):
        """71 MB: beyond what any other form accepts; refused at once to who has no session, and elsewhere."""
        poids = {"CONTENT_LENGTH": str(80 * 1024 * 1024), "content_type": "multipart/form-data; boundary=x"}
        assert client.post(URL, b"", **poids).status_code == 413
        assert bureau.post("/gestion/candidatures/saisies/", b"", **poids).status_code == 413
        settings.TAILLES_PARTICULIERES = {URL: 10}
        assert deposer(bureau).status_code == 413

    def test_le_fichier_s_efface_apres_trente_jours_et_le_compte_rendu_reste(self, bureau):
        """What served is not kept for ever."""
        depot = entrer(bureau, numeros="RNCP99001")
        ImportDeFiches.objects.update(depose_le=timezone.now() - timedelta(days=31))
        assert travaux.purger_les_fichiers_des_repertoires() == "1 fichier(s) effacé(s)."
        depot.refresh_from_db()
        assert not depot.fichier and depot.fiches.get().sort == "reprise"
        assert bureau.get(depot.get_absolute_url()).status_code == 200

    def test_seul_le_certificateur_y_entre(self):
        """A manager of a porteur does not change the registry of all."""
        porteur = Organisme.objects.create(raison_sociale="Porteur d’essai")
        gestionnaire = connecter(Client(), f.UtilisateurFactory(role=("gestionnaire", porteur)))
        assert gestionnaire.get(reverse("repertoires:imports")).status_code == 403
