"""Recusals that the data show."""

from .composition import conflit_du_membre
from .models import Deport


def deporter_d_office(inscriptions, membres) -> None:
    """Record the recusals that the data show, as soon as a member and a dossier meet on one list."""
    membres = list(membres.select_related("utilisateur"))
    for inscription in inscriptions.filter(retiree_le=None).select_related("candidature__titulaire"):
        for membre in membres:
            if raison := conflit_du_membre(membre, inscription.candidature):
                Deport.objects.get_or_create(inscription=inscription, membre=membre, defaults={"raison": raison})
