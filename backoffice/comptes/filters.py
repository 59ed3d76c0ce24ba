"""What the lists of accounts, requests and invitations may be narrowed by."""

import django_filters

from registre.models import Organisme

from .models import DemandeCompte, Invitation, Role, Utilisateur


class GensFiltre(django_filters.FilterSet):
    """By role, within one's scope."""

    role = django_filters.ChoiceFilter(label="Rôle", choices=Role.Nom.choices, method="au_role", empty_label="Tous")

    class Meta:
        model = Utilisateur
        fields = ["role"]

    def au_role(self, gens, nom, valeur):
        """The people who hold this role today or will, as far as this reader may know of it."""
        roles = Role.objects.non_finis().visibles_par(self.request.user).filter(nom=valeur)
        return gens.filter(pk__in=roles.values("utilisateur"))


class DemandesFiltre(django_filters.FilterSet):
    """By the body that was asked."""

    porteur = django_filters.ModelChoiceFilter(
        label="Organisme sollicité", queryset=Organisme.objects.none(), empty_label="Tous"
    )

    class Meta:
        model = DemandeCompte
        fields = ["porteur"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        visibles = DemandeCompte.objects.all().visibles_par(self.request.user)
        sollicites = Organisme.objects.filter(pk__in=visibles.values("porteur"))
        self.filters["porteur"].queryset = sollicites.order_by("raison_sociale")


class InvitationsFiltre(django_filters.FilterSet):
    """By the role that was offered."""

    role = django_filters.ChoiceFilter(label="Rôle", choices=Role.Nom.choices, empty_label="Tous")

    class Meta:
        model = Invitation
        fields = ["role"]
