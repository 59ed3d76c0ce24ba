"""Under /gestion/remises/."""

from django.urls import path

from . import liste, liste_envois, views

app_name = "remises"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("documents/<int:pk>/", views.Document.as_view(), name="document"),
    path("documents/<int:pk>/remettre/", views.Remettre.as_view(), name="remettre"),
    path("documents/<int:pk>/recevoir/", views.Demander.as_view(), name="demander"),
    path("envois/", liste_envois.Envois.as_view(), name="envois"),
    path("envois/proposer/", views.Proposer.as_view(), name="proposer"),
    path("envois/etiquettes/", views.Etiquettes.as_view(), name="etiquettes"),
    path("envois/<int:pk>/", views.UnEnvoi.as_view(), name="envoi"),
]
