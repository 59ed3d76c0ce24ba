"""What waits for this person about accounts: requests to answer, roles offered to them, invitations left unanswered."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from registre.transitions import VERBES

from .invitations import INVITATION
from .models import DemandeCompte, Invitation
from .workflow import DEMANDE

# Shown at once; the others are told by their number.
PAR_ATTENTE = 8


@dataclass(frozen=True)
class Ligne:
    """One thing that waits: what it is, since when, and the button that leads to its answer."""

    titre: str
    texte: str
    depuis: datetime
    url: str
    bouton: str


@dataclass(frozen=True)
class Attente:
    nom: str
    titre: str
    compte: int
    lignes: list[Ligne]

    @property
    def reste(self) -> int:
        return self.compte - len(self.lignes)


def comptes_en_attente(utilisateur) -> list[Attente]:
    """What this person may answer now, the oldest first; nothing of what they may only read."""
    attentes = [
        _attente("offres", "Un rôle vous est proposé", offres_a(utilisateur), "envoyee_le", _offre),
        _attente("demandes", "Demandes de compte", _demandes(utilisateur), "deposee_le", _demande),
        _attente("invitations", "Invitations restées sans réponse", _expirees(utilisateur), "envoyee_le", _expiree),
    ]
    return [attente for attente in attentes if attente.compte]


def offres_a(utilisateur) -> QuerySet:
    """The invitations that wait for this very person: their address was proved when their account was opened."""
    envoyees = Invitation.objects.filter(courriel=utilisateur.email, etat=Invitation.Etat.ENVOYEE)
    return envoyees.filter(expire_le__gt=timezone.now()).exclude(fin__lt=timezone.localdate())


def _attente(nom, titre, objets, depuis, ligne) -> Attente:
    premiers = list(objets.order_by(depuis, "pk")[: PAR_ATTENTE + 1])
    # Counted only when there are more than what is shown.
    compte = objets.count() if len(premiers) > PAR_ATTENTE else len(premiers)
    return Attente(nom, titre, compte, [ligne(objet) for objet in premiers[:PAR_ATTENTE]])


def _demandes(utilisateur) -> QuerySet:
    deposees = DemandeCompte.objects.filter(etat=DemandeCompte.Etat.DEPOSEE).select_related("porteur")
    if utilisateur.a_role(*VERBES[DEMANDE, "approuver"].roles):
        return deposees.visibles_par(utilisateur)
    return deposees.none()


def _demande(demande) -> Ligne:
    texte = f"{demande.commune}\u00a0; organisme sollicité\u00a0: {demande.porteur}"
    return Ligne(demande.raison_sociale, texte, demande.deposee_le, demande.get_absolute_url(), "Répondre")


def _offre(invitation) -> Ligne:
    url = reverse("comptes:accepter", args=[invitation.pk])
    fonction = invitation.fonction[:1].upper() + invitation.fonction[1:]
    return Ligne(fonction, "Acceptez-le ici, ou par le lien du courriel.", invitation.envoyee_le, url, "Répondre")


def _expirees(utilisateur) -> QuerySet:
    """Those that this person may send again: in the name of their porteur, of the certificateur, of their employer."""
    envoyees = Invitation.objects.filter(etat=Invitation.Etat.ENVOYEE, expire_le__lte=timezone.now())
    siennes = Q(porteur__in=utilisateur.organismes_ids("gestionnaire"))
    employeurs = utilisateur.organismes_ids("employeur")
    siennes |= Q(porteur=None, role="employeur", organisme__in=employeurs)
    if utilisateur.a_role("certificateur"):
        siennes |= Q(porteur=None)
    return envoyees.filter(siennes).exclude(fin__lt=timezone.localdate()).select_related("organisme")


def _expiree(invitation) -> Ligne:
    bouton = VERBES[INVITATION, "renvoyer"].libelle
    url = invitation.get_absolute_url()
    return Ligne(invitation.courriel, invitation.fonction, invitation.envoyee_le, url, bouton)
