"""Screens of the dossiers typed in a spreadsheet: template, deposit, report, confirmation."""

import hashlib
import io
import secrets

from django import forms
from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views import View

from backoffice.acces import Ecran
from backoffice.listes.tableur import TYPE_XLSX, ecrire
from backoffice.parcours.models import ModaliteAcces
from registre.models import Organisme, VersionCertification

from . import workflow
from .admission import versions_offertes
from .classeur_import import DIRECT, analyser, analyser_plus_tard, creer, creer_plus_tard
from .classeur_lecture import lire
from .classeur_modele import composer
from .models import LigneSaisie, SaisieGroupee

PAR_PAGE = 50
# What a row wants first is shown first.
SORTS = ("erreur", "refusee", "a_verifier", "prete", "creee")


class DepotForm(forms.Form):
    """A file, and what its rows leave unsaid."""

    version = forms.ModelChoiceField(
        label="CQP",
        queryset=VersionCertification.objects.none(),
        empty_label="Choisir un CQP",
        help_text="Celui des lignes dont la colonne CQP est vide.",
    )
    modalite_acces = forms.ChoiceField(
        label="Voie d’accès",
        required=False,
        help_text="Celle des lignes qui n’en disent rien.",
    )
    etablissement = forms.ModelChoiceField(
        label="Établissement",
        queryset=Organisme.objects.none(),
        required=False,
        empty_label="Celui que dit chaque ligne",
    )
    fichier = forms.FileField(
        label="Fichier",
        max_length=150,
        help_text="Classeur .xlsx ou fichier .csv, 2\u202f000 lignes et 5\u00a0Mo au plus. "
        "Rien n’est créé avant votre accord.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions_offertes(acteur)
        noms = [(valeur, nom[0].upper() + nom[1:]) for valeur, nom in ModaliteAcces.choices]
        self.fields["modalite_acces"].choices = [("", "Celle que dit chaque ligne"), *noms]
        siens = Organisme.objects.filter(pk__in=acteur.organismes_ids("employeur"))
        self.fields["etablissement"].queryset = siens
        if len(siens) == 1:
            self.fields["etablissement"].initial = siens[0]

    def clean_fichier(self):
        """Read the whole file before anything of it is stored: a forbidden column keeps it out."""
        contenu = self.cleaned_data["fichier"].read()
        self.feuille = lire(contenu)
        return contenu

    def ranger(self, acteur, nom: str) -> tuple[SaisieGroupee, bool]:
        """Store the file, or give back the very same one already sent; says whether it is new."""
        choix = self.cleaned_data
        champs = {
            "deposee_par": acteur,
            "sha256": hashlib.sha256(choix["fichier"]).hexdigest(),
            "version": choix["version"],
            "modalite_acces": choix["modalite_acces"],
            "etablissement": choix["etablissement"],
        }
        if connue := SaisieGroupee.objects.filter(purgee_le=None, **champs).first():
            return connue, False
        saisie = SaisieGroupee(**champs, nom_origine="".join(c for c in nom if c.isprintable())[:150])
        saisie.fichier.save(f"saisies/{secrets.token_hex(16)}", ContentFile(choix["fichier"]), save=False)
        saisie.save()
        return saisie, True


class Saisies(Ecran, View):
    """The files this person sent, and the place to send one."""

    roles = workflow.REDACTEURS
    model = SaisieGroupee

    def _page(self, form, statut=200):
        page = Paginator(self.get_queryset().select_related("version"), PAR_PAGE).get_page(self.request.GET.get("page"))
        contexte = {"form": form, "page_obj": page, "versions": form.fields["version"].queryset}
        return render(self.request, "candidatures/saisies/liste.html", contexte, status=statut)

    def get(self, request):
        return self._page(DepotForm(acteur=request.user))

    def post(self, request):
        form = DepotForm(request.POST, request.FILES, acteur=request.user)
        if not form.is_valid():
            return self._page(form, 422)
        with transaction.atomic():
            saisie, nouvelle = form.ranger(request.user, request.FILES["fichier"].name)
            longue = len(form.feuille.lignes) > DIRECT
            if nouvelle and longue:
                analyser_plus_tard.enqueue(saisie.pk)
        if not nouvelle:
            messages.info(request, "Vous aviez déjà déposé ce fichier\u00a0: voici son rapport.")
        elif not longue:
            analyser(saisie)
        return redirect(saisie)


class Modele(Ecran, View):
    """The workbook to fill in, for one CQP."""

    roles = workflow.REDACTEURS

    def get(self, request):
        choix = request.GET.get("version", "")
        valable = choix.isascii() and choix.isdigit() and len(choix) < 12
        version = versions_offertes(request.user).filter(pk=choix).first() if valable else None
        if version is None:
            messages.error(request, "Choisissez le CQP du modèle dans la liste.")
            return redirect("candidatures:saisies")
        reponse = HttpResponse(composer(version, request.user), content_type=TYPE_XLSX)
        nom = f"candidatures-{slugify(version.numero or version.intitule)[:60]}.xlsx"
        reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
        return reponse


class SaisieEcran(Ecran, View):
    """The report of one file, row by row; its confirmation."""

    roles = workflow.REDACTEURS
    model = SaisieGroupee

    def _trouver(self, pk):
        return get_object_or_404(self.get_queryset().select_related("version", "etablissement"), pk=pk)

    def get(self, request, pk):
        saisie, sort = self._trouver(pk), request.GET.get("sort", "")
        lignes = saisie.lignes.select_related("candidature")
        if sort in LigneSaisie.Sort.values:
            lignes = lignes.filter(sort=sort)
        comptes, noms = saisie.comptes(), dict(LigneSaisie.Sort.choices)
        onglets = [{"libelle": "Toutes les lignes", "url": "?", "actif": not sort, "compte": sum(comptes.values())}]
        onglets += [
            {"libelle": noms[cle], "url": f"?sort={cle}", "actif": sort == cle, "compte": comptes[cle]}
            for cle in SORTS
            if comptes[cle]
        ]
        contexte = {
            "saisie": saisie,
            "comptes": comptes,
            "onglets": onglets,
            "importables": comptes["prete"] + comptes["a_verifier"],
            "page_obj": Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page")),
        }
        return render(request, "candidatures/saisies/rapport.html", contexte)

    def post(self, request, pk):
        """Confirm: once; each row keeps its own fate."""
        with transaction.atomic():
            saisie = get_object_or_404(self.get_queryset().select_for_update(of=("self",)), pk=pk)
            refus = self._refus(saisie)
            if not refus and not saisie.confirmee_le:
                saisie.confirmee_le = timezone.now()
                saisie.save(update_fields=["confirmee_le"])
                longue = saisie.lignes.count() > DIRECT
                if longue:
                    creer_plus_tard.enqueue(saisie.pk)
        if refus:
            messages.error(request, refus)
        elif not saisie.terminee_le and not longue:
            creer(saisie)
        return redirect(saisie)

    @staticmethod
    def _refus(saisie) -> str:
        if saisie.purgee_le:
            return "Ce fichier n’est plus conservé\u00a0: déposez-le de nouveau."
        if not saisie.analysee_le:
            return "Le contrôle de ce fichier n’est pas terminé\u00a0: attendez son rapport."
        return ""


class Annotee(Ecran, View):
    """The rows as they came, with what there is to say beside each one."""

    roles = workflow.REDACTEURS
    model = SaisieGroupee

    def get(self, request, pk):
        saisie = get_object_or_404(self.get_queryset(), pk=pk)
        if not saisie.analysee_le or saisie.purgee_le:
            raise Http404
        with saisie.fichier.open("rb") as fichier:
            entetes = lire(fichier.read()).entetes
        sortie = io.BytesIO()
        colonnes = [("Ligne", 8), ("Résultat", 20), ("À corriger", 50), ("À vérifier", 50), ("Corrigé", 40)]
        ecrire(sortie, "Rapport", [*colonnes, *((titre, 20) for titre in entetes)], self._lignes(saisie))
        reponse = HttpResponse(sortie.getvalue(), content_type=TYPE_XLSX)
        reponse.headers["Content-Disposition"] = f'attachment; filename="rapport-saisie-{saisie.pk}.xlsx"'
        return reponse

    @staticmethod
    def _lignes(saisie):
        for ligne in saisie.lignes.all():
            dits = [
                "\n".join(
                    f"{c['colonne']}\u00a0: {c['phrase']}" if c["colonne"] else c["phrase"]
                    for c in ligne.constats
                    if c["niveau"] == niveau
                )
                for niveau in ("erreur", "avertissement", "corrige")
            ]
            yield [ligne.numero, ligne.get_sort_display(), *dits, *ligne.brut]
