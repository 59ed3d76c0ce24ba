"""Birthplaces: find a commune or a country by what people type, and tell whether a code existed on a day.

Source: INSEE, code officiel géographique (Licence Ouverte 2.0), loaded by `manage.py charger_cog`. Until then, the few
communes and the countries of `registre.referentiels` answer, and an unknown code proves nothing.
"""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Length

from registre import referentiels
from registre.models.geographie import ORIGINE, Commune, Pays
from registre.textes import normaliser, plier

FRANCE = referentiels.FRANCE
# Cities whose civil registry stands in the arrondissements: the code of the whole city is no birthplace.
VILLES_A_ARRONDISSEMENTS = {"75056": "Paris", "69123": "Lyon", "13055": "Marseille"}
# Their communes stand in a file of their own, which may not have been loaded with the others.
COLLECTIVITES = ("975", "977", "978", "984", "986", "987", "988")
PAQUET = 1_000
_ABREGES = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def plier_lieu(texte: str) -> str:
    """The form in which places are compared: folded, « St » opened, « 3ème » and « 3e » as 3, « 1er » as 1."""
    mots = [re.sub(r"^(\d+)(?:er|ere|e|eme|nd|nde)$", r"\1", mot) for mot in plier(texte).split()]
    # A last « st » is as well the beginning of Strasbourg.
    return " ".join([*(_ABREGES.get(mot, mot) for mot in mots[:-1]), *mots[-1:]])


def date_en_lettres(jour: date) -> str:
    """« 1er janvier 2016 »."""
    return f"{'1er' if jour.day == 1 else jour.day} {_MOIS[jour.month - 1]} {jour.year}"


@dataclass(frozen=True)
class Periode:
    """When somebody was born, as far as it is known: one day, one month or one year."""

    debut: date
    fin: date

    @classmethod
    def de(cls, annee: int | None, mois: int | None = None, jour: int | None = None) -> "Periode | None":
        """The period of a birth date; None without a possible year, or when the day doesn't exist."""
        try:
            if mois and jour:
                return cls(date(annee, mois, jour), date(annee, mois, jour))
            if mois:
                return cls(date(annee, mois, 1), date(annee, mois, calendar.monthrange(annee, mois)[1]))
            return cls(date(annee, 1, 1), date(annee, 12, 31))
        except (TypeError, ValueError):
            return None


@dataclass(frozen=True)
class Lieu:
    """A place to propose: a commune, or a country with the town typed before it when there is one."""

    cle: str
    commune: str
    code_insee: str
    code_postal: str
    code_pays: str
    pays: str
    precision: str = ""

    @property
    def libelle(self) -> str:
        """« Lyon 3e Arrondissement (69383) », « Oran (Algérie, 99352) », « Algérie (99352) »."""
        if self.code_pays == FRANCE:
            return f"{self.commune} ({self.code_insee})"
        return f"{self.commune} ({self.pays}, {self.code_pays})" if self.commune else f"{self.pays} ({self.code_pays})"


def est_charge() -> bool:
    """Is INSEE's file there? Without it, a code that is not found may well exist."""
    return Commune.objects.exists()


def _outremer_charge() -> bool:
    return Commune.objects.filter(type=Commune.Type.OUTREMER).exists()


def decrit(code: str) -> bool:
    """Do the lists loaded speak of this part of the territory, so that a code they lack does not exist?"""
    return est_charge() and (not code.startswith(COLLECTIVITES) or _outremer_charge())


def _integrees() -> Iterator[Commune]:
    for c in referentiels.communes():
        yield Commune(
            code=c.code_insee, libelle=c.libelle, code_postal=c.code_postal, libelle_plie=plier_lieu(c.libelle)
        )


def _code_postal(code: str) -> str:
    return next((c.code_postal for c in referentiels.communes() if c.code_insee == code), "")


