"""A filter whose choices are too many for a menu: one types a few words, the rows found become its values.

What is typed is sent by POST, as in any search of a list; the address holds numbers only. With JavaScript, names are
proposed while typing (`designation.js`); without it, the answer says what was found.
"""

import django_filters
from django import forms
from django.db.models import Q

from registre.textes import plier

# Beyond this, one word more is quicker than reading the choices.
AU_PLUS = 20
PROPOSES = 12
SUFFIXE = "_cherche"


class ChampDesignation(django_filters.fields.ModelMultipleChoiceField):
    """Values by their numbers; a chip asks the words of one of them, never of all."""

    def libelle_de(self, valeur: str) -> str:
        choisi = self.queryset.filter(pk=valeur).first() if valeur.isdecimal() else None
        return self.label_from_instance(choisi) if choisi else ""

    def label_from_instance(self, objet) -> str:
        return objet.raison_sociale


class DesignationWidget(forms.SelectMultiple):
    """A text field with proposals, and what is already chosen as hidden values."""

    template_name = "listes/designation.html"

    def get_context(self, name, value, attrs):
        valeurs = [v for v in (value or []) if str(v).isdecimal()][: AU_PLUS * 2]
        attrs = {**(attrs or {}), **self.attrs}
        return {"widget": {"name": name, "cherche": f"{name}{SUFFIXE}", "value": valeurs, "attrs": attrs}}


class DesignationFilter(django_filters.ModelMultipleChoiceFilter):
    """A body named by its words or its SIRET."""

    field_class = ChampDesignation

    def __init__(self, *args, **kwargs):
        super().__init__(*args, widget=DesignationWidget, **kwargs)

    def designes(self, texte: str):
        """The bodies that these words name, in the order of their names."""
        trouves, mots = self.queryset, plier(texte).split()
        for mot in mots:
            trouves = trouves.filter(Q(nom_plie__contains=mot) | Q(siret__contains=mot))
        return trouves.order_by("nom_plie", "pk") if mots else trouves.none()


def designer(filtre, saisie) -> tuple[dict[str, list[str]], list[str]]:
    """Of what was typed in the filters of this form: the values found for each, and what to tell about the others."""
    valeurs, phrases = {}, []
    for nom, sien in filtre.filters.items():
        texte = saisie.get(f"{nom}{SUFFIXE}", "").strip()[:100] if isinstance(sien, DesignationFilter) else ""
        if not texte:
            continue
        trouves = [str(pk) for pk in sien.designes(texte).values_list("pk", flat=True)[: AU_PLUS + 1]]
        if not trouves:
            phrases.append(f"{sien.label}\u00a0: rien ne correspond à «\u202f{texte}\u202f» dans ce que vous suivez.")
        elif len(trouves) > AU_PLUS:
            phrases.append(f"{sien.label}\u00a0: plus de {AU_PLUS} répondent à «\u202f{texte}\u202f», précisez.")
        else:
            valeurs[nom] = trouves
    return valeurs, phrases
