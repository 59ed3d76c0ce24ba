"""The list of the reports: those that wait first."""

import django_filters
import django_tables2 as tables
from django.db.models import Case, IntegerField, Q, Value, When
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe

from .models import Signalement

EN_COURS = Q(etat__in=(Signalement.Etat.RECU, Signalement.Etat.EXAMINE))
# Neither what was written nor by whom leaves in a file: a report is read on its page.
COLONNES = (
    Colonne("Signalement", lambda s: s.pk, imprimee=True, largeur=12),
    Colonne("Reçu le", lambda s: s.recu_le, imprimee=True, largeur=14),
    Colonne("Signalé", lambda s: s.certification, imprimee=True, largeur=50),
    Colonne("Numéro lu", lambda s: s.numero, imprimee=True, largeur=20),
    Colonne("Examiné par", lambda s: str(s.examine_par or ""), imprimee=True, largeur=28),
    Colonne("État", lambda s: s.get_etat_display(), imprimee=True, largeur=14),
    Colonne("Clos le", lambda s: s.clos_le, largeur=14),
)


class SignalementTable(TableDeListe):
    """One line per report."""

    legende = "Documents signalés"

    nature = tables.Column("Signalé", empty_values=(), order_by="nature")
    numero = tables.Column("Numéro lu", default="Non donné", orderable=False, attrs={"td": {"class": "numero nowrap"}})
    recu_le = tables.Column("Reçu", order_by="recu_le")
    examine_par = tables.Column("Examiné par", default="Personne encore", orderable=False)
    etat = tables.Column("État", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        sequence = ("nature", "numero", "recu_le", "examine_par", "etat")

    def render_nature(self, record):
        lien = '<a href="{}">{}</a><br><span class="petit attenue nowrap">N°\u00a0{}</span>'
        return format_html(lien, record.get_absolute_url(), record.certification, record.pk)

    def render_recu_le(self, value):
        return format_html('<span class="nowrap">{}</span>', date_format(value, "j F Y"))

    def render_etat(self, record):
        return render_to_string("signalements/etat.html", {"signalement": record})


class SignalementFiltre(django_filters.FilterSet):
    """By what is reported."""

    nature = django_filters.ChoiceFilter(label="Signalé", choices=Signalement.Nature.choices, empty_label="Tout")

    class Meta:
        model = Signalement
        fields = ["nature"]


class Liste(EcranDeListe):
    """Every report."""

    roles = ("certificateur", "auditeur")
    model = Signalement
    template_name = "signalements/liste.html"
    liste = "signalements:liste"
    titre = "Signalements"
    nom, nom_pluriel = "signalement", "signalements"
    ordre = ("attente", "-recu_le", "-pk")
    table_class = SignalementTable
    filterset_class = SignalementFiltre
    noms_des_filtres = "ce qui est signalé"
    nom_des_statuts = "État"
    statuts = tuple(
        (etat, libelle[0].upper() + libelle[1:], Q(etat=etat)) for etat, libelle in Signalement.Etat.choices
    )
    colonnes = COLONNES
    ou_chercher = "un numéro de document"

    def get_queryset(self):
        attente = Case(When(EN_COURS, then=Value(0)), default=Value(1), output_field=IntegerField())
        return super().get_queryset().annotate(attente=attente)

    def chercher(self, objets, texte):
        for mot in texte.split():
            objets = objets.filter(numero__icontains=mot)
        return objets

    def completer(self, objets):
        return objets.select_related("examine_par")
