"""The verbs of a lot: written once, deposited by hand, answered, closed. A refusal never touches a parchemin."""

import uuid

from django.db import transaction
from django.utils import timezone

from registre import journal
from registre.transitions import Refus, executer, verbe

from . import accrochage, lots, reponses
from .accuses import AccuseIllisible, lire
from .forms import AccuseForm, DateForm, MotifForm
from .models import LotCPF, ParametresCPF, PassageCPF

MODELE = "cpf.lotcpf"
ROLES = ("certificateur",)
ETAPE = 10
Etat = LotCPF.Etat


def constituer(acteur, certificateur, avec_refuses: bool = True, cle: str = "") -> LotCPF:
    """Write a lot with everything that this certificateur owes and that may go. A repeated `cle` gives the same lot.

    Raises:
        Refus: settings missing, nothing to declare, nothing that may go, or a file that the schema refuses.
    """
    lot = LotCPF(certificateur=certificateur, horodatage=timezone.now().replace(microsecond=0))
    with transaction.atomic():
        # One lot at a time for a certificateur: two people who start together make one lot, not two halves.
        parametres = ParametresCPF.objects.select_for_update().filter(certificateur=certificateur).first()
        if parametres:
            lot.profil, lot.nature_deposant = parametres.profil, parametres.nature_deposant
            lot.id_client_emetteur, lot.id_contrat = parametres.id_client_emetteur, parametres.id_contrat
            lot.id_client_certificateur = parametres.id_client
        return executer(
            MODELE, "constituer", lot, acteur, {"parametres": parametres, "avec_refuses": avec_refuses}, cle=cle
        )


def integrer_accuse(acteur, lot: LotCPF, octets: bytes, nom: str = "") -> LotCPF:
    """Read an accusé and apply it to its lot; the same file again changes nothing.

    Raises:
        Refus: unreadable file, accusé of another flux, lot that was not deposited.
    """
    try:
        recu = reponses.AccuseRecu(lire(octets), octets, nom)
    except AccuseIllisible as illisible:
        raise Refus(str(illisible)) from None
    return executer(MODELE, "integrer_accuse", lot, acteur, {"fichier": recu}, cle=recu.sha256)


def lot_de(id_flux: str, parmi) -> LotCPF | None:
    """The lot, among these, that carries the identifier written in an accusé."""
    try:
        return parmi.filter(id_flux=uuid.UUID(id_flux)).first()
    except ValueError:
        return None


def regler(acteur, parametres: ParametresCPF) -> ParametresCPF:
    """Store the settings of a certificateur, validated and unsaved, with their entry in the journal."""
    with transaction.atomic():
        parametres.save()
        journal.consigner(acteur, "certificateur", "regler", parametres, details={"profil": parametres.profil})
    return parametres


def _peut_constituer(lot, acteur, donnees):
    if donnees.get("parametres") is None:
        yield "Renseignez d’abord le matricule et le contrat reçus de la Caisse des dépôts, dans les réglages."
    elif not accrochage.a_declarer(lot.certificateur, avec_refuses=donnees["avec_refuses"]).exists():
        yield "Il n’y a rien à déclarer\u00a0: chaque parchemin est accepté ou attend sa réponse."


@verbe(
    MODELE,
    "constituer",
    libelle="Constituer un lot",
    roles=ROLES,
    etape=ETAPE,
    vers=(Etat.PREPARE,),
    creation=True,
    conditions=_peut_constituer,
    aide="Le fichier est contrôlé, validé par le schéma, puis figé.",
)
def _constituer(lot, acteur, donnees):
    parchemins = accrochage.a_declarer(lot.certificateur, avec_refuses=donnees["avec_refuses"])
    comptes = lots.ecrire_lot(lot, accrochage.examiner(parchemins), donnees["parametres"])
    return {"details": {**comptes, "sha256": lot.sha256}}


