"""Addresses of the public registry, under /registre/."""

from django.urls import path, re_path

from . import views, views_liees, views_statistiques

urlpatterns = [
    path("", views.registre, name="registre"),
    path("donnees/", views.donnees, name="donnees"),
    path("datapackage.json", views.paquet, name="paquet"),
    re_path(r"^(?P<jeu>versions|blocs|statistiques)\.schema\.json$", views.schema, name="schema"),
    re_path(r"^(?P<jeu>versions|blocs)\.(?P<format>csv|json|xlsx)$", views.fichier, name="fichier"),
    path("statistiques/", views_statistiques.statistiques, name="statistiques"),
    re_path(r"^statistiques\.(?P<format>csv|json|xlsx)$", views_statistiques.fichier, name="fichier_statistiques"),
    path("nouveautes.atom", views_liees.nouveautes, name="nouveautes"),
    re_path(r"^catalogue\.(?P<forme>jsonld|rdf)$", views_liees.catalogue, name="catalogue_dcat"),
    re_path(r"^(?P<nom>[A-Za-z]+-?\d+)\.(?P<forme>elm\.jsonld|jsonld)$", views_liees.version, name="version_liee"),
    re_path(r"^(?P<nom>[A-Za-z]+-?\d+)/?$", views_liees.chose, name="version"),
]
