"""The QR page at scale (goal B3): the whole application against a bare view behind the same middleware.

    .venv/bin/python -m tests.bench.verification [100000] [--pg]

In one process, the WSGI application called directly, as a worker of gunicorn calls it, with the cache, the counters and
the templates of production. Alternating runs; « rapport » is the throughput of the page over that of the bare view.
"""

import base64
import os
import random
import secrets
import statistics
import time
from datetime import date
from io import BytesIO

from .grappe import base, moteur_demande

TOURS, PAR_TOUR, LUS = 7, 300, 2_000
PAQUET = 5_000
APPELS = ("vue nue", "valable", "annulé", "jeton forgé", "numéro et nom, faux")
urlpatterns = []


def preparer() -> None:
    """Django as in production, save what needs a certificate: the bare view stands before the site's addresses."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.http import HttpResponse
    from django.urls import include, path

    django.setup()
    from site_public.settings.base import CACHES

    settings.CACHES = CACHES
    connection.settings_dict["CONN_MAX_AGE"] = 60
    settings.STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.ROOT_URLCONF = __spec__.name
    import sys

    # Run as a program, this very module is called « __main__ ».
    sys.modules.setdefault(__spec__.name, sys.modules["__main__"])
    urlpatterns[:] = [path("nue", lambda request: HttpResponse("ok")), path("", include("site_public.urls"))]
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def peupler(nombre: int) -> list[str]:
    """As many parchemins with their leaves; return some tokens: those to read, one in ten cancelled."""
    from django.db import connection, transaction
    from django.utils import timezone

    from registre import cles, jetons
    from registre.models import Feuille, Parchemin, PointDeControle, TeteTransparence, Titulaire
    from tests.registre.exemples import enregistrement
    from tests.verification.fabrique import document

    cles.creer()
    modele, cle = document(), cles.cle_active()
    auteur = _auteur()
    lus = set(random.Random(1).sample(range(2, nombre + 2), min(LUS, nombre)))
    gardes = []
    for debut in range(2, nombre + 2, PAQUET):
        documents = []
        for rang in range(debut, min(debut + PAQUET, nombre + 2)):
            fiche = enregistrement(numero=f"FTC-2026-{rang:07d}")
            identifiant = secrets.token_hex(16)
            # Those that nobody reads here need no signature.
            jeton = jetons.signer(fiche, identifiant, cle) if rang in lus else "A" * 168
            annule = {"annule_le": timezone.now(), "annule_par": auteur} if rang % 10 == 0 else {}
            documents.append(
                Parchemin(
                    nature="parchemin", serie=modele.serie, rang=rang, numero=fiche["numero"], version=modele.version,
                    certificateur=modele.certificateur, delivre_le=date(2026, 11, 22), lieu="Paris",
                    enregistrement=fiche, identifiant=identifiant, sel=secrets.token_hex(32), kid=cle.kid, jeton=jeton,
                    sha256=secrets.token_hex(32), **annule,
                )
            )  # fmt: skip
            if rang in lus:
                gardes.append((jeton, bool(annule)))
        with transaction.atomic():
            gens = Titulaire.objects.bulk_create([Titulaire(**fiche["titulaire"]) for _ in documents], batch_size=500)
            for parchemin, personne in zip(documents, gens, strict=True):
                parchemin.titulaire = personne
            crees = Parchemin.objects.bulk_create(documents, batch_size=500)
            Feuille.objects.bulk_create(
                [
                    Feuille(rang=p.rang - 2, evenement="emission", jour=p.delivre_le, engagement="0" * 64,
                            hachage="0" * 64, parchemin=p)
                    for p in crees
                ],
                batch_size=500,
            )  # fmt: skip
    TeteTransparence.objects.update_or_create(pk=1, defaults={"taille": nombre})
    PointDeControle.objects.create(taille=nombre, racine="0" * 64, note="", publie_le=timezone.now())
    with connection.cursor() as curseur:
        curseur.execute("ANALYZE")
    return gardes


def _auteur():
    from tests.fabriques import UtilisateurFactory

    return UtilisateurFactory()


class Visiteur:
    """Calls the application as the worker of a web server does, each time from another address."""

    requete = ""

    def __init__(self, application):
        self.application, self.rang = application, 0

    def demander(self, chemin: str, corps: bytes = b"") -> tuple[int, bytes, float]:
        self.rang += 1
        environ = {
            "REQUEST_METHOD": "POST" if corps else "GET", "PATH_INFO": chemin, "SCRIPT_NAME": "",
            "QUERY_STRING": self.requete,
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
            "REMOTE_ADDR": f"10.{self.rang >> 16 & 255}.{self.rang >> 8 & 255}.{self.rang & 255}",
            "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(corps)),
            "wsgi.input": BytesIO(corps), "wsgi.url_scheme": "http", "wsgi.errors": BytesIO(), "wsgi.version": (1, 0),
            "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip
        statuts = []
        depart = time.perf_counter()
        reponse = self.application(environ, lambda statut, entetes, exc=None: statuts.append(statut))
        contenu = b"".join(reponse)
        reponse.close()
        return int(statuts[0][:3]), contenu, time.perf_counter() - depart


def demandes(gardes, hasard) -> dict:
    """For each kind of call: how to make the next one, and what its answer must say."""
    bons = [jeton for jeton, annule in gardes if not annule]
    annules = [jeton for jeton, annule in gardes if annule]

    def forger():
        octets = bytearray(base64.b32decode(hasard.choice(bons)))
        octets[hasard.randrange(2, 105)] ^= 1 << hasard.randrange(8)
        return base64.b32encode(bytes(octets)).decode()

    def saisie():
        return f"numero=FTC-2026-{hasard.randrange(10**6):07d}&nom_naissance=MARTIN".encode()

    return {
        "vue nue": (lambda: ("/nue", b""), b"ok"),
        "valable": (lambda: (f"/V/{hasard.choice(bons)}", b""), b"Authentique"),
        "annulé": (lambda: (f"/V/{hasard.choice(annules)}", b""), "Annulé".encode()),
        "jeton forgé": (lambda: (f"/V/{forger()}", b""), "Altéré".encode()),
        "numéro et nom, faux": (lambda: ("/verifier/", saisie()), b"Ne concorde pas"),
    }


def mesurer(visiteur, appels) -> tuple[dict, dict]:
    """The time of each call, run by run, and the number of queries of one."""
    from django.db import connection

    temps, requetes = {nom: [] for nom in appels}, {}
    for nom, (suivante, _) in appels.items():
        comptees = []
        visiteur.demander(*suivante())
        with connection.execute_wrapper(lambda ex, *a, c=comptees: c.append(1) or ex(*a)):
            visiteur.demander(*suivante())
        requetes[nom] = len(comptees)
    for tour in range(TOURS + 1):
        durees = {nom: [] for nom in appels}
        # One call of each kind after the other: a slow moment of the machine weighs on all.
        for _ in range(PAR_TOUR):
            for nom, (suivante, attendu) in appels.items():
                statut, contenu, duree = visiteur.demander(*suivante())
                assert statut == 200 and attendu in contenu, (nom, statut)
                durees[nom].append(duree)
        # The first run warms caches and templates.
        if tour:
            for nom in appels:
                temps[nom].append(durees[nom])
    return temps, requetes


def main() -> None:
    moteur, nombre = moteur_demande()
    os.environ["DJANGO_SETTINGS_MODULE"] = "site_public.settings.test"
    with base(moteur):
        preparer()
        depart = time.perf_counter()
        gardes = peupler(nombre)
        print(f"\n{nombre} parchemins sur {moteur}, faits en {time.perf_counter() - depart:.0f} s\n")
        import logging

        from django.core.wsgi import get_wsgi_application

        logging.disable(logging.INFO)
        appels = demandes(gardes, random.Random(2))
        temps, requetes = mesurer(Visiteur(get_wsgi_application()), appels)
        print(
            "| appel | requêtes | médiane, ms | p99, ms | appels/s | rapport | p99/p99 |\n|---|---|---|---|---|---|---|"
        )
        nue = [statistics.median(t) for t in temps["vue nue"]]
        p99_nu = _p99(temps["vue nue"])
        for nom, tours in temps.items():
            medianes = [statistics.median(t) for t in tours]
            rapport = statistics.median(n / m for n, m in zip(nue, medianes, strict=True))
            mediane, p99 = statistics.median(medianes), _p99(tours)
            chiffres = f"{requetes[nom]} | {mediane * 1000:.2f} | {p99 * 1000:.2f} | {1 / mediane:.0f}"
            print(f"| {nom} | {chiffres} | {rapport:.2f} | {p99 / p99_nu:.2f} |", flush=True)


def _p99(tours) -> float:
    """The median of the runs' own 99th centiles."""
    return statistics.median(sorted(t)[int(len(t) * 0.99)] for t in tours)


if __name__ == "__main__":
    main()
