"""What the world of the matrices holds of the juries beside their sessions: mandates, running and withdrawn."""

from registre.transitions import executer

from .outils import mandate


def situations(acteurs):
    """(name, object, people) for each state of a mandate."""
    gens = {
        "employeur": (acteurs.employeur, set()),
        "évaluateur": (acteurs.evaluateur, set()),
        "gestionnaire": (acteurs.gestionnaire, {"gestionnaire"}),
        "certificateur": (acteurs.certificateur, {"certificateur"}),
        "auditeur": (acteurs.auditeur, {"auditeur"}),
        "présidente": (acteurs.presidente, set()),
    }
    en_cours, retire = mandate(acteurs.cpne, "employeurs"), mandate(acteurs.cpne, "salaries")
    motif = {"motif": "Fin de mission au syndicat."}
    for nom, mandat in (
        ("mandat en cours", en_cours),
        ("mandat retiré", executer("jurys.mandat", "retirer_mandat", retire, acteurs.certificateur, motif)),
    ):
        yield nom, mandat, {**gens, "membre désigné": (mandat.personne, {"jury"})}
