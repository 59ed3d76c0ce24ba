"""The verbs of who sits: seats given and freed, the chair, the recusals declared."""

from django.db.models import Q

from backoffice.courriels import composer
from registre.transitions import verbe

from .calendrier_ics import Methode
from .courriels_session import avec_calendrier
from .forms_sieges import DeportForm, MembreForm, PresidenceForm, RetourForm, SortieForm
from .models import Deport, MembreJury, Procuration, Scrutin, SessionJury
from .nominations import asseoir, mandats_a_asseoir, refus_de_place, refus_de_presidence, refus_de_siege
from .workflow import AVANT_CLOTURE, ORGANISATEURS, SESSION

Fonction = MembreJury.Fonction


def siege_de(session: SessionJury, acteur) -> MembreJury | None:
    """The seat of this person in this session, if they have one."""
    return session.membres.filter(utilisateur=acteur).first()


def _siege_possible(session, acteur, donnees):
    mandat = donnees.get("mandat")
    if mandat is None:
        if not donnees and not mandats_a_asseoir(session).exists():
            yield "Personne d’autre n’a de mandat en cours ce jour-là\u00a0: le certificateur donne les mandats."
        return
    yield from refus_de_siege(session, mandat)
    fonction = donnees.get("fonction", Fonction.MEMBRE)
    if fonction == Fonction.MEMBRE:
        return
    tenues = dict(session.membres.exclude(fonction=Fonction.MEMBRE).values_list("fonction", "college"))
    if fonction in tenues:
        yield "Cette fonction est déjà tenue par un autre membre."
    elif mandat.suppleant:
        yield "Un suppléant ne préside pas\u00a0: il siège quand un titulaire manque."
    else:
        tenues[fonction] = mandat.college
        yield from refus_de_presidence(
            session, tenues.get(Fonction.PRESIDENT, ""), tenues.get(Fonction.VICE_PRESIDENT, "")
        )


@verbe(
    SESSION,
    "nommer_membre",
    libelle="Ajouter un membre",
    roles=ORGANISATEURS,
    etape=8,
    de=("planifiee",),
    conditions=_siege_possible,
    formulaire=MembreForm,
)
def _nommer_membre(session, acteur, donnees):
    membre = asseoir(session, donnees["mandat"], donnees.get("fonction", Fonction.MEMBRE))
    return {"details": {"membre": membre.pk, "mandat": membre.mandat_id}}


def _titulaires_possibles(session, acteur, donnees):
    titulaires = list(mandats_a_asseoir(session, suppleants=False))
    if not titulaires:
        yield "Tous les titulaires qui ont un mandat ce jour-là siègent déjà à cette session."
    yield from refus_de_place(session, titulaires)


@verbe(
    SESSION,
    "convoquer_titulaires",
    libelle="Donner leur siège aux titulaires",
    roles=ORGANISATEURS,
    etape=8,
    de=("planifiee",),
    conditions=_titulaires_possibles,
    aide="Chaque titulaire dont le mandat court le jour de la session reçoit un siège. "
    "Désignez ensuite la présidence, puis envoyez les convocations.",
)
def _convoquer_titulaires(session, acteur, donnees):
    membres = [asseoir(session, mandat) for mandat in mandats_a_asseoir(session, suppleants=False)]
    return {"details": {"membres": [m.pk for m in membres]}}


def _sortie_possible(session, acteur, donnees):
    membre = donnees.get("membre")
    if membre is None:
        return
    if membre.session_id != session.pk:
        yield "Cette personne ne siège pas à cette session."
    elif membre.present_le:
        yield f"{membre.utilisateur} a émargé\u00a0: corrigez d’abord sa présence."


def _liberer(membre: MembreJury) -> None:
    """Free a seat of a session that has not opened: nothing was decided there, its proxies fall with it."""
    Procuration.objects.filter(Q(mandant=membre) | Q(mandataire=membre)).delete()
    membre.delete()


def _dire_la_sortie(session, donnees):
    """Whoever was convened takes the meeting off their calendar too."""
    membre = donnees["membre"]
    message = composer("retrait_jury", membre.utilisateur.email, session=session, motif=donnees.get("motif", ""))
    return [avec_calendrier(message, session, Methode.ANNULER) if membre.convoque_le else message]


