"""Lots and accusés of the SI CPF (goals B5 and B6): against a bare streaming writer, then with the database.

    .venv/bin/python -m tests.bench.cpf [200000] [--pg] [--fichier | --base]

First the file alone: the reference is lxml's `xmlfile` with a small tree per passage, neither checked nor validated.
Ours checks each passage, writes, validates against the schema and hashes. Then the whole of a lot (passages created,
file written, validated, hashed, stored) and of its accusé, database included, at growing sizes: cost per passage, and
memory at its peak above what the process held before.
"""

import hashlib
import statistics
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

from .grappe import base, moteur_demande, preparer_django

TOURS = 5
PAQUET = 2_000


@contextmanager
def pointe():
    """Time taken by the block, and memory at its peak above what was held before it, in megabytes."""
    mesure, fini = {}, threading.Event()

    def residente() -> int:
        with open("/proc/self/statm") as etat:
            return int(etat.read().split()[1]) * 4096

    avant = haut = residente()

    def guetter():
        nonlocal haut
        while not fini.wait(0.02):
            haut = max(haut, residente())

    guet = threading.Thread(target=guetter)
    guet.start()
    depart = time.perf_counter()
    try:
        yield mesure
    finally:
        mesure["secondes"] = time.perf_counter() - depart
        fini.set()
        guet.join()
        mesure["mo"] = (max(haut, residente()) - avant) / 1e6


def ecrire_nu(fichier, emission, passages) -> None:
    """The reference: one new small tree per passage, streamed, nothing else."""
    from lxml import etree

    from cpf import flux

    with etree.xmlfile(fichier, encoding="UTF-8") as xf, xf.element(flux._nom("flux"), nsmap=flux.PREFIXES):
        for passage in passages:
            xf.write(flux._moule(list(flux._feuilles(passage)))[0])


def le_notre(chemin, emission, passages) -> str:
    """Checked (duplicates included), written, validated, hashed."""
    from cpf import flux
    from cpf.controles import Doublons, bloquantes, controler
    from tests.cpf.fabrique import JOUR

    doublons = Doublons(passages())
    retenus = (p for p in passages() if not bloquantes([*doublons.anomalies(p), *controler(p, JOUR)]))
    flux.ecrire(chemin, emission, retenus)
    assert flux.valider(chemin, emission.profil) == []
    with open(chemin, "rb") as fichier:
        return hashlib.file_digest(fichier, "sha256").hexdigest()


def inventer(nombre: int):
    """Passages without end to hold: invented people, no two alike."""
    from tests.cpf.fabrique import passage

    modele = passage(adresse="https://registre.example.org/V/1", prenom2="Lucie")
    for rang in range(nombre):
        nom = "Lefèvre " + "".join(chr(65 + int(chiffre)) for chiffre in str(rang))
        personne = modele["titulaire"] | {"nom_naissance": nom, "annee_naissance": 1960 + rang % 40}
        yield modele | {"id_technique": f"{rang:032x}", "titulaire": personne}


def fichier_seul(nombre: int) -> None:
    from tests.cpf.fabrique import emission

    entete = emission("1.1.5")
    print(f"\nFichier seul, {nombre} passages, médiane de {TOURS} passages alternés :")
    with tempfile.NamedTemporaryFile(suffix=".xml") as cible:
        temps = {"référence": [], "le nôtre": [], "invention des passages": []}
        memoire = 0.0
        for _ in range(TOURS):
            with pointe() as rien:
                for _passage in inventer(nombre):
                    pass
            with pointe() as nu, open(cible.name, "wb") as sortie:
                ecrire_nu(sortie, entete, inventer(nombre))
            with pointe() as notre:
                le_notre(cible.name, entete, lambda: inventer(nombre))
            temps["invention des passages"].append(rien["secondes"])
            # Inventing the passages is nobody's work: taken off, twice for ours, which reads them twice.
            temps["référence"].append(nu["secondes"] - rien["secondes"])
            temps["le nôtre"].append(notre["secondes"] - 2 * rien["secondes"])
            memoire = max(memoire, notre["mo"])
    medianes = {nom: statistics.median(mesures) for nom, mesures in temps.items()}
    for nom, mediane in medianes.items():
        print(f"  {nom:<24} {mediane:7.2f} s  {nombre / mediane:9.0f} passages/s")
    print(f"  rapport {medianes['référence'] / medianes['le nôtre']:.2f}, mémoire {memoire:.0f} Mo de plus à la pointe")


