"""Addresses of the accrochage, under /gestion/cpf/."""

from django.urls import path

from . import liste, views

app_name = "cpf"
urlpatterns = [
    path("", views.Tableau.as_view(), name="tableau"),
    path("lots/", liste.Lots.as_view(), name="lots"),
    path("lots/<int:pk>/", views.Lot.as_view(), name="lot"),
    path("lots/<int:pk>/fichier/", views.Fichier.as_view(), name="fichier"),
    path("accuses/<int:pk>/", views.Accuse.as_view(), name="accuse"),
    path("<int:certificateur>/constituer/", views.Constitution.as_view(), name="constituer"),
    path("<int:certificateur>/reglages/", views.Reglages.as_view(), name="reglages"),
]
