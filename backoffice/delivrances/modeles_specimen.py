"""What a template gives, for two invented holders: one born in France with long names, one born abroad."""

import shutil
import subprocess

from registre.delivrance import composer_enregistrement
from registre.documents import specimen
from registre.modeles import images_de
from registre.models import ModeleDocument, Titulaire, VersionCertification

PERSONNES = {
    "france": {
        "sexe": "F",
        "nom_naissance": "De La Rochemodèle-Exemplaire",
        "nom_usage": "Échantillon-Montfictif",
        "prenom1": "Marie-Antoinette",
        "prenom2": "Élisabeth",
        "prenom3": "Joséphine",
        "annee_naissance": 1985,
        "mois_naissance": 5,
        "jour_naissance": 3,
        "commune_naissance": "Saint-Germain-de-l’Exemple-et-Modèle",
        "pays_naissance": "99100",
        "libelle_pays_naissance": "France",
    },
    "etranger": {
        "sexe": "M",
        "nom_naissance": "Przykładowski",
        "prenom1": "Łukasz",
        "annee_naissance": 1991,
        "mois_naissance": 12,
        "jour_naissance": 1,
        "commune_naissance": "Łódź",
        "pays_naissance": "99122",
        "libelle_pays_naissance": "Pologne",
    },
}
JURY = [
    {"college": "employeurs", "nom": "Camille Modèle", "qualite": "Présidente du jury"},
    {"college": "salaries", "nom": "Dominique Exemple", "qualite": "Vice-président du jury"},
]
DUPLICATA = {"rang": 1, "delivre_le": "2026-12-01"}
SECONDES = 20


def versions(modele: ModeleDocument) -> dict[str, VersionCertification]:
    """The version with the longest title of each répertoire (RNCP, RS, branche) that this template may serve."""
    siennes = VersionCertification.objects.delivrables()
    if modele.certification:
        siennes = siennes.filter(certification=modele.certification)
    else:
        siennes = siennes.delivrees_par([modele.certificateur])
    longues = {}
    for version in siennes.select_related("certification"):
        connue = longues.get(version.repertoire)
        if connue is None or len(version.intitule) > len(connue.intitule):
            longues[version.repertoire] = version
    return dict(sorted(longues.items()))


def fiche(modele: ModeleDocument, version: VersionCertification, personne: str) -> dict:
    """The record that a document of this version would have today, for an invented holder."""
    attestation = modele.nature != ModeleDocument.Nature.PARCHEMIN
    blocs = [
        {
            "code": bloc.code,
            "libelle": bloc.libelle,
            "acquis": not attestation or rang == 0,
            "valide_jusqu_au": "2031-12-01" if attestation and rang == 0 else "",
        }
        for rang, bloc in enumerate(version.blocs.all())
    ] or [{"code": "BLOC 1", "libelle": "Bloc d’exemple", "acquis": True, "valide_jusqu_au": ""}]
    option = version.options.order_by("pk").first()
    return composer_enregistrement(
        nature=modele.nature,
        titulaire=Titulaire(**PERSONNES[personne]),
        version=version,
        lieu="Paris",
        jury={"date": "2026-11-20", "pv": ""},
        blocs=blocs,
        acces={},
        signataires=JURY,
        option=option.libelle if option else "",
        numero="SPECIMEN-2026-00001",
        modele=modele,
    )


def dessiner(modele: ModeleDocument, version: VersionCertification, personne: str, duplicata: bool = False) -> bytes:
    """The PDF of a specimen.

    Raises:
        registre.documents.DocumentImpossible: what is missing, or what does not hold on the page.
    """
    record = fiche(modele, version, personne)
    return specimen(record, images_de(record), DUPLICATA if duplicata else None)


def en_image(pdf: bytes, points: int = 110) -> bytes | None:
    """The page as a PNG; None on a machine that cannot draw a PDF (poppler)."""
    if not shutil.which("pdftoppm"):
        return None
    commande = ["pdftoppm", "-png", "-singlefile", "-r", str(points), "-"]
    return subprocess.run(commande, input=pdf, capture_output=True, check=True, timeout=SECONDES).stdout
