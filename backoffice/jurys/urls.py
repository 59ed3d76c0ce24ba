"""Under /gestion/jurys/."""

from django.urls import path

from . import liste, liste_mandats, views, views_mandats, views_pv, views_salle

app_name = "jurys"
urlpatterns = [
    path("", liste.Liste.as_view(), name="liste"),
    path("nouvelle/", views.Planifier.as_view(), name="planifier"),
    path("mandats/", liste_mandats.Liste.as_view(), name="mandats"),
    path("mandats/nouveau/", views_mandats.Donner.as_view(), name="donner_mandat"),
    path("mandats/<int:pk>/", views_mandats.Fiche.as_view(), name="mandat"),
    path("<int:pk>/", views.Session.as_view(), name="session"),
    path("<int:pk>/salle/<int:inscription>/", views_salle.Salle.as_view(), name="salle"),
    path("<int:pk>/pv/", views_pv.ProcesVerbal.as_view(), name="pv"),
]
