"""A duplicata: asked by the holder, or for them; issued by somebody else who answers for it."""

from backoffice.courriels import composer
from registre import apres as registre
from registre.transitions import Refus, verbe

from .apres import (
    ATTENDUE,
    Etat,
    a_qui_a_demande,
    acceptable,
    avertir,
    contexte,
    demandable,
    raison,
    refus_et_retrait,
    role_tenu,
    trancher,
)

DUPLICATA = "delivrances.demandeduplicata"
DELIVRENT = ("gestionnaire", "certificateur")
DEMANDENT = ("candidat", *DELIVRENT)


def _demandable(demande, acteur, donnees):
    manque = list(demandable(demande, acteur, donnees))
    yield from manque or filter(None, [registre.pas_de_duplicata(demande.parchemin)])


@verbe(
    DUPLICATA,
    "demander_duplicata",
    libelle="Demander un duplicata",
    roles=DEMANDENT,
    etape=10,
    vers=(Etat.DEMANDEE,),
    conditions=_demandable,
    courriels=avertir(*DELIVRENT),
    creation=True,
)
def _demander(demande, acteur, donnees):
    return {"details": {"numero": demande.parchemin.numero, "motif": demande.motif}, "motif": raison(demande)}


def _aux_personnes_concernees(demande, acteur, donnees, resultat):
    """The holder, and who asked for them."""
    titulaire = demande.titulaire
    lettres = [composer("duplicata_delivre", titulaire.courriel, duplicata=demande.duplicata, **contexte(demande))]
    return lettres + ([] if demande.demandee_par_id == titulaire.utilisateur_id else [a_qui_a_demande(demande)])


@verbe(
    DUPLICATA,
    "delivrer_duplicata",
    libelle="Délivrer le duplicata",
    roles=DELIVRENT,
    etape=10,
    de=(Etat.DEMANDEE,),
    vers=(Etat.ACCEPTEE,),
    conditions=acceptable,
    courriels=_aux_personnes_concernees,
    principal=True,
    attendu=ATTENDUE,
    attente="Une demande de duplicata est à traiter",
    aide="Le duplicata porte le même numéro et le même code que l’original, et dit qu’il est un duplicata. L’original "
    "reste valable\u00a0: s’il a été volé pour servir à un autre, demandez plutôt le remplacement.",
)
def _delivrer(demande, acteur, donnees):
    try:
        demande.duplicata = registre.dupliquer(
            demande.parchemin, acteur, role_tenu(demande, acteur, DELIVRENT), demande.motif
        )
    except registre.DuplicataImpossible as refus:
        raise Refus(str(refus)) from refus
    suite = trancher(demande, acteur)
    return suite | {"details": suite["details"] | {"duplicata": demande.duplicata.rang}}


refus_et_retrait(DUPLICATA, "duplicata", "le duplicata", repondent=DELIVRENT, demandent=DEMANDENT)
