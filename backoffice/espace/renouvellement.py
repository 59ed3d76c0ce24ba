"""After an accepted correction: the documents that print another identity are renewed, by the verb of replacement."""

from backoffice.delivrances import comparaison
from backoffice.delivrances.apres import deposer
from backoffice.delivrances.models import DemandeRemplacement
from registre.models import Parchemin, Titulaire
from registre.transitions import Refus

from .models import DemandeCorrection


def preparer_les_remplacements(
    documents: list[dict], corrige: Titulaire, correction: DemandeCorrection, acteur
) -> None:
    """Prepare, in the name of who accepted, the replacement of each document; another person approves it.

    Where this person may not prepare it (the document of another porteur, a mention that is missing, a request that
    already waits), `remplacement` stays empty: the certificateur is told, and replaces it by hand.
    """
    for ligne in documents:
        document: Parchemin = ligne["document"]
        demande = DemandeRemplacement(
            parchemin=document,
            motif=DemandeRemplacement.Motif.ETAT_CIVIL,
            precisions=f"Correction n°\u00a0{correction.pk} acceptée.",
            enregistrement=comparaison.corriger(document.enregistrement, corrige, document.lieu),
        )
        try:
            ligne["remplacement"] = deposer(demande, "preparer_remplacement", acteur, "")
        except Refus:
            continue
