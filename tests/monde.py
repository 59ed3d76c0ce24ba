"""A small world for the matrices: one object in each state of each model, everybody who may come near it.

Who holds which role on which object is told in `gens` and in the situations of each room; which verb wants which role
and which state is read from the registered verbs alone.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.apps import apps
from django.utils import timezone

from backoffice.candidatures.inactivite import Horloge
from backoffice.delivrances.blocs import blocs_a_attester
from backoffice.jurys.models import Inscription, SessionJury
from cpf import workflow as cpf
from cpf.suites import noter_demande
from registre.models import CourrielSortant, EntreeJournal, Parchemin
from registre.transitions import executer
from site_public.demonstration.horloge import horloge

from . import fabriques as f
from .backoffice.comptes.situations import ACCEPTATION
from .backoffice.comptes.situations import situations as situations_de_comptes
from .backoffice.contacts.situations import situations as situations_de_contacts
from .backoffice.delivrances.situations import situations as situations_de_delivrance
from .backoffice.delivrances.situations_apres import situations as situations_des_documents
from .backoffice.delivrances.situations_modeles import situations as situations_des_modeles
from .backoffice.espace.situations import situations as situations_de_l_espace
from .backoffice.jurys.outils import nommer
from .backoffice.jurys.situations import situations as situations_de_mandats
from .backoffice.jurys.situations_recours import situations as situations_de_recours
from .backoffice.parcours.situations import lecteurs_du_dehors
from .backoffice.parcours.situations import situations as situations_de_parcours
from .backoffice.remises.situations import situations as situations_de_remises
from .backoffice.signalements.situations import situations as situations_de_signalements
from .cpf.fabrique import Bureau, identifiants
from .gens import Dehors, gens_d_un_dossier, gens_d_une_session
from .saisies import Saisies, saisie


@dataclass
class Situation:
    """One object in one state, and the roles that each person of the world holds on it."""

    nom: str
    objet: object
    acteurs: object
    gens: dict = field(default_factory=dict)  # name → (person, roles held)

    def avec(self, role: str):
        """A person who holds this role here, None when nobody does."""
        return next((personne for personne, roles in self.gens.values() if role in roles), None)


def etat_force(objet, etat: str):
    """A state to which no verb leads yet: written by hand, as only a test may."""
    type(objet).objects.filter(pk=objet.pk).update(etat=etat)
    objet.refresh_from_db()
    return objet


class Monde:
    """Every state of every model, built through the real verbs."""

    def __init__(self):
        self.acteurs = f.Acteurs()
        self.leger = f.Acteurs(positionnement_actif=True, metier_requis=False)
        self.deux_jurys = f.Acteurs(jurys_fusionnes=False)
        self.dehors = Dehors()
        self.situations: list[Situation] = []
        self._avant_l_evaluation()
        self._evaluation()
        self._jury()
        self._deux_jurys()
        self._delivrance()
        self._lots()
        self._habilitations()
        autres = (
            *(situations_de_mandats, situations_de_recours, situations_de_comptes, situations_de_l_espace),
            situations_de_delivrance,
            *(situations_des_documents, situations_de_remises, situations_de_signalements),
            situations_de_contacts,
            situations_des_modeles,
        )
        for nom, objet, gens in [ligne for siennes in autres for ligne in siennes(self.acteurs)]:
            self.situations.append(Situation(nom, objet, self.acteurs, gens))
        for nom, objet, gens in situations_de_parcours(self.acteurs):
            gens = {**gens, **lecteurs_du_dehors(objet, self.dehors.gens)}
            self.situations.append(Situation(nom, objet, self.acteurs, gens))
        self.saisies = Saisies(self.session_libre, self.session_cpne, self.session_pleine)
        for situation in self.situations:
            situation.gens = {nom: (qui, set()) for nom, qui in self.dehors.gens.items()} | situation.gens

    def _dossier(self, nom, candidature, acteurs=None, **faits):
        acteurs = acteurs or self.acteurs
        candidature.refresh_from_db()
        gens = gens_d_un_dossier(candidature, acteurs, **faits)
        self.situations.append(Situation(nom, candidature, acteurs, gens))
        return candidature

    def _session(self, nom, session, acteurs=None):
        acteurs = acteurs or self.acteurs
        session.refresh_from_db()
        self.situations.append(Situation(nom, session, acteurs, gens_d_une_session(acteurs, session)))
        return session

    def _avant_l_evaluation(self):
        a, motif = self.acteurs, {"motif": "Le diplôme joint n’est pas lisible."}
        brouillon = f.brouillon(a)
        piece = {"requise": a.parcours.pieces.get(), "fichier": f.controler(f.fichier_pdf())}
        self._dossier("brouillon avec sa pièce", f.faire(brouillon, "joindre_piece", a.employeur, **piece))
        siennes = f.Candidature(
            version=a.version, etablissement=a.etablissement, modalite_acces=f.ModaliteAcces.FC_HORS_CONTRAT
        )
        du_porteur = self._dossier(
            "brouillon du porteur", f.ouvrir(a.gestionnaire, f.TitulaireFactory.build(), siennes)
        )
        self.situations[-1].gens["gestionnaire"] = (a.gestionnaire, {"gestionnaire"})
        f.faire(du_porteur, "joindre_piece", a.gestionnaire, **piece)
        self._dossier("brouillon supprimé", f.faire(f.brouillon(a), "annuler", a.employeur))
        self._dossier("déposée", f.deposee(a))
        self._dossier("incomplète", f.faire(f.deposee(a), "declarer_incomplete", a.gestionnaire, **motif))
        self._dossier("irrecevable", f.faire(f.deposee(a), "declarer_irrecevable", a.gestionnaire, **motif))
        ecrite = f.faire(f.recevable(a), "ecrire", a.employeur, texte="Qui sera l’évaluateur ?")
        self._dossier("recevable, message reçu", ecrite)
        self._dossier("abandonnée", f.faire(f.deposee(a), "desister", a.employeur, **motif))
        self._inactivite()
        self._dossier("recevable", f.recevable(a))

    def _inactivite(self):
        """Dossiers that nobody touched: to be reminded, to be closed, closed, contested."""
        maintenant = timezone.now()
        with horloge(maintenant - timedelta(days=100)) as heure:
            a = f.Acteurs()
            self._dossier("brouillon oublié", f.brouillon(a), a)
            relance, clos, conteste = (f.brouillon(a) for _ in range(3))
            for dossier in (clos, conteste):
                piece = {"requise": a.parcours.pieces.get(), "fichier": f.controler(f.fichier_pdf())}
                f.faire(dossier, "joindre_piece", a.employeur, **piece)
                f.faire(dossier, "deposer", a.employeur)
                f.faire(dossier, "declarer_incomplete", a.gestionnaire, motif="Le diplôme joint n’est pas lisible.")
            heure.regler(maintenant - timedelta(days=40))
            for dossier in (relance, clos, conteste):
                f.faire(dossier, "relancer_inactivite", Horloge())
            relances = CourrielSortant.objects.filter(cause__verbe="relancer_inactivite")
            relances.update(envoye_le=timezone.now(), prochain_essai=None)
        self._dossier("brouillon relancé", relance, a)
        self._dossier("clos pour inactivité", f.faire(clos, "clore_inactive", Horloge()), a)
        f.faire(conteste, "clore_inactive", Horloge())
        contestation = {"motif": "Le diplôme n’arrive que maintenant."}
        self._dossier("clôture contestée", f.faire(conteste, "contester", a.employeur, **contestation), a)
        for situation in self.situations[-4:]:
            situation.gens["plateforme"] = (Horloge(), {"plateforme"})

    def _evaluation(self):
        a, b = self.acteurs, self.leger
        connue = f.TitulaireFactory.build()
        f.attestation(b, f.meme_personne(connue))
        self._dossier("recevable, à positionner", f.recevable(b, connue), b)
        repris = f.recevable(b)
        preuve = Saisies(None, None)._admettre_preuve(repris, b)
        self._dossier("recevable, bloc repris", f.faire(repris, "admettre_preuve", b.gestionnaire, **preuve), b)
        self._dossier("recevable, évaluateur confirmé", f.affectee(a), evalue=True)
        seul = f.recevable(b)
        f.faire(seul, "positionner", b.gestionnaire, blocs_vises=list(b.version.blocs.all()))
        f.faire(seul, "confirmer_evaluateur", b.employeur, evaluateur=b.evaluateur)
        self._dossier("recevable, sans métier", seul, b, evalue=True)
        self._dossier("en évaluation, métier invité", f.invitee(a), evalue=True)
        prete = f.repondue(a)
        f.faire(prete, "enregistrer_evaluation", a.evaluateur, **saisie(prete))
        f.faire(prete, "joindre_guide", a.evaluateur, fichier=f.controler(f.fichier_pdf("guide.pdf")))
        self._dossier("en évaluation, prête à transmettre", prete, evalue=True)
        self._dossier("évaluée", f.evaluee(a), evalue=True)
        self._a_deux()

    def _a_deux(self):
        """Two évaluateurs habilités: the first one's grid is ready, then closed."""
        d = f.Acteurs(nombre_evaluateurs=2, metier_requis=False, concordance="jury")
        d.second = f.habilite(d)
        for nom in ("en évaluation à deux", "en évaluation à deux, première grille terminée"):
            candidature = f.recevable(d)
            f.faire(candidature, "confirmer_evaluateur", d.employeur, evaluateur=d.evaluateur, second=d.second)
            f.faire(candidature, "commencer_evaluation", d.second)
            f.faire(candidature, "enregistrer_evaluation", d.evaluateur, **saisie(candidature))
            if nom.endswith("terminée"):
                f.faire(candidature, "clore_grille", d.evaluateur)
            self._dossier(nom, candidature, d, evalue=True)
            self.situations[-1].gens["second évaluateur"] = (d.second, {"evaluateur"})

    def _habilitations(self):
        a = self.acteurs
        retiree = f.habilite(a).habilitations.get()
        executer(retiree._meta.label_lower, "retirer", retiree, a.gestionnaire, {"motif": "Fin de mandat à la CPNE."})
        retiree.refresh_from_db()
        for nom, objet, sienne in (
            ("habilitation accordée", a.evaluateur.habilitations.get(), {"evaluateur"}),
            ("habilitation retirée", retiree, set()),
        ):
            gens = {
                "employeur": (a.employeur, set()),
                "gestionnaire": (a.gestionnaire, {"gestionnaire"}),
                "certificateur": (a.certificateur, {"certificateur"}),
                "auditeur": (a.auditeur, {"auditeur"}),
                "évaluateur": (a.evaluateur, sienne),
            }
            self.situations.append(Situation(nom, objet, a, gens))

    def _jury(self):
        a = self.acteurs
        self.session_libre = f.session(a)
        planifiee = f.session(a)
        self._dossier("inscrite, session planifiée", f.inscrite(a, planifiee), evalue=True, siege=True)
        deport = {"inscription": planifiee.inscriptions.get(), "raison": "Je connais cette personne."}
        executer(f.SESSION, "declarer_deport", planifiee, a.vice_president, deport)
        self._session("session planifiée", planifiee)
        self._places(a)
        self._procuration()
        prete = f.session(a)
        f.inscrite(a, prete)
        for membre in (a.presidente, a.vice_president):
            executer(f.SESSION, "emarger", prete, membre)
        self._session("session planifiée, émargée", prete)
        ouverte = f.session(a)
        deliberee = f.inscrite(a, ouverte)
        f.ouvrir_seance(a, ouverte)
        f.deliberer(a, deliberee)
        self._dossier("inscrite, délibérée", deliberee, evalue=True, siege=True)
        self._session("session ouverte, délibérée", ouverte)
        self._en_salle()
        close = f.session(a)
        en_signature = f.inscrite(a, close)
        f.ouvrir_seance(a, close)
        f.deliberer(a, en_signature)
        self._session("session close", executer(f.SESSION, "clore_seance", close, a.presidente))
        self._dossier("inscrite, PV à signer", en_signature, evalue=True, siege=True)
        scellee = f.session(a)
        ajournee = f.inscrite(a, scellee)
        f.ouvrir_seance(a, scellee)
        f.deliberer(a, ajournee, issue=Inscription.Issue.AJOURNEE)
        feuille = {"nature": "emargement", "fichier": f.controler(f.fichier_pdf("emargement.pdf"))}
        executer(f.SESSION, "joindre_piece_de_seance", scellee, a.secretaire, feuille)
        rectifier = {"au_lieu_de": "à Paris", "lire": "à Lyon", "motif": "Le lieu a été mal reporté."}
        scellee = executer(f.SESSION, "preparer_rectificatif", f.sceller(a, scellee), a.gestionnaire, rectifier)
        self._session("session scellée", scellee)
        self._dossier("ajournée", ajournee, evalue=True)
        self._session("session annulée", etat_force(f.session(a), SessionJury.Etat.ANNULEE))

    def _en_salle(self):
        """Dossiers that a sitting jury hears: nothing said yet, a vote open, nobody named to hold the pen."""
        a, seance = self.acteurs, f.session(self.acteurs)
        attend, aux_voix = f.inscrite(a, seance), f.inscrite(a, seance)
        sans_plume = f.inscrite(a, f.session(a, secretaire=None))
        f.ouvrir_seance(a, seance)
        f.ouvrir_seance(a, sans_plume.inscriptions.get().session)
        f.faire(aux_voix, "ouvrir_scrutin", a.presidente)
        self._dossier("inscrite, à délibérer", attend, evalue=True, siege=True)
        self._dossier("inscrite, vote ouvert", aux_voix, evalue=True, siege=True)
        self._dossier("inscrite, sans secrétaire", sans_plume, evalue=True, siege=True)
        self.situations[-1].gens["secrétaire"] = (a.secretaire, set())

    def _places(self, a):
        """A full session, a dossier that waits for a place there, another whose place has just freed."""
        self.session_pleine = f.session(a, capacite=1)
        f.inscrite(a, self.session_pleine)
        liberee = f.session(a, capacite=1)
        partante = f.inscrite(a, liberee)
        for nom, session in (("évaluée, attend une place", self.session_pleine), ("évaluée, place libérée", liberee)):
            dossier = f.faire(f.evaluee(a), "demander_place", a.employeur, session=session)
            self._dossier(nom, dossier, evalue=True)
        f.faire(partante, "desinscrire_du_jury", a.employeur, motif="Report à la demande du candidat.")
        self.situations[-1].gens["plateforme"] = (Horloge(), {"plateforme"})

    def _procuration(self):
        """A session whose rules allow proxies: the chair gave hers, the vice-chair may give his."""
        p = f.Acteurs(procurations_par_membre=1)
        session = f.session(p)
        nommer(p, session, "salaries")
        nommer(p, session, "employeurs")
        autre = session.membres.filter(college="employeurs").last()
        executer(f.SESSION, "donner_procuration", session, p.presidente, {"mandataire": autre})
        self._session("session planifiée, procuration donnée", session, p)

    def _deux_jurys(self):
        c = self.deux_jurys
        premiere = f.session(c, instance="evaluation")
        dossiers = [f.inscrite(c, premiere), f.inscrite(c, premiere)]
        f.ouvrir_seance(c, premiere)
        for dossier in dossiers:
            f.deliberer(c, dossier)
        f.sceller(c, premiere)
        self.session_cpne = f.session(c, instance="certification")
        self._dossier("proposée", dossiers[0], c, evalue=True)
        seance = f.session(c, instance="certification")
        f.faire(dossiers[1], "presenter_a_la_cpne", c.certificateur, session=seance)
        f.ouvrir_seance(c, seance)
        f.deliberer(c, dossiers[1])
        self._dossier("proposée, délibérée par la CPNE", dossiers[1], c, evalue=True, siege=True)

    def _delivrance(self):
        a = self.acteurs
        self._dossier("validée", f.decidee(a), evalue=True)
        contestee = f.faire(f.decidee(a), "demander_revocation", a.gestionnaire, motif="Un mauvais bloc a été saisi.")
        self._dossier("validée, révocation demandée", contestee, evalue=True)
        partielle = f.decidee(a, acquis=lambda competence: competence.bloc.ordre == 1)
        f.faire(partielle, "preparer_delivrance", a.certificateur, lieu="Paris")
        self._dossier("partielle, préparée", partielle, evalue=True)
        un_bloc = f.decidee(a, acquis=lambda competence: competence.bloc.ordre == 1)
        self._dossier("partielle, blocs à attester", un_bloc, evalue=True)
        atteste = f.decidee(a, acquis=lambda competence: competence.bloc.ordre == 1)
        f.faire(
            atteste, "preparer_attestations_de_bloc", a.certificateur, lieu="Paris", blocs=blocs_a_attester(atteste)
        )
        self._dossier("partielle, attestation de bloc préparée", atteste, evalue=True)
        self._dossier("validée, délivrée", f.delivree(a), evalue=True)
        self._dossier("non validée", f.decidee(a, acquis=False), evalue=True)

    def _lots(self):
        self.bureau = b = Bureau()
        lots = {"lot à déposer": b.lot(2), "lot déposé": b.lot_depose(2)}
        traite = b.lot_depose(2)
        lots["lot traité"] = b.repondre(traite, acceptes=identifiants(traite))
        b.annuler(traite.passages.first().parchemin)
        noter_demande(b.personne, traite.passages.last().parchemin, timezone.localdate(), "Date à vérifier.")
        clos = b.lot_depose(1)
        lots["lot clos"] = b.faire(b.repondre(clos, acceptes=identifiants(clos)), "clore")
        lots["lot retiré"] = b.faire(b.lot(1), "retirer", motif="Lot préparé par erreur.")
        b.refuser_deux_fois()
        lots["lot en cours d’écriture"] = b.lot_en_ecriture()
        for nom, lot in lots.items():
            gens = {
                "certificateur du lot": (b.personne, {"certificateur"}),
                "autre certificateur": (self.acteurs.certificateur, set()),
                "auditeur": (self.acteurs.auditeur, set()),
            }
            self.situations.append(Situation(nom, lot, b, gens))

    def donnees(self, nom: str, s: Situation) -> dict:
        """Valid data for this verb on this object."""
        if nom == "accepter":
            return dict(ACCEPTATION)
        return self.saisies.de(nom, s.objet, s.acteurs)


def photo(objet) -> tuple:
    """What a refused act must leave as it was: the row, the journal, the mails, the documents."""
    ligne = type(objet).objects.filter(pk=objet.pk).values().get()
    return ligne, *_ecrits()


def photo_de_tous(modele: str) -> tuple:
    """The same of every object of this model: one look before and one after a whole row of refusals."""
    return list(apps.get_model(modele).objects.order_by("pk").values()), *_ecrits()


def _ecrits() -> tuple:
    return EntreeJournal.objects.count(), CourrielSortant.objects.count(), Parchemin.objects.count()


MODELES = (
    f.MODELE,
    f.SESSION,
    cpf.MODELE,
    "comptes.demandecompte",
    "comptes.invitation",
    "evaluations.habilitation",
    "jurys.mandat",
    "parcours.parcours",
    "espace.demandecorrection",
    "espace.verificationetatcivil",
    "jurys.recours",
    "registre.partage",
    "delivrances.lotdelivrance",
    "delivrances.demandeannulation",
    "delivrances.demanderemplacement",
    "delivrances.demandeduplicata",
    "remises.envoi",
    "signalements.signalement",
    "contacts.message",
    "registre.modeledocument",
)