def _precision(commune: Commune) -> str:
    """« commune jusqu’au 31 décembre 1973, aujourd’hui … »; empty for one that still exists as it always did."""
    morceaux = []
    if commune.debut > ORIGINE:
        morceaux.append(f"depuis le {date_en_lettres(commune.debut)}")
    if commune.fin:
        morceaux.append(f"jusqu’au {date_en_lettres(commune.fin - timedelta(days=1))}")
        if commune.libelle_successeur and commune.code_successeur != commune.code:
            morceaux.append(f"puis {commune.libelle_successeur} ({commune.code_successeur})")
    return ", ".join(morceaux)


def _lieu_de_commune(commune: Commune) -> Lieu:
    return Lieu(
        cle=f"commune:{commune.code}:{commune.debut.isoformat()}",
        # The flux of the CPF holds 60 characters; the longest name of a commune has 47.
        commune=commune.libelle[:60],
        code_insee=commune.code,
        code_postal=commune.code_postal or _code_postal(commune.code),
        code_pays=FRANCE,
        pays="France",
        precision=_precision(commune),
    )


def _lieu_de_pays(code: str, libelle: str, ville: str = "") -> Lieu:
    return Lieu(f"pays:{code}:{ville}", ville, "", "", code, libelle)


def _rang(mots: list[str], entier: str, plie: str) -> tuple:
    exacts = set(plie.split())
    return (plie != entier, not plie.startswith(entier), sum(mot not in exacts for mot in mots), len(plie), plie)


def _correspond(mots: list[str], plie: str) -> bool:
    return all(f" {mot}" in f" {plie}" for mot in mots)


def communes(texte: str, naissance: Periode | None = None, limite: int = 8) -> list[Commune]:
    """Communes whose name has a word beginning with each word of `texte`, or whose code is `texte`; best first.

    With a birth date, only those that existed then; without, those of today come first.
    """
    entier = plier_lieu(texte)
    mots = entier.split()
    if not mots or len(entier) < 2:
        return []
    if not est_charge():
        code = entier.upper()
        trouvees = [c for c in _integrees() if c.code == code or _correspond(mots, c.libelle_plie)]
        return sorted(trouvees, key=lambda c: _rang(mots, entier, c.libelle_plie))[:limite]
    nom = Q()
    for mot in mots:
        nom &= Q(libelle_plie__startswith=mot) | Q(libelle_plie__contains=f" {mot}")
    trouvees = Commune.objects.filter(nom | Q(code=entier.upper())).exclude(code__in=VILLES_A_ARRONDISSEMENTS)
    if naissance:
        trouvees = trouvees.en_vigueur(naissance.debut, naissance.fin)
    classement = Case(
        When(libelle_plie=entier, then=0), When(libelle_plie__startswith=entier, then=1), default=Value(2)
    )
    # More than asked: a whole word (« Paris 1 ») is told from its beginning (« Paris 10 ») here, not in the database.
    lot = list(trouvees.order_by(classement, Length("libelle_plie"), "libelle_plie", "code", "debut")[: limite * 8])
    lot.sort(key=lambda c: (c.fin is not None and naissance is None, *_rang(mots, entier, c.libelle_plie)))
    return lot[:limite]


def pays() -> dict[str, str]:
    """Names of the countries, by INSEE code."""
    charges = dict(Pays.objects.values_list("code", "libelle"))
    return charges or {code: p.libelle for code, p in referentiels.pays().items()}


def _pays_plies() -> dict[str, str]:
    charges = dict(Pays.objects.values_list("code", "libelle_plie"))
    return charges or {code: plier_lieu(p.libelle) for code, p in referentiels.pays().items()}


def _ville_et_pays(texte: str) -> tuple[str, str]:
    """What is typed, cut into town and country: « Oran (Algérie, 99352) », « Oran, Algérie », « Algérie »."""
    propre = normaliser(re.sub(r"\b99\d{3}\b", "", texte)).rstrip(" ,()")
    ville, separe, nom = propre.partition("(") if "(" in propre else propre.rpartition(",")
    if not separe:
        return "", propre
    return normaliser(ville).strip(" ,("), normaliser(nom).strip(" ,()")


