"""What the worker does with a file: read it without changing anything, then write what a person chose."""

import logging
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from registre.france_competences import Fiche, FichierIllisible, lire
from registre.models import VersionCertification
from registre.quotidien import quotidienne
from registre.rafraichissement import FicheRefusee, Rapport, rafraichir

from .models import FicheLue, ImportDeFiches

trace = logging.getLogger(__name__)

# A page on which a person looks at each difference; beyond, nobody would.
AU_PLUS = 200


class TropDeFiches(Exception):
    """More fiches than a person can look at."""


def _lire(depot: ImportDeFiches, choix) -> list[Fiche]:
    """The fiches looked for. The file is read before any transaction: it takes a minute, and holds nothing."""
    lues = []
    with depot.fichier.open("rb") as fichier:
        for fiche in lire(fichier, choix):
            lues.append(fiche)
            if len(lues) > AU_PLUS:
                raise TropDeFiches
    return lues


@task()
def analyser(pk: int) -> None:
    """Compare each fiche with the registry, and give everything back: the report alone stays. Once."""
    depot = ImportDeFiches.objects.get(pk=pk)
    if depot.analyse_le or depot.echec:
        return
    try:
        fiches = _lire(depot, depot.choix)
    except FichierIllisible as erreur:
        ImportDeFiches.objects.filter(pk=pk).update(echec=str(erreur))
        return
    except TropDeFiches:
        phrase = f"Plus de {AU_PLUS} fiches correspondent\u202f: précisez les numéros, le certificateur ou le titre."
        ImportDeFiches.objects.filter(pk=pk).update(echec=phrase)
        return
    lignes = []
    with transaction.atomic():
        for rang, fiche in enumerate(fiches, 1):
            lignes.append(_comparer(depot, rang, fiche))
        transaction.set_rollback(True)
    connues = dict(
        VersionCertification.objects.filter(numero__in=[f.numero for f in fiches]).values_list("numero", "pk")
    )
    for ligne in lignes:
        ligne.version_id = connues.get(ligne.numero)
    with transaction.atomic():
        depot.fiches.all().delete()
        FicheLue.objects.bulk_create(lignes)
        absents = sorted(depot.choix.numeros - {f.numero for f in fiches})
        ImportDeFiches.objects.filter(pk=pk).update(analyse_le=timezone.now(), absents=absents)


def _comparer(depot: ImportDeFiches, rang: int, fiche: Fiche) -> FicheLue:
    ligne = FicheLue(import_de_fiches=depot, rang=rang, numero=fiche.numero[:40], intitule=fiche.intitule)
    try:
        with transaction.atomic():
            rapport = rafraichir(fiche, date_export=depot.date_export)
    except FicheRefusee as refus:
        ligne.sort, ligne.avertissements = FicheLue.Sort.REFUSEE, refus.phrases
        return ligne
    _noter(ligne, rapport)
    ligne.sort = FicheLue.Sort.CHANGEE if rapport.ecarts else FicheLue.Sort.IDENTIQUE
    if rapport.creation:
        ligne.sort = FicheLue.Sort.NOUVELLE
    return ligne


def _noter(ligne: FicheLue, rapport: Rapport) -> None:
    ligne.ecarts = [asdict(ecart) for ecart in rapport.ecarts]
    ligne.gardes = [asdict(garde) for garde in rapport.gardes]
    ligne.avertissements = rapport.avertissements


@task()
def appliquer(pk: int) -> None:
    """Write what was chosen, one transaction per fiche; taken up after a cut, since a fiche that is done says so."""
    depot = ImportDeFiches.objects.select_related("confirme_par").get(pk=pk)
    if not depot.confirme_le or depot.termine_le:
        return
    choisies = {f.numero: f for f in depot.fiches.filter(sort__in=(FicheLue.Sort.NOUVELLE, FicheLue.Sort.CHANGEE))}
    try:
        fiches = _lire(depot, choisies.keys()) if choisies else []
    except FichierIllisible as erreur:
        ImportDeFiches.objects.filter(pk=pk).update(echec=str(erreur), termine_le=timezone.now())
        return
    for fiche in fiches:
        _reprendre(depot, choisies[fiche.numero], fiche)
    ImportDeFiches.objects.filter(pk=pk).update(termine_le=timezone.now())


class _Autre(Exception):
    """The registry is no longer what the person looked at."""


def _reprendre(depot: ImportDeFiches, ligne: FicheLue, fiche: Fiche) -> None:
    attendus = _valeurs(e for e in ligne.ecarts if e["cle"] not in ligne.laisser)
    attendus |= _valeurs(g for g in ligne.gardes if g["cle"] in ligne.ecraser)
    try:
        with transaction.atomic():
            rapport = rafraichir(
                fiche,
                date_export=depot.date_export,
                ecraser=ligne.ecraser,
                laisser=ligne.laisser,
                acteur=depot.confirme_par,
            )
            if not _valeurs(asdict(e) for e in rapport.ecarts) <= attendus:
                raise _Autre
            ligne.version = VersionCertification.objects.get(numero=fiche.numero)
            ligne.sort = FicheLue.Sort.REPRISE
            _noter(ligne, rapport)
            ligne.save()
    except (FicheRefusee, _Autre) as refus:
        phrase = "Le registre a changé depuis le contrôle\u202f: déposez le fichier de nouveau."
        ligne.sort = FicheLue.Sort.A_REVOIR
        ligne.avertissements = getattr(refus, "phrases", [phrase])
        ligne.save(update_fields=["sort", "avertissements"])


def _valeurs(ecarts) -> set[tuple]:
    """Differences of fields only: which body is created by which fiche depends on the fiches that were chosen."""
    return {(e["cle"], e["avant"], e["apres"]) for e in ecarts if e["cle"]}


@quotidienne("Efface les fichiers des répertoires nationaux déposés il y a 30 jours")
def purger_les_fichiers_des_repertoires() -> str:
    """Delete the files; the reports stay."""
    nombre = 0
    for depot in ImportDeFiches.objects.a_purger():
        depot.fichier.delete(save=False)
        depot.purge_le = timezone.now()
        depot.save(update_fields=["fichier", "purge_le"])
        nombre += 1
    return f"{nombre} fichier(s) effacé(s)."
