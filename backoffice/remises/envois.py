"""The verbs of a sending: asked by the holder or proposed by the certificateur, sent, sometimes come back."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.inactivite import Horloge
from backoffice.courriels import composer
from registre import journal
from registre.delivrance import suite_d_annulation
from registre.models import Parchemin
from registre.transitions import Refus, executer, verbe

from .forms import DonnerAdresseForm, EnvoyeForm, RetourForm
from .models import EN_COURS, Envoi, Remise

ENVOI = "remises.envoi"
Etat = Envoi.Etat
GENS = ("certificateur", "gestionnaire")
TITULAIRE = "titulaire"


def _au_titulaire(modele: str):
    def preparer(envoi, acteur, donnees, resultat):
        titulaire = envoi.parchemin.titulaire
        return [composer(modele, titulaire.courriel, envoi=envoi, compte=titulaire.utilisateur_id)]

    return preparer


def _envoyable(envoi, acteur, donnees):
    document = envoi.parchemin
    if document.annule_le is not None:
        yield f"Le document {document.numero} est annulé ou remplacé\u00a0: il ne s’envoie plus."
    elif not document.sha256:
        yield f"Le document {document.numero} est en cours de fabrication\u00a0: recommencez dans une minute."


def _demandable(envoi, acteur, donnees):
    yield from _envoyable(envoi, acteur, donnees)
    if envoi.parchemin.envois.filter(etat__in=EN_COURS).exists():
        yield f"Un envoi du document {envoi.parchemin.numero} est déjà en cours."


@verbe(
    ENVOI,
    "demander_envoi",
    libelle="Recevoir le document par la poste",
    roles=("candidat",),
    etape=10,
    vers=(Etat.A_ENVOYER,),
    conditions=_demandable,
    creation=True,
)
def _demander(envoi, acteur, donnees):
    return {"details": {"parchemin": envoi.parchemin_id}}


@verbe(
    ENVOI,
    "proposer_envoi",
    libelle="Proposer un envoi postal",
    roles=GENS,
    etape=10,
    vers=(Etat.A_COMPLETER,),
    conditions=_demandable,
    courriels=_au_titulaire("adresse_demandee"),
    creation=True,
)
def _proposer(envoi, acteur, donnees):
    return {"details": {"parchemin": envoi.parchemin_id}}


def _adressable(envoi, acteur, donnees):
    yield from _envoyable(envoi, acteur, donnees)
    if envoi.parchemin.envois.filter(etat__in=EN_COURS).exclude(pk=envoi.pk).exists():
        yield f"Un autre envoi du document {envoi.parchemin.numero} est déjà en cours\u00a0: renoncez d’abord à lui."


@verbe(
    ENVOI,
    "donner_adresse",
    libelle="Donner l’adresse",
    roles=("candidat", *GENS),
    etape=10,
    de=(Etat.A_COMPLETER, Etat.A_ENVOYER, Etat.REVENU),
    vers=(Etat.A_ENVOYER,),
    conditions=_adressable,
    formulaire=DonnerAdresseForm,
    principal=True,
    attendu=Q(etat__in=(Etat.A_COMPLETER, Etat.REVENU), parchemin__annule_le=None),
    attente="Le titulaire donne une adresse postale",
    aide="Cette adresse ne sert qu’à cet envoi. Elle est effacée trente jours après.",
)
def _donner_adresse(envoi, acteur, donnees):
    for champ in Envoi.CHAMPS_ADRESSE:
        setattr(envoi, champ, donnees[champ])
    envoi.adresse_effacee_le = envoi.revenu_le = None
    envoi.retour = ""
    return {}


@verbe(
    ENVOI,
    "marquer_envoye",
    libelle="Noter l’envoi",
    roles=GENS,
    etape=10,
    de=(Etat.A_ENVOYER,),
    vers=(Etat.ENVOYE,),
    conditions=_envoyable,
    formulaire=EnvoyeForm,
    courriels=_au_titulaire("document_envoye"),
    principal=True,
    attendu=Q(parchemin__annule_le=None),
    attente="Le certificateur ou le porteur envoie le document par la poste",
    aide="À faire une fois le pli posté\u00a0: le titulaire en est prévenu, et la remise entre au registre.",
    par_lot=True,
)
def _marquer_envoye(envoi, acteur, donnees):
    envoi.envoye_le = donnees["le"]
    # Sent again after a return: another line of the register, the first one stays.
    Remise.objects.filter(envoi=envoi).update(envoi=None)
    Remise.objects.create(
        parchemin=envoi.parchemin,
        moyen=Remise.Moyen.POSTE,
        le=donnees["le"],
        a_qui=(envoi.destinataire or envoi.titulaire.nom_complet)[:80],
        par=acteur,
        envoi=envoi,
    )
    return {"details": {"le": donnees["le"].isoformat()}}


def _revenu_apres_l_envoi(envoi, acteur, donnees):
    if donnees.get("le") and envoi.envoye_le and donnees["le"] < envoi.envoye_le:
        yield "Un pli ne revient pas avant son envoi\u00a0: vérifiez la date."


@verbe(
    ENVOI,
    "noter_retour",
    libelle="Noter le retour du pli",
    roles=GENS,
    etape=10,
    de=(Etat.ENVOYE,),
    vers=(Etat.REVENU,),
    conditions=_revenu_apres_l_envoi,
    formulaire=RetourForm,
    courriels=_au_titulaire("courrier_revenu"),
    aide="L’adresse est effacée, et le titulaire est invité à en donner une autre.",
)
def _noter_retour(envoi, acteur, donnees):
    envoi.revenu_le, envoi.retour = donnees["le"], donnees["retour"]
    envoi.effacer_l_adresse()
    Remise.objects.filter(envoi=envoi).update(revenue_le=donnees["le"])
    return {"details": {"retour": donnees["retour"]}}


@verbe(
    ENVOI,
    "renoncer_envoi",
    libelle="Renoncer à cet envoi",
    roles=("candidat", *GENS),
    etape=10,
    de=(Etat.A_COMPLETER, Etat.A_ENVOYER, Etat.REVENU),
    vers=(Etat.RENONCE,),
    danger=True,
    aide="L’adresse est effacée aussitôt. Le document reste à télécharger, avec la même valeur.",
)
def _renoncer(envoi, acteur, donnees):
    envoi.effacer_l_adresse()
    return {}


@verbe(
    ENVOI,
    "cesser_envoi",
    libelle="Cesser l’envoi d’un document annulé",
    roles=("plateforme",),
    etape=10,
    de=(Etat.A_COMPLETER, Etat.A_ENVOYER, Etat.REVENU),
    vers=(Etat.RENONCE,),
    interne=True,
)
def _cesser(envoi, acteur, donnees):
    envoi.effacer_l_adresse()
    return {}


@suite_d_annulation
def cesser_les_envois(document: Parchemin) -> None:
    """What is worth nothing any more is not posted: the platform renounces by itself, and forgets the address."""
    for envoi in document.envois.filter(etat__in=(*EN_COURS, Etat.REVENU)).order_by("pk"):
        try:
            executer(ENVOI, "cesser_envoi", envoi, Horloge())
        except Refus:
            pass  # posted at this very moment: its address is erased thirty days after, as any other


def ouvrir(nom: str, envoi: Envoi, acteur, cle: str = "") -> Envoi:
    """Create one sending by this verb.

    Raises:
        Refus: the document may not be sent, or somebody has just asked for it.
    """
    try:
        with transaction.atomic():
            return executer(ENVOI, nom, envoi, acteur, cle=cle)
    except IntegrityError:
        raise Refus(f"Un envoi du document {envoi.parchemin.numero} est déjà en cours.") from None


def proposer(acteur, numeros: list[str]) -> tuple[list[Envoi], list[tuple[str, str]]]:
    """Open a sending for each of these documents: those opened, and for each other number, why not.

    A bad number never blocks the next one.
    """
    visibles = Parchemin.objects.all().visibles_par(acteur).select_related("version__certification", "titulaire")
    connus = {p.numero: p for p in visibles.filter(numero__in=numeros)}
    ouverts, refuses = [], []
    for numero in numeros:
        if numero not in connus:
            refuses.append((numero, "Aucun document de votre périmètre ne porte ce numéro."))
            continue
        envoi = Envoi(parchemin=connus[numero], demande_par=acteur)
        try:
            ouverts.append(ouvrir("proposer_envoi", envoi, acteur))
        except Refus as refus:
            refuses.append((numero, " ".join(refus.phrases)))
    return ouverts, refuses


def noter_telechargement(parchemin: Parchemin, acteur) -> None:
    """The first time that its holder takes the file is a line of the register; the journal tells the others."""
    Remise.objects.get_or_create(
        parchemin=parchemin,
        moyen=Remise.Moyen.PORTAIL,
        defaults={"le": timezone.localdate(), "a_qui": parchemin.titulaire.nom_complet[:80], "par": acteur},
    )


def remettre_en_main(parchemin: Parchemin, acteur, role: str, le, a_qui: str) -> Remise:
    """Note that the paper was given by hand."""
    with transaction.atomic():
        remise = Remise.objects.create(parchemin=parchemin, moyen=Remise.Moyen.MAIN, le=le, a_qui=a_qui, par=acteur)
        journal.consigner(acteur, role, "remettre_en_main", remise, details={"parchemin": parchemin.pk})
    return remise
