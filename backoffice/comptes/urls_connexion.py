"""Under /compte/: allauth's addresses, those we change first."""

from django.urls import include, path
from django.views.generic import RedirectView

from . import views, views_demande, views_invitation, views_oidc

urlpatterns = [
    path("demande/", views_demande.Demander.as_view(), name="demande_compte"),
    path("demande/recue/", views_demande.DemandeRecue.as_view(), name="demande_compte_recue"),
    path("invitation/<str:jeton>/", views_invitation.Accepter.as_view(), name="accepter_invitation"),
    path("organisation/", views_oidc.Partir.as_view(), name="oidc_depart"),
    path("organisation/retour/", views_oidc.Revenir.as_view(), name="oidc_retour"),
    # An address is what people are invited with: it changes through the certificateur, not here.
    path("email/", RedirectView.as_view(pattern_name="comptes:moi"), name="account_email"),
    path("2fa/totp/activate/", views.ActiverApplication.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", views.AjouterCle.as_view(), name="mfa_add_webauthn"),
    path("sessions/", views.MesSessions.as_view(), name="usersessions_list"),
    path("", include("allauth.urls")),
]
