"""Undefined variables of our own templates fail the test that renders them.

Django prints nothing for a variable that does not exist, so that a renamed field disappears from a screen without a
sound. Templates of the packages rely on that silence, ours may not.

The matrices are refused thousands of times: `refus_abreges` has each person read each page of refusal once.
"""

import copy
import sys
from pathlib import Path

from django.conf import settings
from django.template import Variable, VariableDoesNotExist
from django.template.backends.django import Template

# A filter that says what to print instead: the variable is optional on purpose.
FACULTATIFS = {"default", "default_if_none", "yesno"}


class VariableInconnue(AssertionError):
    """A template of ours prints a variable that its context does not hold."""


def _est_stricte(gabarit) -> bool:
    """Ours, components apart: a component documents its optional parameters in its header."""
    origine = Path(getattr(getattr(gabarit, "origin", None), "name", "") or "")
    if not origine.is_relative_to(settings.BASE_DIR) or ".venv" in origine.parts:
        return False
    return not origine.is_relative_to(settings.BASE_DIR / "templates" / "components")


def _passe_par_none(variable: Variable, contexte) -> bool:
    """Is the name known, and one of its links only empty (`dossier.jury.lieu` before any jury)?"""
    maillons = variable.lookups or ()
    for fin in range(1, len(maillons)):
        try:
            if Variable(".".join(maillons[:fin])).resolve(contexte) is None:
                return True
        except VariableDoesNotExist:
            return False
    return False


class Rigueur(str):
    """The engine's `string_if_invalid`: Django computes `rigueur % variable` when a lookup failed."""

    __slots__ = ()

    def __mod__(self, variable):
        appel = sys._getframe(1)
        expression, contexte = appel.f_locals["self"], appel.f_locals["context"]
        gabarit = contexte.render_context.template or contexte.template
        filtres = {filtre.__name__ for filtre, _ in expression.filters}
        if _est_stricte(gabarit) and not filtres & FACULTATIFS and not _passe_par_none(variable, contexte):
            raise VariableInconnue(f"{gabarit.origin.name} : « {variable} » n’existe pas dans le contexte.")
        # What Django would have done with an empty string, filters included.
        vide = copy.copy(expression)
        vide.is_var, vide.var = False, ""
        return vide.resolve(contexte)


PAGES_DE_REFUS = {"403.html", "404.html", "gestion/refus.html", "gestion/sans_role.html"}


def abreger_les_refus(patch, lues: set) -> None:
    """Render a page of refusal in full once per person, kept in `lues`; then only its status is of interest."""
    entier = Template.render

    def rendre(self, context=None, request=None):
        nom, lecteur = self.template.name, getattr(getattr(request, "user", None), "pk", None)
        if nom in PAGES_DE_REFUS:
            if (nom, lecteur) in lues:
                return "Refus déjà lu."
            lues.add((nom, lecteur))
        return entier(self, context, request)

    patch.setattr(Template, "render", rendre)
