"""Forms of the minutes."""

from django import forms

from backoffice.candidatures.forms import MotifForm, VerbeForm

from .lecture_pv import lire_pv, lire_rectificatif


class ReouvertureForm(MotifForm):
    """Why the session is opened again."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].help_text = "Dites ce qui est à revoir. Ce motif reste au journal de la session."


class SignatureForm(VerbeForm):
    """Sign the text that is on the page: its hash goes with the signature."""

    empreinte = forms.CharField(widget=forms.HiddenInput, max_length=64)
    lu = forms.BooleanField(
        label="J’ai lu ce procès-verbal, et ce texte est conforme à ce que le jury a décidé.",
        error_messages={"required": "Lisez le procès-verbal, puis cochez cette case."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lecture = self.lire()
        self.fields["empreinte"].initial = self.pv.empreinte if self.pv else ""

    @property
    def pv(self):
        return self.objet.pv

    def lire(self):
        return lire_pv(self.pv)


class SignatureRectificatifForm(SignatureForm):
    """Sign a correction of the minutes."""

    @property
    def pv(self):
        return self.objet.rectificatif_a_signer

    def lire(self):
        return lire_rectificatif(self.pv) if self.pv else None


class RectificatifForm(VerbeForm):
    """What the sealed minutes say, what must be read instead, and why."""

    au_lieu_de = forms.CharField(
        label="Au lieu de",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Le passage du procès-verbal, recopié tel qu’il est.",
    )
    lire = forms.CharField(label="Lire", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    motif = forms.CharField(
        label="Raison de l’erreur",
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Une décision ne se corrige pas ici\u00a0: demandez sa révocation depuis le dossier.",
    )
