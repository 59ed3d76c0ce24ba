"""What contradicts itself in the rules of a jury: a casting vote over unanimity, a quorum that decides nothing, a proxy
that undoes the parity, and what the candidate would lose after the decision.
"""

from collections.abc import Iterator

from .constats import Constat, avertit, refuse
from .models import Majorite, ModeDecision
from .releve import Releve

VAE = "Code du travail, articles L. 6411-1 et suivants"
RECOURS = "Règles de fonctionnement de la plateforme, droit au recours"
# The branches, and the rules of the VAE, tell the candidate within a fortnight.
NOTIFICATION_VAE = 15
RECOURS_COURT = 30


def procurations(releve: Releve) -> Iterator[Constat]:
    """A proxy may be given, and does not undo what the collèges balance."""
    p = releve.parcours
    if p.quorum_represente and not p.procurations_par_membre:
        yield avertit(
            "jury",
            "quorum_represente",
            "Les membres représentés compteraient dans le quorum, mais aucune procuration n’est permise.",
            "Permettez une procuration par membre, ou ne comptez que les présents.",
        )
    if not p.procurations_par_membre:
        return
    if p.parite_stricte and not p.procuration_meme_college:
        yield avertit(
            "jury",
            "procuration_meme_college",
            "Un membre pourrait porter la voix d’un membre de l’autre collège\u00a0: les voix resteraient en nombre "
            "égal, mais un seul collège en déciderait.",
            "Réservez les procurations aux membres du même collège.",
        )
    if p.procurations_par_membre >= p.sieges_par_college > 1:
        yield avertit(
            "jury",
            "procurations_par_membre",
            f"Avec {p.procurations_par_membre} procurations, un seul membre pourrait porter toutes les voix d’un "
            f"collège de {p.sieges_par_college} sièges.",
            "Permettez une procuration par membre, ou deux.",
        )


def presidence(releve: Releve) -> Iterator[Constat]:
    """A chair that changes collège each year has its vice-chair in the other one."""
    p = releve.parcours
    if p.alternance_annuelle and not p.presidence_alternee:
        yield avertit(
            "jury",
            "alternance_annuelle",
            "La présidence change de collège chaque année, mais la vice-présidence peut venir du même collège\u00a0: "
            "quand elle supplée la présidence, l’alternance est perdue.",
            "Demandez que les deux fonctions viennent de collèges différents.",
        )


def majorite(releve: Releve) -> Iterator[Constat]:
    """A casting vote breaks an equal split only where an equal split means something; a quorum can decide."""
    p = releve.parcours
    if p.voix_preponderante and p.majorite in (Majorite.UNANIMITE, Majorite.COLLEGES):
        quoi = "l’unanimité" if p.majorite == Majorite.UNANIMITE else "une majorité dans chaque collège"
        yield refuse(
            "deliberation",
            "voix_preponderante",
            f"La décision demande {quoi}, mais la voix de la présidence pourrait l’emporter sur la moitié du jury.",
            "Retirez la voix prépondérante, ou choisissez une autre majorité.",
        )
    atteint, requis = 2 * p.membres_minimum_par_college, p.sieges_par_college + 1
    if p.majorite == Majorite.SIEGES and atteint < requis:
        yield avertit(
            "deliberation",
            "majorite",
            f"Avec le quorum ({atteint} membres), le jury ne pourrait rien décider\u00a0: la majorité des "
            f"{2 * p.sieges_par_college} sièges en demande {requis}.",
            "Demandez plus de membres présents, ou la majorité des présents.",
        )
    if p.vote_secret and p.mode_decision == ModeDecision.CONSENSUS:
        yield avertit(
            "deliberation",
            "vote_secret",
            "Le vote est secret, mais le jury décide par consensus\u00a0: il ne sert que si la présidence fait voter.",
            "Choisissez la décision par un vote, ou vérifiez que c’est voulu.",
        )


def apres(releve: Releve) -> Iterator[Constat]:
    """What the candidate is told, keeps and may contest."""
    p = releve.parcours
    if p.delai_notification_vae > NOTIFICATION_VAE:
        yield avertit(
            "suites",
            "delai_notification_vae",
            f"En VAE, le résultat serait notifié {p.delai_notification_vae} jours après le jury\u00a0: le candidat "
            f"l’attend sous {NOTIFICATION_VAE} jours.",
            f"Ramenez ce délai à {NOTIFICATION_VAE} jours au plus.",
            VAE,
        )
    if not p.validation_partielle and p.validite_blocs_mois is not None:
        yield avertit(
            "suites",
            "validite_blocs_mois",
            "Les blocs ont une durée de validité, mais aucun bloc ne s’acquiert séparément\u00a0: elle ne sert pas.",
            "Effacez la durée, ou permettez l’acquisition de blocs séparés.",
        )
    if not p.delai_recours:
        yield refuse(
            "suites",
            "delai_recours",
            "Une décision du jury ne pourrait pas être contestée\u00a0: le délai de recours est de zéro jour.",
            "Laissez un délai au candidat, deux mois par exemple.",
            RECOURS,
        )
    elif p.delai_recours < RECOURS_COURT:
        yield avertit(
            "suites",
            "delai_recours",
            f"{p.delai_recours} jours pour contester une décision, c’est court.",
            "Un à deux mois laissent le temps de demander les motifs et de répondre.",
            RECOURS,
        )
    if not p.delai_reponse_recours:
        yield refuse(
            "suites",
            "delai_reponse_recours",
            "Un recours devrait recevoir sa réponse le jour même\u00a0: personne ne pourrait l’instruire.",
            "Donnez aux instructeurs le temps de lire le dossier, un à deux mois par exemple.",
            RECOURS,
        )


REGLES = (procurations, presidence, majorite, apres)
