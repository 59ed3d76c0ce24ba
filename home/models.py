"""The pages of the public site: what the editor writes, around what the registry says."""

from django.core.paginator import Paginator
from django.db import models
from django.http import Http404
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page
from wagtail.search import index

from home.actualites import PageActualite, PageActualites, dernieres_actualites
from home.catalogue import fiches
from home.chiffres import chiffres_du_registre
from home.criteres import ADRESSE, Criteres
from home.donnees_structurees import certification_en_json_ld
from home.fiche import FicheCQP, lire_fiche
from home.resultats import Catalogue
from home.socle import PagePublique
from home.vignettes import Vignette
from registre.models import Certification

CQP_PAR_PAGE = 12
ACTUALITES_A_L_ACCUEIL = 3

# The pages of the other files are models of this one too.
__all__ = ["PageActualite", "PageActualites"]


class PageAccueil(PagePublique):
    """The home page: a promise, a search, three doors, the trades."""

    finalite = "Accueillir le public et l’orienter."
    conservation = "Tant que la page est en ligne ; aucune donnée personnelle."

    promesse = models.CharField("promesse", max_length=120, help_text="Une phrase courte, adressée au visiteur.")
    chapo = models.TextField("chapô", max_length=400, help_text="Deux phrases : ce qu’est un CQP, ce qu’il change.")

    content_panels = [*Page.content_panels, "promesse", "chapo", "corps"]
    search_fields = [*PagePublique.search_fields, index.SearchField("promesse"), index.SearchField("chapo")]
    template = "home/page_accueil.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["home.PageCatalogue", "home.PageActualites", "home.PageLibre"]
    max_count = 1

    class Meta:
        verbose_name = "page d’accueil"
        verbose_name_plural = "pages d’accueil"

    def route(self, request, path_components):
        """Reach the page of a CQP in one query; walking the tree down takes four, on the most visited pages."""
        if len(path_components) == 2 and path_components[0] == ADRESSE.strip("/"):
            trouvees = PageCQP.objects.descendant_of(self).filter(slug=path_components[1])
            page = trouvees.select_related("certification__filiere", "certification__porteur").first()
            if page is None:
                raise Http404
            return page.route(request, [])
        return super().route(request, path_components)

    def get_context(self, request, *args, **kwargs):
        contexte = super().get_context(request, *args, **kwargs)
        lues = fiches()
        contexte["chiffres"] = chiffres_du_registre(lues)
        contexte["filieres"] = Catalogue(lues, Criteres("", {})).filieres()
        contexte["actualites"] = dernieres_actualites(ACTUALITES_A_L_ACCUEIL)
        return contexte


class PageCatalogue(PagePublique):
    """The list of CQPs. Its address never changes: menus and printed documents carry it."""

    finalite = "Permettre à chacun de trouver un CQP."
    conservation = "Tant que la page est en ligne ; aucune donnée personnelle."

    chapo = models.TextField("chapô", max_length=400, blank=True)

    content_panels = [*Page.content_panels, "chapo", "corps"]
    search_fields = [*PagePublique.search_fields, index.SearchField("chapo")]
    template = "home/page_catalogue.html"
    parent_page_types = ["home.PageAccueil"]
    subpage_types = ["home.PageCQP"]
    max_count = 1

    class Meta:
        verbose_name = "catalogue des CQP"
        verbose_name_plural = "catalogues des CQP"

    def full_clean(self, *args, **kwargs):
        self.slug = ADRESSE.strip("/")
        super().full_clean(*args, **kwargs)

    def serve(self, request, *args, **kwargs):
        """Answer htmx with the list alone; an empty field leaves no trace in the address one will share."""
        if not request.htmx and any(valeur == "" for valeur in request.GET.values()):
            return redirect(Criteres.lire(request.GET).adresse())
        reponse = super().serve(request, *args, **kwargs)
        patch_vary_headers(reponse, ["HX-Request"])
        if request.htmx:
            liste = reponse.context_data["liste"]
            reponse["HX-Push-Url"] = reponse.context_data["criteres"].adresse(liste.number)
        return reponse

    def get_template(self, request, *args, **kwargs):
        seule = request.htmx and not request.htmx.history_restore_request
        return "home/catalogue/liste.html" if seule else self.template

    def get_context(self, request, *args, **kwargs):
        contexte = super().get_context(request, *args, **kwargs)
        criteres = Criteres.lire(request.GET)
        catalogue = Catalogue(fiches(), criteres)
        liste = Paginator(catalogue.resultats, CQP_PAR_PAGE).get_page(request.GET.get("page"))
        return contexte | {
            "catalogue": catalogue,
            "criteres": criteres,
            "liste": liste,
            "cartes": catalogue.cartes(liste),
        }


