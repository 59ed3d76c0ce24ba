"""Addresses of the accrochage, under /gestion/cpf/."""

from django.urls import path

from . import (
    liste,
    liste_file,
    views,
    views_accuses,
    views_constitution,
    views_file,
    views_lots,
    views_suites,
)

app_name = "cpf"
urlpatterns = [
    path("", views.Tableau.as_view(), name="tableau"),
    path("file/", liste_file.File.as_view(), name="file"),
    path("parchemins/<int:pk>/", views_file.UnParchemin.as_view(), name="parchemin"),
    path("lots/", liste.Lots.as_view(), name="lots"),
    path("lots/<int:pk>/", views_lots.Lot.as_view(), name="lot"),
    path("lots/<int:pk>/fichier/", views_lots.Fichier.as_view(), name="fichier"),
    path("accuses/", views_accuses.Depot.as_view(), name="accuses"),
    path("accuses/<int:pk>/", views_accuses.Accuse.as_view(), name="accuse"),
    path("<int:certificateur>/constituer/", views_constitution.Constitution.as_view(), name="constituer"),
    path("<int:certificateur>/suites/", views_suites.Suites.as_view(), name="suites"),
    path("<int:certificateur>/suites/preuve/", views_suites.Preuve.as_view(), name="preuve"),
    path("<int:certificateur>/suites/demande/", views_suites.NouvelleDemande.as_view(), name="demande"),
    path("demandes/<int:pk>/", views_suites.Demande.as_view(), name="demande_cdc"),
    path(
        "<int:certificateur>/suites/suppression/<int:parchemin>/",
        views_suites.Suppression.as_view(),
        name="suppression",
    ),
    path("<int:certificateur>/reglages/", views.Reglages.as_view(), name="reglages"),
]
