"""Screens."""

from django.views import View



class Liste(View):
    pass


class TelechargerDocument(View):
    pass
