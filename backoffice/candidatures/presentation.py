"""What the pages of a dossier show, and to whom: steps, waiting, actions, rubrics.

Rooms above (évaluations, jurys, délivrances) are read through the relations they add to the dossier, never imported.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst

from backoffice.actes import actes_possibles, adresse
from backoffice.notifications.relances import prochaine_relance
from registre.models import EntreeJournal, Parchemin, Titulaire
from registre.transitions import VERBES, manques, verbes_de
from registre.vraisemblance import avertissements

from .attente import MODELE, attente_de
from .etapes import derniere_inscription, etapes
from .inactivite import Echeances
from .manques import PERSONNE, manques_au_depot
from .models import CLOS, DECIDES, Candidature, Etat, Sortie
from .reserves import ouvertes
from .sorties import limite_de_reprise
from .traces import DIRECTION, Traces

EN_REDACTION = (Etat.BROUILLON, Etat.INCOMPLETE)
REDACTEURS = {"employeur", "gestionnaire"}
# Who reads what the évaluateurs wrote; the employer and the candidate read the decision.
LECTEURS_DE_NOTICE = DIRECTION | {"candidat", "employeur"}
LECTEURS_EVALUATION = DIRECTION | {"evaluateur", "jury"}
LECTEURS_ETAT_CIVIL = DIRECTION | {"employeur", "candidat"}
LECTEURS_RECOURS = {"gestionnaire", "certificateur", "auditeur", "candidat"}
LECTEURS_DOCUMENT = DIRECTION | {"candidat"}
# Reasons written for the employer and the candidate; the others are between professionals.
MOTIFS_POUR_TOUS = {"declarer_incomplete", "declarer_irrecevable", "revoir_recevabilite", "abandonner"}
MOTIFS_POUR_TOUS |= {"desinscrire_du_jury", "desister", "contester", "refuser_contestation", "revoquer_decision"}
ICONES = {
    "joindre_piece": "televerser",
    "joindre_guide": "televerser",
    "retirer_piece": "supprimer",
    "annuler": "supprimer",
    "abandonner": "fermer",
    "desister": "fermer",
    "reprendre": "retour",
    "inviter_metier": "inviter",
    "renvoyer_invitation": "notifier",
    "enregistrer_evaluation": "evaluation",
    "inscrire_au_jury": "calendrier",
    "deliberer": "jury",
    "preparer_delivrance": "parchemin",
    "approuver_delivrance": "sceau",
    "preparer_attestations_de_bloc": "parchemin",
    "approuver_attestations_de_bloc": "sceau",
    "modifier": "editer",
    "ecrire": "courriel",
    "repondre": "courriel",
}
# Beside the path: never the next thing to do.
EN_MARGE = {"ecrire", "repondre", "classer_messages"}
# Verbs which have a screen of their own in a room above.
ECRANS = {"enregistrer_evaluation": "evaluations:grille", "examiner_recevabilite": "candidatures:recevabilite"}
ECRANS |= {"positionner": "candidatures:positionnement"}


def phrase_d_attente(attente: dict | None) -> str:
    """One sentence: who must act, and for what; empty when nobody has to."""
    if attente is None:
        return ""
    if attente["quoi"].startswith(attente["qui"]):
        return f"{attente['quoi']}."
    return f"{attente['qui']} doit agir\u00a0: {attente['quoi'][0].lower()}{attente['quoi'][1:]}."


@dataclass
class Lecture(Traces):
    """One dossier as one person may read it."""

    candidature: Candidature
    acteur: object
    onglet: str = "dossier"

    @cached_property
    def roles(self) -> set[str]:
        return self.candidature.roles_de(self.acteur)

    @cached_property
    def evaluation(self):
        return getattr(self.candidature, "evaluation", None)

    @cached_property
    def delivrance(self):
        return getattr(self.candidature, "delivrance", None)

    def delivrances_defaites(self) -> list:
        """The documents cancelled with a decision since revoked; `au_cpf`: declared there, to be taken out."""
        passages = Parchemin._meta.get_field("passages_cpf").related_model.objects
        declares = passages.filter(parchemin=OuterRef("parchemin"), reponse__in=("accepte", "en_attente"))
        siennes = self.candidature.delivrances_defaites.annotate(au_cpf=Exists(declares))
        return list(siennes.select_related("parchemin").order_by("pk"))

    def attestations_de_bloc(self) -> list:
        """The attestations of blocs, prepared or issued; those that were undone too, for their document remains."""
        siennes = self.candidature.attestations_de_bloc.order_by("bloc__ordre", "bloc__code", "pk")
        return list(siennes.select_related("bloc", "parchemin", "preparee_par", "approuvee_par"))

    @property
    def lit_l_evaluation(self) -> bool:
        return bool(self.roles & LECTEURS_EVALUATION)

    @property
    def lit_l_etat_civil(self) -> bool:
        return bool(self.roles & LECTEURS_ETAT_CIVIL)

    @cached_property
    def avertissements(self) -> list[dict]:
        """Doubts about the civil status while it may still be put right, each leading to its field if one may."""
        if not self.lit_l_etat_civil or self.candidature.etat in (*CLOS, *DECIDES):
            return []
        saisie = reverse("candidatures:saisie", args=[self.candidature.pk, PERSONNE]) if self.est_en_redaction else ""
        return [
            {
                "nom": capfirst(Titulaire._meta.get_field(a.champ).verbose_name),
                "phrase": a.phrase,
                "url": f"{saisie}#id_titulaire-{a.champ}" if saisie else "",
            }
            for a in avertissements(self.candidature.titulaire)
        ]

    @property
    def est_en_redaction(self) -> bool:
        """May this person still write the dossier?"""
        return self.candidature.etat in EN_REDACTION and bool(self.roles & REDACTEURS)

    @cached_property
    def reserves(self) -> list:
        """The points asked for, while they wait for an answer, for those who may read them."""
        lisible = self.candidature.etat == Etat.INCOMPLETE and self.roles & LECTEURS_ETAT_CIVIL
        return ouvertes(self.candidature) if lisible else []

    @property
    def url_complements(self) -> str:
        return reverse("candidatures:complements", args=[self.candidature.pk])

    @property
    def lit_la_recevabilite(self) -> bool:
        """Is there a history of decisions, for this person?"""
        return bool(self.candidature.deposee_le and self.roles & LECTEURS_ETAT_CIVIL)

    @cached_property
    def etapes(self) -> list[dict]:
        return etapes(self.candidature)

    @cached_property
    def _attendu(self) -> dict | None:
        return attente_de(self.candidature)

    @cached_property
    def attente(self) -> dict | None:
        """The panel « Pourquoi ce dossier attend »: who, what, since when, what is missing."""
        if self._attendu is None:
            return None
        verbe, qui, quoi = self._attendu["verbe"], self._attendu["qui"], self._attendu["quoi"]
        if quoi.startswith(qui):
            quoi = f"{quoi[len(qui) :].strip()}."
        else:
            quoi = f"doit agir\u00a0: {quoi[0].lower()}{quoi[1:]}."
        echeances = Echeances.de(self.candidature)
        return {
            "qui": qui,
            "quoi": quoi,
            "depuis": self._attendu["depuis"],
            "relance": min((j for j in (prochaine_relance(self.candidature), echeances.relance) if j), default=None),
            "manques": list(self._manques(verbe)),
            "cloture": echeances.cloture,
        }

    def _manques(self, verbe):
        """« Ce qui manque »: each thing with who gives it, and a link for who may."""
        # Behind a link of invitation, only its holder knows what is missing; findings are the porteur's at first.
        cache = "metier" in verbe.roles or (verbe.nom == "declarer_recevable" and not self.roles & DIRECTION)
        phrases = [] if cache else manques(verbe, self.candidature, self.acteur)
        en_redaction = self.candidature.etat in EN_REDACTION
        places = {m.phrase: m for m in manques_au_depot(self.candidature)} if phrases and en_redaction else {}
        sien = adresse(self.candidature, verbe) if self.roles.intersection(verbe.roles) else ""
        for phrase in phrases:
            place = places.get(phrase)
            if any(r.sujet in phrase for r in self.reserves):
                url = self.url_complements
            elif place and self.est_en_redaction:
                url = place.url(self.candidature)
            else:
                url = self._ecran(verbe.nom) or sien
            yield {"libelle": phrase, "url": url if sien else "", "qui": self._attendu["qui"]}

    @cached_property
    def actes(self) -> list[dict]:
        """What the state and a role of this person allow, with what still prevents it."""
        actes = [
            {
                "nom": a["verbe"].nom,
                "libelle": a["verbe"].libelle,
                "url": self._ecran(a["verbe"].nom) or a["url"],
                "icone": ICONES.get(a["verbe"].nom, "fleche"),
                "danger": a["verbe"].danger,
                "etape": a["verbe"].etape,
                "manques": a["manques"],
            }
            for a in actes_possibles(self.candidature, self.acteur, verbes_de(self.candidature))
        ]
        if self.est_en_redaction:
            actes.append(
                {
                    "nom": "modifier",
                    "libelle": "Compléter le dossier",
                    "url": reverse("candidatures:modifier", args=[self.candidature.pk]),
                    "icone": ICONES["modifier"],
                    "danger": False,
                    "etape": 2,
                    "manques": [],
                }
            )
        if self.roles & REDACTEURS:
            copie = {"nom": "dupliquer", "libelle": "Dupliquer le dossier", "icone": "dupliquer", "etape": 2}
            copie["url"] = reverse("candidatures:dupliquer", args=[self.candidature.pk])
            actes.append({**copie, "danger": False, "manques": []})
        return actes

    def _ecran(self, nom: str) -> str:
        if nom in ECRANS:
            return reverse(ECRANS[nom], args=[self.candidature.pk])
        inscription = derniere_inscription(self.candidature) if nom == "deliberer" else None
        return reverse("jurys:salle", args=[inscription.session_id, inscription.pk]) if inscription else ""

    @cached_property
    def prochaine(self) -> dict | None:
        """The one next action: the awaited verb when this person may do it, else what helps it most."""
        attendu = self._attendu["verbe"] if self._attendu else None
        if attendu is None or not self.roles.intersection(attendu.roles):
            return None
        prets = {a["nom"]: a for a in self.actes if not a["manques"]}
        if attendu.nom in prets:
            return prets[attendu.nom]
        if self.reserves and self.est_en_redaction:
            suite = {"nom": "repondre_reserve", "libelle": "Répondre aux demandes", "icone": "editer"}
            return {**suite, "url": self.url_complements}
        if self.est_en_redaction:
            return prets["modifier"]
        voisins = (a for a in prets.values() if a["nom"] not in EN_MARGE and not a["danger"])
        return next((a for a in voisins if a["etape"] == attendu.etape), None)

    @property
    def autres(self) -> list[dict]:
        """The other acts that can be done now, for the menu."""
        return [a for a in self.actes if not a["manques"] and a is not self.prochaine]

    @property
    def bloques(self) -> list[dict]:
        """The acts of this person that something still prevents, the awaited one apart: its panel tells."""
        attendu = self._attendu["verbe"].nom if self._attendu else ""
        return [a for a in self.actes if a["manques"] and a["nom"] != attendu]

    @cached_property
    def motif(self) -> str:
        """The reason given with the act that led to this state, when this person may read it."""
        entree = (
            EntreeJournal.objects.de(self.candidature)
            .filter(etat_apres=self.candidature.etat)
            .exclude(etat_avant=self.candidature.etat)
            .select_related("motif")
            .last()
        )
        return self._motif(entree) if entree else ""

    def _motif(self, entree) -> str:
        if not (self.roles & DIRECTION or entree.verbe in MOTIFS_POUR_TOUS):
            return ""
        motif = getattr(entree, "motif", None)
        return motif.texte if motif else ""

    @cached_property
    def cloture(self) -> dict | None:
        """A dossier closed for inactivity: until when it may be contested, what was said, what was answered."""
        candidature = self.candidature
        if candidature.sortie != Sortie.INACTIVITE:
            return None
        dits = EntreeJournal.objects.de(candidature).filter(verbe__in=("contester", "refuser_contestation"))
        motifs = {e.verbe: self._motif(e) for e in dits.select_related("motif")}
        return {
            "limite": limite_de_reprise(candidature),
            "contestation": motifs.get("contester", "") if candidature.contestee_le else "",
            "reponse": motifs.get("refuser_contestation", "") if candidature.contestation_refusee_le else "",
        }

    @cached_property
    def onglets(self) -> list[dict]:
        """The rubrics this person may open."""
        noms = {"dossier": "Dossier", "evaluation": "Évaluation", "jury": "Jury", "documents": "Documents"}
        noms |= {"echanges": "Échanges", "journal": "Journal"}
        if self.roles <= {"jury", "secretaire"}:
            del noms["echanges"], noms["journal"]
        base = self.candidature.get_absolute_url()
        return [
            {
                "nom": nom,
                "libelle": libelle,
                "url": base if nom == "dossier" else f"{base}?onglet={nom}",
                "actif": nom == self.onglet,
            }
            for nom, libelle in noms.items()
        ]

    @cached_property
    def pieces(self) -> list[dict]:
        """The pièces asked for, given or not, then the others this person may open."""
        presentes = [p for p in self.candidature.pieces.all() if p.retiree_le is None]
        par_demande = {p.requise_id: p for p in presentes if p.requise_id}
        demandes = {r.piece_attendue.pk: r.texte for r in self.reserves if r.piece_attendue}
        lignes = [
            {"requise": r, "piece": par_demande.get(r.pk), "demande": demandes.get(r.pk, "")}
            for r in self.candidature.parcours.pieces.all()
        ]
        if self.lit_l_evaluation:
            lignes += [{"requise": None, "piece": p, "demande": ""} for p in presentes if p.requise_id is None]
        return lignes

    @property
    def url_joindre(self) -> str:
        """Where a pièce is added, empty when this person may not."""
        return adresse(self.candidature, VERBES[MODELE, "joindre_piece"]) if self.est_en_redaction else ""

    def url_grille(self) -> str:
        """Where the évaluateur fills in the results; empty for the others."""
        ouvert = "evaluateur" in self.roles and self.candidature.etat == Etat.EN_EVALUATION
        return reverse("evaluations:grille", args=[self.candidature.pk]) if ouvert else ""

    def invitations(self) -> list:
        """The invitations of the évaluateur métier, latest first, with their state in words."""
        if self.evaluation is None:
            return []
        lignes = []
        for invitation in self.evaluation.invitations.all():
            if invitation.repondue_le:
                etat = ("valide", "Répondue")
            elif invitation.revoquee_le:
                etat = ("neutre", "Révoquée")
            else:
                etat = ("attente", "En attente") if invitation.est_utilisable() else ("refus", "Expirée")
            lignes.append({"invitation": invitation, "ton": etat[0], "libelle": etat[1]})
        return lignes

    def reponse_metier(self):
        """The invitation that was answered, None when there is none."""
        return next((i["invitation"] for i in self.invitations() if i["invitation"].repondue_le), None)

    def seances(self) -> list[dict]:
        """The sessions, latest first; a decision is read once the minutes are sealed, or by the jury."""
        lignes = []
        inscriptions = self.candidature.inscriptions.select_related("session").order_by("-pk")
        for inscription in inscriptions.prefetch_related(
            "decisions__bloc", "revocations__demandee_par", "recours", "pieces"
        ):
            scellee = inscription.session.etat == "scellee" and not inscription.retiree_le
            lisible = scellee or "jury" in self.roles
            lignes.append(
                {
                    "inscription": inscription,
                    "session": inscription.session,
                    "scellee": scellee,
                    "notice": scellee and bool(self.roles & LECTEURS_DE_NOTICE),
                    "decisions": list(inscription.decisions.all()) if lisible else [],
                    "issue": inscription.get_issue_display() if lisible else "",
                    "motifs": self.lit_l_evaluation,
                    "revocations": self._revocations(inscription) if scellee else [],
                    "recours": list(inscription.recours.all()) if self.roles & LECTEURS_RECOURS else [],
                    "recommandations": inscription.recommandations
                    if lisible and self.roles & (LECTEURS_EVALUATION | {"candidat"})
                    else "",
                    "pieces": list(inscription.pieces.all()) if self.roles & (DIRECTION | {"auditeur"}) else [],
                    "ouvrable": bool(self.roles & (DIRECTION | {"jury"})),
                }
            )
        return lignes

    def _revocations(self, inscription) -> list:
        """What was asked against this decision: those pronounced for all, the others for who runs the dossier."""
        return [r for r in inscription.revocations.all() if r.prononcee or self.roles & DIRECTION]

    @property
    def lit_le_document(self) -> bool:
        return bool(self.roles & LECTEURS_DOCUMENT)

    @property
    def repond_du_document(self) -> bool:
        """May this person open the page of what was issued: its reasons, its replacements, its duplicatas?"""
        return bool(self.roles & DIRECTION)
