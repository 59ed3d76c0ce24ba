"""What people type in spreadsheets, read as what they meant: pure functions, each telling what it had to mend.

A cell is given as a text. Each reader returns the value and its `constats`: what was corrected, what is doubtful, what
is wrong. Nothing is guessed in silence.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.fr import nir, siret

from registre.textes import normaliser, plier
from registre.vraisemblance import AGE_MINIMAL

CORRIGE, DOUTE, ERREUR = "corrige", "avertissement", "erreur"
_MOIS = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre".split()
_CHIFFRES = re.compile(r"(\d{1,4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,4})")
_EN_MOTS = re.compile(r"(\d{1,2})(?:er)? ([a-z]+) (\d{2,4})")
_NEE = re.compile(r"^(?P<usage>.+?)[\s,]*\(?\b(?:née?|Née?|NÉE?|NEE?|nee)\b[\s:.]*(?P<naissance>[^()]+)\)?$")
_EPOUSE = re.compile(
    r"^(?P<naissance>.+?)[\s,]+\(?(?:ép(?:ouse|\.)?|épse|ÉP\.?|EP\.|ÉPOUSE|EPOUSE)\s+(?P<usage>[^()]+)\)?$"
)
_SEXES = {"f": "F", "femme": "F", "feminin": "F", "mme": "F", "madame": "F", "mlle": "F", "2": "F"}
_SEXES |= {"m": "M", "h": "M", "homme": "M", "masculin": "M", "mr": "M", "monsieur": "M", "1": "M"}
# Excel counts days from the 30th of December 1899 (1900 is a leap year there), old Macs from 1904.
ORIGINE, ORIGINE_1904 = date(1899, 12, 30), date(1904, 1, 1)


@dataclass(frozen=True)
class Constat:
    """One thing said about one cell."""

    niveau: str
    phrase: str


def nettoyer(texte: str) -> tuple[str, list[Constat]]:
    """Take out what nobody sees, and give back the accents that a wrong encoding broke."""
    constats = []
    propre = "".join(" " if unicodedata.category(c) in ("Zs", "Cc", "Zl", "Zp") else c for c in texte)
    propre = "".join(c for c in propre if unicodedata.category(c) not in ("Cf", "Co", "Cs", "Cn"))
    if (repare := demojibake(propre)) != propre:
        constats.append(Constat(CORRIGE, "Accents rétablis\u00a0: le fichier avait été lu dans un autre codage."))
        propre = repare
    if "\ufffd" in propre or re.search(r"\w\?\w", propre):
        constats.append(Constat(DOUTE, "Une lettre a été perdue dans ce fichier\u00a0: rétablissez-la."))
    return normaliser(propre), constats


def demojibake(texte: str) -> str:
    """« FranÃ§ois » → « François »; a text that was never broken comes back as it is."""
    if not re.search(
        r"[ÃÂÅ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]", texte
    ):
        return texte
    for codage in ("cp1252", "latin-1"):
        try:
            return texte.encode(codage).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return texte


def _annee(texte: str, aujourd_hui: date) -> tuple[int, list[Constat]]:
    if len(texte) > 2:
        return int(texte), []
    annee = 2000 + int(texte)
    annee -= 100 if annee > aujourd_hui.year - AGE_MINIMAL else 0
    return annee, [Constat(DOUTE, f"Année sur deux chiffres, lue {annee}\u00a0: vérifiez.")]


def lire_date(texte: str, aujourd_hui: date, americaines: bool = False, depuis_1904: bool = False):
    """(year, month, day) as texts ("" when unknown), and what there is to say. An impossible date gives no value."""
    brut, vide = normaliser(texte), ("", "", "")
    if not brut:
        return vide, []
    if re.fullmatch(r"(19|20)\d\d", brut):
        return (brut, "", ""), [Constat(DOUTE, "Année seule\u00a0: la date complète manque.")]
    if re.fullmatch(r"\d{4,5}(\.0+)?", brut):
        return _numero_de_serie(int(float(brut)), aujourd_hui, depuis_1904)
    if trouve := re.match(_CHIFFRES, brut):
        parties, reste = trouve.groups(), brut[trouve.end() :]
        if reste and not re.fullmatch(r"[ T]+00:00(:00)?", reste):
            return vide, [Constat(ERREUR, "Date illisible\u00a0: écrivez-la JJ/MM/AAAA.")]
        jour, mois, annee = parties if len(parties[0]) <= 2 else parties[::-1]
        if len(parties[0]) == 3 or (len(annee) == 3):
            return vide, [Constat(ERREUR, "Date illisible\u00a0: écrivez-la JJ/MM/AAAA.")]
        constats = []
        if americaines and int(jour) <= 12 and int(mois) <= 12 and jour != mois and len(parties[0]) <= 2:
            constats = [
                Constat(DOUTE, "D’autres dates de ce fichier sont écrites mois d’abord\u00a0: vérifiez celle-ci.")
            ]
    elif trouve := re.fullmatch(_EN_MOTS, plier(brut)):
        jour, mot, annee = trouve.groups()
        rangs = [i for i, nom in enumerate(_MOIS, 1) if nom == mot or (len(mot) >= 3 and nom.startswith(mot))]
        if len(rangs) != 1:
            return vide, [Constat(ERREUR, "Mois inconnu\u00a0: écrivez la date JJ/MM/AAAA.")]
        mois, constats = str(rangs[0]), []
    else:
        return vide, [Constat(ERREUR, "Date illisible\u00a0: écrivez-la JJ/MM/AAAA.")]
    annee, doutes = _annee(annee, aujourd_hui)
    return _verifier(annee, int(mois), int(jour), aujourd_hui, constats + doutes)


def _verifier(annee: int, mois: int, jour: int, aujourd_hui: date, constats: list[Constat]):
    try:
        lue = date(annee, mois, jour)
    except ValueError:
        return ("", "", ""), [Constat(ERREUR, "Cette date n’existe pas.")]
    if not date(1900, 1, 1) <= lue <= aujourd_hui:
        return ("", "", ""), [Constat(ERREUR, "Cette date de naissance n’est pas possible.")]
    return (str(annee), str(mois), str(jour)), constats


def _numero_de_serie(jours: int, aujourd_hui: date, depuis_1904: bool):
    lue = (ORIGINE_1904 if depuis_1904 else ORIGINE) + timedelta(days=jours)
    if not date(1900, 1, 1) <= lue <= aujourd_hui:
        return ("", "", ""), [Constat(ERREUR, "Date illisible\u00a0: écrivez-la JJ/MM/AAAA.")]
    lettres = f"{lue:%d/%m/%Y}"
    return (str(lue.year), str(lue.month), str(lue.day)), [
        Constat(CORRIGE, f"Le tableur avait fait de la date un nombre\u00a0: lue {lettres}.")
    ]


def est_americaine(texte: str) -> bool:
    """Is this date surely written month first? (« 03/25/1985 »)"""
    trouve = re.match(_CHIFFRES, normaliser(texte))
    return bool(trouve and len(trouve[1]) <= 2 and int(trouve[1]) <= 12 < int(trouve[2]) <= 31)


def lire_noms(texte: str) -> tuple[str, str, list[Constat]]:
    """Birth name, used name. « MARTIN (née DUPONT) » and « DUPONT ép. MARTIN » are cut in two; capitals stay."""
    propre, constats = nettoyer(texte)
    for motif in (_NEE, _EPOUSE):
        if trouve := motif.match(propre):
            naissance, usage = normaliser(trouve["naissance"]), normaliser(trouve["usage"])
            phrase = (
                f"Lu\u00a0: nom de naissance «\u202f{naissance}\u202f», nom d’usage «\u202f{usage}\u202f». Vérifiez."
            )
            return naissance, usage, [*constats, Constat(DOUTE, phrase)]
    return propre, "", constats


def lire_sexe(texte: str) -> tuple[str, list[Constat]]:
    mot = plier(texte)
    if not mot or mot in _SEXES:
        return _SEXES.get(mot, ""), []
    return "", [Constat(DOUTE, "Sexe non reconnu\u00a0: écrivez F ou M.")]


def lire_siret(texte: str) -> tuple[str, list[Constat]]:
    """Fourteen digits that may exist, or nothing; a leading zero that the spreadsheet ate is given back."""
    brut = normaliser(texte)
    if not brut:
        return "", []
    if re.search(r"\d[.,]?\d*e\+?\d+", brut, re.I):
        return "", [Constat(ERREUR, "Le tableur a arrondi ce SIRET\u00a0: mettez la colonne au format texte.")]
    chiffres = re.sub(r"\D", "", re.sub(r"\.0+$", "", brut))
    if len(chiffres) == 13 and siret.is_valid(f"0{chiffres}"):
        return f"0{chiffres}", [Constat(CORRIGE, "Zéro initial du SIRET rétabli.")]
    if len(chiffres) == 9:
        return "", [Constat(ERREUR, "C’est un SIREN (9 chiffres)\u00a0: donnez le SIRET de l’établissement (14).")]
    if not siret.is_valid(chiffres):
        return "", [Constat(ERREUR, "Ce numéro SIRET n’existe pas\u00a0: vérifiez ses 14 chiffres.")]
    return chiffres, []


def lire_code(texte: str, longueur: int = 5) -> tuple[str, list[Constat]]:
    """A code of INSEE or of the post: text of five characters; a leading zero is given back."""
    brut = re.sub(r"\.0+$", "", normaliser(texte).upper().removeprefix("F-").replace(" ", ""))
    if brut.isdigit() and len(brut) == longueur - 1:
        return f"0{brut}", [Constat(CORRIGE, "Zéro initial rétabli.")]
    return brut, []


def lire_telephone(texte: str) -> tuple[str, list[Constat]]:
    brut = re.sub(r"\.0+$", "", normaliser(texte))
    chiffres = re.sub(r"\D", "", brut)
    if len(chiffres) == 9 and chiffres == brut.replace(" ", ""):
        return f"0{chiffres}", [Constat(CORRIGE, "Zéro initial du téléphone rétabli.")]
    return brut[:20], []


def ressemble_a_un_nir(texte: str) -> bool:
    """Would this cell be a social security number? It must not even be stored."""
    return nir.is_valid(re.sub(r"[\s.\u00a0\u202f-]", "", texte))
