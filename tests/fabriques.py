"""The shortest way to a dossier at any step, always through the real verbs; the objects themselves are in `objets`.

`brouillon`, `deposee`… `delivree` carry a dossier with the mechanism itself, as its users would: a test that starts
from `evaluee` starts from a dossier whose journal tells how it came there.
"""

import io
from datetime import date, timedelta
from decimal import Decimal

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from backoffice.candidatures.fichiers import controler
from backoffice.candidatures.models import Candidature
from backoffice.candidatures.workflow import MODELE, ouvrir
from backoffice.comptes.models import Utilisateur
from backoffice.evaluations.models import Habilitation
from backoffice.evaluations.workflow import Invite
from backoffice.jurys.models import Inscription, Mandat, SessionJury
from backoffice.jurys.signatures import places_de
from backoffice.jurys.workflow import SESSION
from backoffice.parcours.models import ModaliteAcces
from registre import delivrance as registre
from registre.models import Organisme, Titulaire
from registre.preuves import Preuve
from registre.transitions import executer

from .objets import MOT_DE_PASSE as MOT_DE_PASSE
from .objets import CertificationFactory as CertificationFactory
from .objets import FiliereFactory as FiliereFactory
from .objets import OrganismeFactory, ParcoursFactory, TitulaireFactory, UtilisateurFactory, VersionFactory
from .objets import Role as Role
from .objets import lettres as lettres


class Acteurs:
    """One person per role around one certification: the cast of a dossier."""

    def __init__(self, **parcours):
        self.version = VersionFactory()
        self.certification = self.version.certification
        self.porteur = self.certification.porteur
        self.cpne = self.version.certificateurs[0]
        self.parcours = ParcoursFactory(certification=self.certification, **parcours)
        self.etablissement = OrganismeFactory()
        self.employeur = UtilisateurFactory(role=("employeur", self.etablissement))
        self.gestionnaire = UtilisateurFactory(role=("gestionnaire", self.porteur))
        self.certificateur = UtilisateurFactory(role=("certificateur", self.cpne))
        self.signataire = UtilisateurFactory(role=("signataire", self.cpne))
        self.auditeur = UtilisateurFactory(role="auditeur")
        self.evaluateur = UtilisateurFactory(role=("evaluateur", self.cpne))
        Habilitation.objects.create(
            evaluateur=self.evaluateur,
            certification=self.certification,
            debut=timezone.localdate() - timedelta(days=100),
            fin=timezone.localdate() + timedelta(days=300),
        )
        self.presidente = UtilisateurFactory(role="jury", prenom="Anne")
        self.vice_president = UtilisateurFactory(role="jury", prenom="Bruno")
        for personne, college in ((self.presidente, "employeurs"), (self.vice_president, "salaries")):
            mandat(personne, self.cpne, college)
        # Holds the pen of the sessions, without a seat there.
        self.secretaire = UtilisateurFactory(role=("jury", self.cpne), prenom="Sacha")


def mandat(personne: Utilisateur, certificateur: Organisme, college: str, **champs) -> Mandat:
    """A mandate in the juries of this body, for all its certifications, begun long before the sessions of tests."""
    debut = timezone.localdate() - timedelta(days=1000)
    champs = {"debut": debut, "qualite": "membre de la CPNE", **champs}
    return Mandat.objects.create(personne=personne, certificateur=certificateur, college=college, **champs)


