"""The templates of documents: what one freezes in a record, and where the images of a record are."""

from .documents import modele as fige
from .models import ImageDeDocument, ModeleDocument

# Who signs stands in this order, from the left.
COLLEGES = ("certificateur", "employeurs", "salaries")


def figer(modele: ModeleDocument | None, graine: str) -> dict:
    """Return all that a template says of the look and of the texts, as the record keeps it."""
    choix = modele or ModeleDocument()
    return {
        "version": modele.pk if modele else None,
        "numero": choix.numero if modele else None,
        "couleur": choix.couleur,
        "graine": graine,
        "orientation": choix.orientation,
        "logos": [
            {
                "sha256": logo.image_id,
                "alternatif": logo.texte_alternatif,
                "largeur": logo.image.largeur,
                "hauteur": logo.image.hauteur,
            }
            for logo in (modele.logos.select_related("image") if modele else ())
        ],
        "textes": {"formule": choix.formule, "option": choix.texte_option, "mention": choix.mention},
        "montrer_blocs": choix.montrer_blocs,
    }


def signataires(modele: ModeleDocument | None, du_jury: list[dict]) -> list[dict]:
    """Return who signs: the person named by the template for each collège, whoever led the jury for the others."""
    nommes = {
        s.college: {"college": s.college, "nom": s.nom, "qualite": s.qualite, "signature": s.image_id or ""}
        for s in (modele.signataires.all() if modele else ())
    }
    restants = [{**s, "signature": ""} for s in du_jury if s["college"] not in nommes]
    tous = [*nommes.values(), *restants]
    return sorted(tous, key=lambda s: COLLEGES.index(s["college"]) if s["college"] in COLLEGES else len(COLLEGES))


def images_de(enregistrement: dict) -> dict[str, bytes]:
    """Return the images that a record names, by SHA-256; one that is lost is left out, and the rendering refuses."""
    octets = {}
    for image in ImageDeDocument.objects.filter(sha256__in=fige.images(enregistrement)):
        with image.fichier.open("rb") as fichier:
            octets[image.sha256] = fichier.read()
    return octets
