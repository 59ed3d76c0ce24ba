"""Annulation of one document: asked by one person with a reason, pronounced by another, for ever."""

from backoffice.courriels import adresses, composer
from registre import delivrance as registre
from registre.transitions import Refus, verbe

from .apres import (
    ATTENDUE,
    Etat,
    a_qui_a_demande,
    acceptable,
    avertir,
    contexte,
    demandable,
    dossier_de,
    raison,
    refus_et_retrait,
    role_tenu,
    trancher,
)

ANNULATION = "delivrances.demandeannulation"
DEMANDENT, PRONONCENT = ("gestionnaire", "certificateur"), ("certificateur", "signataire")


@verbe(
    ANNULATION,
    "demander_annulation",
    libelle="Demander l’annulation",
    roles=DEMANDENT,
    etape=10,
    vers=(Etat.DEMANDEE,),
    conditions=demandable,
    courriels=avertir(*PRONONCENT),
    creation=True,
    danger=True,
)
def _demander(demande, acteur, donnees):
    return {"details": {"numero": demande.parchemin.numero, "motif": demande.motif}, "motif": raison(demande)}


def _aux_personnes_concernees(demande, acteur, donnees, resultat):
    """The holder, with the reason and the way to contest; the employer, that it is cancelled and nothing more."""
    document, dossier = demande.parchemin, dossier_de(demande.parchemin)
    lettres = [composer("annulation_document", document.titulaire.courriel, **contexte(demande, raison(demande)))]
    if dossier:
        siens = adresses("employeur", dossier.etablissement)
        lettres += [composer("annulation_document_employeur", a, candidature=dossier) for a in siens]
    return [*lettres, a_qui_a_demande(demande)]


@verbe(
    ANNULATION,
    "prononcer_annulation",
    libelle="Prononcer l’annulation",
    roles=PRONONCENT,
    etape=10,
    de=(Etat.DEMANDEE,),
    vers=(Etat.ACCEPTEE,),
    conditions=acceptable,
    courriels=_aux_personnes_concernees,
    principal=True,
    attendu=ATTENDUE,
    attente="Une demande d’annulation est à trancher",
    danger=True,
    aide="Le document et ses duplicatas ne vaudront plus rien, pour toujours\u00a0: la page de vérification le dit à "
    "l’instant. Le titulaire en est averti, avec le motif et la façon de contester.",
)
def _prononcer(demande, acteur, donnees):
    try:
        registre.annuler(demande.parchemin, acteur, role_tenu(demande, acteur, PRONONCENT), raison(demande))
    except registre.AnnulationImpossible as refus:
        raise Refus(str(refus)) from refus
    return trancher(demande, acteur) | {"motif": raison(demande)}


refus_et_retrait(ANNULATION, "annulation", "l’annulation", repondent=PRONONCENT, demandent=DEMANDENT)
