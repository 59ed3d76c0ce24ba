"""What leaves once a document is stored, and the mails of the lots."""

from functools import partial

from django.conf import settings
from django.db import transaction

from backoffice.candidatures.models import Etat
from backoffice.courriels import adresses, composer
from backoffice.notifications.catalogue import courriels, variable
from registre import courriels as boite
from registre.models import EntreeJournal, Parchemin
from registre.rangement import suite_du_rangement

from . import lots
from .models import Delivrance, LigneLot

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
    ("lot_termine", "Lot de documents délivré",
     "Le dernier document d’un lot est rangé", "Qui l’a préparé et qui l’a approuvé",
     ("lot", "documents_delivres!", "dossiers_refuses!", "lien_lot!"), ("certificateur", "gestionnaire", "signataire")),
])
# fmt: on


@suite_du_rangement
def annoncer_le_document(parchemin: Parchemin) -> None:
    """« Votre document est délivré » leaves when the file is stored, never before; then the lot may be over."""
    delivrance = Delivrance.objects.filter(parchemin=parchemin, candidature__isnull=False).first()
    # Of a replacement, its holder alone has been told already (apres_remplacement): a corrected name is private.
    if delivrance is not None and parchemin.annule_le is None and parchemin.precedent is None:
        candidature = delivrance.candidature
        approbations = EntreeJournal.objects.de(candidature).filter(verbe="approuver_delivrance")
        cause = approbations.order_by("-sequence").first()
        for message in _messages(candidature) if cause else ():
            boite.deposer(message, cause)
    for lot in LigneLot.objects.filter(parchemin=parchemin).values_list("lot", flat=True):
        transaction.on_commit(partial(lots.terminer_si_fini, lot), robust=True)


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
