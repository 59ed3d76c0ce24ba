"""The ten steps as a dossier lives them.

Rooms above (évaluations, jurys, délivrances) are read through the relations they add to the dossier, never imported.
"""

from .models import CLOS, Candidature, Etat

NOMS_DES_ETAPES = {
    1: "Préparation",
    2: "Inscription",
    3: "Recevabilité",
    4: "Positionnement",
    5: "Évaluateurs",
    6: "Évaluation",
    7: "Inscription au jury",
    8: "Jury paritaire",
    9: "Jury de certification",
    10: "Délivrance",
}


def derniere_inscription(candidature: Candidature):
    """The latest registration to a session that was not withdrawn."""
    return candidature.inscriptions.filter(retiree_le=None).select_related("session").order_by("-pk").first()


def etapes(candidature: Candidature) -> list[dict]:
    """The ten steps as one line, with the day each one was done (`components/etapes.html`)."""
    parcours, evaluation = candidature.parcours, getattr(candidature, "evaluation", None)
    inscription, delivrance = derniere_inscription(candidature), getattr(candidature, "delivrance", None)
    delivree = delivrance.approuvee_le if delivrance else None
    jours = {
        1: parcours.publie_le,
        2: candidature.deposee_le,
        3: candidature.recevable_le or (candidature.etat_depuis if candidature.etat == Etat.IRRECEVABLE else None),
        4: candidature.positionnee_le,
        5: evaluation and evaluation.confirmee_le,
        6: evaluation and evaluation.transmise_le,
        7: inscription and inscription.inscrite_le,
        8: inscription and (pv := inscription.session.pv) and pv.scelle_le,
        9: candidature.decidee_le,
        10: delivree,
    }
    sans_objet = {
        numero
        for numero, inutile in (
            (3, not candidature.examen_requis),
            (4, not parcours.positionnement_actif),
            (9, parcours.jurys_fusionnes),
            (10, candidature.etat in CLOS),
        )
        if inutile
    }
    clos = candidature.etat in CLOS
    # An abandoned or refused dossier stands nowhere: what is dated was done, the rest will not come.
    courante = candidature.etape if not clos else None
    if delivree or courante is None:
        faites = {numero for numero, jour in jours.items() if jour}
        courante = None
    else:
        faites = set(range(1, courante))
    ligne = []
    for numero, nom in NOMS_DES_ETAPES.items():
        if numero in sans_objet:
            etat = "sans_objet"
        elif numero == courante:
            etat = "en_cours"
        else:
            etat = "faite" if numero in faites else "a_venir"
        jour = jours[numero] if etat == "faite" else None
        ligne.append({"numero": numero, "libelle": nom, "etat": etat, "date": jour})
    return ligne
