"""`{% capture "employeur-accueil" "Ce que l’on voit" %}`: a picture of the product in a guide."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

from backoffice.aide.captures import dimensions

register = template.Library()


@register.simple_tag
def capture(nom: str, description: str) -> str:
    """A figure of this picture; its description is the caption, and the alternative says that it is one.

    Nothing when the picture has not been taken: the text of a guide is enough by itself.
    """
    if nom not in dimensions():
        return ""
    largeur, hauteur = dimensions()[nom]
    return format_html(
        '<figure class="capture{}"><img src="{}" width="{}" height="{}" alt="Capture d’écran\u00a0: {}" loading="lazy">'
        "<figcaption>{}</figcaption></figure>",
        " capture-etroite" if largeur < 600 else "",
        static(f"guides/{nom}.webp"),
        largeur,
        hauteur,
        description,
        description,
    )
