"""The mails of the life of a document after its issue: none names a person, nor a reason, in its subject."""

from django.conf import settings
from django.urls import reverse

from backoffice.notifications import variables  # noqa: F401 (declares « motif »)
from backoffice.notifications.catalogue import courriels, variable

from .models_apres import DemandeSurDocument

FAMILLE = "Vie des documents délivrés"
CONTESTER = (
    "Vous contestez cette annulation\u202f? Écrivez à {contact}, en rappelant le numéro du document et vos "
    "raisons\u00a0: une personne qui ne l’a ni demandée ni prononcée vous répondra. Vous pouvez aussi saisir le "
    "tribunal judiciaire."
)
_ISSUES = {"acceptee": "est acceptée", "refusee": "est refusée"}


def _raisons(c: dict) -> str:
    return f"Raisons\u00a0: {c['motif']}" if c["motif"] else ""


def _issue(c: dict) -> str:
    demande: DemandeSurDocument = c["demande"]
    return f"Votre {demande._meta.verbose_name} {_ISSUES.get(demande.etat, '')}".strip()


variable(
    "intitule_du_document",
    "intitulé de la certification que le document porte",
    lambda c: c["document"].enregistrement["certification"]["intitule"],
    "CQP Couvreur zingueur",
)
variable(
    "objet_de_la_demande",
    "ce qui est demandé sur un document",
    lambda c: str(c["demande"]._meta.verbose_name).capitalize(),
    "Demande d’annulation",
)
variable(
    "lien_demande_document",
    "lien vers la demande",
    lambda c: settings.ADRESSE_PUBLIQUE + c["demande"].get_absolute_url(),
    "ADRESSE/gestion/delivrances/annulations/12/",
)
variable("issue_de_la_demande", "réponse donnée à la demande", _issue, "Votre demande d’annulation est acceptée")
variable("raisons_de_la_reponse", "raisons d’un refus (vide sinon)", _raisons, "Raisons\u00a0: la pièce manque.", True)
variable(
    "facon_de_contester",
    "à qui écrire pour contester une annulation",
    lambda c: CONTESTER.format(contact=settings.COURRIEL_CONTACT),
    CONTESTER.format(contact="contact@example.org"),
)
variable(
    "numero_du_nouveau",
    "numéro du document qui remplace",
    lambda c: c["nouveau"].numero,
    "FTC-2026-00012",
)
variable(
    "rang_du_duplicata",
    "numéro d’ordre du duplicata",
    lambda c: f"duplicata n°\u00a0{c['duplicata'].rang}",
    "duplicata n°\u00a01",
)
variable(
    "lien_mon_espace",
    "lien vers «\u202fMon espace\u202f»",
    lambda c: settings.ADRESSE_PUBLIQUE + reverse("espace:accueil"),
    "ADRESSE/gestion/mon-espace/",
)

_ESPACE = {"page": "espace:accueil"}
# fmt: off
courriels(FAMILLE, [
    ("demande_document_recue",  "Demande sur un document délivré",
     "Quelqu’un demande une annulation, un remplacement ou un duplicata", "Les personnes qui peuvent y répondre",
     ("objet_de_la_demande!", "numero_du_document", "intitule_du_document", "lien_demande_document!")),
    ("demande_document_tranchee", "Réponse à une demande sur un document",
     "La demande d’annulation, de remplacement ou de duplicata est acceptée ou refusée", "La personne qui a demandé",
     ("issue_de_la_demande!", "raisons_de_la_reponse!", "numero_du_document", "lien_demande_document!")),
    ("annulation_document",     "Annulation d’un document",
     "Un document est annulé par lui-même, sa décision tenant", "Le titulaire du document",
     ("numero_du_document!", "intitule_du_document", "motif!", "facon_de_contester!", "lien_mon_espace"), (), _ESPACE),
    ("annulation_document_employeur", "Annulation d’un document, pour l’employeur",
     "Un document est annulé par lui-même, sa décision tenant", "L’employeur qui a présenté le candidat",
     ("reference!", "certification", "lien_dossier")),
    ("document_remplace",       "Document remplacé",
     "Un document est remplacé par un autre", "Le titulaire du document",
     ("numero_du_document!", "numero_du_nouveau!", "intitule_du_document", "motif", "lien_mon_espace!"), (), _ESPACE),
    ("duplicata_delivre",       "Duplicata délivré",
     "Un duplicata est délivré", "Le titulaire du document",
     ("rang_du_duplicata!", "numero_du_document!", "intitule_du_document", "lien_mon_espace!"), (), _ESPACE),
])
# fmt: on
