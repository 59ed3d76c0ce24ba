"""A replacement: the corrected record prepared by one person, compared and approved by another, issued at once."""

from backoffice.candidatures.models import Candidature
from backoffice.courriels import composer
from backoffice.jurys.revocations import inscription_decisive
from registre import apres as registre
from registre import courriels as boite
from registre.delivrance import AnnulationImpossible, MentionsManquantes, composer_enregistrement
from registre.mentions import verifier_mentions
from registre.models import Parchemin
from registre.rangement import suite_du_rangement
from registre.textes import en_nfc
from registre.transitions import Refus, verbe
from registre.trousseau import condition_de_coupure

from .apres import (
    ATTENDUE,
    Etat,
    a_qui_a_demande,
    acceptable,
    avertir,
    cause_de,
    contexte,
    demandable,
    dossier_de,
    raison,
    refus_et_retrait,
    role_tenu,
    trancher,
)
from .blocs import contenu_du_bloc
from .models import Delivrance, DelivranceDeBloc, DemandeRemplacement
from .workflow import contenu_du_document, en_attente_de_revocation

REMPLACEMENT = "delivrances.demanderemplacement"
PREPARENT, APPROUVENT = ("gestionnaire", "certificateur"), ("signataire",)


def enregistrement_du_jour(document: Parchemin) -> dict | None:
    """The record as the register would write it today for the same dossier; None for a document without one."""
    dossier = dossier_de(document)
    if dossier is None or inscription_decisive(dossier) is None:
        return None
    if document.nature == Parchemin.Nature.BLOC:
        bloc = DelivranceDeBloc.objects.select_related("bloc").get(parchemin=document).bloc
        return composer_enregistrement(**contenu_du_bloc(dossier, bloc, document.lieu))
    return composer_enregistrement(**contenu_du_document(dossier, document.lieu))


def est_coupe(document: Parchemin) -> bool:
    """Is its signature worth nothing any more, its key being revoked? The same record is then issued again."""
    return Parchemin.objects.filter(condition_de_coupure(), pk=document.pk).exists()


def _sans_revocation(demande):
    if dossier := dossier_de(demande.parchemin):
        yield from en_attente_de_revocation(dossier)


def _preparable(demande, acteur, donnees):
    manque = list(demandable(demande, acteur, donnees))
    yield from manque
    if manque:
        return
    yield from _sans_revocation(demande)
    if demande.enregistrement == demande.parchemin.enregistrement and not est_coupe(demande.parchemin):
        yield (
            "Rien ne change\u00a0: le document porte déjà l’état civil du registre. Faites d’abord corriger ce qui est "
            "faux, puis préparez le remplacement."
        )
    yield from verifier_mentions(demande.enregistrement)


@verbe(
    REMPLACEMENT,
    "preparer_remplacement",
    libelle="Préparer le remplacement",
    roles=PREPARENT,
    etape=10,
    vers=(Etat.DEMANDEE,),
    conditions=_preparable,
    courriels=avertir(*APPROUVENT),
    creation=True,
)
def _preparer(demande, acteur, donnees):
    return {"details": {"numero": demande.parchemin.numero, "motif": demande.motif}, "motif": raison(demande)}


def _approuvable(demande, acteur, donnees):
    manque = list(acceptable(demande, acteur, donnees))
    yield from manque
    if manque:
        return
    yield from _sans_revocation(demande)
    if demande.enregistrement["titulaire"] != en_nfc(demande.titulaire.etat_civil()):
        yield (
            "L’état civil du registre a changé depuis la préparation\u00a0: refusez cette demande, puis préparez-en "
            "une autre."
        )
    yield from verifier_mentions(demande.enregistrement)


@suite_du_rangement
def annoncer_le_remplacement(document: Parchemin) -> None:
    """To its holder, once the new document can be downloaded; nothing when it was cancelled meanwhile."""
    demande = DemandeRemplacement.objects.filter(nouveau=document).first()
    if demande and document.annule_le is None:
        dit = contexte(demande, raison(demande))
        lettre = composer("document_remplace", demande.titulaire.courriel, nouveau=document, **dit)
        boite.deposer(lettre, cause_de(demande, "approuver_remplacement"))


def _delivrance_verrouillee(document: Parchemin) -> Delivrance | DelivranceDeBloc | None:
    """The delivery of this document, its dossier locked before it: the order in which a decision is revoked."""
    if dossier := dossier_de(document):
        Candidature.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    genre = DelivranceDeBloc if document.nature == Parchemin.Nature.BLOC else Delivrance
    return genre.objects.select_for_update(of=("self",)).filter(parchemin=document).first()


def _suivre_le_dossier(delivrance: Delivrance | DelivranceDeBloc | None, demande, acteur) -> None:
    """The dossier holds the new document; the delivery of the old one stays beside it, undone."""
    if delivrance is None:
        return
    dossier = delivrance.candidature
    if isinstance(delivrance, DelivranceDeBloc):
        if delivrance.defaite_le:
            return
        sujet = {"candidature": dossier, "bloc": delivrance.bloc}
        delivrance.defaite_le = demande.tranchee_le
        delivrance.save(update_fields=["defaite_le"])
    else:
        if dossier is None:
            return
        sujet = {"candidature": dossier}
        delivrance.candidature, delivrance.defaite_pour = None, dossier
        delivrance.save(update_fields=["candidature", "defaite_pour"])
    type(delivrance).objects.create(
        **sujet,
        lieu=demande.enregistrement["lieu"],
        preparee_par=demande.demandee_par,
        preparee_le=demande.demandee_le,
        approuvee_par=acteur,
        approuvee_le=demande.tranchee_le,
        parchemin=demande.nouveau,
    )


@verbe(
    REMPLACEMENT,
    "approuver_remplacement",
    libelle="Approuver le remplacement",
    roles=APPROUVENT,
    etape=10,
    de=(Etat.DEMANDEE,),
    vers=(Etat.ACCEPTEE,),
    conditions=_approuvable,
    courriels=lambda demande, acteur, donnees, resultat: [a_qui_a_demande(demande)],
    principal=True,
    attendu=ATTENDUE,
    attente="Un remplacement est à approuver",
    aide="L’ancien document devient «\u202fremplacé\u202f», pour toujours\u00a0; le nouveau reçoit un autre numéro. Le "
    "jury et les blocs ne changent pas.",
)
def _approuver(demande, acteur, donnees):
    role, delivrance = role_tenu(demande, acteur, APPROUVENT), _delivrance_verrouillee(demande.parchemin)
    try:
        demande.nouveau, _ = registre.remplacer(
            demande.parchemin, acteur, role, raison(demande), demande.enregistrement
        )
    except AnnulationImpossible as refus:
        raise Refus(str(refus)) from refus
    except MentionsManquantes as refus:
        raise Refus(*refus.phrases) from refus
    suite = trancher(demande, acteur)
    _suivre_le_dossier(delivrance, demande, acteur)
    details = suite["details"] | {"remplace_par": demande.nouveau.numero}
    return {"details": details, "motif": raison(demande)}


refus_et_retrait(REMPLACEMENT, "remplacement", "le remplacement", repondent=APPROUVENT, demandent=PREPARENT)
