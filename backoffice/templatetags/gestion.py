"""Template tags of the back office: ages, and who may do an act."""

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from backoffice.comptes.models import ROLES_DE_CIRCONSTANCE, Role

register = template.Library()


def duree(depuis, maintenant=None) -> str:
    """« 3 jours » between this moment and now, by calendar days of Paris; « aujourd’hui » on the day itself."""
    jours = (timezone.localdate(maintenant) - timezone.localdate(depuis)).days
    if jours < 1:
        return "aujourd’hui"
    if jours == 1:
        return "hier"
    if jours < 60:
        return f"{jours} jours"
    return f"{jours // 30} mois" if jours < 730 else f"{jours // 365} ans"


@register.simple_tag
def age(moment):
    """Time elapsed since `moment`, with the exact date and hour on hover."""
    local = timezone.localtime(moment)
    exact = date_format(local, r"j F Y \à G \h i")
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        exact,
        duree(moment),
    )


@register.filter
def qui_peut(acte) -> str:
    """The people who may carry out this verb, as words: « employeur ou gestionnaire du porteur »."""
    noms = [ROLES_DE_CIRCONSTANCE.get(role) or Role.Nom(role).label for role in acte.roles]
    return " ou ".join([", ".join(noms[:-1]), noms[-1]] if len(noms) > 1 else noms)
