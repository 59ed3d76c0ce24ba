"""News: what the branch announces, newest first."""

from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from home.socle import PagePublique

ACTUALITES_PAR_PAGE = 10


class PageActualites(PagePublique):
    """The list of the news."""

    finalite = "Annoncer au public ce qui change pour les CQP."
    conservation = "Tant que la page est en ligne\u202f; aucune donnée personnelle."

    chapo = models.TextField("chapô", max_length=400, blank=True)

    content_panels = [*PagePublique.content_panels, "chapo", "corps"]
    search_fields = [*PagePublique.search_fields, index.SearchField("chapo")]
    template = "home/page_actualites.html"
    parent_page_types = ["home.PageAccueil"]
    subpage_types = ["home.PageActualite"]
    max_count = 1

    class Meta:
        verbose_name = "liste des actualités"
        verbose_name_plural = "listes des actualités"

    def get_context(self, request, *args, **kwargs):
        contexte = super().get_context(request, *args, **kwargs)
        parues = PageActualite.objects.live().child_of(self).order_by("-parue_le", "-pk").defer("corps")
        contexte["liste"] = Paginator(parues, ACTUALITES_PAR_PAGE).get_page(request.GET.get("page"))
        return contexte


class PageActualite(PagePublique):
    """One piece of news."""

    finalite = "Annoncer au public ce qui change pour les CQP."
    conservation = "Tant que la page est en ligne\u202f; aucune donnée personnelle."

    parue_le = models.DateField("date", default=timezone.localdate, help_text="Affichée, et sert à ranger la liste.")
    chapo = models.TextField(
        "chapô", max_length=400, help_text="L’essentiel en deux phrases\u00a0: quoi, pour qui, quand."
    )
    image = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="image",
        help_text="Décorative\u00a0: elle accompagne l’article dans la liste. Une image qui informe va dans le corps.",
    )

    content_panels = [*PagePublique.content_panels, FieldPanel("parue_le"), "chapo", "image", "corps"]
    search_fields = [*PagePublique.search_fields, index.SearchField("chapo"), index.FilterField("parue_le")]
    template = "home/page_actualite.html"
    parent_page_types = ["home.PageActualites"]
    subpage_types = []

    class Meta:
        verbose_name = "actualité"
        verbose_name_plural = "actualités"


def dernieres_actualites(nombre: int) -> list[PageActualite]:
    """The latest news, for the home page, in one query."""
    return list(PageActualite.objects.live().order_by("-parue_le", "-pk").defer("corps")[:nombre])
