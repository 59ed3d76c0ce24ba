"""Reads the daily open-data flux of France compétences (RNCP and RS, XML V4.1), one fiche at a time.

The flux weighs some 570 MB: nothing is kept but the fiche under the hand. The file comes from the network, so the
parser refuses any DTD, resolves no entity, opens no address, and a zip is read as a stream with a ceiling.

The texts of the flux are kept as they came, apostrophes and odd spaces included: the exact title is a mandatory
mention of the parchemin, and only a person can tell where a list of compétences was once cut into lines
(:func:`lignes_proposees` only proposes). Codes, numbers and dates are cleaned, because they are keys.
"""

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

from lxml import etree
from stdnum.fr import siret as cle_siret

from registre.archives import FichierIllisible, ouvrir
from registre.flux_xml import Choix, cle, elements
from registre.textes import plier

__all__ = ["Choix", "Fiche", "date_de_l_export", "FichierIllisible", "lignes_proposees", "lire"]

MOTIF_NUMERO = re.compile(r"(?:RNCP|RS)\d{1,6}")
MOTIF_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
MOTIF_NSF = re.compile(r"\d{3}[a-z]?")
MOTIF_CQP = re.compile(r"^CQPI?\b", re.IGNORECASE)
MOTIF_CQPI = re.compile(r"\bCQPI\b|\binterbranches?\b", re.IGNORECASE)
MOTIF_FACULTATIF = re.compile(r"\b(?:facultati(?:f|ve)|optionnel(?:le)?)s?\b", re.IGNORECASE)
PUCE = re.compile(r"^(?:[-–—*•●▪o]\s+)+")

VOIES = ("FI", "CA", "FC", "CQ", "CL", "VAE")

TEXTES = {
    "activites_visees": "ACTIVITES_VISEES",
    "capacites_attestees": "CAPACITES_ATTESTEES",
    "secteurs_activite": "SECTEURS_ACTIVITE",
    "emplois_accessibles": "TYPE_EMPLOI_ACCESSIBLES",
    "objectifs_contexte": "OBJECTIFS_CONTEXTE",
    "prerequis_entree": "PREREQUIS_ENTREE_FORMATION",
    "prerequis_validation": "PREREQUIS_VALIDATION_CERTIFICATION",
    "reglementation": "REGLEMENTATIONS_ACTIVITES",
}
DATES = {
    "date_decision": "DATE_DECISION",
    "date_effet": "DATE_EFFET",
    "date_fin_enregistrement": "DATE_FIN_ENREGISTREMENT",
    "date_limite_delivrance": "DATE_LIMITE_DELIVRANCE",
}


@dataclass(frozen=True)
class CodeLibelle:
    """One code of a nomenclature with the label this fiche gives it: labels vary and hold typos, codes are the key."""

    code: str
    libelle: str


@dataclass(frozen=True)
class Certificateur:
    """A certificateur of the fiche. A CPNE has no SIRET: the name alone tells it apart."""

    nom: str
    siret: str = ""
    nom_commercial: str = ""
    site: str = ""
    actif: bool = True


@dataclass(frozen=True)
class Voie:
    """An open access route and the composition of its jury, when the fiche tells it."""

    code: str
    composition_jury: str = ""


@dataclass(frozen=True)
class BlocLu:
    """A bloc as printed. `liste_competences` is raw text; `facultatif` is read from the label, the flux has no tag."""

    code: str
    libelle: str
    liste_competences: str = ""
    modalites_evaluation: str = ""
    facultatif: bool = False


