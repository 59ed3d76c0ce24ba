"""The list of dossiers: what it shows, finds, counts, exports."""

from django.db.models import Q

from backoffice.acces import TOUS
from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne

from . import workflow
from .attente import attente_de, avec_attente
from .filters import CandidatureFiltre
from .models import Candidature, Etat
from .presentation import phrase_d_attente
from .tables import CandidatureTable

COLONNES = (
    Colonne("Référence", lambda c: c.reference, imprimee=True),
    Colonne("Nom de naissance", lambda c: c.titulaire.nom_naissance, imprimee=True),
    Colonne("Nom d’usage", lambda c: c.titulaire.nom_usage),
    Colonne("Prénoms", lambda c: c.titulaire.prenoms, imprimee=True),
    Colonne("Certification", lambda c: c.version.intitule, imprimee=True, largeur=40),
    Colonne("Fiche", lambda c: c.version.numero, largeur=12),
    Colonne("Option", lambda c: c.option.libelle if c.option else ""),
    Colonne("Établissement", lambda c: c.etablissement.raison_sociale, imprimee=True, largeur=32),
    Colonne("Porteur", lambda c: c.porteur.raison_sociale),
    Colonne("Voie d’accès", lambda c: c.get_modalite_acces_display()),
    Colonne("Statut", lambda c: c.get_etat_display(), imprimee=True, largeur=32),
    Colonne("Étape", lambda c: c.etape, largeur=8),
    Colonne("Pourquoi ce dossier attend", lambda c: phrase_d_attente(attente_de(c)), imprimee=True, largeur=48),
    Colonne("Dans ce statut depuis", lambda c: c.etat_depuis, imprimee=True, largeur=14),
    Colonne("Ouverte le", lambda c: c.ouverte_le, largeur=14),
    Colonne("Déposée le", lambda c: c.deposee_le, largeur=14),
    Colonne("Décidée le", lambda c: c.decidee_le, largeur=14),
)


class Liste(EcranDeListe):
    """The dossiers this person sees."""

    roles = TOUS
    model = Candidature
    template_name = "candidatures/liste.html"
    liste = "candidatures:liste"
    titre = "Candidatures"
    ordre = ("-ouverte_le", "-pk")
    table_class = CandidatureTable
    filterset_class = CandidatureFiltre
    statuts = tuple((etat, libelle, Q(etat=etat)) for etat, libelle in Etat.choices)
    # A deleted draft leaves the lists; its reference still opens it.
    masques = frozenset({Etat.ANNULEE})
    colonnes = COLONNES
    ou_chercher = "un nom, une référence, un CQP, un établissement"
    noms_des_filtres = "CQP, porteur, établissement, étape"

    def chercher(self, objets, texte):
        return objets.chercher(texte)

    def completer(self, objets):
        return avec_attente(objets.completes())

    def get_context_data(self, **kwargs):
        return super().get_context_data(peut_ouvrir=self.request.user.a_role(*workflow.REDACTEURS), **kwargs)
