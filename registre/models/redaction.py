"""What one person writes and another publishes: who wrote last, since when it is proposed, in force, ended."""

from django.conf import settings
from django.db import models


class Redige(models.Model):
    """A version: a draft that somebody writes and proposes, published by somebody else, then never changed."""

    # The last person who wrote in the draft: another one publishes it.
    redige_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="rédigé par",
    )
    redige_le = models.DateTimeField("dernière rédaction le", null=True, blank=True, editable=False)
    propose_le = models.DateTimeField("proposé à la publication le", null=True, blank=True, editable=False)
    publie_le = models.DateTimeField("publié le", null=True, blank=True, editable=False)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def attend_depuis(self):
        """Since when somebody is asked to publish it."""
        return self.propose_le
