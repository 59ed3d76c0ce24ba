"""What the checker says of a template: mandatory mentions, misleading words, contrast, images, what does not hold."""

import re

from backoffice.parcours.constats import Constat, Gravite, avertit, refuse
from registre.documents import DocumentImpossible, composition, polices
from registre.documents.modele import MOTS
from registre.mentions import mots_interdits, verifier_mentions
from registre.models import ModeleDocument
from registre.mots import accolade_seule, inconnus, noms_employes

from . import modeles_specimen as specimens
from .workflow import signataires

FAQ = "France compétences, questions et réponses sur le parchemin."
WCAG = "Règles d’accessibilité (WCAG 2.2), renforcées pour une copie en noir et blanc."
REPERTOIRES = {"rncp": "au RNCP", "rs": "au répertoire spécifique", "branche": "par la seule branche"}
TEXTES = {"formule": "formule de remise", "texte_option": "mention de l’option", "mention": "mention libre"}
_COULEUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
# Pixels per millimetre under which a logo prints blurred (150 dots per inch).
_NETTETE = 150 / 25.4


def controler(modele: ModeleDocument, jusqu_a_la_page: bool = False) -> list[Constat]:
    """Every finding, refusals first. With `jusqu_a_la_page` the specimens are drawn too, which takes seconds."""
    constats = [
        *_couleur(modele),
        *_textes(modele),
        *_logos(modele),
        *_signataires(modele),
        *_personne_pour_approuver(modele),
        *_raison(modele),
        *_mentions(modele),
    ]
    if jusqu_a_la_page and not refus(constats):
        constats += _page(modele)
    return sorted(constats, key=lambda c: c.gravite != Gravite.REFUS)


def refus(constats: list[Constat]) -> list[Constat]:
    return [c for c in constats if c.gravite == Gravite.REFUS]


def _couleur(modele):
    if not _COULEUR.fullmatch(modele.couleur):
        yield refuse("couleur", "couleur", "La couleur est mal écrite.", "Choisissez-la dans la palette.")
        return
    contraste = composition.contraste(modele.couleur)
    if contraste < composition.CONTRASTE_MINIMAL:
        dit = f"{contraste:.1f}".replace(".", ",")
        yield refuse(
            "couleur",
            "couleur",
            f"La couleur d’accent se lit mal sur le papier\u00a0: son contraste est de {dit}, il en faut 5.",
            "Choisissez-en une plus sombre.",
            WCAG,
        )


def _textes(modele):
    for champ, nom in TEXTES.items():
        texte = getattr(modele, champ)
        for mot in inconnus(texte, MOTS):
            remede = f"Employez un de ceux de la liste\u00a0: {', '.join(f'{{{m}}}' for m in MOTS)}."
            yield refuse("textes", champ, f"Le mot «\u202f{{{mot}}}\u202f» de la {nom} n’existe pas.", remede)
        if accolade_seule(texte):
            yield refuse(
                "textes", champ, f"Une accolade isolée reste dans la {nom}.", "Retirez-la, ou écrivez le mot entier."
            )
        for phrase in mots_interdits([texte]):
            yield refuse("textes", champ, f"Dans la {nom}\u00a0: {_minuscule(phrase)}", "Retirez ces mots.", FAQ)
    if not modele.formule.strip():
        yield refuse(
            "textes", "formule", "La formule de remise est vide.", "Écrivez par exemple «\u202fest décerné à\u202f»."
        )
    if noms_employes(modele.formule):
        yield refuse("textes", "formule", "La formule de remise ne contient pas de mot à remplacer.", "Retirez-le.")
    if absents := polices.glyphes_absents(modele.formule, ("serif-italique",)):
        yield refuse(
            "textes",
            "formule",
            f"L’italique n’a pas de dessin pour\u00a0: {' '.join(sorted(absents))}",
            "Écrivez la formule avec d’autres lettres.",
        )
    if "option" not in noms_employes(modele.texte_option):
        yield refuse(
            "textes", "texte_option", "La mention de l’option ne la nomme pas.", "Gardez-y «\u202f{option}\u202f»."
        )


