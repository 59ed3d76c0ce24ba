"""The strictness of templates in the tests has teeth, and bites only where it should."""

import pytest
from django.conf import settings
from django.template import Context, Origin, Template, engines

from .gabarits import Rigueur, VariableInconnue


def rendre(source, chemin="templates/page.html", **contexte):
    origine = Origin(name=str(settings.BASE_DIR / chemin))
    return Template(source, origin=origine, engine=engines["django"].engine).render(Context(contexte))


def test_le_moteur_des_tests_est_strict():
    """The whole suite renders with it, not only this file."""
    assert isinstance(engines["django"].engine.string_if_invalid, Rigueur)


@pytest.mark.parametrize(
    "source", ["{{ absente }}", "{{ dossier.absent }}", "{% with a=absente %}{{ a }}{% endwith %}"]
)
def test_une_variable_inconnue_fait_echouer(source):
    """A renamed field cannot vanish from a screen in silence."""
    with pytest.raises(VariableInconnue, match="absent"):
        rendre(source, dossier={"numero": 1})


@pytest.mark.parametrize(
    "source, attendu",
    [
        ("{{ dossier.jury.lieu }}", ""),  # the link exists and is empty
        ("{{ absente|default:'–' }}", "–"),
        ("{% if absente %}oui{% else %}non{% endif %}", "non"),
    ],
)
def test_une_variable_facultative_se_dit(source, attendu):
    """An empty link, a filter `default` and a condition say that nothing is a possible answer."""
    assert rendre(source, dossier={"jury": None}) == attendu


def test_les_gabarits_des_paquets_gardent_leur_silence():
    """Wagtail and allauth count on it; so do our components, whose optional parameters are documented."""
    assert rendre("[{{ absente|upper }}]", ".venv/paquet/page.html") == "[]"
    assert rendre("[{{ absente }}]", "templates/components/carte.html") == "[]"
