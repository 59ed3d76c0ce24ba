"""Under /gestion/listes/."""

from django.urls import path

from . import views

app_name = "listes"
urlpatterns = [
    path("designations/", views.Designations.as_view(), name="designations"),
    path("vues/", views.Vues.as_view(), name="vues"),
    path("vues/<int:pk>/", views.Vue.as_view(), name="vue"),
    path("actes/", views.Lots.as_view(), name="lots"),
    path("actes/<int:pk>/", views.Lot.as_view(), name="lot"),
    path("exports/", views.Exports.as_view(), name="exports"),
    path("exports/<int:pk>/", views.UnExport.as_view(), name="export"),
    path("exports/<int:pk>/fichier/", views.FichierDExport.as_view(), name="fichier"),
]
