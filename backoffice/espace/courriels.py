"""The mails of the candidate's space: none quotes what was written, nor a civil status."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

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
variable(
    "lien_verification",
    "lien personnel vers la page où le titulaire vérifie son état civil",
    lambda c: settings.ADRESSE_PUBLIQUE + reverse("verifier_etat_civil", args=[c["jeton"]]),
    "ADRESSE/etat-civil/3f9aXq…/",
)
variable(
    "fin_du_lien",
    "dernier jour du lien de vérification",
    lambda c: f"{timezone.localtime(c['verification'].expire_le):%d/%m/%Y}",
    "22/12/2026",
)
variable(
    "lien_de_la_verification",
    "lien vers la page de la vérification demandée",
    lambda c: settings.ADRESSE_PUBLIQUE + c["verification"].get_absolute_url(),
    "ADRESSE/gestion/mon-espace/verifications/12/",
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
    ("correction_acceptee_sans_compte", "Correction d’état civil acceptée (sans compte)",
     "La correction d’un titulaire sans compte est acceptée", "Le titulaire", ("suite_de_la_correction!",)),
    ("correction_refusee_sans_compte", "Correction d’état civil refusée (sans compte)",
     "La correction d’un titulaire sans compte est refusée", "Le titulaire", ("motif!",)),
    ("document_a_remplacer", "Document délivré à remplacer",
     "Une correction acceptée touche une personne qui a déjà un document", "Le certificateur qui l’a délivré",
     ("lien_correction!",)),
    ("verification_demandee", "État civil à vérifier (titulaire)",
     "Le certificateur ou le porteur demande au titulaire de vérifier son état civil", "Le titulaire",
     ("lien_verification!", "fin_du_lien!")),
    ("verification_confirmee", "État civil confirmé par le titulaire",
     "Le titulaire confirme que son état civil est juste", "La personne qui l’a demandé",
     ("lien_de_la_verification!",)),
    ("verification_bloquee", "Lien de vérification fermé",
     "Le lien d’un titulaire se ferme après trop d’essais manqués", "La personne qui l’a envoyé",
     ("lien_de_la_verification!",)),
    ("message_recu",         "Message sur un dossier",
     "Quelqu’un écrit un message sur un dossier", "Le porteur, ou la personne à qui il répond",
     ("lien_dossier!",)),
])
# fmt: on