@dataclass(frozen=True)
class Fiche:
    """One fiche RNCP or RS. With `erreurs`, it must not enter the registry; `avertissements` ask for a reader's eye."""

    numero: str
    intitule: str
    repertoire: str = ""
    id_fiche: str = ""
    abrege: CodeLibelle | None = None
    etat: str = ""
    niveau: int | None = None
    nsf: tuple[CodeLibelle, ...] = ()
    rome: tuple[CodeLibelle, ...] = ()
    formacodes: tuple[CodeLibelle, ...] = ()
    certificateurs: tuple[Certificateur, ...] = ()
    voies: tuple[Voie, ...] = ()
    blocs: tuple[BlocLu, ...] = ()
    anciennes: tuple[str, ...] = ()
    nouvelles: tuple[str, ...] = ()
    type_enregistrement: str = ""
    duree_enregistrement: int | None = None
    date_decision: date | None = None
    date_effet: date | None = None
    date_fin_enregistrement: date | None = None
    date_limite_delivrance: date | None = None
    actif: bool | None = None
    validation_partielle: bool | None = None
    # Free text of the flux: several addresses, or none at all. Never to be used as a link.
    lien_description: str = ""
    activites_visees: str = ""
    capacites_attestees: str = ""
    secteurs_activite: str = ""
    emplois_accessibles: str = ""
    objectifs_contexte: str = ""
    prerequis_entree: str = ""
    prerequis_validation: str = ""
    reglementation: str = ""
    erreurs: tuple[str, ...] = ()
    avertissements: tuple[str, ...] = ()

    @property
    def est_un_cqp(self) -> bool:
        """Whether the title says CQP or CQPI: recent fiches carry no ABREGE, the title is all there is."""
        return bool(MOTIF_CQP.match(self.intitule)) or bool(self.abrege and self.abrege.code.startswith("CQP"))

    @property
    def nature(self) -> str:
        """'CQPI' when the title says so, 'CQP' otherwise."""
        return "CQPI" if MOTIF_CQPI.search(self.intitule) else "CQP"


def date_de_l_export(nom_du_fichier: str) -> date | None:
    """France compétences puts the date of the export in the name of the file."""
    trouve = re.search(r"(20\d\d-\d\d-\d\d)", nom_du_fichier)
    try:
        return date.fromisoformat(trouve[1]) if trouve else None
    except ValueError:
        return None


def lignes_proposees(texte: str) -> list[str]:
    """Propose where a flattened list was once cut: the flux turned line breaks into runs of two to eight spaces.

    A proposal for a person to review, never to be stored unseen: bullets vary (`-`, `*`, `o`, none) and a run of
    spaces may stand inside a sentence. Lines left with bullets only are dropped.
    """
    morceaux = (PUCE.sub("", m.strip()).strip() for m in re.split(r"\s{2,}|\n|\s(?=[•●]\s)", texte))
    return [m for m in morceaux if any(c.isalnum() for c in m)]


def lire(source: str | Path | BinaryIO, choix: Choix | Collection[str] | None = None) -> Iterator[Fiche]:
    """Yield the fiches of `source` (an XML file, or a zip holding one), one at a time, in the order of the file.

    With `choix` (what to look for, or numbers alone), only these fiches are built; once every number was met and
    nothing else is looked for, reading stops. Raises :class:`FichierIllisible` for a file that is no flux, carries a
    DTD, or is cut short; what is wrong inside one fiche is told by its `erreurs` and stops nothing.
    """
    if choix is not None and not isinstance(choix, Choix):
        choix = Choix(numeros=frozenset(choix))
    restants = set(choix.numeros) if choix else set()
    with ouvrir(source) as flux:
        try:
            for element in elements(flux):
                if choix is not None and not choix.retient(element):
                    continue
                fiche = _fiche(element)
                restants.discard(fiche.numero)
                # Words also find diplomas of the same bodies; a number is asked for as it is.
                if choix is None or fiche.est_un_cqp or fiche.numero in choix.numeros:
                    yield fiche
                if choix is not None and not restants and not choix.cherche:
                    return
        except etree.XMLSyntaxError as erreur:
            raise FichierIllisible(
                f"Ce fichier n’est pas un XML lisible (ligne {erreur.lineno})\u202f: {erreur.msg}."
            ) from erreur
        except (zipfile.BadZipFile, zlib.error, EOFError) as erreur:
            raise FichierIllisible("Cette archive est abîmée\u202f: téléchargez-la de nouveau.") from erreur


def _texte(element: etree._Element, chemin: str) -> str:
    """Raw text of a child, trimmed at both ends only; '' when absent or holding nothing but bullets."""
    brut = (element.findtext(chemin) or "").strip()
    return brut if any(c.isalnum() for c in brut) else ""


