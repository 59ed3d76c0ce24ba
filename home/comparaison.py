"""Up to three CQPs side by side: the same facts in the same order, and which of them differ."""

from dataclasses import dataclass

from home.catalogue import adresse
from home.criteres import COMPARES_AU_PLUS, Criteres, adresse_de_comparaison
from home.fiche import FicheCQP, en_lettres

SANS = "–"


@dataclass(frozen=True)
class Ligne:
    """One fact of each CQP; each cell is a list, of one word or of many."""

    libelle: str
    titres: list[str]
    cellules: list[list[str]]

    @property
    def differe(self) -> bool:
        return any(cellule != self.cellules[0] for cellule in self.cellules)

    @property
    def nommees(self) -> list[tuple[str, list[str]]]:
        """Each cell with the title of its CQP: a narrow screen shows them one under the other."""
        return list(zip(self.titres, self.cellules, strict=True))


@dataclass(frozen=True)
class Comparaison:
    """The columns in the order asked, and the lines that say something of at least one."""

    fiches: list[FicheCQP]

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(f.certification.slug for f in self.fiches)

    @property
    def colonnes(self) -> list[dict]:
        return [
            {
                "titre": f.version.intitule,
                "url": adresse(f.certification),
                "etat": f.etat,
                "sans": adresse_de_comparaison([s for s in self.slugs if s != f.certification.slug]),
            }
            for f in self.fiches
        ]

    @property
    def adresse(self) -> str:
        return adresse_de_comparaison(self.slugs)

    @property
    def adresse_du_catalogue(self) -> str:
        """The catalogue, where one more is chosen: these stay put aside."""
        return Criteres("", {}, compares=self.slugs).adresse()

    @property
    def est_pleine(self) -> bool:
        return len(self.fiches) == COMPARES_AU_PLUS

    @property
    def lignes(self) -> list[Ligne]:
        par_libelle: dict[str, list[list[str]]] = {}
        for rang, fiche in enumerate(self.fiches):
            for libelle, valeurs in _faits(fiche):
                cellules = par_libelle.setdefault(libelle, [[SANS] for _ in self.fiches])
                cellules[rang] = [v for v in valeurs if v] or [SANS]
        titres = [f.version.intitule for f in self.fiches]
        return [Ligne(libelle, titres, c) for libelle, c in par_libelle.items() if any(v != [SANS] for v in c)]


def _faits(fiche: FicheCQP) -> list[tuple[str, list[str]]]:
    version, certification = fiche.version, fiche.certification
    fin, limite = version.date_fin_enregistrement, version.delivrable_jusqu_au
    niveau = f"Niveau {version.niveau}" if version.niveau else "Sans niveau"
    total = fiche.chiffres.total
    return [
        ("Enregistrement", [fiche.etat["libelle"]]),
        ("Fiche officielle", [version.numero or "Aucune\u00a0: CQP de branche"]),
        ("Niveau du cadre national", [niveau]),
        ("Niveau du cadre européen", [str(version.niveau_cec or "")]),
        ("Filière", [certification.filiere.libelle]),
        ("Voies d’accès", [voie.capitalize() for voie in fiche.voies]),
        ("Pour entrer", [version.prerequis_entree]),
        ("Pour valider", [version.prerequis_validation]),
        ("Blocs de compétences", [bloc.libelle for bloc in fiche.blocs]),
        ("Un bloc acquis se garde", ["Oui" if version.validation_partielle and fiche.blocs else "Non"]),
        ("Emplois accessibles", [version.emplois_accessibles]),
        ("Enregistré jusqu’au", [en_lettres(fin) if fin else "Sans terme fixé"]),
        ("Délivrable jusqu’au", [en_lettres(limite) if limite else "Sans terme fixé"]),
        ("Parchemins délivrés", [str(total)] if total else []),
        ("Certificateurs", fiche.certificateurs),
        ("Porteur", [certification.porteur.raison_sociale]),
    ]
