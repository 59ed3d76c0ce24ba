"""`manage.py documenter_parcours`: write docs/parcours.md from the registered verbs, the only list there is."""

from itertools import groupby
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from registre.transitions import VERBES, Verbe, verbes_de

TETE = """# The path, act by act

Written by `manage.py documenter_parcours` from the registered verbs (`registre/transitions.py`, then `workflow.py` of
each room). Do not edit: a test compares this page with the code.

One line per verb. **Principal** verbs move a dossier forward: they feed “À faire” and the line “en attente de…”.
**Internal** verbs are carried out by another verb or by a screen of their own, never by the common address
`/gestion/actes/…`. A verb without target state leaves the state as it is. What a condition refuses, it says in French
to the person.
"""
ENTETE = "| Verb | Label | From | To | Roles | Condition | While it waits | |\n|---|---|---|---|---|---|---|---|"


def _etats(slugs: tuple[str, ...]) -> str:
    return ", ".join(f"`{slug}`" for slug in slugs) or "–"


def _condition(acte: Verbe) -> str:
    """Where to read the condition; a lambda has no name of its own, its verb says enough."""
    if acte.conditions is None:
        return "–"
    nom = acte.conditions.__name__
    return f"`{nom.lstrip('_')}`" if nom.isidentifier() else "several, see the code"


def _nature(acte: Verbe) -> str:
    genres = {"principal": acte.principal, "internal": acte.interne, "creates": acte.creation, "danger": acte.danger}
    return ", ".join(genre for genre, oui in genres.items() if oui)


def _ligne(acte: Verbe) -> str:
    cases = [
        f"`{acte.nom}`",
        acte.libelle,
        "nothing yet" if acte.creation else _etats(acte.de),
        _etats(acte.vers),
        ", ".join(acte.roles),
        _condition(acte),
        acte.attente or "–",
        _nature(acte),
    ]
    return "| " + " | ".join(case.replace("|", "\\|") for case in cases) + " |"


def _diagramme(modele, actes: list[Verbe]) -> str:
    """The Mermaid diagram of the verbs that change the state."""
    fleches: dict[tuple[str, str], list[str]] = {}
    for acte in actes:
        for depart in ("[*]",) if acte.creation else acte.de:
            for arrivee in acte.vers:
                if depart != arrivee:
                    fleches.setdefault((depart, arrivee), []).append(acte.nom)
    touches = {etat for fleche in fleches for etat in fleche}
    libelles = [
        f"    {slug}: {slug} – {libelle}" for slug, libelle in modele._meta.get_field("etat").choices if slug in touches
    ]
    traits = [f"    {depart} --> {arrivee}: {' · '.join(noms)}" for (depart, arrivee), noms in fleches.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *libelles, *traits, "```"])


def _chapitre(modele) -> str:
    actes = list(verbes_de(modele))
    titre = str(modele._meta.verbose_name)
    parties = [f"## {titre[0].upper()}{titre[1:]} (`{modele._meta.label_lower}`)", _diagramme(modele, actes)]
    for etape, siens in groupby(actes, key=lambda acte: acte.etape):
        parties += [f"### Étape {etape}", "\n".join([ENTETE, *map(_ligne, siens)])]
    return "\n\n".join(parties)


def composer() -> str:
    """The whole page, as Markdown."""
    modeles = [apps.get_model(modele) for modele in sorted({acte.modele for acte in VERBES.values()})]
    return "\n\n".join([TETE.strip(), *map(_chapitre, modeles)]) + "\n"


class Command(BaseCommand):
    help = (
        "Écrit docs/parcours.md d’après les verbes enregistrés\u202f; «\u202f--verifier\u202f» dit seulement "
        "si la page est à jour."
    )

    def add_arguments(self, parser):
        parser.add_argument("--verifier", action="store_true", help="échouer si la page n’est pas à jour")

    def handle(self, *args, verifier, **options):
        page, texte = Path(settings.BASE_DIR) / "docs" / "parcours.md", composer()
        if verifier:
            if not page.exists() or page.read_text(encoding="utf-8") != texte:
                raise CommandError(
                    "docs/parcours.md n’est plus à jour\u00a0: lancez «\u202fmanage.py documenter_parcours\u202f»."
                )
            self.stdout.write("docs/parcours.md est à jour.")
            return
        page.write_text(texte, encoding="utf-8")
        self.stdout.write(f"docs/parcours.md\u00a0: {len(VERBES)} verbes.")
