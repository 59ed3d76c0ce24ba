"""The planning aid on real dossiers: what is read, what is proposed, what is done once it is ticked."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from backoffice.candidatures.models import Candidature, Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.comptes.models import Role
from registre.transitions import Refus, executer

from .composition import conflit_du_membre
from .models import MembreJury, SessionJury
from .places import besoin_de, offre_de
from .planning import Inexplique, Plan, placer
from .workflow import AVANT_CLOTURE

MAXIMUM = 300
ATTENDENT = (Etat.EVALUEE, Etat.AJOURNEE, Etat.PROPOSEE)


@dataclass(frozen=True)
class Proposition:
    """One line of the aid: a dossier, and its session or why there is none."""

    candidature: Candidature
    session: SessionJury | None = None
    raisons: tuple[tuple[SessionJury, tuple[str, ...]], ...] = ()
    remede: str = ""


def dossiers_en_attente(utilisateur):
    """The dossiers of this organiser that wait for a session, the oldest first."""
    role = "certificateur" if utilisateur.a_role("certificateur") else "gestionnaire"
    deja = Candidature.objects.filter(inscriptions__retiree_le=None, inscriptions__session__etat__in=AVANT_CLOTURE)
    return (
        Candidature.objects.all()
        .confies_a(utilisateur, role)
        .filter(etat__in=ATTENDENT)
        .exclude(pk__in=deja.values("pk"))
        .select_related("titulaire", "version__certification", "parcours", "etablissement", "organisme_formation")
        .select_related("evaluation")
        .prefetch_related("blocs_acquis__bloc", "blocs_acquis__parchemin", "recours")
        .order_by("etat_depuis", "pk")
    )


def sessions_a_remplir(utilisateur):
    """The planned sessions of this organiser, nearest first, with their members and the roles these hold today."""
    roles = Prefetch("utilisateur__roles", Role.objects.actifs().select_related("organisme"), to_attr="tous_les_roles")
    membres = MembreJury.objects.filter(excuse_le=None).select_related("utilisateur", "organisme")
    return (
        SessionJury.objects.filter(etat=SessionJury.Etat.PLANIFIEE, debut__gt=timezone.now())
        .visibles_par(utilisateur)
        .avec_places()
        .prefetch_related("certifications", Prefetch("membres", membres.prefetch_related(roles)))
        .order_by("debut", "pk")
    )


def _conflits(session: SessionJury, candidatures) -> dict[int, frozenset[int]]:
    ids = {c.pk for c in session.certifications.all()}
    return {
        c.pk: frozenset(m.pk for m in session.membres.all() if conflit_du_membre(m, c))
        for c in candidatures
        if c.version.certification_id in ids
    }


def proposer(utilisateur) -> list[Proposition]:
    """A line per waiting dossier (the oldest ones, up to `MAXIMUM`), those that may be placed first."""
    candidatures = list(dossiers_en_attente(utilisateur)[:MAXIMUM])
    sessions = {s.pk: s for s in sessions_a_remplir(utilisateur)}
    offres = [
        offre_de(
            session,
            sieges=tuple((m.pk, m.college) for m in session.membres.all()),
            conflits=_conflits(session, candidatures),
        )
        for session in sessions.values()
    ]
    plan: Plan = placer([besoin_de(c) for c in candidatures], offres, timezone.localdate())
    lignes = [
        Proposition(c, sessions[plan.placements[c.pk]])
        if c.pk in plan.placements
        else _expliquee(c, plan.inexpliques[c.pk], sessions)
        for c in candidatures
    ]
    return sorted(lignes, key=lambda ligne: ligne.session is None)


def _expliquee(candidature: Candidature, inexplique: Inexplique, sessions) -> Proposition:
    """Sessions of another certification or kind say nothing: only those that come near are told."""
    proches = {
        pk: phrases
        for pk, phrases in inexplique.raisons.items()
        if sessions[pk].certifications.all() and _certifie(sessions[pk], candidature)
    }
    return Proposition(
        candidature,
        raisons=tuple((sessions[pk], phrases) for pk, phrases in proches.items()),
        remede=inexplique.remede,
    )


def _certifie(session: SessionJury, candidature: Candidature) -> bool:
    return any(c.pk == candidature.version.certification_id for c in session.certifications.all())


@dataclass(frozen=True)
class CompteRendu:
    """What became of one line that was ticked; `refus` empty: it is done."""

    candidature: Candidature
    session: SessionJury
    refus: tuple[str, ...] = ()


def placer_les_dossiers(utilisateur, choix: dict[int, int], cle: str) -> list[CompteRendu]:
    """Register each ticked dossier to its session through its verb; one that is refused does not hold up the others."""
    siens = Candidature.objects.all().visibles_par(utilisateur).select_related("titulaire", "version")
    candidatures = siens.in_bulk(list(choix))
    sessions = SessionJury.objects.all().visibles_par(utilisateur).in_bulk(set(choix.values()))
    rendus = []
    for pk, session_pk in choix.items():
        candidature, session = candidatures.get(pk), sessions.get(session_pk)
        if candidature is None or session is None:
            continue
        acte = "presenter_a_la_cpne" if candidature.etat == Etat.PROPOSEE else "inscrire_au_jury"
        try:
            executer(MODELE, acte, candidature, utilisateur, {"session": session}, f"planning-{cle}-{pk}"[:64])
            rendus.append(CompteRendu(candidature, session))
        except Refus as refus:
            rendus.append(CompteRendu(candidature, session, tuple(refus.phrases)))
    return rendus
