"""Template tags of the components: icons and statuses. The other components are plain includes."""

import re
from pathlib import Path

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()

SPRITE = Path(__file__).parent.parent / "static" / "img" / "icones.svg"
ICONES = tuple(re.findall(r'<symbol id="([a-z-]+)"', SPRITE.read_text(encoding="utf-8")))

# slug: (tone, icon, words). A status is never told by its colour alone (WCAG 1.4.1): icon and words go with it.
# The slugs of a candidature and their words come from the path of a candidature.
STATUTS = {
    "brouillon": ("neutre", "editer", "En cours d’inscription"),
    "deposee": ("info", "horloge", "En cours d’inscription – contrôle"),
    "incomplete": ("partiel", "alerte", "En cours d’inscription – à compléter"),
    "irrecevable": ("refus", "refus", "Non recevable"),
    "recevable": ("info", "personnes", "En cours d’inscription – parcours et évaluateurs"),
    "en_evaluation": ("attente", "evaluation", "En attente d’évaluation"),
    "evaluee": ("attente", "jury", "En attente de jury"),
    "inscrite_jury": ("attente", "calendrier", "En attente de jury"),
    "proposee": ("attente", "jury", "En attente de jury – proposition rendue"),
    "validee": ("valide", "valide", "Validé"),
    "partielle": ("partiel", "partiel", "Partiel"),
    "non_validee": ("refus", "refus", "Non validé"),
    "ajournee": ("attente", "horloge", "En attente de jury – ajourné"),
    "abandonnee": ("neutre", "fermer", "Abandonné"),
    "annulee": ("neutre", "fermer", "Annulé"),
    # Documents issued.
    "valable": ("valide", "sceau", "Valable"),
    "annule": ("refus", "refus", "Annulé"),
    "remplace": ("partiel", "dupliquer", "Remplacé"),
    "a_refaire": ("refus", "alerte", "À refaire"),
    "inconnu": ("neutre", "aide", "Inconnu du registre"),
    "falsifie": ("refus", "alerte", "Altéré"),
    # Lots of documents, and their rows.
    "prepare": ("partiel", "horloge", "À approuver"),
    "en_cours": ("info", "horloge", "En cours"),
    "termine": ("valide", "valide", "Terminé"),
    "abandonne": ("neutre", "fermer", "Abandonné"),
    "delivree": ("valide", "sceau", "Délivré"),
    "attente": ("attente", "horloge", "En attente"),
    "ecartee": ("neutre", "fermer", "Laissé de côté"),
    # Sessions, habilitations, registrations.
    "ouverte": ("info", "calendrier", "Ouverte"),
    "close": ("attente", "editer", "PV à signer"),
    "scellee": ("valide", "verrou", "Scellée"),
    "en_vigueur": ("valide", "valide", "En vigueur"),
    "expiree": ("refus", "horloge", "Expirée"),
    # Versions of the rules.
    "publie": ("valide", "valide", "En vigueur"),
    "retire": ("neutre", "fermer", "Retiré"),
    # Requests, invitations.
    "demandee": ("attente", "horloge", "À traiter"),
    "approuvee": ("valide", "valide", "Approuvée"),
    "refusee": ("refus", "refus", "Refusée"),
    "envoyee": ("attente", "horloge", "En attente"),
    "acceptee": ("valide", "valide", "Acceptée"),
    "revoquee": ("neutre", "fermer", "Révoquée"),
    "declinee": ("neutre", "fermer", "Déclinée"),
    # Blocs, compétences, pièces.
    "acquis": ("valide", "valide", "Acquis"),
    "non_acquis": ("refus", "refus", "Non acquis"),
    "fournie": ("valide", "valide", "Fournie"),
    "manquante": ("partiel", "alerte", "À fournir"),
}


@register.simple_tag
def icone(nom, titre="", classe=""):
    """Icon `nom` of the sprite; decorative unless `titre` gives it a name."""
    adresse = f"{static('img/icones.svg')}#{nom}"
    classe = f"icone {classe}".strip()
    if titre:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classe, titre, adresse
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classe, adresse
    )


@register.inclusion_tag("components/statut.html")
def statut(etat, libelle=""):
    """Status of `etat` (a slug of STATUTS) as icon, words and colour. An unknown slug is shown as it is."""
    ton, nom, mots = STATUTS.get(str(etat), ("neutre", "info", str(etat)))
    return {"ton": ton, "icone": nom, "libelle": libelle or mots}
