"""Build the page tree: what is missing is made, what an editor has touched is left alone."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.html import escape
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from home.depart.acteurs import EVALUATEURS, JURY, VAE
from home.depart.blocs import texte
from home.depart.mentions import ACCESSIBILITE, DONNEES_PERSONNELLES, MENTIONS_LEGALES
from home.depart.reponses import ACTUALITES, CONTACTS, PREMIERE_ACTUALITE, QUESTIONS
from home.depart.textes import ACCUEIL, CATALOGUE, EMPLOYEURS, OBTENIR_UN_CQP, QU_EST_CE_QU_UN_CQP
from home.editeurs import circuit_de_relecture, groupe_editeurs
from home.models import PageAccueil, PageActualite, PageActualites, PageCatalogue, PageCQP, PageLibre
from registre.models import Certification

PAGES_LIBRES = (
    QU_EST_CE_QU_UN_CQP,
    OBTENIR_UN_CQP,
    VAE,
    EMPLOYEURS,
    EVALUATEURS,
    JURY,
    QUESTIONS,
    CONTACTS,
    MENTIONS_LEGALES,
    ACCESSIBILITE,
    DONNEES_PERSONNELLES,
)
# The welcome page that Wagtail's own migrations make.
SLUG_DE_WAGTAIL = "home"


@dataclass
class Bilan:
    """What one run has made."""

    creees: list[str] = field(default_factory=list)
    cqp: int = 0


@transaction.atomic
def creer_les_pages() -> Bilan:
    """Make the missing pages, the site, the groups of editors and their reading. A second run makes nothing."""
    bilan = Bilan()
    accueil = _accueil(bilan)
    catalogue = PageCatalogue.objects.child_of(accueil).first()
    if catalogue is None:
        catalogue = _ajouter(accueil, PageCatalogue(**CATALOGUE), bilan)
    # A page that an editor has moved or renamed has left a redirect behind: it is there, elsewhere.
    presents = set(PageLibre.objects.descendant_of(accueil).values_list("slug", flat=True))
    presents |= {chemin.strip("/") for chemin in Redirect.objects.values_list("old_path", flat=True)}
    for textes in PAGES_LIBRES:
        if textes["slug"] not in presents:
            _ajouter(accueil, PageLibre(**textes), bilan)
    if not PageActualites.objects.child_of(accueil).exists():
        actualites = _ajouter(accueil, PageActualites(**ACTUALITES), bilan)
        _ajouter(actualites, PageActualite(**PREMIERE_ACTUALITE), bilan)
    for certification in Certification.objects.filter(page=None).order_by("slug"):
        catalogue.add_child(instance=_page_cqp(certification))
        bilan.cqp += 1
    groupe_editeurs()
    circuit_de_relecture()
    return bilan


def _ajouter(parent: Page, page: Page, bilan: Bilan) -> Page:
    parent.add_child(instance=page)
    bilan.creees.append(page.title)
    return page


def _accueil(bilan: Bilan) -> PageAccueil:
    accueil = PageAccueil.objects.first()
    if accueil is None:
        racine = Page.get_first_root_node()
        accueil = _ajouter(racine, PageAccueil(slug="accueil", **ACCUEIL), bilan)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if site.root_page_id != accueil.pk:
        adresse = urlsplit(settings.ADRESSE_PUBLIQUE)
        site.hostname = adresse.hostname
        site.port = adresse.port or (443 if adresse.scheme == "https" else 80)
        site.site_name = settings.NOM_DU_SITE
        site.root_page = accueil
        site.save()
        bienvenue = Page.objects.filter(depth=2, slug=SLUG_DE_WAGTAIL, numchild=0).exclude(pk=accueil.pk).first()
        if bienvenue is not None:
            bienvenue.delete()
    return accueil


def _page_cqp(certification: Certification) -> PageCQP:
    """A page with the registry's facts only: the words that persuade are the editor's to write."""
    return PageCQP(
        title=certification.intitule_usuel,
        slug=certification.slug,
        certification=certification,
        search_description=certification.accroche[:300],
        corps=[],
    )


def ecrire_page_cqp(certification: Certification, *, pourquoi: str, pour_qui: str) -> None:
    """Give the page of `certification` its first words; a page that already has some keeps them.

    Raises:
        PageCQP.DoesNotExist: its page has not been made yet (see `creer_les_pages`).
    """
    page = PageCQP.objects.get(certification=certification)
    if page.corps:
        return
    page.corps = [
        ("titre", "Pourquoi ce CQP"),
        texte(f"<p>{escape(pourquoi)}</p>"),
        ("titre", "Pour qui"),
        texte(f"<p>{escape(pour_qui)}</p>"),
    ]
    page.save_revision().publish()
