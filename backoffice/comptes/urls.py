"""Under /gestion/: one's own account, and the accounts one answers for."""

from django.urls import path

from . import listes, views, views_demande, views_gens, views_invitation

app_name = "comptes"
urlpatterns = [
    path("compte/", views.MonCompte.as_view(), name="moi"),
    path("compte/role/", views.ChoisirRole.as_view(), name="choisir_role"),
    path("comptes/", listes.Gens.as_view(), name="gens"),
    path("comptes/<int:pk>/", views_gens.Personne.as_view(), name="personne"),
    path("comptes/roles/<int:pk>/", views_gens.DatesDuRole.as_view(), name="role"),
    path("comptes/demandes/", listes.Demandes.as_view(), name="demandes"),
    path("comptes/demandes/<int:pk>/", views_demande.Demande.as_view(), name="demande"),
    path("comptes/invitations/", listes.Invitations.as_view(), name="invitations"),
    path("comptes/invitations/nouvelle/", views_invitation.Inviter.as_view(), name="inviter"),
    path("comptes/invitations/<int:pk>/accepter/", views_invitation.AccepterIci.as_view(), name="accepter"),
    path("comptes/invitations/<int:pk>/", views_invitation.UneInvitation.as_view(), name="invitation"),
]
