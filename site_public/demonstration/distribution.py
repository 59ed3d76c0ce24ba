"""How many dossiers stand where: three hundred over every state, a hundred parchemins, twelve attestations."""

from dataclasses import dataclass, replace

from backoffice.jurys.models import Inscription, SessionJury

Instance = SessionJury.Instance

# Certifications with the workplaces whose people aim at them.
CHIMIE = (
    ("operateur-de-fabrication", ("employeur 0", "employeur 0", "employeur 1")),
    ("conducteur-equipement-de-fabrication", ("employeur 0", "employeur 1", "employeur 2")),
    ("conducteur-ligne-de-conditionnement", ("employeur 1", "employeur 2")),
    ("agent-logistique", ("employeur 0", "employeur 2")),
    ("technicien-de-la-qualite", ("employeur 0", "employeur 1")),
    ("responsable-de-secteur-industriel", ("employeur 0", "employeur 2")),
)
CORDES = (
    ("travailler-sur-cordes", ("employeur 3", "employeur 3", "employeur 4")),
    ("travailler-sur-cordes", ("employeur 3", "employeur 4")),
    ("organiser-les-travaux-sur-cordes", ("employeur 3", "employeur 4")),
)
MIXTE = (
    ("travailler-sur-cordes", ("employeur 3", "employeur 4")),
    ("technicien-protection-risques-naturels", ("employeur 3", "employeur 4")),
    ("macon-du-patrimoine", ("employeur 6",)),
)
# The one certification of the demonstration that two juries hear, one after the other.
LAUZE = (("couvreur-lauzier-schiste", ("employeur 5",)),)
# The rules of today with prerequisites and a positioning, and those with marks from two évaluateurs.
A_POSITIONNER = (("technicien-protection-risques-naturels", ("employeur 3", "employeur 4")),)
EN_NOTES = (("conducteur-equipement-de-fabrication", ("employeur 0", "employeur 1")),)
TOUTES = CHIMIE + CORDES + MIXTE + LAUZE


@dataclass(frozen=True)
class Groupe:
    """So many dossiers alike: their last act before the jury, what they lack, how long ago they stopped (in days)."""

    nombre: int
    ou: tuple
    but: str = "inscrire"
    anciennete: float = 12
    lacunes: str = ""
    issue: str = Inscription.Issue.DECIDEE


@dataclass(frozen=True)
class SeancePrevue:
    """One session, so many days from today, with the dossiers it hears and what is left to do after it."""

    jours: int
    certificateur: str
    certifications: tuple[str, ...]
    lieu: str
    groupes: tuple[Groupe, ...] = ()
    instance: str = Instance.UNIQUE
    president_salarie: bool = False
    avec_le_candidat: bool = False
    rattrapages: int = 0
    entendus: int = 0  # of a session still under way; 0: all, and the minutes are sealed
    a_preparer: int = 0
    a_approuver: int = 0
    laisses: int = 0
    vers_la_cpne: "SeancePrevue | None" = None


def _slugs(ou: tuple) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slug for slug, _ in ou))


def _jury(ou: tuple, valides: int, partiels: int = 0, refuses: int = 0, ajournes: int = 0) -> tuple[Groupe, ...]:
    return (
        Groupe(valides, ou),
        Groupe(partiels, ou, lacunes="un_bloc"),
        Groupe(refuses, ou, lacunes="tous"),
        Groupe(ajournes, ou, issue=Inscription.Issue.AJOURNEE),
    )


