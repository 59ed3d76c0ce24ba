"""What an accusé de traitement changes. Called by the verbs of `workflow.py`."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile

from .accrochage import paquets
from .accuses import Accuse
from .models import AccuseCPF, LotCPF, PassageCPF

LIGNES_DU_RAPPORT = 500
Reponse = PassageCPF.Reponse


@dataclass(frozen=True)
class AccuseRecu:
    """An accusé that was read, with the bytes and the name it came with."""

    accuse: Accuse
    octets: bytes
    nom: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.octets).hexdigest()


def bilan(lot: LotCPF, accuse: Accuse) -> dict:
    """What this accusé would change in the lot: sets of identifiers by fate. Writes nothing."""
    connus = dict(lot.passages.values_list("id_technique", "reponse"))
    attendus = {identifiant for identifiant, reponse in connus.items() if reponse == Reponse.EN_ATTENTE}
    refuses = accuse.refuses.keys() & attendus
    return {
        "acceptes": accuse.acceptes & attendus,
        "deja_en_base": accuse.deja_en_base & attendus,
        "refuses": refuses,
        "inconnus": (accuse.acceptes | accuse.refuses.keys()) - connus.keys(),
        # Already answered otherwise: the first answer stands, the person is told.
        "contredits": {i for i in accuse.acceptes if connus.get(i) == Reponse.REFUSE}
        | {i for i in accuse.refuses if connus.get(i) == Reponse.ACCEPTE},
        "sans_reponse": attendus - accuse.acceptes - refuses,
    }


def par_messages(accuse: Accuse, refuses: set[str]) -> dict[tuple[str, ...], list[str]]:
    """Refused identifiers by what was said of them: the Caisse des dépôts has a handful of messages."""
    groupes: dict[tuple[str, ...], list[str]] = {}
    for identifiant in sorted(refuses):
        groupes.setdefault(tuple(accuse.refuses[identifiant]), []).append(identifiant)
    return groupes


def appliquer(lot: LotCPF, recu: AccuseRecu, instant: datetime) -> dict:
    """Give their answer to the passages that await one, keep the accusé, return the report of integration."""
    accuse, sorts = recu.accuse, bilan(lot, recu.accuse)
    for paquet in paquets(sorted(sorts["acceptes"])):
        lot.passages.filter(id_technique__in=paquet).update(reponse=Reponse.ACCEPTE, repondu_le=instant)
    for paquet in paquets(sorted(sorts["deja_en_base"])):
        lot.passages.filter(id_technique__in=paquet).update(messages=["Déjà enregistré à la Caisse des dépôts."])
    for messages, siens in par_messages(accuse, sorts["refuses"]).items():
        for paquet in paquets(siens):
            lot.passages.filter(id_technique__in=paquet).update(
                reponse=Reponse.REFUSE, repondu_le=instant, messages=list(messages)
            )
    rapport = {nom: len(sorts[nom]) for nom in ("acceptes", "deja_en_base", "refuses", "sans_reponse")}
    rapport |= {nom: sorted(sorts[nom])[:LIGNES_DU_RAPPORT] for nom in ("inconnus", "contredits")}
    rapport["orphelins"] = accuse.orphelins[:LIGNES_DU_RAPPORT]
    AccuseCPF.objects.create(
        lot=lot,
        fichier=ContentFile(recu.octets, name=f"cpf/accuses/{recu.sha256}.xml"),
        nom_origine=recu.nom,
        sha256=recu.sha256,
        id_traitement=accuse.id_traitement,
        recu_le=instant,
        rapport=rapport,
    )
    return rapport
