"""The world of the access matrix: every address of the site, and an object of each screen that takes parameters.

The addresses are read from Django's resolver. A screen of one object wants its line in `EXEMPLES`: the situation whose
object it shows, and what its parameters are.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from backoffice.candidatures.classeur_import import analyser
from backoffice.candidatures.models import SaisieGroupee
from backoffice.comptes.invitations import inviter
from backoffice.comptes.models import Utilisateur
from backoffice.listes.models import ActeGroupe, Export, VueEnregistree
from backoffice.repertoires.models import ImportDeFiches
from registre.models import CourrielSortant

from . import fabriques as f
from .monde import Monde, Situation
from .ouvrier import travailler


@dataclass(frozen=True)
class Adresse:
    chemin: str
    nom: str
    vue: object
    parametres: tuple

    def url(self, **valeurs) -> str:
        return reverse(self.nom, kwargs=valeurs)


def adresses(resolveur=None, prefixe="", espace=()):
    """Every address of the project, with its full name."""
    for motif in (resolveur or get_resolver()).url_patterns:
        chemin = prefixe + str(motif.pattern)
        if isinstance(motif, URLResolver):
            yield from adresses(motif, chemin, (*espace, motif.namespace) if motif.namespace else espace)
        elif isinstance(motif, URLPattern):
            nom = ":".join([*espace, motif.name]) if motif.name else ""
            vue = getattr(motif.callback, "view_class", motif.callback)
            yield Adresse(chemin, nom, vue, tuple(re.findall(r"<(?:\w+:)?(\w+)>", chemin)))


TOUTES = list(adresses())
GESTION = [a for a in TOUTES if a.chemin.startswith("gestion/")]


def urls_d_essai(adresse: Adresse) -> list[str]:
    """An address of this pattern, its parameters invented; none when no simple value fits."""
    if not adresse.nom:
        return []
    for valeur in (1, "essai", "wagtailcore", "0" * 8):
        try:
            return [reverse(adresse.nom, kwargs=dict.fromkeys(adresse.parametres, valeur))]
        except NoReverseMatch:
            continue
    return []


@dataclass(frozen=True)
class Exemple:
    """The situation that says for whom the object exists, and each parameter of the address read from its object."""

    situation: str
    parametres: dict[str, Callable]


def de(situation: str, **parametres: Callable) -> Exemple:
    """The object of this situation; its key is the only parameter unless others are said."""
    return Exemple(situation, parametres or {"pk": lambda objet: objet.pk})


DOSSIER, SEANCE, LOT = "en évaluation, métier invité", "session ouverte, délibérée", "lot traité"
# One line per screen, in the order of the rooms.
EXEMPLES = {
    "comptes:personne": de("personne"),
    "comptes:accepter": de("rôle proposé"),
    "comptes:role": de("personne", pk=lambda o: o.roles.get().pk),
    "comptes:demande": de("demande à traiter"),
    "comptes:invitation": de("invitation envoyée"),
    "listes:vue": de("vue"),
    "listes:lot": de("acte groupé"),
    "listes:export": de("export"),
    "listes:fichier": de("export"),
    "notifications:texte": de("porteur", organisme=lambda o: o.pk, code=lambda o: "candidature_recevable"),
    "notifications:courriel": de(DOSSIER, pk=lambda o: courriel_de(o).pk),
    "parcours:version": de("parcours publié"),
    "parcours:controle": de("parcours publié"),
    "parcours:equivalences": de("parcours publié", pk=lambda o: o.certification_id),
    "parcours:simulation": de("parcours publié"),
    "parcours:comparer": de("parcours publié"),
    "parcours:modifier": de("parcours en brouillon", pk=lambda o: o.pk, section=lambda o: "jury"),
    "candidatures:dossier": de(DOSSIER),
    "candidatures:modifier": de("brouillon avec sa pièce"),
    "candidatures:saisie": de("brouillon avec sa pièce", pk=lambda o: o.pk, etape=lambda o: "personne"),
    "candidatures:saisie_groupee": de("saisie groupée"),
    "candidatures:annotee": de("saisie groupée"),
    "candidatures:dupliquer": de(DOSSIER),
    "candidatures:recevabilite": de("déposée"),
    "candidatures:historique": de("déposée"),
    "candidatures:complements": de("incomplète"),
    "candidatures:positionnement": de("incomplète"),
    "candidatures:piece": de(DOSSIER, pk=lambda o: o.pieces.first().pk),
    "evaluations:grille": de(DOSSIER),
    "evaluations:garder": de("en évaluation, prête à transmettre"),
    "evaluations:guide": de(DOSSIER),
    "evaluations:habilitation": de("habilitation accordée"),
    "jurys:session": de(SEANCE),
    "jurys:emargement": de(SEANCE),
    "jurys:piece": de("session scellée", pk=lambda o: o.pk, piece=lambda o: o.pieces.get().pk),
    "jurys:mandat": de("mandat en cours"),
    "jurys:agenda": de("session planifiée"),
    "jurys:agenda_du_dossier": de("inscrite, session planifiée"),
    "jurys:pv": de("session scellée"),
    "jurys:document_pv": de("session scellée"),
    "jurys:document_rectificatif": de("session scellée", pk=lambda o: o.pk, rang=lambda o: 1),
    "jurys:feuilles": de(SEANCE),
    "jurys:feuille": de(SEANCE, pk=lambda o: o.pk, inscription=lambda o: o.inscriptions.get().pk),
    "jurys:notice": de("ajournée", pk=lambda o: o.inscriptions.get().pk),
    "jurys:entree": de(SEANCE),
    "jurys:salle": de(SEANCE, pk=lambda o: o.pk, inscription=lambda o: o.inscriptions.get().pk),
    "jurys:recours": de("recours déposé"),
    "jurys:piece_du_recours": de("recours déposé"),
    "jurys:accuse_du_recours": de("recours déposé"),
    "jurys:vivant": de(SEANCE, pk=lambda o: o.pk, inscription=lambda o: o.inscriptions.get().pk),
    "delivrances:modele": de("modèle publié"),
    "delivrances:modifier_modele": de("modèle en brouillon"),
    "delivrances:controle_modele": de("modèle publié"),
    "delivrances:comparer_modele": de("modèle publié"),
    "delivrances:apercu_modele": de("modèle publié", pk=lambda o: o.pk, genre=lambda o: "pdf"),
    "delivrances:specimen_modele": de("modèle publié"),
    "delivrances:document": de("validée, délivrée", pk=lambda o: o.delivrance.parchemin_id),
    "delivrances:lot": de("lot de documents à approuver"),
    "delivrances:lot_de_session": de("session scellée"),
    "delivrances:lot_des_refuses": de("lot de documents terminé"),
    "delivrances:fiche": de("validée, délivrée", pk=lambda o: o.delivrance.parchemin_id),
    "delivrances:demander_annulation": de("validée, délivrée", pk=lambda o: o.delivrance.parchemin_id),
    "delivrances:preparer_remplacement": de("validée, délivrée", pk=lambda o: o.delivrance.parchemin_id),
    "delivrances:demander_duplicata": de("validée, délivrée", pk=lambda o: o.delivrance.parchemin_id),
    "delivrances:annulation": de("annulation demande par gestionnaire"),
    "delivrances:remplacement": de("remplacement demande par gestionnaire"),
    "delivrances:demande_duplicata": de("duplicata demande par titulaire"),
    "delivrances:duplicata": de("duplicata accepté", pk=lambda o: o.duplicata_id),
    "espace:dossier": de(DOSSIER),
    "espace:document": de("lien de partage ouvert", pk=lambda o: o.parchemin_id),
    "espace:badge": de("validée, délivrée", pk=lambda o: o.delivrance.parchemin_id),
    "espace:partager": de("lien de partage ouvert", pk=lambda o: o.parchemin_id),
    "espace:partage": de("lien de partage ouvert"),
    "espace:correction": de("correction à vérifier"),
    "espace:justificatif": de("correction à vérifier"),
    "espace:demander_verification": de("correction à vérifier", pk=lambda o: o.titulaire_id),
    "espace:verification": de("vérification envoyée"),
    "remises:document": de("validée, délivrée", pk=lambda o: o.delivrance.parchemin_id),
    "remises:remettre": de("validée, délivrée", pk=lambda o: o.delivrance.parchemin_id),
    "remises:demander": de("lien de partage ouvert", pk=lambda o: o.parchemin_id),
    "remises:envoi": de("envoi à envoyer"),
    "repertoires:un_import": de("import de fiches"),
    "contacts:message": de("message reçu"),
    "signalements:signalement": de("signalement reçu"),
    "signalements:photo": de("signalement reçu"),
    "cpf:lot": de(LOT),
    "cpf:parchemin": de(LOT, pk=lambda o: o.passages.first().parchemin_id),
    "cpf:fichier": de(LOT),
    "cpf:accuse": de(LOT, pk=lambda o: o.accuses.get().pk),
    "cpf:passage": de(LOT, pk=lambda o: o.passages.first().pk),
    "cpf:suites": de(LOT, certificateur=lambda o: o.certificateur_id),
    "cpf:preuve": de(LOT, certificateur=lambda o: o.certificateur_id),
    "cpf:demande": de(LOT, certificateur=lambda o: o.certificateur_id),
    "cpf:demande_cdc": de(LOT, pk=lambda o: o.certificateur.demandes_cdc.first().pk),
    "cpf:suppression": de(
        LOT,
        certificateur=lambda o: o.certificateur_id,
        parchemin=lambda o: o.passages.get(parchemin__annule_le__isnull=False).parchemin_id,
    ),
    "cpf:constituer": de(LOT, certificateur=lambda o: o.certificateur_id),
    "cpf:reglages": de(LOT, certificateur=lambda o: o.certificateur_id),
    "pilotage:acte": de(
        DOSSIER, modele=lambda o: o._meta.label_lower, pk=lambda o: o.pk, nom=lambda o: "renvoyer_invitation"
    ),
}


def courriel_de(dossier) -> CourrielSortant:
    """A mail caused by this dossier."""
    return CourrielSortant.objects.filter(cause__objet_id=dossier.pk, modele="candidature_deposee")[0]


class Quartier:
    """The world of the matrix and what only screens know: people, texts, spreadsheets, views of one's own."""

    def __init__(self):
        self.monde = Monde()
        travailler()
        self.situations = {s.nom: s for s in self.monde.situations}
        siennes = (self._personne(), self._offre(), self._saisie(), self._porteur(), self._import(), *self._a_soi())
        self.situations |= {s.nom: s for s in siennes}
        self.comptes = self._comptes()

    def __getitem__(self, nom: str) -> Situation:
        return self.situations[nom]

    def _porteur(self) -> Situation:
        """The texts of a body are adapted by its own people."""
        a = self.monde.acteurs
        gens = {"gestionnaire": (a.gestionnaire, {"gestionnaire"}), "certificateur": (a.certificateur, set())}
        gens["autre gestionnaire"] = (self.monde.dehors.gens["autre gestionnaire"], set())
        return Situation("porteur", a.porteur, a, gens)

    def _saisie(self) -> Situation:
        """A spreadsheet of people: its author alone."""
        a, octets = self.monde.acteurs, "Nom;Prénom\nHérail;Zoé\n".encode()
        champs = {"version": a.version, "modalite_acces": "VAE", "etablissement": a.etablissement}
        saisie = SaisieGroupee(deposee_par=a.employeur, sha256="0" * 64, nom_origine="candidats.csv", **champs)
        saisie.fichier.save("saisies/essai", ContentFile(octets))
        analyser(saisie)
        gens = {"employeur": (a.employeur, {"employeur"}), "gestionnaire": (a.gestionnaire, set())}
        gens |= {"certificateur": (a.certificateur, set()), "auditeur": (a.auditeur, set())}
        gens["autre employeur"] = (self.monde.dehors.gens["autre employeur"], set())
        return Situation("saisie groupée", saisie, a, gens)

    def _import(self) -> Situation:
        """A file of the national registers: the certificateur's staff."""
        a = self.monde.acteurs
        depot = ImportDeFiches.objects.create(depose_par=a.certificateur, nom_origine="export.zip", numeros="RNCP1")
        gens = {"certificateur": (a.certificateur, {"certificateur"})}
        gens |= {nom: (getattr(a, nom), set()) for nom in ("gestionnaire", "auditeur", "employeur")}
        return Situation("import de fiches", depot, a, gens)

    def _personne(self) -> Situation:
        """A person as an object: the people of the porteur where they work, and the certificateur's staff."""
        a = self.monde.acteurs
        gens = {"gestionnaire": a.gestionnaire, "certificateur": a.certificateur, "auditeur": a.auditeur}
        gens = {nom: (qui, {nom}) for nom, qui in gens.items()}
        gens["autre gestionnaire"] = (self.monde.dehors.gens["autre gestionnaire"], set())
        return Situation("personne", f.UtilisateurFactory(role=("gestionnaire", a.porteur)), a, gens)

    def _offre(self) -> Situation:
        """A role offered to the employer: it exists for them alone on this screen."""
        a = self.monde.acteurs
        invitation = inviter(a.certificateur, "certificateur", a.employeur.email, "jury", a.cpne)
        gens = {"employeur": (a.employeur, {"invite"})}
        gens |= {nom: (getattr(a, nom), set()) for nom in ("gestionnaire", "certificateur", "auditeur")}
        return Situation("rôle proposé", invitation, a, gens)

    def _a_soi(self) -> list[Situation]:
        """A saved view, a grouped act, an export: they exist for their author only."""
        a = self.monde.acteurs
        gens = {
            "auteur": (a.gestionnaire, {"auteur"}),
            "collègue": (a.certificateur, set()),
            "autre": (a.employeur, set()),
        }
        commun = {"proprietaire": a.gestionnaire, "liste": "candidatures:liste"}
        objets = {
            "vue": VueEnregistree.objects.create(nom="Ma vue", parametres="etat=deposee", **commun),
            "acte groupé": ActeGroupe.objects.create(modele="candidatures.candidature", verbe="abandonner", **commun),
            "export": Export.objects.create(format="xlsx", **commun),
        }
        return [Situation(nom, objet, a, gens) for nom, objet in objets.items()]

    def _comptes(self) -> dict:
        """One person per role on each side, and somebody without any role."""
        gens = {}
        for situation in (self[DOSSIER], self[SEANCE], self[LOT]):
            for nom, (personne, _) in situation.gens.items():
                if getattr(personne, "pk", None):
                    gens[nom] = personne
        gens |= {"sans rôle": f.UtilisateurFactory(), "candidat": self[DOSSIER].gens["candidat"][0]}
        return {nom: Utilisateur.objects.get(pk=personne.pk) for nom, personne in gens.items()}

    def exemple(self, adresse: Adresse) -> tuple[dict, Situation | None]:
        """The values of the parameters, and the situation that says for whom the object exists (None: no object)."""
        if not adresse.parametres:
            return {}, None
        situation = self[EXEMPLES[adresse.nom].situation]
        valeurs = {nom: lire(situation.objet) for nom, lire in EXEMPLES[adresse.nom].parametres.items()}
        return valeurs, situation

    def gens(self, situation: Situation | None = None) -> dict:
        """name → (person, does the object exist for them)."""
        if situation is None:
            return {nom: (personne, True) for nom, personne in self.comptes.items()}
        gens = {"sans rôle": (self.comptes["sans rôle"], False)}
        for nom, (personne, roles) in situation.gens.items():
            if getattr(personne, "pk", None):
                gens[nom] = (Utilisateur.objects.get(pk=personne.pk), bool(roles))
        return gens

    def un_par_role(self, situation: Situation | None) -> dict:
        """The same, without a second person of the same roles for whom the object exists as it does for the first.

        Those of the world rather than those from outside it: their lists hold something.
        """
        uns = {}
        for nom, (personne, existe) in self.gens(situation).items():
            roles = frozenset(role.nom for role in personne.roles_actifs)
            uns[roles, existe] = (nom, personne)
        return {nom: (personne, existe) for (_, existe), (nom, personne) in uns.items()}

    def personnes(self) -> dict:
        """pk → each person who asks for a page."""
        situations = {exemple.situation for exemple in EXEMPLES.values()} | {"inscrite, délibérée"}
        gens = [self.gens(), *(self.gens(self[nom]) for nom in situations)]
        return {personne.pk: personne for siens in gens for personne, _ in siens.values()}
