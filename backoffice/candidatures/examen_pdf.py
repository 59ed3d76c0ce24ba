"""What a PDF holds, beyond its pages: code, actions, files. Knows neither Django nor the dossier.

Opening a PDF unpacks its object streams, and 1 500 bytes can announce gigabytes. A file that has any is therefore
examined by another process, with little memory and little time: it may die there, the site goes on.
"""

import io
import re
import resource
import subprocess
import sys
from enum import StrEnum

import pikepdf
from pikepdf.settings import set_qpdf_limits

MEMOIRE = 1024**3
SECONDES = 20
DECOMPRESSION = 64 * 1024**2
CONTENANTS_MAXIMUM = 300_000
# A stream of objects is announced by one of these names; its letters may hide behind « #xx » escapes.
_COMPRESSE = re.compile(rb"/XRef|/ObjStm|#[0-9A-Fa-f]{2}")
_FLUX_FERME = re.compile("decoding stream data|unfilterable stream")
_CLES = {
    "/AA",
    "/EF",
    "/EmbeddedFiles",
    "/JS",
    "/JavaScript",
    "/OpenAction",
    "/RichMediaContent",
    "/XFA",
}
_VALEURS = {
    "/S": {
        "/GoToE",
        "/GoToR",
        "/ImportData",
        "/JavaScript",
        "/Launch",
        "/Movie",
        "/Rendition",
        "/RichMediaExecute",
        "/SubmitForm",
    },
    "/Subtype": {"/FileAttachment", "/Movie", "/RichMedia", "/Screen"},
    "/Type": {"/EmbeddedFile"},
}


class Verdict(StrEnum):
    """What the examination concludes."""

    SAIN = "sain"
    PROTEGE = "protege"
    LONG = "long"
    ACTIF = "actif"
    ABIME = "abime"


def examiner(contenu: bytes, pages_maximum: int) -> Verdict:
    """Examine a PDF, in a process of its own when opening it means unpacking objects."""
    if not _COMPRESSE.search(contenu):
        return _examiner(contenu, pages_maximum)
    try:
        enfant = subprocess.run(
            [sys.executable, "-I", __file__, str(pages_maximum)],
            input=contenu,
            capture_output=True,
            timeout=2 * SECONDES,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Verdict.ABIME
    # Killed, out of memory, or anything that is not a word of ours.
    mot = enfant.stdout.decode("ascii", "replace").strip()
    return Verdict(mot) if enfant.returncode == 0 and mot in set(Verdict) else Verdict.ABIME


def _examiner(contenu: bytes, pages_maximum: int) -> Verdict:
    try:
        with pikepdf.open(io.BytesIO(contenu)) as pdf:
            if pdf.is_encrypted:
                return Verdict.PROTEGE
            if len(pdf.pages) > pages_maximum:
                return Verdict.LONG
            if _est_actif(pdf):
                return Verdict.ACTIF
            # What could not be unpacked here, a reader of PDFs might unpack: nothing is known of it.
            return Verdict.ABIME if any(_FLUX_FERME.search(w) for w in pdf.get_warnings()) else Verdict.SAIN
    except pikepdf.PasswordError:
        return Verdict.PROTEGE
    except (pikepdf.PdfError, RuntimeError, ValueError, MemoryError):
        return Verdict.ABIME


def _est_actif(pdf: pikepdf.Pdf) -> bool:
    """Walk every object, and what each holds directly: an action is more often written inside its annotation."""
    restants = CONTENANTS_MAXIMUM
    for objet in pdf.objects:
        pile = [objet]
        while pile:
            restants -= 1
            if restants < 0:
                raise ValueError("trop d’objets")
            courant = pile.pop()
            if isinstance(courant, pikepdf.Dictionary | pikepdf.Stream):
                if _annonce_une_action(courant):
                    return True
                pile += [v for _, v in courant.items() if _est_contenant_direct(v)]
            elif isinstance(courant, pikepdf.Array):
                pile += [v for v in courant if _est_contenant_direct(v)]
    return False


def _est_contenant_direct(valeur) -> bool:
    return isinstance(valeur, pikepdf.Dictionary | pikepdf.Array) and not valeur.is_indirect


def _annonce_une_action(dictionnaire) -> bool:
    cles = set(dictionnaire.keys())
    if "/OpenAction" in cles and _ouvre_une_page(dictionnaire["/OpenAction"]):
        cles.remove("/OpenAction")
    if cles & _CLES:
        return True
    for cle in cles & _VALEURS.keys():
        valeur = dictionnaire[cle]
        if isinstance(valeur, pikepdf.Name) and str(valeur) in _VALEURS[cle]:
            return True
    return False


def _ouvre_une_page(valeur) -> bool:
    """« Open at this page »: a destination, which office suites write in most of their exports, and no action."""
    if isinstance(valeur, pikepdf.Dictionary):
        return valeur.get("/S") == pikepdf.Name("/GoTo")
    return isinstance(valeur, pikepdf.Array)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES, SECONDES))
    set_qpdf_limits(
        flate_max_memory=DECOMPRESSION,
        run_length_max_memory=DECOMPRESSION,
        png_max_memory=DECOMPRESSION,
        tiff_max_memory=DECOMPRESSION,
        max_stream_filters=4,
        doc_max_warnings=1_000,
    )
    print(_examiner(sys.stdin.buffer.read(), int(sys.argv[1])))
