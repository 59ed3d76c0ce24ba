"""The verbs of presence: signed on screen or on paper, excused beforehand, gone before the end."""

from django.utils import timezone

from backoffice.courriels import adresses, composer
from registre.transitions import verbe

from .composition import Assemblee, manques_de_session
from .forms_presence import CorrectionForm, DepartForm, ExcuseForm, PresenceForm, siege_vise, tient_la_plume
from .models import Inscription, MembreJury, Scrutin, SessionJury
from .sieges import siege_de
from .suppleances import appeler_un_suppleant
from .workflow import AVANT_CLOTURE, ORGANISATEURS, SESSION

PLUMES = ("secretaire", *ORGANISATEURS)


def vote_ouvert(session: SessionJury) -> bool:
    """Is a ballot under way in this session?"""
    return Scrutin.objects.filter(inscription__session=session, clos_le=None, annule_le=None).exists()


def ruptures(session: SessionJury, assemblee: Assemblee) -> list[str]:
    """The rules that this assembly would fail and that the session does not fail now."""
    deja = {manque.regle for manque in manques_de_session(session)}
    return [manque for manque in manques_de_session(session, assemblee) if manque.regle not in deja]


def refus_d_arrivee(session: SessionJury, membres: list[MembreJury]):
    """Why these members cannot come in now: a ballot is open, or the jury could not decide with them."""
    if session.etat != SessionJury.Etat.OUVERTE:
        return
    if vote_ouvert(session):
        yield "Un vote est ouvert\u00a0: l’arrivée s’enregistre dès qu’il est clos."
    assemblee, arrivent = Assemblee.de(session), {m.pk for m in membres}
    for membre in assemblee.membres:
        if membre.pk in arrivent:
            membre.present_le, membre.parti_le = membre.present_le or timezone.now(), None
    if phrases := ruptures(session, assemblee):
        yield (
            "La séance est ouverte\u00a0: cette arrivée empêcherait le jury de décider. "
            + " ".join(phrases)
            + " Deux membres, un de chaque collège, peuvent entrer ensemble\u00a0: le secrétaire les enregistre."
        )


def _arriver(membre: MembreJury) -> None:
    membre.present_le, membre.parti_le, membre.excuse_le = membre.present_le or timezone.now(), None, None
    membre.save(update_fields=["present_le", "parti_le", "excuse_le"])


def _emargement_possible(session, acteur, donnees):
    siege = siege_de(session, acteur)
    if siege is None:
        yield "Vous ne siégez pas à cette session."
    elif siege.est_la:
        yield "Vous avez déjà émargé."
    else:
        yield from refus_d_arrivee(session, [siege])


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
    siege = siege_de(session, acteur)
    _arriver(siege)
    return {"details": {"membre": siege.pk}}


@verbe(
    SESSION,
    "retirer_emargement",
    libelle="Retirer mon émargement",
    roles=("jury",),
    etape=8,
    de=("planifiee",),
    conditions=lambda s, acteur, d: (
        [] if (siege := siege_de(s, acteur)) and siege.present_le else ["Vous n’avez pas émargé."]
    ),
    danger=True,
    aide="Quand un collège est plus nombreux que l’autre, un membre se retire pour rétablir la parité.",
)
def _retirer_emargement(session, acteur, donnees):
    siege = siege_de(session, acteur)
    siege.present_le = None
    siege.save(update_fields=["present_le"])
    return {"details": {"membre": siege.pk}}


def _presence_possible(session, acteur, donnees):
    if "membres" not in donnees:
        if not session.membres.exists():
            yield "Aucun membre ne siège encore à cette session."
        return
    membres = list(donnees["membres"])
    if any(m.session_id != session.pk for m in membres):
        yield "Une de ces personnes ne siège pas à cette session."
    elif all(m.est_la for m in membres):
        yield "Ces personnes ont déjà émargé."
    else:
        yield from refus_d_arrivee(session, membres)


@verbe(
    SESSION,
    "marquer_present",
    libelle="Noter les présents",
    roles=PLUMES,
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_presence_possible,
    formulaire=PresenceForm,
    aide="Quand les membres ont signé la feuille d’émargement sur papier. Joignez-la ensuite, signée, à la session.",
)
def _marquer_present(session, acteur, donnees):
    arrives = [m for m in session.membres.filter(pk__in=[m.pk for m in donnees["membres"]]) if not m.est_la]
    for membre in arrives:
        _arriver(membre)
    return {"details": {"membres": [m.pk for m in arrives]}}


