"""The verbs of the attestation of blocs: chosen and prepared by one person, approved by another, issued once each."""

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.comptes.ouverture import ouvrir_compte_candidat
from backoffice.courriels import composer
from backoffice.jurys.revocations import inscription_decisive
from registre import delivrance as registre
from registre.mentions import verifier_mentions
from registre.transitions import verbe

from .blocs import blocs_a_attester, contenu_du_bloc
from .blocs_forms import AttestationsDeBlocForm
from .models import DelivranceDeBloc
from .workflow import PREPARENT, en_attente_de_revocation, signataires

PREPARER, APPROUVER, REFUSER = (
    "preparer_attestations_de_bloc",
    "approuver_attestations_de_bloc",
    "refuser_attestations_de_bloc",
)


def _mentions(candidature, blocs, lieu: str) -> list[str]:
    """What is missing, said once though every bloc lacks it."""
    fiches = (registre.composer_enregistrement(**contenu_du_bloc(candidature, bloc, lieu)) for bloc in blocs)
    return list(dict.fromkeys(phrase for fiche in fiches for phrase in verifier_mentions(fiche)))


def _preparation_possible(candidature, acteur, donnees):
    if inscription_decisive(candidature) is None:
        yield "Le PV du jury n’est pas scellé\u00a0: la présidence et la vice-présidence le signent d’abord."
        return
    yield from en_attente_de_revocation(candidature)
    restent = blocs_a_attester(candidature)
    if not restent:
        yield "Chaque bloc que le jury a accordé à ce dossier a déjà son attestation, ou elle se prépare."
        return
    choisis = donnees.get("blocs", restent)
    for bloc in choisis:
        if bloc not in restent:
            yield f"Le bloc {bloc.code} n’est pas à attester\u00a0: il ne l’a pas été par ce jury, ou l’est déjà."
            return
    if donnees.get("lieu"):
        yield from _mentions(candidature, choisis, donnees["lieu"])


def _aux_signataires(candidature, acteur, donnees, resultat):
    if donnees.get("lot"):
        return []  # told once, for the whole lot
    gens = [a for a in signataires(candidature.version) if a != acteur.email]
    return [composer("delivrance_a_approuver", a, candidature=candidature) for a in gens]


@verbe(
    MODELE,
    PREPARER,
    libelle="Préparer des attestations de bloc",
    roles=PREPARENT,
    etape=10,
    de=(Etat.PARTIELLE,),
    conditions=_preparation_possible,
    formulaire=AttestationsDeBlocForm,
    courriels=_aux_signataires,
    aide="Une attestation par bloc acquis, en plus de l’attestation de réussite partielle\u00a0: pour un financeur, un "
    "employeur ou un autre certificateur qui ne demande que ce bloc.",
)
def _preparer(candidature, acteur, donnees):
    faites = [
        DelivranceDeBloc.objects.create(
            candidature=candidature,
            bloc=bloc,
            lieu=donnees["lieu"],
            preparee_par=acteur,
            preparee_le=timezone.now(),
        )
        for bloc in donnees["blocs"]
    ]
    return {"details": {"blocs": [attestation.bloc.code for attestation in faites]}}


def _preparees(candidature, donnees):
    """Those that wait for their approval: all of the dossier, or those of the blocs that are given."""
    siennes = candidature.attestations_de_bloc.a_approuver().select_related("bloc").order_by("bloc__ordre", "pk")
    return siennes.filter(bloc__in=donnees["blocs"]) if "blocs" in donnees else siennes


def _autre_personne(candidature, acteur, donnees):
    preparees = list(_preparees(candidature, donnees))
    if not preparees:
        yield "Aucune attestation de bloc n’attend d’approbation\u00a0: le certificateur ou le porteur les prépare."
    elif any(attestation.preparee_par_id == getattr(acteur, "pk", None) for attestation in preparees):
        yield "Vous avez préparé ces attestations\u00a0: une autre personne les approuve."


def _approbation_possible(candidature, acteur, donnees):
    manque = [*_autre_personne(candidature, acteur, donnees), *en_attente_de_revocation(candidature)]
    yield from manque
    if not manque:
        for attestation in _preparees(candidature, donnees):
            yield from _mentions(candidature, [attestation.bloc], attestation.lieu)


@verbe(
    MODELE,
    APPROUVER,
    libelle="Approuver et délivrer les attestations de bloc",
    par_lot=True,
    roles=("signataire",),
    etape=10,
    de=(Etat.PARTIELLE,),
    conditions=_approbation_possible,
    attendu=Q(pk__in=DelivranceDeBloc.objects.a_approuver().values("candidature")),
    attente="Le signataire approuve les attestations de bloc",
    aide="Chaque attestation reçoit son numéro et sa signature\u202f; elle ne se modifie plus.",
)
def _approuver(candidature, acteur, donnees):
    numeros = []
    for attestation in _preparees(candidature, donnees).select_for_update(of=("self",)):
        contenu = contenu_du_bloc(candidature, attestation.bloc, attestation.lieu)
        attestation.parchemin = registre.delivrer(certificateur=candidature.certificateur, **contenu)
        attestation.approuvee_par, attestation.approuvee_le = acteur, timezone.now()
        attestation.save()
        numeros.append(attestation.parchemin.numero)
    ouvrir_compte_candidat(candidature.titulaire)
    return {"details": {"numeros": numeros}}


@verbe(
    MODELE,
    REFUSER,
    libelle="Renvoyer les attestations de bloc à la préparation",
    par_lot=True,
    roles=("signataire",),
    etape=10,
    de=(Etat.PARTIELLE,),
    conditions=_autre_personne,
    formulaire=MotifForm,
    danger=True,
)
def _refuser(candidature, acteur, donnees):
    _preparees(candidature, donnees).delete()
    return {}
