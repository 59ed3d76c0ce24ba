"""Delivery: the one place where a parchemin or an attestation comes into being, and where one ends.

Two short phases. `delivrer` takes the number, freezes the record and signs the token, inside the caller's transaction.
`registre.fabrication` then renders the document from the stored row alone: it may be started again after any crash.
"""

import secrets
from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils import timezone

from . import cles, jetons, journal, modeles, statuts
from .fabrication import fabriquer
from .mentions import verifier_mentions
from .models import EntreeJournal, Feuille, ModeleDocument, Organisme, Parchemin, Titulaire, VersionCertification
from .numerotation import prendre_numero
from .textes import en_nfc
from .transparence import journal_public

FORMAT = "cqp-enregistrement-2"
NUMERO_A_VENIR = "À-VENIR-1"
ANNULER = "annuler_le_document"
MOTIF_MINIMUM = 10
# What else follows from an annulation, in its transaction: rooms above register it here.
SUITES_D_ANNULATION: list[Callable[[Parchemin], None]] = []


def suite_d_annulation(fonction: Callable[[Parchemin], None]) -> Callable:
    """Register what else happens once a document is worth nothing any more, cancelled or replaced."""
    SUITES_D_ANNULATION.append(fonction)
    return fonction


class MentionsManquantes(ValueError):
    """The document would lack a mandatory mention; `phrases` say which ones."""

    def __init__(self, phrases: list[str]):
        super().__init__(" ".join(phrases))
        self.phrases = phrases


class AnnulationImpossible(ValueError):
    """This document may not be cancelled; the sentence says why."""


def _date(jour: date | None) -> str:
    return jour.isoformat() if jour else ""


def composer_enregistrement(
    *, nature: str, titulaire: Titulaire, version: VersionCertification, lieu: str, jury: dict, blocs: list[dict],
    acces: dict, signataires: list[dict], option: str = "", numero: str = NUMERO_A_VENIR, jour: date | None = None,
    modele: ModeleDocument | None = None,
) -> dict:  # fmt: skip
    """Gather all that the document says and all that the SI CPF will need, as plain data in NFC.

    The template in force that day is frozen whole with it (`modele` to see what another would give); `signataires` are
    those of the jury, for the collèges that the template leaves to it.
    """
    certificateurs = version.certificateurs
    if modele is None and certificateurs:
        modele = ModeleDocument.objects.pour(certificateurs[0], version.certification, nature)
    roles = {r.organisme_id: r.role for r in version.roles.all() if r.role in {"cpne", "certificateur"}}
    return en_nfc(
        {
            "format": FORMAT,
            "nature": nature,
            "numero": numero,
            "delivre_le": _date(jour or timezone.localdate()),
            "lieu": lieu,
            "certification": {
                "slug": version.certification.slug,
                "nature": version.certification.nature,
                "repertoire": version.repertoire,
                "numero_fiche": version.numero,
                "intitule": version.intitule,
                "option": option,
                "niveau": version.niveau,
                "niveau_cec": version.niveau_cec,
                "date_decision": _date(version.date_decision) if version.repertoire != "branche" else "",
                "duree_enregistrement": version.duree_enregistrement if version.repertoire != "branche" else None,
                "nsf": [{"code": c.code, "libelle": c.libelle} for c in version.codes.all() if c.nomenclature == "nsf"],
            },
            "certificateurs": [
                {
                    "raison_sociale": o.raison_sociale,
                    "sigle": o.sigle,
                    "nom_commercial": o.nom_commercial,
                    "siret": o.siret,
                    "role": roles[o.pk],
                }
                for o in certificateurs
            ],
            "titulaire": titulaire.etat_civil(),
            "jury": jury,
            "blocs": blocs,
            "acces": acces,
            "signataires": modeles.signataires(modele, signataires),
            "modele": modeles.figer(modele, version.certification.slug),
        }
    )


