"""The mails of the candidate's space: none quotes what was written, nor a civil status."""

from django.conf import settings

from backoffice.notifications import variables  # noqa: F401 (declares « lien_dossier »)
from backoffice.notifications.catalogue import courriels, variable

FAMILLE = "Espace du candidat"
REMPLACEMENT = (
    "Un document déjà délivré porte encore l’ancien état civil. Le certificateur en est prévenu\u00a0: il vous en "
    "délivrera un autre, qui remplacera le premier."
)

variable(
    "lien_correction",
    "lien vers la demande de correction d’état civil",
    lambda c: settings.ADRESSE_PUBLIQUE + c["correction"].get_absolute_url(),
    "ADRESSE/gestion/mon-espace/corrections/12/",
)
variable(
    "suite_de_la_correction",
    "ce qui suit la correction, quand un document est à remplacer (vide sinon)",
    lambda c: REMPLACEMENT if c["documents"] else "",
    REMPLACEMENT,
)

# fmt: off
courriels(FAMILLE, [
    ("correction_demandee",  "Correction d’état civil à vérifier",
     "Un candidat demande la correction de son état civil", "Les gestionnaires des porteurs qui suivent ses dossiers",
     ("lien_correction!",)),
    ("correction_acceptee",  "Correction d’état civil acceptée",
     "Le porteur accepte la correction", "Le candidat", ("lien_correction", "suite_de_la_correction!")),
    ("correction_refusee",   "Correction d’état civil refusée",
     "Le porteur refuse la correction", "Le candidat", ("lien_correction!",)),
    ("document_a_remplacer", "Document délivré à remplacer",
     "Une correction acceptée touche une personne qui a déjà un document", "Le certificateur qui l’a délivré",
     ("lien_correction!",)),
    ("message_recu",         "Message sur un dossier",
     "Quelqu’un écrit un message sur un dossier", "Le porteur, ou la personne à qui il répond",
     ("lien_dossier!",)),
])
# fmt: on
