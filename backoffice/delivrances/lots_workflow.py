"""The verbs of a lot: opened, prepared by one person, approved by another, ended by the platform, then filed."""

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import composer
from registre.models import VersionCertification
from registre.transitions import Refus, executer, verbe

from . import lots
from .lots_forms import PreparationLotForm
from .models import LigneLot, LotDelivrance
from .workflow import PREPARENT, signataires

LOT = lots.LOT
Etat = LotDelivrance.Etat
ETAPE = 10


def _peut_constituer(lot, acteur, donnees):
    if not donnees.get("candidatures"):
        yield "Choisissez au moins un dossier décidé."


@verbe(
    LOT,
    "constituer_lot",
    libelle="Ouvrir un lot de délivrance",
    roles=PREPARENT,
    etape=ETAPE,
    vers=(Etat.BROUILLON,),
    creation=True,
    conditions=_peut_constituer,
)
def _constituer(lot, acteur, donnees):
    lignes = lots.lignes_pour(lot, donnees["candidatures"])
    if not lignes:
        raise Refus(lots.RIEN[lot.genre])
    LigneLot.objects.bulk_create(lignes, batch_size=500)
    return {"details": {"dossiers": len(lignes)}}


def _il_reste_un_dossier(lot, acteur, donnees):
    ecartees = donnees.get("ecartees")
    if ecartees is not None and lot.lignes.count() == len(ecartees):
        yield "Tous les dossiers sont laissés de côté\u00a0: gardez-en au moins un, ou abandonnez le lot."
    if not _ses_signataires(lot):
        yield (
            "Personne n’est habilité à signer pour les certificateurs de ces certifications\u00a0: un certificateur "
            "invite d’abord un signataire."
        )


def _ses_signataires(lot) -> set[str]:
    versions = lot.versions.prefetch_related("roles__organisme")
    return {adresse for version in versions for adresse in signataires(version)}


def _aux_signataires(lot, acteur, donnees, resultat):
    gens = sorted(_ses_signataires(lot) - {acteur.email})
    return [composer("lot_a_approuver", adresse, lot=lot) for adresse in gens]


@verbe(
    LOT,
    "preparer_lot",
    libelle="Préparer le lot",
    roles=PREPARENT,
    etape=ETAPE,
    de=(Etat.BROUILLON,),
    vers=(Etat.PREPARE,),
    conditions=_il_reste_un_dossier,
    formulaire=PreparationLotForm,
    courriels=_aux_signataires,
    principal=True,
    attendu=Q(),
    attente="Lots de délivrance à préparer",
    aide="Chaque dossier est contrôlé\u00a0: mentions obligatoires, PV scellé, aucune révocation demandée. Ceux qui "
    "passent sont proposés au signataire, les autres restent à préparer, avec la raison.",
)
def _preparer(lot, acteur, donnees):
    """Each dossier by its own verb, under its own conditions; one that is refused leaves the lot and says why."""
    ecartees = {ligne.pk for ligne in donnees.get("ecartees") or ()}
    lot.lieu = donnees["lieu"]
    prepares = 0
    for ligne in lot.lignes.completes():
        ligne.ecartee, ligne.refus = ligne.pk in ecartees, ""
        if not ligne.ecartee:
            try:
                donnees_du_dossier = lots.donnees_de(ligne, lieu=lot.lieu, lot=lot)
                executer(MODELE, lots.acte_de(lot, lots.PREPARER).nom, ligne.candidature, acteur, donnees_du_dossier)
                prepares += 1
            except Refus as refus:
                ligne.ecartee, ligne.refus = True, " ".join(refus.phrases)
        ligne.save(update_fields=["ecartee", "refus"])
    if not prepares:
        raise Refus("Aucun de ces dossiers ne peut être délivré\u00a0: voyez pourquoi sur la page du lot.")
    lot.prepare_par, lot.prepare_le = acteur, timezone.now()
    return {"details": {"prepares": prepares, "ecartes": len(ecartees)}}


def _autre_personne(lot, acteur, donnees):
    if lot.prepare_par_id == getattr(acteur, "pk", None):
        yield "Vous avez préparé ce lot\u00a0: une autre personne l’approuve."


def _approbation_possible(lot, acteur, donnees):
    yield from _autre_personne(lot, acteur, donnees)
    siennes = VersionCertification.objects.delivrees_par(acteur.organismes_ids("signataire"))
    autres = lot.versions.exclude(pk__in=siennes).count()
    if autres:
        yield (
            "Ce lot réunit des certifications pour lesquelles vous n’êtes pas habilité à signer\u00a0: renvoyez-le, et "
            "faites préparer un lot par certificateur."
        )


