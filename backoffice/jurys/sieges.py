"""The verbs of who sits: members, presence, recusals."""

from django.utils import timezone

from backoffice.courriels import composer
from registre.transitions import verbe

from .composition import parcours_de
from .deports import deporter_d_office
from .forms import DeportForm, MembreForm
from .models import Deport, MembreJury, SessionJury
from .workflow import AVANT_CLOTURE, ORGANISATEURS, SESSION


def _siege_possible(session, acteur, donnees):
    membre = donnees.get("utilisateur")
    if membre is None:
        return
    if session.membres.filter(utilisateur=membre).exists():
        yield "Cette personne siège déjà à cette session : un siège, une voix."
    fonction = donnees.get("fonction")
    if fonction != MembreJury.Fonction.MEMBRE:
        tenue = session.membres.filter(fonction__in=("president", "vice_president"))
        if tenue.filter(fonction=fonction).exists():
            yield "Cette fonction est déjà tenue par un autre membre."
        regles = parcours_de(session)
        alternee = not regles or any(p.presidence_alternee for p in regles)
        if alternee and tenue.filter(college=donnees["college"]).exists():
            yield "La présidence et la vice-présidence viennent de collèges différents."


@verbe(
    SESSION,
    "nommer_membre",
    libelle="Ajouter un membre",
    roles=ORGANISATEURS,
    etape=8,
    de=("planifiee",),
    conditions=_siege_possible,
    formulaire=MembreForm,
    courriels=lambda s, acteur, donnees, resultat: [
        composer("convocation_jury", donnees["utilisateur"].email, session=s)
    ],
)
def _nommer_membre(session, acteur, donnees):
    organisme = next((r.organisme for r in donnees["utilisateur"].roles_actifs if r.nom == "jury"), None)
    membre = MembreJury.objects.create(
        session=session,
        utilisateur=donnees["utilisateur"],
        college=donnees["college"],
        fonction=donnees["fonction"],
        qualite=donnees["qualite"],
        organisme=organisme,
    )
    deporter_d_office(session.inscriptions.all(), session.membres.filter(pk=membre.pk))
    return {"details": {"membre": membre.pk}}


def _siege_de(session, acteur) -> MembreJury | None:
    return session.membres.filter(utilisateur=acteur).first()


def _emargement_possible(session, acteur, donnees):
    siege = _siege_de(session, acteur)
    if siege is None:
        yield "Vous ne siégez pas à cette session."
    elif siege.present_le:
        yield "Vous avez déjà émargé."
    elif session.etat == SessionJury.Etat.OUVERTE and any(p.parite_stricte for p in parcours_de(session)):
        # A late arrival would break the parity on which the jury already decided, with no way back.
        yield "La séance est ouverte : sa composition paritaire ne change plus."


@verbe(
    SESSION,
    "emarger",
    libelle="Émarger",
    roles=("jury",),
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_emargement_possible,
    principal=True,
)
def _emarger(session, acteur, donnees):
    siege = _siege_de(session, acteur)
    siege.present_le = timezone.now()
    siege.save(update_fields=["present_le"])
    return {"details": {"membre": siege.pk}}


@verbe(
    SESSION,
    "retirer_emargement",
    libelle="Retirer mon émargement",
    roles=("jury",),
    etape=8,
    de=("planifiee",),
    conditions=lambda s, acteur, d: (
        [] if (siege := _siege_de(s, acteur)) and siege.present_le else ["Vous n’avez pas émargé."]
    ),
    danger=True,
    aide="Quand un collège est plus nombreux que l’autre, un membre se retire pour rétablir la parité.",
)
def _retirer_emargement(session, acteur, donnees):
    siege = _siege_de(session, acteur)
    siege.present_le = None
    siege.save(update_fields=["present_le"])
    return {"details": {"membre": siege.pk}}


def _deport_possible(session, acteur, donnees):
    inscription = donnees.get("inscription")
    if _siege_de(session, acteur) is None:
        yield "Vous ne siégez pas à cette session."
    if inscription and inscription.session_id != session.pk:
        yield "Ce dossier n’est pas inscrit à cette session."
    elif inscription and inscription.issue:
        yield "Le jury a déjà délibéré sur ce dossier."


@verbe(
    SESSION,
    "declarer_deport",
    libelle="Me déporter d’un dossier",
    roles=("jury",),
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_deport_possible,
    formulaire=DeportForm,
    aide="Vous ne prenez pas part à la délibération sur ce dossier ; la raison figure au PV.",
)
def _declarer_deport(session, acteur, donnees):
    siege = _siege_de(session, acteur)
    deport, _ = Deport.objects.get_or_create(
        inscription=donnees["inscription"],
        membre=siege,
        defaults={"raison": donnees["raison"], "declare": True},
    )
    return {"details": {"deport": deport.pk}}
