"""What the pages of verbs show of a request on a document."""

from django import template

from backoffice.delivrances import comparaison

register = template.Library()


@register.simple_tag
def comparaison_de(demande) -> list[dict]:
    """The lines of the two records of a replacement: the document as it is, as it would be."""
    return comparaison.lignes(demande.parchemin.enregistrement, demande.enregistrement)
