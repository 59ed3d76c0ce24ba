"""The planning aid: each waiting dossier with the session proposed, or what would give it one."""

import secrets

from django.shortcuts import render
from django.views.generic import TemplateView

from backoffice.acces import Ecran

from .planification import MAXIMUM, placer_les_dossiers, proposer


class Planning(Ecran, TemplateView):
    """Read the proposal, tick, confirm: each dossier is registered by its own verb, and the report says which."""

    roles = ("gestionnaire", "certificateur")
    template_name = "jurys/planning.html"

    def get_context_data(self, **kwargs):
        lignes = proposer(self.request.user)
        return super().get_context_data(
            placees=[ligne for ligne in lignes if ligne.session],
            laissees=[ligne for ligne in lignes if not ligne.session],
            plafonne=len(lignes) == MAXIMUM,
            cle=secrets.token_hex(16),
            **kwargs,
        )

    def post(self, request):
        rendus = placer_les_dossiers(request.user, self._choix(), request.POST.get("cle", "")[:32])
        faits = [r for r in rendus if not r.refus]
        contexte = {"faits": faits, "refuses": [r for r in rendus if r.refus]}
        if not rendus:
            return self.render_to_response(self.get_context_data(rien_de_coche=True), status=422)
        return render(request, "jurys/planning_fait.html", contexte)

    def _choix(self) -> dict[int, int]:
        """dossier → session, from the boxes ticked; what is not two numbers is no choice."""
        paires = (valeur.split(":") for valeur in self.request.POST.getlist("place"))
        return {int(p[0]): int(p[1]) for p in paires if len(p) == 2 and all(n.isdecimal() and len(n) < 10 for n in p)}