def _logos(modele):
    for logo in modele.logos.select_related("image"):
        if not logo.texte_alternatif.strip():
            yield refuse(
                "logos",
                "logos",
                f"Le logo {logo.rang} n’a pas de texte alternatif.",
                "Dites ce qu’il représente\u00a0: une personne aveugle l’entendra.",
                "PDF/UA-1.",
            )
        for phrase in mots_interdits([logo.texte_alternatif]):
            yield refuse("logos", "logos", f"Logo {logo.rang}\u00a0: {_minuscule(phrase)}", "Retirez ce logo.", FAQ)
        (pose,) = composition.logos(
            [{"sha256": "", "alternatif": "", "largeur": logo.image.largeur, "hauteur": logo.image.hauteur}], 150
        )
        largeur = float(re.search(r"width: ([\d.]+)", pose["taille"]).group(1))
        if logo.image.largeur < largeur * _NETTETE:
            yield avertit(
                "logos",
                "logos",
                f"Le logo {logo.rang} est petit\u00a0: il sera flou à l’impression.",
                f"Déposez-le en {round(largeur * _NETTETE * 2)} pixels de large au moins.",
            )


def _signataires(modele):
    for signataire in modele.signataires.all():
        au_nom = signataire.get_college_display()
        if not (signataire.nom.strip() and signataire.qualite.strip()):
            yield refuse(
                "signataires",
                "signataires",
                f"Pour «\u202f{au_nom}\u202f», il manque le nom ou la qualité.",
                "Complétez-les, ou laissez tout vide\u00a0: la présidence et la vice-présidence du jury signent alors.",
                FAQ,
            )
        elif signataire.image_id is None:
            yield avertit(
                "signataires",
                "signataires",
                f"{signataire.nom} n’a pas d’image de signature.",
                "Sans elle, chaque document imprimé se signe à la main.",
            )


def _personne_pour_approuver(modele):
    """A document is approved by a signataire of any certificateur of its fiche: without one, none is ever issued."""
    for repertoire, version in specimens.versions(modele).items():
        if not signataires(version):
            yield avertit(
                "signataires",
                "signataires",
                f"Personne n’est habilité à signer pour «\u202f{version.intitule}\u202f» ({REPERTOIRES[repertoire]})"
                "\u00a0: aucun document ne pourrait être approuvé.",
                "Invitez un signataire de l’un de ses certificateurs.",
            )


def _raison(modele):
    if modele.numero > 1 and len(modele.motif.strip()) < 10:
        yield refuse(
            "motif",
            "motif",
            "La raison du changement manque.",
            "Le modèle est déposé avec la demande d’enregistrement\u00a0: dites ce qui change, et sur quelle décision.",
        )


def _mentions(modele):
    versions = specimens.versions(modele)
    if not versions:
        yield refuse(
            "mentions", "", "Aucune certification n’emploierait ce modèle.", "Rattachez d’abord une certification."
        )
    for repertoire, version in versions.items():
        for phrase in verifier_mentions(specimens.fiche(modele, version, "france")):
            yield refuse(
                "mentions",
                "",
                f"Certification enregistrée {REPERTOIRES[repertoire]} ({version.numero or version.intitule})"
                f"\u00a0: {_minuscule(phrase)}",
                "Complétez le registre des certifications, ou retirez du modèle ce qui ne convient pas.",
                FAQ,
            )


def _page(modele):
    """What would not hold: the longest names on the longest title, as a duplicata, which takes one more line."""
    for repertoire, version in specimens.versions(modele).items():
        try:
            specimens.dessiner(modele, version, "france", duplicata=True)
        except DocumentImpossible as erreur:
            yield refuse(
                "page",
                "",
                f"«\u202f{version.intitule}\u202f» ({REPERTOIRES[repertoire]})\u00a0: {_minuscule(str(erreur))}",
                "Retirez un logo, les blocs ou une partie des textes.",
            )


def _minuscule(phrase: str) -> str:
    return phrase[:1].lower() + phrase[1:]
