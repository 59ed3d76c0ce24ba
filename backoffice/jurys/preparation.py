"""What is left to do before a planned session: members to find, people to convene, places that stay empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from backoffice.actes import adresse
from backoffice.candidatures.models import Candidature, Etat
from backoffice.parcours.models import Parcours
from registre.transitions import VERBES

from .composition import NOMS
from .corps import COLLEGES
from .models import MembreJury, SessionJury
from .workflow import SESSION

AU_PLUS = 10
# Nobody is pressed for a session that is far away.
HORIZON = timedelta(days=90)


@dataclass(frozen=True)
class Preparatif:
    """One thing left to do on a session: in words, and the page where it is done."""

    session: SessionJury
    phrase: str
    libelle: str
    url: str


def avec_preparatifs(sessions):
    """Annotate planned sessions with what `preparatifs_de` reads: seats by collège, people and dossiers to convene."""
    assis = Q(membres__excuse_le=None)
    return (
        sessions.filter(etat=SessionJury.Etat.PLANIFIEE, debut__gt=timezone.now())
        .avec_places()
        .annotate(
            **{
                f"assis_{college}": Count("membres", filter=assis & Q(membres__college=college), distinct=True)
                for college in COLLEGES
            },
            tetes=Count("membres", filter=assis & ~Q(membres__fonction=MembreJury.Fonction.MEMBRE), distinct=True),
            membres_sans_nouvelle=Count("membres", filter=assis & Q(membres__convoque_le=None), distinct=True),
            dossiers_sans_nouvelle=Count(
                "inscriptions", filter=Q(inscriptions__retiree_le=None, inscriptions__convoquee_le=None), distinct=True
            ),
        )
        .prefetch_related("certifications")
        .order_by("debut", "pk")
    )


def minimums(certifications) -> dict[int, int]:
    """certification → members present per collège that its parcours in force asks for."""
    publies = Parcours.objects.filter(certification__in=certifications, etat="publie")
    return dict(publies.values_list("certification", "membres_minimum_par_college"))


def manques_a_prevoir(session: SessionJury, minimum: int) -> list[str]:
    """The rules of composition that cannot be met even if everybody who has a seat comes, with the numbers.

    `session` was read through `avec_preparatifs`.
    """
    phrases = []
    for college in COLLEGES:
        if (assis := getattr(session, f"assis_{college}")) < minimum:
            sieges = f"{assis} siège{'s' if assis > 1 else ''} pourvu{'s' if assis > 1 else ''}"
            phrases.append(f"Collège {NOMS[college]}\u00a0: {sieges}, il en faut au moins {minimum}.")
    if not session.tetes:
        phrases.append("Ni présidence ni vice-présidence désignées.")
    return phrases


def minimum_de(session: SessionJury, connus: dict[int, int]) -> int:
    """What the strictest of its parcours asks for."""
    return max((connus.get(c.pk, 1) for c in session.certifications.all()), default=1)


def preparatifs_de(session: SessionJury, minimum: int, attendent: int = 0) -> Iterator[Preparatif]:
    """What is left to do on this session, the most blocking thing first."""
    manques = manques_a_prevoir(session, minimum)
    if manques:
        acte = "designer_presidence" if len(manques) == 1 and not session.tetes else "nommer_membre"
        yield _preparatif(session, " ".join(manques), acte)
    gens, dossiers = session.membres_sans_nouvelle, session.dossiers_sans_nouvelle
    if (gens or dossiers) and not manques:
        quoi = [f"{n} {nom}{'s' if n > 1 else ''}" for n, nom in ((gens, "membre"), (dossiers, "dossier")) if n]
        yield _preparatif(session, f"À convoquer\u00a0: {' et '.join(quoi)}.", "convoquer")
    if timezone.localdate() > session.limite_inscription and session.places_restantes() > 0 and attendent:
        places = session.places_restantes()
        yield _preparatif(
            session,
            f"Inscriptions closes avec {places} place{'s' if places > 1 else ''} libre{'s' if places > 1 else ''}, "
            f"et {attendent} dossier{'s' if attendent > 1 else ''} en attente.",
            "modifier_session",
        )


def _preparatif(session: SessionJury, phrase: str, acte: str) -> Preparatif:
    verbe = VERBES[SESSION, acte]
    return Preparatif(session, phrase, verbe.libelle, adresse(session, verbe))


def _en_attente(certifications) -> dict[tuple[int, bool], int]:
    """(certification, is the CPNE awaited?) → dossiers that wait for a session."""
    attendent = Candidature.objects.filter(
        version__certification__in=certifications, etat__in=(Etat.EVALUEE, Etat.AJOURNEE)
    )
    comptes = attendent.order_by().values_list("version__certification").annotate(Count("pk"))
    return {(certification, False): compte for certification, compte in comptes}


def preparatifs(sessions) -> list[Preparatif]:
    """What is left to do on these sessions, the nearest first, in a constant number of queries."""
    lues = list(avec_preparatifs(sessions))
    certifications = {c.pk for s in lues for c in s.certifications.all()}
    connus, attente = minimums(certifications), _en_attente(certifications)
    liste = []
    for session in lues:
        cpne = session.instance == SessionJury.Instance.CERTIFICATION
        attendent = sum(attente.get((c.pk, cpne), 0) for c in session.certifications.all())
        liste += preparatifs_de(session, minimum_de(session, connus), attendent)
    return liste


def sessions_a_preparer(utilisateur) -> list[Preparatif]:
    """What an organiser has to do on the sessions of the coming three months; empty for the others."""
    if not utilisateur.a_role("gestionnaire", "certificateur"):
        return []
    proches = SessionJury.objects.all().visibles_par(utilisateur).filter(debut__lt=timezone.now() + HORIZON)
    return preparatifs(proches)[:AU_PLUS]
