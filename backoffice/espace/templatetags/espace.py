"""Template filters of the candidate's space."""

from django import template
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def en_clair(valeur):
    """A value of an export, as a person reads it: yes and no in words, dates in French, lists and records unfolded."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if valeur in (None, "", [], {}):
        return "(vide)"
    if isinstance(valeur, dict):
        lignes = ((cle.replace("_", " "), en_clair(v)) for cle, v in valeur.items())
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}\u00a0: {}</li>", lignes))
    if isinstance(valeur, list):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((en_clair(v),) for v in valeur)))
    if isinstance(valeur, str):
        return _texte(valeur)
    return valeur


def _texte(valeur: str):
    try:
        moment, jour = parse_datetime(valeur), parse_date(valeur)
    except ValueError:
        moment = jour = None
    if jour and len(valeur) == 10:
        return date_format(jour, "j F Y")
    if moment and len(valeur) >= 19:
        return date_format(moment, r"j F Y à G \h i")
    return mark_safe(linebreaks(valeur, autoescape=True)) if "\n" in valeur else valeur  # noqa: S308 - escaped
