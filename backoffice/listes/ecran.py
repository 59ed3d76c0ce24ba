"""The screen of every list: search, filters in the address, chips, counts per status, order, pages, saved views."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import TemplateView

from backoffice.acces import Ecran
from registre.textes import plier
from registre.transitions import Verbe, verbes_de

from . import recherche
from .comptage import PLAFOND, compter
from .designation import designer
from .forms import VueForm
from .models import VueEnregistree

PAR_PAGE = 25
# Parameters of the address that are no filter: the text searched, the page, and « no default view, please ».
SERVICE = ("r", "page", "vue")


@method_decorator(sensitive_post_parameters("q"), name="dispatch")
class EcranDeListe(Ecran, TemplateView):
    """A list of one model. A room says what is specific: rows, table, filters, statuses, columns of the exports.

    `statuts` are (value, words, condition); those named in `masques` show only when asked for by name.
    """

    template_name = "gestion/liste.html"
    liste = ""  # name of its address: what saved views, exports and grouped acts remember
    titre = ""
    nom, nom_pluriel = "dossier", "dossiers"
    feminin = False
    ordre: tuple[str, ...] = ("-pk",)
    table_class = None
    filterset_class = None
    statuts: tuple[tuple[str, str, Q], ...] = ()
    masques: frozenset[str] = frozenset()
    colonnes = ()
    ou_chercher = ""
    nom_des_statuts = "Statut"

    # What a room may redefine.

    def chercher(self, objets: QuerySet, texte: str) -> QuerySet:
        """The rows that hold each word of `texte`."""
        raise NotImplementedError

    def completer(self, objets: QuerySet) -> QuerySet:
        """With what the table and the exports read, in a constant number of queries."""
        return objets

    # Reading the address.

    @classmethod
    def pour(cls, acteur, parametres: QueryDict, texte: str = ""):
        """This list as this person reads it, outside of any request: what exports and grouped acts work on."""
        vue, requete = cls(), HttpRequest()
        requete.user, requete.GET, requete.session = acteur, parametres, {}
        vue.setup(requete)
        vue.texte = texte
        return vue

    @cached_property
    def cle(self) -> str:
        return self.request.GET.get("r", "")

    @cached_property
    def texte(self) -> str | None:
        """What is searched; empty when nothing is, None when the session has forgotten it."""
        return recherche.retrouver(self.request.session, self.cle) if self.cle else ""

    @cached_property
    def parametres(self) -> QueryDict:
        """The filters and the order of the address, and nothing else of it."""
        return self.garder(self.request.GET)

    def garder(self, source: QueryDict) -> QueryDict:
        """Of these parameters, those that this list knows."""
        connus = [*(self.filterset_class.base_filters if self.filterset_class else ()), "tri"]
        gardes = QueryDict(mutable=True)
        for nom in (["etat"] if self.statuts else []) + connus:
            if valeurs := [v for v in source.getlist(nom) if v]:
                gardes.setlist(nom, valeurs)
        return gardes

    @cached_property
    def filtre(self):
        return self.filterset_class(self.parametres, queryset=self.get_queryset(), request=self.request)

    @cached_property
    def sans_statut(self) -> QuerySet:
        """The rows that the search and the filters leave, whatever their status."""
        objets = self.get_queryset()
        if self.filterset_class:
            objets = self.filtre.qs if self.filtre.is_valid() else objets.none()
        if self.texte is None:
            # Showing everything instead of what was asked would be worse than showing nothing.
            return objets.none()
        if self.texte:
            # Signs alone are found nowhere: they would otherwise match everything.
            objets = self.chercher(objets, self.texte) if plier(self.texte) else objets.none()
        return objets

    @cached_property
    def lignes(self) -> QuerySet:
        """Exactly what the list holds, in its order."""
        objets = self.sans_statut
        choisis = self.parametres.getlist("etat")
        conditions = [
            q for valeur, _, q in self.statuts if (valeur in choisis if choisis else valeur not in self.masques)
        ]
        if self.statuts and (choisis or self.masques):
            condition = Q(pk__in=[]) if not conditions else conditions[0]
            for autre in conditions[1:]:
                condition |= autre
            objets = objets.filter(condition)
        return objets.order_by(*self.tri)

    @cached_property
    def tri(self) -> tuple[str, ...]:
        """Fields of the order: a column of the table that may be sorted, else the order of the list; never a tie."""
        demande = self.parametres.get("tri", "")
        colonne = self.table_class.base_columns.get(demande.removeprefix("-"))
        if colonne is None or colonne.orderable is False or not colonne.order_by:
            return self.ordre
        champs = colonne.order_by.opposite if demande.startswith("-") else colonne.order_by
        champs = tuple(str(champ) for champ in champs)
        return (*champs, "-pk" if champs[0].startswith("-") else "pk")

    # Counting and paging.

    @cached_property
    def comptes(self) -> dict[str, int]:
        """How many rows per status once the rest is applied (`PLAFOND` + 1: more than that)."""
        ensembles = {valeur: self.sans_statut.filter(condition) for valeur, _, condition in self.statuts}
        return compter(ensembles or {"": self.sans_statut})

    @cached_property
    def total(self) -> int:
        choisis = self.parametres.getlist("etat")
        return sum(
            n for valeur, n in self.comptes.items() if (valeur in choisis if choisis else valeur not in self.masques)
        )

    @property
    def plafonnee(self) -> bool:
        """Is the total only known to be large?"""
        return any(n > PLAFOND for n in self.comptes.values())

    @cached_property
    def page(self) -> dict:
        """The rows of one page, ids first: a deep page walks an index, never the joined rows."""
        demandee = self.request.GET.get("page", "")
        numero = int(demandee) if demandee.isdecimal() and len(demandee) < 8 else 1
        derniere = max(1, -(-self.total // PAR_PAGE))
        if not self.plafonnee:
            numero = min(max(numero, 1), derniere)
        debut = (max(numero, 1) - 1) * PAR_PAGE
        ids = list(self.lignes.values_list("pk", flat=True)[debut : debut + PAR_PAGE + 1])
        suite, ids = len(ids) > PAR_PAGE, ids[:PAR_PAGE]
        lus = {o.pk: o for o in self.completer(self.model.objects.filter(pk__in=ids))} if ids else {}
        return {
            "lignes": [lus[pk] for pk in ids if pk in lus],
            "numero": numero,
            "derniere": 0 if self.plafonnee else derniere,
            "precedente": self.adresse(page=min(numero - 1, 400_000)) if numero > 1 else "",
            "suivante": self.adresse(page=numero + 1) if suite else "",
        }

    # What the page shows.

    def adresse(self, sans=(), sans_texte=False, **avec) -> str:
        """This list with other parameters, or without one value (`sans`: name, value); from page 1 unless told."""
        parametres = self.parametres.copy()
        if self.cle and not sans_texte:
            parametres["r"] = self.cle
        if sans:
            nom, valeur = sans
            parametres.setlist(nom, [v for v in parametres.getlist(nom) if v != valeur])
        for nom, valeur in avec.items():
            parametres.setlist(nom, valeur if isinstance(valeur, list) else [valeur])
        return f"?{parametres.urlencode() or 'vue=toutes'}"

    def puces(self) -> list[dict]:
        """What narrows the list: what each chip says, and the list without it."""
        puces = []
        if self.texte:
            puces.append({"libelle": f"Recherche\u00a0: {self.texte}", "url": self.adresse(sans_texte=True)})
        libelles = {valeur: libelle for valeur, libelle, _ in self.statuts}
        for valeur in self.parametres.getlist("etat"):
            if valeur in libelles:
                texte = f"{self.nom_des_statuts}\u00a0: {libelles[valeur]}"
                puces.append({"libelle": texte, "url": self.adresse(sans=("etat", valeur))})
        for nom, champ in (self.filtre.form.fields if self.filterset_class else {}).items():
            for valeur in self.parametres.getlist(nom):
                if libelle := _libelle_du_choix(champ, valeur):
                    texte = f"{champ.label}\u00a0: {libelle}"
                    puces.append({"libelle": texte, "url": self.adresse(sans=(nom, valeur))})
        return puces

    @property
    def est_filtree(self) -> bool:
        """Is one of the filters in use, beside the status and the text?"""
        return bool(set(self.parametres) - {"etat", "tri"})

    def onglets(self) -> list[dict]:
        """How many rows per status; each count is what its link opens."""
        choisis = self.parametres.getlist("etat")
        tous = sum(n for valeur, n in self.comptes.items() if valeur not in self.masques)
        tout = "Toutes" if self.feminin else "Tous"
        onglets = [{"libelle": tout, "url": self.adresse(etat=[]), "actif": not choisis, "compte": _borne(tous)}]
        onglets += [
            {
                "libelle": libelle,
                "url": self.adresse(etat=[valeur]),
                "actif": valeur in choisis,
                "compte": _borne(self.comptes[valeur]),
            }
            for valeur, libelle, _ in self.statuts
            if self.comptes[valeur] or valeur in choisis
        ]
        return onglets if len(onglets) > 2 else []

    @cached_property
    def vues(self) -> list[VueEnregistree]:
        return list(VueEnregistree.objects.filter(liste=self.liste).visibles_par(self.request.user))

    def onglets_des_vues(self) -> list[dict]:
        if not self.vues:
            return []
        ici = self.parametres.urlencode()
        tous = {"libelle": f"Tous les {self.nom_pluriel}", "url": "?vue=toutes", "actif": not ici and not self.cle}
        if self.feminin:
            tous["libelle"] = f"Toutes les {self.nom_pluriel}"
        return [tous] + [
            {"libelle": vue.nom, "url": vue.url, "actif": ici == vue.parametres and not self.cle} for vue in self.vues
        ]

    @cached_property
    def verbes_par_lot(self) -> list[Verbe]:
        """The acts that this person may try on several rows at once."""
        return [v for v in verbes_de(self.model) if v.par_lot and self.request.user.a_role(*v.roles)]

    @property
    def decompte(self) -> str:
        """« 12 dossiers », « plus de 10 000 dossiers », « aucun dossier »."""
        if not self.total:
            return f"Aucun{'e' if self.feminin else ''} {self.nom}"
        if self.plafonnee:
            return f"Plus de {milliers(PLAFOND)} {self.nom_pluriel}"
        return f"{milliers(self.total)} {self.nom if self.total == 1 else self.nom_pluriel}"

    def get(self, request, *args, **kwargs):
        if not request.GET and (vue := next((v for v in self.vues if self._est_sa_vue_par_defaut(v)), None)):
            return redirect(vue.url)
        return super().get(request, *args, **kwargs)

    def _est_sa_vue_par_defaut(self, vue) -> bool:
        return vue.par_defaut and vue.proprietaire_id == self.request.user.pk

    def post(self, request, *args, **kwargs):
        """Search: what was typed goes to the session, and the answer is a page that one may reload."""
        parametres = self.garder(request.POST)
        if self.filterset_class:
            filtre = self.filterset_class(parametres, queryset=self.get_queryset(), request=request)
            valeurs, phrases = designer(filtre, request.POST)
            for nom, trouvees in valeurs.items():
                parametres.setlist(nom, list(dict.fromkeys([*parametres.getlist(nom), *trouvees])))
            for phrase in phrases:
                messages.warning(request, phrase)
        if cle := recherche.retenir(request.session, request.POST.get("q", "")):
            parametres["r"] = cle
        return redirect(f"{request.path}?{parametres.urlencode() or 'vue=toutes'}")

    def get_context_data(self, **kwargs):
        acteur, page = self.request.user, self.page
        tri = self.parametres.get("tri", "")
        table = self.table_class(
            page["lignes"], acteur=acteur, a_choisir=bool(self.verbes_par_lot and page["lignes"]), order_by=tri
        )
        table.legende = table.legende or self.titre
        puces = self.puces()
        return super().get_context_data(
            ecran=self,
            table=table,
            pages=page,
            puces=puces,
            caches=[(nom, v) for nom, valeurs in self.parametres.lists() if nom in {"etat", "tri"} for v in valeurs],
            texte_perdu=self.texte is None,
            formulaire=self.filtre.form if self.filterset_class else None,
            statuts=self.onglets() if self.statuts else [],
            vues=self.onglets_des_vues(),
            total=self.total,
            vue_form=VueForm(acteur=acteur) if self.parametres else None,
            **kwargs,
        )


def ecran_de(liste: str) -> type[EcranDeListe]:
    """The screen of the list of this name.

    Raises:
        LookupError: no list has this name.
    """
    vue = None
    if ":" in liste:
        try:
            vue = getattr(resolve(reverse(liste)).func, "view_class", None)
        except (NoReverseMatch, Resolver404) as erreur:
            raise LookupError(liste) from erreur
    if vue is None or not issubclass(vue, EcranDeListe):
        raise LookupError(liste)
    return vue


def milliers(nombre: int) -> str:
    """« 10 000 », as French writes it."""
    return f"{nombre:,}".replace(",", "\u202f")


def _borne(nombre: int) -> str:
    return milliers(nombre) if nombre <= PLAFOND else f"{milliers(PLAFOND)}\u202f+"


def _libelle_du_choix(champ, valeur: str) -> str:
    """What the person reads for this value of a filter; empty when it is not one of the choices."""
    if hasattr(champ, "libelle_de"):
        return champ.libelle_de(valeur)
    if not hasattr(champ, "choices"):
        return valeur
    return next((str(texte) for cle, texte in champ.choices if str(cle) == valeur), "")
