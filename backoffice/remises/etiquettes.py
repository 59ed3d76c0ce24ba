"""Labels to stick on envelopes: an A4 sheet of 14 or 24, from any free place, tagged so that it can be read aloud."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone

from registre.documents.polices import corps_ajuste

from .models import Envoi

MAXIMUM = 1_000
CORPS = 10.0
# What the style sheet leaves on both sides of a label, in millimetres.
MARGES = 12
_POINTS_PAR_MM = 72 / 25.4


@dataclass(frozen=True)
class Planche:
    """A sheet as it is sold: columns, rows, size of a label and margins, in millimetres."""

    nom: str
    colonnes: int
    rangees: int
    largeur: float
    hauteur: float
    marge_gauche: float
    marge_haute: float
    ecart: float = 0

    @property
    def nombre(self) -> int:
        return self.colonnes * self.rangees

    def corps(self, adresse: list[str]) -> float:
        """The size at which the widest of these lines is whole on a label, in points."""
        largeur = (self.largeur - MARGES) * _POINTS_PAR_MM
        entieres = (ligne.replace(" ", "\u00a0") for ligne in adresse)
        return min((corps_ajuste(e, "sans", largeur, 2 * CORPS, CORPS, 1.25) for e in entieres), default=CORPS)

    def place(self, rang: int) -> dict:
        """Where the label of this rank stands on its sheet."""
        rangee, colonne = divmod(rang, self.colonnes)
        return {
            "gauche": f"{self.marge_gauche + colonne * (self.largeur + self.ecart):.2f}",
            "haut": f"{self.marge_haute + rangee * self.hauteur:.2f}",
        }


PLANCHES = {
    "14": Planche("2 × 7, étiquettes de 99,1 × 38,1 mm", 2, 7, 99.1, 38.1, 4.65, 15.15, 2.5),
    "24": Planche("3 × 8, étiquettes de 70 × 37 mm", 3, 8, 70, 37, 0, 0.5),
}


def composer(envois: list[Envoi], planche: Planche, premiere: int = 1) -> bytes:
    """Return the PDF of these labels; `premiere` is the first free place of the first sheet, from 1."""
    # WeasyPrint needs the Pango library of the system: only who prints must have it, not every page of the site.
    from registre.documents import rendu

    feuilles: dict[int, list] = {}
    for rang, envoi in enumerate(envois, premiere - 1):
        feuille, place = divmod(rang, planche.nombre)
        etiquette = {**planche.place(place), "numero": envoi.parchemin.numero, "lignes": envoi.adresse}
        etiquette["corps"] = planche.corps(envoi.adresse)
        feuilles.setdefault(feuille, []).append(etiquette)
    page = render_to_string(
        "documents/etiquettes.html",
        {
            "planche": planche,
            "largeur": f"{planche.largeur:.2f}",
            "hauteur": f"{planche.hauteur:.2f}",
            "feuilles": list(feuilles.values()),
            "iso": timezone.localtime().isoformat(timespec="seconds"),
        },
    )
    identifiant = f"étiquettes {sorted(e.pk for e in envois)} {planche.nom} {premiere}"
    return rendu.produire(page, "etiquettes.css", {}, identifiant, pages_maximum=None)
