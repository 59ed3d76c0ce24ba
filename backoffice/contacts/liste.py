"""The list of the messages: those that wait first."""

import django_filters
import django_tables2 as tables
from django.db.models import Case, IntegerField, Q, Value, When
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe

from .models import Message

# Neither what was written nor by whom leaves in a file: a message is read on its page.
COLONNES = (
    Colonne("Message", lambda m: m.pk, imprimee=True, largeur=10),
    Colonne("Reçu le", lambda m: m.recu_le, imprimee=True, largeur=14),
    Colonne("Objet", lambda m: m.en_titre, imprimee=True, largeur=60),
    Colonne("Répondu par", lambda m: str(m.clos_par or ""), imprimee=True, largeur=28),
    Colonne("État", lambda m: m.get_etat_display(), imprimee=True, largeur=12),
    Colonne("Répondu le", lambda m: m.clos_le, largeur=14),
)


class MessageTable(TableDeListe):
    """One line per message."""

    legende = "Messages du public"

    objet = tables.Column("Objet", empty_values=(), order_by="sujet")
    recu_le = tables.Column("Reçu", order_by="recu_le")
    clos_par = tables.Column("Répondu par", default="Personne encore", orderable=False)
    etat = tables.Column("État", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        sequence = ("objet", "recu_le", "clos_par", "etat")

    def render_objet(self, record):
        lien = '<a href="{}">{}</a><br><span class="petit attenue nowrap">N°\u00a0{}</span>'
        return format_html(lien, record.get_absolute_url(), record.en_titre, record.pk)

    def render_recu_le(self, value):
        return format_html('<span class="nowrap">{}</span>', date_format(value, "j F Y"))

    def render_etat(self, record):
        return render_to_string("contacts/etat.html", {"message": record})


class MessageFiltre(django_filters.FilterSet):
    """By subject."""

    sujet = django_filters.ChoiceFilter(label="Sujet", choices=Message.Sujet.choices, empty_label="Tous")

    class Meta:
        model = Message
        fields = ["sujet"]


class Liste(EcranDeListe):
    """Every message of one's scope."""

    roles = ("gestionnaire", "certificateur", "auditeur")
    model = Message
    template_name = "contacts/liste.html"
    liste = "contacts:liste"
    titre = "Messages du public"
    nom, nom_pluriel = "message", "messages"
    ordre = ("attente", "-recu_le", "-pk")
    table_class = MessageTable
    filterset_class = MessageFiltre
    noms_des_filtres = "le sujet"
    nom_des_statuts = "État"
    statuts = tuple((etat, libelle[0].upper() + libelle[1:], Q(etat=etat)) for etat, libelle in Message.Etat.choices)
    colonnes = COLONNES
    ou_chercher = "l’intitulé d’un CQP"

    def get_queryset(self):
        attente = Case(When(etat=Message.Etat.RECU, then=Value(0)), default=Value(1), output_field=IntegerField())
        return super().get_queryset().annotate(attente=attente)

    def chercher(self, objets, texte):
        for mot in texte.split():
            objets = objets.filter(certification__intitule_usuel__icontains=mot)
        return objets

    def completer(self, objets):
        return objets.select_related("certification", "clos_par")
