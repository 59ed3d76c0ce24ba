"""The verbs of a lot: written once, deposited by hand, answered, closed. A refusal never touches a parchemin."""

import uuid
from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from registre import journal, ouvriers
from registre.reprise import a_reprendre
from registre.transitions import VERBES, Refus, executer, manques, verbe, verifier_tour

from . import flux, lots, reponses
from .accuses import AccuseIllisible, lire
from .forms import AccuseForm, DateForm, MotifForm, ReceptionForm
from .models import Action, LotCPF, ParametresCPF, PassageCPF
from .selection import Selection

MODELE = "cpf.lotcpf"
ROLES = ("certificateur",)
ETAPE = 10
Etat = LotCPF.Etat
# Beyond, a lot is written by the worker: the person doesn't wait.
SEUIL = 1_000


def _projet(acteur, certificateur, selection: Selection | None) -> tuple[LotCPF, ParametresCPF | None]:
    """A lot to come, under the settings of its certificateur, locked: one lot at a time, not two halves."""
    selection = selection or Selection()
    lot = LotCPF(
        certificateur=certificateur,
        horodatage=timezone.now().replace(microsecond=0),
        action=selection.action,
        selection=selection.donnees(),
        cree_par=acteur,
    )
    parametres = ParametresCPF.objects.select_for_update().filter(certificateur=certificateur).first()
    if parametres:
        lot.profil, lot.nature_deposant = parametres.profil, parametres.nature_deposant
        lot.id_client_emetteur, lot.id_contrat = parametres.id_client_emetteur, parametres.id_contrat
        lot.id_client_certificateur = parametres.id_client
    return lot, parametres


def constituer(acteur, certificateur, selection: Selection | None = None, cle: str = "") -> LotCPF:
    """Make a lot of what this certificateur owes and that may go. A repeated `cle` gives the same lot.

    Up to `SEUIL` parchemins it is written at once; beyond, the worker writes it, and the lots that follow when one
    file is not enough.

    Raises:
        Refus: settings missing, nothing to declare, nothing that may go, or a file that the schema refuses.
    """
    with transaction.atomic():
        lot, parametres = _projet(acteur, certificateur, selection)
        return executer(MODELE, "constituer", lot, acteur, {"parametres": parametres}, cle=cle)


def essayer(acteur, certificateur, selection: Selection | None = None) -> lots.Essai:
    """What `constituer` would give, files and validation included, in as many lots as needed; nothing is kept.

    Raises:
        Refus: what `constituer` would refuse.
    """
    with transaction.atomic():
        lot, parametres = _projet(acteur, certificateur, selection)
        acte, donnees = VERBES[MODELE, "constituer"], {"parametres": parametres}
        verifier_tour(acte, lot, acteur)
        if absents := manques(acte, lot, acteur, donnees):
            raise Refus(*absents)
        essai = lots.essayer(lot, parametres)
        transaction.set_rollback(True)
    return essai


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
    parametres, selection = donnees.get("parametres"), Selection.lire(lot.selection)
    if parametres is None:
        yield "Renseignez d’abord le matricule et le contrat reçus de la Caisse des dépôts, dans les réglages."
    elif LotCPF.objects.filter(certificateur=lot.certificateur, etat=Etat.ECRITURE).exists():
        yield "Un lot est en cours d’écriture\u00a0: attendez qu’il soit prêt."
    elif selection.action == Action.SUPPRESSION and parametres.profil not in flux.PROFILS_AVEC_ACTION:
        yield (
            f"La version {parametres.profil} du schéma ne connaît pas la suppression\u00a0: demandez-la au support de "
            "la Caisse des dépôts, puis notez qu’elle est faite."
        )
    elif not selection.parchemins(lot.certificateur).exists():
        yield selection.rien


@verbe(
    MODELE,
    "constituer",
    libelle="Constituer un lot",
    roles=ROLES,
    etape=ETAPE,
    vers=(Etat.PREPARE, Etat.ECRITURE),
    creation=True,
    conditions=_peut_constituer,
    aide="Le fichier est contrôlé, validé par le schéma, puis figé.",
)
def _constituer(lot, acteur, donnees):
    lot.a_examiner = Selection.lire(lot.selection).parchemins(lot.certificateur).count()
    if lot.a_examiner > min(SEUIL, lots.PASSAGES_PAR_LOT):
        ecrire.enqueue(lot.pk)
        return {"etat": Etat.ECRITURE, "details": {"a_examiner": lot.a_examiner}}
    reunion = lots.reunir(lot)
    if not reunion.passages:
        raise reunion.refus()
    with lots.fichier_ecrit(lot, donnees["parametres"]) as (fichier, ecrit):
        lots.figer(lot, fichier, ecrit)
    return {"details": {"passages": lot.nombre, "ecartes": reunion.ecartes, "sha256": lot.sha256}}


