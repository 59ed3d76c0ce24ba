"""The prerequisites of a dossier, one by one: what was found, what still prevents a decision, what will expire soon.

What the gestionnaire writes is kept as it comes, even unfinished; here it is judged, for the screen and the verbs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from backoffice.parcours.models import Prerequis
from backoffice.parcours.validite import fin_de_validite

from .calendrier import jour_du_jury
from .models import Candidature
from .models_instruction import VerificationPrerequis

Conclusion = VerificationPrerequis.Conclusion
# Nothing is planned yet: what expires within this time is worth a word.
BIENTOT = timedelta(days=90)
RAISON_MINIMALE = 10


def nombre(valeur: Decimal) -> str:
    """« 12 », « 7,5 »: as people write it."""
    return f"{valeur.normalize():f}".replace(".", ",")


def _jour(jour: date) -> str:
    return f"{jour:%d/%m/%Y}"


@dataclass(frozen=True)
class Ligne:
    """One prerequisite of one dossier, with what was found about it."""

    prerequis: Prerequis
    verification: VerificationPrerequis | None
    depose_le: date
    jury_le: date | None

    @property
    def conclusion(self) -> str:
        return self.verification.conclusion if self.verification else Conclusion.A_VERIFIER

    @property
    def exigence(self) -> str:
        """« 12 mois au moins »; empty when there is no threshold."""
        if self.prerequis.seuil is None:
            return ""
        return f"{nombre(self.prerequis.seuil)} {self.prerequis.unite}".strip() + " au moins"

    @property
    def expire_le(self) -> date | None:
        """The last day on which the evidence is valid; None without evidence date or when it does not expire."""
        verification, mois = self.verification, self.prerequis.validite_mois
        if not (verification and verification.justificatif_le and mois):
            return None
        return fin_de_validite(verification.justificatif_le, mois)

    @property
    def manque(self) -> str:
        """What prevents this prerequisite from being held for settled; empty when nothing does."""
        if self.conclusion == Conclusion.A_VERIFIER:
            return "pas encore vérifié."
        if self.conclusion == Conclusion.NON_SATISFAIT:
            return "non satisfait."
        if self.conclusion == Conclusion.DISPENSE:
            motive = len(self.verification.commentaire.strip()) >= RAISON_MINIMALE
            return "" if motive else "donnez la raison de la dispense dans le commentaire."
        return self._defaut_de_preuve() or self._defaut_de_valeur() or self._defaut_de_date()

    def _defaut_de_preuve(self) -> str:
        piece = self.verification.piece
        if piece and piece.retiree_le:
            return "la pièce retenue a été remplacée\u00a0: examinez la nouvelle."
        if self.prerequis.nature != Prerequis.Nature.JUSTIFICATIF or piece or self.verification.commentaire.strip():
            return ""
        return "indiquez la pièce qui le prouve, ou dites dans le commentaire ce que vous avez vu."

    def _defaut_de_valeur(self) -> str:
        if self.prerequis.seuil is None:
            return ""
        valeur = self.verification.valeur
        if valeur is None:
            return f"indiquez la valeur constatée ({self.exigence})."
        if valeur < self.prerequis.seuil:
            constat = f"{nombre(valeur)} {self.prerequis.unite}".strip()
            return f"{constat}\u00a0: il en faut {nombre(self.prerequis.seuil)}."
        return ""

    def _defaut_de_date(self) -> str:
        if not self.prerequis.validite_mois:
            return ""
        if self.expire_le is None:
            return f"indiquez la date du justificatif, valable {self.prerequis.validite_mois} mois."
        if self.expire_le < self.depose_le:
            return f"le justificatif a expiré le {_jour(self.expire_le)}, avant le dépôt ({_jour(self.depose_le)})."
        return ""

    @property
    def avertissement(self) -> str:
        """What will not hold until the jury, though nothing prevents the decision today."""
        fin = self.expire_le
        if self.conclusion != Conclusion.SATISFAIT or fin is None or fin < self.depose_le:
            return ""
        if fin < timezone.localdate():
            return f"Ce justificatif a expiré le {_jour(fin)}, depuis le dépôt\u00a0: demandez-en un plus récent."
        if self.jury_le and fin < self.jury_le:
            return f"Ce justificatif expire le {_jour(fin)}, avant le jury du {_jour(self.jury_le)}."
        if not self.jury_le and fin < timezone.localdate() + BIENTOT:
            return f"Ce justificatif expire le {_jour(fin)}\u00a0: le jury doit se tenir avant."
        return ""


def concernes(candidature: Candidature) -> list[Prerequis]:
    """The prerequisites of the dossier's rules that concern its way of access."""
    tous = candidature.parcours.prerequis.select_related("piece")
    return [p for p in tous if not p.modalites or candidature.modalite_acces in p.modalites]


def lignes(candidature: Candidature) -> list[Ligne]:
    """Each prerequisite that concerns this dossier with what was found about it, in the order of the parcours."""
    trouvees = {v.prerequis_id: v for v in candidature.verifications.select_related("piece", "verifie_par")}
    depot = timezone.localdate(candidature.deposee_le or timezone.now())
    jury = jour_du_jury(candidature) if trouvees else None
    return [Ligne(p, trouvees.get(p.pk), depot, jury) for p in concernes(candidature)]


def prerequis_a_lever(candidature: Candidature) -> Iterator[str]:
    """Sentences for the compulsory prerequisites that are neither satisfied nor dispensed with."""
    for ligne in lignes(candidature):
        if ligne.prerequis.obligatoire and (manque := ligne.manque):
            yield f"Prérequis «\u202f{ligne.prerequis.libelle}\u202f»\u00a0: {manque}"
