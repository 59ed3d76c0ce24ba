"""Static files taken out of an installed package, so that the repository carries no copy of them."""

from pathlib import Path

import plotly
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

DOSSIER_PLOTLY = Path(plotly.__file__).parent / "package_data"
FICHIER = "plotly.min.js"


class ChercheurPlotly(BaseFinder):
    """Exposes `plotly/plotly.min.js` and nothing else: the whole package data weighs 29 MB."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.storage = FileSystemStorage(location=DOSSIER_PLOTLY)
        # collectstatic writes under storage.prefix.
        self.storage.prefix = "plotly"
        super().__init__(*args, **kwargs)

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False):
        trouves = [str(DOSSIER_PLOTLY / FICHIER)] if path == f"plotly/{FICHIER}" else []
        if find_all:
            return trouves
        return trouves[0] if trouves else []

    def list(self, ignore_patterns):
        yield FICHIER, self.storage
