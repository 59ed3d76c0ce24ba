"""What follows a delivery, in the demonstration: papers asked for, posted, come back; documents reported."""

from datetime import timedelta

from django.utils import timezone

from backoffice.delivrances.apres import deposer
from backoffice.delivrances.models import DemandeDuplicata
from backoffice.remises import envois
from backoffice.remises.models import Envoi
from backoffice.signalements.models import Signalement
from backoffice.signalements.workflow import SIGNALEMENT, recevoir
from registre.models import Parchemin
from registre.transitions import executer

from .certifications import lire_donnees

ENVOI = envois.ENVOI
# Days from today of each act on one document; each history has its own.
ENVOIS = (
    (("demander", -14), ("envoyer", -12), ("revenir", -3)),
    (("demander", -13), ("envoyer", -11)),
    (("proposer", -9),),
    (("demander", -5),),
    (("demander", -4),),
    (("demander", -8), ("renoncer", -7)),
    (("remettre", -10),),
    (("telecharger", -6), ("dupliquer", -1)),
)
SIGNALEMENTS = (
    (("recevoir", -13), ("examiner", -12), ("donner_suite", -6)),
    (("recevoir", -10), ("classer_signalement", -9)),
    (("recevoir", -7), ("examiner", -5)),
    (("recevoir", -2),),
)


class Remise:
    """What happens to the paper of one parchemin; nothing when a small demonstration has not delivered that many."""

    def __init__(self, rang: int, comptes: dict):
        self.rang, self.comptes = rang, comptes
        self.envoi: Envoi | None = None

    @property
    def document(self) -> Parchemin | None:
        faits = Parchemin.objects.vivants().edites().filter(nature="parchemin").exclude(titulaire__utilisateur=None)
        return faits.select_related("titulaire__utilisateur").order_by("pk")[self.rang : self.rang + 1].first()

    def faire(self, acte: str) -> None:
        document = self.document
        if document is not None:
            getattr(self, acte)(document, document.titulaire.utilisateur, self.comptes["certificateur@example.org"])

    def demander(self, document, titulaire, certificateur) -> None:
        adresses = lire_donnees("remises")["adresses"]
        adresse = {"destinataire": document.titulaire.nom_complet[:38], **adresses[self.rang % len(adresses)]}
        envoi = Envoi(parchemin=document, demande_par=titulaire, demande_le=timezone.now(), **adresse)
        self.envoi = envois.ouvrir("demander_envoi", envoi, titulaire)

    def proposer(self, document, titulaire, certificateur) -> None:
        envoi = Envoi(parchemin=document, demande_par=certificateur, demande_le=timezone.now())
        self.envoi = envois.ouvrir("proposer_envoi", envoi, certificateur)

    def envoyer(self, document, titulaire, certificateur) -> None:
        executer(ENVOI, "marquer_envoye", self.envoi, certificateur, {"le": timezone.localdate()})

    def revenir(self, document, titulaire, certificateur) -> None:
        executer(ENVOI, "noter_retour", self.envoi, certificateur, {"le": timezone.localdate(), "retour": "npai"})

    def renoncer(self, document, titulaire, certificateur) -> None:
        executer(ENVOI, "renoncer_envoi", self.envoi, titulaire)

    def remettre(self, document, titulaire, certificateur) -> None:
        a_qui = document.titulaire.nom_complet[:80]
        envois.remettre_en_main(document, certificateur, "certificateur", timezone.localdate(), a_qui)

    def telecharger(self, document, titulaire, certificateur) -> None:
        envois.noter_telechargement(document, titulaire)

    def dupliquer(self, document, titulaire, certificateur) -> None:
        texte = lire_donnees("remises")["duplicata"]
        demande = DemandeDuplicata(parchemin=document, motif="perdu", precisions=texte)
        deposer(demande, "demander_duplicata", titulaire, "")


class Alerte:
    """What became of one report."""

    def __init__(self, rang: int, comptes: dict):
        self.rang, self.acteur = rang, comptes["certificateur@example.org"]
        self.dit = lire_donnees("remises")["signalements"][rang]
        self.signalement: Signalement | None = None

    def faire(self, acte: str) -> None:
        if acte == "recevoir":
            numero = self.dit["numero"] or Parchemin.objects.order_by("pk")[self.rang].numero
            lu = {nom: self.dit[nom] for nom in ("nature", "recit", "contact")}
            self.signalement = recevoir(Signalement(numero=numero, recu_le=timezone.now(), **lu))
            return
        verbe, donnees = acte, {"conclusion": self.dit["conclusion"]}
        if acte == "examiner":
            verbe, donnees = "examiner_signalement", {}
        executer(SIGNALEMENT, verbe, self.signalement, self.acteur, donnees)


def prevoir(monde) -> None:
    """Plan all of it, once the documents of the sessions before are stored."""

    def quand(jours: int, rang: int):
        return monde.maintenant + timedelta(days=jours, minutes=-7 * (rang + 1))

    monde.prevoir(quand(-15, 0), lambda: monde.atelier.livrer())
    for genre, histoires in ((Remise, ENVOIS), (Alerte, SIGNALEMENTS)):
        for rang, histoire in enumerate(histoires):
            suite = genre(rang, monde.comptes)
            for acte, jours in histoire:
                monde.prevoir(quand(jours, rang), suite.faire, acte)
