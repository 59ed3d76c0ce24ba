"""Why a dossier waits: who must act, for what. Derived from the registered verbs, never from a second list."""

from functools import cache

from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When

from registre.transitions import VERBES, Verbe

from .models import Candidature

MODELE = Candidature._meta.label_lower
QUI = {
    "employeur": "L’employeur",
    "gestionnaire": "Le porteur",
    "evaluateur": "L’évaluateur habilité",
    "metier": "L’évaluateur métier",
    "jury": "Le jury",
    "certificateur": "Le certificateur",
    "signataire": "Le signataire",
    "candidat": "Le candidat",
    "plateforme": "La plateforme",
}


def principaux() -> list[Verbe]:
    """The verbs that move a dossier forward, in the order of the steps."""
    return sorted(
        (v for v in VERBES.values() if v.principal and v.attendu is not None and v.modele == MODELE),
        key=lambda v: v.etape,
    )


def en_attente_de(verbe: Verbe, candidatures) -> QuerySet:
    """Among `candidatures`, those on which this verb is the next thing to do, oldest first."""
    # By ids: a condition on several invitations or registrations would repeat rows.
    ids = Candidature.objects.filter(etat__in=verbe.de).filter(verbe.attendu).values("pk")
    return candidatures.filter(pk__in=ids).order_by("etat_depuis", "pk")


def avec_attente(candidatures: QuerySet) -> QuerySet:
    """Annotate each dossier with `verbe_attendu`, the name of the verb it waits for ("" when none), in one query."""
    return candidatures.annotate(verbe_attendu=_cas(tuple(verbe.nom for verbe in principaux())))


@cache
def _cas(noms: tuple[str, ...]) -> Case:
    """The first of these verbs that the row waits for; written once, for it is long."""
    cas = []
    for nom in noms:
        verbe = VERBES[MODELE, nom]
        condition = {"etat__in": verbe.de}
        if verbe.attendu:
            # Asked of each row: « among the ids of » would read every dossier of these states for one page of them.
            sien = Candidature.objects.filter(pk=OuterRef("pk")).filter(verbe.attendu)
            cas.append(When(Exists(sien), **condition, then=Value(verbe.nom)))
            continue
        cas.append(When(**condition, then=Value(verbe.nom)))
    return Case(*cas, default=Value(""), output_field=CharField())


def attente_de(candidature: Candidature) -> dict | None:
    """Who must act on this dossier, for what, since when; None when nobody has to.

    A dossier read through `avec_attente` costs no query; another one is asked only about the verbs of its state.
    """
    nom = getattr(candidature, "verbe_attendu", None)
    if nom is None:
        possibles = tuple(verbe.nom for verbe in principaux() if candidature.etat in verbe.de)
        lue = Candidature.objects.filter(pk=candidature.pk).annotate(verbe_attendu=_cas(possibles))
        nom = lue.values_list("verbe_attendu", flat=True).first()
    if not nom:
        return None
    verbe = VERBES[MODELE, nom]
    return {
        "qui": QUI[verbe.roles[0]],
        "role": verbe.roles[0],
        "quoi": verbe.attente,
        "depuis": candidature.etat_depuis,
        "verbe": verbe,
    }
