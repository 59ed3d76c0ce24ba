"""Engraved ornaments drawn from a formula: each certification, through its seed, has its own.

A guilloche is a bundle of sine curves run along a path, as the rose engine did on share certificates. The seed
chooses wavelengths, phases and number of strands; the same seed always draws the same lines.
"""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_PAS = 2.0  # millimetres between two computed points: below what the eye sees once joined by Bézier curves

# Documents of one session share their certification, hence these drawings.
_GARDES = 32

Point = tuple[float, float]


@dataclass(frozen=True)
class Gravure:
    """The choices that a seed makes, in the ranges that stay fine in print."""

    brins: int
    longueur_onde: float
    harmonique: int
    part_harmonique: float
    phase: float
    petales: int
    coeur: float

    @classmethod
    def depuis(cls, graine: str) -> "Gravure":
        """Draw the choices from the seed; any text is a seed."""
        alea = hashlib.sha256(b"cqp-guilloche-1\x00" + graine.encode("utf-8")).digest()
        return cls(
            brins=5 + alea[0] % 3,
            longueur_onde=16 + alea[1] / 255 * 9,
            harmonique=2 + alea[2] % 2,
            part_harmonique=0.16 + alea[3] / 255 * 0.2,
            phase=alea[4] / 255 * math.tau,
            petales=7 + alea[5] % 9,
            coeur=0.42 + alea[6] / 255 * 0.22,
        )


@lru_cache(maxsize=_GARDES)
def fond_de_parchemin(graine: str, couleur: str, page: Point, coeur: Point) -> str:
    """Return the SVG of a whole page, in millimetres: a pale rosette, and a guilloche frame with four corners."""
    largeur, hauteur = page
    gravure = Gravure.depuis(graine)
    marge, epaisseur, coin = 14.6, 3.5, 7.2
    cadre = _Rectangle(marge, marge, largeur - 2 * marge, hauteur - 2 * marge, 6.0)
    rayon = min(largeur, hauteur) * 0.33
    morceaux = [
        _entete(largeur, hauteur),
        _trait(_rosace(gravure, coeur, rayon, 3), eclaircir(couleur, 0.87), 0.13),
    ]
    brins = gravure.brins + 3
    for rang in range(brins):
        ton = eclaircir(couleur, 0.1 + 0.38 * (rang % 2))
        morceaux.append(_trait(_brin(gravure, cadre, epaisseur, rang, brins), ton, 0.13))
    for retrait, trait in ((9.6, 0.5), (10.5, 0.12), (18.7, 0.12), (19.5, 0.3)):
        morceaux.append(_filet(retrait, largeur, hauteur, couleur, trait))
    for x in (marge, largeur - marge):
        for y in (marge, hauteur - marge):
            morceaux.append(f'<circle cx="{x:g}" cy="{y:g}" r="{coin + 0.9:g}" fill="#ffffff" stroke="none"/>')
            for rayon_du_coin, trait in ((coin + 0.9, 0.3), (coin + 0.3, 0.1)):
                morceaux.append(
                    f'<circle cx="{x:g}" cy="{y:g}" r="{rayon_du_coin:g}" stroke="{couleur}" stroke-width="{trait:g}"/>'
                )
            morceaux.append(_trait(_rosace(gravure, (x, y), coin, 2), eclaircir(couleur, 0.15), 0.12))
    return "".join([*morceaux, "</g></svg>"])


@lru_cache(maxsize=_GARDES)
def ornement(couleur: str, largeur: float) -> str:
    """Return the SVG of a swelled rule with a lozenge at its heart, `largeur` millimetres wide: between two texts."""
    milieu, demi, haut = largeur / 2, 1.5, 3.0
    y, bras = haut / 2, []
    for sens in (-1, 1):
        debut, fin = milieu + sens * (demi + 0.9), milieu + sens * largeur / 2
        gros = milieu + sens * largeur / 7
        bras.append(f"M{debut:g} {y:g}Q{gros:g} {y - 0.42:g} {fin:g} {y:g}Q{gros:g} {y + 0.42:g} {debut:g} {y:g}Z")
    losange = f"M{milieu - demi:g} {y:g}L{milieu:g} {y - 0.8:g}L{milieu + demi:g} {y:g}L{milieu:g} {y + 0.8:g}Z"
    return f'{_entete(largeur, haut)}<path d="{" ".join([*bras, losange])}" fill="{couleur}" stroke="none"/></g></svg>'


@lru_cache(maxsize=_GARDES)
def rosace(graine: str, couleur: str, cote: float) -> str:
    """Return the SVG of the rosette alone, `cote` millimetres wide."""
    trait = _trait(_rosace(Gravure.depuis(graine), (cote / 2, cote / 2), cote * 0.47, 1), couleur, cote / 90)
    return f"{_entete(cote, cote)}{trait}</g></svg>"


