"""How every form of the product is drawn: labels above, hints under them, errors in words beside the field."""

from pathlib import Path

from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property


class Rendu(DjangoTemplates):
    """Form renderer with our field and form templates.

    It looks into the templates of the project before those of Django and of the applications; unlike
    `TemplatesSetting` it needs neither `django.forms` among the applications nor its place in their order.
    """

    form_template_name = "formulaires/formulaire.html"
    field_template_name = "formulaires/champ.html"

    @cached_property
    def engine(self):
        import django.forms

        return self.backend(
            {
                "NAME": "formulaires",
                "APP_DIRS": True,
                "DIRS": [settings.BASE_DIR / "templates", Path(django.forms.__file__).parent / "templates"],
                "OPTIONS": {},
            }
        )
