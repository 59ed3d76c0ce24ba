"""A planned session changes, or is cancelled: nobody who counts on it is left untold."""

from django.utils import timezone
from django.utils.formats import date_format

from backoffice.candidatures.credits import credits_perimes
from backoffice.candidatures.models import Candidature
from backoffice.candidatures.workflow import MODELE
from registre.transitions import Refus, executer, verbe

from .acces_membres import ouverture
from .attente_de_place import attribuer_les_places, file_d_attente
from .calendrier_ics import Methode
from .convocations import dossiers_de_la_liste, membres_convoques, prevenir_les_dossiers
from .courriels_session import aux_employeurs, aux_membres, avec_calendrier
from .forms_sessions import AnnulationForm, ModificationForm
from .workflow import ORGANISATEURS, SESSION

CHAMPS = (
    "debut",
    "duree_minutes",
    "lieu",
    "lien_visio",
    "capacite",
    "limite_inscription",
    "secretaire",
    "acces_membres_jours",
    "candidats_recus",
    "consignes",
)
# What those who were convened put in their calendar, or prepare.
A_DIRE = ("debut", "duree_minutes", "lieu", "lien_visio", "candidats_recus", "consignes")


def _peut_modifier(session, acteur, donnees):
    pris = session.inscriptions.filter(retiree_le=None)
    if (capacite := donnees.get("capacite")) is not None and capacite < pris.count():
        yield (
            f"{pris.count()} dossiers sont inscrits, plus que {capacite}\u00a0: transférez-en d’abord à une "
            "autre session."
        )
    debut, limite = donnees.get("debut", session.debut), donnees.get("limite_inscription", session.limite_inscription)
    if "debut" in donnees and debut <= timezone.now():
        yield "Cette date est passée\u00a0: choisissez une date à venir."
    if "debut" in donnees:
        for membre in session.membres.exclude(mandat=None).select_related("mandat__personne"):
            if manque := membre.mandat.manque(timezone.localdate(debut)):
                yield f"Le mandat de {membre.mandat.personne} {manque}\u00a0: retirez ce membre, ou gardez la date."
    if limite > timezone.localdate(debut):
        yield "Les inscriptions se terminent avant le jury."
    if "certifications" in donnees:
        gardees = {c.pk for c in donnees["certifications"]}
        for version in {i.candidature.version for i in dossiers_de_la_liste(session)}:
            if version.certification_id not in gardees:
                yield (
                    f"Gardez la certification «\u202f{version.intitule}\u202f», ou transférez d’abord ses "
                    "dossiers inscrits."
                )
    if "debut" in donnees and timezone.localdate(debut) > timezone.localdate(session.debut):
        for inscription in dossiers_de_la_liste(session):
            for phrase in credits_perimes(inscription.candidature, timezone.localdate(debut)):
                yield f"Dossier {inscription.candidature.reference}\u00a0: {phrase[0].lower()}{phrase[1:]}"


def _dire(champ: str, valeur) -> str:
    if champ == "debut":
        return date_format(timezone.localtime(valeur), r"l j F Y à G \h i")
    if champ == "duree_minutes":
        return f"{valeur} minutes" if valeur else "non précisée"
    if champ == "candidats_recus":
        return "oui" if valeur else "non"
    return valeur or "aucun"


LIBELLES = {
    "debut": "Date",
    "duree_minutes": "Durée",
    "lieu": "Lieu",
    "lien_visio": "Visioconférence",
    "candidats_recus": "Le jury reçoit les candidats",
    "consignes": "À apporter",
}


