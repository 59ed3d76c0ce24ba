"""Short ways to write the starting blocks, so that the texts read as texts."""

import re


def replier(html: str) -> str:
    """Fold line ends and indents of the source into single spaces; non-breaking spaces stay."""
    return re.sub(r"[ \n]+", " ", html).replace("> <", "><").strip()


def texte(html: str) -> tuple:
    return "texte", replier(html)


def arguments(titre: str, *lignes: tuple[str, str]) -> tuple:
    return "arguments", {
        "titre": titre,
        "arguments": [{"titre": t, "texte": f"<p>{replier(c)}</p>"} for t, c in lignes],
    }


def etapes(titre: str, *lignes: tuple[str, str]) -> tuple:
    return "etapes", {"titre": titre, "etapes": [{"titre": t, "texte": replier(c)} for t, c in lignes]}


def faq(titre: str, *lignes: tuple[str, str]) -> tuple:
    return "faq", {
        "titre": titre,
        "questions": [{"question": q, "reponse": f"<p>{replier(r)}</p>"} for q, r in lignes],
    }


def appel(titre: str, contenu: str, libelle: str, adresse: str) -> tuple:
    return "appel", {"titre": titre, "texte": replier(contenu), "libelle": libelle, "page": None, "adresse": adresse}
