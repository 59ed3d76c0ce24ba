"""The one mechanism of the workflow: what a verb is, and how it is carried out.

A verb is a function registered with `@verbe`: from which states, to which states, which roles, under which conditions,
with which effect and which mails. Buttons, the POST view, the table in docs/ and the test matrix all read `VERBES`.
Nothing else in the product assigns `etat`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from . import courriels, journal
from .preuves import Preuve


class Refus(Exception):
    """An act that is not carried out; `phrases` tell the person why and what to do. Nothing has changed."""

    statut = 409

    def __init__(self, *phrases: str):
        super().__init__(" ".join(phrases))
        self.phrases = list(phrases)


class HorsPortee(Refus):
    """The object does not exist for this person."""

    statut = 404


class RoleInsuffisant(Refus):
    """The person sees the object but may not do this."""

    statut = 403


class IdentiteAConfirmer(Refus):
    """The act commits the person: they prove once more that it is them, then ask again."""


@dataclass(frozen=True)
class Verbe:
    """One act of the workflow, as registered. `vers` empty: the state stays."""

    nom: str
    modele: str
    libelle: str
    effet: Callable
    de: tuple[str, ...]
    vers: tuple[str, ...]
    roles: tuple[str, ...]
    etape: int
    conditions: Callable | None = None
    attendu: Q | None = None  # rows for which this verb is the next thing to do: « À faire » reads it
    attente: str = ""  # what people read while it has not been done
    formulaire: type | None = None
    courriels: Callable | None = None
    principal: bool = False
    interne: bool = False  # no button of its own, no POST
    consequence_de: tuple[str, ...] = ()  # verbs that carry this one out, for whoever was allowed to do them
    creation: bool = False
    aide: str = ""
    danger: bool = field(default=False)
    reauthentifier: bool = False  # `donnees["preuve"]` says that the person has just presented their second factor
    par_lot: bool = False  # may be asked for many rows at once: no form, or one form that is the same for all


VERBES: dict[tuple[str, str], Verbe] = {}


def verbe(modele: str, nom: str, **options) -> Callable:
    """Register the decorated function as the effect of verb `nom` on `modele` (« candidatures.candidature »)."""

    def enregistrer(effet: Callable) -> Callable:
        if (modele, nom) in VERBES:
            raise ValueError(f"verbe déjà enregistré\u00a0: {modele} {nom}")
        for cle in ("de", "vers", "roles"):
            options[cle] = tuple(options.get(cle, ()))
        VERBES[modele, nom] = Verbe(nom=nom, modele=modele, effet=effet, **options)
        return effet

    return enregistrer


def verbes_de(objet_ou_modele) -> Iterable[Verbe]:
    """The verbs registered for this model, in the order of the steps."""
    modele = objet_ou_modele._meta.label_lower
    return sorted((v for v in VERBES.values() if v.modele == modele), key=lambda v: (v.etape, not v.principal))


def manques(acte: Verbe, objet, acteur, donnees: dict | None = None) -> list[str]:
    """French sentences saying what prevents this verb now, beyond state and role; empty when nothing does."""
    return list(acte.conditions(objet, acteur, donnees or {})) if acte.conditions else []


def _autoriser(acte: Verbe, objet, acteur, par: str) -> str:
    if par:
        if par not in acte.consequence_de:
            raise ValueError(f"{acte.nom} n’est pas une conséquence de {par}")
        return acte.roles[0]
    roles = objet.roles_de(acteur)
    if not roles:
        raise HorsPortee("Ce dossier n’existe pas, ou ne vous est pas ouvert.")
    for role in acte.roles:
        if role in roles:
            return role
    raise RoleInsuffisant(f"«\u202f{acte.libelle}\u202f» ne fait pas partie de ce que votre rôle permet.")


def _verifier_etat(acte: Verbe, objet) -> None:
    if acte.de and objet.etat not in acte.de:
        raise Refus(
            f"«\u202f{acte.libelle}\u202f» n’est pas possible maintenant\u00a0: l’état est "
            f"«\u202f{objet.get_etat_display()}\u202f»."
        )


def _verifier_preuve(acte: Verbe, acteur, donnees: dict) -> None:
    preuve = donnees.get("preuve")
    if acte.reauthentifier and not (isinstance(preuve, Preuve) and preuve.vaut_pour(acteur)):
        raise IdentiteAConfirmer(
            f"«\u202f{acte.libelle}\u202f» vous engage\u00a0: confirmez d’abord que c’est bien vous."
        )


def verifier_tour(acte: Verbe, objet, acteur) -> None:
    """Check scope, role and state without running anything: what a page asks before it shows a form.

    Raises:
        Refus: as `executer` would.
    """
    _autoriser(acte, objet, acteur, "")
    _verifier_etat(acte, objet)


def executer(modele: str, nom: str, objet, acteur, donnees: dict | None = None, cle: str = "", par: str = ""):
    """Carry out one verb in one transaction: lock, check, run, set the state, write the journal, queue the mails.

    `donnees` are the cleaned data of the verb's form. `cle` makes a repeated request harmless.
    `par` names the verb of which this one is a declared consequence. Returns the fresh object.

    Raises:
        Refus: out of scope, wrong role, wrong state or unmet condition; nothing has changed then.
    """
    acte, donnees = VERBES[modele, nom], donnees or {}
    with transaction.atomic():
        if acte.creation:
            role, avant = _autoriser(acte, objet, acteur, par), ""
            if jumeau := journal.deja_cree(cle, nom, objet):
                return jumeau
            if absents := manques(acte, objet, acteur, donnees):
                raise Refus(*absents)
            objet.save(force_insert=True)
        else:
            objet = apps.get_model(modele).objects.select_for_update(of=("self",)).get(pk=objet.pk)
            role = _autoriser(acte, objet, acteur, par)
            if journal.deja_fait(cle, nom, objet):
                return objet
            avant = objet.etat
            _verifier_etat(acte, objet)
            if absents := manques(acte, objet, acteur, donnees):
                raise Refus(*absents)
        _verifier_preuve(acte, acteur, donnees)
        resultat = acte.effet(objet, acteur, donnees) or {}
        apres = resultat.get("etat") or (acte.vers[0] if acte.vers else objet.etat)
        if acte.vers and apres not in acte.vers:
            raise ValueError(f"{nom}\u00a0: état non déclaré {apres}")
        objet.etat = apres
        if apres != avant and hasattr(objet, "etat_depuis"):
            objet.etat_depuis = timezone.now()
        objet.save()
        motif = donnees.get("motif", "") or resultat.get("motif", "")
        suite = {"avant": avant, "apres": apres, "cle": cle, "motif": motif}
        entree = journal.consigner(acteur, role, nom, objet, details=resultat.get("details", {}), **suite)
        for message in acte.courriels(objet, acteur, donnees, resultat) if acte.courriels else ():
            courriels.deposer(message, entree)
    return apps.get_model(modele).objects.get(pk=objet.pk)
