"""Forms of what stands around the lots: what to take, several accusés at once, suppressions and corrections noted."""

from django import forms
from django.utils import timezone

from registre.models import Parchemin
from registre.textes import valider_texte

from .forms import TAILLE_TELEVERSEE
from .models import Action, DemandeCDC
from .selection import Selection

ACCUSES_A_LA_FOIS = 20


def _jour(**options) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(**{"widget": widget, **options})


class SelectionForm(forms.Form):
    """What the next lot takes: the period asked in the address, then the same sent again with the choice."""

    action = forms.ChoiceField(choices=Action.choices, required=False, widget=forms.HiddenInput)
    du = _jour(label="Délivrés du", required=False)
    au = _jour(label="au", required=False)

    def clean(self):
        donnees = super().clean()
        if donnees.get("du") and donnees.get("au") and donnees["du"] > donnees["au"]:
            self.add_error("au", "Cette date précède le début de la période.")
        return donnees

    def selection(self, **choix) -> Selection:
        """As the lots know it; an unreadable field counts as left empty."""
        lus = getattr(self, "cleaned_data", {})
        action = lus.get("action") or Action.CREATION
        return Selection(action=action, du=lus.get("du"), au=lus.get("au"), **choix)


class ConstitutionForm(SelectionForm):
    """What goes into the next lot."""

    du = _jour(required=False, widget=forms.HiddenInput)
    au = _jour(required=False, widget=forms.HiddenInput)
    avec_refuses = forms.BooleanField(
        label="Reprendre aussi les passages déjà refusés",
        required=False,
        initial=True,
        help_text="Ils repartent avec le même identifiant technique.",
    )
    # Said when each parchemin had its box: without it, everything goes.
    au_choix = forms.BooleanField(required=False, widget=forms.HiddenInput)
    # Same key, same lot: sending the form twice makes one lot.
    cle = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def selection(self, **choix) -> Selection:
        if self.cleaned_data["au_choix"]:
            cochees = self.data.getlist("choix") if hasattr(self.data, "getlist") else self.data.get("choix", [])
            choix["choisis"] = tuple(int(pk) for pk in cochees if pk.isdecimal() and len(pk) < 19)
        return super().selection(avec_refuses=self.cleaned_data["avec_refuses"], **choix)


class PlusieursAccuses(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []


class ChampAccuses(forms.FileField):
    """One or several files; each is judged for itself later."""

    def clean(self, data, initial=None):
        recus = [super(ChampAccuses, self).clean(fichier, initial) for fichier in data or [None]]
        if len(recus) > ACCUSES_A_LA_FOIS:
            raise forms.ValidationError(f"Déposez {ACCUSES_A_LA_FOIS} fichiers au plus à la fois.")
        if sum(recu.size for recu in recus) > TAILLE_TELEVERSEE:
            raise forms.ValidationError("Ces fichiers dépassent 20\u00a0Mo ensemble\u00a0: déposez-les séparément.")
        return recus


class AccusesForm(forms.Form):
    """Accusés de traitement, as downloaded from the portal, whatever their lots."""

    fichiers = ChampAccuses(
        label="Accusés de traitement",
        widget=PlusieursAccuses(attrs={"accept": ".xml,application/xml,text/xml", "multiple": True}),
        help_text="Un ou plusieurs fichiers XML remis par la Caisse des dépôts, sans les modifier\u00a0: chacun est "
        "rattaché au lot auquel il répond. 20\u00a0Mo au plus en tout.",
        error_messages={"empty": "Un de ces fichiers est vide."},
    )


class JourPasseForm(forms.Form):
    """The day when something happened: never in the future."""

    jour = _jour(label="Date", initial=timezone.localdate)

    def clean_jour(self):
        if self.cleaned_data["jour"] > timezone.localdate():
            raise forms.ValidationError("Cette date est dans l’avenir.")
        return self.cleaned_data["jour"]


class DemandeForm(JourPasseForm):
    """A correction that the Caisse des dépôts asks for."""

    numero = forms.CharField(label="Numéro du parchemin ou identifiant technique", max_length=64)
    objet = forms.CharField(
        label="Ce qui est demandé",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        validators=[valider_texte],
    )
    field_order = ("numero", "jour", "objet")

    def __init__(self, *args, certificateur, **kwargs):
        super().__init__(*args, **kwargs)
        self.certificateur = certificateur
        self.fields["jour"].label = "Demande reçue le"

    def clean_numero(self) -> Parchemin:
        saisi = self.cleaned_data["numero"].strip()
        siens = Parchemin.objects.filter(certificateur=self.certificateur)
        trouve = siens.filter(numero__iexact=saisi).first() or siens.filter(identifiant=saisi.casefold()).first()
        if trouve is None:
            raise forms.ValidationError("Aucun parchemin de ce certificateur ne porte ce numéro.")
        return trouve


class SuiteForm(JourPasseForm):
    """What was answered to it."""

    suite = forms.ChoiceField(label="Suite donnée", choices=DemandeCDC.Suite.choices, widget=forms.RadioSelect)
    precision = forms.CharField(
        label="Précision",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        validators=[valider_texte],
        help_text="Par exemple le motif pour lequel rien n’est corrigé.",
    )
