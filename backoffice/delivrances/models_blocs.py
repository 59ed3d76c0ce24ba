"""The attestation of one bloc: the same two people, for one bloc of one dossier."""

from django.db import models
from django.db.models import Q

from backoffice.candidatures.models import Candidature
from registre.models import Bloc

from .models_a_deux import ADeux


class DelivranceDeBlocQuerySet(models.QuerySet):
    def en_vigueur(self):
        """Those that a revocation or a replacement has not undone."""
        return self.filter(defaite_le=None)

    def a_approuver(self):
        return self.filter(approuvee_le=None)

    def delivrees(self):
        return self.filter(parchemin__isnull=False)


class DelivranceDeBloc(ADeux):
    """The issue of the attestation of one bloc that the jury granted."""

    finalite = "Tracer qui a préparé et qui a approuvé l’attestation d’un bloc."
    conservation = "50 ans, avec le registre."

    candidature = models.ForeignKey(
        Candidature, on_delete=models.PROTECT, related_name="attestations_de_bloc", verbose_name="candidature"
    )
    bloc = models.ForeignKey(Bloc, on_delete=models.PROTECT, related_name="+", verbose_name="bloc")
    # Its decision was revoked, or its document replaced: the bloc may be attested again.
    defaite_le = models.DateTimeField("défaite le", null=True, blank=True)

    objects = DelivranceDeBlocQuerySet.as_manager()

    class Meta(ADeux.Meta):
        verbose_name = "délivrance d’une attestation de bloc"
        verbose_name_plural = "délivrances d’attestations de bloc"
        constraints = [
            *ADeux.Meta.constraints,
            models.UniqueConstraint(
                fields=["candidature", "bloc"],
                condition=Q(defaite_le=None),
                name="delivrancedebloc_en_vigueur_unique",
                violation_error_message="Ce bloc a déjà son attestation dans ce dossier.",
            ),
        ]

    def __str__(self):
        return f"attestation du bloc {self.bloc.code}, {self.candidature}"

    @property
    def dossier(self) -> Candidature:
        return self.candidature
