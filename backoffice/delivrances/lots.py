"""What a lot does: gather the dossiers, judge them beforehand, deliver them one by one, tell when it is over."""

import logging
from dataclasses import dataclass, field

from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from backoffice.candidatures.inactivite import Horloge
from backoffice.candidatures.models import Candidature
from backoffice.candidatures.workflow import MODELE
from backoffice.jurys.models import Inscription, SessionJury
from registre import cles, gardien, ouvriers
from registre.models import RoleCertification
from registre.reprise import a_reprendre
from registre.transitions import VERBES, Refus, Verbe, executer, manques, verifier_tour

from . import blocs, blocs_workflow
from .models import Delivrance, DelivranceDeBloc, LigneLot, LotDelivrance
from .workflow import DECIDEES

trace = logging.getLogger(__name__)

LOT = "delivrances.lotdelivrance"
MAXIMUM = 1_000
# Up to here, rows are judged beforehand one by one on the page; the others when the lot is prepared.
SEUIL = 200
IMPREVU = "Une erreur inattendue a empêché cette délivrance\u202f: rien n’a changé. L’exploitant en est averti."
Genre = LotDelivrance.Genre
# The verbs that prepare, deliver and give back one row, by what the lot delivers.
PREPARER, APPROUVER, REFUSER = 0, 1, 2
_VERBES = {
    Genre.DOCUMENTS: ("preparer_delivrance", "approuver_delivrance", "refuser_delivrance"),
    Genre.BLOCS: (blocs_workflow.PREPARER, blocs_workflow.APPROUVER, blocs_workflow.REFUSER),
}
RIEN = {
    Genre.DOCUMENTS: "Il n’y a rien à délivrer ici\u00a0: chaque dossier décidé l’est déjà, ou se prépare.",
    Genre.BLOCS: "Il n’y a pas de bloc à attester ici\u00a0: chaque bloc acquis l’est déjà, ou se prépare.",
}
# What is not the fault of a row: the lot stops there, and goes on by itself once it is repaired.
PANNES = (gardien.BaseEnRetard, cles.CleIndisponible, DatabaseError, OSError)


def a_delivrer(acteur):
    """The decided dossiers of this person whose delivery nobody has prepared."""
    decidees = Candidature.objects.filter(etat__in=DECIDEES, delivrance=None).visibles_par(acteur)
    roles = RoleCertification.objects.select_related("organisme")
    return decidees.completes().prefetch_related(Prefetch("version__roles", roles)).order_by("decidee_le", "pk")


def candidates(acteur, genre: str):
    """The dossiers of this person with something of this kind to deliver."""
    return blocs.a_attester(acteur) if genre == Genre.BLOCS else a_delivrer(acteur)


def de_la_session(acteur, session: SessionJury, genre: str = Genre.DOCUMENTS) -> list[Candidature]:
    """Those that the sealed minutes of this session decided."""
    entendues = Inscription.objects.filter(
        session=session, retiree_le=None, revoquee_le=None, issue=Inscription.Issue.DECIDEE
    )
    return list(candidates(acteur, genre).filter(pk__in=entendues.values("candidature"))[: MAXIMUM + 1])


def constituer(
    acteur, candidatures: list[Candidature], session=None, cle: str = "", genre: str = Genre.DOCUMENTS
) -> list[LotDelivrance]:
    """Open the lots of these dossiers: one per certificateur and porteur. Asked twice, they are the same ones.

    Raises:
        Refus: no dossier, too many, or out of the role of this person.
    """
    if len(candidatures) > MAXIMUM:
        raise Refus("Un lot porte sur 1\u202f000 dossiers au plus\u00a0: choisissez-en moins.")
    groupes: dict[tuple, list[Candidature]] = {}
    for candidature in candidatures:
        groupes.setdefault((candidature.certificateur, candidature.porteur), []).append(candidature)
    lots = []
    with transaction.atomic():
        if session:
            # Two operators who start together find the same lot.
            SessionJury.objects.select_for_update().get(pk=session.pk)
            lots += LotDelivrance.objects.ouverts().filter(session=session, genre=genre).visibles_par(acteur)
        ouverts = {(lot.certificateur_id, lot.porteur_id) for lot in lots}
        for (certificateur, porteur), siennes in groupes.items():
            if (certificateur.pk, porteur.pk) in ouverts:
                continue
            lot = LotDelivrance(
                session=session, certificateur=certificateur, porteur=porteur, genre=genre, cree_par=acteur
            )
            sienne = f"{cle[:40]}-{porteur.pk}-{certificateur.pk}" if cle else ""
            lots.append(executer(LOT, "constituer_lot", lot, acteur, {"candidatures": siennes}, cle=sienne))
    if not lots:
        raise Refus(RIEN[genre])
    return lots


