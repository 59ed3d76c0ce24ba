"""Addresses of the public registry, under /registre/."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("", views.registre, name="registre"),
    path("donnees/", views.donnees, name="donnees"),
    path("datapackage.json", views.paquet, name="paquet"),
    re_path(r"^(?P<jeu>versions|blocs)\.schema\.json$", views.schema, name="schema"),
    re_path(r"^(?P<jeu>versions|blocs)\.(?P<format>csv|json|xlsx)$", views.fichier, name="fichier"),
]
