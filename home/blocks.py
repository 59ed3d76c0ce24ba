"""The blocks with which editors write: each has one purpose, one template, and no setting of appearance."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock

from home.catalogue import fiches

TEXTE_COURT = ["bold", "italic", "link"]
TEXTE_LONG = ["h2", "h3", "bold", "italic", "ul", "ol", "link", "document-link"]

valider_adresse = RegexValidator(
    r"^(/|https://|mailto:)\S*$", "Une adresse commence par « / » (ce site), « https:// » ou « mailto: »."
)


class TitreBlock(blocks.CharBlock):
    """A section title: it opens a new part of the page."""

    class Meta:
        icon = "title"
        label = "Titre de partie"
        template = "home/blocs/titre.html"


class TexteBlock(blocks.RichTextBlock):
    """Running text, with its own titles and lists."""

    class Meta:
        icon = "pilcrow"
        label = "Texte"
        template = "home/blocs/texte.html"


class ImageLegendeeBlock(blocks.StructBlock):
    """An image that says something: its description is required unless it is declared decorative."""

    image = ImageBlock(label="Image")
    legende = blocks.CharBlock(label="Légende", required=False, max_length=200)

    class Meta:
        icon = "image"
        label = "Image"
        template = "home/blocs/image.html"


class ChiffreBlock(blocks.StructBlock):
    valeur = blocks.CharBlock(label="Valeur", max_length=20, help_text="« 85 % », « 1 200 », « 3 ans ».")
    libelle = blocks.CharBlock(label="Ce que c’est", max_length=80)
    precision = blocks.CharBlock(label="Source et date", max_length=120, help_text="« Enquête 2025, 212 réponses ».")

    class Meta:
        icon = "order"
        label = "Chiffre"


class ChiffresBlock(blocks.StructBlock):
    """Figures that the registry does not hold: each says where it comes from."""

    titre = blocks.CharBlock(label="Titre", max_length=120)
    chiffres = blocks.ListBlock(ChiffreBlock(), label="Chiffres", min_num=1, max_num=4)

    class Meta:
        icon = "order"
        label = "Chiffres"
        template = "home/blocs/chiffres.html"


class TemoignageBlock(blocks.StructBlock):
    """What someone of the trade says. Never a name: the editor's site holds no personal data."""

    parole = blocks.TextBlock(label="Parole", max_length=600)
    metier = blocks.CharBlock(
        label="Métier et région",
        max_length=120,
        help_text="« Couvreuse en Lozère ». Jamais de nom, et avec l’accord écrit de la personne.",
    )

    class Meta:
        icon = "user"
        label = "Témoignage"
        template = "home/blocs/temoignage.html"


class CitationBlock(blocks.StructBlock):
    """A sentence taken from a published text."""

    texte = blocks.TextBlock(label="Texte", max_length=600)
    source = blocks.CharBlock(label="Source", max_length=160, help_text="« Code du travail, article L. 6113-4 ».")

    class Meta:
        icon = "openquote"
        label = "Citation"
        template = "home/blocs/citation.html"


class EtapeBlock(blocks.StructBlock):
    titre = blocks.CharBlock(label="Titre", max_length=120)
    texte = blocks.TextBlock(label="Texte", max_length=500)

    class Meta:
        icon = "list-ol"
        label = "Étape"


class EtapesBlock(blocks.StructBlock):
    """What to do, in order."""

    titre = blocks.CharBlock(label="Titre", max_length=120)
    etapes = blocks.ListBlock(EtapeBlock(), label="Étapes", min_num=2)

    class Meta:
        icon = "list-ol"
        label = "Étapes"
        template = "home/blocs/etapes.html"


class ArgumentBlock(blocks.StructBlock):
    titre = blocks.CharBlock(label="Titre", max_length=80)
    texte = blocks.RichTextBlock(label="Texte", features=TEXTE_COURT)

    class Meta:
        icon = "pick"
        label = "Argument"


class ArgumentsBlock(blocks.StructBlock):
    """Reasons, side by side."""

    titre = blocks.CharBlock(label="Titre", max_length=120)
    arguments = blocks.ListBlock(ArgumentBlock(), label="Arguments", min_num=2, max_num=6)

    class Meta:
        icon = "pick"
        label = "Arguments"
        template = "home/blocs/arguments.html"


class CartesCQPBlock(blocks.StructBlock):
    """A choice of CQPs; what the cards say is read from the registry."""

    titre = blocks.CharBlock(label="Titre", max_length=120)
    pages = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="home.PageCQP", label="CQP"), label="CQP", min_num=1, max_num=6
    )

    def get_context(self, value, parent_context=None):
        """Add the cards, in the editor's order, in the same number of queries for one or six."""
        contexte = super().get_context(value, parent_context=parent_context)
        choisies = [page.pk for page in value["pages"] if page]
        par_page = {fiche.certification.page_pk: fiche for fiche in fiches(pages=choisies)}
        contexte["cartes"] = [par_page[pk].carte for pk in choisies if pk in par_page]
        return contexte

    class Meta:
        icon = "folder-open-inverse"
        label = "Choix de CQP"
        template = "home/blocs/cartes_cqp.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label="Question", max_length=200)
    reponse = blocks.RichTextBlock(label="Réponse", features=["bold", "italic", "ul", "ol", "link", "document-link"])

    class Meta:
        icon = "help"
        label = "Question"


class FaqBlock(blocks.StructBlock):
    """Questions that people really ask, with their answers."""

    titre = blocks.CharBlock(label="Titre", max_length=120, default="Questions fréquentes")
    questions = blocks.ListBlock(QuestionBlock(), label="Questions", min_num=1)

    class Meta:
        icon = "help"
        label = "Questions et réponses"
        template = "home/blocs/faq.html"


class AppelBlock(blocks.StructBlock):
    """A call to act: one sentence, one link."""

    titre = blocks.CharBlock(label="Titre", max_length=120)
    texte = blocks.TextBlock(label="Texte", max_length=400, required=False)
    libelle = blocks.CharBlock(label="Texte du bouton", max_length=60)
    page = blocks.PageChooserBlock(label="Page de ce site", required=False)
    adresse = blocks.CharBlock(
        label="Ou adresse", required=False, max_length=300, validators=[valider_adresse], help_text="« /gestion/ »."
    )

    def clean(self, value):
        """Ask for one destination, and only one.

        Raises:
            StructBlockValidationError: beside the field, in French.
        """
        propre = super().clean(value)
        if bool(propre["page"]) == bool(propre["adresse"]):
            raise StructBlockValidationError(
                block_errors={"adresse": ValidationError("Choisissez une page ou donnez une adresse, pas les deux.")}
            )
        return propre

    class Meta:
        icon = "link"
        label = "Appel à agir"
        template = "home/blocs/appel.html"


class CorpsBlock(blocks.StreamBlock):
    """Every block an editor may use, on any page."""

    titre = TitreBlock()
    texte = TexteBlock(features=TEXTE_LONG)
    image = ImageLegendeeBlock()
    arguments = ArgumentsBlock()
    etapes = EtapesBlock()
    chiffres = ChiffresBlock()
    cartes_cqp = CartesCQPBlock()
    temoignage = TemoignageBlock()
    citation = CitationBlock()
    faq = FaqBlock()
    appel = AppelBlock()
