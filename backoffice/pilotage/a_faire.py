"""« What waits for me? »: derived from the registered verbs, never from a second list."""

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.apps import apps
from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from backoffice.actes import actes_possibles, adresse
from backoffice.candidatures.attente import MODELE, QUI, avec_attente, en_attente_de, principaux
from backoffice.candidatures.models import Candidature
from backoffice.delivrances.apres import a_refaire
from backoffice.delivrances.models import LigneLot, LotDelivrance
from backoffice.evaluations.models import Habilitation
from backoffice.jurys.models import Inscription, Mandat, ProcesVerbal, Revocation, SessionJury
from backoffice.jurys.workflow import AVANT_SCEAU
from registre.models import CourrielSortant, Parchemin
from registre.transitions import VERBES, Verbe, verbes_de

# Shown at once; the others are told by their number, and come up as these are done.
PAR_TACHE = 8
TITRES = {
    "deliberer": "Délibérer",
    "repondre": "Répondre à un message",
    "declarer_recevable": "Examiner la recevabilité",
    "revoquer_decision": "Trancher une demande de révocation",
}
EN_LOT = {
    "approuver_delivrance": LotDelivrance.Genre.DOCUMENTS,
    "approuver_attestations_de_bloc": LotDelivrance.Genre.BLOCS,
}
SIGNATURES = ("signer_pv", "signer_rectificatif")
# The words of the button, for what is done on the page of the object itself.
BOUTONS = {
    "accepter_correction": "Vérifier",
    "approuver_remplacement": "Comparer",
    "publier": "Relire et publier",
    "preparer_lot": "Préparer",
    "approuver_lot": "Vérifier et approuver",
    "classer_lot": "Lire le compte rendu",
}


@dataclass(frozen=True)
class Tache:
    """One kind of act that waits: the verb, and the dossiers on which it is the next thing to do, oldest first."""

    verbe: Verbe
    candidatures: QuerySet

    @cached_property
    def compte(self) -> int:
        return self.candidatures.count()

    @cached_property
    def lignes(self) -> list[dict]:
        """The oldest dossiers, each with the screen where the act is done and the words of its button."""
        dossiers = self.candidatures.completes()
        if self.verbe.nom == "deliberer":
            dossiers = dossiers.prefetch_related(_inscriptions_actives())
        return [{"dossier": d, **_bouton(self.verbe, d)} for d in dossiers[:PAR_TACHE]]

    @property
    def titre(self) -> str:
        """A member of a jury deliberates; the chair alone records."""
        return TITRES.get(self.verbe.nom, self.verbe.libelle)

    @property
    def reste(self) -> int:
        return self.compte - len(self.lignes)


def _inscriptions_actives() -> Prefetch:
    actives = Inscription.objects.filter(retiree_le=None, session__etat__in=AVANT_SCEAU).select_related("session")
    return Prefetch("inscriptions", actives.order_by("-pk"), to_attr="inscriptions_actives")


def _bouton(verbe: Verbe, dossier: Candidature) -> dict:
    """Where this act is done: most have one page for all; what takes reading or many answers has its own screen."""
    if verbe.nom == "repondre":
        return {"url": f"{dossier.get_absolute_url()}?onglet=echanges", "libelle": "Lire et répondre"}
    if verbe.nom == "deposer":
        return {"url": dossier.get_absolute_url(), "libelle": "Compléter et déposer"}
    if verbe.nom == "declarer_recevable":
        return {"url": reverse("candidatures:recevabilite", args=[dossier.pk]), "libelle": "Examiner"}
    if verbe.nom == "positionner":
        return {"url": reverse("candidatures:positionnement", args=[dossier.pk]), "libelle": "Positionner"}
    if verbe.nom in ("transmettre_evaluation", "clore_grille"):
        return {"url": reverse("evaluations:grille", args=[dossier.pk]), "libelle": "Évaluer"}
    if verbe.nom == "deliberer":
        inscription = dossier.inscriptions_actives[0]
        url = reverse("jurys:salle", args=[inscription.session_id, inscription.pk])
        return {"url": url, "libelle": "Délibérer"}
    return {"url": adresse(dossier, verbe), "libelle": verbe.libelle}


def _a_ma_charge(verbe: Verbe, utilisateur) -> QuerySet:
    """The dossiers that wait for this act from this person: they hold its first role on the very dossier."""
    miennes = en_attente_de(verbe, Candidature.objects.all().confies_a(utilisateur, verbe.roles[0]))
    if verbe.nom == "clore_grille":
        # Of two évaluateurs, the one who has finished waits for the other.
        finies = Q(evaluation__evaluateur=utilisateur, evaluation__close_le__isnull=False)
        finies |= Q(evaluation__second=utilisateur, evaluation__close_second_le__isnull=False)
        return miennes.exclude(finies)
    if genre := EN_LOT.get(verbe.nom):
        # What a lot holds is approved with it, once.
        return miennes.exclude(pk__in=LigneLot.objects.en_lot(genre).values("candidature"))
    if verbe.nom == "revoquer_decision":
        # Who asked waits for somebody else.
        return miennes.exclude(pk__in=Revocation.objects.demandees_par(utilisateur).values("inscription__candidature"))
    return miennes


def _annexes() -> list[Verbe]:
    """The verbs that wait beside the step of a dossier, which goes on without them: a message to answer."""
    return [v for v in VERBES.values() if v.modele == MODELE and v.attendu is not None and not v.principal]


