"""The cast of one dossier, and a session for each person."""

from tests.backoffice.candidatures.conftest import acteurs, chez  # noqa: F401
