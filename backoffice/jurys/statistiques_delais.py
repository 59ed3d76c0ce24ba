"""How long juries take, over all and group by group: from the evaluation to the jury, to its minutes, to the result."""

from collections import defaultdict
from collections.abc import Callable
from math import ceil
from statistics import median

from django.db.models import Count
from django.utils import timezone

from .models import SessionJury
from .statistiques import avec
from .statistiques_cellules import AUCUN, Cellule, Tableau, barres, jours, nombre


def _neuf_sur_dix(durees: list[int]):
    return sorted(durees)[ceil(0.9 * len(durees)) - 1] if durees else AUCUN


def _mediane(durees: list[int]) -> str:
    return nombre(median(durees)) if durees else AUCUN


def delais(passages, preuve: Callable) -> Tableau:
    """The three delays over all these passages; `preuve` gives the list that proves a figure."""
    evaluation, pv, notification = [], [], []
    lus = passages.values_list(
        "candidature__evaluation__transmise_le", "session__ouverte_le", "session__debut",
        "scelle", "notifiee", "session__instance",
    )  # fmt: skip
    for transmise, ouverte, debut, scelle, notifiee, instance in lus:
        jury = timezone.localdate(ouverte or debut)
        evaluation.append((jury - timezone.localdate(transmise)).days)
        pv.append((timezone.localdate(scelle) - jury).days)
        if instance != SessionJury.Instance.EVALUATION:
            notification.append((timezone.localdate(notifiee) - jury).days)
    retards, notifies = avec(passages, "hors_delai").count(), preuve(fait="notifie")
    mesures = (
        ("De l’évaluation transmise au jury", evaluation, preuve(), Cellule(AUCUN)),
        ("Du jury au PV scellé", pv, preuve(), Cellule(AUCUN)),
        ("Du jury au résultat notifié", notification, notifies, Cellule(retards, preuve(fait="hors_delai"))),
    )
    return Tableau(
        id="delais",
        nom="Délais",
        titre=_constat(notification),
        legende="En jours\u202f; le délai de notification est celui du parcours de chaque dossier",
        colonnes=["Délai", "Dossiers", "Médiane", "Neuf sur dix, au plus", "Le plus long", "Hors délai"],
        rangees=[
            [
                Cellule(nom),
                Cellule(len(durees), url),
                Cellule(_mediane(durees)),
                Cellule(_neuf_sur_dix(durees)),
                Cellule(max(durees, default=AUCUN)),
                retard,
            ]
            for nom, durees, url, retard in mesures
        ],
        figure=barres(
            {"Médiane": [round(median(durees), 1) if durees else 0 for _, durees, *_ in mesures]},
            [nom for nom, *_ in mesures],
        ),
    )


def delais_par(passages, preuve: Callable, par: str, cle: str, titre: str, noms: dict) -> Tableau:
    """From the jury to the result told, for each CQP, session, porteur or way of access (`noms`: value → name)."""
    durees: dict = defaultdict(list)
    notifies = avec(passages, "notifie")
    for valeur, ouverte, debut, notifiee in notifies.values_list(
        cle, "session__ouverte_le", "session__debut", "notifiee"
    ):
        durees[valeur].append((timezone.localdate(notifiee) - timezone.localdate(ouverte or debut)).days)
    retards = dict(avec(passages, "hors_delai").order_by().values_list(cle).annotate(Count("pk")))
    ordre = sorted(durees.items(), key=lambda groupe: (-median(groupe[1]), noms[groupe[0]]))
    lent = ordre[0] if ordre else None
    constat = "Aucun résultat n’a été notifié sur cette période"
    if lent and not median(lent[1]):
        constat = "Partout, la moitié des résultats au moins est dite le jour même du jury"
    elif lent:
        constat = f"Le plus long, {noms[lent[0]]}\u00a0: {jours(median(lent[1]))} pour la moitié des résultats"
    return Tableau(
        id="delais-par",
        nom=f"Du jury au résultat, par {titre}",
        titre=constat,
        legende="En jours, du jour du jury à celui où le résultat est dit",
        colonnes=[titre[:1].upper() + titre[1:], "Résultats notifiés", "Médiane", "Le plus long", "Hors délai"],
        rangees=[
            [
                Cellule(noms[valeur][:1].upper() + noms[valeur][1:]),
                Cellule(len(siennes), preuve(fait="notifie", **{par: valeur})),
                Cellule(_mediane(siennes)),
                Cellule(max(siennes)),
                Cellule(retards.get(valeur, 0), preuve(fait="hors_delai", **{par: valeur})),
            ]
            for valeur, siennes in ordre
        ],
    )


def _constat(durees: list[int]) -> str:
    if not durees:
        return "Aucun résultat n’a été notifié sur cette période"
    if not median(durees):
        return "La moitié des résultats est dite le jour même du jury"
    return f"La moitié des résultats est dite {jours(median(durees))} au plus après le jury"
