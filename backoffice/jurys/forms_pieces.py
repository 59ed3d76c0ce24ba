"""Form of the papers signed by hand."""

from django import forms

from backoffice.candidatures.fichiers import controler
from backoffice.candidatures.forms import VerbeForm

from .dossiers import dossiers_de
from .models import Inscription, PieceDeSeance


class PieceDeSeanceForm(VerbeForm):
    """Which paper it is, and the file."""

    nature = forms.ChoiceField(
        label="Pièce",
        choices=[(valeur, libelle[:1].upper() + libelle[1:]) for valeur, libelle in PieceDeSeance.Nature.choices],
        initial=PieceDeSeance.Nature.EMARGEMENT,
    )
    inscription = forms.ModelChoiceField(
        label="Dossier",
        queryset=Inscription.objects.none(),
        required=False,
        empty_label="Toute la session",
        help_text="La feuille de décision d’un seul dossier se range avec lui.",
    )
    fichier = forms.FileField(
        label="Fichier",
        help_text="PDF, JPEG ou PNG, 10 Mo et 50 pages au plus.",
        max_length=150,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lisibles = [d["inscription"].pk for d in dossiers_de(self.objet, self.acteur)[0] if not d["deport"]]
        siennes = self.objet.inscriptions.filter(pk__in=lisibles).select_related("candidature__titulaire", "session")
        self.fields["inscription"].queryset = siennes.order_by("pk")
        self.fields["inscription"].label_from_instance = lambda i: (
            f"{i.candidature.reference} – {i.candidature.titulaire.nom_complet}"
        )

    def clean(self):
        donnees = super().clean()
        if donnees.get("inscription") and donnees.get("nature") == PieceDeSeance.Nature.EMARGEMENT:
            self.add_error("inscription", "La feuille d’émargement vaut pour toute la session.")
        return donnees

    def clean_fichier(self):
        return controler(self.cleaned_data["fichier"])
