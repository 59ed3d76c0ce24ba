"""A template in words, and what changes from one version to another."""

from dataclasses import dataclass

from registre.models import ModeleDocument

from .modeles_workflow import REGLES


@dataclass(frozen=True)
class Choix:
    """One choice of a template: its name, what it says."""

    cle: str
    libelle: str
    valeur: str


def lire(modele: ModeleDocument) -> list[Choix]:
    """Every choice, in the order of the form."""
    choix = [Choix(nom, _libelle(nom), _valeur(modele, nom)) for nom in REGLES if nom != "motif"]
    for logo in modele.logos.select_related("image"):
        texte = logo.texte_alternatif or "sans texte alternatif"
        choix.append(Choix(f"logo {logo.rang}", f"Logo {logo.rang}", f"{texte} (image {logo.image})"))
    for signataire in modele.signataires.select_related("image"):
        image = f", signature {signataire.image}" if signataire.image else ", sans image de signature"
        nom = signataire.get_college_display()
        choix.append(Choix(signataire.college, f"Signature, {nom}", f"{signataire.nom}, {signataire.qualite}{image}"))
    return choix


def differences(ancien: ModeleDocument, nouveau: ModeleDocument) -> list[dict]:
    """What does not say the same in both versions."""
    avant, apres = ({c.cle: c for c in lire(m)} for m in (ancien, nouveau))
    changes = []
    for cle in [*avant, *(c for c in apres if c not in avant)]:
        mots = [lu[cle].valeur if cle in lu else "–" for lu in (avant, apres)]
        if mots[0] != mots[1]:
            changes.append({"libelle": (apres.get(cle) or avant[cle]).libelle, "avant": mots[0], "apres": mots[1]})
    return changes


def _libelle(nom: str) -> str:
    libelle = str(ModeleDocument._meta.get_field(nom).verbose_name)
    return libelle[:1].upper() + libelle[1:]


def _valeur(modele, nom: str) -> str:
    if nom == "montrer_blocs":
        return "oui" if modele.montrer_blocs else "non"
    if nom == "orientation":
        return modele.get_orientation_display()
    return getattr(modele, nom) or "–"
