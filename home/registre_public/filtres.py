"""What narrows the registry, read from the address: shareable, and understood by the exports as well."""

import django_filters
from django import forms
from django.db.models import Q

from home.catalogue import ETATS, RECONNAISSANCES
from home.recherche import mots
from home.registre_public.lecture import dans_l_etat
from registre.models import Filiere, Organisme, VersionCertification

NIVEAUX = [(str(n), f"Niveau {n}") for n in range(1, 9)]


class FiltreDuRegistre(django_filters.FilterSet):
    """Words of the title or a number, and five lists."""

    q = django_filters.CharFilter(
        label="Titre ou numéro",
        method="chercher",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    repertoire = django_filters.ChoiceFilter(
        label="Reconnaissance", choices=list(RECONNAISSANCES.items()), empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(
        label="État",
        method="selon_l_etat",
        choices=[(cle, libelle) for cle, libelle, _ in ETATS],
        empty_label="Tous",
    )
    niveau = django_filters.ChoiceFilter(
        label="Niveau", method="du_niveau", choices=[*NIVEAUX, ("sans", "Sans niveau")], empty_label="Tous"
    )
    filiere = django_filters.ModelChoiceFilter(
        label="Filière",
        field_name="certification__filiere",
        to_field_name="slug",
        queryset=Filiere.objects.filter(certifications__page__live=True).distinct(),
        empty_label="Toutes",
    )
    porteur = django_filters.ModelChoiceFilter(
        label="Porteur",
        field_name="certification__porteur",
        queryset=Organisme.objects.filter(certifications_portees__page__live=True).distinct(),
        empty_label="Tous",
    )

    class Meta:
        model = VersionCertification
        fields = ["q", "repertoire", "etat", "niveau", "filiere", "porteur"]

    def chercher(self, versions, nom, valeur):
        for racine in mots(valeur):
            debut = Q(intitule_plie__startswith=racine) | Q(intitule_plie__contains=f" {racine}")
            versions = versions.filter(debut)
        return versions

    def selon_l_etat(self, versions, nom, valeur):
        return dans_l_etat(versions, valeur)

    def du_niveau(self, versions, nom, valeur):
        return versions.filter(niveau=None if valeur == "sans" else valeur)

    @property
    def retenues(self):
        """What the address asks for; nothing when it asks for what does not exist."""
        return self.qs if self.is_valid() else self.queryset.none()
