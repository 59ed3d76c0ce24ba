"""May this jury decide? Presence, parity and chair computed live, each failed rule said with its numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone

from backoffice.candidatures.models import Candidature
from backoffice.comptes.models import Role
from backoffice.evaluations.independance import conflit
from backoffice.parcours.models import Parcours

from .corps import COLLEGES, EMPLOYEURS, SALARIES, Corps, Regles, former
from .models import MembreJury, Procuration, SessionJury

NOMS = {EMPLOYEURS: "employeurs", SALARIES: "salariés"}


class Manque(str):
    """A rule that is not met, said in a sentence with its numbers; `regle` tells which one, whatever the numbers."""

    def __new__(cls, phrase: str, *regle):
        manque = super().__new__(cls, phrase)
        manque.regle = regle
        return manque


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


@dataclass(frozen=True)
class Assemblee:
    """The seats and proxies of one session, read once: what is asked dossier by dossier then costs no query."""

    membres: list[MembreJury]
    procurations: list[Procuration]

    @classmethod
    def de(cls, session: SessionJury) -> "Assemblee":
        """Everybody who has a seat there, with their roles of today."""
        roles = Prefetch(
            "utilisateur__roles", Role.objects.actifs().select_related("organisme"), to_attr="tous_les_roles"
        )
        membres = session.membres.select_related("utilisateur", "organisme").prefetch_related(roles).order_by("pk")
        return cls(list(membres), list(Procuration.objects.filter(mandant__session=session, retiree_le=None)))

    @property
    def presents(self) -> list[MembreJury]:
        """Who is in the room, whether they vote or not."""
        return [m for m in self.membres if m.est_la]

    def ecartes(self, inscription) -> set[int]:
        """The members who take no part in this dossier: recused, or in a conflict that the data show."""
        deportes = {d.membre_id for d in inscription.deports.all()}
        en_conflit = (m.pk for m in self.membres if conflit_du_membre(m, inscription.candidature))
        return deportes.union(en_conflit)

    def corps(self, regles: Regles, inscription=None) -> Corps:
        """The voices that count under these rules, on this dossier or in general."""
        return former(self.membres, self.procurations, regles, self.ecartes(inscription) if inscription else ())


def corps(session: SessionJury, inscription, assemblee: Assemblee | None = None) -> Corps:
    """The voices that count on this dossier now, recusals deducted, suppléants and proxies counted."""
    assemblee = assemblee or Assemblee.de(session)
    return assemblee.corps(Regles.de(inscription.candidature.parcours), inscription)


def _membres(nombre: int, representes: bool) -> str:
    pluriel = "s" if nombre > 1 else ""
    suite = f" ou représenté{pluriel}" if representes else ""
    return f"{nombre} membre{pluriel} présent{pluriel}{suite}"


def manques_de_composition(corps: Corps, regles: Regles) -> list[Manque]:
    """Return a French sentence per rule that these voices do not meet; empty when they may decide."""
    return [
        *_manques_de_quorum(corps, regles),
        *_manques_de_parite(corps, regles),
        *_manques_de_sieges(corps, regles),
    ]


def _manques_de_quorum(corps: Corps, regles: Regles) -> list[Manque]:
    phrases = []
    for college in COLLEGES:
        compte = corps.nombre(college, representes=regles.quorum_represente)
        if compte < regles.minimum_par_college:
            phrase = (
                f"Quorum\u00a0: {_membres(compte, regles.quorum_represente)} pour le collège {NOMS[college]}, "
                f"il en faut au moins {regles.minimum_par_college}."
            )
            phrases.append(Manque(phrase, "quorum", college, regles.minimum_par_college))
        elif not corps.nombre(college, representes=False):
            phrase = f"Quorum\u00a0: 0 membre présent pour le collège {NOMS[college]}, "
            phrase += "il en faut au moins 1 dans la salle."
            phrases.append(Manque(phrase, "en_salle", college))
    return phrases


def _manques_de_parite(corps: Corps, regles: Regles) -> list[Manque]:
    employeurs, salaries = (corps.nombre(college) for college in COLLEGES)
    if not regles.parite_stricte or employeurs == salaries:
        return []
    represente = any(siege.represente for siege in corps.voix)
    phrase = (
        f"Parité\u00a0: {_membres(employeurs, represente)} pour le collège employeurs et {salaries} pour le collège "
        "salariés, il en faut autant."
    )
    return [Manque(phrase, "parite")]


def _manques_de_sieges(corps: Corps, regles: Regles) -> list[Manque]:
    phrases = [
        Manque(
            f"Sièges\u00a0: {compte} voix pour le collège {NOMS[college]}, "
            f"le règlement en ouvre {regles.sieges_par_college}.",
            "sieges",
            college,
            regles.sieges_par_college,
        )
        for college in COLLEGES
        if (compte := corps.nombre(college)) > regles.sieges_par_college
    ]
    if regles.un_siege_par_organisation:
        organisations = [s.membre.organisation.casefold() for s in corps.voix if s.membre.organisation]
        for nom in sorted({o for o in organisations if organisations.count(o) > 1}):
            titre = next(s.membre.organisation for s in corps.voix if s.membre.organisation.casefold() == nom)
            phrase = f"Sièges\u00a0: {organisations.count(nom)} voix pour «\u202f{titre}\u202f», "
            phrase += "chaque organisation en a une."
            phrases.append(Manque(phrase, "organisation", nom))
    return phrases


def manques_de_presidence(membres: list[MembreJury], regles: Regles) -> list[Manque]:
    """Return a French sentence per rule on the chair that these present members do not meet."""
    par_fonction = {m.fonction: m for m in membres}
    president = par_fonction.get(MembreJury.Fonction.PRESIDENT)
    vice_president = par_fonction.get(MembreJury.Fonction.VICE_PRESIDENT)
    if president is None and vice_president is None:
        return [Manque("Présidence\u00a0: ni la présidence ni la vice-présidence ne sont présentes.", "presidence")]
    if regles.presidence_alternee and president and vice_president and president.college == vice_president.college:
        phrase = "Présidence\u00a0: la présidence et la vice-présidence viennent du même collège, "
        phrase += "il en faut un de chaque."
        return [Manque(phrase, "presidence_de_deux_colleges")]
    return []


def college_qui_preside(certificateur, certifications, instance: str, jour: date, sauf=None) -> tuple[str, str]:
    """Return (collège that must chair a session held that day, why), under the yearly alternation; empty when free.

    The year's first session of these certifications settles its collège: the other one than the year before.
    """
    presidences = MembreJury.objects.filter(
        fonction=MembreJury.Fonction.PRESIDENT,
        session__etat=SessionJury.Etat.SCELLEE,
        session__certificateur=certificateur,
        session__certifications__in=certifications,
        session__instance=instance,
    ).exclude(session=sauf)
    derniere = presidences.order_by("-session__debut", "-pk").values_list("college", "session__debut").first()
    if derniere is None:
        return "", ""
    college, debut = derniere[0], timezone.localdate(derniere[1])
    if debut.year == jour.year:
        return college, f"le collège {NOMS[college]} préside en {jour.year}"
    autre = SALARIES if college == EMPLOYEURS else EMPLOYEURS
    return autre, f"le collège {NOMS[college]} a présidé en {debut.year}"


def manques_d_alternance(session: SessionJury, membres: list[MembreJury], regles: Regles) -> list[Manque]:
    """Return the sentence of the yearly alternation when the chair does not come from the collège whose turn it is."""
    president = next((m for m in membres if m.fonction == MembreJury.Fonction.PRESIDENT), None)
    if not regles.alternance_annuelle or president is None:
        return []
    certifications = session.certifications.all()
    attendu, raison = college_qui_preside(
        session.certificateur_id, certifications, session.instance, session.tenue_le, session.pk
    )
    if attendu and attendu != president.college:
        phrase = f"Présidence\u00a0: {raison}, la présidence revient cette année au collège {NOMS[attendu]}."
        return [Manque(phrase, "alternance", attendu)]
    return []


def presents(session: SessionJury) -> list[MembreJury]:
    """The members who are in the room, in a stable order."""
    return Assemblee.de(session).presents


def manques_de_session(session: SessionJury, assemblee: Assemblee | None = None) -> list[Manque]:
    """What prevents this session from sitting, rule by rule, with the numbers."""
    assemblee, phrases = assemblee or Assemblee.de(session), []
    for regles in dict.fromkeys(Regles.de(parcours) for parcours in parcours_de(session)):
        corps = assemblee.corps(regles)
        phrases += manques_de_composition(corps, regles) + manques_de_presidence(corps.presents, regles)
        phrases += manques_d_alternance(session, assemblee.membres, regles)
    return list(dict.fromkeys(phrases))


# Reasons to stand aside that other files know: (member, dossier) → sentence.
AUTRES_CONFLITS: list[Callable[[MembreJury, Candidature], str]] = []


def motif_de_conflit(fonction: Callable) -> Callable:
    """Register one more reason that the data show; it is asked of each member for each dossier: no query each time."""
    AUTRES_CONFLITS.append(fonction)
    return fonction


def conflit_du_membre(membre: MembreJury, candidature: Candidature) -> str:
    """Why this member may not sit on this dossier, from the data alone; empty when nothing shows."""
    if raison := conflit(membre.utilisateur, candidature, [membre.organisme]):
        return raison
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation and membre.utilisateur_id in (evaluation.evaluateur_id, evaluation.second_id):
        return "Cette personne a évalué le candidat."
    return next((raison for autre in AUTRES_CONFLITS if (raison := autre(membre, candidature))), "")


def votants(session: SessionJury, inscription, assemblee: Assemblee | None = None) -> list[MembreJury]:
    """The present members who may decide on this dossier: they have a seat, no conflict, no recusal."""
    return corps(session, inscription, assemblee).presents


def tete(membres: list[MembreJury]) -> MembreJury | None:
    """Who leads among these members: the chair, the vice-chair when the chair is not among them."""
    par_fonction = {m.fonction: m for m in membres}
    return par_fonction.get(MembreJury.Fonction.PRESIDENT) or par_fonction.get(MembreJury.Fonction.VICE_PRESIDENT)


def conduit(session: SessionJury, inscription, utilisateur) -> bool:
    """Does this person chair this dossier? The vice-chair does when the chair is absent or recused."""
    meneur = tete(votants(session, inscription))
    return meneur is not None and meneur.utilisateur_id == utilisateur.pk


def empechements(session: SessionJury, inscription, assemblee: Assemblee | None = None) -> list[str]:
    """What prevents a decision on this very dossier, recusals deducted; the dossier can then only be postponed."""
    voix = corps(session, inscription, assemblee)
    phrases = manques_de_composition(voix, Regles.de(inscription.candidature.parcours))
    if tete(voix.presents) is None:
        phrases.append("Présidence\u00a0: présidence et vice-présidence sont absentes ou déportées sur ce dossier.")
    return phrases
