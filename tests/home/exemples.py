"""Small registries for the tests of the portal: a trade, its porteur, a CQP in the wanted state."""

from datetime import date, timedelta

from django.utils import timezone

from home.depart.arbre import creer_les_pages
from registre.models import (
    Bloc,
    Certification,
    Competence,
    Filiere,
    Organisme,
    RoleCertification,
    VersionCertification,
    VoieAcces,
)


def jours(nombre: int) -> date:
    """The day `nombre` days from today: registrations are judged against the calendar."""
    return timezone.localdate() + timedelta(days=nombre)


def creer_filiere(libelle="Couverture", slug="couverture", ordre=1) -> Filiere:
    return Filiere.objects.get_or_create(slug=slug, defaults={"libelle": libelle, "ordre": ordre})[0]


def creer_porteur(sigle="ALC", raison_sociale="Association des lauziers couvreurs") -> Organisme:
    return Organisme.objects.get_or_create(
        sigle=sigle, raison_sociale=raison_sociale, defaults={"courriel": "contact@example.org"}
    )[0]


def creer_version(certification, repertoire="rncp", numero="RNCP41346", intitule="", voies=("FC", "VAE"), **champs):
    """A version with its CPNE, its access modes and one bloc; level 3 at the RNCP, none elsewhere."""
    niveaux = {"niveau": 3, "niveau_cec": 3} if repertoire == "rncp" else {}
    version = VersionCertification.objects.create(
        certification=certification,
        repertoire=repertoire,
        numero="" if repertoire == "branche" else numero,
        intitule=intitule or certification.intitule_usuel,
        **{"date_decision": date(2025, 9, 24), **niveaux, **champs},
    )
    cpne, _ = Organisme.objects.get_or_create(raison_sociale="CPNE conjointes du bâtiment et des travaux publics")
    RoleCertification.objects.create(version=version, organisme=cpne, role="cpne")
    for voie in voies:
        VoieAcces.objects.create(version=version, voie=voie)
    bloc = Bloc.objects.create(version=version, code="BC01", libelle="Préparer son chantier", ordre=1)
    Competence.objects.create(bloc=bloc, code="C1", libelle="Lire un plan de toiture", ordre=1)
    return version


def creer_cqp(slug="couvreur-lauzier", intitule="CQP Couvreur lauzier", filiere=None, porteur=None, **version):
    """A certification and its version. Its page is made by `creer_les_pages`, as in real life."""
    certification = Certification.objects.create(
        slug=slug,
        intitule_usuel=intitule,
        filiere=filiere or creer_filiere(),
        porteur=porteur or creer_porteur(),
        accroche="Poser des toits de pierre qui tiennent un siècle.",
    )
    creer_version(certification, **version)
    return certification


def publier() -> None:
    """Build the page tree, a page for each certification included."""
    creer_les_pages()