def pdf(pages: int = 1) -> bytes:
    """A small honest PDF."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def fichier_pdf(nom: str = "diplome.pdf", pages: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, pdf(pages), content_type="application/pdf")


def faire(candidature, nom, acteur, /, **donnees) -> Candidature:
    """Carry out one verb on a dossier."""
    return executer(MODELE, nom, candidature, acteur, donnees)


def brouillon(acteurs: Acteurs, titulaire=None) -> Candidature:
    candidature = Candidature(
        version=acteurs.version,
        etablissement=acteurs.etablissement,
        modalite_acces=ModaliteAcces.FC_HORS_CONTRAT,
    )
    return ouvrir(acteurs.employeur, titulaire or TitulaireFactory.build(), candidature)


def deposee(acteurs: Acteurs, titulaire=None) -> Candidature:
    candidature = brouillon(acteurs, titulaire)
    faire(
        candidature,
        "joindre_piece",
        acteurs.employeur,
        requise=acteurs.parcours.pieces.get(),
        fichier=controler(fichier_pdf()),
    )
    return faire(candidature, "deposer", acteurs.employeur)


def recevable(acteurs: Acteurs, titulaire=None) -> Candidature:
    return faire(deposee(acteurs, titulaire), "declarer_recevable", acteurs.gestionnaire)


def affectee(acteurs: Acteurs, titulaire=None) -> Candidature:
    return faire(
        recevable(acteurs, titulaire), "confirmer_evaluateur", acteurs.employeur, evaluateur=acteurs.evaluateur
    )


def invitee(acteurs: Acteurs, titulaire=None) -> Candidature:
    return faire(
        affectee(acteurs, titulaire),
        "inviter_metier",
        acteurs.evaluateur,
        nom="Dominique Métier",
        fonction="chef d’équipe",
        courriel="metier@example.org",
    )


def reponses(candidature, acquis=True) -> dict:
    """An answer for each compétence aimed at; `acquis` may be a function of the compétence."""
    competences = [c for b in candidature.blocs_a_evaluer() for c in b.competences.all()]
    oui = {c.pk: acquis(c) if callable(acquis) else acquis for c in competences}
    return {pk: (acquise, "" if acquise else "Geste à reprendre.") for pk, acquise in oui.items()}


def notes(candidature, note) -> dict:
    """A mark for each compétence aimed at, as its text; `note` may be a function of the compétence."""
    competences = [c for b in candidature.blocs_a_evaluer() for c in b.competences.all()]
    return {c.pk: (None, "Vu sur chantier.", Decimal(note(c) if callable(note) else note)) for c in competences}


def habilite(acteurs: Acteurs, **champs) -> Utilisateur:
    """One more évaluateur, habilitated for this certification."""
    personne = UtilisateurFactory(role=("evaluateur", acteurs.cpne))
    jour = timezone.localdate()
    dates = {"debut": jour - timedelta(days=100), "fin": jour + timedelta(days=300)}
    Habilitation.objects.create(evaluateur=personne, certification=acteurs.certification, **(dates | champs))
    return personne


def repondue(acteurs: Acteurs, titulaire=None, acquis=True) -> Candidature:
    candidature = invitee(acteurs, titulaire)
    invite = Invite(candidature.evaluation.invitations.get(revoquee_le=None))
    return faire(candidature, "repondre_metier", invite, resultats=reponses(candidature, acquis), commentaire="Bien.")


def evaluee(acteurs: Acteurs, titulaire=None, acquis=True) -> Candidature:
    candidature = repondue(acteurs, titulaire, acquis)
    faire(
        candidature,
        "enregistrer_evaluation",
        acteurs.evaluateur,
        resultats=reponses(candidature, acquis),
        date_evaluation=timezone.localdate(),
        commentaire="Évaluation menée sur chantier.",
        sans_observation=True,
    )
    faire(candidature, "joindre_guide", acteurs.evaluateur, fichier=controler(fichier_pdf("guide.pdf")))
    return faire(candidature, "transmettre_evaluation", acteurs.evaluateur)


def meme_personne(titulaire: Titulaire) -> Titulaire:
    """The same person typed anew, as another employer does."""
    return TitulaireFactory(**titulaire.etat_civil())


def dans_un_acte(primitive, *args, **kwargs):
    """Call a primitive of the ground floor as an act does: inside a transaction."""
    with transaction.atomic():
        return primitive(*args, **kwargs)


def attestation(acteurs: Acteurs, titulaire: Titulaire, valide_jusqu_au: date | None = None, version=None):
    """A document of the registry: this person holds the first bloc, until that day."""
    version = version or acteurs.version
    premier, second = version.blocs.all()
    fin = valide_jusqu_au.isoformat() if valide_jusqu_au else ""
    return dans_un_acte(
        registre.delivrer,
        certificateur=acteurs.cpne,
        nature="attestation",
        titulaire=titulaire,
        version=version,
        lieu="Paris",
        jury={"date": "2025-06-12", "pv": "PV-2025-1"},
        blocs=[
            {"code": premier.code, "libelle": premier.libelle, "acquis": True, "valide_jusqu_au": fin},
            {"code": second.code, "libelle": second.libelle, "acquis": False, "valide_jusqu_au": ""},
        ],
        acces={},
        signataires=[
            {"college": "employeurs", "nom": "Anne Exemple", "qualite": "présidente"},
            {"college": "salaries", "nom": "Bruno Exemple", "qualite": "vice-président"},
        ],
    )


def session(acteurs: Acteurs, instance="unique", **champs) -> SessionJury:
    """A planned session with a chair and a vice-chair, one per collège."""
    champs = {
        "certificateur": acteurs.cpne,
        "debut": timezone.now() + timedelta(days=20),
        "limite_inscription": timezone.localdate() + timedelta(days=10),
        "lieu": "Paris",
        "instance": instance,
        "secretaire": acteurs.secretaire,
        "acces_membres_jours": 60,  # members read at once; the tests of the window say otherwise
        **champs,
    }
    seance = executer(SESSION, "planifier", SessionJury(**champs), acteurs.certificateur)
    seance.certifications.add(acteurs.certification)
    for personne, fonction in ((acteurs.presidente, "president"), (acteurs.vice_president, "vice_president")):
        donnees = {"mandat": personne.mandats.get(), "fonction": fonction}
        executer(SESSION, "nommer_membre", seance, acteurs.gestionnaire, donnees)
    return seance


def inscrite(acteurs: Acteurs, seance=None, titulaire=None, acquis=True) -> Candidature:
    candidature = evaluee(acteurs, titulaire, acquis)
    return faire(candidature, "inscrire_au_jury", acteurs.employeur, session=seance or session(acteurs))


def ouvrir_seance(acteurs: Acteurs, seance: SessionJury) -> SessionJury:
    """Both members sign in and the chair opens the session."""
    for membre in (acteurs.presidente, acteurs.vice_president):
        executer(SESSION, "emarger", seance, membre)
    return executer(SESSION, "ouvrir_session", seance, acteurs.presidente)


def deliberer(acteurs: Acteurs, candidature, acquis=True, motif="", issue=Inscription.Issue.DECIDEE) -> Candidature:
    blocs = {b.pk: (acquis(b) if callable(acquis) else acquis, motif) for b in candidature.blocs_a_evaluer()}
    reporte = issue != Inscription.Issue.DECIDEE
    motif = "Une pièce est attendue." if reporte and not motif else motif
    return faire(candidature, "deliberer", acteurs.presidente, issue=issue, blocs=blocs, motif=motif)


def preuve(personne) -> Preuve:
    """What a person shows who has just presented their second factor."""
    return Preuve(personne.pk, "totp", timezone.now())


def signer_pv(seance: SessionJury, personne) -> SessionJury:
    """This person signs the text as it is now."""
    return executer(
        SESSION, "signer_pv", seance, personne, {"empreinte": seance.pv.empreinte, "preuve": preuve(personne)}
    )


def sceller(acteurs: Acteurs, seance: SessionJury, par=None) -> SessionJury:
    """Whoever chairs closes the session, then each one whose signature is expected signs: the minutes are sealed."""
    seance = executer(SESSION, "clore_seance", seance, par or acteurs.presidente)
    for place in places_de(seance, seance.pv):
        seance = signer_pv(seance, place.membres[0].utilisateur)
    return seance


def decidee(acteurs: Acteurs, titulaire=None, acquis=True) -> Candidature:
    """A dossier decided by a sealed session; `acquis` (of compétences) rules both évaluateurs and jury."""
    seance = session(acteurs)
    candidature = inscrite(acteurs, seance, titulaire, acquis)
    ouvrir_seance(acteurs, seance)

    def bloc_acquis(bloc):
        return all((acquis(c) if callable(acquis) else acquis) for c in bloc.competences.all())

    deliberer(acteurs, candidature, bloc_acquis)
    sceller(acteurs, seance)
    candidature.refresh_from_db()
    return candidature


def delivree(acteurs: Acteurs, titulaire=None, acquis=True) -> Candidature:
    candidature = decidee(acteurs, titulaire, acquis)
    faire(candidature, "preparer_delivrance", acteurs.certificateur, lieu="Paris")
    return faire(candidature, "approuver_delivrance", acteurs.signataire)
