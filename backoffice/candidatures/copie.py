"""Duplicate a dossier: what is the same for the next person or the next CQP, never its pièces nor its results."""

import secrets

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from backoffice.acces import Ecran
from registre import journal
from registre.models import Titulaire, VersionCertification
from registre.transitions import Refus

from . import workflow
from .admission import versions_offertes, voies_admises
from .models import Candidature
from .saisie import GARDE, adresse_de_l_etape, phrases_de_contrainte

# What belongs to the person beside the civil status.
COORDONNEES = ("courriel", "telephone")


def versions_pour_une_copie(candidature: Candidature, acteur):
    """The version of this dossier while it may still be awarded, and those that come after it."""
    suite, nouvelles = set(), {candidature.version_id}
    while nouvelles:
        suite |= nouvelles
        successeurs = VersionCertification.objects.filter(succede_a__in=nouvelles).values_list("pk", flat=True)
        nouvelles = set(successeurs) - suite
    return versions_offertes(acteur).filter(pk__in=suite)


class CopieForm(forms.Form):
    """For which version, and whether it is the same person."""

    version = forms.ModelChoiceField(
        label="Certification visée", queryset=VersionCertification.objects.none(), empty_label="Choisir un CQP"
    )
    meme_personne = forms.BooleanField(
        label="Reprendre aussi l’état civil de la personne",
        required=False,
        help_text="À cocher seulement s’il s’agit de la même personne.",
    )

    def __init__(self, *args, candidature, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        versions = versions_pour_une_copie(candidature, acteur)
        champ = self.fields["version"]
        champ.queryset = versions
        # The one in force rather than the one that will soon end.
        champ.initial = versions.order_by("-date_fin_enregistrement", "-pk").first()


def copier(candidature: Candidature, acteur, version, meme_personne: bool, cle: str = "") -> Candidature:
    """Open a new dossier like this one: same établissement, organisme, option and way when they still exist.

    Raises:
        Refus: as `workflow.ouvrir` does; the same person may not have two live dossiers for one certification.
    """
    personne = Titulaire()
    if meme_personne:
        for champ in (*Titulaire.CHAMPS, *COORDONNEES):
            setattr(personne, champ, getattr(candidature.titulaire, champ))
    parcours = workflow.Parcours.objects.all().publie(version.certification, version.certification.porteur)
    voie = candidature.modalite_acces
    option = candidature.option and version.options.filter(libelle=candidature.option.libelle).first()
    copie = Candidature(
        version=version,
        option=option,
        etablissement=candidature.etablissement,
        organisme_formation=candidature.organisme_formation,
        modalite_acces=voie if voie in voies_admises(version, parcours) else "",
    )
    return workflow.ouvrir(acteur, personne, copie, cle, {"copie_de": candidature.pk})


class Dupliquer(Ecran, View):
    """Ask what is copied, then open the new draft."""

    roles = workflow.REDACTEURS
    model = Candidature

    def _trouver(self, pk):
        candidature = get_object_or_404(self.get_queryset().completes(), pk=pk)
        if not candidature.roles_de(self.request.user).intersection(workflow.REDACTEURS):
            raise PermissionDenied("Seuls l’employeur et le porteur d’un dossier le dupliquent.")
        return candidature

    def _page(self, candidature, form, cle="", phrases=(), statut=200):
        cle = cle or secrets.token_hex(16)
        contexte = {"objet": candidature, "form": form, "cle": cle, "phrases": phrases}
        return render(self.request, "candidatures/dupliquer.html", contexte, status=statut)

    def get(self, request, pk):
        candidature = self._trouver(pk)
        return self._page(candidature, CopieForm(candidature=candidature, acteur=request.user))

    def post(self, request, pk):
        candidature, cle = self._trouver(pk), request.POST.get("cle", "")[:64]
        if jumelle := journal.deja_cree(cle, "ouvrir", candidature):
            return redirect(adresse_de_l_etape(jumelle, "objectif"))
        form = CopieForm(request.POST, candidature=candidature, acteur=request.user)
        if not form.is_valid():
            return self._page(candidature, form, cle, statut=422)
        choix = form.cleaned_data
        try:
            copie = copier(candidature, request.user, choix["version"], choix["meme_personne"], cle)
        except Refus as refus:
            return self._page(candidature, form, phrases=refus.phrases, statut=refus.statut)
        except IntegrityError as erreur:
            return self._page(candidature, form, phrases=phrases_de_contrainte(erreur), statut=409)
        messages.success(request, f"Le brouillon {copie.reference} est ouvert. {GARDE}")
        return redirect(adresse_de_l_etape(copie, "personne"))
