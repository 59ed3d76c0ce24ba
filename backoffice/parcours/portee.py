"""Which versions of the rules each person reads."""

from django.db import models
from django.db.models import F, Q

from registre.models import Certification

from .choix import Etat

# Roles that read the rules in force, wherever they work: they open, evaluate or judge under them.
LECTEURS = ("employeur", "evaluateur", "jury")


class ParcoursQuerySet(models.QuerySet):
    def visibles_par(self, utilisateur):
        """Everything on the certifications one manages; to employers, évaluateurs and juries, the rules they meet.

        These are the versions in force, and those that a dossier of theirs follows.
        """
        if not utilisateur.is_authenticated:
            return self.none()
        if utilisateur.a_role("certificateur", "auditeur"):
            return self
        filtre = Q(pk__in=[])
        for portee in self.portees(utilisateur).values():
            filtre |= portee
        # By ids: the joins above would otherwise repeat rows.
        return self.filter(pk__in=self.model.objects.filter(filtre).values("pk"))

    def portees(self, utilisateur) -> dict[str, Q]:
        """What each role of this person opens to them, beside the roles that open everything."""
        portees = {}
        if porteurs := utilisateur.organismes_ids("gestionnaire"):
            portees["gestionnaire"] = Q(certification__porteur__in=porteurs)
        for role in LECTEURS:
            if utilisateur.a_role(role):
                portees[role] = Q(etat=Etat.PUBLIE)
        if "employeur" in portees:
            portees["employeur"] |= Q(candidatures__etablissement__in=utilisateur.organismes_ids("employeur"))
        if "evaluateur" in portees:
            portees["evaluateur"] |= Q(candidatures__evaluation__evaluateur=utilisateur)
        return portees

    def modifiables_par(self, utilisateur):
        """The versions of the certifications this person manages."""
        return self.filter(certification__in=Certification.objects.all().visibles_par(utilisateur))

    def confies_a(self, utilisateur, role: str):
        """The versions that this person may publish: those whose last word is somebody else's."""
        if role != "certificateur" or not utilisateur.a_role(role):
            return self.none()
        return self.exclude(redige_par=utilisateur)

    def les_plus_anciens(self):
        """Those proposed first come first, with what « À faire » reads."""
        return self.select_related("certification", "porteur").order_by("propose_le", "pk")

    def en_vigueur(self):
        """The versions that the dossiers to come will follow."""
        return self.filter(etat=Etat.PUBLIE)

    def publie(self, certification, porteur=None):
        """The version in force for this certification, None when nothing is published.

        The rules of the porteur itself come before those written for every porteur of the certification.
        """
        siens = self.en_vigueur().filter(Q(porteur=None) | Q(porteur=porteur), certification=certification)
        return siens.order_by(F("porteur").asc(nulls_last=True), "-numero").first()
