"""The seal: put once on the whole document, read back from its bytes, and by nobody else's certificate."""

import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from asn1crypto import tsp
from asn1crypto.keys import PrivateKeyInfo
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from registre import badge, certificats, fabrication, integrite, sceau, scelleur
from registre.models import Parchemin
from registre.scelleur import _en_asn1
from tests.verification.fabrique import document

pytestmark = [pytest.mark.django_db, pytest.mark.une_base]

PIECE = sceau.Piece("attestation-numerique.json", "application/json", "Attestation numérique", b'{"a": 1}')


@pytest.fixture(scope="module")
def nu() -> bytes:
    """A small PDF of one page."""
    sortie = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        pdf.save(sortie)
    return sortie.getvalue()


@pytest.fixture(scope="module")
def scelle(nu) -> bytes:
    return sceau.sceller(nu, timezone.now(), (PIECE,))


def autre_sceau(settings, dossier) -> None:
    """From now on another installation seals, and it knows its own certificate only."""
    settings.DOSSIER_CLES = dossier
    certificats.creer()


def hors_boucle(fonction, *args):
    """Call it in a thread of its own: browser tests leave a loop of events running in this one."""
    with ThreadPoolExecutor(1) as fil:
        return fil.submit(fonction, *args).result()


class TestLeScellement:
    def test_le_sceau_couvre_tout_et_se_lit(self, scelle):
        """Entire, intact, ours, dated: the four answers are yes."""
        lu = sceau.examiner(scelle)
        assert lu.bon and lu.au_nom_de.endswith("sceau") and lu.emis_par.endswith("racine du sceau")
        assert abs(lu.scelle_le - timezone.now()) < timedelta(minutes=10)

    def test_un_autre_lecteur_dit_la_meme_chose(self, scelle):
        """pyHanko's own validation of the whole PDF: PAdES, certified without any change allowed, entire file."""
        (signature,) = PdfFileReader(io.BytesIO(scelle)).embedded_signatures
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        racine = certificats.actif().chaine[-1]
        statut = hors_boucle(validate_pdf_signature, signature, ValidationContext(trust_roots=[_en_asn1(racine)]))
        assert statut.bottom_line and statut.coverage is SignatureCoverageLevel.ENTIRE_FILE
        assert signature.docmdp_level.value == 1

    def test_la_piece_jointe_est_dans_ce_qui_est_scelle(self, scelle):
        """Found by any reader, with its media type and what it is to the document."""
        with pikepdf.open(io.BytesIO(scelle)) as pdf:
            assert pdf.attachments[PIECE.nom].get_file().read_bytes() == PIECE.octets
            (fiche,) = pdf.Root.AF
            assert (fiche.AFRelationship, fiche.EF.F.Subtype) == ("/Alternative", "/application/json")

    def test_le_document_fabrique_porte_son_attestation_et_son_sceau(self):
        """The real document: the credential inside is the one that is downloaded; its seal is good."""
        parchemin = document()
        fabrication.fabriquer.call(parchemin.pk)
        parchemin = Parchemin.objects.get(pk=parchemin.pk)
        with parchemin.fichier.open() as fichier:
            octets = fichier.read()
        assert sceau.examiner(octets).bon and parchemin.scelle_le
        with pikepdf.open(io.BytesIO(octets)) as pdf:
            jointe = json.loads(pdf.attachments[badge.NOM_DU_FICHIER].get_file().read_bytes())
        assert integrite.verifier(jointe) and jointe == badge.attestation_numerique(parchemin)

    def test_un_serveur_d_horodatage_date_le_sceau(self, nu, settings, monkeypatch):
        """Asked once per document when it is named; a seal that bears its answer is as good."""
        cle = rsa.generate_private_key(65537, 2048)
        nom = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Horodatage")])
        certificat = (
            x509.CertificateBuilder(nom, nom, cle.public_key(), 1)
            .not_valid_before(datetime.now(UTC) - timedelta(days=1))
            .not_valid_after(datetime.now(UTC) + timedelta(days=1))
            .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(cle, hashes.SHA256())
        )
        secret = cle.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        tiers = DummyTimeStamper(_en_asn1(certificat), PrivateKeyInfo.load(secret))
        demandes = []

        def ouvrir(demande, timeout):
            demandes.append(demande)
            return io.BytesIO(tiers.request_tsa_response(tsp.TimeStampReq.load(demande.data)).dump())

        monkeypatch.setattr(scelleur.urllib.request, "urlopen", ouvrir)
        settings.SCEAU_HORODATAGE = "https://horodatage.example.org/"
        octets = sceau.sceller(nu, timezone.now(), (PIECE,))
        (signature,) = PdfFileReader(io.BytesIO(octets)).embedded_signatures
        (horodatage,) = signature.signer_info["unsigned_attrs"]
        assert horodatage["type"].native == "signature_time_stamp_token" and sceau.examiner(octets).bon
        assert {d.full_url for d in demandes} == {"https://horodatage.example.org/"}
        vus, vrai = [], scelleur.async_validate_detached_cms

        async def juger(couverts, donnees, **options):
            vus.append([signataire["unsigned_attrs"].native for signataire in donnees["signer_infos"]])
            return await vrai(couverts, donnees, **options)

        monkeypatch.setattr(scelleur, "async_validate_detached_cms", juger)
        assert sceau.examiner(octets).bon and vus == [[None]], "personne n’a signé ce que l’horodatage apporte"

    def test_un_horodatage_qui_ne_repond_pas_fait_attendre(self, nu, settings, monkeypatch):
        """Nothing leaves with less than was asked for."""

        def muet(demande, timeout):
            raise TimeoutError

        monkeypatch.setattr(scelleur.urllib.request, "urlopen", muet)
        settings.SCEAU_HORODATAGE = "https://horodatage.example.org/"
        with pytest.raises(OSError):
            sceau.sceller(nu, timezone.now())

    def test_une_boucle_d_evenements_n_empeche_rien(self, nu):
        """Called where a loop already runs, as under a browser or an asynchronous server."""
        import asyncio

        async def dedans():
            return sceau.examiner(sceau.sceller(nu, timezone.now()))

        assert hors_boucle(lambda: asyncio.run(dedans())).bon


