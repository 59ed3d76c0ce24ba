"""Mails of the back office: one text file per model under templates/courriels, first line the subject."""

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from backoffice.comptes.models import Role, Utilisateur
from registre.courriels import Message


def composer(modele: str, destinataire: str, secret: str = "", **contexte) -> Message:
    """Build the mail `modele` for one address. The subject line of the file holds no personal data."""
    gabarit = get_template(f"courriels/{modele}.txt").template
    # Plain text: escaping would print &#x27; for an apostrophe.
    texte = gabarit.render(Context({"adresse": settings.ADRESSE_PUBLIQUE, **contexte}, autoescape=False))
    sujet, _, corps = texte.strip().partition("\n")
    return Message(
        destinataire=destinataire, sujet=sujet.strip(), corps=corps.strip() + "\n", modele=modele, secret=secret
    )


def adresses(role: str, organisme) -> list[str]:
    """Addresses of the people who hold `role` on this body today."""
    return list(
        Utilisateur.objects.filter(
            is_active=True, roles__in=Role.objects.actifs().filter(nom=role, organisme=organisme)
        )
        .distinct()
        .order_by("email")
        .values_list("email", flat=True)
    )
