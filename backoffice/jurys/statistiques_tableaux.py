"""The tables of the statistics and their charts: each cell says a figure and where it is proved."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import ceil
from statistics import median

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from plotly import graph_objects as go

from backoffice.candidatures.models import Etat

from .models import College, MembreJury, SessionJury
from .statistiques import DECIDES, FAITS, RESULTATS, avec, hors_delai

DIMENSIONS = {
    "certification": (
        "CQP",
        "candidature__version__certification",
        "candidature__version__certification__intitule_usuel",
    ),
    "porteur": ("porteur", "candidature__porteur", "candidature__porteur__raison_sociale"),
    "acces": ("voie d’accès", "candidature__modalite_acces", "candidature__modalite_acces"),
}
AUCUN = "–"


@dataclass(frozen=True)
class Cellule:
    """A figure or a word, and the list that proves it."""

    valeur: object
    url: str = ""

    @property
    def html(self):
        if not self.url or self.valeur in (0, AUCUN):
            return self.valeur
        return format_html('<a href="{}">{}</a>', self.url, self.valeur)


@dataclass(frozen=True)
class Tableau:
    """One table: what it says in a sentence, its columns, its rows; drawn when it has a figure."""

    id: str
    nom: str
    titre: str
    legende: str
    colonnes: list[str]
    rangees: list[list[Cellule]]
    figure: dict | None = field(default=None)

    @property
    def lignes(self) -> list[list]:
        return [[cellule.html for cellule in rangee] for rangee in self.rangees]


def pourcentage(part: int, tout: int) -> str:
    """« 72 % », a dash when there is nothing to divide."""
    return f"{round(100 * part / tout)}\u202f%" if tout else AUCUN


def _barres(series: dict[str, list], noms: list[str]) -> dict:
    """Horizontal bars, one colour per series; colours and fonts are those of the page."""
    figure = go.Figure()
    for nom, valeurs in series.items():
        figure.add_bar(y=noms, x=valeurs, name=nom, text=valeurs, orientation="h", textposition="auto")
    figure.update_layout(
        template=None,
        barmode="stack",
        showlegend=len(series) > 1,
        legend={"orientation": "h", "y": -0.1},
        xaxis={"visible": False, "rangemode": "tozero"},
        yaxis={"categoryorder": "array", "categoryarray": noms[::-1], "showgrid": False, "ticksuffix": "  "},
    )
    return json.loads(figure.to_json())


@dataclass
class Statistiques:
    """The tables for these passages and these sessions; `parametres`: those of the address."""

    passages: object
    sessions: object
    candidatures: object
    parametres: object
    par: str = "certification"

    def preuve(self, **plus) -> str:
        """The list of the dossiers examined, narrowed as this page is, and further."""
        parametres = self.parametres.copy()
        for nom, valeur in plus.items():
            parametres.setlist(nom, valeur if isinstance(valeur, list) else [str(valeur)])
        return f"{reverse('jurys:passages')}?{parametres.urlencode() or 'vue=toutes'}"

    @cached_property
    def comptes(self) -> Counter:
        """How many passages per result."""
        return Counter(dict(self.passages.order_by().values_list("resultat").annotate(Count("pk"))))

    @cached_property
    def faits(self) -> dict[str, int]:
        return {fait: avec(self.passages, fait).count() for fait, _ in FAITS}

    def tuiles(self) -> list[dict]:
        """The figures at the head of the page."""
        total, decides = sum(self.comptes.values()), sum(self.comptes[etat] for etat in DECIDES)
        du_nombre = "du dossier décidé" if decides == 1 else f"des {decides} dossiers décidés"
        tuiles = [
            ("Dossiers examinés", total, self.preuve(), ""),
            ("Validés", self.comptes["validee"], self.preuve(etat="validee"),
             f"{pourcentage(self.comptes['validee'], decides)} {du_nombre}"),
            ("Ajournés", self.comptes["ajournee"], self.preuve(etat="ajournee"),
             f"{pourcentage(self.comptes['ajournee'], total)} des dossiers examinés"),
        ]  # fmt: skip
        textes = {"diverge": "des dossiers examinés", "deporte": "des dossiers examinés"}
        for fait, libelle in FAITS:
            texte = f"{pourcentage(self.faits[fait], total)} {textes[fait]}" if fait in textes else ""
            tuiles.append((libelle, self.faits[fait], self.preuve(fait=fait), texte))
        if not self.parametres.get("acces"):
            tuiles.append(self._en_attente())
        return [{"titre": t, "compte": c, "url": u, "texte": x} for t, c, u, x in tuiles]

    def _en_attente(self) -> tuple:
        """The dossiers that wait for a place today, whatever the period."""
        etats = [Etat.EVALUEE, Etat.AJOURNEE]
        parametres = self.parametres.copy()
        for nom in ("du", "au", "instance"):
            parametres.pop(nom, None)
        parametres.setlist("etat", [str(etat) for etat in etats])
        attendent = self.candidatures.filter(etat__in=etats).count()
        return (
            "Attendent une session",
            attendent,
            f"{reverse('candidatures:liste')}?{parametres.urlencode()}",
            "aujourd’hui",
        )

    def resultats(self) -> Tableau:
        """The results by CQP, porteur or way of access."""
        titre, cle, nom = DIMENSIONS[self.par]
        groupes: dict[tuple, Counter] = defaultdict(Counter)
        libelles = dict(
            self.passages.model._meta.get_field("candidature").related_model._meta.get_field("modalite_acces").choices
        )
        lus = self.passages.order_by().values_list(cle, nom, "resultat").annotate(Count("pk"))
        for valeur, mots, resultat, nombre in lus:
            groupes[valeur, str(libelles.get(mots, mots))][resultat] += nombre
        choisis = [(etat, mots) for etat, mots in RESULTATS if self.comptes[etat]]
        rangees, ordre = [], sorted(groupes.items(), key=lambda g: (-g[1].total(), g[0][1]))
        for (valeur, mots), comptes in ordre:
            decides = sum(comptes[etat] for etat in DECIDES)
            ici = {self.par: valeur}
            rangees.append(
                [
                    Cellule(mots[:1].upper() + mots[1:]),
                    Cellule(comptes.total(), self.preuve(**ici)),
                    *(Cellule(comptes[etat], self.preuve(etat=etat, **ici)) for etat, _ in choisis),
                    Cellule(pourcentage(comptes["validee"], decides)),
                ]
            )
        premiers = ordre[:12]
        return Tableau(
            id="resultats",
            nom=f"Résultats par {titre}",
            titre=self._constat_des_resultats(),
            legende=f"Dossiers examinés par {titre}, selon le résultat du PV"
            + (f"\u202f; les {len(premiers)} premiers" if len(ordre) > len(premiers) else ""),
            colonnes=[
                titre[:1].upper() + titre[1:],
                "Examinés",
                *(mots for _, mots in choisis),
                "Validés parmi les décidés",
            ],
            rangees=rangees,
            figure=_barres(
                {mots: [comptes[etat] for _, comptes in premiers] for etat, mots in choisis},
                [mots[:1].upper() + mots[1:] for (_, mots), _ in premiers],
            ),
        )

    def _constat_des_resultats(self) -> str:
        decides = sum(self.comptes[etat] for etat in DECIDES)
        if not decides:
            return "Aucune décision n’a été rendue sur cette période"
        part = pourcentage(self.comptes["validee"], decides)
        return f"{part} des dossiers décidés sont validés\u00a0: {self.comptes['validee']} sur {decides}"

    def delais(self) -> Tableau:
        """From the evaluation to the jury, to its minutes, to what the candidate is told."""
        evaluation, pv, notification = [], [], []
        lus = self.passages.values_list(
            "candidature__evaluation__transmise_le", "session__ouverte_le", "session__debut",
            "scelle", "notifiee", "session__instance",
        )  # fmt: skip
        for transmise, ouverte, debut, scelle, notifiee, instance in lus:
            jury = timezone.localdate(ouverte or debut)
            evaluation.append((jury - timezone.localdate(transmise)).days)
            pv.append((timezone.localdate(scelle) - jury).days)
            if instance != SessionJury.Instance.EVALUATION:
                notification.append((timezone.localdate(notifiee) - jury).days)
        retards = len(hors_delai(self.passages))
        mesures = (
            ("De l’évaluation transmise au jury", evaluation, Cellule(AUCUN)),
            ("Du jury au PV scellé", pv, Cellule(AUCUN)),
            ("Du jury au résultat notifié", notification, Cellule(retards, self.preuve(fait="hors_delai"))),
        )
        titre = _constat_des_delais(notification)
        return Tableau(
            id="delais",
            nom="Délais",
            titre=titre,
            legende="En jours\u202f; le délai de notification est celui du parcours de chaque dossier",
            colonnes=["Délai", "Dossiers", "Médiane", "Neuf sur dix, au plus", "Le plus long", "Hors délai"],
            rangees=[
                [
                    Cellule(nom),
                    Cellule(len(jours), self.preuve()),
                    Cellule(_nombre(median(jours)) if jours else AUCUN),
                    Cellule(sorted(jours)[ceil(0.9 * len(jours)) - 1] if jours else AUCUN),
                    Cellule(max(jours, default=AUCUN)),
                    retard,
                ]
                for nom, jours, retard in mesures
            ],
            figure=_barres(
                {"Médiane": [round(median(jours), 1) if jours else 0 for _, jours, _ in mesures]},
                [nom for nom, *_ in mesures],
            ),
        )

    @cached_property
    def _seances(self) -> list:
        vus = Count("inscriptions", filter=Q(inscriptions__retiree_le=None), distinct=True)
        return list(self.sessions.annotate(inscrits=vus).order_by("debut", "pk"))

    def charge(self) -> Tableau:
        """Session by session: places, dossiers, what was examined, who came from each collège."""
        examines = dict(self.passages.order_by().values_list("session").annotate(Count("pk")))
        deports = dict(avec(self.passages, "deporte").order_by().values_list("session").annotate(Count("pk")))
        presences = self._presences()
        rangees = []
        for seance in self._seances:
            jour = date_format(timezone.localtime(seance.debut), "j F Y")
            rangees.append(
                [
                    Cellule(jour, seance.get_absolute_url()),
                    Cellule(str(seance.get_etat_display())),
                    Cellule(seance.capacite),
                    Cellule(seance.inscrits, seance.get_absolute_url()),
                    Cellule(pourcentage(seance.inscrits, seance.capacite)),
                    Cellule(examines.get(seance.pk, 0), self.preuve(session=seance.pk)),
                    Cellule(deports.get(seance.pk, 0), self.preuve(session=seance.pk, fait="deporte")),
                    *(Cellule(_sur(presences[seance.pk, college])) for college in College.values),
                ]
            )
        return Tableau(
            id="sessions",
            nom="Sessions",
            titre=self._constat_de_charge(),
            legende="Dossiers inscrits et places libres par mois\u202f; le tableau donne chaque session",
            colonnes=["Session", "État", "Places", "Inscrits", "Remplissage", "Examinés", "Avec déport"]
            + [f"Présents, {libelle}" for libelle in College.labels],
            rangees=rangees,
            figure=self._par_mois(),
        )

    def _par_mois(self) -> dict:
        """Dossiers on the lists of the sessions, month by month."""
        mois: dict[str, list[int]] = {}
        for seance in self._seances:
            cumul = mois.setdefault(date_format(timezone.localtime(seance.debut), "F Y"), [0, 0])
            cumul[0] += seance.inscrits
            cumul[1] += max(seance.capacite - seance.inscrits, 0)
        return _barres(
            {"Inscrits": [i for i, _ in mois.values()], "Places libres": [libres for _, libres in mois.values()]},
            [nom[:1].upper() + nom[1:] for nom in mois],
        )

    def _constat_de_charge(self) -> str:
        inscrits, places = sum(s.inscrits for s in self._seances), sum(s.capacite for s in self._seances)
        if not self._seances:
            return "Aucune session sur cette période"
        nombre = len(self._seances)
        s, d = "s" if nombre > 1 else "", "s" if inscrits > 1 else ""
        return f"{nombre} session{s}, remplie{s} à {pourcentage(inscrits, places)}\u00a0: {inscrits} dossier{d}"

    def _presences(self) -> dict[tuple, list[int]]:
        """(session, collège) → seats present, seats of titulaires and suppléants called."""
        presences: dict[tuple, list[int]] = defaultdict(lambda: [0, 0])
        sieges = MembreJury.objects.filter(session__in=[s.pk for s in self._seances])
        for session, college, present in sieges.values_list("session", "college", "present_le"):
            presences[session, college][0] += present is not None
            presences[session, college][1] += 1
        return presences

    def presence(self) -> Tableau:
        """Who came from each collège, over the sessions that were held."""
        tenues = {s.pk for s in self._seances if s.etat == SessionJury.Etat.SCELLEE}
        sommes = {college: [0, 0] for college in College.values}
        for (session, college), (presents, sieges) in self._presences().items():
            if session in tenues:
                sommes[college][0] += presents
                sommes[college][1] += sieges
        parts = {c: n[0] / n[1] for c, n in sommes.items() if n[1]}
        pire = min(parts, key=parts.get) if parts else None
        titre = "Aucune session n’a été tenue sur cette période"
        if pire:
            titre = f"{pourcentage(*sommes[pire])} de présence pour le {College(pire).label}, le moins présent"
            if len(set(parts.values())) == 1:
                titre = f"Les deux collèges ont été aussi présents\u00a0: {pourcentage(*sommes[pire])}"
        return Tableau(
            id="presence",
            nom="Présence par collège",
            titre=titre,
            legende="Sièges convoqués et présents, sessions au PV scellé",
            colonnes=["Collège", "Sièges", "Présents", "Présence"],
            rangees=[
                [
                    Cellule(College(c).label.capitalize(), "#sessions"),
                    Cellule(sommes[c][1]),
                    Cellule(sommes[c][0]),
                    Cellule(pourcentage(*sommes[c])),
                ]
                for c in College.values
            ],
        )

    def tableaux(self) -> list[Tableau]:
        return [self.resultats(), self.charge(), self.delais(), self.presence()]


def _constat_des_delais(jours: list[int]) -> str:
    if not jours:
        return "Aucun résultat n’a été notifié sur cette période"
    if not median(jours):
        return "La moitié des résultats est dite le jour même du jury"
    return f"La moitié des résultats est dite {_jours(median(jours))} au plus après le jury"


def _sur(paire: list[int]) -> str:
    return f"{paire[0]} sur {paire[1]}" if paire[1] else AUCUN


def _nombre(valeur) -> str:
    return f"{valeur:g}".replace(".", ",")


def _jours(valeur) -> str:
    return f"{_nombre(valeur)} jour{'s' if valeur >= 2 else ''}"
