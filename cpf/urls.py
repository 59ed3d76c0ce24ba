"""Addresses of the accrochage, under /gestion/cpf/."""

from django.urls import path

from . import liste, liste_file, views, views_accuses, views_file, views_lots

app_name = "cpf"
urlpatterns = [
    path("", views.Tableau.as_view(), name="tableau"),
    path("file/", liste_file.File.as_view(), name="file"),
    path("parchemins/<int:pk>/", views_file.UnParchemin.as_view(), name="parchemin"),
    path("lots/", liste.Lots.as_view(), name="lots"),
    path("lots/<int:pk>/", views_lots.Lot.as_view(), name="lot"),
    path("lots/<int:pk>/fichier/", views_lots.Fichier.as_view(), name="fichier"),
    path("accuses/<int:pk>/", views_accuses.Accuse.as_view(), name="accuse"),
    path("<int:certificateur>/constituer/", views_lots.Constitution.as_view(), name="constituer"),
    path("<int:certificateur>/reglages/", views.Reglages.as_view(), name="reglages"),
]
