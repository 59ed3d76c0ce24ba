"""What a dossier leaves behind it, and who reads it: messages, mails, journal."""

from backoffice.courriels import adresses
from registre.models import CourrielSortant, EntreeJournal, Parchemin
from registre.suites_courriel import LIBELLES
from registre.transitions import VERBES

from .attente import MODELE, QUI
from .models import Etat

DIRECTION = {"gestionnaire", "certificateur", "signataire", "auditeur"}
ENTRE_NOUS = {"demander_revocation", "refuser_revocation"}
RECOURS = {"former_recours", "enregistrer_recours"}
# What happens in the room stays there: the outcome is told, not how many ballots it took.
DELIBERE = {"ouvrir_scrutin", "voter", "clore_scrutin", "annuler_scrutin", "saisir_feuille"}
CONSULTATIONS = {"consulter_piece": "Pièce consultée", "consulter_dossier": "Dossier lu"}


class Traces:
    """The part of `Lecture` about the past: it needs `candidature`, `acteur`, `roles` and `_motif`."""

    @property
    def peut_reparer_les_courriels(self) -> bool:
        """May this person send again a mail of this dossier that did not arrive?"""
        return bool(self.roles & {"gestionnaire", "certificateur"})

    def messages(self):
        """The messages of this dossier, in the threads that this person may read."""
        fils = [f for f in ("candidat", "employeur") if f in self.roles or self.roles & (DIRECTION - {"signataire"})]
        return self.candidature.messages.filter(fil__in=fils).select_related("auteur").order_by("ecrit_le", "pk")

    def courriels(self):
        """The mails that acts on this dossier caused: all for those who run it, one's own for the others."""
        courriels = CourrielSortant.objects.filter(
            cause__objet_type=MODELE, cause__objet_id=self.candidature.pk
        ).order_by("-cree_le", "-pk")
        if self.roles & DIRECTION:
            return courriels
        siennes = {self.acteur.email}
        if "candidat" in self.roles:
            siennes.add(self.candidature.titulaire.courriel)
        if "employeur" in self.roles:
            siennes.update(adresses("employeur", self.candidature.etablissement))
        return courriels.filter(destinataire__in=siennes)

    def journal(self) -> list[dict]:
        """Who did what and when, latest first. Names and readings of files are for those who run the dossier."""
        complet = bool(self.roles & DIRECTION)
        entrees = EntreeJournal.objects.de(self.candidature)
        if complet:
            entrees |= self._vie_des_documents()
        entrees = entrees.order_by("-sequence").select_related("acteur", "motif")
        if not complet:
            entrees = entrees.exclude(verbe__in=CONSULTATIONS.keys() | DELIBERE)
            # The employer is told the outcome, not that somebody contests.
            entrees = entrees.exclude(verbe__in=ENTRE_NOUS if "candidat" in self.roles else ENTRE_NOUS | RECOURS)
        etats = dict(Etat.choices)
        return [
            {
                "entree": e,
                "acte": self._libelle(e.verbe),
                "qui": str(e.acteur) if e.acteur and (complet or e.acteur_id == self.acteur.pk) else "",
                "role": QUI.get(e.role, e.role.capitalize()),
                "etat": etats.get(e.etat_apres, "") if e.etat_apres != e.etat_avant else "",
                "motif": self._motif(e),
            }
            for e in entrees
        ]

    def _vie_des_documents(self):
        """What became of the documents issued for this dossier: cancelled, replaced, issued in duplicate."""
        delivrance = getattr(self.candidature, "delivrance", None)
        documents = {d.parchemin_id for d in self.candidature.delivrances_defaites.all()}
        documents |= {delivrance.parchemin_id} if delivrance else set()
        documents |= set(self.candidature.attestations_de_bloc.values_list("parchemin", flat=True))
        siennes = EntreeJournal.objects.filter(objet_type=Parchemin._meta.label_lower, objet_id__in=documents - {None})
        return siennes.exclude(verbe="telecharger_document")

    @staticmethod
    def _libelle(nom: str) -> str:
        verbe = VERBES.get((MODELE, nom))
        return verbe.libelle if verbe else {**CONSULTATIONS, **LIBELLES}.get(nom, nom.replace("_", " ").capitalize())