@verbe(
    MODELE,
    "declarer_depot",
    libelle="Déclarer le dépôt",
    roles=ROLES,
    etape=ETAPE,
    de=(Etat.PREPARE,),
    vers=(Etat.DEPOSE,),
    formulaire=DateForm,
    principal=True,
    attente="Le fichier est à déposer sur le portail de la Caisse des dépôts",
    aide="Après le dépôt sur le portail des certificateurs, onglet «\u202fTransmettre des données\u202f».",
)
def _declarer_depot(lot, acteur, donnees):
    lot.depose_le = donnees["jour"]
    return {"details": {"jour": lot.depose_le.isoformat()}}


@verbe(
    MODELE,
    "noter_reception",
    libelle="Noter l’accusé de réception",
    roles=ROLES,
    etape=ETAPE,
    de=(Etat.DEPOSE,),
    formulaire=DateForm,
    aide="Facultatif\u00a0: la date du message qui précède l’accusé de traitement.",
)
def _noter_reception(lot, acteur, donnees):
    lot.accuse_reception_le = donnees["jour"]
    return {"details": {"jour": lot.accuse_reception_le.isoformat()}}


def _accuse_de_ce_lot(lot, acteur, donnees):
    recu = donnees.get("fichier")
    if recu is None or recu.accuse.id_flux.casefold() == str(lot.id_flux):
        return
    if autre := lot_de(recu.accuse.id_flux, LotCPF.objects.filter(certificateur=lot.certificateur)):
        yield f"Cet accusé répond au lot du {timezone.localtime(autre.horodatage):%d/%m/%Y}, pas à celui-ci."
    else:
        yield f"Cet accusé répond au flux {recu.accuse.id_flux[:50]}, pas à celui de ce lot ({lot.id_flux})."


@verbe(
    MODELE,
    "integrer_accuse",
    libelle="Intégrer l’accusé de traitement",
    roles=ROLES,
    etape=ETAPE,
    de=(Etat.DEPOSE, Etat.TRAITE),
    vers=(Etat.DEPOSE, Etat.TRAITE),
    conditions=_accuse_de_ce_lot,
    formulaire=AccuseForm,
    principal=True,
    attente="La Caisse des dépôts traite le fichier",
    aide="Reçu quelques jours après le dépôt, sur le portail.",
)
def _integrer_accuse(lot, acteur, donnees):
    if lot.accuses.filter(sha256=donnees["fichier"].sha256).exists():
        return {"etat": lot.etat, "details": {"deja_integre": True}}
    instant = timezone.now()
    rapport = reponses.appliquer(lot, donnees["fichier"], instant)
    details = {nom: rapport[nom] for nom in ("acceptes", "refuses", "deja_en_base", "sans_reponse")}
    if rapport["sans_reponse"]:
        return {"etat": Etat.DEPOSE, "details": details}
    lot.traite_le = lot.traite_le or instant
    return {"etat": Etat.TRAITE, "details": details}


@verbe(
    MODELE,
    "clore",
    libelle="Clore le lot",
    roles=ROLES,
    etape=ETAPE,
    de=(Etat.TRAITE,),
    vers=(Etat.CLOS,),
    principal=True,
    attente="Le lot est traité\u00a0: ses refus sont à corriger, puis il se clôt",
    aide="Les passages refusés restent à déclarer dans un prochain lot.",
)
def _clore(lot, acteur, donnees):
    return {}


def _sans_reponse(lot, acteur, donnees):
    if lot.passages.exclude(reponse=PassageCPF.Reponse.EN_ATTENTE).exists():
        yield "Un accusé a déjà répondu à ce lot\u00a0: il ne se retire plus."


@verbe(
    MODELE,
    "retirer",
    libelle="Retirer le lot",
    roles=ROLES,
    etape=ETAPE,
    de=(Etat.PREPARE, Etat.DEPOSE),
    vers=(Etat.RETIRE,),
    conditions=_sans_reponse,
    formulaire=MotifForm,
    danger=True,
    aide="Lot préparé par erreur, ou fichier rejeté en entier\u00a0: ses parchemins redeviennent à déclarer.",
)
def _retirer(lot, acteur, donnees):
    lot.passages.update(reponse=PassageCPF.Reponse.RETIRE)
    return {}
