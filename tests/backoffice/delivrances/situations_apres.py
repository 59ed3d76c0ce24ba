"""What may be asked about documents, for the matrices: each request in each state, and who holds what on it."""

from backoffice.delivrances import comparaison
from backoffice.delivrances.apres import deposer
from backoffice.delivrances.apres_annulation import ANNULATION
from backoffice.delivrances.apres_duplicata import DUPLICATA
from backoffice.delivrances.apres_remplacement import REMPLACEMENT
from backoffice.delivrances.models import DemandeAnnulation, DemandeDuplicata, DemandeRemplacement
from registre.fabrication import fabriquer
from registre.models import Titulaire
from registre.transitions import executer
from tests import fabriques as f
from tests.ouvrier import travailler

FAITS = "Le numéro du diplôme joint n’existe pas : l’établissement l’a confirmé."


def delivre(acteurs, **options):
    """A document issued for a dossier, its file made, its holder with an account."""
    document = f.delivree(acteurs, **options).delivrance.parchemin
    travailler()
    document.refresh_from_db()
    document.titulaire.refresh_from_db()
    return document


def demander_annulation(document, qui, motif="fraude", precisions=FAITS, cle=""):
    demande = DemandeAnnulation(parchemin=document, motif=motif, precisions=precisions)
    return deposer(demande, "demander_annulation", qui, cle)


def corriger_etat_civil(document, **champs):
    """What the accepted correction of a civil status leaves in the register."""
    titulaire = Titulaire.objects.get(pk=document.titulaire_id)
    for champ, valeur in (champs or {"nom_naissance": f"{titulaire.nom_naissance}-Élie"}).items():
        setattr(titulaire, champ, valeur)
    titulaire.save()
    document.titulaire = titulaire
    return titulaire


def preparer_remplacement(document, qui, motif="etat_civil", precisions="", cle="", lieu="", **options):
    fige = document.enregistrement
    corrige = comparaison.corriger(fige, document.titulaire, lieu or document.lieu, **options)
    demande = DemandeRemplacement(parchemin=document, motif=motif, precisions=precisions, enregistrement=corrige)
    return deposer(demande, "preparer_remplacement", qui, cle)


def demander_duplicata(document, qui, motif="perdu", cle=""):
    return deposer(DemandeDuplicata(parchemin=document, motif=motif), "demander_duplicata", qui, cle)


def agir(demande, nom, acteur, **donnees):
    """Carry out one verb on a request."""
    return executer(demande._meta.label_lower, nom, demande, acteur, donnees)


GENRES = {
    ANNULATION: (demander_annulation, "annulation", "prononcer_annulation"),
    REMPLACEMENT: (preparer_remplacement, "remplacement", "approuver_remplacement"),
    DUPLICATA: (demander_duplicata, "duplicata", "delivrer_duplicata"),
}


def du_registre(acteurs):
    """A document of the register alone: its holder has an account, no dossier led to it."""
    titulaire = f.TitulaireFactory(utilisateur=f.UtilisateurFactory(role="candidat"))
    return f.attestation(acteurs, titulaire)


def _gens(acteurs, collegue, document, du_titulaire: set) -> dict:
    return {
        "employeur": (acteurs.employeur, set()),
        "candidat": (document.titulaire.utilisateur, du_titulaire),
        "membre de jury": (acteurs.presidente, set()),
        "évaluateur": (acteurs.evaluateur, set()),
        "gestionnaire": (acteurs.gestionnaire, {"gestionnaire"}),
        "certificateur": (acteurs.certificateur, {"certificateur"}),
        "collègue certificateur": (collegue, {"certificateur"}),
        "signataire": (acteurs.signataire, {"signataire"}),
        "auditeur": (acteurs.auditeur, {"auditeur"}),
    }


def situations(acteurs):
    """(name, object, people) for each state of each request; the same asked by each who may."""
    collegue = f.UtilisateurFactory(role=("certificateur", acteurs.cpne))
    for modele, (demander, suffixe, accepter) in GENRES.items():
        demandeurs = {"gestionnaire": acteurs.gestionnaire, "certificateur": acteurs.certificateur}
        demandeurs |= {"titulaire": None} if modele == DUPLICATA else {}
        cas = [(f"demande par {qui}", personne, "") for qui, personne in demandeurs.items()]
        cas += [("accepté", acteurs.gestionnaire, accepter), ("refusé", acteurs.gestionnaire, f"refuser_{suffixe}")]
        cas.append(("retiré", acteurs.gestionnaire, f"retirer_{suffixe}"))
        for mot, qui, fin in cas:
            document = du_registre(acteurs)
            if modele == DUPLICATA:
                fabriquer.call(document.pk)
            if modele == REMPLACEMENT:
                corriger_etat_civil(document)
            demande = demander(document, qui or document.titulaire.utilisateur)
            if fin:
                repond = collegue if modele == DUPLICATA else acteurs.signataire
                par = qui if fin.startswith("retirer") else repond
                demande = agir(demande, fin, par, motif="Rien ne contredit le document.")
            suivi = {"candidat"} if modele == DUPLICATA else set()
            yield f"{suffixe} {mot}", demande, _gens(acteurs, collegue, document, suivi)
