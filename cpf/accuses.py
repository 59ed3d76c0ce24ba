"""Reading an « accusé de traitement » of the Caisse des dépôts: hostile until proved otherwise, tolerant in its form.

The real ones carry no namespace on their elements, no error code, only text messages keyed by the identifier of the
passage; the form has varied (docs/cpf.md), so names are matched without namespace nor case. With `flux.py`, the only
file where XML tag names are written.
"""

from dataclasses import dataclass, field

from lxml import etree

from registre.textes import plier

# 200 000 refusals with their message weigh 40 MB; a browser sends no more than 20.
TAILLE_MAXIMALE = 64 * 1024 * 1024
LONGUEUR_IDENTIFIANT = 255
LONGUEUR_MESSAGE = 1_000
PROFONDEUR_MAXIMALE = 20
MORCEAU = 64 * 1024
SANS_MESSAGE = "Motif non précisé par la Caisse des dépôts"

RACINE, FLUX_DEPOSE = "rapport", "flux"
ENTETE = {"idflux": "id_flux", "idtraitement": "id_traitement", "nomfichier": "nom_fichier"}
SECTIONS = {"passagesok": "ok", "passagesko": "ko"}
PASSAGE, ID_TECHNIQUE, MESSAGE, CODE = "passage", "idtechnique", "messageerreur", "codeerreur"


class AccuseIllisible(ValueError):
    """The file can't be read as an accusé; the message is a French sentence for the person."""


@dataclass(frozen=True)
class Accuse:
    """What the Caisse des dépôts answered on a flux.

    `acceptes`: identifiers registered, among them `deja_en_base` (refused because already there: a success).
    `refuses`: identifier → messages. `orphelins`: messages of refusals that name no passage.
    """

    id_flux: str
    id_traitement: str
    nom_fichier: str
    acceptes: set[str]
    refuses: dict[str, list[str]]
    deja_en_base: set[str] = field(default_factory=set)
    orphelins: list[str] = field(default_factory=list)


def est_deja_en_base(message: str) -> bool:
    """Whether this refusal says that the passage is already registered: it then counts as accepted."""
    return "existe deja en base" in plier(message)


@dataclass
class _Refus:
    identifiant: str = ""
    messages: list[str] = field(default_factory=list)
    code: str = ""

    def textes(self) -> list[str]:
        messages = self.messages or [SANS_MESSAGE]
        return [f"{self.code}\u00a0: {message}" if self.code else message for message in messages]


class _Lecteur:
    """Target of the parser: sees tags go by, keeps no tree. Stops at the first DOCTYPE."""

    def __init__(self):
        self.pile: list[str] = []
        self.texte: list[str] = []
        self.entete: dict[str, str] = {}
        self.ok: list[str] = []
        self.ko: list[_Refus] = []
        self.rapport_vu = self.section_vue = False

    def doctype(self, nom, pubid, systeme):
        raise AccuseIllisible(
            "Ce fichier contient une déclaration DOCTYPE\u00a0: il est refusé par sécurité. "
            "Déposez l’accusé tel que la Caisse des dépôts l’a remis."
        )

    @property
    def section(self) -> str:
        return next((SECTIONS[balise] for balise in self.pile if balise in SECTIONS), "")

    def start(self, balise, attributs):
        nom = balise.rpartition("}")[2].casefold()
        if not self.pile and nom == FLUX_DEPOSE:
            raise AccuseIllisible(
                "Ce fichier est le flux déposé, pas l’accusé de traitement que la Caisse des dépôts a renvoyé."
            )
        self.pile.append(nom)
        if len(self.pile) > PROFONDEUR_MAXIMALE:
            raise AccuseIllisible("Ce fichier n’a pas la forme d’un accusé de traitement.")
        self.texte = []
        self.rapport_vu |= nom == RACINE
        self.section_vue |= nom in SECTIONS
        if nom == PASSAGE and self.section == "ko":
            self.ko.append(_Refus())

    def data(self, texte):
        self.texte.append(texte)

    def end(self, balise):
        nom = self.pile.pop()
        texte = " ".join("".join(self.texte).split())
        self.texte = []
        if nom in ENTETE and not self.section:
            self.entete.setdefault(ENTETE[nom], texte)
        elif nom == ID_TECHNIQUE and self.section == "ok":
            if texte:
                self.ok.append(self._identifiant(texte))
        elif self.section == "ko" and nom in (ID_TECHNIQUE, MESSAGE, CODE):
            self._noter_refus(nom, texte)

    def _noter_refus(self, nom: str, texte: str) -> None:
        if PASSAGE not in self.pile and (not self.ko or nom == ID_TECHNIQUE):
            # No wrapper around the refusal: each identifier opens the next one.
            self.ko.append(_Refus())
        refus = self.ko[-1]
        if nom == ID_TECHNIQUE:
            refus.identifiant = self._identifiant(texte)
        elif nom == CODE:
            refus.code = texte[:50]
        elif texte and texte[:LONGUEUR_MESSAGE] not in refus.messages:
            refus.messages.append(texte[:LONGUEUR_MESSAGE])

    @staticmethod
    def _identifiant(texte: str) -> str:
        if len(texte) > LONGUEUR_IDENTIFIANT:
            raise AccuseIllisible("Ce fichier porte un identifiant technique de plus de 255 caractères.")
        return texte

    def close(self):
        return self


