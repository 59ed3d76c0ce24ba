"""The list of lots."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.recherche import parmi
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import Organisme

from .models import LotCPF

COLONNES = (
    Colonne("Constitué le", lambda lot: lot.horodatage, imprimee=True, largeur=14),
    Colonne("Certificateur", lambda lot: lot.certificateur.raison_sociale, imprimee=True, largeur=32),
    Colonne("État", lambda lot: lot.get_etat_display(), imprimee=True),
    Colonne("Fichier", lambda lot: lot.nom_fichier, largeur=40),
    Colonne("Identifiant du flux", lambda lot: str(lot.id_flux), largeur=38),
    Colonne("Déposé le", lambda lot: lot.depose_le, imprimee=True, largeur=14),
    Colonne("Passages", lambda lot: lot.nombre, imprimee=True, largeur=10),
    Colonne("Acceptés", lambda lot: lot.acceptes, imprimee=True, largeur=10),
    Colonne("Refusés", lambda lot: lot.refuses, imprimee=True, largeur=10),
    Colonne("En attente", lambda lot: lot.en_attente, imprimee=True, largeur=10),
)
NOMBRE = {"td": {"class": "nombre"}, "th": {"class": "nombre"}}


class LotTable(TableDeListe):
    """One line per lot: when, where it stands, what was answered."""

    legende = "Lots"

    horodatage = tables.Column("Lot du", order_by="horodatage")
    etat = tables.Column("État", empty_values=(), order_by="etat")
    depose_le = tables.Column("Déposé le", empty_values=(), order_by="depose_le")
    nombre = tables.Column("Passages", order_by="nombre", attrs=NOMBRE)
    acceptes = tables.Column("Acceptés", orderable=False, attrs=NOMBRE)
    refuses = tables.Column("Refusés", orderable=False, attrs=NOMBRE)
    en_attente = tables.Column("En attente", orderable=False, attrs=NOMBRE)

    class Meta(TableDeListe.Meta):
        sequence = ("horodatage", "etat", "depose_le", "nombre", "acceptes", "refuses", "en_attente")

    def render_horodatage(self, value, record):
        moment = date_format(localtime(value), r"d/m/Y \à H:i")
        return format_html('<a class="nowrap" href="{}">{}</a>', record.get_absolute_url(), moment)

    def render_etat(self, record):
        return render_to_string("cpf/_etat.html", {"etat": record.etat, "libelle": record.get_etat_display()})

    def render_depose_le(self, value):
        return date_format(value, "d/m/Y") if value else "–"


class LotFiltre(django_filters.FilterSet):
    """By body, for who declares for several."""

    certificateur = django_filters.ModelChoiceFilter(
        label="Certificateur", queryset=Organisme.objects.none(), empty_label="Tous"
    )

    class Meta:
        model = LotCPF
        fields = ["certificateur"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        siens = Organisme.objects.filter(pk__in=self.request.user.organismes_ids("certificateur"))
        self.filters["certificateur"].queryset = siens.order_by("raison_sociale")


class Lots(EcranDeListe):
    """Every lot of the bodies of this person, latest first."""

    roles = ("certificateur",)
    model = LotCPF
    template_name = "cpf/lots.html"
    liste = "cpf:lots"
    titre = "Lots SI CPF"
    nom, nom_pluriel = "lot", "lots"
    ordre = ("-horodatage", "-pk")
    table_class = LotTable
    filterset_class = LotFiltre
    noms_des_filtres = "certificateur"
    nom_des_statuts = "État"
    statuts = tuple((etat, libelle, Q(etat=etat)) for etat, libelle in LotCPF.Etat.choices)
    colonnes = COLONNES
    ou_chercher = "un fichier ou un identifiant de flux"

    def chercher(self, objets, texte):
        return parmi(objets, texte, "nom_fichier", "id_flux")

    def completer(self, objets):
        return objets.comptes().select_related("certificateur")
