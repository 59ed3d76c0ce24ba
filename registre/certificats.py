"""The certificate that seals documents: one file with its key and its chain, and the memory of those that ever did.

`sceau/sceau.pem` in the folder of the keys (or the PEM or PKCS#12 file that the settings name) holds the key, its
certificate and the chain above it. `sceau/connus/` keeps the chain of every certificate that sealed a document: those
chains are all that we trust, never the list of the system. To stop trusting one, take its file out.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from registre import cles

DUREE = timedelta(days=3652)
DUREE_DE_LA_RACINE = timedelta(days=7305)


class SceauIndisponible(RuntimeError):
    """No usable certificate: absent, exposed to other accounts, out of date, or not made to sign."""


@dataclass(frozen=True)
class Sceau:
    """The key that seals, its certificate, then those above it. The key is never printed."""

    cle: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    chaine: tuple[x509.Certificate, ...]

    @property
    def certificat(self) -> x509.Certificate:
        return self.chaine[0]

    def __repr__(self):
        return f"<Sceau {empreinte(self.certificat)}>"


def dossier() -> Path:
    """Return the folder of the seal."""
    return cles.dossier() / "sceau"


def fichier() -> Path:
    """Return the file of the key and its certificate: the one that the settings name, or our own."""
    return Path(settings.SCEAU_FICHIER) if settings.SCEAU_FICHIER else dossier() / "sceau.pem"


def empreinte(certificat: x509.Certificate) -> str:
    """Return what tells a certificate from all others, in sixteen characters."""
    return certificat.fingerprint(hashes.SHA256()).hex()[:16]


def actif() -> Sceau:
    """Return what seals today, read again only when its file changes.

    Raises:
        SceauIndisponible: there is none that may be used; the sentence says what to do.
    """
    try:
        etat = fichier().stat()
    except FileNotFoundError:
        raise SceauIndisponible("Aucun certificat de sceau. Créez-en un\u00a0: python manage.py sceau creer") from None
    if etat.st_mode & 0o077:
        raise SceauIndisponible(f"Le sceau est lisible par d’autres comptes\u00a0: chmod 600 {fichier().name}")
    sceau = _lire(str(fichier()), etat.st_mtime_ns, settings.SCEAU_MOT_DE_PASSE)
    maintenant = datetime.now(UTC)
    if not sceau.certificat.not_valid_before_utc <= maintenant <= sceau.certificat.not_valid_after_utc:
        raise SceauIndisponible("Le certificat du sceau n’est pas, ou plus, en cours de validité.")
    return sceau


@lru_cache(maxsize=2)
def _lire(chemin: str, _modifie: int, mot_de_passe: str) -> Sceau:
    octets, secret = Path(chemin).read_bytes(), mot_de_passe.encode() or None
    try:
        if chemin.endswith((".p12", ".pfx")):
            cle, certificat, autres = pkcs12.load_key_and_certificates(octets, secret)
            certificats = [certificat, *autres]
        else:
            cle = serialization.load_pem_private_key(octets, secret)
            certificats = x509.load_pem_x509_certificates(octets)
    except (ValueError, TypeError) as erreur:
        raise SceauIndisponible("Le fichier du sceau ne se lit pas\u00a0: format, ou mot de passe.") from erreur
    if not isinstance(cle, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise SceauIndisponible("La clé du sceau est d’un genre inattendu\u00a0: RSA ou courbe elliptique.")
    siens = [c for c in certificats if c and c.public_key() == cle.public_key()]
    if not siens:
        raise SceauIndisponible("Le fichier du sceau n’a pas le certificat de sa clé.")
    return Sceau(cle, _en_chaine(siens[0], [c for c in certificats if c]))


def _en_chaine(certificat: x509.Certificate, autres: list) -> tuple:
    """Put the certificates one above the other, up to the last that was given."""
    chaine = [certificat]
    while chaine[-1].issuer != chaine[-1].subject:
        dessus = next((c for c in autres if c.subject == chaine[-1].issuer and c not in chaine), None)
        if dessus is None:
            break
        chaine.append(dessus)
    return tuple(chaine)


def retenir(sceau: Sceau) -> None:
    """Keep the chain of what is about to seal: its seals will be recognised for as long as the file stays."""
    chemin = dossier() / "connus" / f"{empreinte(sceau.certificat)}.pem"
    if not chemin.exists():
        chemin.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            cles.ecrire(chemin, _pem(*sceau.chaine), 0o644)
        except FileExistsError:
            # Another worker kept it at the same moment, or a crash left half a file in the way.
            if not chemin.exists():
                raise


def connus() -> dict[bytes, tuple[x509.Certificate, ...]]:
    """Return every chain that ever sealed, by the bytes of its first certificate."""
    chemins = sorted((dossier() / "connus").glob("*.pem"))
    return _lire_connus(tuple((str(c), c.stat().st_mtime_ns) for c in chemins))


@lru_cache(maxsize=2)
def _lire_connus(chemins: tuple) -> dict:
    chaines = [tuple(x509.load_pem_x509_certificates(Path(chemin).read_bytes())) for chemin, _ in chemins]
    return {chaine[0].public_bytes(serialization.Encoding.DER): chaine for chaine in chaines}


def creer() -> x509.Certificate:
    """Make our own certificate (P-256, ten years), under a root whose key is thrown away at once.

    It proves that a document was sealed here and not changed since; it is vouched for by nobody else.

    Raises:
        FileExistsError: there is one already: a certificate is replaced by hand, with the old file put aside.
    """
    dossier().mkdir(parents=True, exist_ok=True, mode=0o700)
    debut = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    cle_racine, cle = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    nom_racine = _nom(f"{settings.NOM_DU_SITE} – racine du sceau")
    racine = _emettre(nom_racine, cle_racine.public_key(), nom_racine, cle_racine, debut, ca=True)
    certificat = _emettre(_nom(f"{settings.NOM_DU_SITE} – sceau"), cle.public_key(), nom_racine, cle_racine, debut)
    prive = cle.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    cles.ecrire(dossier() / "sceau.pem", prive + _pem(certificat, racine), 0o600)
    return certificat


def creer_s_il_en_manque() -> None:
    """Make our own certificate, unless there is one or the settings name another."""
    if not fichier().exists() and not settings.SCEAU_FICHIER:
        creer()


def _pem(*certificats: x509.Certificate) -> bytes:
    return b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificats)


def _nom(commun: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, settings.NOM_DU_SITE[:64])
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, commun[:64])])


def _emettre(sujet, publique, emetteur, cle_emetteur, debut, ca=False) -> x509.Certificate:
    permis = ["key_cert_sign", "crl_sign"] if ca else ["digital_signature", "content_commitment"]
    usages = dict.fromkeys(
        ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"]
        + ["key_cert_sign", "crl_sign", "encipher_only", "decipher_only"],
        False,
    ) | dict.fromkeys(permis, True)
    return (
        x509.CertificateBuilder(emetteur, sujet, publique)
        .serial_number(x509.random_serial_number())
        .not_valid_before(debut)
        .not_valid_after(debut + (DUREE_DE_LA_RACINE if ca else DUREE))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
        .add_extension(x509.KeyUsage(**usages), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(publique), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(cle_emetteur.public_key()), critical=False)
        .sign(cle_emetteur, hashes.SHA256())
    )
