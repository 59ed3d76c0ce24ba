"""The mail of the rules: a draft is ready, somebody else publishes it."""

from django.conf import settings

from backoffice.comptes.models import Role, Utilisateur
from backoffice.courriels import composer
from backoffice.notifications.catalogue import courriels, variable

variable(
    "regles",
    "règles dont il s’agit",
    lambda c: f"{c['parcours'].certification}, version {c['parcours'].numero}",
    "CQP Couvreur zingueur, version 3",
)
variable(
    "lien_parcours",
    "lien vers ces règles",
    lambda c: settings.ADRESSE_PUBLIQUE + c["parcours"].get_absolute_url(),
    "ADRESSE/gestion/parcours/12/",
)

# fmt: off
courriels("Parcours", [
    ("parcours_propose", "Règles à publier",
     "Un brouillon de parcours est proposé à la publication", "Les certificateurs, sauf qui l’a écrit",
     ("regles", "lien_parcours!"), ("certificateur",)),
])
# fmt: on


def aux_certificateurs(parcours, acteur, donnees, resultat) -> list:
    """To each person who may publish these rules: neither who wrote them last, nor who proposes them."""
    roles = Role.objects.actifs().filter(nom="certificateur")
    gens = Utilisateur.objects.filter(is_active=True, roles__in=roles).distinct().order_by("email")
    gens = gens.exclude(pk__in=[acteur.pk, parcours.redige_par_id])
    return [composer("parcours_propose", personne.email, parcours=parcours) for personne in gens]
