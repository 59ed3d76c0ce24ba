"""What public forms share: a field that only a program fills in, and the time that a person needs to read a page."""

from django import forms
from django.core import signing

SECONDES_MINIMUM = 3
HEURES_MAXIMUM = 12


class SansAutomateForm(forms.Form):
    """A form that tells people from programs, without cookie, script nor third party. `sel`: one per form."""

    sel = ""

    # Out of sight of people: only a program fills it in.
    site_internet = forms.CharField(
        label="Laissez ce champ vide",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    ouverte = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def ouverture(cls) -> str:
        """The moment when the page is shown, signed: the sender cannot pretend to have read it for longer."""
        return signing.dumps("", salt=cls.sel)

    def controler_le_delai(self) -> None:
        """Refuse a page left open too long.

        Raises:
            ValidationError: of code « delai »; the page is then shown again with a new moment.
        """
        try:
            signing.loads(self.cleaned_data.get("ouverte", ""), salt=self.sel, max_age=HEURES_MAXIMUM * 3600)
        except signing.BadSignature:
            raise forms.ValidationError(
                "Cette page est restée ouverte trop longtemps. Relisez-la, puis envoyez-la de nouveau.", code="delai"
            ) from None

    def rouvrir(self) -> None:
        """Give the page a new moment, when the former one is past."""
        if "ouverte" in self.data and self.has_error("__all__", "delai"):
            self.data = self.data.copy()
            self.data["ouverte"] = self.ouverture()

    def vient_d_un_automate(self) -> bool:
        """Was the hidden field filled in, or the page answered faster than anybody reads?"""
        if self.cleaned_data.get("site_internet"):
            return True
        try:
            signing.loads(self.cleaned_data["ouverte"], salt=self.sel, max_age=SECONDES_MINIMUM)
        except signing.SignatureExpired:
            return False
        return True
