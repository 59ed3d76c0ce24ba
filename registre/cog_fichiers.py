"""Read the files of INSEE's code officiel géographique, and bring them into the tables of communes and countries.

Known layouts, told apart by their header (comma or semicolon, UTF-8 with or without BOM):
  v_commune_AAAA.csv (TYPECOM, COM…), v_commune_depuis_1943.csv (COM, LIBELLE, DATE_DEBUT, DATE_FIN),
  v_pays_territoire_AAAA.csv (COG, LIBCOG…), and the lighter ones made from them: communes (type, code, libelle,
  parent), former communes (code_ancien, date_effet…), overseas collectivities (code_commune…), countries (cog, iso2…).
Rows are read one by one and written by batches: the memory needed doesn't grow with the files. A second load of the
same files changes nothing. What a file doesn't hold is never deleted.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from registre import referentiels
from registre.cog import plier_lieu
from registre.models.geographie import ORIGINE, Commune, Pays
from registre.textes import normaliser

LOT = 500
_CODE = re.compile(r"(?:\d{2}|2[AB])\d{3}", re.ASCII)
_PAYS = re.compile(r"99\d{3}", re.ASCII)
# Déléguées and associées are parts of a commune: the civil registry names the commune, or the former one at its time.
_TYPES = {"COM": Commune.Type.COMMUNE, "ARM": Commune.Type.ARRONDISSEMENT}
_CHAMPS = ("libelle", "libelle_plie", "type", "code_postal", "fin", "code_successeur", "libelle_successeur")


class FichierInconnu(Exception):
    """The header is none of those we know, or the file can't be read; the sentence is for the operator."""


@dataclass(frozen=True)
class Ligne:
    """One row of communes: `debut` None when the file tells no beginning (in force, or only the end is known)."""

    code: str
    libelle: str
    type: str = Commune.Type.COMMUNE
    code_postal: str = ""
    debut: date | None = None
    fin: date | None = None
    code_successeur: str = ""
    libelle_successeur: str = ""


@dataclass
class Bilan:
    """What a file did: rows read, created, changed, left aside with their reason, refused with their line."""

    lues: int = 0
    creees: int = 0
    modifiees: int = 0
    ecartees: Counter = field(default_factory=Counter)
    refusees: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Format:
    """A layout: its name, the columns that betray it, how a row is read, who writes it; loaded in the order `rang`."""

    nom: str
    colonnes: frozenset[str]
    lire: Callable
    ecrire: Callable
    rang: int


class _Ecartee(Exception):
    """A row that is right and not for us."""


def _date(texte: str) -> date | None:
    return date.fromisoformat(texte) if texte else None


def _commune(code: str, libelle: str, **suite) -> Ligne:
    code, libelle = code.strip().upper(), normaliser(libelle)
    if not _CODE.fullmatch(code):
        raise ValueError(f"«\u202f{code}\u202f» n’est pas un code de commune (zéro de tête perdu\u202f?)")
    if not libelle:
        raise ValueError(f"la commune {code} n’a pas de nom")
    if suite.get("fin") and suite["fin"] <= (suite.get("debut") or ORIGINE):
        raise _Ecartee("fin antérieure ou égale au début")
    return Ligne(code, libelle[:200], **suite)


def _actuelle(ligne: dict) -> Ligne:
    nature = (ligne.get("TYPECOM") or ligne.get("type") or "").strip()
    if nature not in _TYPES:
        raise _Ecartee("communes déléguées ou associées")
    code, libelle = (ligne[c] for c in (("COM", "LIBELLE") if "COM" in ligne else ("code", "libelle")))
    return _commune(code, libelle, type=_TYPES[nature])


def _historique(ligne: dict) -> Ligne:
    debut, fin = _date(ligne["DATE_DEBUT"]), _date(ligne["DATE_FIN"])
    return _commune(ligne["COM"], ligne["LIBELLE"], debut=debut or ORIGINE, fin=fin)


def _ancienne(ligne: dict) -> Ligne:
    return _commune(
        ligne["code_ancien"],
        ligne["libelle_ancien"],
        fin=_date(ligne["date_effet"]),
        code_successeur=ligne["code_nouveau"].strip(),
        libelle_successeur=normaliser(ligne["libelle_nouveau"])[:200],
    )


