"""May this jury decide? Presence, parity and chair computed live, each failed rule said with its numbers."""

from dataclasses import dataclass

from backoffice.candidatures.models import Candidature
from backoffice.evaluations.independance import conflit
from backoffice.parcours.models import Parcours

from .models import MembreJury, SessionJury

EMPLOYEURS, SALARIES = MembreJury.College.EMPLOYEURS, MembreJury.College.SALARIES


@dataclass(frozen=True)
class Regles:
    """The composition rules of one parcours."""

    minimum_par_college: int
    parite_stricte: bool
    presidence_alternee: bool

    @classmethod
    def de(cls, parcours: Parcours) -> "Regles":
        return cls(parcours.membres_minimum_par_college, parcours.parite_stricte, parcours.presidence_alternee)


def parcours_de(session: SessionJury) -> list[Parcours]:
    """The rule books at stake: those of the dossiers on the list, else those in force for the certifications."""
    inscrites = list(
        Parcours.objects.filter(
            candidatures__inscriptions__session=session, candidatures__inscriptions__retiree_le=None
        )
        .distinct()
        .order_by("pk")
    )
    if inscrites:
        return inscrites
    publies = (Parcours.objects.all().publie(c) for c in session.certifications.all())
    return [p for p in publies if p]


def _membres(nombre: int) -> str:
    return f"{nombre} membre présent" if nombre < 2 else f"{nombre} membres présents"


def manques_de_composition(membres: list[MembreJury], regles: Regles) -> list[str]:
    """Return a French sentence per rule that these present members do not meet; empty when they may decide."""
    employeurs = sum(m.college == EMPLOYEURS for m in membres)
    salaries = sum(m.college == SALARIES for m in membres)
    phrases = []
    for nombre, college in ((employeurs, "employeurs"), (salaries, "salariés")):
        if nombre < regles.minimum_par_college:
            phrases.append(
                f"Quorum : {_membres(nombre)} pour le collège {college}, "
                f"il en faut au moins {regles.minimum_par_college}."
            )
    if regles.parite_stricte and employeurs != salaries:
        phrases.append(
            f"Parité : {_membres(employeurs)} pour le collège employeurs et {salaries} pour le collège salariés, "
            "il en faut autant."
        )
    return phrases


def manques_de_presidence(membres: list[MembreJury], regles: Regles) -> list[str]:
    """Return a French sentence per rule on the chair that these present members do not meet."""
    par_fonction = {m.fonction: m for m in membres}
    president = par_fonction.get(MembreJury.Fonction.PRESIDENT)
    vice_president = par_fonction.get(MembreJury.Fonction.VICE_PRESIDENT)
    if president is None and vice_president is None:
        return ["Présidence : ni la présidence ni la vice-présidence ne sont présentes."]
    if regles.presidence_alternee and president and vice_president and president.college == vice_president.college:
        return ["Présidence : la présidence et la vice-présidence viennent du même collège, il en faut un de chaque."]
    return []


def presents(session: SessionJury) -> list[MembreJury]:
    """The members who signed in, in a stable order."""
    return list(
        session.membres.filter(present_le__isnull=False).select_related("utilisateur", "organisme").order_by("pk")
    )


def manques_de_session(session: SessionJury) -> list[str]:
    """What prevents this session from sitting, rule by rule, with the numbers."""
    membres, phrases = presents(session), []
    for parcours in parcours_de(session):
        regles = Regles.de(parcours)
        phrases += manques_de_composition(membres, regles) + manques_de_presidence(membres, regles)
    return list(dict.fromkeys(phrases))


def conflit_du_membre(membre: MembreJury, candidature: Candidature) -> str:
    """Why this member may not sit on this dossier, from the data alone; empty when nothing shows."""
    if raison := conflit(membre.utilisateur, candidature, [membre.organisme]):
        return raison
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation and membre.utilisateur_id in (evaluation.evaluateur_id, evaluation.second_id):
        return "Cette personne a évalué le candidat."
    return ""


def votants(session: SessionJury, inscription, membres: list[MembreJury] | None = None) -> list[MembreJury]:
    """The present members who may decide on this dossier: neither in conflict nor recused.

    `membres`, when known, are the present ones: asking for many dossiers then costs no query per dossier.
    """
    deportes = {d.membre_id for d in inscription.deports.all()}
    membres = presents(session) if membres is None else membres
    return [m for m in membres if m.pk not in deportes and not conflit_du_membre(m, inscription.candidature)]


def tete(membres: list[MembreJury]) -> MembreJury | None:
    """Who leads among these members: the chair, the vice-chair when the chair is not among them."""
    par_fonction = {m.fonction: m for m in membres}
    return par_fonction.get(MembreJury.Fonction.PRESIDENT) or par_fonction.get(MembreJury.Fonction.VICE_PRESIDENT)


def conduit(session: SessionJury, inscription, utilisateur) -> bool:
    """Does this person chair this dossier? The vice-chair does when the chair is absent or recused."""
    meneur = tete(votants(session, inscription))
    return meneur is not None and meneur.utilisateur_id == utilisateur.pk


def empechements(session: SessionJury, inscription, membres: list[MembreJury] | None = None) -> list[str]:
    """What prevents a decision on this very dossier, recusals deducted; the dossier can then only be postponed."""
    voix = votants(session, inscription, membres)
    phrases = manques_de_composition(voix, Regles.de(inscription.candidature.parcours))
    if tete(voix) is None:
        phrases.append("Présidence : présidence et vice-présidence sont absentes ou déportées sur ce dossier.")
    return phrases
