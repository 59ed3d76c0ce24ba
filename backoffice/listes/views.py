"""What stands around the lists: saved views, grouped acts and their reports, exports and their files."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View
from django.views.generic import DetailView, ListView

from backoffice.acces import TOUS, Ecran
from registre.transitions import VERBES, Refus

from . import exports, lots, recherche
from .designation import PROPOSES, DesignationFilter
from .ecran import EcranDeListe, ecran_de
from .forms import VueForm
from .models import ActeGroupe, Export, VueEnregistree

VUES_AU_PLUS = 30
REFUS_MONTRES = 50


def liste_demandee(request) -> EcranDeListe:
    """The list that a form of a list names, as this person reads it: 404 unknown, 403 when it is not for them."""
    try:
        classe = ecran_de(request.POST.get("liste", ""))
    except LookupError:
        raise Http404 from None
    if not request.user.a_role(*classe.roles):
        raise PermissionDenied("Cette page ne fait pas partie de ce que votre rôle permet.")
    cle = request.POST.get("r", "")
    texte = recherche.retrouver(request.session, cle) if cle else ""
    ecran = classe.pour(request.user, QueryDict(request.POST.get("parametres", "")[:2000]), texte)
    ecran.adresse_de_retour = reverse(classe.liste) + (
        f"?{ecran.parametres.urlencode()}&r={cle}" if cle else f"?{ecran.parametres.urlencode() or 'vue=toutes'}"
    )
    return ecran


class Designations(Ecran, View):
    """Names proposed while somebody types one in a filter, among what they see. By POST: a name is in no address."""

    roles = TOUS

    def post(self, request):
        texte = request.POST.get("q", "")[:100]
        if not texte.strip():
            return JsonResponse({"noms": []})
        filtre = liste_demandee(request).filtre.filters.get(request.POST.get("filtre", ""))
        if not isinstance(filtre, DesignationFilter):
            raise Http404
        trouves = filtre.designes(texte)[:PROPOSES]
        return JsonResponse({"noms": [f"{o.raison_sociale}, {o.siret}".strip(", ") for o in trouves]})


class Vues(Ecran, ListView):
    """One's saved views; by POST, one more."""

    roles = TOUS
    model = VueEnregistree
    template_name = "listes/vues.html"

    def get_context_data(self, **kwargs):
        vues = list(super().get_queryset().select_related("proprietaire", "organisme"))
        lignes = [{"vue": v, "titre": ecran_de(v.liste).titre, "sienne": self._sienne(v)} for v in vues]
        return super().get_context_data(lignes=lignes, **kwargs)

    def _sienne(self, vue):
        return vue.proprietaire_id == self.request.user.pk

    def post(self, request):
        ecran = liste_demandee(request)
        form = VueForm(request.POST, acteur=request.user)
        form.instance.liste, form.instance.parametres = ecran.liste, ecran.parametres.urlencode()[:1000]
        if VueEnregistree.objects.filter(proprietaire=request.user).count() >= VUES_AU_PLUS:
            form.add_error(None, f"Vous avez déjà {VUES_AU_PLUS} vues\u202f: supprimez celles qui ne servent plus.")
        if not form.is_valid() or not enregistrer(form):
            return render(request, "listes/vue.html", {"form": form, "ecran": ecran, "nouvelle": True}, status=422)
        messages.success(request, f"La vue «\u202f{form.instance.nom}\u202f» est enregistrée.")
        return redirect(form.instance.url)


def enregistrer(form) -> bool:
    """Store a view; the former default of the list gives its place. False when its name is taken."""
    vue = form.instance
    try:
        with transaction.atomic():
            if vue.par_defaut:
                autres = VueEnregistree.objects.filter(proprietaire=vue.proprietaire, liste=vue.liste)
                autres.exclude(pk=vue.pk).update(par_defaut=False)
            form.save()
    except IntegrityError:
        form.add_error("nom", "Vous avez déjà une vue de ce nom sur cette liste.")
        return False
    return True


class Vue(Ecran, View):
    """Rename a view, open the list on it, share it, delete it: its author only."""

    roles = TOUS
    model = VueEnregistree

    def _trouver(self, pk):
        return get_object_or_404(self.get_queryset().filter(proprietaire=self.request.user), pk=pk)

    def _page(self, form, statut=200):
        contexte = {"form": form, "objet": form.instance, "nouvelle": False, "ecran": ecran_de(form.instance.liste)}
        return render(self.request, "listes/vue.html", contexte, status=statut)

    def get(self, request, pk):
        return self._page(VueForm(instance=self._trouver(pk), acteur=request.user))

    def post(self, request, pk):
        vue = self._trouver(pk)
        if request.POST.get("geste") == "supprimer":
            vue.delete()
            messages.success(request, f"La vue «\u202f{vue.nom}\u202f» est supprimée.")
            return redirect("listes:vues")
        form = VueForm(request.POST, instance=vue, acteur=request.user)
        if not form.is_valid() or not enregistrer(form):
            return self._page(form, 422)
        messages.success(request, f"La vue «\u202f{vue.nom}\u202f» est enregistrée.")
        return redirect("listes:vues")


