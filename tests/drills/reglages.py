"""The settings of the processes that a drill starts: those of the suite, on the base and in the folders of the test."""

import json
import os
from pathlib import Path

from site_public.settings.test import *  # noqa: F403
from site_public.settings.test import DATABASES, STORAGES

_DU_TEST = json.loads(os.environ["REGLAGES_DU_DRILL"])

DATABASES["default"] |= _DU_TEST["base"]
DONNEES = Path(_DU_TEST["donnees"])
DOSSIER_CLES = _DU_TEST["cles"]
FICHIER_DU_GARDIEN = _DU_TEST["gardien"]
STORAGES["prive"]["OPTIONS"]["location"] = _DU_TEST["prive"]
