"""Public pages for visitors without a session (goal B4): the whole application against a bare view of the same stack.

    .venv/bin/python -m tests.bench.portail [1000] [--pg]

As `tests.bench.verification`: one process, the WSGI application called directly, the cache and the templates of
production, alternating runs. Each page is asked for twice: from memory, and after an edit that empties it.
« rapport » is the throughput of the page over that of the bare view.
"""

import os
import statistics
import time

from . import verification
from .grappe import base, moteur_demande
from .verification import Visiteur

TOURS, PAR_TOUR = 5, 200
NEUFS_PAR_TOUR = 3
PAGES = {
    "accueil": "/",
    "page d’un CQP": "/cqp/cqp-0500/",
    "catalogue": "/cqp/",
    "catalogue, deux facettes": "/cqp/?filiere=filiere-3&repertoire=rncp",
}


def peupler(nombre: int) -> None:
    """As many published CQPs in ten trades, each with its version, its access modes and a bloc."""
    from django.db import connection, transaction

    from home.depart.arbre import creer_les_pages
    from tests.home.exemples import creer_cqp, creer_filiere, creer_porteur

    filieres = [creer_filiere(f"Filière {n}", f"filiere-{n}", n) for n in range(10)]
    porteurs = [creer_porteur(f"P{n}", f"Porteur {n}") for n in range(10)]
    with transaction.atomic():
        for rang in range(nombre):
            repertoire = ("rncp", "rs", "branche")[rang % 3]
            numero = f"{repertoire.upper()}{10_000 + rang}"
            creer_cqp(
                f"cqp-{rang:04d}",
                f"CQP Ouvrier de spécialité numéro {rang}",
                filieres[rang % 10],
                porteurs[rang // 10 % 10],
                repertoire=repertoire,
                numero=numero,
            )
        creer_les_pages()
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")


class VisiteurDePages(Visiteur):
    """Asks for an address with its query string."""

    def demander(self, adresse: str, corps: bytes = b"") -> tuple[int, bytes, float]:
        chemin, _, self.requete = adresse.partition("?")
        return super().demander(chemin, corps)


def editer() -> None:
    """The smallest edit: what memory holds is false from now on."""
    from home.models import PageAccueil

    PageAccueil.objects.update(promesse=f"Promesse {time.perf_counter()}")


def mesurer(visiteur) -> tuple[dict, dict, dict]:
    """Times of each call run by run, its number of queries, its weight."""
    from django.db import connection

    appels = {"vue nue": ("/nue", False)}
    appels |= {f"{nom}, de mémoire": (adresse, False) for nom, adresse in PAGES.items()}
    appels |= {f"{nom}, après une modification": (adresse, True) for nom, adresse in PAGES.items()}
    temps, requetes, poids = {nom: [] for nom in appels}, {}, {}
    for tour in range(TOURS + 1):
        for nom, (adresse, neuve) in appels.items():
            durees, comptees = [], []
            visiteur.demander(adresse)
            for _ in range(NEUFS_PAR_TOUR if neuve else PAR_TOUR):
                if neuve:
                    editer()
                statut, contenu, duree = visiteur.demander(adresse)
                assert statut == 200, (nom, statut)
                durees.append(duree)
            if neuve:
                editer()
            with connection.execute_wrapper(lambda ex, *a, c=comptees: c.append(1) or ex(*a)):
                visiteur.demander(adresse)
            requetes[nom], poids[nom] = len(comptees), len(contenu)
            if tour:
                temps[nom].append(statistics.median(durees))
    return temps, requetes, poids


def main() -> None:
    moteur, nombre = moteur_demande()
    # Without a number, the other benches begin at a hundred thousand: no branch has as many CQPs.
    nombre = min(nombre, 1_000)
    os.environ["DJANGO_SETTINGS_MODULE"] = "site_public.settings.test"
    with base(moteur):
        verification.preparer()
        import logging

        logging.disable(logging.INFO)
        depart = time.perf_counter()
        peupler(nombre)
        print(f"\n{nombre} CQP sur {moteur}, faits en {time.perf_counter() - depart:.0f} s\n")
        from django.core.wsgi import get_wsgi_application

        temps, requetes, poids = mesurer(VisiteurDePages(get_wsgi_application()))
        print("| page | octets | requêtes | médiane, ms | pages/s | rapport |\n|---|---|---|---|---|---|")
        for nom, medianes in temps.items():
            rapport = statistics.median(nue / m for nue, m in zip(temps["vue nue"], medianes, strict=True))
            mediane = statistics.median(medianes)
            chiffres = f"{poids[nom]} | {requetes[nom]} | {mediane * 1000:.2f} | {1 / mediane:.0f}"
            print(f"| {nom} | {chiffres} | {rapport:.2f} |", flush=True)


if __name__ == "__main__":
    main()
