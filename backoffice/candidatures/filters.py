"""What a list of dossiers may be narrowed by; every choice stays within what the person sees."""

import django_filters
from django.db.models import Exists, OuterRef, Q

from backoffice.listes.designation import DesignationFilter
from registre.models import Certification, Organisme

from .etapes import NOMS_DES_ETAPES
from .models import ETAPE_DE_L_ETAT, Candidature, Etat

_A_POSITIONNER = Q(etat=Etat.RECEVABLE, parcours__positionnement_actif=True, positionnee_le=None)


class CandidatureFiltre(django_filters.FilterSet):
    """Filters of the list of dossiers, all in the address. The status and the text are those of every list."""

    certification = django_filters.ModelChoiceFilter(
        label="CQP", queryset=Certification.objects.none(), field_name="version__certification", empty_label="Tous"
    )
    porteur = django_filters.ModelChoiceFilter(label="Porteur", queryset=Organisme.objects.none(), empty_label="Tous")
    etablissement = DesignationFilter(label="Établissement", queryset=Organisme.objects.none())
    etape = django_filters.ChoiceFilter(
        label="Étape",
        choices=[(str(n), f"{n}. {nom}") for n, nom in NOMS_DES_ETAPES.items() if n > 1],
        method="a_l_etape",
        empty_label="Toutes",
    )

    class Meta:
        model = Candidature
        fields = ["certification", "porteur", "etablissement", "etape"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["certification"].queryset = self._presents(
            Certification, "version__certification", "intitule_usuel"
        )
        for nom in ("porteur", "etablissement"):
            self.filters[nom].queryset = self._presents(Organisme, nom, "raison_sociale")

    def _presents(self, modele, chemin, ordre):
        """The choices found on a dossier that this person sees.

        Who sees all dossiers: asked of each choice, one look at an index per line of the menu. Who sees a part of them:
        gathered from that part, for a choice that is not in it would be looked for in all the others.
        """
        visibles = Candidature.objects.all().visibles_par(self.request.user)
        if self.request.user.a_role("certificateur", "auditeur"):
            condition = Exists(visibles.filter(**{chemin: OuterRef("pk")}))
        else:
            condition = Q(pk__in=visibles.order_by().values(chemin))
        return modele.objects.filter(condition).order_by(ordre)

    def a_l_etape(self, candidatures, nom, valeur):
        """Dossiers that stand at this step (`Candidature.etape`, as a query)."""
        numero = int(valeur)
        if numero == 4:
            return candidatures.filter(_A_POSITIONNER)
        ici = candidatures.filter(etat__in=[etat for etat, etape in ETAPE_DE_L_ETAT.items() if etape == numero])
        return ici.exclude(_A_POSITIONNER) if numero == 5 else ici