class PageCQP(PagePublique):
    """A CQP: the editor's words around the registry's facts, which are read at each visit and never copied."""

    finalite = "Présenter un CQP et dire comment l’obtenir."
    conservation = "Tant que la page est en ligne ; aucune donnée personnelle."

    certification = models.OneToOneField(
        Certification, on_delete=models.PROTECT, related_name="page", verbose_name="certification"
    )
    accroche = models.TextField(
        "accroche",
        max_length=300,
        blank=True,
        help_text="Le métier en une ou deux phrases. Vide : celle du registre.",
    )

    content_panels = [
        HelpPanel(
            content="<p>Intitulé exact, numéro, niveau, dates, blocs, compétences et certificateurs viennent du "
            "registre : ils s’affichent d’eux-mêmes et ne se corrigent pas ici.</p>",
            heading="Ce que vous n’avez pas à écrire",
        ),
        *Page.content_panels,
        FieldPanel("certification"),
        "accroche",
        "corps",
    ]
    search_fields = [*PagePublique.search_fields, index.SearchField("accroche"), index.FilterField("certification")]
    template = "home/page_cqp.html"
    parent_page_types = ["home.PageCatalogue"]
    subpage_types = []

    class Meta:
        verbose_name = "page d’un CQP"
        verbose_name_plural = "pages des CQP"

    def full_clean(self, *args, **kwargs):
        # The address follows the registry, so that a parchemin printed today still leads here in fifty years.
        if self.certification_id:
            self.slug = self.certification.slug
            self.title = self.title or self.certification.intitule_usuel
        super().full_clean(*args, **kwargs)

    @cached_property
    def fiche(self) -> FicheCQP | None:
        """What the registry says of it today."""
        return lire_fiche(self.certification)

    def vignette(self):
        filiere = self.certification.filiere.libelle
        if self.fiche is None:
            return Vignette(self.titre_public, (filiere,))
        return Vignette(self.seo_title or self.fiche.version.intitule, (*self.fiche.reperes, filiere))

    def get_context(self, request, *args, **kwargs):
        contexte = super().get_context(request, *args, **kwargs)
        certification, fiche = self.certification, self.fiche
        contexte |= {
            "fiche": fiche,
            "certification": certification,
            "accroche": self.accroche or certification.accroche,
            "intitule": fiche.version.intitule if fiche else certification.intitule_usuel,
            "donnees_structurees": certification_en_json_ld(fiche, self.full_url) if fiche else "",
        }
        return contexte


class PageLibre(PagePublique):
    """A free page: what a CQP is, how to obtain one, legal pages."""

    finalite = "Informer le public."
    conservation = "Tant que la page est en ligne ; aucune donnée personnelle."

    chapo = models.TextField("chapô", max_length=400, blank=True)
    montrer_identite = models.BooleanField(
        "montrer l’identité de l’éditeur du site",
        default=False,
        help_text="Ajoute éditeur, hébergeur et contacts, tels que réglés dans « Identité du site ».",
    )

    content_panels = [*Page.content_panels, "chapo", "montrer_identite", "corps"]
    search_fields = [*PagePublique.search_fields, index.SearchField("chapo")]
    template = "home/page_libre.html"
    parent_page_types = ["home.PageAccueil", "home.PageLibre"]
    subpage_types = ["home.PageLibre"]

    class Meta:
        verbose_name = "page libre"
        verbose_name_plural = "pages libres"

    def get_context(self, request, *args, **kwargs):
        contexte = super().get_context(request, *args, **kwargs)
        contexte["identite"] = IdentiteDuSite.for_request(request).faits if self.montrer_identite else []
        return contexte


class Edition(models.Model):
    """The count of what has changed in public pages: written by triggers, read at each visit (see `memoire.py`)."""

    finalite = "Savoir qu’une page gardée en mémoire n’est plus exacte."
    conservation = "Un jour\u202f; un simple numéro."

    class Meta:
        verbose_name = "édition du site"
        verbose_name_plural = "éditions du site"

    def __str__(self):
        return f"édition n°\u00a0{self.pk}"


@register_setting(icon="globe")
class IdentiteDuSite(BaseSiteSetting):
    """Who answers for the site: what the law asks to publish (law of 21 June 2004 on the digital economy)."""

    finalite = "Publier les mentions que la loi exige de tout éditeur de site."
    conservation = "Tant que le site est en ligne."

    editeur = models.CharField("éditeur", max_length=255, blank=True, help_text="Raison sociale de l’organisme.")
    adresse = models.CharField("adresse", max_length=255, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    responsable = models.CharField(
        "direction de la publication", max_length=160, blank=True, help_text="Fonction de la personne responsable."
    )
    hebergeur = models.CharField("hébergeur", max_length=255, blank=True, help_text="Nom, adresse et téléphone.")
    courriel_donnees = models.EmailField("contact pour les données personnelles", blank=True)

    panels = ["editeur", "adresse", "courriel", "telephone", "responsable", "hebergeur", "courriel_donnees"]

    class Meta:
        verbose_name = "identité du site"
        verbose_name_plural = "identités des sites"

    @property
    def faits(self) -> list[dict]:
        """The parameters of the facts component; empty while nobody has said who publishes the site."""
        champs = [self._meta.get_field(nom) for nom in self.panels]
        return [
            {
                "libelle": champ.verbose_name[0].upper() + champ.verbose_name[1:],
                "valeur": valeur,
                "url": f"mailto:{valeur}" if isinstance(champ, models.EmailField) else "",
            }
            for champ in champs
            if (valeur := getattr(self, champ.name))
        ]
