"""The mails of the candidate's space: none quotes what was written, nor a civil status."""

from django.conf import settings

from backoffice.notifications import variables  # noqa: F401 (declares « lien_dossier »)
from backoffice.notifications.catalogue import courriel, variable

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

courriel(
    "correction_demandee",
    "Correction d’état civil à vérifier",
    quand="Un candidat demande la correction de son état civil",
    a_qui="Les gestionnaires des porteurs qui suivent ses dossiers",
    variables=("lien_correction",),
    famille=FAMILLE,
    obligatoires=("lien_correction",),
)
courriel(
    "correction_acceptee",
    "Correction d’état civil acceptée",
    quand="Le porteur accepte la correction",
    a_qui="Le candidat",
    variables=("lien_correction", "suite_de_la_correction"),
    famille=FAMILLE,
    obligatoires=("suite_de_la_correction",),
)
courriel(
    "correction_refusee",
    "Correction d’état civil refusée",
    quand="Le porteur refuse la correction",
    a_qui="Le candidat",
    variables=("lien_correction",),
    famille=FAMILLE,
    obligatoires=("lien_correction",),
)
courriel(
    "document_a_remplacer",
    "Document délivré à remplacer",
    quand="Une correction acceptée touche une personne qui a déjà un document",
    a_qui="Le certificateur qui l’a délivré",
    variables=("lien_correction",),
    famille=FAMILLE,
    obligatoires=("lien_correction",),
)
courriel(
    "message_recu",
    "Message sur un dossier",
    quand="Quelqu’un écrit un message sur un dossier",
    a_qui="Le porteur, ou la personne à qui il répond",
    variables=("lien_dossier",),
    famille=FAMILLE,
    obligatoires=("lien_dossier",),
)
