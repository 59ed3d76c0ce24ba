"""Delivery: issued once, numbered without a hole, rendered once, resumed after any crash."""

import hashlib
from io import StringIO

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registre import cles, fabrication, jetons
from registre.delivrance import MentionsManquantes, delivrer
from registre.fabrication import fabriquer
from registre.models import Parchemin, SerieNumeros

from .. import fabriques as f
from ..ouvrier import travailler

pytestmark = pytest.mark.django_db

ACCES = {
    "modalite": "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION",
    "voie_vae": "",
    "initiative": "EMPLOYEUR",
    "inscrit_le": "2026-01-05",
    "examen_debut": "2026-11-10",
    "examen_fin": "2026-11-10",
}


@pytest.fixture
def version():
    return f.VersionFactory()


@pytest.fixture
def rendus(monkeypatch):
    """The documents rendered, counted; rendering itself is proved in test_documents."""
    faits = []

    def composer(parchemin):
        faits.append(parchemin.numero)
        return b"%PDF-1.7 " + parchemin.numero.encode() + str(len(faits)).encode()

    monkeypatch.setattr(fabrication, "composer", composer)
    return faits


def contenu(version, **autres) -> dict:
    """All that `delivrer` wants for a whole certification."""
    return {
        "certificateur": version.certificateurs[0],
        "titulaire": f.TitulaireFactory(),
        "version": version,
        "nature": "parchemin",
        "lieu": "Paris",
        "jury": {"date": "2026-11-10", "pv": "PV-1"},
        "blocs": [{"code": "B1", "libelle": "Poser une couverture", "acquis": True, "valide_jusqu_au": ""}],
        "acces": ACCES,
        "signataires": [{"college": "employeurs", "nom": "Anne Exemple", "qualite": "présidente de la CPNE"}],
        **autres,
    }


class TestLaDelivrance:
    def test_le_document_recoit_numero_enregistrement_et_jeton(self, version):
        """One row holds it all: number, frozen record, signed token that agrees with it; the PDF comes later."""
        parchemin = delivrer(**contenu(version))
        assert (parchemin.rang, parchemin.numero) == (1, parchemin.enregistrement["numero"])
        assert jetons.lire(parchemin.jeton).concorde_avec(parchemin.enregistrement)
        assert parchemin.enregistrement["titulaire"]["nom_naissance"] == parchemin.titulaire.nom_naissance
        assert (parchemin.sha256, parchemin.fichier.name) == ("", "")

    def test_l_enregistrement_ne_suit_pas_ce_qui_change_ensuite(self, version, rendus):
        """A name, a title or a body corrected later change neither the record nor the document."""
        parchemin = delivrer(**contenu(version))
        fige = Parchemin.objects.get(pk=parchemin.pk).enregistrement
        parchemin.titulaire.nom_naissance = "Autre"
        parchemin.titulaire.save()
        type(version).objects.filter(pk=version.pk).update(intitule="Un autre intitulé")
        travailler()
        parchemin.refresh_from_db()
        assert parchemin.enregistrement == fige
        assert jetons.lire(parchemin.jeton).concorde_avec(parchemin.enregistrement)

    def test_sans_mention_obligatoire_rien_n_est_delivre_et_le_numero_est_rendu(self, version):
        """The sentences name what is missing; the next document takes the number that was not used."""
        with pytest.raises(MentionsManquantes) as refus, transaction.atomic():
            delivrer(**contenu(version, signataires=[], lieu=" "))
        assert "Il manque le lieu de délivrance." in refus.value.phrases
        assert any("qui signe" in phrase for phrase in refus.value.phrases)
        assert not Parchemin.objects.exists()
        assert not DBTaskResult.objects.exists()
        assert delivrer(**contenu(version)).rang == 1

    def test_un_acte_abandonne_apres_la_delivrance_rend_son_numero(self, version):
        """No document, no task, no hole."""
        assert delivrer(**contenu(version)).rang == 1
        with pytest.raises(RuntimeError), transaction.atomic():
            delivrer(**contenu(version))
            raise RuntimeError("panne")
        assert delivrer(**contenu(version)).rang == 2
        assert list(Parchemin.objects.order_by("rang").values_list("rang", flat=True)) == [1, 2]

    def test_sans_cle_rien_n_est_delivre(self, version, settings, tmp_path):
        """No key, no signature, no number taken."""
        settings.DOSSIER_CLES = tmp_path / "vide"
        with pytest.raises(cles.CleIndisponible):
            delivrer(**contenu(version))
        assert not Parchemin.objects.exists() and not SerieNumeros.objects.exists()

    def test_une_personne_n_a_qu_un_parchemin_vivant_par_version(self, version):
        """The database itself refuses the second one; once the first is cancelled, another may be issued."""
        premier = delivrer(**contenu(version))
        with pytest.raises(IntegrityError), transaction.atomic():
            delivrer(**contenu(version, titulaire=premier.titulaire))
        Parchemin.objects.filter(pk=premier.pk).update(annule_le=timezone.now())
        second = delivrer(**contenu(version, titulaire=premier.titulaire))
        assert second.rang == 2
        assert list(Parchemin.objects.vivants()) == [second]

    def test_une_attestation_n_est_pas_un_parchemin(self, version):
        """Partial results may be attested several times, in their own series."""
        premiere = delivrer(**contenu(version, nature="attestation"))
        seconde = delivrer(**contenu(version, nature="attestation", titulaire=premiere.titulaire))
        assert [premiere.rang, seconde.rang] == [1, 2]
        assert "-A-" in premiere.numero


