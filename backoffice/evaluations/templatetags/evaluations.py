"""What a template of another room reads of an evaluation."""

from django import template

from ..resultats import Lecture, regle_en_mots

register = template.Library()


@register.simple_tag
def resultats_de(candidature, lecteur):
    """The results of the dossier, bloc by bloc, as this person may read them now."""
    return Lecture(candidature, lecteur).blocs()


@register.simple_tag
def regle_de(candidature):
    """How a bloc is acquired, in one sentence."""
    return regle_en_mots(candidature)
