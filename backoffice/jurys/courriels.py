"""The mails of a result and of what undoes it: revocations, appeals. Declared here, their texts in templates."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format

from backoffice.notifications.catalogue import courriels, variable
from backoffice.notifications.declarations import AU_DOSSIER, CANDIDAT, CANDIDATURE, DOSSIER, EMPLOYEUR, EMPLOYEURS

from .notices import blocs_gardes, voie_de_recours

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
variable(
    "lien_notice",
    "lien vers la notice du résultat (PDF)",
    lambda c: settings.ADRESSE_PUBLIQUE + reverse("jurys:notice", args=[c["inscription"].pk]),
    "ADRESSE/gestion/jurys/notices/8/",
)
variable(
    "blocs_gardes",
    "blocs que le candidat garde, et jusqu’à quand, quand la certification n’est pas obtenue en entier",
    lambda c: blocs_gardes(c["inscription"]),
    "Blocs conservés\u00a0:\n- RNCP40000BC01 Poser une couverture\u00a0: jusqu’au 17 décembre 2031",
    True,
)
variable(
    "voie_de_recours",
    "comment et jusqu’à quand contester, quand la décision peut l’être",
    lambda c: voie_de_recours(c["inscription"]),
    "Recours\u00a0: jusqu’au 15 février 2027, depuis l’espace du candidat (page du dossier, "
    "«\u202fDéposer un recours\u202f») ou par courrier à Porteur des CQP, jury@example.org.",
)
DU_RESULTAT = ("blocs_gardes", "voie_de_recours", "lien_notice!")
LE_RECOURS = ("reference", "certification", "date_jury")
GESTION = "Les certificateurs et les gestionnaires du porteur"

# fmt: off
courriels("Résultats du jury", [
    ("decision_candidat",  "Décision du jury (candidat)",
     "Le PV du jury est scellé", CANDIDAT,
     (*CANDIDATURE, "date_jury", "decision!", "recommandations", *DU_RESULTAT, "lien_dossier")),
    ("decision_employeur", "Décision du jury (employeur)",
     "Le PV du jury est scellé", EMPLOYEUR, (*DOSSIER, "date_jury", "statut!", *DU_RESULTAT), EMPLOYEURS),
])
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
