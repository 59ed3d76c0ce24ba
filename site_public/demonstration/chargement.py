"""Loads the whole demonstration in one transaction: it is there entirely, or not at all."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from backoffice.jurys.pv_documents import reprendre_les_pv
from registre import cles, gardien
from registre.courriels import envoyer
from registre.models import CourrielSortant, Notification, Parchemin
from registre.models.courriels import Panne

from . import certifications, mandats, modeles, personnes, portail, regles, scenario
from .atelier import Atelier
from .horloge import horloge

DEBUT = timedelta(days=430)
COURRIELS_GARDES = timedelta(days=2)


@transaction.atomic
def charger(graine: int, part: float = 1) -> int:
    """Load everything, or a fraction of the dossiers; return how many acts were carried out."""
    if not any(cle.active for cle in cles.publiques().values()):
        cles.creer()
    if not Parchemin.objects.exists():
        gardien.oublier()
    registre = certifications.charger()
    portail.ouvrir()
    organismes = registre.organismes | personnes.lieux(graine)
    comptes = personnes.creer_comptes(graine, organismes)
    maintenant = timezone.now()
    deja_la = set(DBTaskResult.objects.values_list("pk", flat=True))
    with Atelier() as atelier, horloge(maintenant - DEBUT) as heure:
        modeles.publier(organismes, comptes)
        regles.etablir(registre, comptes)
        membres = regles.membres_du_jury(organismes, comptes)
        mandats.donner(organismes, comptes, membres, tuple(regles.PREFIXES))
        monde = scenario.Monde(
            registre=registre,
            comptes=comptes,
            organismes=organismes,
            employeurs=regles.employeurs(organismes, comptes),
            membres=membres,
            atelier=atelier,
            graine=graine,
            maintenant=maintenant,
        )
        scenario.ecrire(monde, part)
        actes = monde.derouler(heure.regler)
        heure.regler(maintenant)
        regles.preparer_la_suite(registre, comptes)
        mandats.rapprocher_une_fin(comptes)
        atelier.livrer()
    DBTaskResult.objects.exclude(pk__in=deja_la).delete()
    # Printed by the worker: no act waits for them.
    reprendre_les_pv()
    ranger_les_courriels(maintenant)
    ranger_les_notifications(maintenant)
    return actes


def ranger_les_courriels(maintenant) -> None:
    """The mails of the past left long ago; those of the last days are given to the worker."""
    partis = CourrielSortant.objects.filter(envoye_le=None, cree_le__lt=maintenant - COURRIELS_GARDES)
    avec_secret = list(partis.exclude(secret=""))
    for courriel in avec_secret:
        courriel.corps, courriel.secret = courriel.corps.replace(courriel.secret, "•••"), ""
    CourrielSortant.objects.bulk_update(avec_secret, ["corps", "secret"], batch_size=200)
    for courriel in CourrielSortant.objects.filter(envoye_le=None, cree_le__gte=maintenant - COURRIELS_GARDES):
        envoyer.enqueue(courriel.pk)
    perdus = list(partis.filter(modele="candidat_recevable").order_by("-cree_le").values_list("pk", flat=True)[:3])
    partis.update(envoye_le=F("cree_le"), prochain_essai=None, essais=1)
    # A few that did not arrive, to be repaired: an address mistyped, a full mailbox.
    revenus = CourrielSortant.objects.filter(pk__in=perdus)
    revenus.update(retour_le=F("cree_le"), motif_echec=Panne.ADRESSE, code_reponse="5.1.1")
    revenus.filter(pk__in=perdus[:1]).update(motif_echec=Panne.BOITE, code_reponse="5.2.2")


def ranger_les_notifications(maintenant) -> None:
    """Those of the past were read; what is no longer kept is gone."""
    anciennes = Notification.objects.filter(cree_le__lt=maintenant - COURRIELS_GARDES)
    anciennes.update(lue_le=F("cree_le"))
    Notification.objects.a_purger(maintenant).delete()
