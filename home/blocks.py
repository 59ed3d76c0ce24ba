"""The blocks with which editors write: each has one purpose, one template, and no setting of appearance."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from wagtail import blocks
from wagtail.blocks import StreamBlockValidationError
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from home.blocks_pratiques import (
    TEXTE_COURT,
    ContactsBlock,
    CQPParFiltreBlock,
    DocumentsBlock,
    OuvertureBlock,
    VideoBlock,
    image_d_exemple,
    une_destination,
    valider_adresse,
)
from home.catalogue import fiches

TEXTE_LONG = ["h2", "h3", "bold", "italic", "ul", "ol", "link", "document-link"]

TITRES = re.compile(r"<h([23])[^>]*>(.*?)</h[23]>", re.DOTALL)
# Blocks that open no part of the page.
SANS_TITRE = {"texte", "image", "temoignage", "citation"}


class TitreBlock(blocks.CharBlock):
    """A section title: it opens a new part of the page."""

    class Meta:
        icon = "title"
        label = "Titre de partie"
        description = "Ouvre une nouvelle partie de la page."
        preview_value = "Comment se passe l’évaluation"
        template = "home/blocs/titre.html"


class TexteBlock(blocks.RichTextBlock):
    """Running text, with its own titles and lists."""

    class Meta:
        icon = "pilcrow"
        label = "Texte"
        description = "Paragraphes, listes et liens, avec leurs propres titres."
        preview_value = (
            "<h2>Un certificat de métier</h2><p>Le CQP atteste des <b>compétences</b> d’un métier.</p>"
            "<ul><li>Conçu par la branche</li><li>Délivré par un jury paritaire</li></ul>"
        )
        template = "home/blocs/texte.html"


class ImageLegendeeBlock(blocks.StructBlock):
    """An image that says something: its description is required unless it is declared decorative."""

    image = ImageBlock(label="Image")
    legende = blocks.CharBlock(
        label="Légende", required=False, max_length=200, help_text="Sous l’image. Dites aussi de qui elle est."
    )

    def get_preview_value(self):
        return self.normalize({"image": image_d_exemple(), "legende": "Pose de la lauze, photographie de la branche."})

    class Meta:
        icon = "image"
        label = "Image"
        description = "Une image et sa légende. Décrivez-la, ou déclarez-la décorative\u00a0: c’est l’un ou l’autre."
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
        description = "Un à quatre chiffres qui ne viennent pas du registre, chacun avec sa source et sa date."
        preview_value = {
            "titre": "Ce que deviennent les certifiés",
            "chiffres": [
                {"valeur": "85\u00a0%", "libelle": "en poste six mois après", "precision": "Enquête, 212 réponses"},
                {"valeur": "3 ans", "libelle": "d’expérience à l’entrée", "precision": "Moyenne des dossiers"},
            ],
        }
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
        description = "Ce que dit une personne du métier. Jamais son nom."
        preview_value = {
            "parole": "Le jury connaissait mon métier. Pour une fois, on m’a jugée sur mon travail.",
            "metier": "Couvreuse en Lozère",
        }
        template = "home/blocs/temoignage.html"


class CitationBlock(blocks.StructBlock):
    """A sentence taken from a published text."""

    texte = blocks.TextBlock(label="Texte", max_length=600)
    source = blocks.CharBlock(label="Source", max_length=160, help_text="« Code du travail, article L. 6113-4 ».")

    class Meta:
        icon = "openquote"
        label = "Citation"
        description = "Une phrase tirée d’un texte publié, avec sa source."
        preview_value = {
            "texte": "Les certificats de qualification professionnelle sont établis par une ou plusieurs commissions "
            "paritaires nationales de l’emploi.",
            "source": "Code du travail, article L. 6113-4, en substance",
        }
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
    etapes = blocks.ListBlock(EtapeBlock(), label="Étapes", min_num=2, max_num=10)

    class Meta:
        icon = "list-ol"
        label = "Étapes"
        description = "Ce qu’il faut faire, dans l’ordre. Les numéros se mettent seuls."
        preview_value = {
            "titre": "Le chemin d’un dossier",
            "etapes": [
                {"titre": "L’inscription", "texte": "Votre employeur ou le porteur ouvre le dossier."},
                {"titre": "L’évaluation", "texte": "Un évaluateur habilité conclut pour chaque compétence."},
                {"titre": "Le jury", "texte": "Employeurs et salariés décident ensemble."},
            ],
        }
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
        description = "Deux à six raisons, côte à côte."
        preview_value = {
            "titre": "Ce que vous y gagnez",
            "arguments": [
                {"titre": "Une preuve", "texte": "<p>Un parchemin que chacun peut vérifier.</p>"},
                {"titre": "Une suite", "texte": "<p>Des blocs que l’on garde et que l’on complète.</p>"},
            ],
        }
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

    def get_preview_value(self):
        premieres = Page.objects.live().type(apps.get_model("home.PageCQP")).order_by("path")[:2]
        return self.normalize({"titre": "Des CQP à découvrir", "pages": list(premieres)})

    class Meta:
        icon = "folder-open-inverse"
        label = "Choix de CQP"
        description = "Un à six CQP que vous choisissez un par un. Les cartes se lisent au registre."
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
    questions = blocks.ListBlock(QuestionBlock(), label="Questions", min_num=1, max_num=20)

    class Meta:
        icon = "help"
        label = "Questions et réponses"
        description = "Des questions que l’on vous pose vraiment. Chaque réponse se déplie."
        preview_value = {
            "titre": "Questions fréquentes",
            "questions": [{"question": "Qui peut passer un CQP\u202f?", "reponse": "<p>La fiche le dit.</p>"}],
        }
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
        return une_destination(super().clean(value))

    class Meta:
        icon = "link"
        label = "Appel à agir"
        description = "Une phrase et un bouton, à la fin d’une partie ou d’une page."
        preview_value = {
            "titre": "Et le vôtre\u202f?",
            "texte": "Il existe peut-être un CQP pour le métier que vous exercez.",
            "libelle": "Trouver un CQP",
            "adresse": "/cqp/",
            "page": None,
        }
        template = "home/blocs/appel.html"


class CorpsBlock(blocks.StreamBlock):
    """Every block an editor may use, on any page. Titles follow one another in order: the page's own comes above."""

    ouverture = OuvertureBlock()
    titre = TitreBlock()
    texte = TexteBlock(features=TEXTE_LONG)
    image = ImageLegendeeBlock()
    arguments = ArgumentsBlock()
    etapes = EtapesBlock()
    chiffres = ChiffresBlock()
    cartes_cqp = CartesCQPBlock()
    cqp_par_filtre = CQPParFiltreBlock()
    temoignage = TemoignageBlock()
    citation = CitationBlock()
    faq = FaqBlock()
    documents = DocumentsBlock()
    video = VideoBlock()
    contacts = ContactsBlock()
    appel = AppelBlock()

    def clean(self, value):
        """Refuse what would leave a hole between two levels of titles, or a title without a word.

        Raises:
            StreamBlockValidationError: beside the block, in French.
        """
        propre = super().clean(value)
        erreurs = dict(fautes_de_titres(propre))
        if erreurs:
            raise StreamBlockValidationError(block_errors=erreurs)
        return propre

    class Meta:
        max_num = 40
        block_counts = {"ouverture": {"max_num": 1}}


def fautes_de_titres(corps) -> Iterator[tuple[int, ValidationError]]:
    """The blocks whose running text breaks the order of titles, with what to say beside each."""
    partie_ouverte = False
    for rang, bloc in enumerate(corps):
        if bloc.block_type != "texte":
            partie_ouverte = partie_ouverte or bloc.block_type not in SANS_TITRE
            continue
        for niveau, mots in TITRES.findall(bloc.value.source):
            if not strip_tags(mots).strip():
                yield rang, ValidationError("Un titre est vide\u00a0: écrivez-le ou retirez-le.")
                break
            if niveau == "3" and not partie_ouverte:
                yield rang, ValidationError("Commencez par un titre de niveau 2\u00a0: le niveau 3 vient dessous.")
                break
            partie_ouverte = True
