"""The register of what was handed over."""

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe

from .liste_envois import Envois, du_document
from .models import Remise

COLONNES = (
    Colonne("Document", lambda r: r.parchemin.numero, imprimee=True, largeur=18),
    Colonne("Nature", lambda r: r.parchemin.get_nature_display(), largeur=18),
    Colonne("Titulaire", lambda r: r.parchemin.titulaire.nom_complet, imprimee=True, largeur=30),
    Colonne("Certification", lambda r: r.parchemin.version.intitule, largeur=40),
    Colonne("Remis le", lambda r: r.le, imprimee=True, largeur=14),
    Colonne("Moyen", lambda r: r.get_moyen_display(), imprimee=True, largeur=28),
    Colonne("Remis à", lambda r: r.a_qui, imprimee=True, largeur=30),
    Colonne("Noté par", lambda r: str(r.par or ""), imprimee=True, largeur=28),
    Colonne("Pli revenu le", lambda r: r.revenue_le, imprimee=True, largeur=14),
)


class RemiseTable(TableDeListe):
    """One line per document handed over."""

    legende = "Documents remis"

    document = tables.Column("Document", empty_values=(), order_by="parchemin__numero")
    titulaire = tables.Column(
        "Titulaire", accessor="parchemin__titulaire__nom_complet", order_by="parchemin__titulaire__nom_plie"
    )
    le = tables.Column("Remis", order_by="le")
    moyen = tables.Column("Moyen", empty_values=(), order_by="moyen")
    a_qui = tables.Column("Remis à", orderable=False)
    revenue_le = tables.Column("Pli revenu", order_by="revenue_le", default="")

    class Meta(TableDeListe.Meta):
        sequence = ("document", "titulaire", "le", "moyen", "a_qui", "revenue_le")

    def render_document(self, record):
        url = reverse("remises:document", args=[record.parchemin_id])
        return format_html('<a class="numero nowrap" href="{}">{}</a>', url, record.parchemin.numero)

    def render_le(self, value):
        return format_html('<span class="nowrap">{}</span>', date_format(value, "j F Y"))

    def render_moyen(self, record):
        moyen = str(record.get_moyen_display())
        return moyen[:1].upper() + moyen[1:]

    def render_revenue_le(self, value):
        return format_html('<span class="nowrap">{}</span>', date_format(value, "j F Y"))


class RemiseFiltre(django_filters.FilterSet):
    """By means."""

    moyen = django_filters.ChoiceFilter(label="Moyen", choices=Remise.Moyen.choices, empty_label="Tous")

    class Meta:
        model = Remise
        fields = ["moyen"]


class Liste(EcranDeListe):
    """Every document handed over, latest first."""

    roles = ("certificateur", "gestionnaire", "auditeur")
    model = Remise
    template_name = "remises/liste.html"
    liste = "remises:liste"
    titre = "Remises"
    nom, nom_pluriel, feminin = "remise", "remises", True
    ordre = ("-le", "-pk")
    table_class = RemiseTable
    filterset_class = RemiseFiltre
    noms_des_filtres = "moyen"
    colonnes = COLONNES
    ou_chercher = "un nom, un numéro"

    def chercher(self, objets, texte):
        return du_document(objets, texte)

    def get_context_data(self, **kwargs):
        return super().get_context_data(peut_envoyer=self.request.user.a_role(*Envois.roles), **kwargs)

    def completer(self, objets):
        return objets.select_related("parchemin__titulaire", "parchemin__version", "par")
