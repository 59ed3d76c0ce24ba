"""Screens of the imports: deposit and history, differences and choice, report."""

import hashlib
import secrets

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from backoffice.acces import Ecran
from registre import journal
from registre.france_competences import date_de_l_export

from .forms import DepotForm
from .models import FicheLue, ImportDeFiches
from .travaux import analyser, appliquer

ROLES = ("certificateur",)
PAR_PAGE = 25
# What asks for a decision is shown first.
ORDRE = ("changee", "nouvelle", "a_revoir", "refusee", "reprise", "laissee", "identique")


class Imports(Ecran, View):
    """The files that were brought in, and the place to bring one."""

    roles = ROLES
    model = ImportDeFiches

    def _page(self, form, statut=200):
        lignes = self.get_queryset().select_related("depose_par")
        page = Paginator(lignes, PAR_PAGE).get_page(self.request.GET.get("page"))
        return render(self.request, "repertoires/liste.html", {"form": form, "page_obj": page}, status=statut)

    def get(self, request):
        return self._page(DepotForm())

    def post(self, request):
        form = DepotForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, 422)
        depot, recu = form.save(commit=False), request.FILES["fichier"]
        depot.depose_par = request.user
        depot.numeros = form.cleaned_data["numeros"]
        depot.nom_origine = "".join(c for c in recu.name if c.isprintable())[:150]
        depot.date_export = date_de_l_export(recu.name)
        empreinte = hashlib.sha256()
        for morceau in recu.chunks():
            empreinte.update(morceau)
        depot.sha256 = empreinte.hexdigest()
        recu.seek(0)
        depot.fichier.save(f"repertoires/{secrets.token_hex(16)}", recu, save=False)
        with transaction.atomic():
            depot.save()
            journal.consigner(request.user, "certificateur", "deposer_un_export", depot)
            analyser.enqueue(depot.pk)
        return redirect(depot)


class UnImport(Ecran, View):
    """What each fiche of a file would change; what was chosen; what was done."""

    roles = ROLES
    model = ImportDeFiches

    def get(self, request, pk):
        depot = get_object_or_404(self.get_queryset().select_related("depose_par", "confirme_par"), pk=pk)
        fiches = list(depot.fiches.select_related("version__certification"))
        fiches.sort(key=lambda fiche: (ORDRE.index(fiche.sort), not fiche.gardes, fiche.rang))
        comptes, noms = depot.comptes(), dict(FicheLue.Sort.choices)
        contexte = {
            "depot": depot,
            "fiches": fiches,
            "comptes": [(noms[sort], comptes[sort]) for sort in ORDRE if comptes[sort]],
            "a_choisir": depot.a_confirmer and any(fiche.a_choisir for fiche in fiches),
        }
        return render(request, "repertoires/import.html", contexte)

    def post(self, request, pk):
        """Confirm, once: the fiches ticked, and in each the differences ticked."""
        with transaction.atomic():
            depot = get_object_or_404(self.get_queryset().select_for_update(of=("self",)), pk=pk)
            if not depot.a_confirmer:
                messages.info(request, "Cet import n’attend pas de choix.")
                return redirect(depot)
            retenues = self._choisir(depot, set(request.POST.getlist("fiches")), set(request.POST.getlist("prendre")))
            if not retenues:
                transaction.set_rollback(True)
                messages.error(request, "Cochez au moins une fiche à reprendre.")
                return redirect(depot)
            depot.confirme_le, depot.confirme_par = timezone.now(), request.user
            depot.save(update_fields=["confirme_le", "confirme_par"])
            details = {"fiches": retenues}
            journal.consigner(request.user, "certificateur", "reprendre_des_fiches", depot, details=details)
            appliquer.enqueue(depot.pk)
        return redirect(depot)

    @staticmethod
    def _choisir(depot, cochees: set[str], prises: set[str]) -> int:
        """Write each choice beside its fiche; return how many fiches are to be brought in."""
        retenues = 0
        for fiche in depot.fiches.all():
            if not fiche.a_choisir:
                continue
            if str(fiche.pk) not in cochees:
                fiche.sort = FicheLue.Sort.LAISSEE
            else:
                retenues += 1
                fiche.laisser = [e["cle"] for e in fiche.ecarts if e["cle"] and f"{fiche.pk}|{e['cle']}" not in prises]
                fiche.ecraser = [g["cle"] for g in fiche.gardes if f"{fiche.pk}|{g['cle']}" in prises]
                if fiche.sort == FicheLue.Sort.IDENTIQUE:
                    fiche.sort = FicheLue.Sort.CHANGEE
            fiche.save(update_fields=["sort", "laisser", "ecraser"])
        return retenues
