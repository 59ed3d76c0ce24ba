"""What the schema doesn't see: checks of a passage before it goes, each with what to do about it.

Rules: docs/cpf.md, « Contrôles ». A blocking anomaly keeps the passage out of the lots; the others only lower its
chances of being recognised. A snapshot without blocking anomaly is valid against the schemas of both profiles.
"""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from registre.textes import plier

PREMIERE_DELIVRANCE = date(2021, 7, 1)
AGE_MINIMAL, AGE_MAXIMAL = 14, 100
LONGUEUR_NOM, LONGUEUR_OPTION = 60, 255

OBTENTIONS = ("PAR_ADMISSION", "PAR_SCORING")
MENTIONS = (
    "SANS_MENTION",
    "MENTION_ASSEZ_BIEN",
    "MENTION_BIEN",
    "MENTION_TRES_BIEN",
    "MENTION_TRES_BIEN_AVEC_FELICITATIONS_DU_JURY",
)
MODALITES = (
    "FORMATION_INITIALE_HORS_APPRENTISSAGE",
    "FORMATION_INITIALE_APPRENTISSAGE",
    "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION",
    "FORMATION_CONTINUE_CONTRAT_DE_PROFESSIONNALISATION",
    "VAE",
    "EQUIVALENCE_DIPLOME_ETRANGER",
    "CANDIDAT_LIBRE",
)
VOIES_VAE = ("CONGES_VAE", "VAE_CLASSIQUE")
INITIATIVES = ("CERTIFIE", "OF", "POLE_EMPLOI", "EMPLOYEUR", "AUTRE")

# Words that spreadsheets and old databases put where a value is missing.
FAUSSES_VALEURS = {"nil", "null", "none", "nan", "n a", "neant", "inconnu", "inconnue", "valeur", "ref", "xxx"}
_INTERDITS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_INSEE = re.compile(r"(?:\d{2}|2A|2B)\d{3}", re.ASCII)
_PAYS = re.compile(r"99\d{3}", re.ASCII)
_IDENTIFIANT = re.compile(r"[0-9A-Za-z._-]{1,255}")
CONSEIL_ETAT_CIVIL = "Vérifiez sur une pièce d’identité ou un acte de naissance, puis corrigez l’état civil."
CONSEIL_SUPPORT = "Cette valeur vient de la plateforme\u00a0: signalez-le au support."


DE_L_ETAT_CIVIL = frozenset(
    "sexe nom_naissance nom_usage prenom1 prenom2 prenom3 annee_naissance mois_naissance jour_naissance "
    "code_insee code_postal commune code_pays pays".split()
)


@dataclass(frozen=True)
class Anomalie:
    """One fault of a passage: field, sentence, advice; `bloquante` keeps the passage out of the lots."""

    champ: str
    phrase: str
    conseil: str = CONSEIL_ETAT_CIVIL
    bloquante: bool = True

    @property
    def ecran(self) -> str:
        """Where it is put right: the civil status, the document with its dossier, or nowhere but at the support."""
        if self.champ in DE_L_ETAT_CIVIL:
            return "etat_civil"
        return "" if self.conseil == CONSEIL_SUPPORT else "document"


def _lire_date(texte: str) -> date | None:
    """The date written AAAA-MM-JJ, in the years that the format admits; None otherwise."""
    if not re.fullmatch(r"(?:19|20)\d{2}-\d{2}-\d{2}", texte, re.ASCII):
        return None
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


def _texte(champ: str, libelle: str, valeur: str, longueur: int, nom_de_personne: bool = False) -> Iterator[Anomalie]:
    if not valeur:
        return
    if len(valeur) > longueur:
        yield Anomalie(champ, f"{libelle} dépasse {longueur} caractères.", "Abrégez comme sur la pièce d’identité.")
    if _INTERDITS.search(valeur):
        yield Anomalie(
            champ, f"{libelle} contient un caractère invisible.", "Effacez ce texte et saisissez-le de nouveau."
        )
    if plier(valeur) in FAUSSES_VALEURS:
        # People are called Nil, Null or Nan: a name is questioned, never refused.
        phrase = f"{libelle} est «\u202f{valeur}\u202f»\u00a0: est-ce une vraie valeur\u202f?"
        yield Anomalie(champ, phrase, bloquante=not nom_de_personne)


