"""The tables of the statistics and their charts: results, load, presence; each cell says where it is proved."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from backoffice.candidatures.models import Etat
from backoffice.parcours.models import ModaliteAcces

from .models import College, MembreJury, ProcesVerbal, SessionJury
from .statistiques import COULEURS, DECIDES, FAITS, RESULTATS, avec
from .statistiques_cellules import AUCUN, Cellule, Tableau, barres, pourcentage
from .statistiques_delais import delais, delais_par

DIMENSIONS = {
    "certification": (
        "CQP",
        "candidature__version__certification",
        "candidature__version__certification__intitule_usuel",
    ),
    "session": ("session", "session", "session__debut"),
    "porteur": ("porteur", "candidature__porteur", "candidature__porteur__raison_sociale"),
    "acces": ("voie d’accès", "candidature__modalite_acces", "candidature__modalite_acces"),
}


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

    def _groupes(self, cle: str, nom: str):
        """(value, its name, result, how many passages)"""
        voies, numeros = dict(ModaliteAcces.choices), {}
        if self.par == "session":
            originaux = ProcesVerbal.objects.filter(rang=0, session__in=self.passages.values("session"))
            numeros = dict(originaux.values_list("session", "numero"))
        lus = self.passages.order_by().values_list(cle, nom, "resultat").annotate(Count("pk"))
        for valeur, mots, resultat, nombre in lus:
            if self.par == "session":
                mots = f"{date_format(timezone.localtime(mots), 'j F Y')} – {numeros[valeur]}"
            yield valeur, str(voies.get(mots, mots)), resultat, nombre

    def resultats(self) -> Tableau:
        """The results by CQP, session, porteur or way of access."""
        titre, cle, nom = DIMENSIONS[self.par]
        groupes: dict[tuple, Counter] = defaultdict(Counter)
        for valeur, mots, resultat, nombre in self._groupes(cle, nom):
            groupes[valeur, mots][resultat] += nombre
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
            figure=barres(
                {mots: [comptes[etat] for _, comptes in premiers] for etat, mots in choisis},
                [mots[:1].upper() + mots[1:] for (_, mots), _ in premiers],
                {mots: COULEURS[etat] for etat, mots in choisis},
            ),
        )

    def _constat_des_resultats(self) -> str:
        decides = sum(self.comptes[etat] for etat in DECIDES)
        if not decides:
            return "Aucune décision n’a été rendue sur cette période"
        part = pourcentage(self.comptes["validee"], decides)
        return f"{part} des dossiers décidés sont validés\u00a0: {self.comptes['validee']} sur {decides}"

    def delais(self) -> list[Tableau]:
        """From the evaluation to the jury, to its minutes, to what the candidate is told; then CQP by CQP, or so."""
        titre, cle, nom = DIMENSIONS[self.par]
        groupes = {valeur: mots for valeur, mots, *_ in self._groupes(cle, nom)}
        return [
            delais(self.passages, self.preuve),
            delais_par(self.passages, self.preuve, self.par, cle, titre, groupes),
        ]

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
                    *(Cellule(_sur(presences[seance.pk, c]), seance.get_absolute_url()) for c in College.values),
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
        return barres(
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
                    Cellule(College(c).label.capitalize()),
                    Cellule(sommes[c][1], "#sessions"),
                    Cellule(sommes[c][0], "#sessions"),
                    Cellule(pourcentage(*sommes[c])),
                ]
                for c in College.values
            ],
        )

    def tableaux(self) -> list[Tableau]:
        return [self.resultats(), self.charge(), *self.delais(), self.presence()]


def _sur(paire: list[int]) -> str:
    return f"{paire[0]} sur {paire[1]}" if paire[1] else AUCUN
