"""What the pages of the juries ask of a dossier."""

import re

from django import template

from ..revocations import inscription_decisive, reprises_de, revocation_demandee

register = template.Library()


@register.filter
def code_court(code: str) -> str:
    """The bloc within its fiche (« BC01 »), as people name it where one certification is at stake."""
    return re.sub(r"^RNCP\d+(?=BC\d+$)", "", code)


@register.simple_tag
def effets_de_la_revocation(candidature) -> dict:
    """What would be undone with the decision of this dossier (rooms above are read through their relations)."""
    delivrance = getattr(candidature, "delivrance", None)
    document = delivrance.parchemin if delivrance else None
    return {
        "demande": revocation_demandee(candidature),
        "inscription": inscription_decisive(candidature),
        "document": document,
        "preparee": delivrance is not None and document is None,
        "blocs": [a.parchemin for a in candidature.attestations_de_bloc.en_vigueur().select_related("parchemin")],
        "cpf": document is not None and document.passages_cpf.filter(reponse__in=("accepte", "en_attente")).exists(),
        "reprises": list(reprises_de(candidature)),
    }
