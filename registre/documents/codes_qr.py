"""The QR code of a document: big and sturdy enough to be read from a poor copy.

Measured with two decoders: at least 35 mm wide with modules of at least 0.6 mm and correction Q, it is still read at
150 dpi, blurred, with a stain over 12 % of it. At 25 mm it is not.
"""

from dataclasses import dataclass

import qrcode
from qrcode.util import MODE_ALPHA_NUM, QRData

COTE_MINIMAL = 36.0
MODULE_MINIMAL = 0.62
ZONE_CALME = 4
# What is coded is a signature, hence random: no mask does better than another, and trying the eight took longer than
# drawing the page.
_MASQUE = 3


@dataclass(frozen=True)
class CodeQR:
    """The modules, line by line, « 1 » for black; the side in millimetres, white margin included."""

    lignes: tuple[str, ...]
    cote: float

    @property
    def modules(self) -> int:
        """How many there are on a side, less the margin."""
        return len(self.lignes)

    @property
    def svg(self) -> str:
        """The drawing, one unit a module."""
        cote = self.modules + 2 * ZONE_CALME
        noirs = (
            f"M{x} {y}h1v1h-1z"
            for y, ligne in enumerate(self.lignes, ZONE_CALME)
            for x, module in enumerate(ligne, ZONE_CALME)
            if module == "1"
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{cote}mm" height="{cote}mm" viewBox="0 0 {cote} {cote}">'
            f'<path d="{"".join(noirs)}" fill="#000000"/></svg>'
        )


def dessiner(adresse: str) -> CodeQR:
    """Return the QR code of an address in capitals.

    Raises:
        ValueError: a character that the alphanumeric mode lacks.
    """
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=0, mask_pattern=_MASQUE)
    code.add_data(QRData(adresse, mode=MODE_ALPHA_NUM), optimize=0)
    return _tracer(code)


def dessiner_lien(adresse: str) -> CodeQR:
    """Return the QR code of any address, smaller: for a sheet read at hand, not for a document that one checks."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(adresse)
    return _tracer(code)


def _tracer(code: qrcode.QRCode) -> CodeQR:
    code.make(fit=True)
    module = max(MODULE_MINIMAL, COTE_MINIMAL / code.modules_count)
    lignes = tuple("".join("1" if noir else "0" for noir in ligne) for ligne in code.modules)
    return CodeQR(lignes, round(module * (code.modules_count + 2 * ZONE_CALME), 2))