@verbe(
    SESSION,
    "modifier_session",
    libelle="Modifier la session",
    roles=ORGANISATEURS,
    etape=7,
    de=("planifiee",),
    conditions=_peut_modifier,
    formulaire=ModificationForm,
    courriels=lambda s, acteur, donnees, resultat: _prevenir(s, resultat["changements"]),
    aide="Les personnes déjà convoquées reçoivent ce qui change, et leur agenda se met à jour.",
)
def _modifier_session(session, acteur, donnees):
    changements, champs = [], []
    for champ in CHAMPS:
        if champ not in donnees or donnees[champ] == getattr(session, champ):
            continue
        champs.append(champ)
        if champ in A_DIRE:
            avant, apres = _dire(champ, getattr(session, champ)), _dire(champ, donnees[champ])
            changements.append(f"- {LIBELLES[champ]}\u00a0: {apres} (au lieu de\u00a0: {avant})")
        setattr(session, champ, donnees[champ])
    if "certifications" in donnees:
        session.certifications.set(donnees["certifications"])
    session.dossiers_ouverts_le = ouverture(session)
    if changements:
        convoques = list(dossiers_de_la_liste(session).exclude(convoquee_le=None))
        for inscription in convoques:
            inscription.session = session  # as it is now: it is stored after this
        prevenir_les_dossiers(
            session,
            acteur,
            "annoncer_un_changement",
            "session_modifiee_candidat",
            convoques,
            Methode.CONVIER,
            changements=changements,
        )
    if "capacite" in champs and file_d_attente(session):
        attribuer_les_places.enqueue(session.pk)
    return {"details": {"champs": champs}, "changements": changements}


def _prevenir(session, changements):
    if not changements:
        return []
    dossiers = dossiers_de_la_liste(session).exclude(convoquee_le=None)
    messages = [
        *aux_membres("session_modifiee", session, membres_convoques(session), changements=changements),
        *aux_employeurs("session_modifiee_employeur", session, dossiers, changements=changements),
    ]
    return [avec_calendrier(message, session) for message in messages]


def _dossiers_verrouilles(session) -> list[Candidature]:
    """The dossiers of the list, locked without waiting: who holds one of them may be waiting for this very session.

    Raises:
        Refus: somebody is acting on one of them at this instant.
    """
    ids = list(dossiers_de_la_liste(session).values_list("candidature", flat=True))
    siens = Candidature.objects.filter(pk__in=ids).order_by("pk")
    verrouilles = list(siens.select_for_update(of=("self",), skip_locked=True))
    if len(verrouilles) < len(ids):
        raise Refus("Quelqu’un agit en ce moment sur un dossier de cette session\u00a0: recommencez dans un instant.")
    return verrouilles


@verbe(
    SESSION,
    "annuler_session",
    libelle="Annuler la session",
    roles=ORGANISATEURS,
    etape=8,
    de=("planifiee",),
    vers=("annulee",),
    formulaire=AnnulationForm,
    danger=True,
    courriels=lambda s, acteur, donnees, resultat: _prevenir_de_l_annulation(s, donnees, resultat["concernes"]),
    aide="Les dossiers inscrits attendent de nouveau une session\u202f; membres, candidats et employeurs sont "
    "prévenus.",
)
def _annuler_session(session, acteur, donnees):
    session.annulee_le = timezone.now()
    concernes = list(dossiers_de_la_liste(session))
    for candidature in _dossiers_verrouilles(session):
        executer(MODELE, "quitter_la_session", candidature, acteur, donnees, par="annuler_session")
    demandes = list(file_d_attente(session))
    session.demandes_de_place.filter(pk__in=[d.pk for d in demandes]).update(retiree_le=session.annulee_le)
    details = {"inscriptions": [i.pk for i in concernes], "demandes": [d.pk for d in demandes]}
    return {"details": details, "concernes": [*concernes, *demandes]}


def _prevenir_de_l_annulation(session, donnees, concernes):
    motif = donnees["motif"]
    messages = [
        *aux_membres("session_annulee", session, motif=motif),
        *aux_employeurs("session_annulee_employeur", session, concernes, motif=motif),
    ]
    return [avec_calendrier(message, session, Methode.ANNULER) for message in messages]