def _analyser(octets: bytes) -> _Lecteur:
    analyseur = etree.XMLParser(
        target=_Lecteur(),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    try:
        for debut in range(0, len(octets), MORCEAU):
            analyseur.feed(octets[debut : debut + MORCEAU])
        return analyseur.close()
    except AccuseIllisible:
        raise
    except (etree.LxmlError, LookupError, UnicodeError, ValueError, AssertionError):
        raise AccuseIllisible(
            "Ce fichier n’est pas un fichier XML lisible. Déposez l’accusé de traitement sans le modifier."
        ) from None


def lire(octets: bytes) -> Accuse:
    """Read an accusé de traitement.

    Tolerated: any namespace, any case, a wrapper around the report or the identifiers, an error code, several or no
    messages, an absent list. Refused with AccuseIllisible and a French sentence: more than 64 MB, any DOCTYPE, broken
    XML, a file that is not an accusé, an accusé without the identifier of its flux. A passage both accepted and
    refused counts as refused: declared again, it can only be found « déjà en base ».
    """
    if len(octets) > TAILLE_MAXIMALE:
        raise AccuseIllisible("Ce fichier dépasse 64\u00a0Mo\u00a0: ce n’est pas un accusé de traitement.")
    if not octets.strip():
        raise AccuseIllisible("Ce fichier est vide.")
    lecteur = _analyser(octets)
    if not lecteur.rapport_vu:
        raise AccuseIllisible("Ce fichier n’est pas un accusé de traitement de la Caisse des dépôts.")
    if not lecteur.entete.get("id_flux"):
        raise AccuseIllisible("Cet accusé ne porte pas l’identifiant du flux auquel il répond.")
    acceptes, refuses, deja, orphelins = set(lecteur.ok), {}, set(), []
    for refus in lecteur.ko:
        if not refus.identifiant:
            orphelins += refus.textes()
        elif any(est_deja_en_base(message) for message in refus.messages):
            deja.add(refus.identifiant)
        else:
            connus = refuses.setdefault(refus.identifiant, [])
            connus += [texte for texte in refus.textes() if texte not in connus]
    deja -= refuses.keys()
    return Accuse(
        id_flux=lecteur.entete["id_flux"],
        id_traitement=lecteur.entete.get("id_traitement", "")[:50],
        nom_fichier=lecteur.entete.get("nom_fichier", "")[:255],
        acceptes=(acceptes | deja) - refuses.keys(),
        refuses=refuses,
        deja_en_base=deja,
        orphelins=orphelins,
    )


# Most precise wording first: the long ones begin like the short one.
CONSEILS = (
    (
        "enrichis du jour et du mois",
        "Le nom, le prénom, le sexe et l’année sont connus, mais pas avec ce jour et ce mois de naissance. "
        "Vérifiez la date de naissance sur une pièce d’identité ou un acte de naissance.",
    ),
    (
        "de reconciliation",
        "La personne n’est plus retrouvée une fois ajouté son lieu de naissance. Vérifiez la commune et le pays de "
        "naissance, avec leur code INSEE à la date de naissance.",
    ),
    (
        "aucun titulaire ne correspond",
        "Personne n’est connu avec ce nom de naissance, ce prénom, ce sexe et cette année. Vérifiez l’orthographe, le "
        "nom de naissance (et non le nom d’usage) et l’ordre des prénoms sur une pièce d’identité.",
    ),
    (
        "plusieurs titulaires",
        "Plusieurs personnes correspondent. Complétez les deuxième et troisième prénoms, le jour et le mois de "
        "naissance, et le code INSEE de la commune de naissance.",
    ),
    ("existe deja en base", "Ce passage est déjà enregistré\u00a0: il n’y a rien à refaire."),
)
CONSEIL_GENERAL = (
    "Vérifiez l’état civil du titulaire sur une pièce d’identité, corrigez-le, puis déclarez ce passage dans le "
    "prochain lot. Si le refus persiste, conservez les fichiers et écrivez au support de la Caisse des dépôts."
)


def conseil(message: str) -> str:
    """French advice for a message of the Caisse des dépôts: what to check, where."""
    plie = plier(message)
    return next((texte for fragment, texte in CONSEILS if fragment in plie), CONSEIL_GENERAL)
