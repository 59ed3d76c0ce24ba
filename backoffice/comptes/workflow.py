"""The verbs of accounts: an établissement asks for its first one, the porteur or the certificateur answers."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from backoffice.courriels import adresses, composer
from registre import courriels, journal
from registre.models import EntreeJournal, Organisme
from registre.transitions import executer, verbe

from .droits import donner_role
from .forms_demande import RefusForm
from .models import DemandeCompte, Role, Utilisateur

DEMANDE = "comptes.demandecompte"
REPONDANTS = ("gestionnaire", "certificateur")
Etat = DemandeCompte.Etat


class Demandeur:
    """A visitor who asks for an account: no account yet, one request in hand, not stored yet."""

    pk = None
    is_authenticated = False

    def roles_par_demande(self, demande: DemandeCompte) -> set[str]:
        return {"demandeur"} if demande.pk is None else set()


def repondants(demande: DemandeCompte) -> list[str]:
    """Addresses of those who answer: the porteur's people, or the certificateurs when it has none."""
    siennes = adresses("gestionnaire", demande.porteur)
    if siennes:
        return siennes
    certificateurs = Role.objects.actifs().filter(nom="certificateur")
    gens = Utilisateur.objects.filter(is_active=True, roles__in=certificateurs).distinct()
    return list(gens.order_by("email").values_list("email", flat=True))


def _prevenir_les_repondants(demande, acteur, donnees, resultat):
    return [composer("compte_demande", adresse_, demande=demande) for adresse_ in repondants(demande)]


@verbe(
    DEMANDE,
    "deposer",
    libelle="Demander un compte",
    roles=("demandeur",),
    etape=1,
    vers=(Etat.DEPOSEE,),
    courriels=_prevenir_les_repondants,
    creation=True,
)
def _deposer(demande, acteur, donnees):
    return {}


def _compte_utilisable(demande, acteur, donnees):
    if Utilisateur.objects.filter(email=demande.courriel.lower(), is_active=False).exists():
        yield "Le compte de cette adresse est fermé\u00a0: il se rouvre auprès du certificateur, pas par une demande."


def _courriel_d_ouverture(demande, acteur, donnees, resultat):
    return [composer("compte_approuve", demande.courriel, demande=demande, nouveau=resultat["nouveau"])]


@verbe(
    DEMANDE,
    "approuver",
    libelle="Approuver la demande",
    par_lot=True,
    roles=REPONDANTS,
    etape=1,
    de=(Etat.DEPOSEE,),
    vers=(Etat.APPROUVEE,),
    conditions=_compte_utilisable,
    courriels=_courriel_d_ouverture,
    principal=True,
    attendu=Q(),
    attente="Le porteur répond à la demande de compte",
    aide="Assurez-vous que cette personne travaille bien dans cet établissement\u00a0: elle pourra y déclarer des "
    "candidats. Elle reçoit un courriel pour choisir son mot de passe.",
)
def _approuver(demande, acteur, donnees):
    etablissement, _ = Organisme.objects.get_or_create(
        siret=demande.siret,
        defaults={c: getattr(demande, c) for c in ("raison_sociale", "adresse", "code_postal", "commune")},
    )
    compte = Utilisateur.objects.filter(email=demande.courriel.lower()).first()
    nouveau = compte is None
    if nouveau:
        compte = Utilisateur.objects.create_user(demande.courriel, None, prenom=demande.prenom, nom=demande.nom)
    au_titre_de = next(nom for nom in REPONDANTS if nom in demande.roles_de(acteur))
    donner_role(compte, Role.Nom.EMPLOYEUR, etablissement, acteur=acteur, au_titre_de=au_titre_de)
    demande.etablissement, demande.utilisateur, demande.decidee_le = etablissement, compte, timezone.now()
    return {"details": {"etablissement": etablissement.pk, "utilisateur": compte.pk}, "nouveau": nouveau}


@verbe(
    DEMANDE,
    "refuser",
    libelle="Refuser la demande",
    par_lot=True,
    roles=REPONDANTS,
    etape=1,
    de=(Etat.DEPOSEE,),
    vers=(Etat.REFUSEE,),
    formulaire=RefusForm,
    courriels=lambda demande, acteur, donnees, resultat: [
        composer("compte_refuse", demande.courriel, demande=demande, motif=donnees["motif"])
    ],
    danger=True,
)
def _refuser(demande, acteur, donnees):
    demande.decidee_le = timezone.now()
    return {}


def recevoir(demande: DemandeCompte) -> None:
    """Take in what a visitor sent, whatever is known of this établissement; nothing of it shows in the answer.

    A first request waits for its answer. When one waits already, those who answer are told of the other person; when
    the établissement has accounts, their holders are told, and may invite that person. The same request sent again on
    the same day has no effect.
    """
    graine = f"{demande.siret}|{demande.courriel.lower()}|{timezone.localdate()}"
    cle = salted_hmac("comptes.demande", graine, algorithm="sha256").hexdigest()
    with transaction.atomic():
        # Locks the head of the journal: of two identical requests, the second one finds the first.
        if journal.deja_cree(cle, "deposer", demande) or _deja_signalee(cle):
            return
        titulaires = adresses("employeur", Organisme.objects.filter(siret=demande.siret).first())
        pendante = DemandeCompte.objects.filter(siret=demande.siret, etat=Etat.DEPOSEE).first()
        if titulaires:
            organisme = Organisme.objects.get(siret=demande.siret)
            _signaler(organisme, "compte_collegue", titulaires, demande, cle)
        elif pendante:
            _signaler(pendante, "compte_demande_double", repondants(pendante), demande, cle)
        else:
            executer(DEMANDE, "deposer", demande, Demandeur(), cle=cle)


def _deja_signalee(cle: str) -> bool:
    return EntreeJournal.objects.filter(cle=cle, verbe="signaler_demande").exists()


def _signaler(objet, modele, destinataires, demande, cle):
    entree = journal.consigner(None, "demandeur", "signaler_demande", objet, cle=cle)
    for destinataire in destinataires:
        courriels.deposer(composer(modele, destinataire, demande=demande), entree)
