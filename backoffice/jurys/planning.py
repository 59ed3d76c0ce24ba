"""Which waiting dossier goes to which coming session: pure rules, without a database, a clock or a person.

The verbs of registration ask the same `obstacles`: what is proposed here is what they accept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

INSTANCES = {
    "unique": "jury paritaire qui décide",
    "evaluation": "jury paritaire d’évaluation",
    "certification": "jury de certification",
}


@dataclass(frozen=True)
class Credit:
    """A bloc credited to a dossier, until which day it counts (None: for ever), and how that is said."""

    bloc: str
    fin: date | None
    validite: str


@dataclass(frozen=True)
class Besoin:
    """What one dossier asks of a session. `depuis`: the older it is, the sooner it is placed.

    `minimum`: present members per collège that its parcours asks for.
    """

    pk: int
    certification: int
    instance: str
    delai: int
    depuis: date = date.min
    credits: tuple[Credit, ...] = ()
    minimum: int = 1


@dataclass(frozen=True)
class Offre:
    """What one session offers. `sieges` are (member, collège); `conflits` says which members each dossier rules out."""

    pk: int
    jour: date
    limite: date
    certifications: frozenset[int]
    instance: str
    places: int
    capacite: int
    ouverte: bool = True
    sieges: tuple[tuple[int, str], ...] = ()
    conflits: dict[int, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Obstacle:
    """Why this dossier does not go to this session, in words; `nature` tells which remedy helps."""

    nature: str
    phrase: str


def _jour(jour: date) -> str:
    return f"{jour:%d/%m/%Y}"


def obstacles(besoin: Besoin, offre: Offre, aujourd_hui: date) -> Iterator[Obstacle]:
    """Every rule of registration that this dossier does not meet for this session; none when it may be registered."""
    if not offre.ouverte:
        yield Obstacle("etat", "Cette session n’accepte plus de dossiers\u00a0: choisissez-en une autre.")
    if besoin.certification not in offre.certifications:
        yield Obstacle(
            "certification", "Cette session n’examine pas cette certification\u00a0: choisissez-en une autre."
        )
    if aujourd_hui > offre.limite:
        yield Obstacle("limite", f"Les inscriptions à cette session sont closes depuis le {_jour(offre.limite)}.")
    if aujourd_hui + timedelta(days=besoin.delai) > offre.jour:
        yield Obstacle(
            "delai",
            f"Les membres reçoivent les dossiers {besoin.delai} jours avant le jury\u00a0: "
            f"celui du {_jour(offre.jour)} est trop proche, choisissez-en un autre.",
        )
    if offre.places < 1:
        yield Obstacle(
            "complet",
            f"Cette session est complète ({offre.capacite} dossiers)\u00a0: demandez une place, ou choisissez-en "
            "une autre.",
        )
    for credit in besoin.credits:
        if credit.fin is not None and offre.jour > credit.fin:
            yield Obstacle(
                "credit",
                f"Le bloc {credit.bloc}, repris, n’est valable que {credit.validite}\u00a0: choisissez une session "
                "qui se "
                "tient avant, ou demandez au porteur de le faire évaluer de nouveau.",
            )
    yield from _obstacles_d_instance(besoin, offre)


def _obstacles_d_instance(besoin: Besoin, offre: Offre) -> Iterator[Obstacle]:
    if (besoin.instance == "certification") != (offre.instance == "certification"):
        yield Obstacle("instance", "Cette session n’est pas de l’instance attendue à cette étape.")
    elif besoin.instance != offre.instance:
        yield Obstacle(
            "instance", "Ce parcours demande un autre type de jury\u00a0: choisissez une session qui lui correspond."
        )


def obstacles_de_quorum(besoin: Besoin, offre: Offre) -> Iterator[Obstacle]:
    """The collèges which conflicts alone leave under the quorum; a session whose seats are not filled yet is free."""
    ecartes = offre.conflits.get(besoin.pk, frozenset())
    for college, nom in (("employeurs", "employeurs"), ("salaries", "salariés")):
        siens = [membre for membre, le_sien in offre.sieges if le_sien == college]
        libres = sum(membre not in ecartes for membre in siens)
        if libres < besoin.minimum <= len(siens):
            yield Obstacle(
                "conflit",
                f"Trop de membres ne pourraient pas siéger sur ce dossier\u00a0: il en reste {libres} au collège "
                f"{nom}, "
                f"il en faut {besoin.minimum}.",
            )


@dataclass(frozen=True)
class Inexplique:
    """A dossier without a place: why, session by session, and the nearest thing that would help."""

    raisons: dict[int, tuple[str, ...]]
    remede: str


@dataclass(frozen=True)
class Plan:
    """dossier → session, and for each other dossier why not."""

    placements: dict[int, int]
    inexpliques: dict[int, Inexplique]


class _Tableau:
    """Who may go where, and who is where."""

    def __init__(self, besoins: list[Besoin], offres: list[Offre], aujourd_hui: date):
        self.offres = {o.pk: o for o in offres}
        self.jour = aujourd_hui
        self.contre = {b.pk: {o.pk: self._contre(b, o) for o in offres} for b in besoins}
        self.possibles = {b.pk: [pk for pk, contre in self.contre[b.pk].items() if not contre] for b in besoins}
        self.places: dict[int, int] = {}
        self.remplis: dict[int, list[int]] = {o.pk: [] for o in offres}

    def _contre(self, besoin: Besoin, offre: Offre) -> list[Obstacle]:
        tous = (*obstacles(besoin, offre, self.jour), *obstacles_de_quorum(besoin, offre))
        # A full session is not a rule broken: another dossier may leave it for another session.
        return [o for o in tous if o.nature != "complet"]

    def libre(self, session: int) -> bool:
        return len(self.remplis[session]) < self.offres[session].places

    def charge(self, session: int) -> tuple:
        """The least filled session first, the nearest one on equal terms."""
        offre = self.offres[session]
        pris = offre.capacite - offre.places + len(self.remplis[session])
        return (pris / max(offre.capacite, 1), offre.jour, session)

    def mettre(self, dossier: int, session: int) -> None:
        if (avant := self.places.get(dossier)) is not None:
            self.remplis[avant].remove(dossier)
        self.places[dossier] = session
        self.remplis[session].append(dossier)

    def placer(self, dossier: int) -> bool:
        """Give this dossier a place, moving others to other sessions if need be; nobody placed loses their place."""
        venus: dict[int, tuple[int, int]] = {}  # session → (dossier that would come, the session it comes from)
        vus = sorted(self.possibles[dossier], key=self.charge)
        venus |= dict.fromkeys(vus, (dossier, -1))
        for session in vus:  # grows while it is read: the nearest exchange first
            if self.libre(session):
                self._deplacer(session, venus)
                return True
            for occupant in self.remplis[session]:
                for autre in sorted(self.possibles[occupant], key=self.charge):
                    if autre not in venus:
                        venus[autre] = (occupant, session)
                        vus.append(autre)
        return False

    def _deplacer(self, session: int, venus: dict[int, tuple[int, int]]) -> None:
        while session != -1:
            dossier, suivante = venus[session]
            self.mettre(dossier, session)
            session = suivante

    def rapprocher(self, ordre: list[int]) -> None:
        """Among dossiers placed, the older one takes the nearer session when each may go to the place of the other."""
        for rang, ancien in enumerate(ordre):
            for recent in ordre[rang + 1 :]:
                ici, la = self.places[ancien], self.places[recent]
                plus_proche = (self.offres[la].jour, la) < (self.offres[ici].jour, ici)
                if plus_proche and la in self.possibles[ancien] and ici in self.possibles[recent]:
                    self.mettre(ancien, la)
                    self.mettre(recent, ici)


def placer(dossiers: Iterable[Besoin], sessions: Iterable[Offre], aujourd_hui: date) -> Plan:
    """Place as many dossiers as can be, the oldest first, spread evenly; explain each one that is left.

    A dossier already placed never loses its place to a younger one: it only moves, which makes the result the best
    possible both in number and in seniority (a transversal matroid; Edmonds 1965).
    """
    besoins = sorted(dossiers, key=lambda b: (b.depuis, b.pk))
    tableau = _Tableau(besoins, sorted(sessions, key=lambda o: (o.jour, o.pk)), aujourd_hui)
    laisses = [b for b in besoins if not tableau.placer(b.pk)]
    tableau.rapprocher([b.pk for b in besoins if b.pk in tableau.places])
    return Plan(dict(sorted(tableau.places.items())), {b.pk: _expliquer(b, tableau) for b in laisses})


def _expliquer(besoin: Besoin, tableau: _Tableau) -> Inexplique:
    raisons = {}
    for session, contre in tableau.contre[besoin.pk].items():
        offre = tableau.offres[session]
        if contre:
            raisons[session] = tuple(o.phrase for o in contre)
        else:
            raisons[session] = (
                f"Complète ({offre.capacite} dossiers)\u00a0: des dossiers plus anciens y passent avant.",
            )
    return Inexplique(raisons, _remede(besoin, tableau))


def _remede(besoin: Besoin, tableau: _Tableau) -> str:
    """The nearest thing that would help: a session that only one rule forbids, else a new session."""
    proches = sorted(
        ((contre, tableau.offres[pk]) for pk, contre in tableau.contre[besoin.pk].items() if len(contre) <= 1),
        key=lambda ligne: (len(ligne[0]), ligne[1].jour, ligne[1].pk),
    )
    for contre, offre in proches:
        if not contre:
            return f"Augmentez la capacité de la session du {_jour(offre.jour)}, ou {_ouvrir(besoin, tableau.jour)}"
        if contre[0].nature == "limite":
            return f"Repoussez la date limite d’inscription de la session du {_jour(offre.jour)}."
        if contre[0].nature == "conflit":
            return f"Nommez d’autres membres à la session du {_jour(offre.jour)}, sans lien avec ce dossier."
    phrase = _ouvrir(besoin, tableau.jour)
    return phrase[0].upper() + phrase[1:]


def _ouvrir(besoin: Besoin, aujourd_hui: date) -> str:
    au_plus_tot = aujourd_hui + timedelta(days=besoin.delai)
    genre = INSTANCES[besoin.instance]
    fins = [c.fin for c in besoin.credits if c.fin is not None]
    if not fins:
        return f"ouvrez une session ({genre}) pour cette certification, à partir du {_jour(au_plus_tot)}."
    au_plus_tard = min(fins)
    if au_plus_tard < au_plus_tot:
        bloc = next(c.bloc for c in besoin.credits if c.fin == au_plus_tard)
        return f"faites évaluer de nouveau le bloc {bloc}\u00a0: il ne sera plus valable au premier jury possible."
    return (
        f"ouvrez une session ({genre}) avant le {_jour(au_plus_tard)}, fin de validité d’un bloc repris, "
        f"et à partir du {_jour(au_plus_tot)}."
    )