class Lots(Ecran, ListView):
    """One's grouped acts, latest first; by POST, the preparation of one more."""

    roles = TOUS
    model = ActeGroupe
    template_name = "listes/lots.html"
    paginate_by = 25

    def get_context_data(self, **kwargs):
        contexte = super().get_context_data(**kwargs)
        contexte["lignes"] = [{"lot": lot, "acte": lots.acte_de(lot)} for lot in contexte["object_list"]]
        return contexte

    def post(self, request):
        ecran = liste_demandee(request)
        verbe = VERBES.get((ecran.model._meta.label_lower, request.POST.get("verbe", "")))
        try:
            if verbe is None or not request.user.a_role(*verbe.roles):
                raise Refus("Choisissez ce qu’il faut faire.")
            lot = lots.preparer(request.user, ecran.liste, verbe, self._choisies(ecran))
        except Refus as refus:
            messages.error(request, str(refus))
            return redirect(ecran.adresse_de_retour)
        return redirect(lot)

    def _choisies(self, ecran) -> list[int]:
        """The rows that were chosen, among those this list holds for this person."""
        if self.request.POST.get("portee") == "tout":
            return list(ecran.lignes.values_list("pk", flat=True)[: lots.MAXIMUM + 1])
        champ = "page" if self.request.POST.get("portee") == "page" else "lignes"
        demandees = [int(v) for v in self.request.POST.getlist(champ)[:1000] if v.isdecimal() and len(v) < 19]
        visibles = set(ecran.get_queryset().filter(pk__in=demandees).values_list("pk", flat=True))
        return [pk for pk in demandees if pk in visibles]


class Lot(Ecran, DetailView):
    """A grouped act: before, what would happen; after, what did."""

    roles = TOUS
    model = ActeGroupe
    template_name = "listes/lot.html"
    context_object_name = "lot"

    def get_context_data(self, form=None, **kwargs):
        lot, ecran = self.object, ecran_de(self.object.liste)
        contexte = {"acte": lots.acte_de(lot), "ecran": ecran, "total": lot.lignes.count()}
        if lot.lance_le:
            contexte |= self._compte_rendu(lot)
        else:
            contexte |= {"apercu": lots.apercu(lot), "form": form or lots.formulaire(lot)}
        return super().get_context_data(**contexte, **kwargs)

    def _compte_rendu(self, lot):
        faites = lot.lignes.exclude(faite_le=None).count()
        refusees = lot.lignes.exclude(refus="")
        montrees = list(refusees[:REFUS_MONTRES])
        objets = lots.objets_de(lot, montrees)
        return {
            "faites": faites,
            "refusees": refusees.count(),
            "refus": [(objets.get(ligne.objet_id), [ligne.refus]) for ligne in montrees],
            "interrompu": lot.fini_le is None and lots.interrompus().filter(pk=lot.pk).exists(),
        }

    def post(self, request, *args, **kwargs):
        self.object = lot = self.get_object()
        if lot.lance_le:
            if lots.interrompus().filter(pk=lot.pk).exists():
                lots.derouler.enqueue(lot.pk)
            return redirect(lot)
        form = lots.formulaire(lot, request.POST)
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        lots.lancer(lot, {nom: request.POST.getlist(nom) for nom in form.fields} if form is not None else {})
        return redirect(lot)


class Exports(Ecran, ListView):
    """One's exports; by POST, one more: given at once when it is short, else made by the worker."""

    roles = TOUS
    model = Export
    template_name = "listes/exports.html"
    paginate_by = 25

    def get_context_data(self, **kwargs):
        contexte = super().get_context_data(**kwargs)
        contexte["lignes"] = [{"export": e, "titre": ecran_de(e.liste).titre} for e in contexte["object_list"]]
        return contexte

    def post(self, request):
        ecran = liste_demandee(request)
        try:
            export, contenu = exports.demander(request.user, ecran, request.POST.get("format", ""))
        except Refus as refus:
            messages.error(request, str(refus))
            return redirect(ecran.adresse_de_retour)
        if not contenu:
            return redirect(export)
        reponse = HttpResponse(contenu, content_type=exports.TYPES[export.format])
        reponse.headers["Content-Disposition"] = f'attachment; filename="{exports.nom_de_fichier(export)}"'
        reponse.headers["X-Content-Type-Options"] = "nosniff"
        return reponse


class UnExport(Ecran, DetailView):
    """How far an export is, then its file."""

    roles = TOUS
    model = Export
    template_name = "listes/export.html"
    context_object_name = "export"

    def get_context_data(self, **kwargs):
        return super().get_context_data(ecran=ecran_de(self.object.liste), **kwargs)


class FichierDExport(Ecran, DetailView):
    """The file of an export, for its author, until it expires."""

    roles = TOUS
    model = Export

    def get(self, request, *args, **kwargs):
        export = self.get_object()
        if not export.disponible:
            return redirect(export)
        reponse = FileResponse(
            export.fichier.open("rb"),
            as_attachment=True,
            filename=exports.nom_de_fichier(export),
            content_type=exports.TYPES[export.format],
        )
        reponse.headers["Content-Security-Policy"] = "sandbox"
        reponse.headers["X-Content-Type-Options"] = "nosniff"
        return reponse
