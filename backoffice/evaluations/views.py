"""Screens."""

from django.views import View



class Grille(View):
    pass


class ReponseMetier(View):
    pass
