"""Proposals of birthplaces while somebody types one: a fragment of page, nothing else of the dossier."""

from django.shortcuts import render
from django.views import View

from backoffice.acces import Ecran
from registre import cog

from . import workflow
from .naissance import champs_du_lieu, naissance_saisie


class Lieux(Ecran, View):
    """Places for `q` at the birth date given with it (`annee_naissance`…); public lists only."""

    roles = (*workflow.REDACTEURS, "candidat")

    def get(self, request):
        cherche = request.GET.get("q", "").strip()
        lieux = cog.chercher(cherche, naissance_saisie(request.GET))
        contexte = {"lieux": [(lieu, champs_du_lieu(lieu)) for lieu in lieux], "cherche": cherche}
        return render(request, "candidatures/lieux.html", contexte)
