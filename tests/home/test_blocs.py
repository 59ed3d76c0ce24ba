"""The editor's blocks: what they refuse, what they draw."""

import pytest
from django.core.exceptions import ValidationError

from home.blocks import AppelBlock, CartesCQPBlock
from home.models import PageLibre
from registre.models import Certification

from .exemples import creer_cqp, publier

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("adresse", "recue"),
    [("/gestion/", True), ("https://example.org/", True), ("", False), ("javascript:alert(1)", False)],
)
def test_un_appel_mene_quelque_part(adresse, recue):
    """One destination, and a harmless one: a page, a path of the site, https or mail."""
    bloc = AppelBlock()
    valeur = bloc.to_python({"titre": "T", "libelle": "Aller", "adresse": adresse, "page": None})
    if recue:
        assert bloc.clean(valeur)["adresse"] == adresse
    else:
        with pytest.raises(ValidationError):
            bloc.clean(valeur)


def test_les_cartes_lisent_le_registre_en_nombre_constant_de_requetes(django_assert_num_queries):
    """Six cards cost what one costs, in the editor's order."""
    for rang in range(6):
        creer_cqp(f"cqp-{rang}", f"CQP Numéro {rang}", numero=f"RNCP{rang + 1}")
    publier()
    pages = [c.page.pk for c in Certification.objects.order_by("-slug")]
    bloc = CartesCQPBlock()
    for nombre in (1, 6):
        valeur = bloc.to_python({"titre": "Choix", "pages": pages[:nombre]})
        with django_assert_num_queries(3):
            cartes = bloc.get_context(valeur)["cartes"]
        assert [carte["titre"] for carte in cartes] == [f"CQP Numéro {5 - n}" for n in range(nombre)]


def test_chaque_bloc_se_dessine(client):
    """Figures, testimony, quotation, cards and title on one page, with what the editor typed, escaped."""
    creer_cqp()
    publier()
    page = PageLibre.objects.get(slug="employeurs")
    page.corps = [
        ("titre", "Le titre <de> partie"),
        (
            "chiffres",
            {"titre": "Chiffres", "chiffres": [{"valeur": "85 %", "libelle": "en poste", "precision": "2025"}]},
        ),
        ("temoignage", {"parole": "On m’écoute.", "metier": "Couvreuse en Lozère"}),
        ("citation", {"texte": "Établi par la branche.", "source": "Code du travail"}),
        ("cartes_cqp", {"titre": "Choix", "pages": [Certification.objects.get().page]}),
    ]
    page.save_revision().publish()
    html = client.get("/employeurs/").content.decode()
    for attendu in (
        "Le titre &lt;de&gt; partie",
        "85 %",
        "Couvreuse en Lozère",
        "Code du travail",
        "CQP Couvreur lauzier",
    ):
        assert attendu in html
