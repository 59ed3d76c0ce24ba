"""The list of dossiers at scale: each page through the whole application, against the plain SQL of the same page.

    .venv/bin/python -m tests.bench.listes [100000] [--pg]

Seven alternating runs of each, medians. « SQL écrit » is what one would type: the joined rows of the page in their
order with LIMIT and OFFSET, then an exact count per status. « page » goes through middleware, session, rights, counts,
chips, table and templates; « son SQL » is the part of it that the database takes.
"""

import statistics
import time
from contextlib import contextmanager

from .grappe import base, moteur_demande, preparer_django

TOURS = 7
LISTE = "/gestion/candidatures/"


@contextmanager
def sql_compte():
    """The time and the number of the queries of a block."""
    from django.db import connection

    mesure = {"temps": 0.0, "nombre": 0}

    def chronometrer(executer, sql, parametres, plusieurs, contexte):
        debut = time.perf_counter()
        try:
            return executer(sql, parametres, plusieurs, contexte)
        finally:
            mesure["temps"] += time.perf_counter() - debut
            mesure["nombre"] += 1

    with connection.execute_wrapper(chronometrer):
        yield mesure


def sql_ecrit(condition: str, parametres: list, ordre: str, debut: int) -> float:
    """The page as one would type it: its rows, then its counts."""
    from django.db import connection

    tables = "candidatures_candidature c JOIN registre_titulaire t ON t.id = c.titulaire_id"
    jointures = (
        " JOIN registre_versioncertification v ON v.id = c.version_id JOIN registre_organisme e ON e.id ="
        " c.etablissement_id JOIN registre_organisme p ON p.id = c.porteur_id JOIN parcours_parcours pa ON pa.id ="
        " c.parcours_id"
    )
    depart = time.perf_counter()
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT c.*, t.*, v.intitule, e.raison_sociale, p.raison_sociale FROM {tables}{jointures}"
            f" WHERE c.etat <> 'annulee' AND {condition} ORDER BY {ordre} LIMIT 25 OFFSET {debut}",
            parametres,
        )
        assert curseur.fetchall()
        curseur.execute(f"SELECT c.etat, COUNT(*) FROM {tables} WHERE {condition} GROUP BY c.etat", parametres)
        curseur.fetchall()
    return time.perf_counter() - depart


def mesurer(nom, client, adresse, sql) -> None:
    pages, siens, ecrits, requetes = [], [], [], 0
    for _ in range(TOURS + 1):
        with sql_compte() as mesure:
            depart = time.perf_counter()
            reponse = client.get(adresse)
            duree = time.perf_counter() - depart
        assert reponse.status_code == 200 and "<tbody>" in reponse.text, nom
        pages.append(duree)
        siens.append(mesure["temps"])
        requetes = mesure["nombre"]
        ecrits.append(sql_ecrit(*sql))
    # The first run of each warms caches and templates.
    page, sien, ecrit = (statistics.median(m[1:]) * 1000 for m in (pages, siens, ecrits))
    mesures = f"{page:8.1f} | {sien:8.1f} | {requetes:8} | {ecrit:9.1f} | {page / ecrit:10.2f} | {sien / ecrit:9.2f}"
    print(f"| {nom:<34} | {mesures} |", flush=True)


def main() -> None:
    moteur, nombre = moteur_demande()
    with base(moteur):
        preparer_django()
        from django.test import Client
        from django.urls import resolve

        from tests.connexion import connecter

        from .peuple import peupler

        resolve(LISTE)
        depart = time.perf_counter()
        certificateur, gestionnaire = peupler(nombre)
        print(f"\n{nombre} dossiers sur {moteur}, faits en {time.perf_counter() - depart:.0f} s\n")
        entetes = ("page, ms", "son SQL", "requêtes", "SQL écrit", "page/écrit", "SQL/écrit")
        print(f"| {'page':<34} | {' | '.join(entetes)} |")
        print("|---|---|---|---|---|---|---|")
        client = connecter(Client(), certificateur)
        date, nom, tout = "c.ouverte_le DESC, c.id DESC", "t.nom_plie, c.id", ("1 = 1", [])
        fond = nombre // 2
        trouve = client.post(LISTE, {"q": "martin"}).url
        cherche = ("t.nom_plie LIKE %s", ["%martin%"])
        porteur = gestionnaire.organismes_ids("gestionnaire").pop()
        siens = ("c.porteur_id = %s AND c.etat <> 'brouillon'", [porteur])
        for titre, qui, adresse, sql in (
            ("première page", client, LISTE + "?vue=toutes", (*tout, date, 0)),
            ("filtrée par statut", client, LISTE + "?etat=deposee", ("c.etat = 'deposee'", [], date, 0)),
            ("filtrée par porteur", client, f"{LISTE}?porteur={porteur}", ("c.porteur_id = %s", [porteur], date, 0)),
            ("triée par nom", client, LISTE + "?tri=candidat", (*tout, nom, 0)),
            ("triée par attente", client, LISTE + "?tri=attente", (*tout, "c.etat_depuis, c.id", 0)),
            ("cherchée par nom", client, trouve, (*cherche, date, 0)),
            (f"page {fond // 25}", client, f"{LISTE}?page={fond // 25}", (*tout, date, fond - 25)),
            ("première page, un gestionnaire", None, LISTE + "?vue=toutes", (*siens, date, 0)),
        ):
            mesurer(titre, qui or connecter(Client(), gestionnaire), adresse, sql)


if __name__ == "__main__":
    main()
