"""What allauth does our way: no free sign-up, our address in mails, our French sentences."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AdaptateurCompte(DefaultAccountAdapter):
    """Accounts are opened by invitation: the sign-up page stays closed."""

    def is_open_for_signup(self, request):
        return False

    def get_email_confirmation_url(self, request, emailconfirmation):
        # The host of a mail comes from the settings, never from a request that may be forged.
        return settings.ADRESSE_PUBLIQUE + super().get_email_confirmation_url(request, emailconfirmation)
