"""What changes from one version of the rules to another, field by field, in words."""

from dataclasses import dataclass

from .lecture import libelle, modalites, nombre, valeur
from .models import PieceRequise, Prerequis
from .releve import Releve
from .sections import PAR_CLE, SECTION_DU_CHAMP, SECTIONS, Section

CHAMPS_DE_LIGNE = {
    PieceRequise: ("libelle", "aide", "obligatoire"),
    Prerequis: (
        "libelle",
        "aide",
        "nature",
        "piece",
        "seuil",
        "unite",
        "validite_mois",
        "obligatoire",
        "modalites",
    ),
}


@dataclass(frozen=True)
class Difference:
    """One rule that changes: which page it stands on, its name, what it said, what it says."""

    section: Section
    libelle: str
    avant: str
    apres: str


def differences(ancien: Releve, nouveau: Releve) -> list[Difference]:
    """Every rule that does not say the same in both versions, in the order of the steps."""
    toutes = [*_regles(ancien, nouveau), *_lignes(ancien, nouveau), *_coefficients(ancien, nouveau)]
    return sorted(toutes, key=lambda d: SECTIONS.index(d.section))


def _regles(ancien: Releve, nouveau: Releve):
    for champ, section in SECTION_DU_CHAMP.items():
        avant, apres = (valeur(r.parcours, champ) for r in (ancien, nouveau))
        if avant != apres:
            yield Difference(section, libelle(champ), avant, apres)


def _lignes(ancien: Releve, nouveau: Releve):
    for cle in ("pieces", "prerequis"):
        avant, apres = ({ligne.code: ligne for ligne in getattr(r, cle)} for r in (ancien, nouveau))
        for code in [*avant, *(c for c in apres if c not in avant)]:
            mots = [dire(lignes[code]) if code in lignes else "" for lignes in (avant, apres)]
            if mots[0] != mots[1]:
                nom = (apres.get(code) or avant[code]).libelle
                yield Difference(PAR_CLE[cle], nom, mots[0] or "n’était pas demandé", mots[1] or "n’est plus demandé")


def dire(ligne) -> str:
    """A pièce or a prerequisite as one line of words."""
    mots = []
    for champ in CHAMPS_DE_LIGNE[type(ligne)]:
        brut = getattr(ligne, champ)
        if brut in (None, "", []):
            continue
        if champ == "obligatoire":
            mots.append("obligatoire" if brut else "facultatif")
        elif champ == "nature":
            mots.append(str(ligne.get_nature_display()))
        elif champ == "seuil":
            mots.append(f"au moins {nombre(brut)}")
        elif champ == "validite_mois":
            mots.append(f"valable {brut} mois")
        else:
            mots.append(modalites(brut) if champ == "modalites" else str(brut).rstrip("."))
    return "\u202f; ".join(mots)


def _coefficients(ancien: Releve, nouveau: Releve):
    avant, apres = ({x.competence_id: x for x in r.ponderations} for r in (ancien, nouveau))
    for pk in [*avant, *(p for p in apres if p not in avant)]:
        mots = [nombre(x[pk].coefficient) if pk in x else "1" for x in (avant, apres)]
        if mots[0] != mots[1]:
            competence = (apres.get(pk) or avant[pk]).competence
            yield Difference(PAR_CLE["coefficients"], f"Coefficient de {competence}", *mots)
