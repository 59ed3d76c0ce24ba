"""A duplicata: asked by the holder, or for them; issued by somebody else who answers for it."""

from backoffice.courriels import composer
from registre import apres as registre
from registre import courriels as boite
from registre.models import Duplicata
from registre.rangement import suite_du_duplicata
from registre.transitions import Refus, verbe

from .apres import (
    ATTENDUE,
    Etat,
    a_qui_a_demande,
    acceptable,
    avertir,
    cause_de,
    contexte,
    demandable,
    raison,
    refus_et_retrait,
    role_tenu,
    trancher,
)
from .models import DemandeDuplicata

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


def _a_qui_a_demande(demande, acteur, donnees, resultat):
    """Who asked for somebody else; the holder is told once the file is there."""
    return [] if demande.demandee_par_id == demande.titulaire.utilisateur_id else [a_qui_a_demande(demande)]


@suite_du_duplicata
def annoncer_le_duplicata(duplicata: Duplicata) -> None:
    """To its holder, once it can be downloaded; nothing when the document was cancelled meanwhile."""
    demande = DemandeDuplicata.objects.filter(duplicata=duplicata).first()
    if demande and duplicata.parchemin.annule_le is None:
        lettre = composer("duplicata_delivre", demande.titulaire.courriel, duplicata=duplicata, **contexte(demande))
        boite.deposer(lettre, cause_de(demande, "delivrer_duplicata"))


@verbe(
    DUPLICATA,
    "delivrer_duplicata",
    libelle="Délivrer le duplicata",
    roles=DELIVRENT,
    etape=10,
    de=(Etat.DEMANDEE,),
    vers=(Etat.ACCEPTEE,),
    conditions=acceptable,
    courriels=_a_qui_a_demande,
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
