"""Forms of step 7: which session."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.candidatures.forms import VerbeForm
from backoffice.candidatures.models import Etat

from .models import SessionJury
from .places import instance_attendue


def sessions_possibles(candidature):
    """The coming sessions of the certification of this dossier, for the kind of jury it waits for, nearest first."""
    return (
        SessionJury.objects.filter(
            etat=SessionJury.Etat.PLANIFIEE,
            certifications=candidature.version.certification_id,
            instance=instance_attendue(candidature),
            debut__gt=timezone.now(),
        )
        .avec_places()
        .order_by("debut", "pk")
    )


class InscriptionForm(VerbeForm):
    """Choose a coming session."""

    session = forms.ModelChoiceField(
        label="Session de jury", queryset=SessionJury.objects.none(), empty_label="Choisir une session"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = self.sessions()
        self.fields["session"].label_from_instance = self._libelle

    def sessions(self):
        return sessions_possibles(self.objet)

    @staticmethod
    def _libelle(session) -> str:
        restantes = session.places_restantes()
        places = "complète" if restantes < 1 else f"{restantes} place{'s' if restantes > 1 else ''}"
        return (
            f"{date_format(timezone.localtime(session.debut), 'j F Y')} – {session.lieu or 'visioconférence'} "
            f"({places}, inscriptions jusqu’au {date_format(session.limite_inscription, 'j F Y')})"
        )


class DemandeForm(InscriptionForm):
    """Choose a coming session that has no place left."""


class TransfertForm(InscriptionForm):
    """Choose another session than the one where the dossier is."""

    def sessions(self):
        siennes = self.objet.inscriptions.filter(retiree_le=None).values("session")
        attendues = super().sessions()
        if self.objet.etat == Etat.INSCRITE_JURY:
            return attendues.exclude(pk__in=siennes)
        return attendues.exclude(pk__in=siennes.filter(session__instance=SessionJury.Instance.CERTIFICATION))
