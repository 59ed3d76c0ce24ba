"""Where a plain space was typed and French wants one that does not break: in templates, in Python, in scripts."""

import ast
import re
from collections.abc import Iterator

# A plain space before « : ; ! ? », a plain space or none inside the quotes; `\0` stands for what is computed or mute.
FAUTE = re.compile(r" [:;!?»](?=$|[\s\0<,.)…])|« |«(?=[\w\0])|(?<=[\w\0.])»", re.M)
MUET = re.compile(
    r"{#.*?#}|{%-?\s*comment.*?endcomment\s*%}|{%.*?%}|<!--.*?-->|<(style|script)\b.*?</\1>"
    r"|\s(?:class|style|href|src|content|pattern|d|points)=\"[^\"]*\"",
    re.S,
)
TEXTE_DE_SCRIPT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//.*')


def _taire(trouve: re.Match) -> str:
    return re.sub(r"[^\n]", "\0", trouve.group())


def fautes_de_gabarit(contenu: str) -> Iterator[int]:
    """Lines of a template; its tags, comments, styles and scripts say nothing to anybody."""
    lignes = MUET.sub(_taire, contenu).splitlines()
    yield from (rang for rang, ligne in enumerate(lignes, 1) if FAUTE.search(ligne))


def fautes_de_script(source: str) -> Iterator[int]:
    """Lines of a script: the strings it shows."""
    for rang, ligne in enumerate(source.splitlines(), 1):
        if any(FAUTE.search(texte[1:-1]) for texte in TEXTE_DE_SCRIPT.findall(ligne) if texte[0] == '"'):
            yield rang


def fautes_de_code(source: str) -> Iterator[int]:
    """Lines of a Python source: its strings, docstrings apart."""
    arbre = ast.parse(source)
    # A docstring is a constant on its own; a piece of an f-string is read with the whole.
    tus = {id(n.value) for n in ast.walk(arbre) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.JoinedStr):
            tus |= {id(morceau) for morceau in noeud.values}
    for noeud in ast.walk(arbre):
        if id(noeud) not in tus and FAUTE.search(_texte(noeud)):
            yield noeud.lineno


def _texte(noeud: ast.AST) -> str:
    if isinstance(noeud, ast.JoinedStr):
        return "".join(_texte(morceau) or "\0" for morceau in noeud.values)
    return noeud.value if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) else ""