def delivrer(*, certificateur: Organisme, titulaire: Titulaire, version: VersionCertification, **contenu) -> Parchemin:
    """Issue one document: number, frozen record, signed token; its PDF is queued in the same transaction.

    Must run inside the transaction of the approving act, so that an aborted issue gives its number back.

    Raises:
        MentionsManquantes: a mandatory mention is missing (France compétences, FAQ); nothing is issued.
        registre.cles.CleIndisponible: no key to sign with.
        registre.gardien.BaseEnRetard: the database was restored from an older copy.
    """

    def composer(numero: str, jour: date) -> dict:
        return composer_enregistrement(titulaire=titulaire, version=version, numero=numero, jour=jour, **contenu)

    return emettre(
        composer,
        nature=contenu["nature"],
        certificateur=certificateur,
        titulaire=titulaire,
        version=version,
        jour=contenu.pop("jour", None),
    )


def emettre(
    composer: Callable[[str, date], dict], *, nature: str, certificateur: Organisme, titulaire: Titulaire,
    version: VersionCertification, jour: date | None = None,
) -> Parchemin:  # fmt: skip
    """Take the next number, freeze the record that `composer` makes of it, sign its token, queue its making.

    Raises:
        MentionsManquantes, registre.cles.CleIndisponible, registre.gardien.BaseEnRetard: as `delivrer`.
    """
    cle = cles.cle_active()
    jour = jour or timezone.localdate()
    serie, rang, numero = prendre_numero(certificateur, nature, jour)
    enregistrement = composer(numero, jour)
    if absentes := verifier_mentions(enregistrement):
        raise MentionsManquantes(absentes)
    identifiant = secrets.token_hex(16)
    parchemin = Parchemin.objects.create(
        nature=nature,
        serie=serie,
        rang=rang,
        numero=numero,
        titulaire=titulaire,
        version=version,
        certificateur=certificateur,
        delivre_le=jour,
        lieu=enregistrement["lieu"],
        enregistrement=enregistrement,
        identifiant=identifiant,
        sel=secrets.token_hex(32),
        kid=cle.kid,
        jeton=jetons.signer(enregistrement, identifiant, cle),
    )
    statuts.attribuer(parchemin)
    fabriquer.enqueue(parchemin.pk)
    return parchemin


def annuler(parchemin: Parchemin, acteur, role: str, motif: str) -> EntreeJournal:
    """Cancel one document for ever, and return the entry of the journal that tells it.

    The row stays whole (number, record, PDF): the verification page says « annulé » from this transaction on, and the
    number is never given again. Whoever calls tells the holder, with the entry as the cause of the mail.

    Raises:
        AnnulationImpossible: cancelled or replaced already, nobody to answer for it, no reason worth the name.
    """
    with transaction.atomic():
        document = annuler_la_ligne(parchemin, acteur, motif)
        journal_public.inscrire_evenement(document, Feuille.Evenement.ANNULATION)
        return journal.consigner(acteur, role, ANNULER, document, details={"numero": document.numero}, motif=motif)


def annuler_la_ligne(parchemin: Parchemin, acteur, motif: str) -> Parchemin:
    """Lock the row, check, write on it that the document is cancelled: what annulation and replacement share.

    Raises:
        AnnulationImpossible: as `annuler`.
    """
    if getattr(acteur, "pk", None) is None:
        raise AnnulationImpossible("Une annulation a un auteur\u00a0: connectez-vous.")
    if len(motif.strip()) < MOTIF_MINIMUM:
        raise AnnulationImpossible("Une annulation a un motif\u00a0: dites pourquoi, en une phrase au moins.")
    document = verrouiller(parchemin)
    if document.annule_le:
        quoi = "remplacé" if document.remplace_par_id else "annulé"
        jour = timezone.localtime(document.annule_le)
        raise AnnulationImpossible(f"Le document {document.numero} est déjà {quoi} depuis le {jour:%d/%m/%Y}.")
    document.annule_le, document.annule_par, document.motif_annulation = timezone.now(), acteur, motif.strip()
    document.save(update_fields=["annule_le", "annule_par", "motif_annulation"])
    for suite in SUITES_D_ANNULATION:
        suite(document)
    return document


def verrouiller(parchemin: Parchemin) -> Parchemin:
    """The row as it is now, locked until the end of the transaction.

    Not against rows that point to it: leaves, requests and duplicatas are added meanwhile without waiting in a circle.
    """
    return Parchemin.objects.select_for_update(no_key=True).get(pk=parchemin.pk)
