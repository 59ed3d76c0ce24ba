"""Gives the portal its pages, and each CQP the words that make one want to learn the trade."""

from home.depart.arbre import creer_les_pages
from home.depart.blocs import arguments
from home.models import PageCQP

from .certifications import textes


def ouvrir() -> int:
    """Create the missing pages and write the body of those still empty; return how many were written."""
    creer_les_pages()
    ecrites = 0
    connus = textes()
    for page in PageCQP.objects.select_related("certification").filter(certification__slug__in=connus):
        if len(page.corps):
            continue
        texte = connus[page.certification.slug]
        page.corps = [
            arguments(
                "Un métier, un certificat",
                ("Pourquoi ce métier", texte.pourquoi),
                ("Pour qui", texte.pour_qui),
                ("Ce que l’on devient", texte.emplois),
            )
        ]
        page.save()
        ecrites += 1
    return ecrites
