"""The lists of accounts, requests and invitations."""

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.text import capfirst

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.recherche import contenant

from .filters import DemandesFiltre, GensFiltre, InvitationsFiltre
from .invitations import INVITANTS, titres
from .models import DemandeCompte, Invitation, Role, Utilisateur
from .tables import (
    COLONNES_DES_DEMANDES,
    COLONNES_DES_GENS,
    COLONNES_DES_INVITATIONS,
    DemandesTable,
    GensTable,
    InvitationsTable,
)

LECTEURS = ("gestionnaire", "certificateur", "auditeur")


class Gens(EcranDeListe):
    """Everybody in one's scope, found by name or address."""

    roles = LECTEURS
    model = Utilisateur
    template_name = "comptes/gens.html"
    liste = "comptes:gens"
    titre = "Comptes"
    nom, nom_pluriel, feminin = "personne", "personnes", True
    ordre = ("nom", "prenom", "pk")
    table_class = GensTable
    filterset_class = GensFiltre
    noms_des_filtres = "rôle"
    nom_des_statuts = "Compte"
    statuts = (("ouvert", "Ouvert", Q(is_active=True)), ("ferme", "Fermé", Q(is_active=False)))
    colonnes = COLONNES_DES_GENS
    ou_chercher = "un nom ou une adresse"

    def chercher(self, objets, texte):
        return contenant(objets, texte)

    def completer(self, objets):
        roles = Role.objects.non_finis().visibles_par(self.request.user).select_related("organisme")
        return objets.prefetch_related(Prefetch("roles", queryset=roles, to_attr="roles_lus"))


class Demandes(EcranDeListe):
    """The requests for an account, and what was answered."""

    roles = LECTEURS
    model = DemandeCompte
    template_name = "comptes/demandes.html"
    liste = "comptes:demandes"
    titre = "Demandes de compte"
    nom, nom_pluriel, feminin = "demande", "demandes", True
    ordre = ("-deposee_le", "-pk")
    table_class = DemandesTable
    filterset_class = DemandesFiltre
    noms_des_filtres = "organisme sollicité"
    nom_des_statuts = "État"
    statuts = tuple((etat, capfirst(libelle), Q(etat=etat)) for etat, libelle in DemandeCompte.Etat.choices)
    colonnes = COLONNES_DES_DEMANDES
    ou_chercher = "un établissement, un SIRET, un demandeur"

    def chercher(self, objets, texte):
        return contenant(objets, texte)

    def completer(self, objets):
        return objets.select_related("porteur")


class Invitations(EcranDeListe):
    """The invitations sent in the name of one's bodies."""

    roles = (*INVITANTS, "auditeur")
    model = Invitation
    template_name = "comptes/invitations.html"
    liste = "comptes:invitations"
    titre = "Invitations"
    nom, nom_pluriel, feminin = "invitation", "invitations", True
    ordre = ("-envoyee_le", "-pk")
    table_class = InvitationsTable
    filterset_class = InvitationsFiltre
    noms_des_filtres = "rôle"
    nom_des_statuts = "État"
    colonnes = COLONNES_DES_INVITATIONS
    ou_chercher = "une adresse"

    @property
    def statuts(self):
        en_attente, maintenant = Q(etat=Invitation.Etat.ENVOYEE), timezone.now()
        return (
            ("envoyee", "En attente", en_attente & Q(expire_le__gt=maintenant)),
            ("expiree", "Expirée", en_attente & Q(expire_le__lte=maintenant)),
            ("acceptee", "Acceptée", Q(etat=Invitation.Etat.ACCEPTEE)),
            ("revoquee", "Révoquée", Q(etat=Invitation.Etat.REVOQUEE)),
            ("declinee", "Déclinée", Q(etat=Invitation.Etat.DECLINEE)),
        )

    def chercher(self, objets, texte):
        return contenant(objets, texte)

    def completer(self, objets):
        return objets.select_related("organisme")

    def get_context_data(self, **kwargs):
        return super().get_context_data(peut_inviter=bool(titres(self.request.user)), **kwargs)