def lignes_pour(lot: LotDelivrance, candidatures: list[Candidature]) -> list[LigneLot]:
    """The rows of these dossiers, unsaved: one each, or one per bloc to attest.

    Raises:
        Refus: more than a lot holds.
    """
    if lot.genre == Genre.BLOCS:
        choix = [(dossier, bloc) for dossier in candidatures for bloc in blocs.blocs_a_attester(dossier)]
    else:
        choix = [(dossier, None) for dossier in candidatures]
    if len(choix) > MAXIMUM:
        raise Refus("Un lot délivre 1\u202f000 documents au plus\u00a0: choisissez moins de dossiers.")
    return [LigneLot(lot=lot, candidature=c, bloc=bloc, rang=rang) for rang, (c, bloc) in enumerate(choix, 1)]


def acte_de(lot: LotDelivrance, lequel: int) -> Verbe:
    """The verb that prepares, delivers or gives back one row of this lot."""
    return VERBES[MODELE, _VERBES[lot.genre][lequel]]


def donnees_de(ligne: LigneLot, **donnees) -> dict:
    """The data of such a verb for this row: its own bloc and no other, when it is one of a bloc."""
    return donnees | ({"blocs": [ligne.bloc]} if ligne.bloc_id else {})


def delivrances_de(lot: LotDelivrance):
    """The deliveries of this kind that are in force."""
    return DelivranceDeBloc.objects.en_vigueur() if lot.genre == Genre.BLOCS else Delivrance.objects.all()


def delivrance_de(ligne: LigneLot):
    """The delivery of this row, once it has its document; None before."""
    siennes = delivrances_de(ligne.lot).filter(candidature=ligne.candidature_id, parchemin__isnull=False)
    return siennes.filter(bloc=ligne.bloc_id).first() if ligne.bloc_id else siennes.first()


@dataclass
class Jugement:
    """What would happen to the rows of a lot: those that may go, those that may not and why, those not judged yet."""

    pretes: list[LigneLot] = field(default_factory=list)
    refusees: list[tuple[LigneLot, list[str], str]] = field(default_factory=list)
    non_examinees: int = 0


def juger(lot: LotDelivrance, acteur) -> Jugement:
    """Judge the first rows as their button « Préparer » would be."""
    acte, vu = acte_de(lot, PREPARER), Jugement()
    lignes = list(lot.lignes.completes()[:SEUIL])
    vu.non_examinees = max(0, lot.lignes.count() - SEUIL)
    lieu = lot.lieu or lot.certificateur.commune or "Paris"
    for ligne in lignes:
        try:
            verifier_tour(acte, ligne.candidature, acteur)
            phrases = manques(acte, ligne.candidature, acteur, donnees_de(ligne, lieu=lieu))
        except Refus as refus:
            phrases = refus.phrases
        if phrases:
            vu.refusees.append((ligne, phrases, ou_corriger(ligne.candidature, phrases)))
        else:
            vu.pretes.append(ligne)
    return vu


def ou_corriger(candidature: Candidature, phrases: list[str]) -> str:
    """The page where what these sentences say is corrected: the fiche for its mentions, else the dossier."""
    fiche = ("fiche", "enregistrement", "NSF", "niveau", "intitulé", "certificateur", "répertoire", "branche")
    if any(phrase.startswith(("Il manque", "La décision d’enr", "Une cert")) for phrase in phrases) and any(
        mot in phrases[0] for mot in fiche
    ):
        return reverse("parcours:version", args=[candidature.parcours_id])
    return candidature.get_absolute_url()


