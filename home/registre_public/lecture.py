"""The versions that the public may read: those of the certifications whose page is live, in few queries."""

from datetime import date

from django.db.models import Count, F, Prefetch, Q
from django.db.models.functions import Coalesce, Length

from home.catalogue import TEXTES_LONGS
from registre.models import Bloc, Organisme, RoleCertification, VersionCertification


def versions_publiques():
    """Every version of the published certifications: withdrawing the page of a CQP withdraws all of it."""
    return VersionCertification.objects.filter(certification__page__live=True)


def completes(versions):
    """With all that a line of the registry says, in a constant number of queries."""
    liees = versions_publiques().only("pk", "numero", "certification_id").order_by("pk")
    roles = RoleCertification.objects.select_related("organisme")
    return (
        versions.select_related("certification__filiere", "certification__porteur")
        .defer(*TEXTES_LONGS)
        .prefetch_related(
            "voies",
            "codes",
            Prefetch("roles", queryset=roles),
            Prefetch("succede_a", queryset=liees),
            Prefetch("successeurs", queryset=liees),
        )
    )


def triables(versions):
    """With what the table sorts by: numbers as numbers, the last day of delivery whatever its source."""
    return versions.annotate(
        longueur=Length("numero"),
        limite=Coalesce("date_limite_delivrance", "date_fin_enregistrement"),
        debut=Coalesce("date_effet", "date_decision"),
    )


def blocs_publics():
    """The blocs of the public versions; those given as an example are nobody's référentiel."""
    return (
        Bloc.objects.filter(version__certification__page__live=True, version__blocs_exemple=False)
        .select_related("version", "option")
        .prefetch_related("competences")
        .order_by(F("version__numero").asc(), "version_id", "ordre", "code")
    )


def organismes_publics():
    """The bodies that a public version or certification names, with how many versions name each one."""
    publique = Q(roles_certification__version__certification__page__live=True)
    porte = Q(certifications_portees__page__live=True)
    return (
        Organisme.objects.filter(publique | porte)
        .annotate(nombre_versions=Count("roles_certification__version", filter=publique, distinct=True))
        .distinct()
        .order_by("raison_sociale", "pk")
    )


def identifiant(version: VersionCertification) -> str:
    """How a version is called for ever: its number, or, in a branch, its place in our registry."""
    return version.numero or f"BRANCHE-{version.pk}"


def trouver(versions, nom: str):
    """The version of this name, whatever the case; None when nobody holds it."""
    nom = nom.upper()
    rang = nom.removeprefix("BRANCHE-")
    if rang != nom:
        rang = int(rang) if rang.isascii() and rang.isdecimal() and len(rang) < 18 else 0
        return versions.filter(pk=rang, numero="").first()
    return versions.filter(numero=nom).first() if nom else None


def dans_l_etat(versions, etat: str, jour: date | None = None):
    """The versions that the public sees in this state (the keys of home.catalogue)."""
    en_vigueur = versions.model.objects.en_vigueur(jour).values("pk")
    delivrables = versions.model.objects.delivrables(jour).values("pk")
    if etat == "en-cours":
        return versions.filter(pk__in=en_vigueur)
    if etat == "delivrable":
        return versions.filter(pk__in=delivrables).exclude(pk__in=en_vigueur)
    return versions.exclude(pk__in=delivrables).exclude(pk__in=en_vigueur)
