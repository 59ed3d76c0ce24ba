"""One dossier of the demonstration: who stands around it, and the acts that carry it, each through its verb."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from weasyprint import HTML

from backoffice.candidatures.fichiers import FichierSain, controler
from backoffice.candidatures.models import Candidature
from backoffice.candidatures.prerequis import Conclusion, lignes
from backoffice.candidatures.workflow import MODELE, ouvrir
from backoffice.comptes.models import Utilisateur
from backoffice.delivrances import blocs_workflow
from backoffice.delivrances.blocs import blocs_a_attester
from backoffice.evaluations.workflow import Invite
from backoffice.jurys.models import Inscription, SessionJury
from backoffice.parcours.models import ModeEvaluation
from registre.models import OptionCertification, Organisme, Titulaire, VersionCertification
from registre.transitions import executer

from .atelier import Atelier
from .certifications import lire_donnees
from .inventions import Personne

LIEU = "Paris"


def document_d_exemple(titre: str) -> FichierSain:
    """A one-page PDF that says it is an example, checked as any uploaded file is."""
    page = HTML(string=f"<html lang=fr><title>{titre}</title><h1>{titre}</h1><p>Document d’exemple, sans valeur.</p>")
    return controler(SimpleUploadedFile(f"{titre.lower().replace(' ', '-')}.pdf", page.write_pdf()))


@dataclass
class Dossier:
    """One person's way towards one version.

    `but` names the last act before the jury; `lacunes` what is not acquired: nothing, all blocs but the first
    (« un_bloc » acquis), or all blocs (« tous »).
    """

    personne: Personne
    version: VersionCertification
    etablissement: Organisme
    employeur: Utilisateur
    gestionnaire: Utilisateur
    evaluateur: Utilisateur
    second: Utilisateur  # of those parcours that ask for two
    modalite: str
    pieces: dict[str, FichierSain]
    hasard: random.Random
    but: str
    option: OptionCertification | None = None
    formateur: Organisme | None = None
    lacunes: str = ""  # "", "un_bloc" or "tous"
    issue: str = Inscription.Issue.DECIDEE
    rattrapage: bool = False
    candidature: Candidature = field(default=None, repr=False)

    def faire(self, nom: str, acteur, /, **donnees) -> None:
        """Carry out one verb on this dossier, through the mechanism."""
        self.candidature = executer(MODELE, nom, self.candidature, acteur, donnees)

    def _phrase(self, cle: str) -> str:
        return self.hasard.choice(lire_donnees("phrases")[cle])

    def ouvrir(self) -> None:
        candidature = Candidature(
            version=self.version,
            option=self.option,
            etablissement=self.etablissement,
            organisme_formation=self.formateur,
            modalite_acces=self.modalite,
        )
        self.candidature = ouvrir(self.employeur, Titulaire(**self.personne.champs()), candidature)

    def annuler(self) -> None:
        self.faire("annuler", self.employeur)

    def joindre(self) -> None:
        for requise in self.candidature.pieces_manquantes():
            self.faire("joindre_piece", self.employeur, requise=requise, fichier=self.pieces["experience"])

    def deposer(self) -> None:
        self.faire("deposer", self.employeur)

    def completer(self) -> None:
        self.faire("declarer_incomplete", self.gestionnaire, motif=self._phrase("incomplete"))

    def refuser(self) -> None:
        self.faire("declarer_irrecevable", self.gestionnaire, motif=self._phrase("irrecevable"))

    def recevoir(self) -> None:
        if prerequis := lignes(self.candidature):
            jour = timezone.localdate()
            jointes = {piece.requise_id: piece for piece in self.candidature.pieces.filter(retiree_le=None)}
            constats = {
                ligne.prerequis.pk: {
                    "conclusion": Conclusion.SATISFAIT,
                    "piece": jointes.get(ligne.prerequis.piece_id),
                    "justificatif_le": jour - timedelta(days=30),
                    "commentaire": "",
                    "valeur": ligne.prerequis.seuil and ligne.prerequis.seuil + 12,
                }
                for ligne in prerequis
            }
            self.faire("examiner_recevabilite", self.gestionnaire, verifications=constats)
        self.faire("declarer_recevable", self.gestionnaire)

    def positionner(self) -> None:
        if self.candidature.parcours.positionnement_actif:
            self.faire("positionner", self.gestionnaire, blocs_vises=list(self.version.blocs.all()))

    def abandonner(self) -> None:
        self.faire("desister", self.employeur, motif=self._phrase("abandon"))

    @property
    def a_deux(self) -> bool:
        return self.candidature.parcours.nombre_evaluateurs == 2

    def confirmer(self) -> None:
        second = {"second": self.second} if self.a_deux else {}
        self.faire("confirmer_evaluateur", self.employeur, evaluateur=self.evaluateur, **second)

    def inviter(self) -> None:
        nom, fonction = self._phrase("metiers")
        self.faire(
            "inviter_metier",
            self.evaluateur,
            nom=nom,
            fonction=fonction,
            courriel=f"metier{self.candidature.pk}@example.org",
        )

    def _resultats(self) -> dict[int, tuple[bool, str]]:
        resultats = {}
        for rang, bloc in enumerate(self.candidature.blocs_a_evaluer()):
            competences = list(bloc.competences.all())
            faible = self.lacunes == "tous" or (self.lacunes == "un_bloc" and rang > 0)
            manque = competences[rang % len(competences)].pk if faible else None
            for competence in competences:
                acquis = competence.pk != manque
                resultats[competence.pk] = (acquis, "" if acquis else self._phrase("non_acquis"))
        return resultats

    def _grille(self) -> dict:
        """The same answers, as marks where the parcours asks for marks."""
        if self.candidature.parcours.mode_evaluation != ModeEvaluation.NOTES:
            return self._resultats()
        note = {True: lambda: self.hasard.randint(22, 36), False: lambda: self.hasard.randint(8, 18)}
        return {pk: (None, texte, Decimal(note[acquis]()) / 2) for pk, (acquis, texte) in self._resultats().items()}

    def repondre(self) -> None:
        invite = Invite(self.candidature.evaluation.invitations.get(revoquee_le=None))
        self.faire("repondre_metier", invite, resultats=self._resultats(), commentaire=self._phrase("avis_metier"))

    def saisir(self) -> None:
        remarque = self._phrase("observations") if self.hasard.random() < 0.6 else ""
        for qui in (self.evaluateur, *([self.second] if self.a_deux else ())):
            self.faire(
                "enregistrer_evaluation",
                qui,
                resultats=self._grille(),
                date_evaluation=timezone.localdate(),
                commentaire=self._phrase("commentaires"),
                observations_candidat=remarque,
                sans_observation=not remarque,
            )

    def guider(self) -> None:
        self.faire("joindre_guide", self.evaluateur, fichier=self.pieces["guide"])

    def clore(self) -> None:
        """Of two évaluateurs, each ends a grid of their own before reading the other."""
        for qui in (self.evaluateur, self.second) if self.a_deux else ():
            self.faire("clore_grille", qui)

    def transmettre(self) -> None:
        self.faire("transmettre_evaluation", self.evaluateur)

    def inscrire(self, session: SessionJury) -> None:
        self.faire("inscrire_au_jury", self.employeur, session=session)

    def presenter(self, session: SessionJury) -> None:
        self.faire("presenter_a_la_cpne", self.gestionnaire, session=session)

    def deliberer(self, presidence: Utilisateur) -> None:
        """Follow the evaluation bloc by bloc, except for one bloc made good with a reason when `rattrapage` says so."""
        phrases = lire_donnees("phrases")
        blocs, rattrape = {}, False
        for rang, bloc in enumerate(self.candidature.blocs_a_evaluer()):
            acquis, motif = not (self.lacunes == "tous" or (self.lacunes == "un_bloc" and rang > 0)), ""
            if not acquis and self.rattrapage and not rattrape:
                acquis, motif, rattrape = True, phrases["rattrapage"], True
            blocs[bloc.pk] = (acquis, motif)
        recommandation = phrases["recommandations"][2 if self.lacunes else self.hasard.randrange(2)]
        reporte = phrases["report"] if self.issue == Inscription.Issue.AJOURNEE else ""
        conclusion = {"issue": self.issue, "blocs": blocs, "motif": reporte, "recommandations": recommandation}
        self.faire("deliberer", presidence, **conclusion)

    def preparer(self, certificateur: Utilisateur) -> None:
        self.faire("preparer_delivrance", certificateur, lieu=LIEU)

    def approuver(self, signataire: Utilisateur, atelier: Atelier) -> None:
        """Approve, and have the document made: no worker runs yet."""
        self.faire("approuver_delivrance", signataire)
        atelier.commander(self.candidature.delivrance.parchemin)

    def preparer_les_blocs(self, certificateur: Utilisateur) -> None:
        """Nothing when the jury made the missing blocs good after all."""
        if blocs := blocs_a_attester(self.candidature):
            self.faire(blocs_workflow.PREPARER, certificateur, lieu=LIEU, blocs=blocs)

    def approuver_les_blocs(self, signataire: Utilisateur, atelier: Atelier) -> None:
        preparees = list(self.candidature.attestations_de_bloc.a_approuver())
        if preparees:
            self.faire(blocs_workflow.APPROUVER, signataire)
        for attestation in preparees:
            attestation.refresh_from_db()
            atelier.commander(attestation.parchemin)