class TestLExamen:
    def test_ce_qui_est_ajoute_apres_n_est_pas_couvert(self, scelle):
        """The signature is still good: that is not enough."""
        for ajout in (b"\n", b"%%EOF", b" " * 5000, scelle):
            lu = sceau.examiner(scelle + ajout)
            assert not lu.bon and not (lu.entier and lu.intact)

    def test_ce_qui_change_rompt_le_sceau(self, scelle):
        """One bit of what is sealed, everywhere: never good.

        Its own envelope has a few fields that say again what others say, signed by nobody: the hash of the register
        sees those.
        """
        (trou,) = sceau._trous(scelle)
        for rang in [*range(0, trou.debut, 41), *range(trou.fin, len(scelle), 7)]:
            altere = scelle[:rang] + bytes([scelle[rang] ^ 1]) + scelle[rang + 1 :]
            assert not sceau.examiner(altere).bon, rang

    def test_rien_ne_se_cache_dans_le_trou(self, scelle):
        """The zeros after the signature are not signed: they must stay zeros."""
        (trou,) = sceau._trous(scelle)
        copie = scelle[: trou.fin - 9] + b"DEADBEEF" + scelle[trou.fin - 1 :]
        lu = sceau.examiner(copie)
        assert lu.intact and not lu.entier

    @pytest.mark.parametrize(("taille", "lu"), [(sceau._TROU_MAXIMAL, True), (sceau._TROU_MAXIMAL + 1, False)])
    def test_un_trou_demesure_n_est_pas_lu(self, taille, lu):
        """At the limit it is read, and found to be no seal; one byte more, and its bytes are not even looked at."""
        tete = b"%PDF-1.7 /ByteRange [0 0000000100 0000000000 0000000003] ".ljust(100)
        tete = tete.replace(b"0000000000", b"%010d" % (100 + taille))
        octets = tete + b"<" + b"0" * (taille - 2) + b">" + b"EOF"
        assert sceau.examiner(octets) == (sceau.Examen(present=True, entier=True) if lu else sceau.Examen())

    def test_un_sceau_d_ailleurs_n_est_pas_le_notre(self, nu, scelle, settings, tmp_path):
        """The same names, made by somebody else: intact, entire, not trusted; ours is a stranger there."""
        siens = settings.DOSSIER_CLES
        autre_sceau(settings, tmp_path)
        etranger = sceau.sceller(nu, timezone.now())
        assert sceau.examiner(etranger).bon
        assert not sceau.examiner(scelle).de_confiance
        settings.DOSSIER_CLES = siens
        lu = sceau.examiner(etranger)
        assert (lu.present, lu.entier, lu.intact, lu.de_confiance) == (True, True, True, False)

    def test_un_second_sceau_par_dessus_n_efface_pas_le_premier(self, scelle, nu, settings, tmp_path, monkeypatch):
        """Sealed again by another: the first does not cover the whole any more, the second is not ours."""
        autre_sceau(settings, tmp_path)
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

        from registre.scelleur import _Signataire

        # A polite program refuses: ours is certified.
        monkeypatch.setattr(PdfSigner, "_enforce_certification_constraints", lambda self, lecteur: None)
        ecriture = IncrementalPdfFileWriter(io.BytesIO(scelle))
        signataire = PdfSigner(PdfSignatureMetadata(field_name="Autre"), signer=_Signataire(certificats.actif()))
        double = hors_boucle(signataire.sign_pdf, ecriture).getvalue()
        settings.DOSSIER_CLES = type(settings.DOSSIER_CLES)(os.devnull)
        assert double.startswith(scelle) and not sceau.examiner(double).bon

    @pytest.mark.parametrize(
        "hostile",
        [b"", b"%PDF-1.7", b"/ByteRange [0 1 2 3]", b"/ByteRange [0 21 25 0]<00>", b"/ByteRange [0 9999999999 1 1]"],
    )
    def test_ce_qui_n_est_pas_un_sceau_ne_casse_rien(self, hostile):
        """No seal, or a hole that leads nowhere."""
        assert not sceau.examiner(hostile).bon


