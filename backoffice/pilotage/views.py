"""Screens."""

from django.views import View



class Accueil(View):
    pass


class TableauDeBord(View):
    pass


class Journal(View):
    pass


class Recherche(View):
    pass