def lieux_etrangers(texte: str, limite: int = 5, connus: tuple[dict, dict] | None = None) -> list[Lieu]:
    """Countries named at the end of `texte`, with the town typed before; « Oran Algérie » does as « Oran, Algérie ».

    `connus`: the names of the countries and their folded forms, when they were read before.
    """
    noms, plies = connus or (pays(), _pays_plies())
    if code := re.search(r"\b(99\d{3})\b", texte):
        ville, reste = _ville_et_pays(texte)
        connu = code[1] in noms and code[1] != FRANCE
        if connu and not ville and plier_lieu(reste) != plier_lieu(noms[code[1]]):
            ville = reste
        return [_lieu_de_pays(code[1], noms[code[1]], ville[:60])] if connu else []
    ville, nom = _ville_et_pays(texte)
    essais = [(ville, nom)]
    if not ville:
        mots = nom.split()
        # From the longest name of country to the shortest: « Brazzaville République du Congo ».
        essais += [(" ".join(mots[:i]), " ".join(mots[i:])) for i in range(1, len(mots))]
    for debut, reste in essais:
        cherche = plier_lieu(reste)
        # « Vietnam » is written « Viet Nam » in the official list.
        colle = cherche.replace(" ", "")
        entiers = [c for c, plie in plies.items() if plie.replace(" ", "") == colle and c != FRANCE]
        if not entiers and debut == ville and len(cherche) >= 3:
            entiers = [c for c, plie in plies.items() if _correspond(cherche.split(), plie) and c != FRANCE]
        if entiers:
            return [_lieu_de_pays(c, noms[c], debut[:60]) for c in sorted(entiers, key=lambda c: plies[c])][:limite]
    return []


def chercher(texte: str, naissance: Periode | None = None, limite: int = 8) -> list[Lieu]:
    """Birthplaces for what was typed, best first: communes that existed at the birth, then countries."""
    texte = normaliser(texte)[:120]
    if code := re.search(r"\((\d{5}|2[AB]\d{3})\)\s*$", texte, re.I):
        # A proposal given back whole: its code says everything.
        exactes = communes(code[1], naissance, limite)
        if exactes:
            return [_lieu_de_commune(c) for c in exactes]
    trouvees = [_lieu_de_commune(c) for c in communes(texte, naissance, limite)]
    return (trouvees + lieux_etrangers(texte))[: limite + 2]


def lieu(cle: str) -> Lieu | None:
    """The proposal of this key (`Lieu.cle`), read again from the lists; None when it isn't one of ours."""
    nature, _, reste = cle.partition(":")
    code, _, suite = reste.partition(":")
    if nature == "commune":
        sources = Commune.objects.filter(code=code) if est_charge() else (c for c in _integrees() if c.code == code)
        return next((_lieu_de_commune(c) for c in sources if c.debut.isoformat() == suite), None)
    if nature == "pays" and (nom := pays().get(code)):
        return _lieu_de_pays(code, nom, normaliser(suite)[:60])
    return None


def periodes(code: str) -> list[Commune]:
    """What this code has been, oldest first; empty when it is unknown."""
    if est_charge():
        return list(Commune.objects.filter(code=code).order_by("debut"))
    return [c for c in _integrees() if c.code == code]


class Lecture:
    """The same answers for many people: the lists are read once for all the codes that will be asked about."""

    def __init__(self, codes: Iterable[str]):
        self._pays, self._plies, self._charge = pays(), _pays_plies(), est_charge()
        attendus = sorted({code for code in codes if code})
        lues: Iterable[Commune] = _integrees()
        if self._charge:
            paquets = (attendus[debut : debut + PAQUET] for debut in range(0, len(attendus), PAQUET))
            lues = (c for paquet in paquets for c in Commune.objects.filter(code__in=paquet).order_by("debut"))
        self._outremer = _outremer_charge()
        self._periodes: dict[str, list[Commune]] = {}
        for commune in lues:
            self._periodes.setdefault(commune.code, []).append(commune)

    def decrit(self, code: str) -> bool:
        return self._charge and (self._outremer or not code.startswith(COLLECTIVITES))

    def pays(self) -> dict[str, str]:
        return self._pays

    def periodes(self, code: str) -> list[Commune]:
        return self._periodes.get(code, [])

    def lieux_etrangers(self, texte: str) -> list[Lieu]:
        return lieux_etrangers(texte, connus=(self._pays, self._plies))