def _enumeration(champ: str, libelle: str, valeur: str, permises: tuple[str, ...]) -> Iterator[Anomalie]:
    if valeur and valeur not in permises:
        yield Anomalie(champ, f"{libelle} («\u202f{valeur}\u202f») n’est pas dans la liste du SI CPF.", CONSEIL_SUPPORT)


def _certification(passage: dict) -> Iterator[Anomalie]:
    if passage["type"] not in ("RNCP", "RS"):
        yield Anomalie(
            "type",
            "Cette certification n’est inscrite ni au RNCP ni au répertoire spécifique.",
            "Seules les certifications enregistrées se déclarent au SI CPF.",
        )
    elif not re.fullmatch(rf"{passage['type']}\d{{1,6}}", passage["code"], re.ASCII):
        yield Anomalie(
            "code",
            f"Le code «\u202f{passage['code']}\u202f» n’est pas un numéro de fiche {passage['type']}.",
            f"Écrivez le numéro avec son préfixe, par exemple {passage['type']}41346.",
        )
    yield from _texte("libelle_option", "Le libellé de l’option", passage["libelle_option"], LONGUEUR_OPTION)
    if not _IDENTIFIANT.fullmatch(passage["id_technique"]) or plier(passage["id_technique"]) in FAUSSES_VALEURS:
        yield Anomalie("id_technique", "L’identifiant technique du passage n’est pas valable.", CONSEIL_SUPPORT)
    yield from _texte("url_preuve", "L’adresse de la preuve", passage["url_preuve"], 255)


def _resultat(passage: dict) -> Iterator[Anomalie]:
    if passage["obtention"] not in OBTENTIONS:
        yield Anomalie("obtention", "La façon d’obtenir la certification n’est pas dite.", CONSEIL_SUPPORT)
    if passage["obtention"] == "PAR_SCORING" and not passage["scoring"]:
        yield Anomalie("scoring", "Une obtention par score demande le score.", "Indiquez le score obtenu.")
    yield from _texte("scoring", "Le score", passage["scoring"], 255)
    yield from _enumeration("mention", "La mention", passage["mention"], MENTIONS)
    yield from _enumeration("modalite_acces", "La modalité d’accès", passage["modalite_acces"], MODALITES)
    yield from _enumeration("voie_vae", "La voie de VAE", passage["voie_vae"], VOIES_VAE)
    yield from _enumeration("initiative", "L’initiative de l’inscription", passage["initiative"], INITIATIVES)
    if not passage["modalite_acces"]:
        yield Anomalie(
            "modalite_acces", "La modalité d’accès n’est pas connue.", "Complétez le dossier.", bloquante=False
        )
    if passage["voie_vae"] and passage["modalite_acces"] != "VAE":
        yield Anomalie("voie_vae", "Une voie de VAE est indiquée pour un accès hors VAE.", "Corrigez l’un ou l’autre.")


def _dates(passage: dict, jour: date) -> Iterator[Anomalie]:
    lues = {}
    for champ, libelle in (
        ("debut_validite", "de délivrance"),
        ("fin_validite", "de fin de validité"),
        ("debut_examen", "de début d’examen"),
        ("fin_examen", "de fin d’examen"),
        ("inscrit_le", "d’inscription"),
    ):
        if passage[champ]:
            lues[champ] = _lire_date(passage[champ])
            if lues[champ] is None:
                yield Anomalie(champ, f"La date {libelle} n’existe pas.", "Écrivez une date réelle, de 1900 à 2099.")
        elif champ == "debut_validite":
            yield Anomalie(champ, "La date de délivrance manque.", CONSEIL_SUPPORT)
    delivrance = lues.get("debut_validite")
    if delivrance and delivrance > jour:
        yield Anomalie("debut_validite", "La date de délivrance est dans l’avenir.", "Attendez ce jour.")
    if delivrance and delivrance < PREMIERE_DELIVRANCE:
        yield Anomalie(
            "debut_validite",
            "Cette certification a été délivrée avant le 1er juillet 2021.",
            "La déclaration n’est due que pour les délivrances à partir de cette date.",
        )
    for avant, apres, phrase in (
        ("debut_examen", "fin_examen", "L’examen finit avant d’avoir commencé."),
        ("fin_examen", "debut_validite", "L’examen finit après la délivrance."),
        ("inscrit_le", "debut_validite", "L’inscription est postérieure à la délivrance."),
        ("debut_validite", "fin_validite", "La validité finit avant la délivrance."),
    ):
        if lues.get(avant) and lues.get(apres) and lues[avant] > lues[apres]:
            yield Anomalie(avant, phrase, "Corrigez l’une des deux dates dans le dossier.")


