"""The editor's blocks: what they refuse, what they draw."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from backoffice.comptes.groupes import accorder
from home.blocks import AppelBlock, CartesCQPBlock, CorpsBlock
from home.blocks_pratiques import ContactsBlock, CQPParFiltreBlock, OuvertureBlock, VideoBlock
from home.models import PageLibre
from registre.models import Certification
from tests import fabriques as f
from tests.connexion import connecter

from .exemples import creer_cqp, jours, publier

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


def corps(*blocs):
    return CorpsBlock().to_python([{"type": nom, "value": valeur} for nom, valeur in blocs])


@pytest.mark.parametrize(
    ("blocs", "recu"),
    [
        ([("texte", "<h2>A</h2><h3>B</h3>")], True),
        ([("titre", "Partie"), ("texte", "<h3>B</h3>")], True),
        ([("texte", "<p>…</p>"), ("texte", "<h3>B</h3>")], False),
        ([("citation", {"texte": "…", "source": "…"}), ("texte", "<h3>B</h3>")], False),
        ([("texte", "<h2> </h2>")], False),
    ],
)
def test_les_titres_se_suivent_dans_l_ordre(blocs, recu):
    """A title of third level stands under one of second level, and each title has words."""
    valeur = corps(*blocs)
    if recu:
        CorpsBlock().clean(valeur)
    else:
        with pytest.raises(ValidationError):
            CorpsBlock().clean(valeur)


@pytest.mark.parametrize(
    ("bloc", "change"),
    [
        (VideoBlock(), {"transcription": ""}),
        (VideoBlock(), {"adresse": "http://video.example.org/film"}),
        (VideoBlock(), {"adresse": "javascript:alert(1)"}),
        (OuvertureBlock(), {"libelle": "Voir"}),
        (ContactsBlock(), {"contacts": [{"nom": "Service", "sujet": "Tout", "telephone": "appelez-nous"}]}),
        (ContactsBlock(), {"contacts": []}),
    ],
)
def test_un_bloc_refuse_ce_qui_manque(bloc, change):
    """No film without its transcript, no button that leads nowhere, no telephone without figures."""
    exemple = {nom: valeur for nom, valeur in bloc.meta.preview_value.items() if nom not in change}
    bloc.clean(bloc.to_python(exemple | {k: v for k, v in bloc.meta.preview_value.items() if k not in exemple}))
    with pytest.raises(ValidationError):
        bloc.clean(bloc.to_python(exemple | change))


def test_le_filtre_dit_ce_que_dit_le_catalogue(django_assert_num_queries):
    """The cards are the first results of the very list that the link opens, in three queries."""
    for rang in range(5):
        creer_cqp(f"cqp-{rang}", f"CQP Numéro {rang}", numero=f"RNCP{rang + 1}")
    creer_cqp("clos", "CQP Clos", numero="RNCP9", date_fin_enregistrement=jours(-900))
    publier()
    bloc = CQPParFiltreBlock()
    valeur = bloc.to_python({"titre": "T", "filiere": "couverture", "mots": "cqp", "ouverts": True, "nombre": 2})
    with django_assert_num_queries(3):
        contexte = bloc.get_context(valeur)
    assert [carte["titre"] for carte in contexte["cartes"]] == ["CQP Numéro 0", "CQP Numéro 1"]
    assert contexte["total"] == 5
    assert contexte["adresse"] == "/cqp/?q=cqp&filiere=couverture&etat=en-cours"


def test_chaque_bloc_se_montre_dans_le_choix_des_blocs(client):
    """The block picker shows each block as the public will see it, with a sentence of help."""
    creer_cqp()
    publier()
    personne = f.UtilisateurFactory(role="editeur")
    accorder(personne)
    connecter(client, personne)
    for nom, bloc in CorpsBlock().child_blocks.items():
        assert bloc.is_previewable and bloc.get_description(), nom
        apercu = client.get(reverse("wagtailadmin_block_preview"), {"id": bloc.definition_prefix})
        assert apercu.status_code == 200 and "css/site.css" in apercu.text, nom
        assert apercu.headers["X-Frame-Options"] == "SAMEORIGIN"


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
        *[(nom, CorpsBlock().child_blocks[nom].get_preview_value()) for nom in ("ouverture", "video", "contacts")],
    ]
    page.save_revision().publish()
    html = client.get("/employeurs/").content.decode()
    for attendu in (
        "Le titre &lt;de&gt; partie",
        "85 %",
        "Couvreuse en Lozère",
        "Code du travail",
        "CQP Couvreur lauzier",
        "Votre métier mérite",
        "https://video.example.org/evaluation",
        "01 99 00 12 34",
    ):
        assert attendu in html