def peupler(bureau, nombre: int) -> None:
    """So many parchemins due, as bare as the accrochage allows."""
    from django.db import transaction
    from django.utils import timezone

    from registre.models import Parchemin, Titulaire
    from tests.cpf.fabrique import enregistrement

    modele = bureau.parchemin()
    jour = timezone.localdate() - timedelta(days=10)
    for debut in range(1, nombre, PAQUET):
        rangs = range(debut, min(debut + PAQUET, nombre))
        fiches = []
        for rang in rangs:
            nom = "Durand " + "".join(chr(65 + int(chiffre)) for chiffre in str(rang))
            fiches.append(
                modele.enregistrement
                | {
                    "numero": f"B{bureau.organisme.pk}-{rang:07}",
                    "titulaire": enregistrement(nom_naissance=nom)["titulaire"],
                }
            )
        with transaction.atomic():
            gens = [
                Titulaire(courriel=f"p{r}@example.org", **f["titulaire"]) for r, f in zip(rangs, fiches, strict=True)
            ]
            Titulaire.objects.bulk_create(gens, batch_size=500)
            Parchemin.objects.bulk_create(
                [
                    Parchemin(
                        serie=modele.serie, rang=rang + 1, numero=fiche["numero"], titulaire=personne, lieu="Paris",
                        version=modele.version, certificateur=modele.certificateur, nature="parchemin",
                        delivre_le=jour, enregistrement=fiche, sel="0" * 64, kid=1,
                        identifiant=f"{bureau.organisme.pk:08x}{rang:024x}",
                        jeton=modele.jeton, sha256="f" * 64,
                    )
                    for rang, fiche, personne in zip(rangs, fiches, gens, strict=True)
                ],
                batch_size=500,
            )  # fmt: skip


def avec_la_base(nombre: int) -> None:
    """One lot of this size written by the worker's function, then its accusé: one refusal in five."""
    from cpf import workflow
    from cpf.models import LotCPF
    from tests.cpf.fabrique import Bureau, accuse, timezone

    bureau = Bureau()
    peupler(bureau, nombre)
    with pointe() as lot_ecrit:
        lot = workflow.constituer(bureau.personne, bureau.organisme)
        if lot.etat == LotCPF.Etat.ECRITURE:
            workflow.ecrire.call(lot.pk)
    lot = LotCPF.objects.get(pk=lot.pk)
    assert (lot.etat, lot.nombre) == ("prepare", nombre), (lot.etat, lot.nombre, lot.incidents)
    bureau.faire(lot, "declarer_depot", jour=timezone.localdate())
    siens = list(lot.passages.values_list("id_technique", flat=True))
    message = ["Aucun titulaire ne correspond aux critères obligatoires enrichis du jour et du mois de naissance"]
    refuses = dict.fromkeys(siens[::5], message)
    octets = accuse(str(lot.id_flux), [i for i in siens if i not in refuses], refuses)
    del siens, refuses
    with pointe() as integre:
        lot = workflow.integrer_accuse(bureau.personne, lot, octets, "accuse.xml")
    assert lot.etat == "traite"
    for nom, mesure in (("lot", lot_ecrit), (f"accusé ({len(octets) / 1e6:.0f} Mo)", integre)):
        par_passage = mesure["secondes"] / nombre * 1e6
        cout = f"{mesure['secondes']:7.1f} s  {par_passage:6.0f} µs/passage  {mesure['mo']:5.0f} Mo"
        print(f"  {nombre:>7} {nom:<14} {cout}", flush=True)


def main() -> None:
    moteur, nombre = moteur_demande()
    with base(moteur):
        preparer_django()
        from registre import certificats, cles

        cles.creer()
        certificats.creer()
        if "--base" not in sys.argv:
            fichier_seul(nombre)
        if "--fichier" not in sys.argv:
            print(f"\nAvec la base ({moteur}) :")
            for taille in (1_000, 10_000, nombre):
                avec_la_base(taille)


if __name__ == "__main__":
    main()
