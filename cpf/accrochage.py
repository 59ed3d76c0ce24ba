"""What is due to the SI CPF, how a lot is written, what an accusé changes. Called by the verbs of `workflow.py`."""

import calendar
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files import File
from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from registre import jetons
from registre.models import Parchemin, VersionCertification
from registre.transitions import Refus

from . import flux
from .accuses import Accuse
from .controles import PREMIERE_DELIVRANCE, Anomalie, Doublons, bloquantes, controler
from .instantane import instantane
from .models import AccuseCPF, LotCPF, ParametresCPF, PassageCPF

# R. 6113-17-2: declared within three months of the issue.
MOIS_POUR_DECLARER = 3
PASSAGES_PAR_LOT = 50_000
PAQUET = 1_000
LIGNES_DU_RAPPORT = 500
REPERTOIRES = (VersionCertification.Repertoire.RNCP, VersionCertification.Repertoire.RS)
Reponse = PassageCPF.Reponse


class FichierAltere(Refus):
    """The stored file is no longer the one that was written."""


def echeance(delivre_le: date) -> date:
    """Last day to declare: three calendar months after the issue (the last day of a shorter month)."""
    annees, mois = divmod(delivre_le.month - 1 + MOIS_POUR_DECLARER, 12)
    annee, mois = delivre_le.year + annees, mois + 1
    return date(annee, mois, min(delivre_le.day, calendar.monthrange(annee, mois)[1]))


@dataclass(frozen=True)
class Candidat:
    """A parchemin to declare: its snapshot, and what the checks say of it."""

    parchemin: Parchemin
    instantane: dict
    anomalies: list[Anomalie]

    @property
    def bloquantes(self) -> list[Anomalie]:
        return bloquantes(self.anomalies)

    @property
    def reserves(self) -> list[Anomalie]:
        """What lowers the chances of the passage without keeping it out."""
        return [anomalie for anomalie in self.anomalies if not anomalie.bloquante]

    @property
    def titulaire(self) -> str:
        personne = self.instantane["titulaire"]
        return f"{personne['prenom1']} {personne['nom_naissance'].upper()}"

    @property
    def echeance(self) -> date:
        return echeance(self.parchemin.delivre_le)

    @property
    def jours_restants(self) -> int:
        """Days left to declare; negative when the date is past."""
        return (self.echeance - timezone.localdate()).days


def a_declarer(certificateur, jour: date | None = None, avec_refuses: bool = True) -> QuerySet[Parchemin]:
    """Parchemins that this certificateur still owes to the SI CPF, oldest first.

    Whole certifications (RNCP, RS) issued since 1 July 2021, not cancelled, whose document exists, and that no
    passage accepted or awaiting its answer declares. `deja_refuse` tells those that were refused before.
    """
    siens = PassageCPF.objects.filter(parchemin=OuterRef("pk"))
    dus = (
        Parchemin.objects.vivants()
        .edites()
        .filter(
            nature=Parchemin.Nature.PARCHEMIN,
            certificateur=certificateur,
            version__repertoire__in=REPERTOIRES,
            delivre_le__range=(PREMIERE_DELIVRANCE, jour or timezone.localdate()),
        )
        .filter(~Exists(siens.en_cours()))
        .annotate(deja_refuse=Exists(siens.filter(reponse=Reponse.REFUSE)))
        .order_by("delivre_le", "pk")
    )
    return dus if avec_refuses else dus.filter(deja_refuse=False)


def a_supprimer(certificateur) -> QuerySet[Parchemin]:
    """Parchemins cancelled here that the SI CPF still holds, or is about to: latest cancelled first."""
    declares = PassageCPF.objects.filter(parchemin=OuterRef("pk")).en_cours()
    annules = Parchemin.objects.filter(certificateur=certificateur, annule_le__isnull=False)
    return annules.filter(Exists(declares)).select_related("titulaire").order_by("-annule_le", "-pk")


def adresse_preuve(parchemin: Parchemin) -> str:
    """Address where anybody checks the parchemin; none when the public address of the site can't carry it."""
    try:
        return jetons.adresse(parchemin.jeton)
    except ValueError:
        return ""


def examiner(parchemins: QuerySet[Parchemin], jour: date | None = None) -> Iterator[Candidat]:
    """Check each of these parchemins; two readings, so that duplicates are known without holding them all."""
    jour = jour or timezone.localdate()

    def lire() -> Iterator[tuple[Parchemin, dict]]:
        for parchemin in parchemins.iterator(chunk_size=PAQUET):
            yield parchemin, instantane(parchemin.enregistrement, parchemin.identifiant, adresse_preuve(parchemin))

    doublons = Doublons(passage for _, passage in lire())
    for parchemin, passage in lire():
        yield Candidat(parchemin, passage, [*doublons.anomalies(passage), *controler(passage, jour)])


# Writing ----------------------------------------------------------------------------------------------------------


def paquets(suite: Iterable, taille: int = PAQUET) -> Iterator[list]:
    """Successive lists of at most `taille` items."""
    paquet = []
    for element in suite:
        paquet.append(element)
        if len(paquet) == taille:
            yield paquet
            paquet = []
    if paquet:
        yield paquet


