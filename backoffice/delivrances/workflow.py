"""The verbs of step 10: prepared by one person, approved by another, issued once."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.comptes.ouverture import ouvrir_compte_candidat
from backoffice.courriels import adresses, composer
from backoffice.jurys.models import MembreJury
from backoffice.jurys.revocations import inscription_decisive, revocation_demandee
from backoffice.parcours.models import ModaliteAcces
from backoffice.parcours.validite import fin_de_validite
from registre import delivrance as registre
from registre.mentions import verifier_mentions
from registre.models import Parchemin
from registre.transitions import verbe

from .forms import PreparationForm
from .models import Delivrance

DECIDEES = (Etat.VALIDEE, Etat.PARTIELLE)
PREPARENT = ("certificateur", "gestionnaire")
_VOIES_DU_CONTRAT = {ModaliteAcces.CANDIDAT_LIBRE: "CERTIFIE", ModaliteAcces.VAE: "CERTIFIE"}


def _blocs_du_document(candidature, decisions: dict[int, bool], fin: str, jour: date) -> list[dict]:
    """The blocs decided by the jury and those credited on its day, in the order of the fiche.

    What a parchemin certifies no longer ends; an attestation keeps the validity of each bloc, credited ones their own.
    """
    credites = {c.bloc_id: c for c in candidature.blocs_repris() if c.est_valide(jour)}
    blocs = []
    for bloc in candidature.version.blocs.all():
        credit = credites.get(bloc.pk)
        if bloc.pk not in decisions and credit is None:
            continue
        acquis = credit is not None or decisions[bloc.pk]
        fige = {"code": bloc.code, "libelle": bloc.libelle, "acquis": acquis, "valide_jusqu_au": fin if acquis else ""}
        if credit is not None:
            limite = credit.valide_jusqu_au.isoformat() if credit.valide_jusqu_au else ""
            fige["valide_jusqu_au"] = limite if candidature.etat == Etat.PARTIELLE else ""
            fige["repris"] = {
                "de": credit.provenance,
                "code": credit.acquis.code,
                "acquis_le": credit.acquis_le.isoformat(),
                "valide_jusqu_au": limite,
            }
        blocs.append(fige)
    return blocs


def contenu_du_document(candidature, lieu: str) -> dict:
    """What `registre.delivrance` needs to issue the document of this dossier."""
    inscription = inscription_decisive(candidature)
    session = inscription.session
    decisions = dict(inscription.decisions.values_list("bloc", "acquis"))
    # Counted from the jury: two papers that say the same bloc say the same day, whenever each is issued.
    mois = candidature.parcours.validite_blocs_mois
    fin = fin_de_validite(session.tenue_le, mois).isoformat() if mois and candidature.etat == Etat.PARTIELLE else ""
    dirigeants = session.membres.exclude(fonction=MembreJury.Fonction.MEMBRE).select_related("utilisateur")
    return {
        "nature": "parchemin" if candidature.etat == Etat.VALIDEE else "attestation",
        "titulaire": candidature.titulaire,
        "version": candidature.version,
        "option": candidature.option.libelle if candidature.option else "",
        "lieu": lieu,
        "jury": {"date": session.tenue_le.isoformat(), "pv": session.pv.numero},
        "blocs": _blocs_du_document(candidature, decisions, fin, session.tenue_le),
        "acces": {
            "modalite": candidature.modalite_acces,
            "voie_vae": "VAE_CLASSIQUE" if candidature.modalite_acces == ModaliteAcces.VAE else "",
            "initiative": _VOIES_DU_CONTRAT.get(candidature.modalite_acces, "EMPLOYEUR"),
            "inscrit_le": timezone.localdate(candidature.deposee_le).isoformat(),
            "examen_debut": (candidature.evaluation.date_evaluation or session.tenue_le).isoformat(),
            "examen_fin": session.tenue_le.isoformat(),
        },
        "signataires": [
            {"college": m.college, "nom": m.utilisateur.get_full_name(), "qualite": m.qualite}
            for m in sorted(dirigeants, key=lambda m: m.college)
        ],
    }


def en_attente_de_revocation(candidature):
    if revocation_demandee(candidature):
        yield "La révocation de cette décision est demandée\u00a0: le certificateur y répond d’abord."


def _preparation_possible(candidature, acteur, donnees):
    if inscription_decisive(candidature) is None:
        yield "Le PV du jury n’est pas scellé\u00a0: la présidence et la vice-présidence le signent d’abord."
        return
    yield from en_attente_de_revocation(candidature)
    if Delivrance.objects.filter(candidature=candidature).exists():
        yield "La délivrance de ce dossier est déjà préparée."
    if candidature.etat == Etat.VALIDEE and (
        Parchemin.objects.vivants()
        .filter(titulaire=candidature.titulaire, version=candidature.version, nature="parchemin")
        .exists()
    ):
        yield "Cette personne a déjà un parchemin valable pour cette certification."
    if donnees.get("lieu"):
        yield from verifier_mentions(
            registre.composer_enregistrement(**contenu_du_document(candidature, donnees["lieu"]))
        )


def signataires(version) -> list[str]:
    """The addresses of those who may approve: a signataire of any certificateur of the fiche."""
    return sorted({a for organisme in version.certificateurs for a in adresses("signataire", organisme)})


def _aux_signataires(candidature, acteur, donnees, resultat):
    if donnees.get("lot"):
        return []  # told once, for the whole lot
    return [composer("delivrance_a_approuver", a, candidature=candidature) for a in signataires(candidature.version)]


@verbe(
    MODELE,
    "preparer_delivrance",
    libelle="Préparer la délivrance",
    roles=PREPARENT,
    etape=10,
    de=DECIDEES,
    conditions=_preparation_possible,
    formulaire=PreparationForm,
    courriels=_aux_signataires,
    principal=True,
    attendu=Q(delivrance=None),
    attente="Le certificateur prépare la délivrance",
)
def _preparer(candidature, acteur, donnees):
    delivrance = Delivrance.objects.create(
        candidature=candidature, lieu=donnees["lieu"], preparee_par=acteur, preparee_le=timezone.now()
    )
    return {"details": {"delivrance": delivrance.pk}}


def _preparee(candidature, acteur, donnees):
    delivrance = Delivrance.objects.filter(candidature=candidature).first()
    if delivrance is None:
        yield "La délivrance n’est pas encore préparée\u00a0: le certificateur ou le porteur la prépare."
    elif delivrance.approuvee_le:
        yield "Ce document est déjà délivré."
    elif delivrance.preparee_par_id == getattr(acteur, "pk", None):
        yield "Vous avez préparé cette délivrance\u00a0: une autre personne l’approuve."


def _approbation_possible(candidature, acteur, donnees):
    manque = [*_preparee(candidature, acteur, donnees), *en_attente_de_revocation(candidature)]
    yield from manque
    if not manque:
        contenu = contenu_du_document(candidature, candidature.delivrance.lieu)
        yield from verifier_mentions(registre.composer_enregistrement(**contenu))


@verbe(
    MODELE,
    "approuver_delivrance",
    libelle="Approuver et délivrer",
    par_lot=True,
    roles=("signataire",),
    etape=10,
    de=DECIDEES,
    conditions=_approbation_possible,
    principal=True,
    attendu=Q(delivrance__isnull=False, delivrance__approuvee_le=None),
    attente="Le signataire approuve la délivrance",
    aide="Le document reçoit son numéro et sa signature\u202f; il ne se modifie plus.",
)
def _approuver(candidature, acteur, donnees):
    delivrance = Delivrance.objects.select_for_update().get(candidature=candidature)
    contenu = contenu_du_document(candidature, delivrance.lieu)
    parchemin = registre.delivrer(certificateur=candidature.certificateur, **contenu)
    delivrance.approuvee_par, delivrance.approuvee_le, delivrance.parchemin = acteur, timezone.now(), parchemin
    delivrance.save()
    ouvrir_compte_candidat(candidature.titulaire)
    return {"details": {"parchemin": parchemin.pk, "numero": parchemin.numero}}


@verbe(
    MODELE,
    "refuser_delivrance",
    libelle="Renvoyer à la préparation",
    par_lot=True,
    roles=("signataire",),
    etape=10,
    de=DECIDEES,
    conditions=_preparee,
    formulaire=MotifForm,
    danger=True,
)
def _refuser(candidature, acteur, donnees):
    Delivrance.objects.filter(candidature=candidature, approuvee_le=None).delete()
    return {}
