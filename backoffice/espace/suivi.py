"""One dossier told to the person it is about: what was done, where it stands, what comes next, who must act.

Facts come from what every dossier page reads (`candidatures.presentation.Lecture`): steps, waiting, acts, sessions.
Only the words are of here: those of somebody who has never heard of « recevabilité ».
"""

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from backoffice.candidatures.attente import QUI, attente_de
from backoffice.candidatures.etapes import derniere_inscription
from backoffice.candidatures.models import CLOS, DECIDES, Candidature, Etat, Sortie
from backoffice.candidatures.presentation import Lecture, phrase_d_attente
from backoffice.candidatures.sorties import limite_de_reprise
from backoffice.delivrances.workflow import fin_de_validite
from backoffice.jurys.recours import limite_de_recours
from backoffice.jurys.revocations import inscription_decisive
from registre.models import Parchemin

from .echanges import fin_des_echanges
from .models import Message


@dataclass(frozen=True)
class Parole:
    """A step in plain words: once done, while it goes on, before it begins, and what it is for."""

    faite: str
    en_cours: str
    a_venir: str
    sens: str


PAROLES = {
    2: Parole(
        "Votre dossier est déposé",
        "Votre dossier est en préparation",
        "Votre dossier sera déposé",
        "Votre employeur, ou le porteur du CQP, réunit les informations et les pièces demandées.",
    ),
    3: Parole(
        "Votre dossier est accepté",
        "Votre dossier est vérifié",
        "Votre dossier sera vérifié",
        "Le porteur vérifie que vous remplissez les conditions pour être évalué\u00a0: c’est la recevabilité.",
    ),
    4: Parole(
        "Les blocs que vous visez sont fixés",
        "Les blocs que vous visez sont choisis",
        "Les blocs que vous visez seront choisis",
        "Un CQP se compose de blocs de compétences. Vous pouvez les viser tous, ou seulement certains.",
    ),
    5: Parole(
        "Votre évaluateur est désigné",
        "Votre évaluateur est en cours de désignation",
        "Un évaluateur sera désigné",
        "Cette personne ne travaille ni avec votre employeur, ni avec votre organisme de formation.",
    ),
    6: Parole(
        "Vos compétences sont évaluées",
        "Vos compétences sont en cours d’évaluation",
        "Vos compétences seront évaluées",
        "L’évaluation porte sur ce que vous savez faire, compétence par compétence. Vos observations comptent.",
    ),
    7: Parole(
        "Votre dossier est inscrit à une session de jury",
        "Votre dossier attend une session de jury",
        "Votre dossier sera inscrit à une session de jury",
        "Le jury se réunit à des dates fixées à l’avance\u00a0; le dossier s’y inscrit.",
    ),
    8: Parole(
        "Le jury a examiné votre dossier",
        "Le jury va examiner votre dossier",
        "Le jury examinera votre dossier",
        "Le jury réunit à égalité des représentants des employeurs et des salariés de la branche.",
    ),
    9: Parole(
        "La décision est rendue",
        "La décision va être rendue",
        "La décision sera rendue",
        "La commission paritaire de la branche, qui a créé ce CQP, prononce la décision.",
    ),
    10: Parole(
        "Votre document est délivré",
        "Votre document est en préparation",
        "Votre document sera délivré",
        "Une personne prépare le document, une autre l’approuve\u00a0; il paraît alors ici, prêt à télécharger.",
    ),
}
REFUSE = "Votre dossier n’est pas accepté"
# Acts that have their own place on the page.
A_PART = {"ecrire", "deposer_observations", "former_recours"}


def documents_de(utilisateur) -> list[Parchemin]:
    """Every title of this person, past ones included, latest first."""
    siens = Parchemin.objects.filter(titulaire__utilisateur=utilisateur).visibles_par(utilisateur)
    return list(siens.select_related("version", "certificateur").order_by("-delivre_le", "-pk"))


