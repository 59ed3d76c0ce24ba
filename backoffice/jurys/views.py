"""Screens."""

from django.views import View



class Liste(View):
    pass


class Planifier(View):
    pass


class Session(View):
    pass


class Salle(View):
    pass


class ProcesVerbal(View):
    pass
