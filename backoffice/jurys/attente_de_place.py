"""The waiting list of a full session: the oldest request whose conditions hold takes the first place that frees."""

from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from backoffice.candidatures.inactivite import Horloge
from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import adresses, composer
from registre.quotidien import quotidienne
from registre.transitions import Refus, executer, verbe

from .courriels_session import au_candidat
from .forms_inscriptions import DemandeForm
from .models import DemandeDePlace, SessionJury
from .places import obstacles_a, prendre_place, verrouiller
from .workflow import AVANT_SCEAU

SANS_PLACE = (Etat.EVALUEE, Etat.AJOURNEE, Etat.PROPOSEE)
QUI_INSCRIT = ("employeur", "gestionnaire", "certificateur")


def file_d_attente(session: SessionJury) -> QuerySet[DemandeDePlace]:
    """The requests that still wait, oldest first."""
    return (
        session.demandes_de_place.filter(placee_le=None, retiree_le=None, candidature__etat__in=SANS_PLACE)
        .select_related("candidature__parcours", "candidature__version", "candidature__titulaire")
        .select_related("candidature__etablissement", "candidature__evaluation")
        .prefetch_related("candidature__blocs_acquis__bloc", "candidature__blocs_acquis__parchemin")
        .order_by("demandee_le", "pk")
    )


def demande_de(candidature) -> DemandeDePlace | None:
    """The place this dossier waits for, if any."""
    return candidature.demandes_de_place.filter(placee_le=None, retiree_le=None).select_related("session").first()


def rang_de(demande: DemandeDePlace) -> int:
    """1 for the next one to be served."""
    ids = list(file_d_attente(demande.session).values_list("pk", flat=True))
    return ids.index(demande.pk) + 1 if demande.pk in ids else 0


def devant(session: SessionJury, candidature) -> int:
    """How many requests go before this dossier: those that could take a place today, older than its own if it waits."""
    compte = 0
    for demande in file_d_attente(session):
        if demande.candidature_id == candidature.pk:
            break
        compte += not [o for o in obstacles_a(demande.candidature, session) if o.nature != "complet"]
    return compte


def a_son_tour(candidature, session):
    """The sentence that sends a dossier to the waiting list when others wait for the places that are left."""
    places = session.places_restantes()
    if places > 0 and (avant := devant(session, candidature)) >= places:
        yield (
            f"{avant} dossier{'s' if avant > 1 else ''} attend{'ent' if avant > 1 else ''} déjà une place à cette "
            "session\u00a0: demandez-en une à votre tour, ou choisissez une autre session."
        )


def _demande_possible(candidature, acteur, donnees):
    if deja := demande_de(candidature):
        yield f"Ce dossier attend déjà une place à la session du {timezone.localdate(deja.session.debut):%d/%m/%Y}."
    if candidature.inscriptions.filter(retiree_le=None, session__etat__in=AVANT_SCEAU).exists():
        yield "Ce dossier est déjà inscrit à une session\u00a0: transférez-le plutôt."
    if donnees.get("session") is None:
        return
    [session] = verrouiller(donnees["session"])
    contre = list(obstacles_a(candidature, session))
    if not contre and not list(a_son_tour(candidature, session)):
        yield "Il reste de la place à cette session\u00a0: inscrivez-y le dossier."
    yield from (o.phrase for o in contre if o.nature != "complet")


@verbe(
    MODELE,
    "demander_place",
    libelle="Demander une place dans une session complète",
    roles=QUI_INSCRIT,
    etape=7,
    de=SANS_PLACE,
    conditions=_demande_possible,
    formulaire=DemandeForm,
    aide="Dès qu’une place se libère, la plus ancienne demande la prend\u00a0: vous en êtes prévenu par courriel.",
)
def _demander_place(candidature, acteur, donnees):
    demande = DemandeDePlace.objects.create(
        session=donnees["session"], candidature=candidature, demandee_le=timezone.now(), demandee_par=acteur
    )
    return {"details": {"session": demande.session_id, "demande": demande.pk}}


@verbe(
    MODELE,
    "retirer_demande_de_place",
    libelle="Retirer la demande de place",
    roles=QUI_INSCRIT,
    etape=7,
    de=SANS_PLACE,
    conditions=lambda c, acteur, d: [] if demande_de(c) else ["Ce dossier n’attend de place dans aucune session."],
)
def _retirer_demande_de_place(candidature, acteur, donnees):
    demande = demande_de(candidature)
    demande.retiree_le = timezone.now()
    demande.save(update_fields=["retiree_le"])
    return {"details": {"session": demande.session_id, "demande": demande.pk}}


def _tour_venu(candidature, acteur, donnees):
    demande = demande_de(candidature)
    if demande is None or demande.session_id != donnees["session"].pk:
        yield "Ce dossier n’attend pas de place dans cette session."
        return
    [session] = verrouiller(demande.session)
    yield from (o.phrase for o in obstacles_a(candidature, session))
    yield from a_son_tour(candidature, session)


def _prevenir(candidature, acteur, donnees, resultat):
    gens = {donnees["demande"].demandee_par.email, *adresses("employeur", candidature.etablissement)}
    contexte = {"candidature": candidature, "session": donnees["session"]}
    return [
        au_candidat("inscrit_au_jury", resultat["inscription"]),
        *(composer("place_obtenue", adresse, **contexte) for adresse in sorted(gens)),
    ]


@verbe(
    MODELE,
    "obtenir_place",
    libelle="Obtenir la place demandée",
    roles=("plateforme",),
    etape=7,
    de=SANS_PLACE,
    vers=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    conditions=_tour_venu,
    courriels=_prevenir,
    interne=True,
)
def _obtenir_place(candidature, acteur, donnees):
    demande = donnees["demande"]
    DemandeDePlace.objects.filter(pk=demande.pk).update(placee_le=timezone.now())
    inscription = prendre_place(candidature, donnees["session"])
    return {
        "etat": Etat.PROPOSEE if candidature.etat == Etat.PROPOSEE else Etat.INSCRITE_JURY,
        "details": {"session": demande.session_id, "demande": demande.pk, "inscription": inscription.pk},
        "inscription": inscription,
    }


@task()
def attribuer_les_places(pk: int) -> None:
    """Give the free places of this session in the order of the requests, one transaction each.

    A dossier is locked before its session, as in every registration: two workers at once neither block each other nor
    give one place twice. A request whose conditions do not hold is passed over, and keeps its rank.
    """
    session = SessionJury.objects.get(pk=pk)
    for demande in file_d_attente(session):
        if session.places_restantes() < 1:
            return
        try:
            donnees = {"session": session, "demande": demande}
            executer(MODELE, "obtenir_place", demande.candidature, Horloge(), donnees)
        except Refus:
            continue


def proposer_la_place(session: SessionJury) -> None:
    """A place frees: whoever waits for it is served as soon as this transaction is over."""
    if session.demandes_de_place.filter(placee_le=None, retiree_le=None).exists():
        attribuer_les_places.enqueue(session.pk)


@quotidienne("Donne les places libres des sessions de jury à ceux qui les attendent.")
def _servir_les_listes_d_attente() -> str:
    attendues = SessionJury.objects.filter(
        etat=SessionJury.Etat.PLANIFIEE, demandes_de_place__placee_le=None, demandes_de_place__retiree_le=None
    ).exclude(demandes_de_place=None)
    sessions = list(attendues.distinct())
    for session in sessions:
        attribuer_les_places.call(session.pk)
    return f"{len(sessions)} liste(s) d’attente servie(s)."
