"""The closed lists from which the rules of a parcours choose."""

from django.db import models


class ModaliteAcces(models.TextChoices):
    """How the person comes to the certification; the values are those of the SI CPF."""

    FC_HORS_CONTRAT = (
        "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION",
        "formation continue, hors contrat de professionnalisation",
    )
    FC_CONTRAT_PRO = (
        "FORMATION_CONTINUE_CONTRAT_DE_PROFESSIONNALISATION",
        "contrat de professionnalisation",
    )
    APPRENTISSAGE = "FORMATION_INITIALE_APPRENTISSAGE", "apprentissage"
    FI = "FORMATION_INITIALE_HORS_APPRENTISSAGE", "formation initiale, hors apprentissage"
    VAE = "VAE", "validation des acquis de l’expérience"
    CANDIDAT_LIBRE = "CANDIDAT_LIBRE", "candidature individuelle"


class ModeEvaluation(models.TextChoices):
    """How an évaluateur says the result of a compétence."""

    ACQUIS = "acquis", "acquis ou non acquis"
    NOTES = "notes", "une note"


class Concordance(models.TextChoices):
    """What is concluded when those who evaluate do not agree on a compétence."""

    HABILITE = "habilite", "l’évaluateur habilité conclut"
    FAVORABLES = "favorables", "acquis seulement si tous sont favorables"
    JURY = "jury", "le jury tranche"


class ModeDecision(models.TextChoices):
    """How a jury comes to its decision on a dossier."""

    CONSENSUS = "consensus", "par consensus, constaté par la présidence"
    VOTE = "vote", "par un vote sur chaque bloc"


class Majorite(models.TextChoices):
    """Of what a bloc must gather more than half to be acquired."""

    PRESENTS = "presents", "majorité absolue des présents et représentés"
    EXPRIMES = "exprimes", "majorité absolue des suffrages exprimés"
    SIEGES = "sieges", "majorité absolue des sièges"
    COLLEGES = "colleges", "majorité dans chacun des deux collèges"
    UNANIMITE = "unanimite", "unanimité des présents et représentés"


class Etat(models.TextChoices):
    """The life of one version of the rules."""

    BROUILLON = "brouillon", "Brouillon"
    PUBLIE = "publie", "En vigueur"
    REMPLACE = "remplace", "Remplacé"
    RETIRE = "retire", "Retiré"