@task()
def derouler(pk: int) -> None:
    """Deliver the rows that wait, one transaction each: a bad row never blocks the next one.

    Run again after a cut, or twice at once, it goes on with what is left: no row is delivered twice.
    """
    lot = LotDelivrance.objects.select_related("approuve_par").get(pk=pk)
    if lot.etat != LotDelivrance.Etat.EN_COURS:
        return
    try:
        for ligne in list(lot.lignes.en_attente().order_by("rang").values_list("pk", flat=True)):
            _delivrer(lot, ligne)
    except PANNES as panne:
        phrase = str(panne) if isinstance(panne, Refus) else "Le serveur n’a pas pu écrire, ou sa clé lui manque."
        LotDelivrance.objects.filter(pk=pk).update(incident=phrase[:300])
        raise
    LotDelivrance.objects.filter(pk=pk).exclude(incident="").update(incident="")
    terminer_si_fini(pk)


def _delivrer(lot: LotDelivrance, pk: int) -> None:
    """The number, the frozen record and the row of the lot, in one transaction; else the reason why not."""
    try:
        with transaction.atomic():
            ligne = _verrouiller(pk)
            if ligne.traitee_le:
                return
            if delivrance_de(ligne) is None:
                cle = f"lot-{lot.pk}-{ligne.candidature_id}" + (f"-{ligne.bloc_id}" if ligne.bloc_id else "")
                acte = acte_de(lot, APPROUVER).nom
                executer(MODELE, acte, ligne.candidature, lot.auteur, donnees_de(ligne), cle=cle)
            ligne.parchemin, ligne.traitee_le = delivrance_de(ligne).parchemin, timezone.now()
            ligne.save(update_fields=["parchemin", "traitee_le"])
        return
    except gardien.BaseEnRetard:
        raise
    except Refus as refus:
        phrase = " ".join(refus.phrases)
    except (cles.CleIndisponible, OSError):
        raise
    except DatabaseError as faute:
        if not isinstance(faute, IntegrityError | DataError):
            raise
        trace.exception("lot %s, ligne %s", lot.pk, pk)
        phrase = IMPREVU
    except Exception:
        trace.exception("lot %s, ligne %s", lot.pk, pk)
        phrase = IMPREVU
    _refuser(lot, pk, phrase)


def _verrouiller(pk: int) -> LigneLot:
    lignes = LigneLot.objects.select_for_update(of=("self",))
    return lignes.select_related("lot", "candidature", "bloc").get(pk=pk)


def _refuser(lot: LotDelivrance, pk: int, phrase: str) -> None:
    """Note why, and give the dossier back to those who prepare: it may go in another lot."""
    with transaction.atomic():
        ligne = _verrouiller(pk)
        if ligne.traitee_le:
            return
        try:
            donnees = donnees_de(ligne, motif=phrase)
            executer(MODELE, acte_de(lot, REFUSER).nom, ligne.candidature, lot.auteur, donnees)
        except Refus:
            pass  # nothing is prepared there any more: nothing to give back
        ligne.refus, ligne.traitee_le = phrase, timezone.now()
        ligne.save(update_fields=["refus", "traitee_le"])


def reste_a_faire(lot: LotDelivrance) -> bool:
    """Does a row still wait for its number, or for its file?"""
    return lot.lignes.en_attente().exists() or lot.lignes.a_fabriquer().exists()


def terminer_si_fini(pk: int) -> None:
    """End the lot once its last document is stored; whoever sees it first does it, once."""
    lot = LotDelivrance.objects.filter(pk=pk, etat=LotDelivrance.Etat.EN_COURS).first()
    if lot is None or reste_a_faire(lot):
        return
    try:
        executer(LOT, "terminer_lot", lot, Horloge())
    except Refus:
        pass  # another worker has just ended it


@a_reprendre("lot(s) de délivrance")
def _reprendre_les_lots() -> int:
    """Approved lots that nobody carries on: their task was lost, or only their end was."""
    en_cours = LotDelivrance.objects.filter(etat=LotDelivrance.Etat.EN_COURS)
    a_derouler = LigneLot.objects.en_attente().filter(lot__in=en_cours).values_list("lot", flat=True).distinct()
    for pk in en_cours.exclude(pk__in=a_derouler).values_list("pk", flat=True):
        terminer_si_fini(pk)
    return ouvriers.remettre_en_file(derouler, list(a_derouler))
