"""A lot from the sealed minutes to the stored files, log leaves and outbox rows (goal B1), against the naive chain.

    .venv/bin/python -m tests.bench.delivrance [1 100 1000] [--pg]

Ours is everything: opening, preparing and approving the lot, a number and a frozen record per row, each document made
and stored, its leaf, its mails. The naive chain is the document alone, as one first writes it: the same template by
WeasyPrint with its faces and style sheet read anew, pyHanko's default signature with its key loaded each time, a file;
no database, no log, no mail. One process and one core for each; alternating runs, medians.
"""

import io
import resource
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from .grappe import base, preparer_django

TOURS = {1: 7, 100: 3}
# The naive chain shares nothing: what a document costs does not depend on how many there are.
NAIFS_AU_PLUS = 40


class Chrono:
    """Wall clock and processor of a block, in seconds."""

    def __enter__(self):
        self.mur, self.coeur = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *faute):
        self.mur, self.coeur = time.perf_counter() - self.mur, time.process_time() - self.coeur


def certificat(dossier: Path) -> tuple[str, str]:
    """A key and its own certificate, for the naive signature."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    cle = rsa.generate_private_key(65537, 2048)
    nom = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Essai")])
    debut = datetime.now(UTC)
    acte = x509.CertificateBuilder().subject_name(nom).issuer_name(nom).public_key(cle.public_key())
    acte = acte.serial_number(1).not_valid_before(debut).not_valid_after(debut + timedelta(days=2))
    acte = acte.add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True).sign(cle, hashes.SHA256())
    chemins = dossier / "essai.pem", dossier / "essai.crt"
    genre = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chemins[0].write_bytes(cle.private_bytes(*genre))
    chemins[1].write_bytes(acte.public_bytes(serialization.Encoding.PEM))
    return str(chemins[0]), str(chemins[1])


def produire_naivement(html, feuille, dessins, identifiant, images=None, **autres) -> bytes:
    """In the place of `rendu.produire`: faces and style sheet read anew for each document, nothing shared."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from registre.documents import rendu

    style = (Path(rendu.__file__).parent / "styles" / feuille).read_text(encoding="utf-8")
    polices, ressources = FontConfiguration(), rendu.Ressources(dessins, images)
    css = CSS(string=style, url_fetcher=ressources, font_config=polices)
    return HTML(string=html, url_fetcher=ressources).write_pdf(stylesheets=[css], font_config=polices)


def dessiner_naivement(adresse: str):
    """In the place of `codes_qr.dessiner`: the library tries its eight masks and writes its own SVG."""
    import qrcode
    from qrcode.image.svg import SvgPathImage
    from qrcode.util import MODE_ALPHA_NUM, QRData

    from registre.documents import codes_qr

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, box_size=10, border=codes_qr.ZONE_CALME)
    code.add_data(QRData(adresse, mode=MODE_ALPHA_NUM), optimize=0)
    code.make(fit=True)

    class Naif(codes_qr.CodeQR):
        svg = code.make_image(image_factory=SvgPathImage).to_string(encoding="unicode")

    cotes = code.modules_count, code.modules_count + 2 * codes_qr.ZONE_CALME
    return Naif((), round(max(codes_qr.MODULE_MINIMAL, codes_qr.COTE_MINIMAL / cotes[0]) * cotes[1], 2))


