"""Blocks that open a page, gather what one takes away, or say whom to ask."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from wagtail import blocks
from wagtail.blocks import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock

from home.catalogue import EN_COURS, RECONNAISSANCES, fiches
from home.criteres import Criteres
from home.resultats import Catalogue
from registre.models import Filiere

TEXTE_COURT = ["bold", "italic", "link"]

valider_adresse = RegexValidator(
    r"^(/|https://|mailto:)\S*$", "Une adresse commence par « / » (ce site), « https:// » ou « mailto: »."
)
valider_adresse_sure = RegexValidator(r"^https://[^\s/]+\.\S+$", "Donnez une adresse complète, en « https:// ».")


def image_d_exemple():
    """The latest image of the site, with words of its own, for the previews of the block picker; None without any."""
    image = get_image_model().objects.order_by("-pk").first()
    if image is not None:
        image.contextual_alt_text, image.decorative = image.title, False
    return image


def une_destination(propre):
    """Ask for one destination, and only one.

    Raises:
        StructBlockValidationError: beside the field, in French.
    """
    if bool(propre["page"]) == bool(propre["adresse"]):
        raise StructBlockValidationError(
            block_errors={"adresse": ValidationError("Choisissez une page ou donnez une adresse, pas les deux.")}
        )
    return propre


class OuvertureBlock(blocks.StructBlock):
    """A wide opening: a title, a few words, an image beside them. One per page."""

    titre = blocks.CharBlock(label="Titre", max_length=100)
    texte = blocks.TextBlock(label="Texte", max_length=300, help_text="Deux phrases, adressées au visiteur.")
    image = ImageBlock(
        label="Image", required=False, help_text="Sans image, une rosace dessinée par le site prend sa place."
    )
    libelle = blocks.CharBlock(label="Texte du bouton", max_length=60, required=False)
    page = blocks.PageChooserBlock(label="Page de ce site", required=False)

    def clean(self, value):
        """A button says where it leads, and leads there.

        Raises:
            StructBlockValidationError: beside the field, in French.
        """
        propre = super().clean(value)
        if bool(propre["libelle"]) != bool(propre["page"]):
            faute = ValidationError("Un bouton a un texte et une page\u00a0: donnez les deux, ou aucun.")
            raise StructBlockValidationError(block_errors={"page": faute})
        return propre

    class Meta:
        icon = "pick"
        label = "Grande ouverture"
        description = "Un titre, deux phrases et une image\u00a0: le début d’une page qui veut convaincre."
        template = "home/blocs/ouverture.html"
        preview_value = {
            "titre": "Votre métier mérite d’être reconnu",
            "texte": "Le CQP dit ce que vous savez faire. Ceux qui l’ont conçu exercent le même métier que vous.",
            "image": None,
            "libelle": "",
            "page": None,
        }


def _filieres() -> list[tuple[str, str]]:
    return list(Filiere.objects.order_by("ordre", "libelle").values_list("slug", "libelle"))


class CQPParFiltreBlock(blocks.StructBlock):
    """The CQPs that answer to a filter of the catalogue: the list keeps itself up to date."""

    titre = blocks.CharBlock(label="Titre", max_length=120)
    filiere = blocks.ChoiceBlock(label="Filière", choices=_filieres, required=False)
    repertoire = blocks.ChoiceBlock(label="Reconnaissance", choices=list(RECONNAISSANCES.items()), required=False)
    mots = blocks.CharBlock(
        label="Mots",
        max_length=60,
        required=False,
        help_text="Comme dans la recherche du catalogue\u00a0: «\u202fpierre\u202f».",
    )
    ouverts = blocks.BooleanBlock(label="Seulement ceux qui accueillent des candidats", required=False, default=True)
    nombre = blocks.IntegerBlock(label="Au plus", min_value=1, max_value=9, default=3)

    def get_context(self, value, parent_context=None):
        """Add the cards, how many there are in all, and the address of the whole list."""
        contexte = super().get_context(value, parent_context=parent_context)
        choix = {
            "filiere": (value["filiere"],) if value["filiere"] else (),
            "repertoire": (value["repertoire"],) if value["repertoire"] else (),
            "etat": (EN_COURS[0],) if value["ouverts"] else (),
        }
        criteres = Criteres(value["mots"] or "", {nom: valeurs for nom, valeurs in choix.items() if valeurs})
        trouves = Catalogue(fiches(), criteres).resultats
        contexte |= {
            "cartes": [fiche.carte for fiche in trouves[: value["nombre"]]],
            "total": len(trouves),
            "adresse": criteres.adresse(),
        }
        return contexte

    class Meta:
        icon = "search"
        label = "CQP par filtre"
        description = "Les CQP d’une filière ou d’une recherche\u00a0: la liste suit le registre sans vous."
        template = "home/blocs/cartes_cqp.html"
        preview_value = {
            "titre": "Les CQP ouverts",
            "filiere": "",
            "repertoire": "",
            "mots": "",
            "ouverts": True,
            "nombre": 3,
        }


class PieceBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="Document")
    titre = blocks.CharBlock(
        label="Ce qu’on y trouve", max_length=120, help_text="«\u202fGuide du candidat, 12 pages\u202f»."
    )
    precision = blocks.CharBlock(label="Précision", max_length=160, required=False)

    class Meta:
        icon = "doc-full"
        label = "Document"


class DocumentsBlock(blocks.StructBlock):
    """What one takes away. Never a document about a person."""

    titre = blocks.CharBlock(label="Titre", max_length=120, default="Documents")
    documents = blocks.ListBlock(PieceBlock(), label="Documents", min_num=1, max_num=12)

    def get_preview_value(self):
        piece = {"document": None, "titre": "Guide du candidat, 12 pages", "precision": "Édition 2026"}
        return self.normalize({"titre": "À télécharger", "documents": [piece]})

    class Meta:
        icon = "doc-full-inverse"
        label = "Documents"
        description = "Des PDF à télécharger\u00a0: format et poids s’affichent seuls. Jamais de liste de personnes."
        template = "home/blocs/documents.html"


class VideoBlock(blocks.StructBlock):
    """A film and its transcript. Nothing is loaded from where the film stands: it would follow the visitors."""

    titre = blocks.CharBlock(label="Titre", max_length=120)
    image = ImageBlock(label="Image d’attente", required=False)
    adresse = blocks.CharBlock(
        label="Adresse de la vidéo",
        max_length=300,
        validators=[valider_adresse_sure],
        help_text="En « https:// ». La vidéo s’ouvre chez son hébergeur, quand le visiteur le demande.",
    )
    duree = blocks.CharBlock(label="Durée", max_length=20, help_text="«\u202f2 min 30\u202f».")
    transcription = blocks.RichTextBlock(
        label="Transcription",
        features=["bold", "italic", "ul", "ol", "link"],
        help_text="Tout ce qui est dit, et ce qu’il faut avoir vu\u00a0: pour qui n’entend pas, ne voit pas ou ne peut "
        "pas écouter.",
    )

    def get_context(self, value, parent_context=None):
        """Add where the link leads, said before one follows it."""
        contexte = super().get_context(value, parent_context=parent_context)
        contexte["hebergeur"] = urlsplit(value["adresse"]).hostname or ""
        return contexte

    class Meta:
        icon = "media"
        label = "Vidéo"
        description = "Un lien vers une vidéo, avec sa transcription. Aucun lecteur d’un autre site n’est chargé."
        template = "home/blocs/video.html"
        preview_value = {
            "titre": "Une journée d’évaluation",
            "image": None,
            "adresse": "https://video.example.org/evaluation",
            "duree": "2 min 30",
            "transcription": "<p>Sur le chantier, l’évaluatrice regarde, puis questionne…</p>",
        }


class ContactBlock(blocks.StructBlock):
    nom = blocks.CharBlock(label="Service ou organisme", max_length=120, help_text="Jamais le nom d’une personne.")
    sujet = blocks.CharBlock(label="Pour quoi le joindre", max_length=160)
    adresse = blocks.TextBlock(label="Adresse postale", max_length=250, required=False)
    telephone = blocks.RegexBlock(
        label="Téléphone",
        regex=r"^[+0-9][0-9 \u00a0]{5,19}$",
        error_messages={"invalid": "Écrivez des chiffres et des espaces\u00a0: «\u202f01 99 00 12 34\u202f»."},
        required=False,
    )
    courriel = blocks.EmailBlock(label="Adresse électronique", required=False)
    horaires = blocks.CharBlock(label="Horaires", max_length=120, required=False)

    class Meta:
        icon = "mail"
        label = "Contact"


class ContactsBlock(blocks.StructBlock):
    """Whom to ask, in words: no map, which would call another site and tell nothing to who does not see it."""

    titre = blocks.CharBlock(label="Titre", max_length=120, default="Nous joindre")
    contacts = blocks.ListBlock(ContactBlock(), label="Contacts", min_num=1, max_num=8)

    class Meta:
        icon = "mail"
        label = "Contacts"
        description = "Services à joindre\u00a0: sujet, adresse, téléphone, horaires. Ni carte, ni nom de personne."
        template = "home/blocs/contacts.html"
        preview_value = {
            "titre": "Nous joindre",
            "contacts": [
                {
                    "nom": "Secrétariat de la commission",
                    "sujet": "Une question sur un CQP du bâtiment",
                    "adresse": "1 rue de l’Exemple\n75000 Paris",
                    "telephone": "01 99 00 12 34",
                    "courriel": "contact@example.org",
                    "horaires": "Du lundi au vendredi, de 9 h à 12 h",
                }
            ],
        }
