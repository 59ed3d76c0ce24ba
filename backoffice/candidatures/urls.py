"""Under /gestion/candidatures/."""

from django.urls import path

from . import lieux, liste, views

app_name = "candidatures"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("lieux/", lieux.Lieux.as_view(), name="lieux"),
    path("nouvelle/", views.Nouvelle.as_view(), name="nouvelle"),
    path("<int:pk>/", views.Dossier.as_view(), name="dossier"),
    path("<int:pk>/modifier/", views.Modifier.as_view(), name="modifier"),
    path("pieces/<int:pk>/", views.TelechargerPiece.as_view(), name="piece"),
]
