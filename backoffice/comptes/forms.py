"""The forms of the account pages: those of allauth, in our words, and with codes that serve once."""

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateCodeForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.db import transaction

from .courriels import envoyer_lien_mot_de_passe

AIDE_MOT_DE_PASSE = (
    "15\u00a0caractères au moins. Une phrase de quelques mots convient\u00a0: facile à retenir, difficile à deviner."
)


def _redire(form, **champs):
    """Give fields our label and hint, and drop the placeholders that repeat the label."""
    for champ in form.fields.values():
        champ.widget.attrs.pop("placeholder", None)
    for nom, (libelle, aide) in champs.items():
        form.fields[nom].label, form.fields[nom].help_text = libelle, aide


class ConnexionForm(LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _redire(self, login=("Adresse électronique", ""), password=("Mot de passe", ""))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ConfirmationForm(ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _redire(self, password=("Votre mot de passe", ""))


class DemandeMotDePasseForm(ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _redire(self, email=("Adresse électronique", ""))

    def save(self, request, **kwargs):
        envoyer_lien_mot_de_passe.enqueue(self.cleaned_data["email"])
        return self.cleaned_data["email"]


class _NouveauMotDePasse:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _redire(
            self,
            password1=("Nouveau mot de passe", AIDE_MOT_DE_PASSE),
            password2=("Le même, une seconde fois", ""),
        )


class ChoixMotDePasseForm(_NouveauMotDePasse, ResetPasswordKeyForm):
    pass


class PremierMotDePasseForm(_NouveauMotDePasse, SetPasswordForm):
    pass


class ChangementMotDePasseForm(_NouveauMotDePasse, ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _redire(self, oldpassword=("Mot de passe actuel", ""))


def consommer_code(facteur: Authenticator, code: str) -> Authenticator | None:
    """Mark the time step of this code as used; return the fresh factor, or None when that step was used already.

    RFC 6238, section 5.2: a code is accepted once. allauth remembers codes in the cache for 30 seconds only, less than
    the time a code stays valid with a tolerance of one step.
    """
    with transaction.atomic():
        facteur = Authenticator.objects.select_for_update().get(pk=facteur.pk)
        secret, dernier = decrypt(facteur.data["secret"]), facteur.data.get("dernier_pas", -1)
        pas = [p for p in yield_hotp_counters_from_time() if format_hotp_value(hotp_value(secret, p)) == code]
        neufs = [p for p in pas if p > dernier]
        if not neufs:
            return None
        facteur.data["dernier_pas"] = neufs[0]
        facteur.save(update_fields=["data"])
    return facteur


class _CodeUnique:
    """A code typed by a person: six digits of the application, or a recovery code."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        aide = "Les six chiffres affichés par votre application, ou l’un de vos codes de secours."
        _redire(self, code=("Code", aide))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self):
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            facteur = consommer_code(self.authenticator, code.replace(" ", ""))
            if facteur is None:
                raise get_adapter().validation_error("incorrect_code")
            facteur.user, self.authenticator = self.user, facteur
        return code


class CodeForm(_CodeUnique, AuthenticateForm):
    pass


class ConfirmationCodeForm(_CodeUnique, ReauthenticateCodeForm):
    pass


class ActivationForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _redire(self, code=("Code affiché par l’application", "Six chiffres, qui changent toutes les trente secondes."))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    @property
    def secret_lisible(self) -> str:
        """The secret by groups of four, as one copies it by hand."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))


AIDE_NOM_DE_CLE = "Un nom qui vous parle\u00a0: «\u202ftéléphone\u202f», «\u202fclé du bureau\u202f»…"


class CleForm(AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _redire(
            self,
            name=("Nom de la clé", AIDE_NOM_DE_CLE),
            passwordless=(
                "Me connecter avec cette clé seule",
                "La clé demande alors votre empreinte, votre visage ou son code\u00a0: "
                "vous n’aurez plus de mot de passe à saisir.",
            ),
        )


class NomDeCleForm(EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _redire(self, name=("Nom de la clé", AIDE_NOM_DE_CLE))