@verbe(
    LOT,
    "approuver_lot",
    libelle="Approuver et délivrer le lot",
    roles=("signataire",),
    etape=ETAPE,
    de=(Etat.PREPARE,),
    vers=(Etat.EN_COURS,),
    conditions=_approbation_possible,
    principal=True,
    attendu=Q(),
    attente="Lots de délivrance à approuver",
    aide="Chaque document reçoit son numéro et sa signature\u202f; il ne se modifie plus. Le travail se fait sans "
    "vous\u00a0: vous pouvez quitter la page et la retrouver.",
)
def _approuver(lot, acteur, donnees):
    lot.approuve_par, lot.approuve_le, lot.sous_le_role = acteur, timezone.now(), acteur.sous_le_role
    lots.derouler.enqueue(lot.pk)
    return {"details": {"dossiers": lot.lignes.en_attente().count()}}


def _defaire_les_preparations(lot) -> None:
    """Undo what this very preparation made, and nothing that another one did: a draft has made nothing."""
    if lot.prepare_le is None:
        return
    gardees = lot.lignes.filter(ecartee=False)
    siennes = lots.delivrances_de(lot).filter(
        candidature__in=gardees.values("candidature"),
        approuvee_le=None,
        preparee_par=lot.prepare_par,
        preparee_le__lte=lot.prepare_le,
    )
    if lot.genre == LotDelivrance.Genre.BLOCS:
        couples = set(gardees.values_list("candidature", "bloc"))
        siennes = siennes.filter(pk__in=[d.pk for d in siennes if (d.candidature_id, d.bloc_id) in couples])
    siennes.delete()


@verbe(
    LOT,
    "renvoyer_lot",
    libelle="Renvoyer à la préparation",
    roles=("signataire",),
    etape=ETAPE,
    de=(Etat.PREPARE,),
    vers=(Etat.BROUILLON,),
    conditions=_autre_personne,
    formulaire=MotifForm,
    courriels=lambda lot, acteur, donnees, resultat: [
        composer("lot_renvoye", resultat["preparateur"].email, lot=lot, motif=donnees["motif"])
    ],
    danger=True,
    aide="Rien n’est délivré. La personne qui a préparé le lot lit vos raisons et le corrige.",
)
def _renvoyer(lot, acteur, donnees):
    _defaire_les_preparations(lot)
    preparateur, lot.prepare_par, lot.prepare_le = lot.prepare_par, None, None
    return {"preparateur": preparateur}


@verbe(
    LOT,
    "abandonner_lot",
    libelle="Abandonner le lot",
    roles=PREPARENT,
    etape=ETAPE,
    de=(Etat.BROUILLON, Etat.PREPARE),
    vers=(Etat.ABANDONNE,),
    danger=True,
    aide="Rien n’est délivré\u202f; les dossiers redeviennent à préparer.",
)
def _abandonner(lot, acteur, donnees):
    _defaire_les_preparations(lot)
    return {}


def _rien_ne_reste(lot, acteur, donnees):
    if lots.reste_a_faire(lot):
        yield "Des documents de ce lot sont encore en fabrication."


def _a_qui_en_repond(lot, acteur, donnees, resultat):
    gens = dict.fromkeys([lot.prepare_par.email, lot.approuve_par.email])
    return [composer("lot_termine", adresse, lot=lot, comptes=resultat["comptes"]) for adresse in gens]


@verbe(
    LOT,
    "terminer_lot",
    libelle="Terminer le lot",
    roles=("plateforme",),
    etape=ETAPE,
    de=(Etat.EN_COURS,),
    vers=(Etat.TERMINE,),
    conditions=_rien_ne_reste,
    courriels=_a_qui_en_repond,
    interne=True,
)
def _terminer(lot, acteur, donnees):
    impossibles = lot.lignes.impossibles().count()
    lot.fini_le, lot.refusees, lot.incident = timezone.now(), lot.lignes.refusees().count() + impossibles, ""
    comptes = {"delivres": lot.lignes.delivrees().count() - impossibles, "refuses": lot.refusees}
    return {"details": comptes, "comptes": comptes}


def _a_lire(lot, acteur, donnees):
    if lot.classe_le:
        yield "Ce compte rendu est déjà classé."


@verbe(
    LOT,
    "classer_lot",
    libelle="Classer le compte rendu",
    roles=PREPARENT,
    etape=ETAPE,
    de=(Etat.TERMINE,),
    conditions=_a_lire,
    principal=True,
    attendu=Q(refusees__gt=0, classe_le=None),
    attente="Lots terminés avec des dossiers refusés",
    aide="Vous avez vu ce qui a été refusé\u00a0: le compte rendu quitte «\u202fÀ faire\u202f» et reste ici.",
)
def _classer(lot, acteur, donnees):
    lot.classe_le = timezone.now()
    return {}
