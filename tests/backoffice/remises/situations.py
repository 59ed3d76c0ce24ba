"""The sendings of the world of the matrices: each state, and who holds what on it."""

from django.utils import timezone

from backoffice.candidatures.inactivite import Horloge
from backoffice.remises.envois import ENVOI
from backoffice.remises.models import Envoi
from registre.models import Parchemin
from registre.transitions import executer

from ... import fabriques as f

ADRESSE = {
    "destinataire": "Élodie Roumégous",
    "complement": "Appartement 12, 3e étage",
    "batiment": "",
    "voie": "3 bis, rue de l’Église",
    "lieu_dit": "",
    "code_postal": "48000",
    "commune": "Mende",
    "pays": "",
}


def document(acteurs) -> Parchemin:
    """A document delivered, and already stored."""
    parchemin = f.delivree(acteurs).delivrance.parchemin
    Parchemin.objects.filter(pk=parchemin.pk).update(sha256="0" * 64)
    parchemin.refresh_from_db()
    return parchemin


def demande(parchemin, **adresse) -> Envoi:
    """Asked for by the holder, through the real verb."""
    moi = parchemin.titulaire.utilisateur
    return executer(ENVOI, "demander_envoi", Envoi(parchemin=parchemin, demande_par=moi, **ADRESSE | adresse), moi)


def envoyee(acteurs, parchemin=None) -> Envoi:
    envoi = demande(parchemin or document(acteurs))
    return executer(ENVOI, "marquer_envoye", envoi, acteurs.gestionnaire, {"le": timezone.localdate()})


def revenue(acteurs, envoi=None) -> Envoi:
    retour = {"le": timezone.localdate(), "retour": "npai"}
    return executer(ENVOI, "noter_retour", envoi or envoyee(acteurs), acteurs.gestionnaire, retour)


def situations(acteurs):
    """(name, object, people) for each state."""
    propose = Envoi(parchemin=document(acteurs), demande_par=acteurs.certificateur)
    envois = {
        "adresse attendue": executer(ENVOI, "proposer_envoi", propose, acteurs.certificateur),
        "à envoyer": demande(document(acteurs)),
        "envoyé": envoyee(acteurs),
        "revenu": revenue(acteurs),
        "sans suite": executer(ENVOI, "renoncer_envoi", demande(document(acteurs)), acteurs.certificateur),
    }
    for nom, envoi in envois.items():
        gens = {qui: (getattr(acteurs, qui), set()) for qui in ("employeur", "auditeur", "signataire")}
        gens |= {qui: (getattr(acteurs, qui), {qui}) for qui in ("gestionnaire", "certificateur")}
        gens["plateforme"] = (Horloge(), {"plateforme"})
        gens["candidat"] = (envoi.parchemin.titulaire.utilisateur, {"candidat"})
        yield f"envoi {nom}", envoi, gens
