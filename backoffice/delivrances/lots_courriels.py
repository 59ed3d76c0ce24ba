"""What leaves once a document is stored, and the mails of the lots."""

from functools import partial

from django.conf import settings
from django.db import transaction

from backoffice.candidatures.models import Etat
from backoffice.courriels import adresses, composer
from backoffice.notifications.catalogue import courriels, variable
from registre import courriels as boite
from registre.delivrance import suite_d_annulation
from registre.models import EntreeJournal, Parchemin
from registre.rangement import suite_de_l_echec, suite_du_rangement

from . import annulations, apres_courriels, lots  # noqa: F401 (both declare variables of these mails)
from .blocs_workflow import APPROUVER
from .models import Delivrance, DelivranceDeBloc, LigneLot

variable(
    "lot",
    "numéro du lot et session de jury",
    lambda c: f"{c['lot']}, {c['lot'].session}" if c["lot"].session else str(c["lot"]),
    "lot n°\u00a012, jury du 21 novembre 2026",
)
variable(
    "documents_du_lot",
    "nombre de dossiers du lot",
    lambda c: str(c["lot"].lignes.filter(ecartee=False).count()),
    "38",
)
variable(
    "lien_lot",
    "lien vers le lot",
    lambda c: f"{settings.ADRESSE_PUBLIQUE}{c['lot'].get_absolute_url()}",
    "ADRESSE/gestion/delivrances/lots/12/",
)
variable(
    "bloc_atteste",
    "code et libellé du bloc attesté",
    lambda c: f"{c['bloc'].code}, {c['bloc'].libelle}",
    "RNCP38404BC02, Poser une couverture",
)
variable("documents_delivres", "nombre de documents délivrés", lambda c: str(c["comptes"]["delivres"]), "37")
variable("dossiers_refuses", "nombre de dossiers refusés", lambda c: str(c["comptes"]["refuses"]), "1")

# fmt: off
courriels("Délivrance", [
    ("lot_a_approuver", "Lot de documents à approuver",
     "Un lot de délivrance est préparé", "Les signataires habilités",
     ("lot", "documents_du_lot", "lien_lot!"), ("signataire",)),
    ("lot_renvoye", "Lot renvoyé à la préparation",
     "Le signataire renvoie un lot", "La personne qui l’a préparé",
     ("lot", "motif!", "lien_lot!")),
    ("attestation_de_bloc", "Attestation de bloc délivrée",
     "L’attestation d’un bloc est rangée", "Le titulaire du document",
     ("numero_du_document!", "bloc_atteste", "certification", "reference", "lien_mon_espace!", "acces_au_compte!"),
     (), {"page": "espace:accueil"}),
    ("lot_termine", "Lot de documents délivré",
     "Le dernier document d’un lot est rangé", "Qui l’a préparé et qui l’a approuvé",
     ("lot", "documents_delivres!", "dossiers_refuses!", "lien_lot!"), ("certificateur", "gestionnaire", "signataire")),
])
# fmt: on


@suite_du_rangement
def annoncer_le_document(parchemin: Parchemin) -> None:
    """« Votre document est délivré » leaves when the file is stored, never before; then the lot may be over."""
    # Of a replacement, its holder alone is told (apres_courriels): a corrected name is private.
    if parchemin.annule_le is None and parchemin.precedent is None:
        if parchemin.nature == Parchemin.Nature.BLOC:
            _annoncer_le_bloc(parchemin)
        else:
            _annoncer(parchemin)
    terminer_son_lot(parchemin)


@suite_de_l_echec
@suite_d_annulation
def terminer_son_lot(parchemin: Parchemin) -> None:
    """Stored, cancelled or impossible to make: it holds its lot no longer, which may be over."""
    for lot in LigneLot.objects.filter(parchemin=parchemin).values_list("lot", flat=True):
        transaction.on_commit(partial(lots.terminer_si_fini, lot), robust=True)


def _annoncer(parchemin: Parchemin) -> None:
    delivrance = Delivrance.objects.filter(parchemin=parchemin, candidature__isnull=False).first()
    if delivrance and (cause := _approbation(delivrance.candidature, "approuver_delivrance")):
        for message in _messages(delivrance.candidature):
            boite.deposer(message, cause)


def _annoncer_le_bloc(parchemin: Parchemin) -> None:
    """One mail for each attestation, to its holder."""
    delivrance = DelivranceDeBloc.objects.en_vigueur().filter(parchemin=parchemin).first()
    if delivrance and (cause := _approbation(delivrance.candidature, APPROUVER)):
        titulaire = delivrance.candidature.titulaire
        contexte = {"candidature": delivrance.candidature, "document": parchemin, "bloc": delivrance.bloc}
        compte = titulaire.utilisateur_id
        boite.deposer(composer("attestation_de_bloc", titulaire.courriel, compte=compte, **contexte), cause)


def _approbation(candidature, verbe: str) -> EntreeJournal | None:
    return EntreeJournal.objects.de(candidature).filter(verbe=verbe).order_by("-sequence").first()


def _messages(candidature):
    yield composer(
        "document_delivre",
        candidature.titulaire.courriel,
        candidature=candidature,
        partiel=candidature.etat == Etat.PARTIELLE,
        compte=candidature.titulaire.utilisateur_id,
    )
    for adresse in adresses("employeur", candidature.etablissement):
        yield composer("document_delivre_employeur", adresse, candidature=candidature)
