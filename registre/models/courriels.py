"""The outbox: a mail is a row written with the act that causes it, sent later by the worker."""

from django.db import models

from .journal import EntreeJournal


class CourrielSortant(models.Model):
    """A mail to send or sent. Its subject never holds personal data."""

    finalite = "Prévenir les personnes et prouver qu’elles l’ont été."
    conservation = "5 ans après la décision, avec le dossier."

    destinataire = models.EmailField("destinataire")
    sujet = models.CharField("sujet", max_length=200)
    corps = models.TextField("texte")
    secret = models.CharField("lien à usage unique", max_length=100, blank=True)
    modele = models.CharField("modèle", max_length=60)
    cause = models.ForeignKey(
        EntreeJournal, on_delete=models.PROTECT, related_name="courriels", verbose_name="acte d’origine"
    )
    identifiant_message = models.CharField("Message-ID", max_length=120, unique=True)
    cree_le = models.DateTimeField("créé le")
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    prochain_essai = models.DateTimeField("prochain essai", null=True, blank=True)
    derniere_erreur = models.CharField("dernière erreur", max_length=200, blank=True)

    class Meta:
        verbose_name = "courriel sortant"
        verbose_name_plural = "courriels sortants"
        ordering = ["-cree_le", "-pk"]
        indexes = [
            models.Index(fields=["prochain_essai"], condition=models.Q(envoye_le=None), name="courriel_a_envoyer")
        ]

    def __str__(self):
        return self.sujet
