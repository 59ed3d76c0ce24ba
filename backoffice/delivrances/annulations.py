"""What becomes of a delivery when the decision it rests on is revoked: dropped before the issue, cancelled after."""

from django.utils import timezone

from backoffice.courriels import composer
from backoffice.jurys.revocations import suite_de_revocation
from backoffice.notifications.catalogue import courriels, variable
from registre import courriels as boite
from registre import delivrance as registre

from .models import Delivrance

variable(
    "numero_du_document",
    "nature et numéro du document",
    lambda c: f"{c['document'].get_nature_display()} n°\u00a0{c['document'].numero}",
    "parchemin n°\u00a0FTC-2026-00001",
)

# fmt: off
courriels("Délivrance", [
    ("document_annule", "Document annulé",
     "Un document délivré est annulé", "Le titulaire du document",
     ("numero_du_document!", "reference", "certification", "motif!", "lien_dossier"), (),
     {"page": "espace:accueil"}),
])
# fmt: on


@suite_de_revocation
def defaire_la_delivrance(candidature, acteur, role: str, motif: str) -> dict:
    """Drop what was prepared, cancel what was issued; return what the journal of the revocation says of it."""
    delivrance = Delivrance.objects.select_for_update(of=("self",)).filter(candidature=candidature).first()
    if delivrance is None:
        return {}
    document = delivrance.parchemin
    if document is None:
        delivrance.delete()
        return {"preparation": "abandonnee"}
    delivrance.candidature, delivrance.defaite_pour = None, candidature
    delivrance.save()
    _annuler(document, candidature, acteur, role, motif)
    return {"annule": document.numero}


@suite_de_revocation
def defaire_les_attestations_de_bloc(candidature, acteur, role: str, motif: str) -> dict:
    """The same of the attestations of its blocs."""
    siennes = candidature.attestations_de_bloc.en_vigueur().select_for_update(of=("self",)).order_by("pk")
    annulees = []
    for attestation in siennes:
        if attestation.parchemin is None:
            attestation.delete()
            continue
        attestation.defaite_le = timezone.now()
        attestation.save(update_fields=["defaite_le"])
        _annuler(attestation.parchemin, candidature, acteur, role, motif)
        annulees.append(attestation.parchemin.numero)
    return {"blocs_annules": annulees} if annulees else {}


def _annuler(document, candidature, acteur, role: str, motif: str) -> None:
    """Cancel a document that is still in force, and tell its holder."""
    if document.annule_le is None:
        entree = registre.annuler(document, acteur, role, motif)
        contexte = {"candidature": candidature, "document": document, "motif": motif}
        boite.deposer(composer("document_annule", candidature.titulaire.courriel, **contexte), entree)
