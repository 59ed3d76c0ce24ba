"""The verbs of proxies: a voice handed over to another member, within the limits of the parcours, and taken back."""

from django.utils import timezone

from backoffice.courriels import composer
from registre.transitions import verbe

from .composition import NOMS, Assemblee
from .forms_presence import ProcurationForm, RetraitDeProcurationForm, siege_vise, tient_la_plume
from .models import Procuration, SessionJury
from .nominations import regles_de
from .presence import PLUMES, ruptures, vote_ouvert
from .sieges import siege_de
from .workflow import AVANT_CLOTURE, SESSION


def _en_cours(session):
    return Procuration.objects.filter(mandant__session=session, retiree_le=None)


def _procuration_possible(session, acteur, donnees):
    regles = regles_de(session)
    if not min(r.procurations_par_membre for r in regles):
        yield "Le règlement de ce jury ne permet pas de donner procuration."
        return
    mandant = siege_vise(session, acteur, donnees, "mandant")
    if mandant is None:
        if not tient_la_plume(session, acteur):
            yield "Vous ne siégez pas à cette session."
        return
    if mandant.utilisateur_id != acteur.pk and not tient_la_plume(session, acteur):
        yield "Chaque membre donne sa propre procuration\u00a0; le secrétaire enregistre celles qui sont sur papier."
    yield from _mandant_possible(session, mandant)
    if mandataire := donnees.get("mandataire"):
        yield from _mandataire_possible(session, mandant, mandataire, regles)
        yield from _moment_possible(session, mandant, mandataire)


def _mandant_possible(session, mandant):
    if mandant.session_id != session.pk:
        yield "Cette personne ne siège pas à cette session."
    elif mandant.suppleant:
        yield "Un suppléant remplace un titulaire\u00a0: il n’a pas de voix à confier."
    elif mandant.est_la:
        yield f"{mandant.utilisateur} est dans la salle\u00a0: une procuration sert à qui n’y est pas."
    elif deja := _en_cours(session).filter(mandant=mandant).select_related("mandataire__utilisateur").first():
        yield (
            f"{mandant.utilisateur} a déjà donné procuration à {deja.mandataire.utilisateur}\u00a0: retirez-la d’abord."
        )


def _mandataire_possible(session, mandant, mandataire, regles):
    if mandataire.session_id != session.pk or mandataire.pk == mandant.pk:
        yield "La procuration se donne à un autre membre de cette session."
        return
    if mandataire.excuse_le:
        yield f"{mandataire.utilisateur} est excusé(e) et ne pourra pas porter cette voix."
    if mandataire.college != mandant.college and any(r.procuration_meme_college for r in regles):
        yield (
            f"{mandataire.utilisateur} siège au collège {NOMS[mandataire.college]}\u00a0: la procuration se donne à un "
            f"membre du collège {NOMS[mandant.college]}."
        )
    permises = min(r.procurations_par_membre for r in regles)
    portees = _en_cours(session).filter(mandataire=mandataire).count()
    if portees >= permises:
        yield (
            f"{mandataire.utilisateur} porte déjà {portees} procuration{'s' if portees > 1 else ''}, le règlement en "
            f"permet {permises} par membre."
        )


def _moment_possible(session, mandant, mandataire):
    if session.etat != SessionJury.Etat.OUVERTE:
        return
    if vote_ouvert(session):
        yield "Un vote est ouvert\u00a0: la procuration s’enregistre dès qu’il est clos."
    assemblee = Assemblee.de(session)
    assemblee.procurations.append(Procuration(mandant=mandant, mandataire=mandataire, donnee_le=timezone.now()))
    if phrases := ruptures(session, assemblee):
        yield "Avec cette procuration, le jury ne pourrait plus décider. " + " ".join(phrases)


@verbe(
    SESSION,
    "donner_procuration",
    libelle="Donner procuration",
    roles=("jury", *PLUMES),
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_procuration_possible,
    formulaire=ProcurationForm,
    courriels=lambda s, acteur, donnees, resultat: [
        composer("procuration_jury", donnees["mandataire"].utilisateur.email, session=s)
    ],
    aide="La voix d’un membre absent est portée par un autre membre, dans la salle. Elle ne compte plus si ce membre "
    "sort ou se déporte, ni quand le suppléant siège.",
)
def _donner_procuration(session, acteur, donnees):
    procuration = Procuration.objects.create(
        mandant=siege_vise(session, acteur, donnees, "mandant"),
        mandataire=donnees["mandataire"],
        donnee_le=timezone.now(),
    )
    return {"details": {"mandant": procuration.mandant_id, "mandataire": procuration.mandataire_id}}


def _retrait_possible(session, acteur, donnees):
    siennes, plume = _en_cours(session), tient_la_plume(session, acteur)
    if not plume:
        siennes = siennes.filter(mandant=siege_de(session, acteur))
    if not siennes.exists():
        yield "Aucune procuration n’est donnée." if plume else "Vous n’avez pas donné procuration."
    elif donnees.get("procuration") and not siennes.filter(pk=donnees["procuration"].pk).exists():
        yield "Cette procuration n’est pas la vôtre, ou elle est déjà retirée."
    elif vote_ouvert(session):
        yield "Un vote est ouvert\u00a0: la procuration se retire dès qu’il est clos."


@verbe(
    SESSION,
    "retirer_procuration",
    libelle="Retirer une procuration",
    roles=("jury", *PLUMES),
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_retrait_possible,
    formulaire=RetraitDeProcurationForm,
)
def _retirer_procuration(session, acteur, donnees):
    _en_cours(session).filter(pk=donnees["procuration"].pk).update(retiree_le=timezone.now())
    return {"details": {"procuration": donnees["procuration"].pk}}
