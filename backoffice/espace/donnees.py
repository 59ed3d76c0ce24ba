"""One's own data: what is kept, why, for how long, and all of it in one file (RGPD, articles 15 and 20).

Purpose and retention are read from the models themselves. What belongs to others (names of members of the jury, votes,
notes between professionals, the thread of the employer) is left out: docs/decisions/0009-droit-d-acces.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from backoffice.candidatures.models import DECIDES, NON_DECLARES, Candidature, Etat, Piece
from backoffice.candidatures.models_instruction import BlocAcquis, Reserve, VerificationPrerequis
from backoffice.comptes.models import Role, Utilisateur
from backoffice.delivrances.models import DemandeDuplicata
from backoffice.evaluations.models import Evaluation, ResultatCompetence
from backoffice.jurys.models import DecisionBloc, DemandeDePlace, Inscription, Recours
from backoffice.remises.models import Envoi, Remise
from registre.models import (
    ComptageVerification,
    CourrielSortant,
    Duplicata,
    EntreeJournal,
    Parchemin,
    Partage,
    Titulaire,
)
from registre.transitions import VERBES

from .models import DemandeCorrection, Message, NoticeLue

# Read through the relation that the room of the CPF adds to a document: it stands beside this one.
PassageCPF = Parchemin._meta.get_field("passages_cpf").related_model

EN_EXAMEN = (Etat.DEPOSEE, Etat.INCOMPLETE)


@dataclass(frozen=True)
class Rubrique:
    """One kind of data: the rows of this person, and the fields that are given back."""

    modele: type[models.Model]
    lignes: Callable  # utilisateur → QuerySet
    champs: tuple[str, ...]

    def lire(self, utilisateur) -> dict:
        """Its name, purpose, retention, and every row as plain data under the names that people read."""
        lignes = [
            {_nom(self.modele, c): valeur_de(ligne, c) for c in self.champs} for ligne in self.lignes(utilisateur)
        ]
        return {
            "nom": str(self.modele._meta.verbose_name_plural),
            "finalite": self.modele.finalite,
            "conservation": self.modele.conservation,
            "lignes": lignes,
        }


def _nom(modele, champ: str) -> str:
    """The label of a field, through relations: `version__intitule` is « intitulé »."""
    *liens, dernier = champ.split("__")
    for lien in liens:
        modele = modele._meta.get_field(lien).related_model
    return str(modele._meta.get_field(dernier).verbose_name)


def valeur_de(objet, champ: str):
    for nom in champ.split("__"):
        avant, objet = objet, getattr(objet, nom) if objet is not None else None
    choix = getattr(avant, f"get_{nom}_display", None)
    if choix:
        return str(choix())
    if isinstance(objet, models.Model):
        return str(objet)
    if hasattr(objet, "isoformat"):
        return timezone.localtime(objet).isoformat(timespec="seconds") if hasattr(objet, "hour") else objet.isoformat()
    return objet


def _dossiers(utilisateur):
    return Candidature.objects.filter(titulaire__utilisateur=utilisateur).exclude(etat__in=NON_DECLARES)


def _decides(utilisateur):
    """The dossiers whose decision is known: before that, what evaluates is not communicated."""
    return _dossiers(utilisateur).filter(etat__in=DECIDES)


def _seances_lues(utilisateur):
    return {"candidature__in": _dossiers(utilisateur), "session__etat": "scellee", "retiree_le": None}


def _courriels(utilisateur):
    adresses = {utilisateur.email}
    adresses.update(Titulaire.objects.filter(utilisateur=utilisateur).values_list("courriel", flat=True))
    return CourrielSortant.objects.filter(destinataire__in=adresses)


RUBRIQUES = (
    Rubrique(Utilisateur, lambda u: Utilisateur.objects.filter(pk=u.pk), ("email", "prenom", "nom", "last_login")),
    Rubrique(Role, lambda u: u.roles.select_related("organisme"), ("nom", "organisme", "debut", "fin")),
    Rubrique(NoticeLue, lambda u: u.notices_lues.all(), ("notice", "lue_le")),
    Rubrique(
        Titulaire, lambda u: Titulaire.objects.filter(utilisateur=u), (*Titulaire.CHAMPS, "courriel", "telephone")
    ),
    Rubrique(
        Candidature,
        lambda u: _dossiers(u).select_related("version", "etablissement", "porteur", "organisme_formation"),
        ("reference", "etat", "version__intitule", "etablissement", "porteur", "organisme_formation")
        + ("modalite_acces", "ouverte_le", "deposee_le", "recevable_le", "positionnee_le", "decidee_le"),
    ),
    Rubrique(
        Piece,
        lambda u: Piece.objects.filter(candidature__in=_dossiers(u), retiree_le=None, requise__isnull=False),
        ("candidature__reference", "libelle", "nom_origine", "type_mime", "taille", "deposee_le"),
    ),
    Rubrique(
        VerificationPrerequis,
        # As for the évaluations: given once the porteur has decided.
        lambda u: VerificationPrerequis.objects.filter(
            candidature__in=_dossiers(u).exclude(etat__in=EN_EXAMEN)
        ).select_related("candidature", "prerequis"),
        ("candidature__reference", "prerequis", "conclusion", "valeur", "justificatif_le", "commentaire", "verifie_le"),
    ),
    Rubrique(
        Reserve,
        lambda u: Reserve.objects.filter(candidature__in=_dossiers(u)).select_related("candidature"),
        ("candidature__reference", "nature", "texte", "posee_le", "reponse", "repondue_le"),
    ),
    Rubrique(
        BlocAcquis,
        lambda u: BlocAcquis.objects.filter(candidature__in=_dossiers(u)).select_related("bloc", "candidature"),
        ("candidature__reference", "bloc__libelle", "origine", "acquis_le", "valide_jusqu_au", "organisme"),
    ),
    Rubrique(
        Evaluation,
        lambda u: Evaluation.objects.filter(candidature__in=_decides(u)),
        ("candidature__reference", "date_evaluation", "observations_candidat", "sans_observation")
        + ("commentaire", "transmise_le"),
    ),
    Rubrique(
        ResultatCompetence,
        lambda u: ResultatCompetence.objects.filter(evaluation__candidature__in=_decides(u)).select_related(
            "competence"
        ),
        ("evaluation__candidature__reference", "competence__libelle", "source", "acquis", "commentaire"),
    ),
    Rubrique(
        Inscription,
        lambda u: Inscription.objects.filter(**_seances_lues(u)).select_related("session", "candidature"),
        ("candidature__reference", "session", "inscrite_le", "issue", "recommandations"),
    ),
    Rubrique(
        DemandeDePlace,
        lambda u: DemandeDePlace.objects.filter(candidature__in=_dossiers(u)).select_related("session", "candidature"),
        ("candidature__reference", "session", "demandee_le", "placee_le", "retiree_le"),
    ),
    Rubrique(
        DecisionBloc,
        lambda u: DecisionBloc.objects.filter(
            inscription__in=Inscription.objects.filter(**_seances_lues(u))
        ).select_related("bloc", "inscription__candidature"),
        ("inscription__candidature__reference", "bloc__libelle", "acquis", "motif"),
    ),
    Rubrique(
        Recours,
        lambda u: Recours.objects.filter(candidature__in=_dossiers(u)).select_related("candidature"),
        ("candidature__reference", "etat", "objet", "expose", "nom_fichier", "depose_le", "echeance")
        + ("reponse", "repondu_le"),
    ),
    Rubrique(
        Parchemin,
        lambda u: Parchemin.objects.filter(titulaire__utilisateur=u).select_related("version", "certificateur"),
        ("nature", "numero", "version__intitule", "certificateur", "delivre_le", "lieu", "enregistrement")
        + ("annule_le", "motif_annulation"),
    ),
    Rubrique(
        DemandeDuplicata,
        lambda u: DemandeDuplicata.objects.filter(parchemin__titulaire__utilisateur=u).select_related("parchemin"),
        ("parchemin__numero", "etat", "motif", "precisions", "demandee_le", "tranchee_le", "reponse"),
    ),
    Rubrique(
        Duplicata,
        lambda u: Duplicata.objects.filter(parchemin__titulaire__utilisateur=u).select_related("parchemin"),
        ("parchemin__numero", "rang", "motif", "delivre_le"),
    ),
    Rubrique(
        PassageCPF,
        lambda u: PassageCPF.objects.filter(parchemin__titulaire__utilisateur=u).select_related("parchemin"),
        ("parchemin__numero", "code", "instantane", "reponse", "repondu_le"),
    ),
    Rubrique(
        Remise,
        lambda u: Remise.objects.filter(parchemin__titulaire__utilisateur=u).select_related("parchemin"),
        ("parchemin__numero", "moyen", "le", "a_qui", "revenue_le"),
    ),
    Rubrique(
        Envoi,
        lambda u: Envoi.objects.filter(parchemin__titulaire__utilisateur=u).select_related("parchemin"),
        ("parchemin__numero", "etat", "demande_le", *Envoi.CHAMPS_ADRESSE, "envoye_le", "revenu_le", "retour"),
    ),
    Rubrique(
        Partage,
        lambda u: Partage.objects.filter(parchemin__titulaire__utilisateur=u).select_related("parchemin"),
        ("parchemin__numero", "libelle", "champs", "etat", "cree_le", "expire_le", "revoque_le", "ouvertures"),
    ),
    Rubrique(
        ComptageVerification,
        lambda u: ComptageVerification.objects.filter(parchemin__titulaire__utilisateur=u).select_related("parchemin"),
        ("parchemin__numero", "mois", "voie", "nombre"),
    ),
    Rubrique(
        DemandeCorrection,
        lambda u: DemandeCorrection.objects.filter(titulaire__utilisateur=u),
        ("etat", "valeurs", "avant", "precisions", "deposee_le", "decidee_le"),
    ),
    Rubrique(
        Message,
        lambda u: (
            Message.objects.filter(candidature__in=_dossiers(u), fil=Message.Fil.CANDIDAT)
            | Message.objects.filter(auteur=u)
        ),
        ("candidature__reference", "du_porteur", "texte", "ecrit_le", "lu_le"),
    ),
    Rubrique(CourrielSortant, _courriels, ("destinataire", "sujet", "corps", "cree_le", "envoye_le")),
)


def actes_de(utilisateur) -> dict:
    """The entries of the journal about one's acts and one's dossiers: when, what, under which role."""
    entrees = EntreeJournal.objects.filter(
        models.Q(acteur=utilisateur)
        | models.Q(objet_type=Candidature._meta.label_lower, objet_id__in=_dossiers(utilisateur).values("pk"))
    )
    return {
        "nom": str(EntreeJournal._meta.verbose_name_plural),
        "finalite": EntreeJournal.finalite,
        "conservation": EntreeJournal.conservation,
        "lignes": [
            {"date et heure": timezone.localtime(e.horodatage).isoformat(timespec="seconds"), "acte": _acte(e)}
            | {"rôle": e.role, "par vous": e.acteur_id == utilisateur.pk}
            for e in entrees.order_by("sequence")
        ],
    }


def _acte(entree: EntreeJournal) -> str:
    verbe = VERBES.get((entree.objet_type, entree.verbe))
    return verbe.libelle if verbe else entree.verbe.replace("_", " ").capitalize()


def mes_donnees(utilisateur) -> list[dict]:
    """Everything that the platform keeps about this person, rubric by rubric."""
    return [*(rubrique.lire(utilisateur) for rubrique in RUBRIQUES), actes_de(utilisateur)]
