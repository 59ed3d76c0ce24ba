"""What people type: for each verb, valid data, as its form would give them."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from django.utils import timezone

from backoffice.candidatures.credits import sources_au_registre
from backoffice.delivrances.blocs import blocs_a_attester
from backoffice.jurys.models import Inscription, MembreJury, Procuration, SessionJury
from cpf.accuses import lire
from cpf.lots import Ecrit
from cpf.reponses import AccuseRecu

from . import fabriques as f
from .backoffice.jurys.outils import mandate
from .backoffice.remises.situations import ADRESSE
from .cpf.fabrique import accuse, identifiants


@dataclass
class Saisies:
    """The choices that forms offer: a session for each kind of jury."""

    session_libre: SessionJury
    session_cpne: SessionJury | None
    session_pleine: SessionJury | None = None

    def de(self, nom: str, objet, acteurs) -> dict:
        """Valid data for the verb `nom` on `objet`."""
        prepare = getattr(self, f"_{nom}", None)
        return {"motif": "Un motif assez long pour être lu.", **(prepare(objet, acteurs) if prepare else {})}

    def _modifier(self, objet, acteurs):
        if objet._meta.label_lower == "parcours.parcours":
            return {"regles": {"validite_blocs_mois": 60}}
        return {"titulaire": objet.titulaire, "candidature": objet}

    def _modifier_modele(self, objet, acteurs):
        return {"regles": {"couleur": "#14466e"}}

    def _preparer_lot(self, objet, acteurs):
        return {"lieu": "Paris"}

    def _joindre_piece(self, objet, acteurs):
        return {"requise": objet.parcours.pieces.first(), "fichier": f.controler(f.fichier_pdf())}

    def _retirer_piece(self, objet, acteurs):
        return {"piece": objet.pieces.filter(retiree_le=None).first()}

    def _examiner_recevabilite(self, objet, acteurs):
        return {"controles": {piece.pk: True for piece in objet.pieces.filter(retiree_le=None)}}

    def _repondre_reserve(self, objet, acteurs):
        reserve = objet.reserves.filter(close_le=None).last()
        return {"reserve": reserve, "reponse": "Le diplôme est renvoyé en entier."}

    def _reprendre_bloc(self, objet, acteurs):
        return {"source": next(iter(sources_au_registre(objet)), None), "meme_personne": True}

    def _admettre_preuve(self, objet, acteurs):
        repris = objet.blocs_acquis.values("bloc")
        return {
            "bloc": acteurs.version.blocs.exclude(pk__in=repris).first(),
            "organisme": "Organisme de formation",
            "acquis_le": timezone.localdate(),
            "piece": objet.pieces.filter(retiree_le=None).first(),
        }

    def _retirer_reprise(self, objet, acteurs):
        return {"credit": objet.blocs_acquis.first()}

    def _positionner(self, objet, acteurs):
        return {"blocs_vises": list(acteurs.version.blocs.all())}

    def _confirmer_evaluateur(self, objet, acteurs):
        second = getattr(acteurs, "second", None)
        return {"evaluateur": acteurs.evaluateur} | ({"second": second} if second else {})

    def _remplacer_evaluateur(self, objet, acteurs):
        evaluation = getattr(objet, "evaluation", None)
        return {"remplace": evaluation and evaluation.evaluateur, "evaluateur": f.habilite(acteurs)}

    def _declarer_lien(self, objet, acteurs):
        return {"personne": acteurs.evaluateur, "nature": "formation"}

    def _deposer_observations(self, objet, acteurs):
        return {"observations_candidat": "J’aurais voulu plus de temps.", "sans_observation": False}

    def _prolonger(self, objet, acteurs):
        return {"fin": objet.fin + timedelta(days=365)}

    def _inviter_metier(self, objet, acteurs):
        return {"nom": "Claude Métier", "fonction": "tuteur", "courriel": "claude@example.org"}

    def _repondre_metier(self, objet, acteurs):
        return {"resultats": f.reponses(objet)}

    def _enregistrer_evaluation(self, objet, acteurs):
        return saisie(objet)

    def _joindre_guide(self, objet, acteurs):
        return {"fichier": f.controler(f.fichier_pdf("guide.pdf"))}

    def _ecrire(self, objet, acteurs):
        return {"texte": "Quand aura lieu mon évaluation ?"}

    def _repondre(self, objet, acteurs):
        return {"texte": "La semaine prochaine.", "fil": "employeur"}

    def _inscrire_au_jury(self, objet, acteurs):
        return {"session": self.session_libre}

    _transferer_de_session = _inscrire_au_jury

    def _demander_place(self, objet, acteurs):
        return {"session": self.session_pleine}

    def _obtenir_place(self, objet, acteurs):
        demande = objet.demandes_de_place.last()
        return {"session": demande.session if demande else self.session_libre, "demande": demande}

    def _modifier_session(self, objet, acteurs):
        return {"lieu": "Lyon", "capacite": 50}

    def _presenter_a_la_cpne(self, objet, acteurs):
        return {"session": self.session_cpne}

    def _deliberer(self, objet, acteurs):
        blocs = {bloc.pk: (True, "") for bloc in objet.blocs_a_evaluer()}
        return {"issue": Inscription.Issue.DECIDEE, "blocs": blocs}

    _saisir_feuille = _deliberer

    def _voter(self, objet, acteurs):
        siege = MembreJury.objects.filter(
            session__inscriptions__candidature=objet, utilisateur=acteurs.presidente
        ).last()
        return {"siege": siege, "choix": {bloc.pk: "pour" for bloc in objet.blocs_a_evaluer()}}

    def _clore_scrutin(self, objet, acteurs):
        return {"sans_attendre": True}

    def _preparer_rectificatif(self, objet, acteurs):
        return {"au_lieu_de": "à Paris", "lire": "à Lille"}

    def _signer_rectificatif(self, objet, acteurs):
        pv = objet.rectificatif_a_signer
        return {"empreinte": pv.empreinte if pv else "", "preuve": f.preuve(acteurs.presidente)}

    def _signer_pv(self, objet, acteurs):
        pv = objet.pv
        return {"empreinte": pv.empreinte if pv else "", "preuve": f.preuve(acteurs.presidente)}

    def _proposer(self, objet, acteurs):
        return {"inscription": objet.inscriptions.filter(retiree_le=None).last()}

    _decider = _ajourner = _proposer

    def _preparer_delivrance(self, objet, acteurs):
        return {"lieu": "Paris"}

    def _preparer_attestations_de_bloc(self, objet, acteurs):
        return {"lieu": "Paris", "blocs": blocs_a_attester(objet)}

    def _nommer_membre(self, objet, acteurs):
        return {"mandat": mandate(objet.certificateur, "salaries"), "fonction": "membre"}

    def _retirer_membre(self, objet, acteurs):
        return {"membre": objet.membres.filter(present_le=None).last() or objet.membres.last()}

    def _membre_absent(self, objet, acteurs):
        siens = objet.membres.filter(utilisateur__in=(acteurs.presidente, acteurs.vice_president))
        return {"membre": siens.order_by("-pk").first()}

    _excuser = _quitter_seance = _membre_absent

    def _marquer_present(self, objet, acteurs):
        return {"membres": list(objet.membres.all())}

    def _corriger_presence(self, objet, acteurs):
        return {"membre": objet.membres.filter(present_le__isnull=False).first()}

    def _donner_procuration(self, objet, acteurs):
        mandant = objet.membres.filter(utilisateur=acteurs.vice_president).first()
        autres = objet.membres.filter(college="salaries").exclude(pk=mandant and mandant.pk)
        return {"mandant": mandant, "mandataire": autres.last()}

    def _retirer_procuration(self, objet, acteurs):
        return {"procuration": Procuration.objects.filter(mandant__session=objet, retiree_le=None).first()}

    def _joindre_piece_de_seance(self, objet, acteurs):
        return {"nature": "decision", "fichier": f.controler(f.fichier_pdf("decision.pdf", 2))}

    def _designer_presidence(self, objet, acteurs):
        membres = list(objet.membres.order_by("-pk")[:2])
        return {"president": membres[0] if membres else None, "vice_president": membres[-1] if membres else None}

    def _retirer_deport(self, objet, acteurs):
        return {"inscription": objet.inscriptions.filter(deports__declare=True).first()}

    def _renouveler_mandat(self, objet, acteurs):
        return {"debut": objet.debut, "fin": timezone.localdate() + timedelta(days=365)}

    def _former_recours(self, objet, acteurs):
        return {"objet": "decision", "expose": "Le jury n’a pas lu toute la seconde page de mes preuves."}

    def _enregistrer_recours(self, objet, acteurs):
        return {**self._former_recours(objet, acteurs), "recu_le": timezone.localdate()}

    def _accepter_recours(self, objet, acteurs):
        return {"reponse": "La seconde page avait bien été oubliée.", "voies": "La médiation de la branche."}

    _rejeter_recours = _accepter_recours

    def _declarer_deport(self, objet, acteurs):
        inscription = objet.inscriptions.filter(issue="").first() or objet.inscriptions.first()
        return {"inscription": inscription, "raison": "Je connais cette personne."}

    def _declarer_depot(self, objet, acteurs):
        return {"jour": timezone.localdate()}

    _noter_reception = _declarer_depot

    def _integrer_accuse(self, objet, acteurs):
        octets = accuse(str(objet.id_flux), identifiants(objet))
        return {"fichier": AccuseRecu(lire(octets), octets, "accuse.xml")}

    def _figer(self, objet, acteurs):
        return {"fichier": BytesIO(b"<flux/>"), "ecrit": Ecrit(1, "0" * 64, 7), "ecartes": 0}

    def _abandonner_ecriture(self, objet, acteurs):
        return {"incidents": ["Aucun parchemin ne peut partir."]}

    def _donner_adresse(self, objet, acteurs):
        return dict(ADRESSE)

    def _marquer_envoye(self, objet, acteurs):
        return {"le": timezone.localdate()}

    def _noter_retour(self, objet, acteurs):
        return {"le": timezone.localdate(), "retour": "npai"}

    def _donner_suite(self, objet, acteurs):
        return {"conclusion": "Le papier était gratté\u00a0: le document est annulé."}

    _classer_signalement = _donner_suite

    def _clore_message(self, objet, acteurs):
        return {"suite": "Répondu par courriel."}


def saisie(candidature) -> dict:
    """What the évaluateur habilité records."""
    return {
        "resultats": f.reponses(candidature),
        "date_evaluation": timezone.localdate(),
        "commentaire": "Évaluation menée sur chantier.",
        "sans_observation": True,
    }
