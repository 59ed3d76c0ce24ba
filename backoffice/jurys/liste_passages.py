"""The list of the dossiers that juries examined: what proves the figures of the statistics."""

import django_tables2 as tables
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.html import format_html

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe
from registre.textes import plier

from .models import Inscription, ProcesVerbal
from .statistiques import RESULTATS, PassageListeFiltre, passages

LIBELLES = dict(RESULTATS)
COLONNES = (
    Colonne("Dossier", lambda i: i.candidature.reference, imprimee=True, largeur=18),
    Colonne("Certification", lambda i: i.candidature.version.intitule, imprimee=True, largeur=40),
    Colonne("Porteur", lambda i: i.candidature.porteur.raison_sociale, largeur=32),
    Colonne("Voie d’accès", lambda i: i.candidature.get_modalite_acces_display(), imprimee=True, largeur=28),
    Colonne("Jury du", lambda i: i.session.tenue_le, imprimee=True, largeur=14),
    Colonne("Jury", lambda i: i.session.get_instance_display(), largeur=36),
    Colonne("PV", lambda i: i.session.pv.numero, imprimee=True, largeur=18),
    Colonne("Résultat", lambda i: LIBELLES.get(i.resultat, i.resultat), imprimee=True, largeur=18),
    Colonne("Révoquée le", lambda i: i.revoquee_le, largeur=14),
)


class PassageTable(TableDeListe):
    """One line per dossier examined: which, when, what came out."""

    legende = "Dossiers examinés par les jurys"

    dossier = tables.Column("Dossier", empty_values=(), order_by="candidature__reference")
    certification = tables.Column("Certification", accessor="candidature__version__intitule", orderable=False)
    acces = tables.Column("Voie d’accès", empty_values=(), orderable=False)
    jury = tables.Column("Jury du", empty_values=(), order_by="session__debut")
    resultat = tables.Column("Résultat", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        sequence = ("dossier", "certification", "acces", "jury", "resultat")

    def render_dossier(self, record):
        url, reference = record.candidature.get_absolute_url(), record.candidature.reference
        return format_html('<a class="numero nowrap" href="{}?onglet=jury">{}</a>', url, reference)

    def render_acces(self, record):
        nom = str(record.candidature.get_modalite_acces_display())
        return nom[:1].upper() + nom[1:]

    def render_jury(self, record):
        jour = date_format(record.session.tenue_le, "j F Y")
        return format_html('<a class="nowrap" href="{}">{}</a>', record.session.get_absolute_url(), jour)

    def render_resultat(self, record):
        mots = LIBELLES.get(record.resultat, record.resultat)
        return format_html("{}, révoqué depuis", mots) if record.revoquee_le else mots


class Liste(EcranDeListe):
    """The dossiers examined, within one's scope."""

    roles = ("gestionnaire", "certificateur", "auditeur")
    model = Inscription
    liste = "jurys:passages"
    titre = "Dossiers examinés par les jurys"
    nom, nom_pluriel = "dossier examiné", "dossiers examinés"
    ordre = ("-session__debut", "-pk")
    table_class = PassageTable
    filterset_class = PassageListeFiltre
    noms_des_filtres = "période, CQP, porteur, voie d’accès, jury, particularité"
    nom_des_statuts = "Résultat"
    statuts = tuple((etat, libelle, Q(resultat=etat)) for etat, libelle in RESULTATS)
    colonnes = COLONNES
    ou_chercher = "un numéro de dossier, un CQP, un numéro de PV"

    def get_queryset(self):
        return passages(self.request.user)

    def chercher(self, objets, texte):
        for mot in plier(texte).split():
            objets = objets.filter(
                Q(candidature__reference__icontains=mot)
                | Q(candidature__version__intitule_plie__contains=mot)
                | Q(session__in=ProcesVerbal.objects.filter(numero__icontains=mot).values("session"))
            )
        return objets

    def completer(self, objets):
        # Read again by their ids: what was computed comes with them.
        lus = passages(self.request.user).filter(pk__in=objets.values("pk"))
        return lus.select_related("candidature__version", "candidature__porteur", "session").prefetch_related(
            "session__proces_verbaux"
        )
