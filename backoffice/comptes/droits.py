"""What follows from a change of rights."""

from datetime import date, timedelta

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from registre.journal import consigner
from registre.models import Organisme
from registre.transitions import Refus

from . import groupes
from .models import Role, Utilisateur


def terminer_sessions(utilisateur: Utilisateur) -> int:
    """End every session of this person, on all their devices; return how many were open.

    To be called when a role is given or withdrawn, when an account is closed and when a second factor is reset.
    """
    sessions = list(UserSession.objects.filter(user=utilisateur))
    for session in sessions:
        session.end()
    return len(sessions)


def donner_role(
    utilisateur: Utilisateur,
    nom: str,
    organisme: Organisme | None,
    *,
    acteur: Utilisateur | None,
    au_titre_de: str,
    debut: date | None = None,
    fin: date | None = None,
) -> Role:
    """Give this role, or give it again with these dates; journal it and end the person's sessions.

    `au_titre_de` is the role in which `acteur` gives it, as the journal keeps it.
    """
    with transaction.atomic():
        dates = {"debut": debut or timezone.localdate(), "fin": fin}
        role, _ = Role.objects.update_or_create(utilisateur=utilisateur, nom=nom, organisme=organisme, defaults=dates)
        details = {"role": nom, "organisme": role.organisme_id, "debut": str(role.debut), "fin": str(fin or "")}
        consigner(acteur, au_titre_de, "donner_role", utilisateur, details=details)
        groupes.accorder(utilisateur)
        terminer_sessions(utilisateur)
    return role


def dater_role(role: Role, debut: date, fin: date | None, *, acteur: Utilisateur, au_titre_de: str) -> None:
    """Change the days of this role; journal it and end the person's sessions. The same days again do nothing.

    Raises:
        Refus: the role is over, its first day is past and would change, its days are in disorder or past, or `acteur`
            would set a term to their own last role of certificateur.
    """
    with transaction.atomic():
        role = Role.objects.select_for_update(of=("self",)).get(pk=role.pk)
        if (role.debut, role.fin) == (debut, fin):
            return
        if raison := _dates_impossibles(role, debut, fin):
            raise Refus(raison)
        if fin:
            _garder_un_certificateur(role, acteur)
        avant = {"debut_avant": str(role.debut), "fin_avant": str(role.fin or "")}
        role.debut, role.fin = debut, fin
        role.save(update_fields=["debut", "fin"])
        details = {
            "role": role.nom,
            "organisme": role.organisme_id,
            "debut": str(debut),
            "fin": str(fin or ""),
            **avant,
        }
        consigner(acteur, au_titre_de, "dater_role", role.utilisateur, details=details)
        groupes.accorder(role.utilisateur)
        terminer_sessions(role.utilisateur)


def _dates_impossibles(role, debut, fin) -> str:
    jour = timezone.localdate()
    if role.fin and role.fin < jour:
        return "Ce rôle est fini\u00a0: invitez de nouveau la personne."
    if debut != role.debut and min(debut, role.debut) < jour:
        return "Le premier jour d’un rôle commencé ne change plus, et un rôle ne commence pas dans le passé."
    if fin and fin < max(debut, jour):
        return "Le dernier jour est aujourd’hui au plus tôt, et ne précède pas le premier."
    return ""


def _garder_un_certificateur(role, acteur):
    siens = Role.objects.actifs().filter(utilisateur=acteur, nom=Role.Nom.CERTIFICATEUR).exclude(pk=role.pk)
    if role.utilisateur_id == acteur.pk and role.nom == Role.Nom.CERTIFICATEUR and not siens.exists():
        raise Refus("C’est votre dernier rôle de certificateur\u00a0: une autre personne peut y mettre fin.")


def retirer_role(role: Role, *, acteur: Utilisateur, au_titre_de: str) -> None:
    """End this role today; journal it and end the person's sessions. A role that is over already stays so.

    Raises:
        Refus: `acteur` would give up their own last role of certificateur.
    """
    with transaction.atomic():
        role = Role.objects.select_for_update(of=("self",)).get(pk=role.pk)
        hier = timezone.localdate() - timedelta(days=1)
        if role.fin and role.fin <= hier:
            return
        _garder_un_certificateur(role, acteur)
        role.fin = hier
        role.save(update_fields=["fin"])
        details = {"role": role.nom, "organisme": role.organisme_id}
        consigner(acteur, au_titre_de, "retirer_role", role.utilisateur, details=details)
        groupes.accorder(role.utilisateur)
        terminer_sessions(role.utilisateur)


def fermer_compte(utilisateur: Utilisateur, *, acteur: Utilisateur) -> None:
    """Close this account and end its sessions; its roles and its past acts stay.

    Raises:
        Refus: nobody closes their own account.
    """
    if utilisateur.pk == acteur.pk:
        raise Refus("Votre propre compte ne se ferme pas ici\u00a0: une autre personne peut le fermer.")
    _activer(utilisateur, False, acteur, "fermer_compte")


def rouvrir_compte(utilisateur: Utilisateur, *, acteur: Utilisateur) -> None:
    """Open again an account that was closed, with the roles that are not over."""
    _activer(utilisateur, True, acteur, "rouvrir_compte")


def _activer(utilisateur, actif, acteur, acte):
    with transaction.atomic():
        # One of two identical requests finds the account as it wants it, and does nothing.
        if Utilisateur.objects.filter(pk=utilisateur.pk, is_active=not actif).update(is_active=actif):
            consigner(acteur, Role.Nom.CERTIFICATEUR, acte, utilisateur)
            terminer_sessions(utilisateur)
