"""The list of the mails: what left, what waits, what did not arrive."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.html import format_html

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import CourrielSortant
from registre.models.courriels import Panne
from registre.suites_courriel import libelle_de_la_cause

from .catalogue import COURRIELS

ATTENTE = Q(remplace_par=None, classe_le=None)
COLONNES = (
    Colonne("Objet", lambda c: c.sujet, imprimee=True, largeur=44),
    Colonne("Destinataire", lambda c: c.destinataire, imprimee=True, largeur=32),
    Colonne("Cause", libelle_de_la_cause, largeur=28),
    Colonne("Rédigé le", lambda c: c.cree_le, imprimee=True, largeur=14),
    Colonne("Situation", lambda c: c.situation_lisible["libelle"], imprimee=True, largeur=20),
    Colonne("Motif de l’échec", lambda c: c.get_motif_echec_display(), largeur=44),
    Colonne("Envoyé le", lambda c: c.envoye_le, largeur=14),
)


class CourrielTable(TableDeListe):
    """One line per mail: what, to whom, when, what became of it."""

    legende = "Courriels"

    sujet = tables.Column("Objet", order_by="sujet")
    destinataire = tables.Column("Destinataire", order_by="destinataire")
    cree_le = tables.Column("Rédigé", order_by="cree_le")
    situation = tables.Column("Situation", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        sequence = ("sujet", "destinataire", "cree_le", "situation")

    def render_sujet(self, record):
        cause = libelle_de_la_cause(record)
        page = record.get_absolute_url()
        return format_html('<a href="{}">{}</a><br><span class="petit attenue">{}</span>', page, record.sujet, cause)

    def render_destinataire(self, record):
        return render_to_string("notifications/cellule_destinataire.html", {"courriel": record})

    def render_cree_le(self, record):
        return render_to_string("notifications/cellule_date.html", {"courriel": record})

    def render_situation(self, record):
        return render_to_string("notifications/situation.html", {"courriel": record})


class CourrielFiltre(django_filters.FilterSet):
    """By kind of mail, by reason of failure."""

    modele = django_filters.ChoiceFilter(
        label="Courriel", choices=lambda: [(c.code, c.titre) for c in COURRIELS.values()], empty_label="Tous"
    )
    motif_echec = django_filters.ChoiceFilter(label="Motif de l’échec", choices=Panne.choices, empty_label="Tous")

    class Meta:
        model = CourrielSortant
        fields = ["modele", "motif_echec"]


class Courriels(EcranDeListe):
    """Mails of one's scope, newest first."""

    roles = ("certificateur", "gestionnaire", "auditeur")
    model = CourrielSortant
    template_name = "notifications/courriels.html"
    liste = "notifications:courriels"
    titre = "Courriels"
    nom, nom_pluriel = "courriel", "courriels"
    ordre = ("-cree_le", "-pk")
    table_class = CourrielTable
    filterset_class = CourrielFiltre
    noms_des_filtres = "courriel, motif de l’échec"
    nom_des_statuts = "Situation"
    statuts = (
        ("echec", "Non partis", ATTENTE & Q(echec_le__isnull=False)),
        ("retour", "Revenus", ATTENTE & Q(retour_le__isnull=False)),
        ("en_attente", "En attente d’envoi", Q(envoye_le=None, echec_le=None)),
        ("envoye", "Envoyés", Q(envoye_le__isnull=False, retour_le=None)),
        ("remplace", "Renvoyés depuis", Q(remplace_par__isnull=False)),
        ("classe", "Classés sans suite", Q(classe_le__isnull=False, remplace_par=None)),
    )
    colonnes = COLONNES
    ou_chercher = "une adresse"

    def chercher(self, objets, texte):
        for mot in texte.split():
            objets = objets.filter(destinataire__icontains=mot)
        return objets

    def completer(self, objets):
        return objets.select_related("cause").avec_adresse_signalee()