def eclaircir(couleur: str, part: float) -> str:
    """Mix a colour « #rrggbb » with white; 0 leaves it, 1 gives white."""
    canaux = (int(couleur[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(c + (255 - c) * part):02x}" for c in canaux)


@dataclass(frozen=True)
class _Rectangle:
    """A rectangle with round corners, walked along its length."""

    x: float
    y: float
    largeur: float
    hauteur: float
    rayon: float

    @property
    def tour(self) -> float:
        return 2 * (self.largeur + self.hauteur - 4 * self.rayon) + math.tau * self.rayon

    def point_et_normale(self, s: float) -> tuple[Point, Point]:
        """Return the point at the distance `s` from the top left corner, and the outward normal there."""
        r, droite, bas = self.rayon, self.x + self.largeur, self.y + self.hauteur
        arc = math.pi / 2 * r
        cotes = (
            (self.largeur - 2 * r, (self.x + r, self.y), (1, 0), (droite - r, self.y + r)),
            (self.hauteur - 2 * r, (droite, self.y + r), (0, 1), (droite - r, bas - r)),
            (self.largeur - 2 * r, (droite - r, bas), (-1, 0), (self.x + r, bas - r)),
            (self.hauteur - 2 * r, (self.x, bas - r), (0, -1), (self.x + r, self.y + r)),
        )
        for longueur, (ox, oy), (dx, dy), (cx, cy) in cotes:
            nx, ny = dy, -dx
            if s <= longueur:
                return (ox + dx * s, oy + dy * s), (nx, ny)
            s -= longueur
            if s <= arc:
                angle = math.atan2(ny, nx) + s / r
                nx, ny = math.cos(angle), math.sin(angle)
                return (cx + r * nx, cy + r * ny), (nx, ny)
            s -= arc
        return (self.x + r, self.y), (0, -1)


def _brin(gravure: Gravure, cadre: _Rectangle, amplitude: float, rang: int, brins: int) -> str:
    """Return one strand of the frame, closed: a whole number of waves goes round."""
    ondes = round(cadre.tour / gravure.longueur_onde)
    dephasage = gravure.phase + math.tau * rang / brins
    part = gravure.part_harmonique

    def ecart(tour: float) -> float:
        base = math.sin(math.tau * ondes * tour + dephasage)
        return amplitude * ((1 - part) * base + part * math.sin(math.tau * ondes * gravure.harmonique * tour))

    def point(tour: float) -> Point:
        (x, y), (nx, ny) = cadre.point_et_normale(tour * cadre.tour)
        return x + nx * ecart(tour), y + ny * ecart(tour)

    return _courbe_fermee(point, round(cadre.tour / _PAS))


def _rosace(gravure: Gravure, centre: Point, rayon: float, couches: int) -> str:
    """Return a rosette: petals turning round a hollow heart, in one or several layers."""
    chemins = []
    tours = 3
    for couche in range(couches):
        cote = 1 - couche * 0.13

        def point(tour: float, cote: float = cote, couche: int = couche) -> Point:
            angle = tour * math.tau * tours
            creux = (1 - gravure.coeur) / 2
            onde = math.cos((gravure.petales + 1 / tours) * angle + gravure.phase + couche)
            distance = rayon * cote * (gravure.coeur + creux + creux * onde)
            return centre[0] + distance * math.cos(angle), centre[1] + distance * math.sin(angle)

        chemins.append(_courbe_fermee(point, tours * gravure.petales * 8))
    return " ".join(chemins)


def _courbe_fermee(point: Callable[[float], Point], nombre: int) -> str:
    """Join `nombre` points of a closed curve by Bézier segments whose tangents follow the neighbours."""
    points = [point(i / nombre) for i in range(nombre)]
    chemin = [f"M{points[0][0]:.2f} {points[0][1]:.2f}"]
    for i in range(nombre):
        (x1, y1), (x2, y2), (x3, y3) = points[i], points[(i + 1) % nombre], points[(i + 2) % nombre]
        chemin.append(f"S{x2 - (x3 - x1) / 6:.2f} {y2 - (y3 - y1) / 6:.2f} {x2:.2f} {y2:.2f}")
    return "".join([*chemin, "Z"])


def _entete(largeur: float, hauteur: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{largeur:g}mm" height="{hauteur:g}mm"'
        f' viewBox="0 0 {largeur:g} {hauteur:g}"><g fill="none" stroke-linejoin="round">'
    )


def _trait(chemin: str, couleur: str, epaisseur: float) -> str:
    return f'<path d="{chemin}" stroke="{couleur}" stroke-width="{epaisseur:.3g}"/>'


def _filet(retrait: float, largeur: float, hauteur: float, couleur: str, trait: float) -> str:
    return (
        f'<rect x="{retrait:g}" y="{retrait:g}" width="{largeur - 2 * retrait:g}" height="{hauteur - 2 * retrait:g}"'
        f' stroke="{couleur}" stroke-width="{trait:g}"/>'
    )
