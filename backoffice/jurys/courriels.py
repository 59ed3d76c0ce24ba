"""The mails of what undoes a decision: revocations, appeals. Declared here, their texts in templates."""

from django.conf import settings
from django.utils.formats import date_format

from backoffice.notifications.catalogue import courriels, variable
from backoffice.notifications.declarations import AU_DOSSIER, CANDIDAT, EMPLOYEUR

FAMILLE = "Révocations et recours"
ISSUES = {
    "accepte": "Le recours est accepté\u00a0: la décision est révoquée, et un autre jury examinera le dossier.",
    "rejete": "Le recours est rejeté\u00a0: la décision tient.",
}

variable(
    "lien_recours",
    "lien vers le recours",
    lambda c: settings.ADRESSE_PUBLIQUE + c["recours"].get_absolute_url(),
    "ADRESSE/gestion/jurys/recours/4/",
)
variable(
    "reponse_au_plus_tard",
    "dernier jour pour répondre au recours",
    lambda c: date_format(c["recours"].echeance, "j F Y"),
    "6 février 2027",
)
variable(
    "issue_du_recours",
    "issue du recours, en une phrase",
    lambda c: ISSUES.get(c["recours"].etat, ""),
    ISSUES["rejete"],
)
variable(
    "reponse_au_recours",
    "réponse écrite au recours",
    lambda c: c["recours"].reponse,
    "Les deux évaluateurs ont noté ce bloc de la même façon.",
    True,
)
LE_RECOURS = ("reference", "certification", "date_jury")
GESTION = "Les certificateurs et les gestionnaires du porteur"

# fmt: off
courriels(FAMILLE, [
    ("revocation_demandee", "Révocation à trancher",
     "Quelqu’un demande la révocation d’une décision", "Les certificateurs",
     (*AU_DOSSIER, "motif!")),
    ("revocation_refusee",  "Révocation refusée",
     "Le certificateur refuse la révocation", "La personne qui l’a demandée", (*AU_DOSSIER, "motif!")),
    ("decision_revoquee",   "Décision révoquée",
     "Une décision du jury est révoquée", "Le candidat, l’employeur et les gestionnaires du porteur",
     ("reference", "certification", "date_jury", "motif!", "lien_dossier!")),
    ("recours_accuse",   "Accusé de réception d’un recours",
     "Un recours est déposé, ou enregistré", CANDIDAT, (*LE_RECOURS, "reponse_au_plus_tard!", "lien_recours!")),
    ("recours_recu",     "Recours à examiner",
     "Un recours est déposé, ou enregistré", GESTION, (*LE_RECOURS, "reponse_au_plus_tard!", "lien_recours!")),
    ("recours_reponse",  "Réponse à un recours",
     "Un recours est accepté ou rejeté", CANDIDAT,
     (*LE_RECOURS, "issue_du_recours!", "reponse_au_recours!", "lien_recours!")),
    ("recours_issue",    "Issue d’un recours (employeur)",
     "Un recours est accepté ou rejeté", EMPLOYEUR, (*LE_RECOURS, "issue_du_recours!", "lien_dossier")),
    ("recours_retire",   "Recours retiré",
     "Le candidat retire son recours", GESTION, (*LE_RECOURS, "lien_recours!")),
    ("relance_recours",  "Relance\u00a0: recours à répondre",
     "Le jour promis pour la réponse approche, ou il est passé", "Qui l’examine, sinon les certificateurs",
     (*LE_RECOURS, "reponse_au_plus_tard!", "lien_recours!")),
])
# fmt: on
