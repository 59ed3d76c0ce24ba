"""What the house rules look for in the source: small readers of syntax trees and templates, tested with the rules."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

RACINE = Path(settings.BASE_DIR)
PAQUETS = ("site_public", "home", "verification", "cpf", "backoffice", "registre")
# What a call that writes `etat` is named; `filter(etat=…)` or `Q(etat=…)` only read.
ECRITURES = {"update", "create", "get_or_create", "update_or_create", "aupdate", "acreate"}
INTERDITS_EN_GABARIT = {
    "style en attribut": re.compile(r"\sstyle\s*=", re.I),
    "feuille de style dans la page": re.compile(r"<style[\s>]", re.I),
    "script dans la page": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>", re.I),
    "gestionnaire d’évènement en attribut": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "adresse javascript:": re.compile(r"""["']javascript:""", re.I),
}
COMMENTAIRE = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.S)


def fichiers_python(*, migrations: bool = False) -> Iterator[Path]:
    """Our Python files; the tests and the scripts apart."""
    for paquet in PAQUETS:
        for chemin in sorted((RACINE / paquet).rglob("*.py")):
            if ("migrations" in chemin.parts) == migrations:
                yield chemin


def gabarits() -> Iterator[tuple[str, Path]]:
    """Every template of ours: its name for Django, its file."""
    for dossier in [RACINE / "templates", *sorted(RACINE.glob("*/**/templates"))]:
        if ".venv" in dossier.parts or not dossier.is_dir():
            continue
        for chemin in sorted(dossier.rglob("*")):
            if chemin.is_file() and "node_modules" not in chemin.parts:
                yield chemin.relative_to(dossier).as_posix(), chemin


def relatif(chemin: Path) -> str:
    return chemin.relative_to(RACINE).as_posix()


def affectations_d_etat(source: str, modeles_a_etat: frozenset[str] = frozenset()) -> list[int]:
    """Lines that give a value to `etat`: attribute, `setattr`, `update(etat=…)`, `bulk_update`, constructor."""
    lignes = []
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, ast.Assign | ast.AnnAssign | ast.AugAssign):
            cibles = noeud.targets if isinstance(noeud, ast.Assign) else [noeud.target]
            plates = [feuille for cible in cibles for feuille in ast.walk(cible)]
            if any(isinstance(c, ast.Attribute) and c.attr == "etat" and isinstance(c.ctx, ast.Store) for c in plates):
                lignes.append(noeud.lineno)
        elif isinstance(noeud, ast.Call) and _appel_qui_ecrit(noeud, modeles_a_etat):
            lignes.append(noeud.lineno)
    return lignes


def _appel_qui_ecrit(appel: ast.Call, modeles_a_etat: frozenset[str]) -> bool:
    nom = appel.func.attr if isinstance(appel.func, ast.Attribute) else getattr(appel.func, "id", "")
    if nom == "setattr":
        return len(appel.args) > 1 and isinstance(appel.args[1], ast.Constant) and appel.args[1].value == "etat"
    if nom in {"bulk_update", "abulk_update"}:
        return any(isinstance(n, ast.Constant) and n.value == "etat" for n in ast.walk(appel))
    if nom in ECRITURES or nom in modeles_a_etat:
        nommes = {mot.arg for mot in appel.keywords}
        cles = {
            cle.value
            for mot in appel.keywords
            if mot.arg in {"defaults", "create_defaults", None} and isinstance(mot.value, ast.Dict)
            for cle in mot.value.keys
            if isinstance(cle, ast.Constant)
        }
        return "etat" in nommes | cles
    return False


def imports_vivants(source: str) -> list[str]:
    """What a migration takes from our live code, functions apart.

    A field names its validator, its storage or its default by their address: Django knows no other way.
    """
    trouves, internes = [], set()
    # Outermost first: `a.b.c` holds `a.b`, and only the whole is judged.
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, ast.ImportFrom) and (noeud.module or "").split(".")[0] in PAQUETS:
            trouves.append(f"from {noeud.module} import …")
        elif isinstance(noeud, ast.Attribute):
            internes.add(noeud.value)
            chaine = _chaine(noeud)
            if noeud not in internes and chaine.split(".")[0] in PAQUETS and not _est_une_fonction(chaine):
                trouves.append(chaine)
    return trouves


def _est_une_fonction(chaine: str) -> bool:
    module, _, nom = chaine.rpartition(".")
    try:
        return inspect.isfunction(getattr(importlib.import_module(module), nom, None))
    except ImportError:
        return False


def _chaine(noeud: ast.AST) -> str:
    if isinstance(noeud, ast.Attribute):
        return f"{_chaine(noeud.value)}.{noeud.attr}"
    return noeud.id if isinstance(noeud, ast.Name) else ""


def textes_du_code(source: str) -> tuple[set[str], list[re.Pattern]]:
    """The strings of a Python source, and its f-strings as patterns (`f"courriels/{nom}.txt"`)."""
    textes, motifs = set(), []
    for noeud in ast.walk(ast.parse(source)):
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
            textes.add(noeud.value)
        elif isinstance(noeud, ast.JoinedStr):
            morceaux = [re.escape(v.value) if isinstance(v, ast.Constant) else "[^/]+" for v in noeud.values]
            patron = "".join(morceaux)
            if re.search(r"\\\.(html|txt|xml|svg)$", patron) and "/" in patron:
                motifs.append(re.compile(patron))
    return textes, motifs


def fautes_de_gabarit(contenu: str) -> list[str]:
    """Names of what the content policy forbids and this template holds."""
    nu = COMMENTAIRE.sub("", contenu)
    return [nom for nom, motif in INTERDITS_EN_GABARIT.items() if motif.search(nu)]


def surcharge_un_paquet(nom: str) -> bool:
    """Does this template replace one of a package we install (allauth, Wagtail, Django)?"""
    import django

    dossiers = [Path(a.path) / "templates" for a in apps.get_app_configs() if not Path(a.path).is_relative_to(RACINE)]
    dossiers += [Path(a.path) / "templates" for a in apps.get_app_configs() if ".venv" in Path(a.path).parts]
    dossiers.append(Path(django.__file__).parent / "forms" / "templates")
    return any((dossier / nom).exists() for dossier in dossiers)


def nos_modeles() -> list[type]:
    """Every concrete model defined in our packages."""
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in PAQUETS and not m._meta.proxy]


def champs_a_nous(modele: type) -> Iterator:
    """The fields that this model of ours declares, without those that Django or a package gives it."""
    recus = {
        champ.name
        for base in modele.__mro__[1:]
        if hasattr(base, "_meta") and base.__module__.split(".")[0] not in PAQUETS
        for champ in base._meta.get_fields()
    }
    for champ in [*modele._meta.local_fields, *modele._meta.local_many_to_many]:
        if champ.name not in recus and not champ.auto_created and not getattr(champ.remote_field, "parent_link", False):
            yield champ


def est_imprime(nom: str) -> bool:
    """A template that becomes a PDF: no content policy there, and a page may be long."""
    return "documents/" in nom
