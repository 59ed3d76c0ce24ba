"""The corrections and the links of sharing of the world of the matrices: each state, and who holds what on it."""

import re
from datetime import timedelta

from django.utils import timezone

from backoffice.candidatures.fichiers import controler
from backoffice.espace.models import DemandeCorrection
from backoffice.espace.partages import PARTAGE, partager
from backoffice.espace.verifications import Invite, demander_verification
from backoffice.espace.workflow import CORRECTION, VERIFICATION
from registre.models import CourrielSortant, Partage
from registre.transitions import executer

from ... import fabriques as f


def demander(titulaire, **valeurs) -> DemandeCorrection:
    """A request sent by the candidate, through the real verb; by default, the birth name gets its accent."""
    sain = controler(f.fichier_pdf("acte.pdf"))
    demande = DemandeCorrection(
        titulaire=titulaire,
        valeurs=valeurs or {"nom_naissance": f"{titulaire.nom_naissance}-Élie"},
        justificatif=sain.fichier(),
        type_mime=sain.type_mime,
        deposee_par=titulaire.utilisateur,
    )
    return executer(CORRECTION, "deposer_correction", demande, titulaire.utilisateur)


def partage(document, **donnees) -> tuple[Partage, str]:
    """A link made by the holder of this document through the real verb, and its key."""
    choix = {"libelle": "Entretien", "champs": ["nom", "date"], "jours": 30} | donnees
    return partager(document.titulaire.utilisateur, document, choix, "")


def _partages(acteurs):
    document = f.delivree(acteurs).delivrance.parchemin
    moi = document.titulaire.utilisateur
    ouvert, _ = partage(document)
    ferme = executer(PARTAGE, "fermer_partage", partage(document)[0], moi)
    gens = {nom: (getattr(acteurs, nom), set()) for nom in ("employeur", "gestionnaire", "certificateur", "auditeur")}
    gens["candidat"] = (moi, {"candidat"})
    yield "lien de partage ouvert", ouvert, gens
    yield "lien de partage fermé", ferme, gens


def situations(acteurs):
    """(name, object, people) for each state."""
    yield from _partages(acteurs)
    fins = {"à vérifier": "", "acceptée": "accepter", "refusée": "refuser", "retirée": "retirer"}
    for nom, fin in fins.items():
        titulaire = f.recevable(acteurs).titulaire
        titulaire.refresh_from_db()
        demande = demander(titulaire)
        if fin:
            qui = titulaire.utilisateur if fin == "retirer" else acteurs.gestionnaire
            donnees = {"motif": "L’acte joint dit autre chose."}
            demande = executer(CORRECTION, f"{fin}_correction", demande, qui, donnees)
        gens = {
            "employeur": (acteurs.employeur, set()),
            "gestionnaire": (acteurs.gestionnaire, {"gestionnaire"}),
            "candidat": (titulaire.utilisateur, {"candidat"}),
            "certificateur": (acteurs.certificateur, {"certificateur"}),
            "auditeur": (acteurs.auditeur, {"auditeur"}),
            "évaluateur": (acteurs.evaluateur, set()),
        }
        yield f"correction {nom}", demande, gens
    yield from _verifications(acteurs)


def verifier(acteurs, titulaire, consigne="Votre prénom a-t-il un accent\u202f?", preuve=True):
    """A link sent to this holder through the real verb, and its token as the mail carries it."""
    verification = demander_verification(acteurs.gestionnaire, titulaire, consigne, preuve, "")
    corps = CourrielSortant.objects.filter(modele="verification_demandee").latest("pk").corps
    return verification, re.search(r"/etat-civil/([^/\s]+)/", corps)[1]


def _verifications(acteurs):
    for nom, fin in {"envoyée": "", "confirmée": "confirmer_etat_civil", "révoquée": "revoquer_verification"}.items():
        titulaire = f.recevable(acteurs).titulaire
        titulaire.refresh_from_db()
        verification, _ = verifier(acteurs, titulaire)
        # As if the mail had had the time to arrive: sending again is then possible.
        type(verification).objects.update(envoyee_le=timezone.now() - timedelta(minutes=11))
        if fin:
            qui = acteurs.gestionnaire if fin.startswith("revoquer") else titulaire.utilisateur
            verification = executer(VERIFICATION, fin, verification, qui)
        yield f"vérification {nom}", verification, _gens_de(acteurs, titulaire, verification)
    titulaire = f.recevable(acteurs).titulaire
    titulaire.refresh_from_db()
    verification, _ = verifier(acteurs, titulaire)
    demander(titulaire)
    verification.refresh_from_db()
    yield "vérification répondue", verification, _gens_de(acteurs, titulaire, verification)


def _gens_de(acteurs, titulaire, verification) -> dict:
    gens = {nom: (getattr(acteurs, nom), {nom}) for nom in ("gestionnaire", "certificateur", "auditeur")}
    gens |= {nom: (getattr(acteurs, nom), set()) for nom in ("employeur", "evaluateur")}
    gens["candidat"] = (titulaire.utilisateur, {"candidat"})
    return gens | {"titulaire": (Invite(verification), {"titulaire"})}
