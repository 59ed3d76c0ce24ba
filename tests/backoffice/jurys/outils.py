"""What the tests of this room share: more members, acts on a session, the data of a decision."""

from backoffice.jurys.models import Mandat, SessionJury
from registre.transitions import executer
from tests import fabriques as f


def seance(session: SessionJury, nom: str, acteur, **donnees) -> SessionJury:
    """Carry out one verb on a session."""
    return executer(f.SESSION, nom, session, acteur, donnees)


def mandate(certificateur, college: str, organisme=None, personne=None, **champs) -> Mandat:
    """A mandate for a new member; `champs` are those of the mandate, `personne` those of the account."""
    membre = f.UtilisateurFactory(role=("jury", organisme or f.OrganismeFactory()), **(personne or {}))
    return f.mandat(membre, certificateur, college, **champs)


def nommer(acteurs: f.Acteurs, session: SessionJury, college: str, fonction="membre", organisme=None, **personne):
    """Seat one more member and return their account."""
    mandat = mandate(session.certificateur, college, organisme, personne)
    seance(session, "nommer_membre", acteurs.gestionnaire, mandat=mandat, fonction=fonction)
    return mandat.personne


def frais(utilisateur):
    """The same person, without the roles that were read before they changed."""
    return f.Utilisateur.objects.get(pk=utilisateur.pk)


def decision(candidature, valeur="oui", **champs) -> dict:
    """The fields that the chair sends."""
    return {"issue": "decidee"} | {f"b{b.pk}": valeur for b in candidature.blocs_a_evaluer()} | champs


def ouverte(acteurs: f.Acteurs, *dossiers, **session):
    """An open session with these dossiers (one by default), evaluated as all acquired."""
    session = f.session(acteurs, **session)
    candidatures = [f.inscrite(acteurs, session, acquis=acquis) for acquis in (dossiers or (True,))]
    return f.ouvrir_seance(acteurs, session), *candidatures


def page(session) -> str:
    return f"/gestion/jurys/{session.pk}/"


def salle(candidature) -> str:
    inscription = candidature.inscriptions.latest("pk")
    return f"/gestion/jurys/{inscription.session_id}/salle/{inscription.pk}/"


def texte(reponse) -> str:
    return reponse.content.decode()
