"""Accounts, requests and invitations are found by their words: a folded copy of them, written with the row."""

from django.db import models

from registre.textes import plier

LONGUEUR = 500


class Cherchable(models.Model):
    """A row that a list finds by the words of its fields `CHERCHES`, whatever accents and case."""

    CHERCHES: tuple[str, ...] = ()

    texte_plie = models.CharField("texte pour la recherche", max_length=LONGUEUR, editable=False, default="")

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        self.texte_plie = plier(" ".join(getattr(self, champ) for champ in self.CHERCHES))[:LONGUEUR]
        if update_fields is not None and {*self.CHERCHES} & {*update_fields}:
            update_fields = {*update_fields, "texte_plie"}
        super().save(*args, update_fields=update_fields, **kwargs)