def taches_de(utilisateur) -> list[Tache]:
    """What this person may do now, in the order of the steps. A jury decides in its open sitting, not before."""
    taches = []
    for verbe in principaux():
        if utilisateur.a_role(verbe.roles[0]):
            candidatures = _a_ma_charge(verbe, utilisateur)
            if verbe.nom == "deliberer":
                ouvertes = Inscription.objects.filter(retiree_le=None, session__etat=SessionJury.Etat.OUVERTE, issue="")
                candidatures = candidatures.filter(pk__in=ouvertes.values("candidature"))
            taches.append(Tache(verbe, candidatures))
    annexes = [Tache(v, _a_ma_charge(v, utilisateur)) for v in _annexes() if utilisateur.a_role(v.roles[0])]
    return [*annexes, *taches]


@dataclass(frozen=True)
class TacheHorsDossier:
    """The same for what is not a dossier: objects in a state where this verb is awaited, oldest first."""

    verbe: Verbe
    objets: list
    compte: int

    @property
    def reste(self) -> int:
        return self.compte - len(self.objets)

    @property
    def bouton(self) -> str:
        return BOUTONS.get(self.verbe.nom, "Ouvrir")


def taches_hors_dossiers(utilisateur) -> list[TacheHorsDossier]:
    """The awaited verbs of the other models that say to whom they are entrusted (`confies_a`)."""
    taches = []
    for verbe in VERBES.values():
        gestionnaire = apps.get_model(verbe.modele).objects.all()
        if verbe.modele == MODELE or not verbe.principal or verbe.attendu is None:
            continue
        if not hasattr(gestionnaire, "confies_a"):
            continue
        charges = verbe.roles if getattr(gestionnaire, "pour_chaque_role", False) else verbe.roles[:1]
        tenus = [role for role in charges if utilisateur.a_role(role)]
        if not tenus:
            continue
        confies = reduce(or_, (gestionnaire.confies_a(utilisateur, role) for role in tenus))
        objets = confies.filter(verbe.attendu, etat__in=verbe.de)
        if compte := objets.count():
            lignes = list(objets.les_plus_anciens()[:PAR_TACHE])
            taches.append(TacheHorsDossier(verbe, lignes, compte))
    return taches


def attendus_d_autres(utilisateur) -> list[dict]:
    """What this person waits for from others: how many of their dossiers wait for whom, and for what."""
    visibles = avec_attente(Candidature.objects.all().visibles_par(utilisateur)).order_by()
    comptes = dict(visibles.values_list("verbe_attendu").annotate(Count("pk")))
    for verbe in principaux():
        if verbe.nom in comptes and utilisateur.a_role(verbe.roles[0]):
            comptes[verbe.nom] -= _a_ma_charge(verbe, utilisateur).count()
    return [
        {"qui": QUI[verbe.roles[0]], "quoi": verbe.attente, "compte": comptes[verbe.nom]}
        for verbe in principaux()
        if comptes.get(verbe.nom, 0) > 0
    ]


def echeances(utilisateur) -> list[SessionJury]:
    """The sessions of this person that are open or to come, nearest first, each with its number of dossiers."""
    return list(
        SessionJury.objects.filter(etat__in=AVANT_SCEAU)
        .visibles_par(utilisateur)
        .annotate(dossiers=Count("inscriptions", filter=Q(inscriptions__retiree_le=None)))
        .order_by("debut", "pk")[:5]
    )


def signatures_attendues(utilisateur) -> list[dict]:
    """The minutes and corrections that wait for the signature of this person, oldest session first."""
    siennes = SessionJury.objects.filter(membres__utilisateur=utilisateur).visibles_par(utilisateur).distinct()
    close = Q(etat=SessionJury.Etat.CLOSE)
    rectifiee = Q(pk__in=ProcesVerbal.objects.filter(rang__gt=0, scelle_le=None).values("session"))
    return [
        {
            "session": session,
            "numero": (session.rectificatif_a_signer or session.pv).numero,
            "libelle": acte["verbe"].libelle,
            "url": acte["url"],
        }
        for session in siennes.filter(close | rectifiee).order_by("debut", "pk")
        for acte in actes_possibles(session, utilisateur, verbes_de(session))
        if acte["verbe"].nom in SIGNATURES and not acte["manques"]
    ]


def courriels_perdus(utilisateur) -> int:
    """How many mails did not arrive, among those that this person may repair."""
    if not utilisateur.a_role("gestionnaire", "certificateur"):
        return 0
    return CourrielSortant.objects.a_reparer().visibles_par(utilisateur).count()


def documents_a_refaire(utilisateur) -> int:
    """How many documents must be issued again (key revoked, file impossible to make), for who may prepare that."""
    if not utilisateur.a_role("gestionnaire", "certificateur"):
        return 0
    return Parchemin.objects.vivants().visibles_par(utilisateur).filter(a_refaire()).count()


def fins_de_mandat(utilisateur) -> int:
    """How many mandates of jury members end soon, for who renews them and for who holds them."""
    if not utilisateur.a_role("gestionnaire", "certificateur", "jury"):
        return 0
    return Mandat.objects.all().visibles_par(utilisateur).a_renouveler().count()


def fins_d_habilitation(utilisateur) -> int:
    """How many habilitations end soon, for who renews them and for who holds them."""
    if not utilisateur.a_role("gestionnaire", "certificateur", "evaluateur"):
        return 0
    return Habilitation.objects.all().visibles_par(utilisateur).a_renouveler().count()