def _correction_possible(session, acteur, donnees):
    membre = donnees.get("membre")
    if membre is None:
        if not session.membres.filter(present_le__isnull=False).exists():
            yield "Personne n’a émargé."
        return
    if membre.session_id != session.pk or membre.present_le is None:
        yield "Cette personne n’a pas émargé."
        return
    deliberes = Inscription.objects.filter(session=session, deliberee_le__gte=membre.present_le)
    if deliberes.exists() or membre.voix.exists():
        yield (
            f"Le jury a délibéré depuis que {membre.utilisateur} a émargé, sa présence ne s’efface plus\u00a0: "
            "notez son départ."
        )


@verbe(
    SESSION,
    "corriger_presence",
    libelle="Corriger une présence",
    roles=PLUMES,
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_correction_possible,
    formulaire=CorrectionForm,
    danger=True,
    aide="Une personne notée présente par erreur redevient absente.",
)
def _corriger_presence(session, acteur, donnees):
    membre = session.membres.get(pk=donnees["membre"].pk)
    membre.present_le = membre.parti_le = None
    membre.save(update_fields=["present_le", "parti_le"])
    return {"details": {"membre": membre.pk}}


def _seule_la_sienne(session, acteur, donnees, siege):
    if siege is None and not tient_la_plume(session, acteur):
        yield "Vous ne siégez pas à cette session."
    elif siege and siege.session_id != session.pk:
        yield "Cette personne ne siège pas à cette session."
    elif siege and siege.utilisateur_id != acteur.pk and not tient_la_plume(session, acteur):
        yield "Chaque membre le dit pour soi\u00a0; le secrétaire et les organisateurs le notent pour les autres."


def _excuse_possible(session, acteur, donnees):
    siege = siege_vise(session, acteur, donnees)
    yield from _seule_la_sienne(session, acteur, donnees, siege)
    if siege and siege.present_le:
        yield "Cette personne a émargé\u00a0: elle n’est pas absente."
    elif siege and siege.excuse_le:
        yield "L’absence de cette personne est déjà excusée."


def _annoncer_l_excuse(session, acteur, donnees, resultat):
    details, membres = resultat["details"], session.membres.select_related("utilisateur")
    absent = membres.get(pk=details["membre"])
    suppleant = membres.filter(pk=details["suppleant"]).first()
    gens = set(adresses("certificateur", session.certificateur))
    for certification in session.certifications.select_related("porteur"):
        gens |= set(adresses("gestionnaire", certification.porteur))
    if session.secretaire:
        gens.add(session.secretaire.email)
    contexte = {"session": session, "absent": absent, "suppleant": suppleant, "motif": donnees.get("motif", "")}
    messages = [composer("excuse_jury", adresse, **contexte) for adresse in sorted(gens - {acteur.email})]
    if suppleant:
        messages.append(composer("suppleance_jury", suppleant.utilisateur.email, session=session))
    return messages


@verbe(
    SESSION,
    "excuser",
    libelle="Excuser une absence",
    roles=("jury", *PLUMES),
    etape=8,
    de=("planifiee",),
    conditions=_excuse_possible,
    formulaire=ExcuseForm,
    courriels=_annoncer_l_excuse,
    aide="Les organisateurs en sont prévenus, et un suppléant, s’il y en a un, est appelé à siéger. "
    "Qui peut finalement venir émarge comme les autres.",
)
def _excuser(session, acteur, donnees):
    siege = siege_vise(session, acteur, donnees)
    siege.excuse_le = timezone.now()
    siege.save(update_fields=["excuse_le"])
    suppleant = appeler_un_suppleant(session, siege)
    return {"details": {"membre": siege.pk, "suppleant": suppleant.pk if suppleant else None}}


def _depart_possible(session, acteur, donnees):
    siege = siege_vise(session, acteur, donnees)
    yield from _seule_la_sienne(session, acteur, donnees, siege)
    if siege and not siege.est_la:
        yield "Cette personne n’est pas dans la salle."


@verbe(
    SESSION,
    "quitter_seance",
    libelle="Quitter la séance",
    roles=("jury", *PLUMES),
    etape=8,
    de=("ouverte",),
    conditions=_depart_possible,
    formulaire=DepartForm,
    danger=True,
    aide="La composition se recompte aussitôt. Si le quorum ou la parité ne tient plus, les dossiers qui restent ne "
    "peuvent être qu’ajournés. Une procuration peut être donnée à un autre membre quand le règlement le permet.",
)
def _quitter_seance(session, acteur, donnees):
    siege = siege_vise(session, acteur, donnees)
    siege.parti_le = timezone.now()
    siege.save(update_fields=["parti_le"])
    return {"details": {"membre": siege.pk}}