def _outremer(ligne: dict) -> Ligne:
    return _commune(
        ligne["code_commune"],
        ligne["nom_commune"],
        type=Commune.Type.OUTREMER,
        code_postal=ligne["code_postal"].strip(),
    )


def _pays(code: str, libelle: str, iso2: str, autres: str = "") -> Pays:
    if not _PAYS.fullmatch(code):
        raise _Ecartee("territoires sans code 99xxx")
    # INSEE writes in capitals: the usual French name that we ship is kept, for the eyes and for the CPF.
    libelle = referentiels.libelle_pays(code) or normaliser(libelle)
    if not libelle:
        raise ValueError(f"le pays {code} n’a pas de nom")
    plie = " ".join(dict.fromkeys(plier_lieu(f"{libelle} {autres}").split()))
    return Pays(code=code, libelle=libelle[:60], libelle_plie=plie[:200], iso2=iso2 if len(iso2) == 2 else "")


def _pays_insee(ligne: dict) -> Pays:
    court, long = normaliser(ligne["LIBCOG"]), normaliser(ligne["LIBENR"])
    libelle = long if court.isupper() and long and len(long) <= 60 else court
    return _pays(ligne["COG"].strip(), libelle, (ligne.get("CODEISO2") or "").strip(), court)


def _pays_iso(ligne: dict) -> Pays:
    return _pays(ligne["cog"].strip(), ligne["nom_fr_onu"].replace(" (historique)", ""), ligne["iso2"].strip())


def _ranger(ligne: Ligne, siennes: list[Commune]) -> Commune:
    """The period this row is about, among those known of its code; a new one when there is none.

    Raises _Ecartee when the history already says that this commune is no more.
    """
    if ligne.debut is not None:
        trouvee = next((c for c in siennes if c.debut == ligne.debut), None)
        return trouvee or Commune(code=ligne.code, debut=ligne.debut)
    if ligne.fin is not None:
        meme_fin = next((c for c in siennes if c.fin == ligne.fin), None)
        trouvee = meme_fin or next((c for c in siennes if c.fin is None and c.debut < ligne.fin), None)
        if trouvee is None and siennes:
            raise _Ecartee("contredites par l’historique déjà chargé")
        return trouvee or Commune(code=ligne.code)
    ouverte = next((c for c in siennes if c.fin is None), None)
    if ouverte is None and siennes:
        raise _Ecartee("disparues selon l’historique déjà chargé")
    return ouverte or Commune(code=ligne.code)


def _appliquer(ligne: Ligne, commune: Commune, datee: bool) -> bool:
    """Set what the row says; True when something changed. A dated file knows neither kinds nor postcodes."""
    avant = [getattr(commune, champ) for champ in _CHAMPS]
    commune.libelle, commune.libelle_plie = ligne.libelle, plier_lieu(ligne.libelle)[:200]
    if not datee or commune.pk is None:
        commune.type = ligne.type
    commune.code_postal = ligne.code_postal or commune.code_postal
    if datee:
        commune.fin = ligne.fin
    if ligne.code_successeur:
        commune.code_successeur, commune.libelle_successeur = ligne.code_successeur, ligne.libelle_successeur
    return avant != [getattr(commune, champ) for champ in _CHAMPS]


def _ecrire_communes(lot: list[Ligne], bilan: Bilan) -> None:
    connues: dict[str, list[Commune]] = {}
    for commune in Commune.objects.filter(code__in={ligne.code for ligne in lot}).order_by("debut"):
        connues.setdefault(commune.code, []).append(commune)
    nouvelles, changees = [], {}
    for ligne in lot:
        siennes = connues.setdefault(ligne.code, [])
        try:
            commune = _ranger(ligne, siennes)
        except _Ecartee as raison:
            bilan.ecartees[str(raison)] += 1
            continue
        change = _appliquer(ligne, commune, datee=bool(ligne.debut or ligne.fin))
        if commune.pk is None and not any(commune is c for c in siennes):
            siennes.append(commune)
            nouvelles.append(commune)
        elif change and commune.pk:
            changees[commune.pk] = commune
    Commune.objects.bulk_create(nouvelles)
    Commune.objects.bulk_update(changees.values(), _CHAMPS)
    bilan.creees += len(nouvelles)
    bilan.modifiees += len(changees)


