"""Forms of the mandates."""

from django import forms
from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import TextesSains, VerbeForm
from backoffice.comptes.models import Invitation, Role, Utilisateur
from registre.models import Certification, Organisme

from .models import Mandat

JOUR = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class MandatForm(TextesSains, forms.ModelForm):
    """Give a seat to a person for a time."""

    class Meta:
        model = Mandat
        fields = [
            "personne",
            "certificateur",
            "certifications",
            "college",
            "organisation",
            "qualite",
            "organisme",
            "suppleant",
            "suppleant_de",
            "debut",
            "fin",
        ]
        widgets = {
            **dict.fromkeys(("debut", "fin"), JOUR["widget"]),
            "certifications": forms.CheckboxSelectMultiple,
            "college": forms.RadioSelect,
        }
        help_texts = {
            "certifications": "Aucune cochée\u00a0: le mandat vaut pour toutes celles du certificateur.",
            "organisation": "Le syndicat ou l’organisation d’employeurs qui désigne la personne.",
            "qualite": "Celle qui figure sur le PV\u00a0: «\u202freprésentante de la CAPEB\u202f».",
            "organisme": "Elle ne peut pas délibérer sur les candidats de son employeur.",
            "suppleant": "Siège avec voix quand un titulaire de son collège n’est pas là.",
            "suppleant_de": "Vide\u00a0: tout titulaire de son collège.",
            "fin": "Vide\u00a0: jusqu’à nouvel ordre.",
        }

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["personne"].queryset = membres_possibles()
        self.fields["personne"].empty_label = "Choisir une personne"
        siens = Organisme.objects.filter(pk__in=acteur.organismes_ids("certificateur"))
        self.fields["certificateur"].queryset = siens
        self.fields["certificateur"].empty_label = "Choisir le certificateur"
        if siens.count() == 1:
            self.fields["certificateur"].initial = siens.get()
        self.fields["certifications"].queryset = certifications_de(siens)
        self.fields["college"].choices = Mandat.College.choices
        self.fields["organisme"].queryset = Organisme.objects.order_by("nom_plie", "pk")
        self.fields["organisme"].empty_label = "Aucun"
        titulaires = Mandat.objects.filter(certificateur__in=siens, suppleant=False, retire_le=None)
        self.fields["suppleant_de"].queryset = titulaires.select_related("personne")
        self.fields["suppleant_de"].empty_label = "Tout titulaire de son collège"
        self.fields["debut"].initial = timezone.localdate()

    def clean(self):
        donnees = super().clean()
        if donnees.get("suppleant_de") and not donnees.get("suppleant"):
            self.add_error(
                "suppleant", "Cochez «\u202fsuppléant\u202f»\u00a0: seul un suppléant remplace un titulaire."
            )
        etrangeres = set(donnees.get("certifications") or ()) - set(certifications_de([donnees.get("certificateur")]))
        if donnees.get("certificateur") and etrangeres:
            self.add_error("certifications", "Ce certificateur ne délivre pas toutes ces certifications.")
        return donnees


def membres_possibles():
    """The people with an open account who hold the role of jury member, will hold it, or are offered it."""
    offertes = Invitation.objects.filter(etat=Invitation.Etat.ENVOYEE, role=Role.Nom.JURY)
    tiennent = Role.objects.non_finis().filter(nom=Role.Nom.JURY)
    gens = Utilisateur.objects.filter(Q(roles__in=tiennent) | Q(email__in=offertes.values("courriel")), is_active=True)
    return gens.distinct().order_by("nom", "prenom", "pk")


def certifications_de(certificateurs):
    """The certifications that these bodies deliver."""
    return (
        Certification.objects.filter(
            versions__roles__role="cpne", versions__roles__organisme__in=[c for c in certificateurs if c]
        )
        .distinct()
        .order_by("intitule_usuel", "pk")
    )


class DatesDeMandatForm(VerbeForm):
    """From when to when the mandate now runs."""

    debut = forms.DateField(label="Début du mandat", **JOUR)
    fin = forms.DateField(label="Fin du mandat", required=False, help_text="Vide\u00a0: jusqu’à nouvel ordre.", **JOUR)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["debut"].initial, self.fields["fin"].initial = self.objet.debut, self.objet.fin
