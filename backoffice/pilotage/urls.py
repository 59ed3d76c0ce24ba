"""Under /gestion/."""

from django.urls import path

from backoffice.actes import Acte

from . import views

app_name = "pilotage"
urlpatterns = [
    path("", views.Accueil.as_view(), name="accueil"),
    path("tableau/", views.TableauDeBord.as_view(), name="tableau"),
    path("journal/", views.Journal.as_view(), name="journal"),
    path("recherche/", views.Recherche.as_view(), name="recherche"),
    path("actes/<str:modele>/<int:pk>/<slug:nom>/", Acte.as_view(), name="acte"),
]