def ecrire_lot(lot: LotCPF, candidats: Iterable[Candidat], parametres: ParametresCPF) -> dict:
    """Create the passages of the lot, write its file, validate it, then keep it.

    Raises:
        Refus: nothing can go (with the reasons), or the schema refuses the file (with the errors per holder).
    """
    ecartes: list[Candidat] = []
    for paquet in paquets(_retenus(candidats, ecartes)):
        PassageCPF.objects.bulk_create(
            PassageCPF(
                lot=lot,
                parchemin=candidat.parchemin,
                id_technique=candidat.instantane["id_technique"],
                code=candidat.instantane["code"],
                instantane=candidat.instantane,
            )
            for candidat in paquet
        )
        lot.nombre += len(paquet)
    if not lot.nombre:
        raise Refus(
            "Aucun parchemin ne peut partir.",
            *(f"{c.parchemin.numero} ({c.titulaire})\u00a0: {c.bloquantes[0].phrase}" for c in ecartes[:10]),
        )
    _ecrire_fichier(lot, parametres)
    return {"passages": lot.nombre, "ecartes": len(ecartes)}


def _retenus(candidats: Iterable[Candidat], ecartes: list[Candidat]) -> Iterator[Candidat]:
    """Those that may go, up to the size of a lot; the others are put aside."""
    nombre = 0
    for candidat in candidats:
        if candidat.bloquantes:
            ecartes.append(candidat)
        elif nombre < PASSAGES_PAR_LOT:
            nombre += 1
            yield candidat


def _ecrire_fichier(lot: LotCPF, parametres: ParametresCPF) -> None:
    instantanes = lot.passages.order_by("code", "id_technique").values_list("instantane", flat=True)
    with tempfile.NamedTemporaryFile(suffix=".xml") as temporaire:
        flux.ecrire(temporaire, lot.emission, instantanes.iterator(chunk_size=PAQUET))
        temporaire.flush()
        officiel = parametres.schema_officiel.open("rb") if parametres.schema_officiel else nullcontext()
        with officiel as schema:
            erreurs = flux.valider(temporaire.name, lot.profil, schema)
        if erreurs:
            raise Refus("Le schéma refuse ce lot\u00a0: rien n’a été enregistré.", *_par_titulaire(lot, erreurs))
        temporaire.seek(0)
        lot.sha256 = hashlib.file_digest(temporaire, "sha256").hexdigest()
        lot.taille = temporaire.seek(0, 2)
        temporaire.seek(0)
        lot.nom_fichier = f"{lot.id_client_emetteur}_{timezone.localdate(lot.horodatage):%Y%m%d}_{lot.id_flux}.xml"
        lot.fichier.save(f"cpf/lots/{lot.id_flux}.xml", File(temporaire), save=False)


def _par_titulaire(lot: LotCPF, erreurs: list[flux.Erreur]) -> list[str]:
    """The errors of the schema, each with the person it concerns."""
    fautifs = {e.id_technique for e in erreurs if e.id_technique}
    noms = {p.id_technique: p for p in lot.passages.filter(id_technique__in=fautifs)}
    phrases = []
    for erreur in erreurs[:20]:
        passage = noms.get(erreur.id_technique)
        qui = ""
        if passage:
            personne = passage.instantane["titulaire"]
            qui = f"{passage.instantane['numero']}, {personne['prenom1']} {personne['nom_naissance']}\u00a0– "
        phrases.append(qui + erreur.phrase)
    return phrases


def ouvrir_fichier(lot: LotCPF):
    """Open the stored file for reading, byte for byte the one that was written.

    Raises:
        FichierAltere: it is absent, or its hash has changed.
    """
    try:
        fichier = lot.fichier.storage.open(lot.fichier.name, "rb")
    except (OSError, ValueError):
        raise FichierAltere("Le fichier de ce lot n’est plus dans le stockage\u00a0: prévenez l’exploitant.") from None
    if hashlib.file_digest(fichier, "sha256").hexdigest() != lot.sha256:
        fichier.close()
        raise FichierAltere("Le fichier de ce lot a été modifié après son écriture\u00a0: prévenez l’exploitant.")
    fichier.seek(0)
    return fichier


# Answers ----------------------------------------------------------------------------------------------------------


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


def appliquer(lot: LotCPF, recu: AccuseRecu, instant: datetime) -> dict:
    """Give their answer to the passages that await one, keep the accusé, return the report of integration."""
    accuse, sorts = recu.accuse, bilan(lot, recu.accuse)
    for paquet in paquets(sorted(sorts["acceptes"])):
        lot.passages.filter(id_technique__in=paquet).update(reponse=Reponse.ACCEPTE, repondu_le=instant)
    for paquet in paquets(sorted(sorts["deja_en_base"])):
        lot.passages.filter(id_technique__in=paquet).update(messages=["Déjà enregistré à la Caisse des dépôts."])
    for paquet in paquets(sorted(sorts["refuses"])):
        passages = list(lot.passages.filter(id_technique__in=paquet))
        for passage in passages:
            passage.reponse, passage.repondu_le = Reponse.REFUSE, instant
            passage.messages = accuse.refuses[passage.id_technique]
        PassageCPF.objects.bulk_update(passages, ["reponse", "repondu_le", "messages"])
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
