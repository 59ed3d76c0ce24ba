"""One document told to its holder: what it says, who may check it and how, where it may be shown."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from backoffice.remises.models import EN_COURS, Envoi
from registre import comptages
from registre.documents import phrases
from registre.models import Parchemin, Partage

LINKEDIN = "https://www.linkedin.com/profile/add"


def envois_a_completer(utilisateur) -> list[Envoi]:
    """The sendings that wait for an address of this person."""
    siens = Envoi.objects.confies_a(utilisateur, "candidat").les_plus_anciens()
    return list(siens.filter(etat__in=(Envoi.Etat.A_COMPLETER, Envoi.Etat.REVENU)))


@dataclass
class Titre:
    """A document as its holder reads it. Its mentions are those of the frozen record, never recomputed."""

    document: Parchemin

    @property
    def etat(self) -> str:
        if self.document.annule_le is None:
            return "valable"
        return "remplace" if self.document.remplace_par_id else "annule"

    @property
    def est_utilisable(self) -> bool:
        """Stored, neither cancelled nor replaced: it may be taken and shown."""
        return bool(self.document.sha256) and self.document.annule_le is None

    @property
    def duplicata_demande(self):
        """The request for a duplicata that waits for its answer; None when there is none."""
        return self.document.demandeduplicatas.en_attente().first()

    @property
    def intitule(self) -> str:
        return phrases.typographie(self.document.enregistrement["certification"]["intitule"])

    @property
    def est_attestation(self) -> bool:
        return self.document.est_partiel

    @property
    def faits(self) -> list[dict]:
        """What the paper says, birth included: it is one's own."""
        fiche = self.document.enregistrement
        certification = fiche["certification"]
        faits = {
            "Titulaire": phrases.noms(fiche["titulaire"]),
            "Nom d’usage": phrases.nom_usage(fiche["titulaire"]),
            "Naissance": phrases.naissance(fiche["titulaire"]),
            "Certification visée" if self.est_attestation else phrases.titre(certification): self.intitule,
            "Option": phrases.typographie(certification["option"]),
            "Fiche": certification["numero_fiche"],
            "Délivré par": self.certificateurs,
            "Délivré le": phrases.date_francaise(fiche["delivre_le"]),
            "Lieu": phrases.typographie(fiche["lieu"]),
            "Numéro": fiche["numero"],
        }
        return [{"libelle": libelle, "valeur": valeur} for libelle, valeur in faits.items() if valeur]

    @property
    def certificateurs(self) -> str:
        return ", ".join(phrases.certificateur(c) for c in self.document.enregistrement["certificateurs"])

    @property
    def blocs(self) -> list[str]:
        return [
            phrases.typographie(bloc["libelle"]) for bloc in self.document.enregistrement["blocs"] if bloc["acquis"]
        ]

    @property
    def adresse_de_verification(self) -> str:
        return settings.ADRESSE_PUBLIQUE + reverse("verification:jeton", args=[self.document.jeton])

    @cached_property
    def verifications(self) -> dict:
        return comptages.releve(self.document)

    @cached_property
    def partages(self) -> list[Partage]:
        return list(self.document.partages.all())

    @cached_property
    def remises(self) -> list:
        """How the document reached its holder, latest first."""
        return list(self.document.remises.all())

    @cached_property
    def envois(self) -> list:
        """The sendings by post, latest first."""
        return list(self.document.envois.all())

    @property
    def envoi_en_cours(self) -> bool:
        return any(envoi.etat in EN_COURS for envoi in self.envois)

    @property
    def linkedin(self) -> str:
        """The form of LinkedIn, filled in: nothing leaves before the holder follows it."""
        nature = str(self.document.get_nature_display()).capitalize()
        nom = f"{nature}\u00a0: {self.intitule}" if self.est_attestation else self.intitule
        jour = self.document.delivre_le
        return f"{LINKEDIN}?" + urlencode(
            {
                "startTask": "CERTIFICATION_NAME",
                "name": nom,
                "organizationName": self.document.certificateur.raison_sociale,
                "issueYear": jour.year,
                "issueMonth": jour.month,
                "certId": self.document.numero,
                "certUrl": self.adresse_de_verification,
            }
        )
