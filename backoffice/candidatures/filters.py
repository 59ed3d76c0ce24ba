"""What a list of dossiers may be narrowed by; every choice stays within what the person sees."""

import django_filters
from django import forms
from django.db.models import Q

from registre.models import Certification, Organisme
from registre.textes import plier

from .etapes import NOMS_DES_ETAPES
from .models import ETAPE_DE_L_ETAT, Candidature, Etat

_A_POSITIONNER = Q(etat=Etat.RECEVABLE, parcours__positionnement_actif=True, positionnee_le=None)


class CandidatureFiltre(django_filters.FilterSet):
    """Filters of the list of dossiers, all in the address: a list is shared by its link."""

    q = django_filters.CharFilter(
        label="Recherche",
        method="chercher",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    etat = django_filters.MultipleChoiceFilter(
        label="Statut", choices=Etat.choices, widget=forms.CheckboxSelectMultiple
    )
    certification = django_filters.ModelChoiceFilter(
        label="CQP", queryset=Certification.objects.none(), field_name="version__certification", empty_label="Tous"
    )
    porteur = django_filters.ModelChoiceFilter(label="Porteur", queryset=Organisme.objects.none(), empty_label="Tous")
    etablissement = django_filters.ModelChoiceFilter(
        label="Établissement", queryset=Organisme.objects.none(), empty_label="Tous"
    )
    etape = django_filters.ChoiceFilter(
        label="Étape",
        choices=[(str(n), f"{n}. {nom}") for n, nom in NOMS_DES_ETAPES.items() if n > 1],
        method="a_l_etape",
        empty_label="Toutes",
    )

    class Meta:
        model = Candidature
        fields = ["q", "etat", "certification", "porteur", "etablissement", "etape"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        visibles = Candidature.objects.all().visibles_par(self.request.user)
        certifications = Certification.objects.filter(versions__candidatures__in=visibles)
        self.filters["certification"].queryset = certifications.distinct().order_by("intitule_usuel")
        for nom in ("porteur", "etablissement"):
            organismes = Organisme.objects.filter(pk__in=visibles.values(nom))
            self.filters[nom].queryset = organismes.order_by("raison_sociale")

    def chercher(self, candidatures, nom, valeur):
        """Dossiers that hold each word (`CandidatureQuerySet.chercher`); signs alone are found nowhere."""
        return candidatures.chercher(valeur) if plier(valeur) else candidatures.none()

    def a_l_etape(self, candidatures, nom, valeur):
        """Dossiers that stand at this step (`Candidature.etape`, as a query)."""
        numero = int(valeur)
        if numero == 4:
            return candidatures.filter(_A_POSITIONNER)
        ici = candidatures.filter(etat__in=[etat for etat, etape in ETAPE_DE_L_ETAT.items() if etape == numero])
        return ici.exclude(_A_POSITIONNER) if numero == 5 else ici