@task(priority=-10)
def ecrire(pk: int) -> None:
    """Write a long lot: its passages packet by packet, then its file. Run again after a cut, it goes on."""
    lot = LotCPF.objects.select_related("certificateur", "cree_par").get(pk=pk)
    if lot.etat != Etat.ECRITURE:
        return
    try:
        reunion = lots.reunir(lot, _noter)
        if not reunion.passages:
            raise reunion.refus()
        with lots.fichier_ecrit(lot, ParametresCPF.objects.get(certificateur=lot.certificateur)) as (fichier, ecrit):
            donnees = {"fichier": fichier, "ecrit": ecrit, "ecartes": reunion.ecartes}
            with transaction.atomic():
                executer(MODELE, "figer", lot, lot.cree_par, donnees, par="constituer")
                if reunion.reste:
                    _enchainer(lot)
    except Refus as refus:
        # Taken back meanwhile: there is nothing to give up.
        with suppress(Refus):
            executer(MODELE, "abandonner_ecriture", lot, lot.cree_par, {"incidents": refus.phrases}, par="constituer")


def _noter(lot: LotCPF, passages: list[PassageCPF], examines: int) -> None:
    """One packet, and how far the work has come; no further when the lot was taken back."""
    with transaction.atomic():
        vivant = LotCPF.objects.select_for_update().filter(pk=lot.pk, etat=Etat.ECRITURE).first()
        if vivant is None:
            raise Refus("Ce lot a été retiré pendant son écriture.")
        PassageCPF.objects.bulk_create(passages)
        LotCPF.objects.filter(pk=lot.pk).update(examines=examines)


def _enchainer(lot: LotCPF) -> None:
    """What did not fit in this file goes in the next one."""
    with suppress(Refus):
        constituer(lot.cree_par, lot.certificateur, Selection.lire(lot.selection), cle=f"suite-{lot.pk}")


@a_reprendre("lot(s) SI CPF")
def _reprendre() -> int:
    """Lots whose writing was cut."""
    return ouvriers.remettre_en_file(
        ecrire, list(LotCPF.objects.filter(etat=Etat.ECRITURE).values_list("pk", flat=True))
    )


@verbe(
    MODELE,
    "figer",
    libelle="Figer le fichier",
    roles=ROLES,
    etape=ETAPE,
    de=(Etat.ECRITURE,),
    vers=(Etat.PREPARE,),
    consequence_de=("constituer",),
    interne=True,
    attente="Le fichier du lot s’écrit",
)
def _figer(lot, acteur, donnees):
    lots.figer(lot, donnees["fichier"], donnees["ecrit"])
    details = {"passages": lot.nombre, "ecartes": donnees["ecartes"], "sha256": lot.sha256}
    return {"details": details}


@verbe(
    MODELE,
    "abandonner_ecriture",
    libelle="Abandonner l’écriture",
    roles=ROLES,
    etape=ETAPE,
    de=(Etat.ECRITURE,),
    vers=(Etat.RETIRE,),
    consequence_de=("constituer",),
    interne=True,
)
def _abandonner_ecriture(lot, acteur, donnees):
    lot.incidents = donnees["incidents"]
    lot.passages.update(reponse=PassageCPF.Reponse.RETIRE)
    return {}


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
    formulaire=ReceptionForm,
    aide="Facultatif\u00a0: la date et la référence du message qui précède l’accusé de traitement.",
)
def _noter_reception(lot, acteur, donnees):
    lot.accuse_reception_le, lot.reference_reception = donnees["jour"], donnees.get("reference", "")
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
    de=(Etat.ECRITURE, Etat.PREPARE, Etat.DEPOSE),
    vers=(Etat.RETIRE,),
    conditions=_sans_reponse,
    formulaire=MotifForm,
    danger=True,
    aide="Lot préparé par erreur, ou fichier rejeté en entier\u00a0: ses parchemins redeviennent à déclarer.",
)
def _retirer(lot, acteur, donnees):
    lot.passages.update(reponse=PassageCPF.Reponse.RETIRE)
    return {}