def _noms(personne: dict) -> Iterator[Anomalie]:
    for champ, libelle, requis in (
        ("nom_naissance", "Le nom de naissance", True),
        ("nom_usage", "Le nom d’usage", False),
        ("prenom1", "Le premier prénom", True),
        ("prenom2", "Le deuxième prénom", False),
        ("prenom3", "Le troisième prénom", False),
    ):
        valeur = personne[champ]
        yield from _texte(champ, libelle, valeur, LONGUEUR_NOM, nom_de_personne=True)
        if not valeur:
            if requis:
                yield Anomalie(champ, f"{libelle} manque.")
        elif not any(caractere.isalpha() for caractere in valeur):
            yield Anomalie(champ, f"{libelle} ne contient aucune lettre.")
        elif any(caractere.isdigit() for caractere in valeur):
            yield Anomalie(champ, f"{libelle} contient un chiffre.", bloquante=False)
        if champ.startswith("prenom") and re.search(r"[,;/]", valeur):
            yield Anomalie(
                champ, f"{libelle} réunit plusieurs prénoms.", "Un prénom par case\u00a0: premier, deuxième, troisième."
            )
        elif champ.startswith("prenom") and " " in valeur:
            yield Anomalie(
                champ,
                f"{libelle} contient une espace\u00a0: s’agit-il de plusieurs prénoms\u202f?",
                "Un prénom par case, sauf prénom composé à l’état civil.",
                bloquante=False,
            )
    if personne["prenom3"] and not personne["prenom2"]:
        yield Anomalie("prenom2", "Un troisième prénom est donné sans deuxième.", bloquante=False)
    if not personne["sexe"]:
        yield Anomalie("sexe", "Le sexe à l’état civil manque.")
    elif personne["sexe"] not in ("M", "F"):
        yield Anomalie("sexe", "Le sexe à l’état civil s’écrit M ou F.")


def _entier(valeur: object, debut: int, fin: int) -> bool:
    return isinstance(valeur, int) and not isinstance(valeur, bool) and debut <= valeur <= fin


def _date_de_naissance(personne: dict, delivrance: date | None) -> Iterator[Anomalie]:
    annee, mois, jour = personne["annee_naissance"], personne["mois_naissance"], personne["jour_naissance"]
    if annee is None:
        yield Anomalie("annee_naissance", "L’année de naissance manque.")
    elif not _entier(annee, 1900, 2099):
        yield Anomalie("annee_naissance", "L’année de naissance n’est pas possible.")
    elif delivrance and delivrance.year - annee < AGE_MINIMAL:
        yield Anomalie("annee_naissance", f"Le titulaire aurait moins de {AGE_MINIMAL} ans à la délivrance.")
    elif delivrance and delivrance.year - annee > AGE_MAXIMAL:
        yield Anomalie(
            "annee_naissance", f"Le titulaire aurait plus de {AGE_MAXIMAL} ans à la délivrance.", bloquante=False
        )
    if mois is not None and not _entier(mois, 1, 12):
        yield Anomalie("mois_naissance", "Le mois de naissance n’existe pas.")
    elif jour is not None:
        dernier = 31
        if mois is not None and _entier(annee, 1900, 2099):
            dernier = calendar.monthrange(annee, mois)[1]
        if not _entier(jour, 1, dernier):
            yield Anomalie("jour_naissance", "Le jour de naissance n’existe pas.")
    if mois is None or jour is None:
        yield Anomalie(
            "jour_naissance",
            "Le jour ou le mois de naissance n’est pas connu.",
            "Sans date complète, un homonyme suffit à faire refuser le passage.",
            bloquante=False,
        )


