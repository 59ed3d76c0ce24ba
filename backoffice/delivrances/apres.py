"""What the three requests on a document share: asked under its lock, answered by somebody else, told to who asked."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from backoffice.courriels import adresses, composer
from registre.delivrance import verrouiller
from registre.models import EntreeJournal, Parchemin
from registre.transitions import executer, verbe
from registre.trousseau import condition_de_coupure

from .models import Delivrance, DelivranceDeBloc
from .models_apres import DemandeSurDocument

Etat = DemandeSurDocument.Etat
# The next thing to do, unless what happened to the document meanwhile has answered.
ATTENDUE = Q(parchemin__annule_le=None)


def deposer(demande: DemandeSurDocument, nom: str, acteur, cle: str) -> DemandeSurDocument:
    """Carry out the verb that creates this request, under the lock of its document: nothing happens to it meanwhile.

    Raises:
        registre.transitions.Refus: as `executer` would.
    """
    with transaction.atomic():
        demande.parchemin = verrouiller(demande.parchemin)
        demande.demandee_par, demande.demandee_le = acteur, timezone.now()
        return executer(demande._meta.label_lower, nom, demande, acteur, cle=cle)


def a_refaire() -> Q:
    """The documents to issue again: their key was revoked, or their file cannot be made."""
    return condition_de_coupure() | ~Q(impossible="")


def hors_d_usage(document: Parchemin) -> str:
    """Why nothing more may be asked about this document; empty while it is in force."""
    if document.annule_le is None:
        return ""
    quoi = "remplacé" if document.remplace_par_id else "annulé"
    return f"Le document {document.numero} est {quoi} depuis le {timezone.localtime(document.annule_le):%d/%m/%Y}."


def demandable(demande, acteur, donnees):
    if refus := hors_d_usage(demande.parchemin):
        yield refus
    deja = type(demande).objects.en_attente().filter(parchemin=demande.parchemin).first()
    if deja:
        jour = timezone.localtime(deja.demandee_le)
        yield f"Une {demande._meta.verbose_name} attend déjà sa réponse, depuis le {jour:%d/%m/%Y}."


def refusable(demande, acteur, donnees):
    """Two people (constraint « …_quatre_yeux »), and nobody about their own document."""
    if demande.demandee_par_id == getattr(acteur, "pk", None):
        yield "Vous avez fait cette demande\u00a0: une autre personne y répond."
    if demande.titulaire.utilisateur_id == getattr(acteur, "pk", None):
        yield "Ce document est à votre nom\u00a0: une autre personne répond à cette demande."


def acceptable(demande, acteur, donnees):
    yield from refusable(demande, acteur, donnees)
    if refus := hors_d_usage(demande.parchemin):
        yield f"{refus} Cette demande n’a plus d’objet."


def raison(demande) -> str:
    """The reason in full: the word chosen, then what was written."""
    mot = f"{demande.get_motif_display()}".capitalize()
    return f"{mot}. {demande.precisions}".strip() if demande.precisions else f"{mot}."


def trancher(demande, acteur) -> dict:
    """Write who answered, and when."""
    demande.tranchee_par, demande.tranchee_le = acteur, timezone.now()
    return {"details": {"parchemin": demande.parchemin_id, "numero": demande.parchemin.numero}}


def role_tenu(demande, acteur, roles: Iterable[str]) -> str:
    """The first of these roles that this person holds on the request."""
    tenus = demande.roles_de(acteur)
    return next(role for role in roles if role in tenus)


def dossier_de(document: Parchemin):
    """The dossier this document was issued for; None for a document of the register alone."""
    if document.nature == Parchemin.Nature.BLOC:
        delivrance = DelivranceDeBloc.objects.filter(parchemin=document).select_related("candidature").first()
    else:
        delivrance = Delivrance.objects.filter(parchemin=document).select_related("candidature", "defaite_pour").first()
    return delivrance and delivrance.dossier


def avertir(*roles: str):
    """The mail to those who may answer, in the name of the bodies that issued the document."""

    def preparer(demande, acteur, donnees, resultat):
        version = demande.parchemin.version
        organismes = {"gestionnaire": [version.certification.porteur]}
        gens = {a for r in roles for o in organismes.get(r, version.certificateurs) for a in adresses(r, o)}
        gens.discard(acteur.email)
        return [composer("demande_document_recue", a, **contexte(demande)) for a in sorted(gens)]

    return preparer


def cause_de(demande, verbe: str) -> EntreeJournal:
    """The entry of the journal that answered this request: what a mail that leaves later comes from."""
    return EntreeJournal.objects.de(demande).filter(verbe=verbe).latest("sequence")


def contexte(demande, motif: str = "") -> dict:
    return {"demande": demande, "document": demande.parchemin, "motif": motif}


def a_qui_a_demande(demande, motif: str = ""):
    """The mail that tells the answer to who asked, at the address of their account."""
    return composer("demande_document_tranchee", demande.demandee_par.email, **contexte(demande, motif))


def _refuser(demande, acteur, donnees):
    demande.reponse = donnees["motif"]
    return trancher(demande, acteur)


def _demande_par_soi(demande, acteur, donnees):
    if demande.demandee_par_id != getattr(acteur, "pk", None):
        yield "Seule la personne qui a fait cette demande la retire\u00a0: vous pouvez la refuser."


def refus_et_retrait(modele: str, suffixe: str, objet: str, *, repondent: tuple, demandent: tuple) -> None:
    """Register the two ends that change nothing to the document: refused with a reason, withdrawn by who asked."""
    verbe(
        modele,
        f"refuser_{suffixe}",
        libelle=f"Refuser {objet}",
        roles=repondent,
        etape=10,
        de=(Etat.DEMANDEE,),
        vers=(Etat.REFUSEE,),
        conditions=refusable,
        formulaire=MotifForm,
        courriels=lambda demande, acteur, donnees, resultat: [a_qui_a_demande(demande, donnees["motif"])],
        aide="Le document ne change pas. La personne qui a demandé lit vos raisons.",
    )(_refuser)
    verbe(
        modele,
        f"retirer_{suffixe}",
        libelle="Retirer ma demande",
        roles=demandent,
        etape=10,
        de=(Etat.DEMANDEE,),
        vers=(Etat.RETIREE,),
        conditions=_demande_par_soi,
        aide="Le document ne change pas.",
    )(lambda demande, acteur, donnees: trancher(demande, acteur))
