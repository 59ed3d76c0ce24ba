"""How a decision is undone: asked by one person with a reason, pronounced by another who did not take it.

The minutes never change: the revocation is a fact beside them. Rooms above register what follows from it
(`suite_de_revocation`): this one does not know that documents were issued.
"""

from collections.abc import Callable

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.models import DECIDES, BlocAcquis, Candidature, Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import adresses, composer
from registre.transitions import verbe

from .models import Inscription, MembreJury, Revocation, SessionJury, SignaturePV

# Each takes the dossier, who acts, the role they act in and the reason; returns details for the journal.
SUITES: list[Callable] = []
CLOS = (Etat.PARTIELLE, Etat.NON_VALIDEE, Etat.IRRECEVABLE, Etat.ABANDONNEE, Etat.ANNULEE)


def suite_de_revocation(fonction: Callable) -> Callable:
    """Register what else happens, in the same transaction, when a decision is revoked."""
    SUITES.append(fonction)
    return fonction


def inscription_decisive(candidature: Candidature) -> Inscription | None:
    """The registration whose sealed minutes decided this dossier, unless that decision was revoked."""
    return (
        candidature.inscriptions.filter(
            session__etat=SessionJury.Etat.SCELLEE,
            issue=Inscription.Issue.DECIDEE,
            retiree_le=None,
            revoquee_le=None,
        )
        .exclude(session__instance=SessionJury.Instance.EVALUATION)
        .select_related("session")
        .order_by("-session__close_le")
        .first()
    )


def revocation_demandee(candidature: Candidature) -> Revocation | None:
    """The revocation that was asked for and waits for its answer."""
    attendues = Revocation.objects.filter(inscription__candidature=candidature, tranchee_le=None)
    return attendues.select_related("inscription__session", "demandee_par").first()


def a_siege(personne, *sessions: int) -> bool:
    """Did this person sit in one of these sessions: in the room, through a proxy, or by signing the minutes?"""
    sieges = MembreJury.objects.filter(session__in=sessions, utilisateur=personne)
    la = Q(present_le__isnull=False) | Q(procurations_donnees__retiree_le=None, procurations_donnees__isnull=False)
    signatures = SignaturePV.objects.filter(proces_verbal__session__in=sessions, membre__utilisateur=personne)
    return sieges.filter(la).exists() or signatures.exists()


def reprises_de(candidature: Candidature):
    """The blocs that other dossiers were credited from this decision or from the document that proves it."""
    siens = Q(decision=candidature) | Q(parchemin__delivrance__candidature=candidature)
    siens |= Q(parchemin__delivrance__defaite_pour=candidature)
    siens |= Q(parchemin__delivrancedebloc__candidature=candidature)
    return BlocAcquis.objects.filter(siens).select_related("bloc", "candidature").order_by("candidature", "bloc__code")


def _demande_possible(candidature, acteur, donnees):
    if inscription_decisive(candidature) is None:
        yield "Aucune décision en vigueur n’est à révoquer sur ce dossier."
    elif deja := revocation_demandee(candidature):
        yield f"La révocation est déjà demandée, depuis le {timezone.localtime(deja.demandee_le):%d/%m/%Y}."


def _aux_certificateurs(candidature, acteur, donnees, resultat):
    gens = {a for organisme in candidature.version.certificateurs for a in adresses("certificateur", organisme)}
    gens.discard(acteur.email)
    contexte = {"candidature": candidature, "motif": donnees.get("motif", "")}
    return [composer("revocation_demandee", adresse, **contexte) for adresse in sorted(gens)]


@verbe(
    MODELE,
    "demander_revocation",
    libelle="Demander la révocation de la décision",
    roles=("gestionnaire", "certificateur"),
    etape=10,
    de=DECIDES,
    conditions=_demande_possible,
    formulaire=MotifForm,
    courriels=_aux_certificateurs,
    danger=True,
    aide="Une décision entachée d’une erreur se défait à deux\u00a0: vous la demandez, un certificateur qui n’a pas "
    "siégé à ce jury la prononce ou la refuse. Le candidat et l’employeur lisent le motif.",
)
def _demander_revocation(candidature, acteur, donnees):
    revocation = Revocation.objects.create(
        inscription=inscription_decisive(candidature),
        motif=donnees["motif"],
        demandee_par=acteur,
        demandee_le=timezone.now(),
    )
    return {"details": {"revocation": revocation.pk, "inscription": revocation.inscription_id}}