def _codes(element: etree._Element, chemin: str) -> tuple[CodeLibelle, ...]:
    """Codes with labels in the order of the fiche, each code once."""
    lus: dict[str, CodeLibelle] = {}
    for enfant in element.iterfind(chemin):
        code = cle(_texte(enfant, "CODE"))
        if code:
            lus.setdefault(code, CodeLibelle(code, _texte(enfant, "LIBELLE")))
    return tuple(lus.values())


@dataclass
class _Constats:
    """What reading one fiche found wrong, gathered on the way."""

    erreurs: list[str] = field(default_factory=list)
    avertissements: list[str] = field(default_factory=list)


def _date(element: etree._Element, balise: str, constats: _Constats) -> date | None:
    brut = cle(_texte(element, balise))
    if not brut:
        return None
    try:
        jour, mois, annee = map(int, MOTIF_DATE.fullmatch(brut).groups())
        return date(annee, mois, jour)
    except (AttributeError, ValueError):
        constats.erreurs.append(f"La date «\u202f{brut}\u202f» ({balise}) n’existe pas.")
        return None


def _oui_non(element: etree._Element, balise: str) -> bool | None:
    return {"oui": True, "non": False}.get(cle(_texte(element, balise)).casefold())


def _niveau(element: etree._Element, constats: _Constats) -> int | None:
    brut = cle(_texte(element, "NOMENCLATURE_EUROPE/NIVEAU"))
    if not brut:
        return None
    if not re.fullmatch(r"NIV[1-8]", brut):
        constats.erreurs.append(f"Le niveau «\u202f{brut}\u202f» est inconnu.")
        return None
    return int(brut[3])


def _certificateurs(element: etree._Element, constats: _Constats) -> tuple[Certificateur, ...]:
    """Certificateurs in order, each body once: same SIRET, or same folded name when there is none.

    One name may stand twice with two SIRET, one of them inactive: the active one wins. A false SIRET is dropped, and
    with it every place where it would pass for a key.
    """
    lus: dict[str, Certificateur] = {}
    for enfant in element.iterfind("CERTIFICATEURS/CERTIFICATEUR"):
        nom, siret = (
            _texte(enfant, "NOM_CERTIFICATEUR"),
            cle(_texte(enfant, "SIRET_CERTIFICATEUR")),
        )
        if not nom and not siret:
            continue
        if siret and not cle_siret.is_valid(siret):
            constats.avertissements.append(
                f"Le SIRET {siret} de «\u202f{nom}\u202f» est faux\u202f: il n’est pas repris."
            )
            siret = ""
        lu = Certificateur(
            nom=nom,
            siret=siret,
            nom_commercial=_texte(enfant, "NOM_COMMERCIAL"),
            site=_texte(enfant, "SITE_INTERNET"),
            actif=cle(_texte(enfant, "ETAT_CERTIFICATEUR")).casefold() != "inactif",
        )
        meme = next((cle for cle, deja in lus.items() if _est_le_meme(deja, lu)), None)
        if meme is None:
            lus[siret or plier(nom)] = lu
            continue
        constats.avertissements.append(f"Le certificateur «\u202f{nom}\u202f» figure deux fois.")
        if lu.actif and not lus[meme].actif:
            lus[meme] = lu
    if not lus:
        constats.avertissements.append("La fiche ne nomme aucun certificateur.")
    return tuple(lus.values())


def _est_le_meme(un: Certificateur, autre: Certificateur) -> bool:
    """Two lines for one body. Two active lines of one name with two SIRET are two establishments: both stay."""
    if un.siret and un.siret == autre.siret:
        return True
    homonymes = plier(un.nom) == plier(autre.nom)
    return homonymes and not (un.siret and autre.siret and un.actif and autre.actif)


