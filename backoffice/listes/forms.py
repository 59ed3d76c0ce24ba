"""Forms of the lists: a saved view."""

from django import forms

from registre.models import Organisme

from .models import VueEnregistree


class VueForm(forms.ModelForm):
    """Name a view, open the list on it, share it with a body where one holds a role."""

    class Meta:
        model = VueEnregistree
        fields = ("nom", "par_defaut", "organisme")

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.proprietaire = getattr(self.instance, "proprietaire", None) or acteur
        self.fields["nom"].label = "Nom de la vue"
        self.fields["organisme"].queryset = Organisme.objects.filter(pk__in=acteur.organismes_ids())
        self.fields["organisme"].empty_label = "Personne d’autre"
        self.fields["organisme"].label = "Partagée avec"
        if not acteur.organismes_ids():
            del self.fields["organisme"]
