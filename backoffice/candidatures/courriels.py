"""The mails of the ways out: withdrawal, abandonment, inactivity, contest. Declared here, their texts in templates."""

from backoffice.courriels import adresses, composer
from backoffice.notifications.catalogue import courriels, variable
from backoffice.notifications.declarations import AU_DOSSIER, CANDIDAT, DOSSIER, EMPLOYEUR, PORTEUR

from .models import NON_DECLARES, Etat

FAMILLE = "Sorties et inactivité"
variable("attendu", "ce que le dossier attend", lambda c: c["attendu"], "Le dossier est à compléter puis à déposer.")

# fmt: off
courriels(FAMILLE, [
    ("candidature_quittee",  "Candidature retirée",
     "La personne ou l’employeur se désiste, ou le porteur clôt le dossier",
     "Le candidat, l’employeur, les gestionnaires du porteur et l’évaluateur confirmé",
     (*DOSSIER, "motif!")),
    ("candidature_reprise",  "Candidature reprise",
     "Un dossier retiré ou clos reprend là où il en était", "Le candidat, l’employeur et les gestionnaires du porteur",
     (*AU_DOSSIER, "statut", "motif")),
    ("candidature_inactive", "Relance d’un dossier inactif",
     "Rien ne s’est passé sur un dossier depuis le délai du parcours", EMPLOYEUR,
     (*AU_DOSSIER, "attendu", "depuis", "echeance!")),
    ("candidature_close",    "Dossier clos pour inactivité",
     "Rien ne s’est passé non plus après la relance", "L’employeur, le candidat et les gestionnaires du porteur",
     (*AU_DOSSIER, "echeance!")),
    ("contestation_recue",   "Clôture contestée",
     "L’employeur ou le candidat conteste la clôture d’un dossier inactif", PORTEUR, (*AU_DOSSIER, "motif!")),
    ("contestation_refusee", "Contestation refusée",
     "Le porteur maintient la clôture d’un dossier inactif", f"{EMPLOYEUR} et {CANDIDAT.lower()}",
     (*DOSSIER, "motif!")),
])
# fmt: on


def de_l_employeur(candidature) -> list[str]:
    """Who writes for the candidate: the people of the établissement, or the gestionnaire who keeps a draft."""
    if Etat.BROUILLON in (candidature.etat, candidature.sortie_de) and candidature.ouverte_par.a_role("gestionnaire"):
        return [candidature.ouverte_par.email]
    return adresses("employeur", candidature.etablissement)


def du_candidat(candidature) -> list[str]:
    """The person's own address, once the dossier was declared."""
    courriel_du_candidat = candidature.titulaire.courriel
    return [courriel_du_candidat] if courriel_du_candidat and candidature.etat not in NON_DECLARES else []


def du_porteur(candidature) -> list[str]:
    return adresses("gestionnaire", candidature.porteur) if candidature.etat not in NON_DECLARES else []


def de_l_evaluateur(candidature) -> list[str]:
    """The évaluateur confirmed, who would otherwise go on waiting."""
    evaluation = getattr(candidature, "evaluation", None)
    return [evaluation.evaluateur.email] if evaluation is not None else []


def prevenir(modele: str, *qui, **contexte):
    """Build the `courriels` of a verb: this mail, once to each address that `qui` give; never to who has acted."""

    def preparer(candidature, acteur, donnees, resultat):
        destinataires = dict.fromkeys(a for fonction in qui for a in fonction(candidature))
        destinataires.pop(getattr(acteur, "email", ""), None)
        textes = {"motif": donnees.get("motif", ""), **(resultat or {}).get("courriel", {}), **contexte}
        return [composer(modele, a, candidature=candidature, **textes) for a in destinataires]

    return preparer
