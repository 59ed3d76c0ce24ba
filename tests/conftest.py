"""What every test shares: folders of its own, a signing key, strict templates, Debian's chromium."""

import gc
import os
import shutil

# Playwright keeps an event loop in the main thread: Django would take every query there for an asynchronous one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection, transaction
from django.template import engines
from django.test import TransactionTestCase

from . import bases
from .gabarits import Rigueur, abreger_les_refus

# Migrations and worlds make millions of objects that live to the end: looking for cycles among them again and again
# takes a tenth of the suite.
gc.set_threshold(100_000, 20, 100)

# A busy machine is not a fault of the code: properties are judged by their answers, never by the clock.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")
FIXTURES_DE_LA_BASE = {"db", "transactional_db", "django_db_setup", "live_server"}
FIXTURES_DU_NAVIGATEUR = {"navigateur", "ouvrir_navigateur", "page", "context", "new_context", "browser"}


def pytest_collection_modifyitems(items):
    """What a test needs is marked without anyone having to remember it: the browser, one database, or none at all."""
    for item in items:
        demandes = set(getattr(item, "fixturenames", ()))
        if FIXTURES_DU_NAVIGATEUR & demandes:
            item.add_marker("navigateur")
        sans_base = not FIXTURES_DE_LA_BASE & demandes and not item.get_closest_marker("django_db")
        if sans_base or bases.une_seule_suffit(item.path):
            item.add_marker("une_base")
    # One process takes a whole file: those that last must not be the last.
    items.sort(key=lambda item: not bases.est_longue(item.path))


@pytest.fixture(scope="session")
def base_migree(request, django_db_modify_db_settings, django_db_blocker):
    """The migrated base of an earlier session or of the other process, copied instead of made again.

    Its name says what it was made from; one process makes it while the others wait.
    """
    dossier = request.config.cache.mkdir("base-migree")
    with bases.verrou(dossier / "verrou") as lacher:
        modele = bases.modele(connection, dossier)
        with django_db_blocker.unblock():
            if modele.existe():
                modele.copier()
                lacher()
        yield modele, lacher


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb, base_migree):
    return django_db_keepdb or base_migree[0].copie_en_place


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, base_migree):
    """After a test that commits, give back what the migrations made: root page, site, groups, journal triggers.

    Django would only empty every table; the journal refuses even that, which is its trade.
    """
    from django.contrib.contenttypes.models import ContentType

    with django_db_blocker.unblock():
        modele, lacher = base_migree
        if connection.vendor == "postgresql":
            modele.contenu = connection.creation.serialize_db_to_string()
        if not modele.existe():
            modele.garder()
            lacher()

    def rendre_la_base(self):
        modele.rendre()
        # The content types may have come back under other keys than those Django remembers.
        ContentType.objects.clear_cache()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", rendre_la_base)
        yield
    if connection.vendor == "postgresql":
        # A thread of the live server may still hold its session: the base could not be dropped.
        with django_db_blocker.unblock(), connection.cursor() as curseur:
            curseur.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _scene(django_db_setup, django_db_blocker):
    """What fixtures build on this stage is built once, and given up at its end; each test has a savepoint.

    Not under a browser: its server would not see it. Objects that tests change are read again by each.
    """
    with django_db_blocker.unblock(), bases.du_test(transaction.atomic()):
        yield
        transaction.set_rollback(True)


scene = pytest.fixture(_scene, scope="module", name="scene")
scene_d_une_classe = pytest.fixture(_scene, scope="class", name="scene_d_une_classe")


@pytest.fixture
def fichiers_de_la_scene(fichiers_du_test, monkeypatch):
    """The files written while a stage was built are still there, whatever the test."""
    prive = storages["prive"]
    monkeypatch.setattr(prive, "_location", django_settings.STORAGES["prive"]["OPTIONS"]["location"])
    for nom in ("base_location", "location"):
        prive.__dict__.pop(nom, None)


@pytest.fixture(scope="session", autouse=True)
def verrous_en_transaction():
    """A row lock outside a transaction fails on both databases."""
    with pytest.MonkeyPatch.context() as patch:
        bases.exiger_une_transaction(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def gabarits_stricts():
    """An undefined variable in a template of ours fails (see `tests/gabarits.py`)."""
    engines["django"].engine.string_if_invalid = Rigueur("%s")


@pytest.fixture(scope="module")
def refus_abreges():
    """For the matrices: see `tests/gabarits.py`."""
    with pytest.MonkeyPatch.context() as patch:
        abreger_les_refus(patch, set())
        yield


@pytest.fixture(scope="session", autouse=True)
def cle_de_signature():
    """One signing key for the whole session: making one per test would prove nothing more."""
    from registre import certificats, cles

    certificats.creer()
    return cles.creer()


@pytest.fixture(autouse=True)
def fichiers_du_test(settings, tmp_path, monkeypatch):
    """Files written by a test are its own: public media, and the private storage that the models already hold."""

    def oublier_l_emplacement():
        for nom in ("base_location", "location"):
            prive.__dict__.pop(nom, None)

    settings.MEDIA_ROOT = str(tmp_path / "media")
    # Each test begins with an empty base: the memory of what was issued begins with it.
    settings.FICHIER_DU_GARDIEN = str(tmp_path / "gardien.json")
    prive = storages["prive"]
    monkeypatch.setattr(prive, "_location", str(tmp_path / "prive"))
    oublier_l_emplacement()
    yield
    oublier_l_emplacement()


@pytest.fixture(autouse=True)
def cache_vide():
    """Counters of attempts live in the cache: those of one test must not lock out the next."""
    cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's chromium, silent: nothing it would do on its own reaches the network."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium") or "/usr/bin/chromium",
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def ouvrir_navigateur(live_server, new_context):
    """Return a function that opens a page of its own session: one per person of the story.

    Every page fails the test at its end when a script broke or the content policy blocked something.
    """
    plaintes = []

    def ouvrir(**options):
        contexte = new_context(base_url=live_server.url, locale="fr-FR", timezone_id="Europe/Paris", **options)
        contexte.set_default_timeout(15_000)
        page = contexte.new_page()
        page.on("pageerror", lambda erreur: plaintes.append(f"{page.url} : {erreur}"))
        page.on("console", lambda message: _noter(page, message, plaintes))
        return page

    yield ouvrir
    assert not plaintes, "\n".join(plaintes)


def _noter(page, message, plaintes):
    # The status of a page is what the test looks at; the console repeats it for 403 and 404.
    if message.type == "error" and "Failed to load resource" not in message.text:
        plaintes.append(f"{page.url} : {message.text}")


@pytest.fixture
def navigateur(ouvrir_navigateur):
    """One page of Debian's chromium on the live server; addresses may be relative."""
    return ouvrir_navigateur()
