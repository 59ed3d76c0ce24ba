"""What the list of mails may be narrowed by; every choice stays in the address."""

import django_filters

from registre.models import CourrielSortant
from registre.models.courriels import Panne

from .catalogue import COURRIELS

SITUATIONS = {
    "a_reparer": "À réparer",
    "en_attente": "En attente d’envoi",
    "envoyes": "Envoyés",
    "en_echec": "Non partis",
    "revenus": "Revenus",
}


class CourrielFiltre(django_filters.FilterSet):
    """By situation, kind, reason of failure. Never by address: it would stand in the address of the page."""

    situation = django_filters.ChoiceFilter(
        label="Situation", choices=list(SITUATIONS.items()), method="dans_la_situation", empty_label="Toutes"
    )
    modele = django_filters.ChoiceFilter(
        label="Courriel", choices=lambda: [(c.code, c.titre) for c in COURRIELS.values()], empty_label="Tous"
    )
    motif_echec = django_filters.ChoiceFilter(label="Motif de l’échec", choices=Panne.choices, empty_label="Tous")

    class Meta:
        model = CourrielSortant
        fields = ["situation", "modele", "motif_echec"]

    def dans_la_situation(self, courriels, nom, valeur):
        """The situations are the queries of the outbox, named on an allow-list."""
        return getattr(courriels, valeur)()
