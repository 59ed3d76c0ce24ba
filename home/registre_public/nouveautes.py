"""What changes in the registry, as an Atom feed: versions that enter, change, end, or are awarded no more."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format

from home.catalogue import adresse
from home.ouvert import adresse_publique
from home.registre_public.lecture import completes, identifiant, versions_publiques

AU_PLUS = 100
# Entering the registry writes a version several times: within this time, it is one event.
MEME_GESTE = timedelta(minutes=10)


@dataclass(frozen=True)
class Nouvelle:
    """One event of one version; its name never changes, so that readers know it again."""

    version: object
    genre: str
    le: datetime
    titre: str
    texte: str

    @property
    def nom(self) -> str:
        return _etiquette(f"version/{identifiant(self.version)}/{self.genre}")


def _etiquette(chemin: str) -> str:
    """A tag URI (RFC 4151): unlike an address, it survives a move of the site's pages."""
    return f"tag:{urlsplit(settings.ADRESSE_PUBLIQUE).hostname},2026:{chemin}"


def _lendemain(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour + timedelta(days=1), time.min))


def dernier_changement() -> datetime:
    """When the registry last changed; the epoch while it is empty."""
    dernier = versions_publiques().aggregate(n=Max("modifiee_le"))["n"]
    return dernier or datetime(2026, 1, 1, tzinfo=timezone.get_default_timezone())


def nouvelles(maintenant: datetime | None = None) -> list[Nouvelle]:
    """The latest events first."""
    maintenant = maintenant or timezone.now()
    lues = [n for v in completes(versions_publiques()) for n in _de(v) if n.le <= maintenant]
    return sorted(lues, key=lambda n: (n.le, n.nom), reverse=True)[:AU_PLUS]


def _de(version) -> list[Nouvelle]:
    nom = f"{version.intitule} ({version.numero})" if version.numero else version.intitule
    texte = f"{version.get_repertoire_display()}. Porteur\u00a0: {version.certification.porteur}."
    siennes = [Nouvelle(version, "entree", version.entree_le, f"Nouvelle version\u00a0: {nom}", texte)]
    if version.modifiee_le - version.entree_le > MEME_GESTE:
        siennes.append(Nouvelle(version, "modification", version.modifiee_le, f"Fiche modifiée\u00a0: {nom}", texte))
    fin, limite = version.date_fin_enregistrement, version.delivrable_jusqu_au
    if fin:
        suite = (
            f"Elle se délivre jusqu’au {date_format(limite, 'j F Y')}." if limite > fin else "Elle ne se délivre plus."
        )
        siennes.append(Nouvelle(version, "fin", _lendemain(fin), f"Fin d’enregistrement\u00a0: {nom}", suite))
        if limite > fin:
            titre = f"Fin de la délivrance\u00a0: {nom}"
            fini = "Les parchemins déjà remis restent valables."
            siennes.append(Nouvelle(version, "fin-delivrance", _lendemain(limite), titre, fini))
    return siennes


def en_atom() -> str:
    """The feed. Its own date is that of its latest event."""
    flux = Atom1Feed(
        title=f"{settings.NOM_DU_SITE}\u00a0: ce qui change",
        link=adresse_publique("/registre/"),
        description="Versions de certifications qui entrent au registre, changent, prennent fin.",
        language="fr",
        author_name=settings.NOM_DU_SITE,
        feed_url=adresse_publique("/registre/nouveautes.atom"),
        feed_guid=_etiquette("registre"),
        feed_copyright="Licence Ouverte 2.0",
    )
    for nouvelle in nouvelles():
        flux.add_item(
            title=nouvelle.titre,
            link=adresse_publique(adresse(nouvelle.version.certification)),
            description=nouvelle.texte,
            unique_id=nouvelle.nom,
            pubdate=nouvelle.le,
            updateddate=nouvelle.le,
            categories=[nouvelle.genre],
        )
    return flux.writeString("utf-8")