@verbe(
    SESSION,
    "retirer_membre",
    libelle="Retirer un membre",
    roles=ORGANISATEURS,
    etape=8,
    de=("planifiee",),
    conditions=_sortie_possible,
    formulaire=SortieForm,
    courriels=lambda s, acteur, donnees, resultat: _dire_la_sortie(s, donnees),
    danger=True,
    consequence_de=("retirer_mandat",),
)
def _retirer_membre(session, acteur, donnees):
    membre = donnees["membre"]
    details = {"membre": membre.pk, "mandat": membre.mandat_id}
    _liberer(session.membres.get(pk=membre.pk))
    return {"details": details}


def _presidence_possible(session, acteur, donnees):
    if not donnees:
        if not session.membres.filter(suppleant=False).exists():
            yield "Aucun titulaire ne siège encore\u00a0: ajoutez d’abord les membres."
        return
    choisis = [m for m in (donnees["president"], donnees.get("vice_president")) if m]
    if any(m.session_id != session.pk or m.suppleant for m in choisis):
        yield "La présidence et la vice-présidence sont des titulaires de cette session."
    elif len({m.pk for m in choisis}) < len(choisis):
        yield "La même personne ne tient pas les deux fonctions."
    else:
        colleges = [m.college for m in choisis] + [""]
        yield from refus_de_presidence(session, colleges[0], colleges[1])


@verbe(
    SESSION,
    "designer_presidence",
    libelle="Désigner la présidence",
    roles=ORGANISATEURS,
    etape=8,
    de=("planifiee",),
    conditions=_presidence_possible,
    formulaire=PresidenceForm,
    aide="Quand la présidence est absente ou déportée, la vice-présidence conduit la séance.",
)
def _designer_presidence(session, acteur, donnees):
    session.membres.exclude(fonction=Fonction.MEMBRE).update(fonction=Fonction.MEMBRE)
    details = {}
    for fonction in (Fonction.PRESIDENT, Fonction.VICE_PRESIDENT):
        if membre := donnees.get(str(fonction)):
            session.membres.filter(pk=membre.pk).update(fonction=fonction)
            details[str(fonction)] = membre.pk
    return {"details": details}


def _deport_possible(session, acteur, donnees):
    inscription = donnees.get("inscription")
    if siege_de(session, acteur) is None:
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
    aide="Vous ne prenez pas part à la délibération sur ce dossier\u202f; la raison figure au PV.",
)
def _declarer_deport(session, acteur, donnees):
    deport, _ = Deport.objects.get_or_create(
        inscription=donnees["inscription"],
        membre=siege_de(session, acteur),
        defaults={"raison": donnees["raison"], "declare": True},
    )
    return {"details": {"deport": deport.pk, "inscription": deport.inscription_id}}


def _retour_possible(session, acteur, donnees):
    siens = Deport.objects.filter(membre=siege_de(session, acteur), declare=True, inscription__issue="")
    if not siens.exists():
        yield "Vous n’avez déclaré aucun déport sur un dossier qui reste à délibérer."
    if inscription := donnees.get("inscription"):
        if not siens.filter(inscription=inscription).exists():
            yield "Vous n’avez pas déclaré de déport sur ce dossier, ou le jury y a déjà délibéré."
        if Scrutin.objects.filter(inscription=inscription, clos_le=None, annule_le=None).exists():
            yield "Un vote est ouvert sur ce dossier\u00a0: votre déport tient jusqu’à sa clôture."


@verbe(
    SESSION,
    "retirer_deport",
    libelle="Revenir sur un déport",
    roles=("jury",),
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_retour_possible,
    formulaire=RetourForm,
    aide="Un déport déclaré par erreur se retire avant la délibération. Celui qui se lit dans les données demeure.",
)
def _retirer_deport(session, acteur, donnees):
    siege, inscription = siege_de(session, acteur), donnees["inscription"]
    Deport.objects.filter(membre=siege, inscription=inscription, declare=True).delete()
    return {"details": {"inscription": inscription.pk}}
