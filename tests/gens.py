"""Who comes near a dossier or a session, and which role each one holds there, in plain words.

Told here a second time, on purpose: the rule of the code is compared with it.
"""

from django.contrib.auth.models import AnonymousUser

from backoffice.comptes.models import Utilisateur
from backoffice.evaluations.workflow import Invite
from home.editeurs import groupe_editeurs

from . import fabriques as f

DECIDES = {"validee", "partielle", "non_validee"}
NON_DECLARES = {"brouillon", "annulee"}


class Dehors:
    """People of other bodies, with the same roles: nothing of this world exists for them."""

    def __init__(self):
        autres = f.Acteurs()
        self.gens = {
            "autre employeur": autres.employeur,
            "autre gestionnaire": autres.gestionnaire,
            "autre évaluateur": autres.evaluateur,
            "autre membre de jury": autres.presidente,
            "autre signataire": autres.signataire,
            "autre candidat": f.UtilisateurFactory(role="candidat"),
            "éditeur": f.UtilisateurFactory(role="editeur"),
            "anonyme": AnonymousUser(),
        }
        self.gens["éditeur"].groups.add(groupe_editeurs())


def _compte_du_candidat(candidature) -> Utilisateur:
    titulaire = candidature.titulaire
    if titulaire.utilisateur is None:
        titulaire.utilisateur = f.UtilisateurFactory(role="candidat")
        titulaire.save()
    return titulaire.utilisateur


def gens_d_un_dossier(candidature, acteurs, *, evalue=False, siege=False) -> dict:
    """Who holds what on a dossier. `evalue`: an évaluateur is confirmed; `siege`: it waits on the list of a session."""
    etat = candidature.etat
    declare = etat not in NON_DECLARES
    gens = {
        "employeur": (acteurs.employeur, {"employeur"}),
        "gestionnaire": (acteurs.gestionnaire, {"gestionnaire"} if declare else set()),
        "candidat": (_compte_du_candidat(candidature), {"candidat"} if declare else set()),
        "évaluateur": (acteurs.evaluateur, {"evaluateur"} if evalue else set()),
        "membre de jury": (acteurs.presidente, {"jury"} if siege else set()),
        "secrétaire": (acteurs.secretaire, {"secretaire"} if siege else set()),
        "certificateur": (acteurs.certificateur, {"certificateur"}),
        "signataire": (acteurs.signataire, {"signataire"} if etat in DECIDES else set()),
        "auditeur": (acteurs.auditeur, {"auditeur"}),
    }
    invitation = evalue and candidature.evaluation.invitations.filter(revoquee_le=None).first()
    if invitation:
        gens["évaluateur métier"] = (Invite(invitation), {"metier"})
    return gens


def gens_d_une_session(acteurs, session) -> dict:
    """Who holds what on a session: the employer comes with their candidates."""
    return {
        "employeur": (acteurs.employeur, {"employeur"} if session.inscriptions.exists() else set()),
        "gestionnaire": (acteurs.gestionnaire, {"gestionnaire"}),
        "évaluateur": (acteurs.evaluateur, set()),
        "présidente": (acteurs.presidente, {"jury", "president"}),
        "vice-président": (acteurs.vice_president, {"jury"}),
        "secrétaire": (acteurs.secretaire, {"secretaire"}),
        "certificateur": (acteurs.certificateur, {"certificateur"}),
        "signataire": (acteurs.signataire, set()),
        "auditeur": (acteurs.auditeur, {"auditeur"}),
    }
