"""Loads the registry of the demonstration: bodies, families of trades, certifications, blocs and compétences.

What the registers publish (numbers, titles, levels, ends of registration, certificateurs, SIRET) is true; what they do
not publish is either left empty or given as an example, and then said so in `source`. Blocs and compétences are always
examples (`blocs_exemple`), as are the editorial texts.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import transaction

from registre.models import (
    Bloc,
    Certification,
    CodeNomenclature,
    Competence,
    Filiere,
    OptionCertification,
    Organisme,
    RoleCertification,
    VersionCertification,
    VoieAcces,
)
from registre.referentiels import libelle_nsf, niveau_cec

DONNEES = Path(__file__).parent / "donnees"
FICHIERS = ("chimie_production", "chimie_services", "btp_patrimoine", "btp_travaux")
CHAMPS = (
    "numero",
    "niveau",
    "ancien_niveau",
    "date_decision",
    "duree_enregistrement",
    "date_effet",
    "date_fin_enregistrement",
    "date_limite_delivrance",
)


@dataclass(frozen=True)
class TexteEditorial:
    """What the portal tells of a certification beside the facts of the registry."""

    slug: str
    intitule_usuel: str
    accroche: str
    pourquoi: str
    pour_qui: str
    emplois: str


@dataclass(frozen=True)
class Registre:
    """What was loaded: bodies by key, certifications by slug."""

    organismes: dict[str, Organisme]
    certifications: dict[str, Certification]


@cache
def lire_donnees(nom: str) -> dict:
    """One data file of the demonstration, read once."""
    return tomllib.loads((DONNEES / f"{nom}.toml").read_text(encoding="utf-8"))


def _descriptions() -> list[dict]:
    """Every certification with the defaults of its file filled in and its shared blocs put first."""
    toutes = []
    for fichier in FICHIERS:
        lu = lire_donnees(fichier)
        communs = {bloc["cle"]: bloc for bloc in lu.get("bloc_commun", [])}
        for certification in lu["certification"]:
            blocs = [communs[cle] for cle in certification.get("blocs_communs", [])] + certification["bloc"]
            toutes.append({**lu["defaut"], **certification, "bloc": blocs})
    return toutes


def textes() -> dict[str, TexteEditorial]:
    """The editorial texts by slug, for the pages of the portal."""
    return {
        d["slug"]: TexteEditorial(
            d["slug"], d["intitule_usuel"], d["accroche"], d["pourquoi"], d["pour_qui"], d["emplois"]
        )
        for d in _descriptions()
    }


@transaction.atomic
def charger() -> Registre:
    """Create what is missing and return the whole; what a person has changed since is left as it is."""
    organismes = {}
    for lu in lire_donnees("organismes")["organisme"]:
        champs = {c: v for c, v in lu.items() if c != "cle"}
        cle = {"siret": lu["siret"]} if lu.get("siret") else {"raison_sociale": lu["raison_sociale"]}
        organismes[lu["cle"]], _ = Organisme.objects.get_or_create(**cle, defaults=champs)
    filieres = {
        lu["slug"]: Filiere.objects.get_or_create(slug=lu["slug"], defaults={"libelle": lu["libelle"], "ordre": ordre})[
            0
        ]
        for ordre, lu in enumerate(lire_donnees("organismes")["filiere"], start=1)
    }
    certifications = {}
    for lu in _descriptions():
        certifications[lu["slug"]], _ = Certification.objects.get_or_create(
            slug=lu["slug"],
            defaults={
                "intitule_usuel": lu["intitule_usuel"],
                "nature": lu.get("nature", "CQP"),
                "filiere": filieres[lu["filiere"]],
                "porteur": organismes[lu["porteur"]],
                "accroche": lu["accroche"],
            },
        )
        for version in lu["version"]:
            _version(certifications[lu["slug"]], {**lu, **version}, organismes)
    _filiation()
    return Registre(organismes, certifications)


def _version(certification: Certification, lu: dict, organismes: dict[str, Organisme]) -> None:
    cle = {"numero": lu["numero"]} if lu.get("numero") else {"certification": certification, "intitule": lu["intitule"]}
    if VersionCertification.objects.filter(**cle).exists():
        return
    exemples = lu.get("exemples", [])
    mention = f" – donné en exemple\u00a0: {', '.join(exemples)}" if exemples else ""
    version = VersionCertification.objects.create(
        certification=certification,
        repertoire=lu["repertoire"],
        intitule=lu["intitule"],
        niveau_cec=niveau_cec(lu.get("niveau")),
        secteurs_activite=lu["secteurs"],
        emplois_accessibles=lu["emplois"],
        blocs_exemple=not lu.get("sans_blocs", False),
        source=lu["source"] + mention,
        **{champ: lu[champ] for champ in CHAMPS if champ in lu},
    )
    RoleCertification.objects.bulk_create(
        RoleCertification(version=version, organisme=organismes[cle], role=role, ordre=ordre)
        for ordre, (role, cle) in enumerate(lu["roles"], start=1)
    )
    codes = [("nsf", c, libelle_nsf(c)) for c in lu.get("nsf", [])] + [
        ("formacode", c, "") for c in lu.get("formacodes", [])
    ]
    CodeNomenclature.objects.bulk_create(
        CodeNomenclature(version=version, nomenclature=nomenclature, code=code, libelle=libelle, rang=rang)
        for rang, (nomenclature, code, libelle) in enumerate(codes, start=1)
    )
    VoieAcces.objects.bulk_create(VoieAcces(version=version, voie=voie) for voie in lu["voies"])
    options = {nom: OptionCertification.objects.create(version=version, libelle=nom) for nom in lu.get("options", [])}
    if not lu.get("sans_blocs"):
        _blocs(version, lu["bloc"], options)


def _blocs(version: VersionCertification, lus: list[dict], options: dict[str, OptionCertification]) -> None:
    for ordre, lu in enumerate(lus, start=1):
        bloc = Bloc.objects.create(
            version=version,
            # The codes have the form the register gives them, so that the real fiche, once read, meets its own.
            code=f"{version.numero}BC{ordre:02}",
            libelle=lu["libelle"],
            ordre=ordre,
            facultatif=lu.get("facultatif", False),
            option=options[lu["option"]] if "option" in lu else None,
        )
        Competence.objects.bulk_create(
            Competence(bloc=bloc, code=f"C{ordre}.{rang}", libelle=libelle, ordre=rang)
            for rang, libelle in enumerate(lu["competences"], start=1)
        )


def _filiation() -> None:
    for lu in _descriptions():
        for version in lu["version"]:
            if anciennes := version.get("succede_a"):
                nouvelle = VersionCertification.objects.get(numero=version["numero"])
                nouvelle.succede_a.add(*VersionCertification.objects.filter(numero__in=anciennes))
