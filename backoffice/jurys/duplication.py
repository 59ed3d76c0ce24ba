"""A session taken up at another date: the same settings, the same members as far as their mandates allow."""

from registre.transitions import Refus, executer

from .models import SessionJury
from .nominations import mandats_a_asseoir
from .workflow import SESSION

REPRIS = (
    "instance",
    "certificateur",
    "duree_minutes",
    "lieu",
    "lien_visio",
    "capacite",
    "acces_membres_jours",
    "secretaire",
    "candidats_recus",
    "consignes",
)


def valeurs_de(modele: SessionJury) -> dict:
    """What the form of a new session starts from: everything but its dates."""
    return {champ: getattr(modele, champ) for champ in REPRIS} | {"certifications": modele.certifications.all()}


def reprendre_les_membres(modele: SessionJury, session: SessionJury, acteur, cle: str) -> list[str]:
    """Seat again the members of `modele`, each by the verb; return why some could not be."""
    refus, possibles = [], set(mandats_a_asseoir(session).values_list("pk", flat=True))
    assis = session.membres.values("utilisateur")
    for membre in modele.membres.exclude(utilisateur__in=assis).select_related("mandat", "utilisateur").order_by("pk"):
        if membre.mandat_id is None or membre.mandat_id not in possibles:
            refus.append(f"{membre.utilisateur}\u00a0: pas de mandat en cours ce jour-là.")
            continue
        donnees = {"mandat": membre.mandat, "fonction": membre.fonction}
        try:
            executer(SESSION, "nommer_membre", session, acteur, donnees, f"{cle}-m{membre.pk}"[:64] if cle else "")
        except Refus as empeche:
            refus.append(f"{membre.utilisateur}\u00a0: {' '.join(empeche.phrases)}")
    return refus