class TestLeCertificat:
    def test_un_certificat_remplace_reste_reconnu(self, scelle, nu, settings, tmp_path):
        """The next one seals; what the former sealed is still good, until its file is taken out."""
        autre_sceau(settings, tmp_path)
        ancien = sceau.sceller(nu, timezone.now())
        certificats.fichier().rename(tmp_path / "ancien.pem")
        certificats.creer()
        nouveau = sceau.sceller(nu, timezone.now())
        assert sceau.examiner(ancien).bon and sceau.examiner(nouveau).bon and len(certificats.connus()) == 2
        for chemin in (certificats.dossier() / "connus").glob("*.pem"):
            chemin.unlink()
        assert not sceau.examiner(ancien).bon

    def test_un_certificat_du_dehors_se_lit_en_pkcs12(self, nu, settings, tmp_path):
        """A file with a password, as authorities give it."""
        autre_sceau(settings, tmp_path)
        notre = certificats.actif()
        fichier = tmp_path / "cachet.p12"
        fichier.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"cachet", notre.cle, notre.chaine[0], notre.chaine[1:], BestAvailableEncryption(b"secret")
            )
        )
        fichier.chmod(0o600)
        settings.SCEAU_FICHIER, settings.SCEAU_MOT_DE_PASSE = str(fichier), "secret"
        assert sceau.examiner(sceau.sceller(nu, timezone.now())).bon
        settings.SCEAU_MOT_DE_PASSE = "autre"
        with pytest.raises(certificats.SceauIndisponible, match="mot de passe"):
            certificats.actif()

    def test_un_fichier_lisible_par_d_autres_est_refuse(self, settings, tmp_path):
        """Before anything is sealed; absent, the sentence gives the command."""
        settings.DOSSIER_CLES = tmp_path
        with pytest.raises(certificats.SceauIndisponible, match="sceau creer"):
            certificats.actif()
        certificats.creer()
        certificats.fichier().chmod(0o640)
        with pytest.raises(certificats.SceauIndisponible, match="chmod 600"):
            certificats.actif()

    def test_un_certificat_echu_ne_scelle_plus(self, settings, tmp_path, monkeypatch):
        """And what it sealed while it was good stays good."""
        autre_sceau(settings, tmp_path)

        class PlusTard(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(UTC) + timedelta(days=4000)

        monkeypatch.setattr(certificats, "datetime", PlusTard)
        with pytest.raises(certificats.SceauIndisponible, match="cours de validité"):
            certificats.actif()

    def test_les_commandes_montrent_et_examinent(self, scelle, tmp_path, capsys):
        """What seals, until when; what a file is worth, with a failure when it is worth nothing."""
        call_command("sceau", "montrer")
        assert "Valable jusqu’au" in capsys.readouterr().out
        fichier = tmp_path / "x.pdf"
        fichier.write_bytes(scelle)
        call_command("sceau", "examiner", str(fichier))
        assert "NON" not in capsys.readouterr().out
        fichier.write_bytes(scelle + b" ")
        with pytest.raises(CommandError, match="ne porte pas un sceau valable"):
            call_command("sceau", "examiner", str(fichier))