def naif(document, cle: tuple[str, str], sortie: Path) -> None:
    """One document as one first writes it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    from registre import documents
    from registre.documents import codes_qr, guilloche, rendu

    for dessin in (guilloche.fond_de_parchemin, guilloche.ornement, guilloche.rosace):
        dessin.cache_clear()
    with (
        mock.patch.object(rendu, "produire", produire_naivement),
        mock.patch.object(codes_qr, "dessiner", dessiner_naivement),
    ):
        pdf = documents.rendre(document.enregistrement, document.jeton)
    signataire = signers.SimpleSigner.load(*cle)
    ecrivain = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signe = signers.sign_pdf(ecrivain, signers.PdfSignatureMetadata(field_name="Signature"), signer=signataire)
    sortie.write_bytes(signe.getbuffer())


def delivrer(acteurs, seance) -> dict[str, Chrono]:
    """The lot of this session, its three moments measured."""
    from backoffice.delivrances import lots
    from registre.fabrication import fabriquer
    from registre.models import Parchemin
    from registre.transitions import executer

    with Chrono() as preparation:
        (lot,) = lots.constituer(acteurs.certificateur, lots.de_la_session(acteurs.certificateur, seance), seance)
        executer(lots.LOT, "preparer_lot", lot, acteurs.certificateur, {"lieu": "Paris"})
    with Chrono() as numeros:
        executer(lots.LOT, "approuver_lot", lot, acteurs.signataire)
        lots.derouler.call(lot.pk)
    with Chrono() as fabrication:
        for pk in Parchemin.objects.filter(ligne_de_lot__lot=lot).values_list("pk", flat=True):
            fabriquer.call(pk)
    lot.refresh_from_db()
    assert (lot.etat, lot.refusees) == ("termine", 0)
    return {"préparation": preparation, "numéros": numeros, "documents": fabrication}


def mesurer(nombre: int, cle, dossier: Path, depart: int) -> None:
    """Alternating runs of both; one line of the table."""
    from registre.models import Parchemin
    from tests import fabriques as f
    from tests.scelles import sceller_en_nombre

    notres, naifs = [], []
    for tour in range(TOURS.get(nombre, 1) + 1):
        acteurs = f.Acteurs()
        notres.append(delivrer(acteurs, sceller_en_nombre(acteurs, nombre)))
        if tour == 0:
            pointe = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        documents = list(Parchemin.objects.order_by("-pk")[: min(nombre, NAIFS_AU_PLUS)])
        with Chrono() as chrono:
            for document in documents:
                naif(document, cle, dossier / f"{document.pk}.pdf")
        naifs.append((chrono.mur / len(documents), chrono.coeur / len(documents)))
        if nombre > 100 and tour == 0:
            break  # one run of a thousand is warm from its tenth document on
    utiles = notres[1:] or notres

    def mediane(lire) -> float:
        return statistics.median(lire(mesure) for mesure in utiles) / nombre * 1000

    mur, coeur = (mediane(lambda m, q=q: sum(getattr(c, q) for c in m.values())) for q in ("mur", "coeur"))
    parts = " | ".join(f"{mediane(lambda m, n=n: m[n].coeur):9.1f}" for n in utiles[0])
    naif_mur, naif_coeur = (statistics.median(n[i] for n in naifs[1:] or naifs) * 1000 for i in (0, 1))
    print(
        f"| {nombre:>6} | {mur:8.1f} | {coeur:8.1f} | {parts} | {naif_mur:8.1f} | {naif_coeur:8.1f} |"
        f" {naif_mur / mur:6.2f} | {naif_coeur / coeur:6.2f} | {pointe:5.0f} | {pointe - depart:5.0f} |",
        flush=True,
    )


def main() -> None:
    moteur = "pg" if "--pg" in sys.argv else "sqlite"
    nombres = [int(a) for a in sys.argv[1:] if a.isdecimal()] or [1, 100]
    with base(moteur) as dossier:
        preparer_django()
        from registre import certificats, cles

        cles.creer()
        certificats.creer()
        depart = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"\nUn lot, du PV scellé aux fichiers rangés, sur {moteur} ; millisecondes par document\n")
        entetes = ("lot", "mur", "cœur", "prépar.", "numéros", "document", "naïf mur", "naïf cœur")
        print(f"| {' | '.join(entetes)} | ×mur | ×cœur | Mo | dont + |")
        print("|---" * (len(entetes) + 4) + "|")
        cle = certificat(dossier)
        for nombre in nombres:
            mesurer(nombre, cle, dossier, depart)


if __name__ == "__main__":
    main()