SEANCES = (
    SeancePrevue(-330, "cpne-chimie", _slugs(CHIMIE), "Nanterre", _jury(CHIMIE, 24, 3, 1)),
    SeancePrevue(
        -250,
        "cpne-btp",
        _slugs(CORDES),
        "Grenoble",
        _jury(CORDES, 30, 2, 1, 1),
        president_salarie=True,
        avec_le_candidat=True,
    ),
    SeancePrevue(
        -170, "cpne-chimie", _slugs(CHIMIE), "Lyon", _jury(CHIMIE, 22, 3, 1, 1), president_salarie=True, rattrapages=1
    ),
    SeancePrevue(-100, "cpne-btp", _slugs(MIXTE), "Paris", _jury(MIXTE, 16, 2, 0, 1)),
    SeancePrevue(
        -75,
        "cpne-btp",
        _slugs(LAUZE),
        "Mende",
        # The last four are those that still wait for the second jury.
        (Groupe(6, LAUZE), Groupe(1, LAUZE, lacunes="un_bloc"), Groupe(4, LAUZE)),
        instance=Instance.EVALUATION,
        vers_la_cpne=SeancePrevue(
            -50,
            "cpne-btp",
            _slugs(LAUZE),
            "Paris",
            instance=Instance.CERTIFICATION,
            president_salarie=True,
            laisses=4,
        ),
    ),
    SeancePrevue(
        -22,
        "cpne-btp",
        _slugs(MIXTE),
        "Grenoble",
        (
            # Those delivered come first: the others wait for one person or for another.
            Groupe(2, MIXTE),
            Groupe(3, MIXTE, lacunes="un_bloc"),
            Groupe(6, MIXTE),
            Groupe(1, MIXTE, lacunes="tous"),
            Groupe(1, MIXTE, issue=Inscription.Issue.ABSENTE),
        ),
        a_approuver=4,
        a_preparer=4,
    ),
    SeancePrevue(0, "cpne-chimie", _slugs(CHIMIE), "Nanterre", (Groupe(12, CHIMIE),), entendus=5),
    SeancePrevue(28, "cpne-btp", _slugs(CORDES + MIXTE), "Lyon", (Groupe(9, CORDES),), president_salarie=True),
    SeancePrevue(45, "cpne-chimie", _slugs(CHIMIE), "Lyon", (Groupe(2, CHIMIE),), president_salarie=True),
)

EN_COURS = (
    Groupe(18, TOUTES, "ouvrir", 25),
    Groupe(5, TOUTES, "annuler", 200),
    Groupe(18, TOUTES, "deposer", 14),
    Groupe(10, TOUTES, "completer", 20),
    Groupe(8, TOUTES, "refuser", 250),
    Groupe(8, TOUTES, "recevoir", 10),
    Groupe(10, TOUTES, "confirmer", 9),
    Groupe(14, TOUTES, "inviter", 20),
    Groupe(7, TOUTES, "repondre", 8),
    Groupe(5, TOUTES, "saisir", 6),
    Groupe(23, TOUTES, "transmettre", 15),
    Groupe(8, TOUTES, "abandonner", 250),
    Groupe(2, A_POSITIONNER, "deposer", 3),
    Groupe(2, A_POSITIONNER, "recevoir", 3),
    Groupe(2, A_POSITIONNER, "positionner", 3),
    Groupe(2, EN_NOTES, "repondre", 3),
    Groupe(2, EN_NOTES, "saisir", 3),
    Groupe(1, EN_NOTES, "transmettre", 3),
)


def repartir(part: float = 1) -> tuple[tuple[SeancePrevue, ...], tuple[Groupe, ...]]:
    """The sessions and the groups, whole, or reduced to a fraction with at least one dossier of each kind."""
    return tuple(_reduire(s, part) for s in SEANCES), tuple(_moins(g, part) for g in EN_COURS)


def _entier(nombre: int, part: float) -> int:
    return max(1, round(nombre * part)) if nombre else 0


def _moins(groupe: Groupe, part: float) -> Groupe:
    return replace(groupe, nombre=_entier(groupe.nombre, part))


def _reduire(prevue: SeancePrevue, part: float) -> SeancePrevue:
    return replace(
        prevue,
        groupes=tuple(_moins(g, part) for g in prevue.groupes),
        vers_la_cpne=prevue.vers_la_cpne and _reduire(prevue.vers_la_cpne, part),
        **{
            champ: _entier(getattr(prevue, champ), part)
            for champ in ("entendus", "a_preparer", "a_approuver", "laisses")
        },
    )
