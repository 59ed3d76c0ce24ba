"""The mails of the post: none quotes an address."""

from django.conf import settings
from django.urls import reverse

from backoffice.notifications.catalogue import courriels, variable


def _adresse(nom: str):
    return lambda c: settings.ADRESSE_PUBLIQUE + reverse(nom, args=[c["envoi"].pk])


variable("lien_envoi", "lien vers l’envoi postal", _adresse("remises:envoi"), "ADRESSE/gestion/remises/envois/4/")
variable(
    "numero_envoye",
    "nature et numéro du document à envoyer",
    lambda c: f"{c['envoi'].parchemin.get_nature_display()} n°\u00a0{c['envoi'].parchemin.numero}",
    "parchemin n°\u00a0FTC-2026-00001",
)

# fmt: off
courriels("Délivrance", [
    ("adresse_demandee", "Adresse postale à donner",
     "Le certificateur veut envoyer un document sur papier", "Le titulaire du document",
     ("numero_envoye!", "lien_envoi!", "acces_au_compte!")),
    ("document_envoye",  "Document envoyé par la poste",
     "Un document part par la poste", "Le titulaire du document", ("numero_envoye!", "lien_envoi")),
    ("courrier_revenu",  "Courrier revenu",
     "Un pli revient à l’expéditeur", "Le titulaire du document", ("numero_envoye!", "lien_envoi!")),
])
# fmt: on
