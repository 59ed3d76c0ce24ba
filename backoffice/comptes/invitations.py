"""The verbs of invitations: a role is offered by mail, and given to who accepts it."""

import hashlib
import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from backoffice.courriels import composer
from registre.models import EntreeJournal, Organisme
from registre.transitions import Refus, executer, verbe

from .droits import donner_role
from .models import DemandeCompte, Invitation, Role, Utilisateur

INVITATION = "comptes.invitation"
INVITANTS = ("certificateur", "gestionnaire", "employeur")
VALIDITE = timedelta(days=14)
# A candidate's account comes from the dossier.
OFFRES = {
    "certificateur": tuple(n for n in Role.Nom.values if n != Role.Nom.CANDIDAT),
    "gestionnaire": (Role.Nom.GESTIONNAIRE, Role.Nom.EVALUATEUR, Role.Nom.JURY, Role.Nom.EMPLOYEUR),
    "employeur": (Role.Nom.EMPLOYEUR,),
}
SANS_ORGANISME = {Role.Nom.AUDITEUR, *Role.DU_SITE}
Etat = Invitation.Etat


class Invite:
    """Who holds the link of one invitation; `compte` is the account they are logged in with, if any."""

    is_authenticated = False

    def __init__(self, invitation: Invitation, compte: Utilisateur | None = None):
        self.invitation, self.compte = invitation, compte
        self.pk = None

    def roles_par_lien(self, invitation: Invitation) -> set[str]:
        return {"invite"} if invitation.pk == self.invitation.pk else set()


