"""A mail is composed from the text in force for the body in whose name it leaves, ours failing that."""

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from registre.courriels import Message
from registre.mots import remplacer

from .catalogue import COURRIELS, VARIABLES, Courriel
from .models import TexteCourriel


def emetteurs(contexte: dict) -> list[int]:
    """The bodies in whose name this mail leaves, the nearest first: the porteur, then the certificateur."""
    if candidature := contexte.get("candidature"):
        return [candidature.porteur_id, *(o.pk for o in candidature.version.certificateurs[:1])]
    if session := contexte.get("session"):
        return [session.certificateur_id]
    if parcours := contexte.get("parcours"):
        return [parcours.certification.porteur_id]
    objet = contexte.get("demande") or contexte.get("invitation")
    return [objet.porteur_id] if objet is not None and objet.porteur_id else []


def texte_en_vigueur(code: str, contexte: dict) -> tuple[str, str]:
    """Subject and body of this mail for the bodies of this context."""
    adaptes = {t.organisme_id: t for t in TexteCourriel.objects.filter(modele=code, retire_le=None)}
    if adaptes:
        for organisme in emetteurs(contexte):
            if texte := adaptes.get(organisme):
                return texte.sujet, texte.corps
    return COURRIELS[code].notre_texte()


def porteur_de(contexte: dict) -> int | None:
    """Whose people follow this mail: the porteur of what it is about."""
    for cle in ("candidature", "demande", "invitation"):
        if (objet := contexte.get(cle)) is not None and getattr(objet, "porteur_id", None):
            return objet.porteur_id
    if parcours := contexte.get("parcours"):
        return parcours.certification.porteur_id
    session = contexte.get("session")
    certification = session and session.certifications.order_by("pk").first()
    return certification.porteur_id if certification else None


def _page(declare: Courriel | None) -> str | None:
    """Where its notification leads: nowhere (""), a page of its own, or that of the object (None)."""
    if declare is None or declare.page == "":
        return None
    return reverse(declare.page) if declare.page else ""


def composer(modele: str, destinataire: str, secret: str = "", **contexte) -> Message:
    """Build the mail `modele` for one address. Its subject holds no personal data.

    A mail that the catalogue does not know, or that nobody edits, is a text of ours in Django's own language.
    """
    declare = COURRIELS.get(modele)
    if declare is None or not declare.modifiable:
        gabarit = get_template(f"courriels/{modele}.txt").template
        # Plain text: escaping would print &#x27; for an apostrophe.
        texte = gabarit.render(Context({"adresse": settings.ADRESSE_PUBLIQUE, **contexte}, autoescape=False))
        sujet, _, corps = texte.strip().partition("\n")
    else:
        sujet, corps = texte_en_vigueur(modele, contexte)

        def valeur(nom: str) -> str:
            return str(VARIABLES[nom].valeur(contexte)) if nom in declare.variables else f"{{{nom}}}"

        sujet, corps = remplacer(sujet, valeur).replace("\n", " "), remplacer(corps, valeur)
    return Message(
        destinataire=destinataire,
        sujet=sujet.strip()[:200],
        corps=corps.strip() + "\n",
        modele=modele,
        secret=secret,
        porteur=porteur_de(contexte),
        facultatif=bool(declare and declare.facultatif),
        lien=_page(declare),
    )