def _tranchable(candidature, acteur, donnees):
    """Two people, and not one of those who decided (constraint « revocation_quatre_yeux »)."""
    revocation = revocation_demandee(candidature)
    if revocation is None:
        yield "Personne n’a demandé la révocation\u00a0: demandez-la, un autre certificateur la prononce."
        return
    if revocation.demandee_par_id == acteur.pk:
        yield "Vous avez demandé cette révocation\u00a0: une autre personne la prononce ou la refuse."
    if a_siege(acteur, revocation.inscription.session_id):
        yield "Vous avez siégé au jury qui a pris cette décision\u00a0: une autre personne en juge."


def _revocable(candidature, acteur, donnees):
    yield from _tranchable(candidature, acteur, donnees)
    vivante = Candidature.objects.filter(titulaire=candidature.titulaire_id, version=candidature.version_id)
    if autre := vivante.exclude(pk=candidature.pk).exclude(etat__in=CLOS).first():
        yield (
            f"Le dossier {autre.reference} de la même personne est en cours pour cette certification\u00a0: "
            "le porteur le clôt d’abord."
        )


def _aux_personnes_concernees(candidature, acteur, donnees, resultat):
    """The candidate, the employer who registers the dossier again, the porteur who follows it."""
    gens = [
        candidature.titulaire.courriel,
        *adresses("employeur", candidature.etablissement),
        *adresses("gestionnaire", candidature.porteur),
    ]
    contexte = {"candidature": candidature, "inscription": resultat["inscription"], "motif": resultat["motif"]}
    return [composer("decision_revoquee", a, **contexte) for a in dict.fromkeys(gens) if a != acteur.email]


@verbe(
    MODELE,
    "revoquer_decision",
    libelle="Révoquer la décision",
    roles=("certificateur",),
    etape=10,
    de=DECIDES,
    vers=(Etat.EVALUEE,),
    conditions=_revocable,
    courriels=_aux_personnes_concernees,
    attendu=Q(inscriptions__revocations__demandee_le__isnull=False, inscriptions__revocations__tranchee_le=None),
    attente="Une demande de révocation est à trancher",
    consequence_de=("accepter_recours",),
    danger=True,
    aide="Le dossier revient en attente de jury. Ce qui a été délivré est annulé. Le PV ne change pas\u00a0: il dit "
    "seulement que cette décision est révoquée.",
)
def _revoquer(candidature, acteur, donnees):
    revocation = revocation_demandee(candidature)
    revocation.tranchee_par, revocation.tranchee_le, revocation.prononcee = acteur, timezone.now(), True
    revocation.save(update_fields=["tranchee_par", "tranchee_le", "prononcee"])
    inscription = revocation.inscription
    inscription.revoquee_le = revocation.tranchee_le
    inscription.save(update_fields=["revoquee_le"])
    candidature.decidee_le = None
    details = {"revocation": revocation.pk, "inscription": inscription.pk}
    for suite in SUITES:
        details |= suite(candidature, acteur, "certificateur", revocation.motif)
    return {"details": details, "motif": revocation.motif, "inscription": inscription}


def _a_qui_l_a_demandee(candidature, acteur, donnees, resultat):
    contexte = {"candidature": candidature, "motif": donnees.get("motif", "")}
    return [composer("revocation_refusee", resultat["demandeur"].email, **contexte)]


@verbe(
    MODELE,
    "refuser_revocation",
    libelle="Refuser la révocation",
    roles=("certificateur",),
    etape=10,
    de=DECIDES,
    conditions=_tranchable,
    formulaire=MotifForm,
    courriels=_a_qui_l_a_demandee,
    aide="La décision tient. La personne qui a demandé la révocation lit vos raisons.",
)
def _refuser_revocation(candidature, acteur, donnees):
    revocation = revocation_demandee(candidature)
    revocation.tranchee_par, revocation.tranchee_le = acteur, timezone.now()
    revocation.reponse = donnees["motif"]
    revocation.save(update_fields=["tranchee_par", "tranchee_le", "reponse"])
    return {"details": {"revocation": revocation.pk}, "demandeur": revocation.demandee_par}