def _blocs(element: etree._Element, constats: _Constats) -> tuple[BlocLu, ...]:
    """Blocs in order, each code once. Those of CORRESPONDANCES are references to other fiches, not blocs."""
    lus: dict[str, BlocLu] = {}
    for enfant in element.iterfind("BLOCS_COMPETENCES/BLOC_COMPETENCES"):
        code, libelle = cle(_texte(enfant, "CODE")), _texte(enfant, "LIBELLE")
        if not code:
            constats.avertissements.append(
                f"Le bloc «\u202f{libelle}\u202f» n’a pas de code\u202f: il n’est pas repris."
            )
        elif code in lus:
            constats.avertissements.append(f"Le code de bloc {code} figure deux fois\u202f: le premier est gardé.")
        else:
            lus[code] = BlocLu(
                code=code,
                libelle=libelle,
                liste_competences=_texte(enfant, "LISTE_COMPETENCES"),
                modalites_evaluation=_texte(enfant, "MODALITES_EVALUATION"),
                facultatif=bool(MOTIF_FACULTATIF.search(libelle)),
            )
    return tuple(lus.values())


def _identite(element: etree._Element, constats: _Constats) -> tuple[str, str]:
    """Number and title: without them there is no fiche."""
    numero, intitule = cle(_texte(element, "NUMERO_FICHE")), _texte(element, "INTITULE")
    if not MOTIF_NUMERO.fullmatch(numero):
        constats.erreurs.append(f"Le numéro de fiche «\u202f{numero}\u202f» est illisible.")
    if not intitule:
        constats.erreurs.append("L’intitulé est absent.")
    return numero, intitule


def _nsf(element: etree._Element, constats: _Constats) -> tuple[CodeLibelle, ...]:
    codes = _codes(element, "CODES_NSF/NSF")
    for code in codes:
        if not MOTIF_NSF.fullmatch(code.code):
            constats.avertissements.append(f"Le code NSF «\u202f{code.code}\u202f» n’a pas la forme attendue.")
    return codes


def _fiche(element: etree._Element) -> Fiche:
    constats = _Constats()
    numero, intitule = _identite(element, constats)
    duree = cle(_texte(element, "DUREE_ENREGISTREMENT"))
    abrege = cle(_texte(element, "ABREGE/CODE"))
    return Fiche(
        numero=numero,
        intitule=intitule,
        repertoire="rncp" if numero.startswith("RNCP") else "rs",
        id_fiche=cle(_texte(element, "ID_FICHE")),
        abrege=CodeLibelle(abrege, _texte(element, "ABREGE/LIBELLE")) if abrege else None,
        etat=_texte(element, "ETAT_FICHE"),
        niveau=_niveau(element, constats),
        nsf=_nsf(element, constats),
        rome=_codes(element, "CODES_ROME/ROME"),
        formacodes=_codes(element, "FORMACODES/FORMACODE"),
        certificateurs=_certificateurs(element, constats),
        voies=tuple(
            Voie(voie, _texte(element, f"SI_JURY_{voie}/COMPOSITION"))
            for voie in VOIES
            if _oui_non(element, f"SI_JURY_{voie}/ACTIF")
        ),
        blocs=_blocs(element, constats),
        anciennes=_liens(
            element,
            "ANCIENNES_CERTIFICATIONS/ANCIENNE_CERTIFICATION/ID_FICHE_ANCIENNE_CERTIFICATION",
        ),
        nouvelles=_liens(
            element,
            "NOUVELLES_CERTIFICATIONS/NOUVELLE_CERTIFICATION/ID_FICHE_NOUVELLE_CERTIFICATION",
        ),
        type_enregistrement=_texte(element, "TYPE_ENREGISTREMENT"),
        duree_enregistrement=int(duree) if duree.isdecimal() else None,
        **{champ: _date(element, balise, constats) for champ, balise in DATES.items()},
        actif=_oui_non(element, "ACTIF"),
        validation_partielle=_oui_non(element, "VALIDATION_PARTIELLE"),
        lien_description=_texte(element, "LIEN_URL_DESCRIPTION"),
        **{champ: _texte(element, balise) for champ, balise in TEXTES.items()},
        erreurs=tuple(constats.erreurs),
        avertissements=tuple(constats.avertissements),
    )


def _liens(element: etree._Element, chemin: str) -> tuple[str, ...]:
    """Numbers of other fiches: the flux names these tags ID but fills them with numbers such as RNCP39568."""
    lus = (cle(enfant.text or "") for enfant in element.iterfind(chemin))
    return tuple(dict.fromkeys(n for n in lus if n))