def _naissance_a_l_etranger(personne: dict) -> Iterator[Anomalie]:
    insee, pays = personne["code_insee"], personne["code_pays"]
    if not _PAYS.fullmatch(insee) or insee[2:] != pays or insee == "99100":
        yield Anomalie(
            "code_pays",
            "Le pays de naissance n’a pas un code INSEE valable.",
            "À l’étranger, indiquez le code 99 suivi des trois chiffres du pays, par exemple 99109 pour l’Allemagne.",
        )
    for champ, phrase in (
        ("commune", "La ville de naissance n’est pas connue."),
        ("pays", "Le nom du pays de naissance n’est pas connu."),
    ):
        if not personne[champ]:
            yield Anomalie(champ, phrase, bloquante=False)


def _lieu_de_naissance(personne: dict) -> Iterator[Anomalie]:
    yield from _texte("commune", "La commune de naissance", personne["commune"], LONGUEUR_NOM)
    yield from _texte("pays", "Le nom du pays de naissance", personne["pays"], LONGUEUR_NOM)
    if personne["code_pays"] or _PAYS.fullmatch(personne["code_insee"]):
        yield from _naissance_a_l_etranger(personne)
    elif personne["code_insee"]:
        if not _INSEE.fullmatch(personne["code_insee"]) or personne["code_insee"].startswith("00"):
            yield Anomalie(
                "code_insee",
                "Le code INSEE de la commune de naissance n’existe pas.",
                "Cinq caractères, par exemple 31555 ou 2A004\u00a0; à ne pas confondre avec le code postal.",
            )
    elif not personne["code_postal"]:
        yield Anomalie(
            "code_insee",
            "Ni code INSEE ni code postal de la commune de naissance.",
            "Indiquez le code INSEE de la commune\u00a0: il départage les homonymes.",
            bloquante=False,
        )
    elif not re.fullmatch(r"\d{5}", personne["code_postal"], re.ASCII):
        yield Anomalie(
            "code_postal",
            "Le code postal de naissance n’a pas cinq chiffres.",
            "Vérifiez qu’un zéro n’a pas été perdu en tête\u00a0: 01234.",
        )


def controler(passage: dict, jour: date) -> list[Anomalie]:
    """Faults of this snapshot on that day, blocking ones first; empty when there is nothing to say."""
    personne = passage["titulaire"]
    anomalies = [
        *_certification(passage),
        *_resultat(passage),
        *_dates(passage, jour),
        *_noms(personne),
        *_date_de_naissance(personne, _lire_date(passage["debut_validite"])),
        *_lieu_de_naissance(personne),
    ]
    return sorted(anomalies, key=lambda anomalie: not anomalie.bloquante)


def bloquantes(anomalies: Iterable[Anomalie]) -> list[Anomalie]:
    """Those that keep the passage out of the lots."""
    return [anomalie for anomalie in anomalies if anomalie.bloquante]


def _cle_personne(passage: dict) -> tuple | None:
    """Same person, same certification; None when the birth date is not whole (homonyms exist)."""
    personne = passage["titulaire"]
    naissance = (personne["annee_naissance"], personne["mois_naissance"], personne["jour_naissance"])
    if None in naissance:
        return None
    return (
        passage["code"],
        plier(personne["nom_naissance"]),
        plier(personne["prenom1"]),
        personne["sexe"],
        *naissance,
        personne["code_insee"] or personne["code_postal"],
    )


class Doublons:
    """Faults seen only side by side: identifier used twice, person declared twice for one certification."""

    def __init__(self, passages: Iterable[dict]):
        # Fingerprints of 64 bits, not the values: 200 000 passages are counted in a few tens of megabytes.
        self._vus: set[int] = set()
        self._repetes: set[int] = set()
        for passage in passages:
            self._compter(passage["id_technique"])
            if cle := _cle_personne(passage):
                self._compter(cle)

    def _compter(self, cle) -> None:
        (self._repetes if hash(cle) in self._vus else self._vus).add(hash(cle))

    def anomalies(self, passage: dict) -> list[Anomalie]:
        """Blocking anomalies of this passage among those that were counted."""
        if hash(passage["id_technique"]) in self._repetes:
            return [Anomalie("id_technique", "Cet identifiant technique sert deux fois.", CONSEIL_SUPPORT)]
        if (cle := _cle_personne(passage)) and hash(cle) in self._repetes:
            return [
                Anomalie(
                    "titulaire",
                    "La même personne figure deux fois pour cette certification.",
                    "Gardez un seul parchemin\u00a0: annulez celui qui est en trop.",
                )
            ]
        return []
