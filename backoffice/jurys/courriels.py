"""The mails of what undoes a decision: revocations, appeals. Declared here, their texts in templates."""

from backoffice.notifications.catalogue import courriels
from backoffice.notifications.declarations import AU_DOSSIER

FAMILLE = "Révocations et recours"

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
])
# fmt: on