def _ecrire_pays(lot: list[Pays], bilan: Bilan) -> None:
    connus = {p.code: p for p in Pays.objects.filter(code__in={p.code for p in lot})}
    nouveaux, changes, vus = [], [], set()
    for lu in lot:
        connu = connus.get(lu.code)
        if lu.code in vus:
            bilan.ecartees["territoires qui partagent le code d’un autre"] += 1
        elif connu is None:
            nouveaux.append(lu)
        elif (connu.libelle, connu.libelle_plie, connu.iso2) != (lu.libelle, lu.libelle_plie, lu.iso2):
            connu.libelle, connu.libelle_plie, connu.iso2 = lu.libelle, lu.libelle_plie, lu.iso2
            changes.append(connu)
        vus.add(lu.code)
    Pays.objects.bulk_create(nouveaux)
    Pays.objects.bulk_update(changes, ("libelle", "libelle_plie", "iso2"))
    bilan.creees += len(nouveaux)
    bilan.modifiees += len(changes)


# The history comes last: it is the one that knows the dates.
FORMATS = (
    Format("communes (INSEE)", frozenset({"TYPECOM", "COM", "LIBELLE"}), _actuelle, _ecrire_communes, 1),
    Format("communes", frozenset({"type", "code", "libelle", "parent"}), _actuelle, _ecrire_communes, 1),
    Format(
        "collectivités d’outre-mer",
        frozenset({"code_commune", "nom_commune", "code_postal"}),
        _outremer,
        _ecrire_communes,
        1,
    ),
    Format(
        "historique des communes (INSEE)",
        frozenset({"COM", "LIBELLE", "DATE_DEBUT", "DATE_FIN"}),
        _historique,
        _ecrire_communes,
        2,
    ),
    Format(
        "anciennes communes",
        frozenset({"code_ancien", "libelle_ancien", "date_effet", "code_nouveau", "libelle_nouveau"}),
        _ancienne,
        _ecrire_communes,
        3,
    ),
    Format("pays (INSEE)", frozenset({"COG", "LIBCOG", "LIBENR"}), _pays_insee, _ecrire_pays, 1),
    Format("pays", frozenset({"cog", "iso2", "nom_fr_onu"}), _pays_iso, _ecrire_pays, 1),
)


def reconnaitre(fichier: Path) -> Format | None:
    """The layout of this file by its header; None when it is none of ours.

    Raises:
        FichierInconnu: the file can't be read as UTF-8 text.
    """
    try:
        with fichier.open(encoding="utf-8-sig", newline="") as flux:
            entete = flux.readline(4096)
    except (OSError, UnicodeDecodeError) as erreur:
        raise FichierInconnu(f"{fichier.name}\u00a0: ce fichier ne se lit pas comme du texte UTF-8.") from erreur
    colonnes = {nom.strip(' "\r\n') for nom in entete.replace(";", ",").split(",")}
    return next((f for f in FORMATS if f.colonnes <= colonnes), None)


def _lignes(fichier: Path) -> Iterator[dict]:
    with fichier.open(encoding="utf-8-sig", newline="") as flux:
        separateur = ";" if ";" in flux.readline(4096) else ","
        flux.seek(0)
        yield from csv.DictReader(flux, delimiter=separateur, restval="")


def _lues(fichier: Path, lire: Callable, bilan: Bilan) -> Iterator:
    for numero, ligne in enumerate(_lignes(fichier), start=2):
        bilan.lues += 1
        try:
            yield lire(ligne)
        except _Ecartee as raison:
            bilan.ecartees[str(raison)] += 1
        except ValueError as erreur:
            bilan.refusees.append(f"ligne {numero}\u00a0: {erreur}")


def charger(fichier: Path, modele: Format) -> Bilan:
    """Bring this file in, by batches. The caller holds the transaction.

    Raises:
        FichierInconnu: the text stops being UTF-8 or CSV on the way.
    """
    bilan = Bilan()
    lues: Iterable = _lues(fichier, modele.lire, bilan)
    try:
        if modele.ecrire is _ecrire_pays:
            # Some hundred rows, and codes shared from one end to the other.
            modele.ecrire(list(lues), bilan)
            return bilan
        while lot := list(islice(lues, LOT)):
            modele.ecrire(lot, bilan)
    except (UnicodeDecodeError, csv.Error) as erreur:
        raise FichierInconnu(f"{fichier.name}\u00a0: ce fichier ne se lit pas comme un CSV en UTF-8.") from erreur
    return bilan
