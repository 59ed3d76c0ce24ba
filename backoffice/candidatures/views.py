"""Screens."""

from django.views import View



class Liste(View):
    pass


class Nouvelle(View):
    pass


class Dossier(View):
    pass


class Modifier(View):
    pass


class TelechargerPiece(View):
    pass