def empreinte(jeton: str) -> str:
    """What the database keeps of the token of a link."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def inviter(
    acteur: Utilisateur, au_titre_de: str, courriel: str, role: str, organisme, cle: str = "", debut=None, fin=None
) -> Invitation:
    """Offer this role to this address, in one of the roles of `acteur`; without `debut`, from its acceptance on.

    Raises:
        Refus: that role may not offer this one on this body, or the offer makes no sense any more.
    """
    invitation = Invitation(courriel=courriel.lower(), role=role, organisme=organisme, debut=debut, fin=fin)
    if au_titre_de == "gestionnaire":
        siens = acteur.organismes_ids("gestionnaire")
        # Its own people are invited by the body itself, an établissement by the porteur that it came to.
        venue = DemandeCompte.objects.filter(porteur__in=siens, etablissement=organisme).first()
        invitation.porteur = organisme if organisme and organisme.pk in siens else venue and venue.porteur
    _renouveler(invitation)
    return executer(INVITATION, "inviter", invitation, acteur, {"au_titre_de": au_titre_de}, cle)


def _renouveler(invitation) -> str:
    """Give the invitation a new link and a new term; return the token, known to the mail only."""
    jeton = secrets.token_urlsafe(32)
    invitation.empreinte_jeton = empreinte(jeton)
    invitation.envoyee_le = timezone.now()
    invitation.expire_le = invitation.envoyee_le + VALIDITE
    return jeton


def titres(acteur: Utilisateur) -> list[str]:
    """The roles of this person that may invite, the widest first."""
    return [nom for nom in INVITANTS if acteur.a_role(nom)]


def organismes_offerts(acteur: Utilisateur, titre: str):
    """The bodies for which this person may invite in this role."""
    if titre == "certificateur":
        return Organisme.objects.all()
    siens = acteur.organismes_ids(titre)
    if titre == "employeur":
        return Organisme.objects.filter(pk__in=siens)
    # Établissements that came to this porteur by a request it approved.
    venus = DemandeCompte.objects.filter(porteur__in=siens, etablissement__isnull=False).values("etablissement")
    return Organisme.objects.filter(Q(pk__in=siens) | Q(pk__in=venus))


def offre_permise(acteur: Utilisateur, titre: str, role: str, organisme: Organisme | None) -> bool:
    """May this person, in this role, offer that one on that body?"""
    if titre not in titres(acteur) or role not in OFFRES[titre]:
        return False
    if organisme is None:
        return titre == "certificateur" and role in SANS_ORGANISME
    if titre == "gestionnaire" and role != Role.Nom.EMPLOYEUR:
        return organisme.pk in acteur.organismes_ids("gestionnaire")
    return organismes_offerts(acteur, titre).filter(pk=organisme.pk).exists()


def _offre_permise(invitation, acteur, donnees):
    if not offre_permise(acteur, donnees.get("au_titre_de", ""), invitation.role, invitation.organisme):
        yield "Votre rôle ne permet pas d’inviter à celui-ci pour cet organisme."
    compte = Utilisateur.objects.filter(email=invitation.courriel).first()
    if compte and compte.roles.non_finis().filter(nom=invitation.role, organisme=invitation.organisme).exists():
        yield "Cette personne a déjà ce rôle."
    pareilles = Invitation.objects.filter(
        courriel=invitation.courriel, role=invitation.role, organisme=invitation.organisme, etat=Etat.ENVOYEE
    )
    if pareilles.exclude(pk=invitation.pk).exists():
        yield "Une invitation attend déjà cette personne pour ce rôle\u00a0: renvoyez-la ou révoquez-la."


def _lien(invitation, acteur, donnees, resultat):
    jeton = resultat["jeton"]
    return [composer("compte_invitation", invitation.courriel, secret=jeton, invitation=invitation, jeton=jeton)]


@verbe(
    INVITATION,
    "inviter",
    libelle="Inviter une personne",
    roles=INVITANTS,
    etape=1,
    vers=(Etat.ENVOYEE,),
    conditions=_offre_permise,
    courriels=_lien,
    creation=True,
)
def _inviter(invitation, acteur, donnees):
    return {"jeton": _renouveler(invitation), "details": _details(invitation)}


def _details(invitation) -> dict:
    dates = {"debut": str(invitation.debut or ""), "fin": str(invitation.fin or "")}
    return {"role": invitation.role, "organisme": invitation.organisme_id, **dates}


def _periode_a_venir(invitation, acteur, donnees):
    if invitation.fin and invitation.fin < timezone.localdate():
        yield "Les dates proposées sont passées\u00a0: révoquez cette invitation et envoyez-en une autre."


@verbe(
    INVITATION,
    "renvoyer",
    libelle="Renvoyer l’invitation",
    par_lot=True,
    roles=INVITANTS,
    etape=1,
    de=(Etat.ENVOYEE,),
    conditions=_periode_a_venir,
    courriels=_lien,
    principal=True,
    aide="Un nouveau lien part à la même adresse, pour quatorze jours\u00a0; l’ancien ne fonctionne plus.",
)
def _renvoyer(invitation, acteur, donnees):
    return {"jeton": _renouveler(invitation), "details": _details(invitation)}


@verbe(
    INVITATION,
    "revoquer",
    libelle="Révoquer l’invitation",
    par_lot=True,
    roles=INVITANTS,
    etape=1,
    de=(Etat.ENVOYEE,),
    vers=(Etat.REVOQUEE,),
    danger=True,
    aide="Le lien envoyé ne fonctionne plus. Un rôle déjà accepté ne se retire pas ici.",
)
def _revoquer(invitation, acteur, donnees):
    invitation.repondue_le = timezone.now()
    return {"details": _details(invitation)}


def _lien_valable(invitation, acteur, donnees):
    if invitation.raison_de_fermeture():
        yield "Ce lien a expiré\u00a0: demandez-en un nouveau à qui vous a invité."
        return
    compte = Utilisateur.objects.filter(email=invitation.courriel).first()
    if compte and not compte.is_active:
        yield "Ce compte est fermé\u00a0: adressez-vous au certificateur."
    elif compte and (acteur.compte is None or acteur.compte.pk != compte.pk):
        yield "Cette adresse a déjà un compte\u00a0: connectez-vous avec lui pour accepter."


@verbe(
    INVITATION,
    "accepter",
    libelle="Accepter l’invitation",
    roles=("invite",),
    etape=1,
    de=(Etat.ENVOYEE,),
    vers=(Etat.ACCEPTEE,),
    conditions=_lien_valable,
    interne=True,
)
def _accepter(invitation, acteur, donnees):
    compte = Utilisateur.objects.filter(email=invitation.courriel).first()
    if compte is None:
        if not donnees.get("mot_de_passe"):
            raise Refus("Choisissez un mot de passe pour ouvrir votre compte.")
        noms = {"prenom": donnees["prenom"], "nom": donnees["nom"]}
        compte = Utilisateur.objects.create_user(invitation.courriel, donnees["mot_de_passe"], **noms)
    dates = {"debut": max(invitation.debut or timezone.localdate(), timezone.localdate()), "fin": invitation.fin}
    donner_role(compte, invitation.role, invitation.organisme, acteur=compte, au_titre_de="invite", **dates)
    invitation.utilisateur, invitation.repondue_le = compte, timezone.now()
    return {"details": {**_details(invitation), "utilisateur": compte.pk}}


def _encore_ouverte(invitation, acteur, donnees):
    if invitation.raison_de_fermeture():
        yield "Ce lien a expiré\u00a0: l’invitation est close, vous n’avez rien à faire."


def qui_a_invite(invitation) -> list[str]:
    """The address of who sent this invitation last, while their account is open."""
    envois = EntreeJournal.objects.de(invitation).filter(verbe__in=("inviter", "renvoyer"), acteur__is_active=True)
    envoi = envois.select_related("acteur").last()
    return [envoi.acteur.email] if envoi else []


@verbe(
    INVITATION,
    "decliner",
    libelle="Décliner l’invitation",
    roles=("invite",),
    etape=1,
    de=(Etat.ENVOYEE,),
    vers=(Etat.DECLINEE,),
    conditions=_encore_ouverte,
    courriels=lambda invitation, acteur, donnees, resultat: [
        composer("invitation_declinee", adresse, invitation=invitation) for adresse in qui_a_invite(invitation)
    ],
    interne=True,
)
def _decliner(invitation, acteur, donnees):
    invitation.repondue_le = timezone.now()
    return {"details": _details(invitation)}
