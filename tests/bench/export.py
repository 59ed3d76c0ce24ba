"""The Excel export of 100 000 filtered rows (goal B8): ours, and openpyxl writing the same cells.

    .venv/bin/python -m tests.bench.export [100000] [--pg]

First the writing alone, on rows already in memory; then the whole of it, database included, with the memory it takes.
"""

import io
import resource
import statistics
import time

from .grappe import base, moteur_demande, preparer_django

TOURS = 5


def avec_openpyxl(entetes, lignes) -> None:
    from openpyxl import Workbook

    classeur = Workbook(write_only=True)
    feuille = classeur.create_sheet("Candidatures")
    feuille.append([titre for titre, _ in entetes])
    for ligne in lignes:
        feuille.append(ligne)
    classeur.save(io.BytesIO())


def _nue(valeur):
    """openpyxl refuses a date that knows its zone."""
    return valeur.replace(tzinfo=None) if hasattr(valeur, "tzinfo") else valeur


def main() -> None:
    moteur, nombre = moteur_demande()
    with base(moteur):
        preparer_django()
        from django.http import QueryDict

        from backoffice.candidatures.liste import Liste
        from backoffice.listes import exports, tableur
        from backoffice.listes.models import Export

        from .peuple import peupler

        certificateur, _ = peupler(nombre)
        ecran = Liste.pour(certificateur, QueryDict("tri=candidat"))
        ids = list(ecran.lignes.values_list("pk", flat=True))
        entetes = [(colonne.titre, colonne.largeur) for colonne in ecran.colonnes]
        avant = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        depart = time.perf_counter()
        with open("/dev/null", "wb") as nulle_part:
            sortie = io.BytesIO()
            exports._ecrire(sortie, Export(format="xlsx"), ecran, ids)
            nulle_part.write(sortie.getvalue())
        entier = time.perf_counter() - depart
        apres = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"\n{len(ids)} lignes × {len(entetes)} colonnes, base lue comprise ({moteur}) :")
        print(
            f"  {entier:.1f} s, {len(ids) / entier:.0f} lignes/s, {(apres - avant) / 1024:.0f} Mo de plus à la pointe,"
        )
        print(f"  fichier de {len(sortie.getvalue()) / 1e6:.1f} Mo")
        echantillon = ids[:20_000]
        lignes = [[colonne.lire(o) for colonne in ecran.colonnes] for o in exports.lire(ecran, echantillon)]
        plates = [[_nue(valeur) for valeur in ligne] for ligne in lignes]
        temps = {"openpyxl": [], "le nôtre": []}
        for _ in range(TOURS):
            depart = time.perf_counter()
            avec_openpyxl(entetes, plates)
            temps["openpyxl"].append(time.perf_counter() - depart)
            depart = time.perf_counter()
            tableur.ecrire(io.BytesIO(), "Candidatures", entetes, lignes)
            temps["le nôtre"].append(time.perf_counter() - depart)
        medianes = {nom: statistics.median(mesures) for nom, mesures in temps.items()}
        print(f"\nÉcriture seule, {len(lignes)} lignes déjà lues, médiane de {TOURS} passages alternés :")
        for nom, mediane in medianes.items():
            print(f"  {nom:<9} {len(lignes) / mediane:8.0f} lignes/s")
        print(f"  rapport   {medianes['openpyxl'] / medianes['le nôtre']:8.1f}")


if __name__ == "__main__":
    main()
