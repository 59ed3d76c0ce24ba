"""Who may sit in a session: the mandates that run that day, the seats left, the organisations, the chair."""

from collections.abc import Iterator

from django.utils import timezone

from backoffice.comptes.models import Role
from registre.textes import plier

from .composition import NOMS, college_qui_preside, parcours_de
from .corps import COLLEGES, Regles
from .deports import deporter_d_office
from .models import Mandat, MembreJury, SessionJury

Fonction = MembreJury.Fonction


def regles_de(session: SessionJury) -> list[Regles]:
    """The rules of every parcours at stake in this session; those of a jury by default when none is published."""
    return [Regles.de(parcours) for parcours in parcours_de(session)] or [Regles()]


def mandats_a_asseoir(session: SessionJury, suppleants: bool = True):
    """The mandates that may take a seat in this session: they run that day, their holder may log in, is not seated."""
    jour = timezone.localdate(session.debut)
    mandats = (
        Mandat.objects.pour(session.certificateur_id, session.certifications.all())
        .valables(jour)
        .filter(personne__is_active=True, personne__roles__in=Role.objects.actifs().filter(nom=Role.Nom.JURY))
        .exclude(personne__in=session.membres.values("utilisateur"))
        .select_related("personne", "organisme")
        .distinct()
        .order_by("college", "suppleant", "pk")
    )
    return mandats if suppleants else mandats.filter(suppleant=False)


def refus_de_siege(session: SessionJury, mandat: Mandat) -> Iterator[str]:
    """Why this mandate gives no seat in this session, with the dates and the numbers; nothing when it does."""
    jour = timezone.localdate(session.debut)
    if manque := mandat.manque(jour):
        yield f"Le mandat de {mandat.personne} {manque}\u00a0: la session se tient le {jour:%d/%m/%Y}."
    if mandat.certificateur_id != session.certificateur_id:
        yield f"Le mandat de {mandat.personne} vaut pour les jurys de {mandat.certificateur}, pas pour celui-ci."
    elif (siennes := set(mandat.certifications.all())) and not siennes.intersection(session.certifications.all()):
        yield f"Le mandat de {mandat.personne} ne porte sur aucune certification de cette session."
    if not mandat.personne.roles.actifs().filter(nom=Role.Nom.JURY).exists() or not mandat.personne.is_active:
        yield f"{mandat.personne} n’a pas le rôle de membre de jury\u00a0: donnez-lui d’abord ce rôle."
    if session.membres.filter(utilisateur=mandat.personne_id).exists():
        yield "Cette personne siège déjà à cette session\u00a0: un siège, une voix."
    elif not mandat.suppleant:
        yield from refus_de_place(session, [mandat])


def refus_de_place(session: SessionJury, mandats: list[Mandat]) -> Iterator[str]:
    """Why these titulaires cannot all have a seat: seats of their collège, one per organisation where the rule says."""
    regles = regles_de(session)
    ouverts = min(r.sieges_par_college for r in regles)
    assis = list(session.membres.filter(suppleant=False))
    for college in COLLEGES:
        nouveaux = sum(m.college == college for m in mandats)
        deja = sum(m.college == college for m in assis)
        if nouveaux and deja + nouveaux > ouverts:
            pris = f"{deja} déjà pourvus" if deja > 1 else f"{deja} déjà pourvu"
            yield (
                f"Sièges\u00a0: le collège {NOMS[college]} en a {ouverts}, {pris}, {nouveaux} de plus à pourvoir. "
                "Retirez un membre, ou nommez un suppléant."
            )
    if any(r.un_siege_par_organisation for r in regles):
        vues = {plier(m.organisation) for m in assis if m.organisation}
        for mandat in mandats:
            if mandat.organisation and plier(mandat.organisation) in vues:
                yield f"«\u202f{mandat.organisation}\u202f» a déjà un siège\u00a0: chaque organisation en a un."
            vues.add(plier(mandat.organisation))


def refus_de_presidence(session: SessionJury, president: str, vice_president: str) -> Iterator[str]:
    """Why the chair and the vice-chair cannot come from these collèges (empty: nobody)."""
    regles = regles_de(session)
    alternee = any(r.presidence_alternee for r in regles)
    if alternee and president and president == vice_president:
        yield "La présidence et la vice-présidence viennent de collèges différents."
    if not any(r.alternance_annuelle for r in regles):
        return
    jour = timezone.localdate(session.debut)
    attendu, raison = college_qui_preside(
        session.certificateur_id, session.certifications.all(), session.instance, jour, session.pk
    )
    if attendu and president and president != attendu:
        yield f"{raison[:1].upper()}{raison[1:]}\u00a0: la présidence revient au collège {NOMS[attendu]}."
    elif attendu and alternee and vice_president == attendu and not president:
        yield (
            f"{raison[:1].upper()}{raison[1:]}\u00a0: le collège {NOMS[attendu]} préside, la vice-présidence revient "
            "à l’autre."
        )


def asseoir(session: SessionJury, mandat: Mandat, fonction: str = Fonction.MEMBRE) -> MembreJury:
    """Give the seat of this mandate in this session, bound to that of the titulaire or suppléants already there."""
    titulaire = session.membres.filter(mandat=mandat.suppleant_de_id).first() if mandat.suppleant_de_id else None
    membre = MembreJury.objects.create(
        session=session,
        utilisateur=mandat.personne,
        college=mandat.college,
        fonction=fonction,
        qualite=mandat.qualite,
        organisme=mandat.organisme or _organisme_de(mandat.personne),
        organisation=mandat.organisation,
        mandat=mandat,
        suppleant=mandat.suppleant,
        remplace=titulaire,
    )
    session.membres.filter(suppleant=True, remplace=None, mandat__suppleant_de=mandat).update(remplace=membre)
    deporter_d_office(session.inscriptions.all(), session.membres.filter(pk=membre.pk))
    return membre


def _organisme_de(personne):
    """The body of their role of jury member, when the mandate names none: a conflict is then read from it."""
    return next((r.organisme for r in personne.tous_les_roles if r.nom == Role.Nom.JURY), None)