class TestLaFabrication:
    def test_le_document_est_fabrique_une_fois(self, version, rendus):
        """Stored with its hash; every later run of the task leaves it as it is."""
        parchemin = delivrer(**contenu(version))
        travailler()
        parchemin.refresh_from_db()
        with parchemin.fichier.open() as fichier:
            octets = fichier.read()
        assert hashlib.sha256(octets).hexdigest() == parchemin.sha256
        for _ in range(3):
            fabriquer.call(parchemin.pk)
        call_command("reprendre", stdout=StringIO())
        travailler()
        assert rendus == [parchemin.numero]

    def test_une_panne_pendant_le_rendu_se_reprend(self, version, monkeypatch):
        """The worker dies while it renders: the row is whole, and the command finishes the work."""
        parchemin = delivrer(**contenu(version))
        numero, jeton = parchemin.numero, parchemin.jeton

        def mourir(parchemin):
            raise MemoryError

        monkeypatch.setattr(fabrication, "composer", mourir)
        with pytest.raises(MemoryError), transaction.atomic():
            fabriquer.call(parchemin.pk)
        DBTaskResult.objects.all().delete()
        monkeypatch.setattr(fabrication, "composer", lambda parchemin: b"%PDF-1.7 repris")
        sortie = StringIO()
        call_command("reprendre", stdout=sortie)
        assert "1 document(s)" in sortie.getvalue()
        travailler()
        parchemin.refresh_from_db()
        assert (parchemin.numero, parchemin.jeton) == (numero, jeton)
        assert parchemin.sha256 == hashlib.sha256(b"%PDF-1.7 repris").hexdigest()

    def test_une_panne_entre_le_fichier_et_la_base_se_reprend(self, version, rendus, monkeypatch):
        """The file is there, the row does not know it: the next try writes over it, and one file remains."""
        parchemin = delivrer(**contenu(version))
        vrai = Parchemin.save

        def mourir(self, *args, **kwargs):
            raise OSError("disque plein")

        monkeypatch.setattr(Parchemin, "save", mourir)
        with pytest.raises(OSError, match="disque plein"), transaction.atomic():
            fabriquer.call(parchemin.pk)
        monkeypatch.setattr(Parchemin, "save", vrai)
        parchemin.refresh_from_db()
        assert parchemin.sha256 == ""
        call_command("reprendre", stdout=StringIO())
        travailler()
        parchemin.refresh_from_db()
        dossier = f"documents/{parchemin.delivre_le.year}"
        assert storages["prive"].listdir(dossier)[1] == [f"{parchemin.identifiant}.pdf"]
        with parchemin.fichier.open() as fichier:
            assert hashlib.sha256(fichier.read()).hexdigest() == parchemin.sha256

    def test_reprendre_ne_fait_rien_deux_fois(self, version, rendus):
        """Launched by two people at once, the command still makes one document."""
        delivrer(**contenu(version))
        for _ in range(2):
            call_command("reprendre", stdout=StringIO())
        assert travailler() == 1
        assert len(rendus) == 1

    def test_un_document_abandonne_n_est_pas_fabrique(self, version, rendus):
        """The task belongs to the transaction of the act."""
        with pytest.raises(RuntimeError), transaction.atomic():
            delivrer(**contenu(version))
            raise RuntimeError("panne")
        assert travailler() == 0
        assert rendus == []
