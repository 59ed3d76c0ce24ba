"""One verb on many rows: shown before, then carried out one by one, each by the mechanism of the verbs."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django_tasks import task

from registre.transitions import VERBES, Refus, Verbe, executer, manques, verifier_tour

from .models import ActeGroupe, LigneGroupee

trace = logging.getLogger(__name__)

MAXIMUM = 10_000
# Up to here, rows are judged beforehand one by one, and carried out while the person waits.
SEUIL = 200
IMPREVU = "Une erreur inattendue a empêché cet acte\u202f: rien n’a changé. Recommencez depuis le dossier."
PERIME = "Ce qui a été choisi pour ce lot n’est plus possible\u00a0: recommencez avec un autre choix."
DISPARU = "Ce dossier n’existe plus, ou ne vous est plus ouvert."


@dataclass
class Apercu:
    """What would happen: rows that may go, rows that would be refused and why, rows not judged yet."""

    prets: list = field(default_factory=list)
    refuses: list[tuple[object, list[str]]] = field(default_factory=list)
    non_examines: int = 0


def acte_de(lot: ActeGroupe) -> Verbe:
    """The registered verb of this grouped act."""
    return VERBES[lot.modele, lot.verbe]


def preparer(acteur, liste: str, verbe: Verbe, ids: list[int]) -> ActeGroupe:
    """Keep the selection, in its order. Nothing is done.

    Raises:
        Refus: nothing selected, too many rows, or a verb that does not suit many rows.
    """
    if not verbe.par_lot:
        raise Refus(f"«\u202f{verbe.libelle}\u202f» se fait dossier par dossier.")
    if not ids:
        raise Refus("Cochez au moins une ligne.")
    if len(ids) > MAXIMUM:
        raise Refus("Un acte groupé porte sur 10\u202f000 lignes au plus\u202f: affinez les filtres.")
    with transaction.atomic():
        lot = ActeGroupe.objects.create(
            proprietaire=acteur, liste=liste, modele=verbe.modele, verbe=verbe.nom, sous_le_role=acteur.sous_le_role
        )
        LigneGroupee.objects.bulk_create(
            [LigneGroupee(acte=lot, objet_id=pk, rang=rang) for rang, pk in enumerate(dict.fromkeys(ids), 1)],
            batch_size=500,
        )
    return lot


def objets_de(lot: ActeGroupe, lignes) -> dict:
    """The objects of these rows that the author may still see."""
    modele = apps.get_model(lot.modele)
    return modele.objects.all().visibles_par(lot.auteur).in_bulk([ligne.objet_id for ligne in lignes])


def apercu(lot: ActeGroupe) -> Apercu:
    """Judge the first rows as their buttons would be; state and role for all of those, conditions too."""
    acte, lignes = acte_de(lot), list(lot.lignes.all()[:SEUIL])
    objets, vu = objets_de(lot, lignes), Apercu(non_examines=max(0, lot.lignes.count() - SEUIL))
    for ligne in lignes:
        objet = objets.get(ligne.objet_id)
        if objet is None:
            vu.refuses.append((None, [DISPARU]))
            continue
        try:
            verifier_tour(acte, objet, lot.auteur)
            phrases = manques(acte, objet, lot.auteur)
        except Refus as refus:
            phrases = refus.phrases
        if phrases:
            vu.refuses.append((objet, phrases))
        else:
            vu.prets.append(objet)
    return vu


def formulaire(lot: ActeGroupe, donnees=None):
    """The form of the verb, the same for every row; None when it has none.

    A form that reads its object says by `pour_plusieurs` what it then leaves out: the first row speaks for no other.
    """
    classe = acte_de(lot).formulaire
    if classe is None:
        return None
    premiere = next(iter(objets_de(lot, lot.lignes.all()[:SEUIL]).values()), None)
    if donnees is not None and not isinstance(donnees, QueryDict):
        saisie = QueryDict(mutable=True)
        for nom, valeurs in donnees.items():
            saisie.setlist(nom, valeurs)
        donnees = saisie
    arguments = (donnees, {}) if donnees is not None else ()
    return getattr(classe, "pour_plusieurs", classe)(*arguments, objet=premiere, acteur=lot.auteur)


def lancer(lot: ActeGroupe, saisie: dict) -> None:
    """Start it, once: a second request finds it launched. Few rows are done at once, many by the worker."""
    with transaction.atomic():
        attendu = ActeGroupe.objects.filter(pk=lot.pk, lance_le=None)
        if not attendu.update(lance_le=timezone.now(), saisie=saisie):
            return
        nombreux = lot.lignes.count() > SEUIL
        if nombreux:
            derouler.enqueue(lot.pk)
    if not nombreux:
        derouler.call(lot.pk)


@task()
def derouler(pk: int) -> None:
    """Carry out the rows that wait, one transaction each: a bad row never blocks the next one.

    Run again after a cut, it goes on where it stopped: each row has its own key, so none is done twice.
    """
    lot = ActeGroupe.objects.select_related("proprietaire").get(pk=pk)
    if lot.fini_le or not lot.lance_le:
        return
    saisie = formulaire(lot, lot.saisie)
    # None: what was typed is no longer a choice (a session cancelled since), and nothing is done in its place.
    donnees = {} if saisie is None else saisie.cleaned_data if saisie.is_valid() else None
    while lignes := list(lot.lignes.filter(faite_le=None, refus="")[:SEUIL]):
        objets = objets_de(lot, lignes)
        for ligne in lignes:
            _faire(lot, ligne, objets.get(ligne.objet_id), donnees)
    ActeGroupe.objects.filter(pk=pk).update(fini_le=timezone.now(), saisie={})
    trace.info("acte groupé %s fini", pk)


def _faire(lot: ActeGroupe, ligne: LigneGroupee, objet, donnees: dict | None) -> None:
    try:
        if objet is None:
            raise Refus(DISPARU)
        if donnees is None:
            raise Refus(PERIME)
        executer(lot.modele, lot.verbe, objet, lot.auteur, donnees, f"lot-{lot.pk}-{ligne.objet_id}")
        ligne.faite_le = timezone.now()
    except Refus as refus:
        ligne.refus = " ".join(refus.phrases)
    except Exception:
        trace.exception("acte groupé %s, ligne %s", lot.pk, ligne.rang)
        ligne.refus = IMPREVU
    ligne.save(update_fields=["faite_le", "refus"])


def interrompus():
    """Launched long ago, not finished, and not moving: the worker was cut."""
    limite = timezone.now() - timedelta(minutes=10)
    return ActeGroupe.objects.filter(lance_le__lt=limite, fini_le=None).exclude(lignes__faite_le__gte=limite)
