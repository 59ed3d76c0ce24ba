"""The sending list: what is to be posted first, with its addresses, for Excel, labels and the post office."""

import django_filters
import django_tables2 as tables
from django.db.models import Case, IntegerField, Q, Value, When
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import Parchemin
from registre.textes import plier

from .models import Envoi

# What is to be done comes first, what waits for the holder next.
ORDRE_DES_ETATS = ("a_envoyer", "revenu", "a_completer", "envoye", "renonce")
COLONNES = (
    Colonne("Document", lambda e: e.parchemin.numero, imprimee=True, largeur=18),
    Colonne("Nature", lambda e: e.parchemin.get_nature_display(), largeur=18),
    Colonne("Destinataire", lambda e: e.destinataire or e.titulaire.nom_complet, imprimee=True, largeur=30),
    Colonne("Appartement, étage, chez", lambda e: e.complement),
    Colonne("Bâtiment, résidence", lambda e: e.batiment),
    Colonne("Numéro et voie", lambda e: e.voie, largeur=34),
    Colonne("Lieu-dit, BP", lambda e: e.lieu_dit),
    Colonne("Code postal", lambda e: e.code_postal, largeur=12),
    Colonne("Commune", lambda e: e.commune),
    Colonne("Pays", lambda e: e.pays, largeur=14),
    Colonne("État", lambda e: e.get_etat_display(), imprimee=True, largeur=16),
    Colonne("Demandé le", lambda e: e.demande_le, imprimee=True, largeur=14),
    Colonne("Envoyé le", lambda e: e.envoye_le, imprimee=True, largeur=14),
    Colonne("Revenu le", lambda e: e.revenu_le, imprimee=True, largeur=14),
    Colonne("Motif du retour", lambda e: e.get_retour_display() if e.retour else "", largeur=30),
)


def du_document(objets, texte: str):
    """The rows about a document whose holder or number holds each word."""
    for mot in plier(texte).split():
        objets = objets.filter(Q(parchemin__titulaire__nom_plie__contains=mot) | Q(parchemin__numero__icontains=mot))
    return objets


class EnvoiTable(TableDeListe):
    """One line per sending: which document, to whom, where."""

    legende = "Envois postaux"

    document = tables.Column("Document", empty_values=(), order_by="parchemin__numero")
    titulaire = tables.Column("Titulaire", accessor="titulaire__nom_complet", order_by="parchemin__titulaire__nom_plie")
    adresse = tables.Column("Adresse", empty_values=(), orderable=False)
    demande_le = tables.Column("Demandé", order_by="demande_le")
    envoye_le = tables.Column("Envoyé", order_by="envoye_le", default="")
    etat = tables.Column("État", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        sequence = ("document", "titulaire", "adresse", "demande_le", "envoye_le", "etat")

    def render_document(self, record):
        lien = '<a class="numero nowrap" href="{}">{}</a>'
        return format_html(lien, record.get_absolute_url(), record.parchemin.numero)

    def render_adresse(self, record):
        if not record.adresse:
            return "Effacée" if record.adresse_effacee_le else "Attendue"
        return format_html_join("", "{}<br>", ((ligne,) for ligne in record.adresse[1:]))

    def render_demande_le(self, value):
        return format_html('<span class="nowrap">{}</span>', date_format(value, "j F Y"))

    def render_envoye_le(self, value):
        return format_html('<span class="nowrap">{}</span>', date_format(value, "j F Y"))

    def render_etat(self, record):
        return render_to_string("remises/etat.html", {"envoi": record})


class EnvoiFiltre(django_filters.FilterSet):
    """By kind of document."""

    nature = django_filters.ChoiceFilter(
        label="Document", choices=Parchemin.Nature.choices, field_name="parchemin__nature", empty_label="Tous"
    )

    class Meta:
        model = Envoi
        fields = ["nature"]


class Envois(EcranDeListe):
    """What is to be sent by post, and what became of it."""

    roles = ("certificateur", "gestionnaire")
    model = Envoi
    template_name = "remises/envois.html"
    liste = "remises:envois"
    titre = "Envois postaux"
    nom, nom_pluriel = "envoi", "envois"
    ordre = ("place", "demande_le", "pk")
    table_class = EnvoiTable
    filterset_class = EnvoiFiltre
    noms_des_filtres = "document"
    nom_des_statuts = "État"
    statuts = tuple((e, str(Envoi.Etat(e).label).capitalize(), Q(etat=e)) for e in ORDRE_DES_ETATS)
    colonnes = COLONNES
    ou_chercher = "un nom, un numéro"

    def get_queryset(self):
        rangs = [When(etat=etat, then=Value(rang)) for rang, etat in enumerate(ORDRE_DES_ETATS)]
        return super().get_queryset().annotate(place=Case(*rangs, output_field=IntegerField()))

    def chercher(self, objets, texte):
        return du_document(objets, texte)

    def completer(self, objets):
        return objets.select_related("parchemin__titulaire", "parchemin__version__certification")
