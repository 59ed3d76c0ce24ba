"""What every page of the site shares: blocks, words for search engines and shared links, a preview one may frame."""

from csp.constants import SELF
from csp.decorators import csp_replace
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks import CorpsBlock
from home.vignettes import Vignette


class PagePublique(Page):
    """A body made of blocks, and a preview that the editor may frame."""

    corps = StreamField(CorpsBlock(required=False), verbose_name="corps de la page", blank=True)

    search_fields = [*Page.search_fields, index.SearchField("corps")]

    class Meta:
        abstract = True

    def serve_preview(self, request, mode_name):
        """Let the editor's own page frame the preview; the strict policy forbids any frame elsewhere."""
        return csp_replace({"frame-ancestors": [SELF]})(super().serve_preview)(request, mode_name)

    @property
    def titre_public(self) -> str:
        """Title of the window and of shared links."""
        return self.seo_title or self.title

    @property
    def description_publique(self) -> str:
        """What search engines and shared links say under the title: the editor's words, else those of the page."""
        return self.search_description or getattr(self, "chapo", "")

    def serve(self, request, *args, **kwargs):
        """Say that the page may be kept for other visitors: it is the same for all who are not logged in."""
        reponse = super().serve(request, *args, **kwargs)
        reponse.a_garder = True
        return reponse

    def vignette(self) -> Vignette:
        """What the image of a shared link says of this page."""
        return Vignette(self.titre_public)

    def get_context(self, request, *args, **kwargs):
        contexte = super().get_context(request, *args, **kwargs)
        contexte["image_de_partage"] = self.vignette().adresse(self)
        return contexte
