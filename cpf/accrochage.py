"""What is due to the SI CPF: the parchemins to declare, each with what the checks say of it."""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from registre import jetons
from registre.cog import Lecture
from registre.documents.phrases import identite
from registre.models import Parchemin, VersionCertification

from .controles import PREMIERE_DELIVRANCE, Anomalie, Doublons, bloquantes, controler
from .instantane import instantane
from .models import Action, PassageCPF
from .rapprochement import rapprocher

# R. 6113-17-2: declared within three months of the issue.
MOIS_POUR_DECLARER = 3
PAQUET = 1_000
REPERTOIRES = (VersionCertification.Repertoire.RNCP, VersionCertification.Repertoire.RS)
Reponse = PassageCPF.Reponse


def echeance(delivre_le: date) -> date:
    """Last day to declare: three calendar months after the issue (the last day of a shorter month)."""
    annees, mois = divmod(delivre_le.month - 1 + MOIS_POUR_DECLARER, 12)
    annee, mois = delivre_le.year + annees, mois + 1
    return date(annee, mois, min(delivre_le.day, calendar.monthrange(annee, mois)[1]))


@dataclass(frozen=True)
class Candidat:
    """A parchemin to declare: its snapshot, and what the checks say of it."""

    parchemin: Parchemin
    instantane: dict
    anomalies: list[Anomalie]

    @property
    def bloquantes(self) -> list[Anomalie]:
        return bloquantes(self.anomalies)

    @property
    def reserves(self) -> list[Anomalie]:
        """What lowers the chances of the passage without keeping it out."""
        return [anomalie for anomalie in self.anomalies if not anomalie.bloquante]

    @property
    def titulaire(self) -> str:
        personne = self.instantane["titulaire"]
        return f"{personne['prenom1']} {personne['nom_naissance'].upper()}"

    @property
    def echeance(self) -> date:
        return echeance(self.parchemin.delivre_le)

    @property
    def jours_restants(self) -> int:
        """Days left to declare; negative when the date is past."""
        return (self.echeance - timezone.localdate()).days


def a_declarer(certificateur, jour: date | None = None, avec_refuses: bool = True) -> QuerySet[Parchemin]:
    """Parchemins that this certificateur still owes to the SI CPF, oldest first.

    Whole certifications (RNCP, RS) issued since 1 July 2021, not cancelled, whose document exists, and that no
    passage accepted or awaiting its answer declares. `deja_refuse` tells those that were refused before.
    """
    siens = PassageCPF.objects.filter(parchemin=OuterRef("pk"))
    dus = (
        Parchemin.objects.vivants()
        .edites()
        .filter(
            nature=Parchemin.Nature.PARCHEMIN,
            certificateur=certificateur,
            version__repertoire__in=REPERTOIRES,
            delivre_le__range=(PREMIERE_DELIVRANCE, jour or timezone.localdate()),
        )
        .filter(~Exists(siens.en_cours()))
        .annotate(deja_refuse=Exists(siens.filter(reponse=Reponse.REFUSE)))
        .order_by("delivre_le", "pk")
    )
    return dus if avec_refuses else dus.filter(deja_refuse=False)


def a_supprimer(certificateur) -> QuerySet[Parchemin]:
    """Parchemins cancelled here that the SI CPF still holds, or is about to: latest cancelled first.

    `connu`: the declaration is accepted, so that its suppression may be asked; else its answer is awaited.
    Left out: those whose suppression was accepted, awaits its answer, or was obtained by hand.
    """
    siens = PassageCPF.objects.filter(parchemin=OuterRef("pk")).en_cours()
    declares = siens.filter(action=Action.CREATION)
    annules = Parchemin.objects.filter(certificateur=certificateur, annule_le__isnull=False, suppression_cpf=None)
    return (
        annules.filter(Exists(declares), ~Exists(siens.filter(action=Action.SUPPRESSION)))
        .annotate(connu=Exists(declares.filter(reponse=Reponse.ACCEPTE)))
        .select_related("titulaire")
        .order_by("-annule_le", "-pk")
    )


def adresse_preuve(parchemin: Parchemin) -> str:
    """Address where anybody checks the parchemin; none when the public address of the site can't carry it."""
    try:
        return jetons.adresse(parchemin.jeton)
    except ValueError:
        return ""


def enregistrement_declare(parchemin: Parchemin) -> dict:
    """The frozen record, with the civil status of the register as long as it prints the same.

    What is printed binds: once it differs, the document is replaced, and the new one declared.
    """
    actuel = parchemin.titulaire.etat_civil()
    if identite(actuel) != identite(parchemin.enregistrement["titulaire"]):
        return parchemin.enregistrement
    return parchemin.enregistrement | {"titulaire": actuel}


def _remplacement(parchemin: Parchemin) -> Iterator[Anomalie]:
    """The register says otherwise than the document: the passage of its replacement is the one to send."""
    if parchemin.remplacement_attendu:
        yield Anomalie(
            "document",
            "Ce document attend son remplacement\u00a0: c’est le nouveau qui sera déclaré.",
            "Un signataire approuve le remplacement préparé.",
        )
    elif identite(parchemin.titulaire.etat_civil()) != identite(parchemin.enregistrement["titulaire"]):
        yield Anomalie(
            "document",
            "L’état civil du registre a changé depuis la délivrance\u00a0: le document porte encore l’ancien.",
            "Préparez son remplacement, sauf si l’état civil du jour de la délivrance était juste.",
            bloquante=False,
        )


def examiner(
    parchemins: QuerySet[Parchemin], jour: date | None = None, limite: int | None = None
) -> Iterator[Candidat]:
    """Check each of these parchemins (the first `limite` ones); two readings: duplicates are known, nothing is held."""
    jour, codes = jour or timezone.localdate(), set()
    # By their keys: a reading goes on while what was read is written, on both databases.
    cles = list(parchemins.values_list("pk", flat=True)[:limite])
    attendus = Parchemin.objects.filter(pk=OuterRef("pk"), demanderemplacements__etat="demandee")
    parchemins = parchemins.select_related("titulaire").annotate(remplacement_attendu=Exists(attendus))

    def lire() -> Iterator[tuple[Parchemin, dict]]:
        for paquet in paquets(cles):
            for parchemin in parchemins.filter(pk__in=paquet):
                passage = instantane(
                    enregistrement_declare(parchemin), parchemin.identifiant, adresse_preuve(parchemin)
                )
                codes.add(passage["titulaire"]["code_insee"])
                yield parchemin, passage

    doublons = Doublons(passage for _, passage in lire())
    lieux = Lecture(codes)
    for parchemin, passage in lire():
        siennes = [*doublons.anomalies(passage), *controler(passage, jour)]
        siennes += [*rapprocher(passage, lieux, siennes), *_remplacement(parchemin)]
        yield Candidat(parchemin, passage, sorted(siennes, key=lambda anomalie: not anomalie.bloquante))


def paquets(suite: Iterable, taille: int = PAQUET) -> Iterator[list]:
    """Successive lists of at most `taille` items."""
    paquet = []
    for element in suite:
        paquet.append(element)
        if len(paquet) == taille:
            yield paquet
            paquet = []
    if paquet:
        yield paquet
