"""What pyHanko does for `registre.sceau`: attach, sign and certify; read a signature and judge who made it.

Imported only where a seal is made or examined. The trust list of the system is never read: oscrypto would be needed
for it, and it is not what we trust.
"""

import hashlib
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO

from asn1crypto import cms, tsp, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from django.conf import settings
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.embed import EmbeddedFileObject, EmbeddedFileParams, FileSpec, embed_file
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms, validate_sig_integrity
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from registre.certificats import Sceau

CHAMP = "Sceau"
# What the signature takes beside its certificates, in bytes; a timestamp brings its own.
_PLACE, _PLACE_HORODATAGE = 2500, 12_000
_ATTENTE = 20
_EMPREINTES = ("sha256", "sha384", "sha512")
_USAGES = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


@dataclass(frozen=True)
class Lu:
    """A signature as its bytes say it, before anything is believed."""

    donnees: cms.SignedData
    octets: bytes
    certificat_der: bytes
    sujet: str
    emetteur: str


class _Signataire(SimpleSigner):
    """pyHanko's own signer reads the key again for each document: an RSA key costs more to read than to use."""

    def __init__(self, sceau: Sceau):
        self._cle = sceau.cle
        chaine = [_en_asn1(c) for c in sceau.chaine]
        registre = SimpleCertificateStore()
        registre.register_multiple(chaine)
        super().__init__(signing_cert=chaine[0], signing_key=None, cert_registry=registre)

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Sign with the key kept."""
        if isinstance(self._cle, ec.EllipticCurvePrivateKey):
            return self._cle.sign(data, ec.ECDSA(hashes.SHA256()))
        return self._cle.sign(data, padding.PKCS1v15(), hashes.SHA256())


class _Horodateur(TimeStamper):
    """A timestamp server (RFC 3161) over HTTP, asked once, without a pool of connections."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask the server that the settings name."""
        demande = urllib.request.Request(  # noqa: S310 – the address comes from the settings
            settings.SCEAU_HORODATAGE, req.dump(), {"Content-Type": "application/timestamp-query"}
        )
        with urllib.request.urlopen(demande, timeout=_ATTENTE) as reponse:  # noqa: S310
            return tsp.TimeStampResp.load(reponse.read(1_000_000))


@lru_cache(maxsize=2)
def _signataire(sceau: Sceau) -> _Signataire:
    return _Signataire(sceau)


def _en_asn1(certificat) -> x509.Certificate:
    return x509.Certificate.load(certificat.public_bytes(serialization.Encoding.DER))


async def sceller(pdf: bytes, sceau: Sceau, le: datetime, pieces: tuple) -> bytes:
    """Attach the files, then sign and certify, in one increment."""
    ecriture = IncrementalPdfFileWriter(BytesIO(pdf))
    for piece in pieces:
        _joindre(ecriture, piece, le)
    horodateur = _Horodateur() if settings.SCEAU_HORODATAGE else None
    signataire = PdfSigner(
        PdfSignatureMetadata(
            field_name=CHAMP,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=_signataire(sceau),
        timestamper=horodateur,
    )
    place = _PLACE + sum(len(c.public_bytes(serialization.Encoding.DER)) for c in sceau.chaine)
    place += _PLACE_HORODATAGE if horodateur else 0
    sortie = await signataire.async_sign_pdf(ecriture, bytes_reserved=2 * place, in_place=False)
    return sortie.getvalue()


def _joindre(ecriture: IncrementalPdfFileWriter, piece, le: datetime) -> None:
    """Attach one file as PDF/A-3 wants it: media type, date, relationship, and a place in the catalogue."""
    flux = EmbeddedFileObject.from_file_data(
        ecriture,
        piece.octets,
        params=EmbeddedFileParams(creation_date=le, modification_date=le),
        mime_type=piece.genre,
    )
    embed_file(ecriture, FileSpec(piece.nom, file_name=piece.nom, embedded_data=flux, description=piece.description))
    # By hand: pyHanko would call the whole file a PDF 2.0, which PDF/A-3 is not.
    noms = ecriture.root["/Names"]["/EmbeddedFiles"]["/Names"]
    reference = noms.raw_get(len(noms) - 1)
    fiche = reference.get_object()
    fiche["/AFRelationship"] = generic.NameObject("/Alternative")
    ecriture.mark_update(reference)
    ecriture.root.setdefault("/AF", generic.ArrayObject()).append(reference)
    ecriture.update_root()


def lire(octets: bytes) -> Lu:
    """Read the signature in the hole of a document.

    Raises:
        ValueError: it is not one, or not of one signatory whose certificate it holds.
    """
    enveloppe = cms.ContentInfo.load(octets)
    if enveloppe["content_type"].native != "signed_data":
        raise ValueError("pas une signature")
    donnees = enveloppe["content"]
    (signataire,) = donnees["signer_infos"]
    numero = signataire["sid"].chosen["serial_number"].native
    certificat = next(c.chosen for c in donnees["certificates"] if c.chosen.serial_number == numero)
    return Lu(
        donnees, enveloppe.dump(), certificat.dump(), _nom(certificat.subject.native), _nom(certificat.issuer.native)
    )


def _nom(nom: dict) -> str:
    return str(nom.get("common_name") or nom.get("organization_name") or "")


async def controler(lu: Lu, couverts: bytes, chaine: tuple | None, le: datetime | None) -> tuple[bool, bool]:
    """Say whether the signature is that of these bytes, and whether its certificate is one of ours, good that day.

    The certificates that come with a signature are signed by nobody: unless they are ours to the last bit, no path is
    even looked for among them.
    """
    siens = [_en_asn1(c) for c in chaine or ()]
    fournis = {certificat.chosen.dump() for certificat in lu.donnees["certificates"]}
    integre = _est_integre(lu, couverts)
    if not integre or le is None or not fournis <= {c.dump() for c in siens}:
        return integre, False
    # Signed by nobody either: a timestamp brings certificates of its own, among which no path is looked for.
    for signataire in lu.donnees["signer_infos"]:
        signataire["unsigned_attrs"] = None
    contexte = ValidationContext(
        trust_roots=siens[-1:], other_certs=siens, moment=le, allow_fetching=False, revocation_mode="soft-fail"
    )
    statut = await async_validate_detached_cms(
        couverts, lu.donnees, signer_validation_context=contexte, key_usage_settings=_USAGES
    )
    intact = statut.intact and statut.valid
    return intact, intact and statut.trusted


def _est_integre(lu: Lu, couverts: bytes) -> bool:
    (signataire,) = lu.donnees["signer_infos"]
    algorithme = signataire["digest_algorithm"]["algorithm"].native
    if algorithme not in _EMPREINTES:
        return False
    empreinte = hashlib.new(algorithme, couverts).digest()
    certificat = x509.Certificate.load(lu.certificat_der)
    return all(validate_sig_integrity(signataire, certificat, "data", empreinte))