def resume(candidature: Candidature) -> dict:
    """A dossier in two sentences, for a list: no query for one read through `avec_attente`."""
    parole = PAROLES.get(candidature.etape)
    ouvert = candidature.etat not in (*CLOS, *DECIDES)
    return {
        "candidature": candidature,
        "titre": parole.en_cours if parole and ouvert else "",
        "attente": phrase_d_attente(attente_de(candidature)).replace(QUI["candidat"], "Vous", 1),
    }


@dataclass
class Suivi:
    """A dossier as its candidate follows it."""

    candidature: Candidature
    acteur: object

    @cached_property
    def lecture(self) -> Lecture:
        return Lecture(self.candidature, self.acteur)

    @property
    def est_clos(self) -> bool:
        return self.candidature.etat in CLOS

    @cached_property
    def etapes(self) -> list[dict]:
        """The steps that concern the candidate, in plain words; those that will not come are left out."""
        lignes = []
        for etape in self.lecture.etapes:
            parole = PAROLES.get(etape["numero"])
            if parole is None or etape["etat"] == "sans_objet" or (self.est_clos and etape["etat"] == "a_venir"):
                continue
            titre = getattr(parole, etape["etat"])
            if self.candidature.etat == Etat.IRRECEVABLE and etape["numero"] == 3:
                titre = REFUSE
            lignes.append({**etape, "titre": titre, "sens": parole.sens})
        return lignes

    @property
    def frise(self) -> list[dict]:
        """What has been done, oldest first, each with its day."""
        faites = [e for e in self.etapes if e["etat"] == "faite"]
        return [{"date": e["date"], "titre": e["titre"], "texte": "", "ton": "valide", "url": ""} for e in faites]

    @property
    def en_cours(self) -> dict | None:
        """The step where the dossier stands; None once everything is done, or once it is closed."""
        return next((e for e in self.etapes if e["etat"] == "en_cours"), None)

    @property
    def a_venir(self) -> list[dict]:
        return [e for e in self.etapes if e["etat"] == "a_venir"]

    @cached_property
    def attente(self) -> dict | None:
        """Who must act, in a sentence, since when: derived from the registered verbs by the dossier itself."""
        attente = self.lecture.attente
        if attente is None:
            return None
        if attente["qui"] == QUI["candidat"]:
            return {**attente, "vous": True, "phrase": f"C’est à vous d’agir. {attente['quoi']}"}
        return {**attente, "vous": False, "phrase": f"{attente['qui']} {attente['quoi']}"}

    @cached_property
    def seance(self):
        """The session to come where this dossier will be examined; None when there is none."""
        inscription = derniere_inscription(self.candidature)
        return inscription.session if inscription and inscription.session.etat != "scellee" else None

    @cached_property
    def decision(self) -> dict | None:
        """What was decided and what it means, once the minutes are sealed."""
        if self.candidature.etat not in (*DECIDES, Etat.AJOURNEE, Etat.PROPOSEE):
            return None
        lues = [s for s in self.lecture.seances() if s["scellee"]]
        return {**lues[0], "sens": self._sens()} if lues else None

    @cached_property
    def revocation(self):
        """The decision undone since it was rendered, while no jury has decided again."""
        if self.candidature.etat in (*CLOS, *DECIDES):
            return None
        revoquees = self.candidature.inscriptions.filter(revoquee_le__isnull=False)
        return revoquees.select_related("session").order_by("-revoquee_le").first()

    def _sens(self) -> list[str]:
        """What this decision changes for the person, and what is open to them next."""
        parcours, etat = self.candidature.parcours, self.candidature.etat
        if etat == Etat.VALIDEE:
            return ["Vous avez obtenu toute la certification. Elle est à vous pour toujours, même si la fiche change."]
        if etat == Etat.PARTIELLE:
            mois = parcours.validite_blocs_mois
            duree = f"Ils restent acquis {mois} mois" if mois else "Ils restent acquis sans limite de durée"
            return [
                "Vous avez obtenu une partie des blocs de la certification.",
                f"{duree}\u00a0: une nouvelle candidature peut porter sur les seuls blocs qui manquent.",
            ]
        if etat == Etat.NON_VALIDEE:
            phrases = ["Le jury n’a validé aucun bloc cette fois-ci."]
            mois = parcours.delai_nouvelle_candidature_mois
            if mois and self.candidature.decidee_le:
                jour = fin_de_validite(timezone.localdate(self.candidature.decidee_le), mois)
                return [*phrases, f"Une nouvelle candidature est possible à partir du {jour:%d/%m/%Y}."]
            return [*phrases, "Une nouvelle candidature est possible dès maintenant."]
        if etat == Etat.AJOURNEE:
            return ["Le jury n’a pas pu se prononcer. Votre dossier passera à une autre session, sans rien à refaire."]
        return ["Le jury a rendu sa proposition. La commission de la branche prononce la décision."]

    @cached_property
    def recours(self) -> bool:
        """Is there a decision that this person may contest? Giving up oneself is none."""
        if self.candidature.sortie == Sortie.DESISTEMENT:
            return False
        return self.candidature.etat in (Etat.IRRECEVABLE, Etat.PARTIELLE, Etat.NON_VALIDEE, Etat.ABANDONNEE)

    @property
    def reprise_jusqu_au(self):
        """Last day on which somebody may take the dossier up again for this person; None when nobody may."""
        c = self.candidature
        if c.etat != Etat.ABANDONNEE or c.sortie == Sortie.INACTIVITE or not c.sortie_de:
            return None
        limite = limite_de_reprise(c)
        return limite if timezone.localdate() <= limite and c.version.est_delivrable() else None

    @property
    def cloture(self) -> dict | None:
        """The closing for inactivity, what was answered to whoever contested it; None elsewhere."""
        return self.lecture.cloture

    @cached_property
    def recours_formes(self) -> list:
        """The appeals of this person on this dossier, latest first."""
        return list(self.candidature.recours.select_related("inscription__session"))

    @property
    def url_recours(self) -> str:
        """Where to deposit one now; empty when the time is past or when one was answered."""
        return self._url("former_recours")

    @property
    def fin_du_recours(self):
        """Last day to contest the decision; None when there is none to contest."""
        inscription = inscription_decisive(self.candidature)
        return limite_de_recours(inscription) if inscription else None

    @cached_property
    def actes(self) -> list[dict]:
        """What the candidate may do now; the registered verbs say it."""
        return [a for a in self.lecture.actes if a["nom"] not in A_PART and not a["manques"]]

    def _url(self, nom: str) -> str:
        return next((a["url"] for a in self.lecture.actes if a["nom"] == nom and not a["manques"]), "")

    @cached_property
    def url_ecrire(self) -> str:
        """Where to write to the porteur; empty once the exchanges are closed."""
        return self._url("ecrire")

    @cached_property
    def url_observations(self) -> str:
        """Where to say what one thinks of the evaluation; empty outside its time."""
        return self._url("deposer_observations")

    @property
    def fin_des_echanges(self):
        return fin_des_echanges(self.candidature)

    @cached_property
    def messages(self) -> list[Message]:
        return list(Message.objects.du_fil(self.candidature, [Message.Fil.CANDIDAT]))

    @property
    def pieces(self) -> list[dict]:
        """The pièces asked for, with the file when somebody gave it; never those of the évaluateurs."""
        return [ligne for ligne in self.lecture.pieces if ligne["requise"]]

    @property
    def document(self) -> Parchemin | None:
        delivrance = self.lecture.delivrance
        return delivrance.parchemin if delivrance else None

    def documents(self) -> list[Parchemin]:
        """What was issued for this dossier: its document first, then the attestation of each bloc."""
        blocs = [a.parchemin for a in self.lecture.attestations_de_bloc() if a.parchemin and not a.defaite_le]
        return [self.document, *blocs] if self.document else blocs
