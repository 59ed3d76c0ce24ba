"""B10: a whole register read for a few fiches, against a bare iterparse of the same file.

    .venv/bin/python -m tests.bench.importation [fiches …]

Goal: at most 150 MB of memory whatever the size, at least 0.7 times the speed of the bare parser. The reader is
measured without the rest of the project, whose own weight in memory (some 190 MB once Django has loaded it) is not its
doing.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TAILLES = (1_000, 5_000, 25_000)
TOURS = 5
TEXTE = "Préparer le chantier      - Trier et tailler, contrôler la pose, rendre compte par écrit. " * 26


def fiche(n: int) -> str:
    """A fiche of the weight of real ones (some 22 kB): long texts, twenty partners, four blocs."""
    certificateur = "CPNE conjointes du Bâtiment et des Travaux publics" if n % 250 == 0 else f"ORGANISME {n % 900}"
    partenaires = "".join(
        f"<PARTENAIRE><NOM_PARTENAIRE>PARTENAIRE {n} {p}</NOM_PARTENAIRE>"
        "<SIRET_PARTENAIRE>73282932000074</SIRET_PARTENAIRE>"
        "<HABILITATION_PARTENAIRE>HABILITATION_FORMER</HABILITATION_PARTENAIRE><ETAT_HABILITATION>Actif</ETAT_HABILITATION>"
        "</PARTENAIRE>"
        for p in range(20)
    )
    blocs = "".join(
        f"<BLOC_COMPETENCES><CODE>RNCP{n}BC0{b}</CODE><LIBELLE>Bloc {b}</LIBELLE>"
        f"<LISTE_COMPETENCES>{TEXTE}</LISTE_COMPETENCES><MODALITES_EVALUATION>Mise en situation</MODALITES_EVALUATION>"
        "</BLOC_COMPETENCES>"
        for b in range(1, 5)
    )
    return (
        f"<FICHE><ID_FICHE>{n}</ID_FICHE><NUMERO_FICHE>RNCP{n}</NUMERO_FICHE><INTITULE>CQP Métier {n}</INTITULE>"
        f"<ETAT_FICHE>Publiée</ETAT_FICHE><NOMENCLATURE_EUROPE><NIVEAU>NIV3</NIVEAU></NOMENCLATURE_EUROPE>"
        f"<CERTIFICATEURS><CERTIFICATEUR><NOM_CERTIFICATEUR>{certificateur}</NOM_CERTIFICATEUR></CERTIFICATEUR>"
        f"</CERTIFICATEURS><PARTENAIRES>{partenaires}</PARTENAIRES><ACTIVITES_VISEES>{TEXTE}</ACTIVITES_VISEES>"
        f"<CAPACITES_ATTESTEES>{TEXTE}</CAPACITES_ATTESTEES><BLOCS_COMPETENCES>{blocs}</BLOCS_COMPETENCES>"
        "<ACTIF>Oui</ACTIF></FICHE>\n"
    )


def ecrire(chemin: Path, nombre: int) -> int:
    with open(chemin, "w", encoding="utf-8") as sortie:
        sortie.write("<?xml version='1.0' encoding='UTF-8'?>\n<FICHES><VERSION_FLUX>4.1</VERSION_FLUX>\n")
        for n in range(1, nombre + 1):
            sortie.write(fiche(n))
        sortie.write("</FICHES>\n")
    return chemin.stat().st_size


def nu(chemin: Path) -> int:
    """What the parser costs by itself."""
    from lxml import etree

    vues = 0
    with open(chemin, "rb") as flux:
        for _, element in etree.iterparse(flux, events=("end",), tag="FICHE"):
            vues += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return vues


def le_notre(chemin: Path) -> int:
    """Our reader, looking for the fiches of one certificateur."""
    from registre.france_competences import Choix, lire

    return sum(1 for _ in lire(chemin, Choix(certificateur="cpne conjointes")))


def mesurer(quoi: str, chemin: str) -> None:
    """In a process of its own: seconds, peak memory."""
    from registre import france_competences  # noqa: F401 - its import is no part of the measure

    avant = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    debut = time.perf_counter()
    vues = {"nu": nu, "notre": le_notre}[quoi](Path(chemin))
    duree = time.perf_counter() - debut
    print(duree, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, avant / 1024, vues)


def lancer(quoi: str, chemin: Path) -> list[float]:
    sortie = subprocess.run(
        [sys.executable, "-m", "tests.bench.importation", "--mesure", quoi, str(chemin)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [float(v) for v in sortie.stdout.split()[-4:]]


def principal(tailles) -> None:
    print("fiches     Mo    nu (s)  notre (s)  rapport  mémoire (Mo)  dont au départ  retenues")
    with tempfile.TemporaryDirectory() as dossier:
        for nombre in tailles:
            chemin = Path(dossier) / f"{nombre}.xml"
            poids = ecrire(chemin, nombre) / 1e6
            mesures = {"nu": [], "notre": []}
            for _ in range(TOURS):
                for quoi, siennes in mesures.items():
                    siennes.append(lancer(quoi, chemin))
            nue, notre = (statistics.median(m[0] for m in mesures[q]) for q in ("nu", "notre"))
            pic, depart, vues = (max(m[i] for m in mesures["notre"]) for i in (1, 2, 3))
            ligne = f"{nombre:6} {poids:6.0f} {nue:9.2f} {notre:10.2f} {nue / notre:8.2f}"
            print(f"{ligne} {pic:13.0f} {depart:15.0f} {vues:9.0f}")
            chemin.unlink()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--mesure"]:
        mesurer(*sys.argv[2:4])
    else:
        principal([int(a) for a in sys.argv[1:]] or TAILLES)
