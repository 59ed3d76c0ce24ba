"""Proof of diligence: what was sent, answered, written and done for the passages that two deposits did not settle."""

import csv
import io
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from django.db.models import Q
from django.utils import timezone

from registre.models import CourrielSortant, EntreeJournal, Parchemin

from . import lots
from .accrochage import a_declarer
from .models import Action, LotCPF, PassageCPF

DEPOTS = 2


def _refuses(certificateur):
    return PassageCPF.objects.filter(
        lot__certificateur=certificateur, action=Action.CREATION, reponse=PassageCPF.Reponse.REFUSE
    )


def a_prouver(certificateur) -> list[tuple[Parchemin, list[PassageCPF]]]:
    """Each parchemin still refused after two deposits, with its refused passages, those it replaced included."""
    avant = dict(
        Parchemin.objects.filter(certificateur=certificateur, remplace_par__isnull=False).values_list(
            "remplace_par", "pk"
        )
    )
    refuses: dict[int, list[PassageCPF]] = {}
    for passage in _refuses(certificateur).select_related("lot").defer("instantane").order_by("repondu_le", "pk"):
        refuses.setdefault(passage.parchemin_id, []).append(passage)
    trouves = []
    for parchemin in a_declarer(certificateur).filter(deja_refuse=True).select_related("titulaire"):
        siens, courant = list(refuses.get(parchemin.pk, [])), parchemin.pk
        while courant := avant.get(courant):
            siens = refuses.get(courant, []) + siens
        if len(siens) >= DEPOTS:
            trouves.append((parchemin, siens))
    return trouves


def assembler(certificateur, sortie: BinaryIO) -> int:
    """Write the ZIP of the proofs in this file; return how many passages it is about."""
    dossiers = a_prouver(certificateur)
    concernes = {passage.lot_id for _, passages in dossiers for passage in passages}
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LISEZMOI.txt", "\n".join(_sommaire(certificateur, dossiers)))
        for lot in LotCPF.objects.filter(pk__in=concernes).order_by("pk"):
            with lots.ouvrir_fichier(lot) as fichier, archive.open(f"flux/{lot.nom_fichier}", "w") as copie:
                while morceau := fichier.read(1 << 20):
                    copie.write(morceau)
            for rang, accuse in enumerate(lot.accuses.order_by("recu_le", "pk"), 1):
                with accuse.fichier.open("rb") as fichier:
                    archive.writestr(f"accuses/{lot.id_flux}_{rang}.xml", fichier.read())
        archive.writestr("journal.csv", _journal(dossiers, concernes))
        archive.writestr("courriels.txt", "\n".join(_courriels(dossiers)))
    return len(dossiers)


def _sommaire(certificateur, dossiers) -> Iterator[str]:
    yield "Preuve de diligence – accrochage au SI CPF (code du travail, R. 6113-17-2)"
    yield f"Certificateur\u00a0: {certificateur.raison_sociale}"
    yield f"Établie le {timezone.localtime():%d/%m/%Y à %H:%M}. Passages toujours refusés\u00a0: {len(dossiers)}."
    yield "flux/\u00a0: fichiers déposés, octet pour octet. accuses/\u00a0: réponses reçues."
    yield "journal.csv\u00a0: actes accomplis. courriels.txt\u00a0: messages envoyés aux titulaires."
    for parchemin, passages in dossiers:
        yield f"\n{parchemin.numero}"
        for passage in passages:
            lot = passage.lot
            yield f"  Déposé le {lot.depose_le:%d/%m/%Y}, refusé le {timezone.localtime(passage.repondu_le):%d/%m/%Y}"
            yield f"    fichier {lot.nom_fichier}, SHA-256 {lot.sha256}"
            yield f"    identifiant technique {passage.id_technique}"
            for message in passage.messages:
                yield f"    message\u00a0: {message}"


def _parchemins(dossiers) -> set[int]:
    return {passage.parchemin_id for _, passages in dossiers for passage in passages} | {p.pk for p, _ in dossiers}


def _journal(dossiers, concernes: set[int]) -> str:
    """The acts on these lots, passages and parchemins: ids, dates and codes only, as the journal holds them."""
    passages = [passage.pk for _, siens in dossiers for passage in siens]
    voulues = (
        Q(objet_type="cpf.lotcpf", objet_id__in=concernes)
        | Q(objet_type="cpf.passagecpf", objet_id__in=passages)
        | Q(objet_type="registre.parchemin", objet_id__in=_parchemins(dossiers))
    )
    texte = io.StringIO()
    feuille = csv.writer(texte, delimiter=";")
    feuille.writerow(["séquence", "date", "acte", "rôle", "objet", "de", "à", "empreinte"])
    for entree in EntreeJournal.objects.filter(voulues).order_by("sequence").iterator():
        objet = f"{entree.objet_type} {entree.objet_id}"
        moment = timezone.localtime(entree.horodatage).isoformat(timespec="seconds")
        feuille.writerow(
            [entree.sequence, moment, entree.verbe, entree.role, objet]
            + [entree.etat_avant, entree.etat_apres, entree.empreinte]
        )
    return "\ufeff" + texte.getvalue()


def _courriels(dossiers) -> Iterator[str]:
    """The mails that acts on these passages and parchemins caused, to their holders."""
    passages = [passage.pk for _, siens in dossiers for passage in siens]
    causes = Q(cause__objet_type="cpf.passagecpf", cause__objet_id__in=passages) | Q(
        cause__objet_type="registre.parchemin", cause__objet_id__in=_parchemins(dossiers)
    )
    for courriel in CourrielSortant.objects.filter(causes).order_by("cree_le", "pk").iterator():
        envoi = f"{timezone.localtime(courriel.envoye_le):%d/%m/%Y à %H:%M}" if courriel.envoye_le else "non envoyé"
        yield f"--- {courriel.identifiant_message}\nÀ\u00a0: {courriel.destinataire}\nEnvoyé\u00a0: {envoi}"
        yield f"Objet\u00a0: {courriel.sujet}\n\n{courriel.corps}\n"
