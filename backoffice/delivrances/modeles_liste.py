"""The list of templates: which one is in force for each document, which one waits."""

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localdate

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import ModeleDocument
from registre.textes import plier

LECTEURS = ("certificateur", "signataire", "auditeur")


def _jour(moment):
    return localdate(moment) if moment else None


COLONNES = (
    Colonne("Document", lambda m: m.get_nature_display(), imprimee=True, largeur=28),
    Colonne("Certificateur", lambda m: m.certificateur.raison_sociale, imprimee=True, largeur=36),
    Colonne("Certification", lambda m: str(m.certification or "Toutes"), imprimee=True, largeur=36),
    Colonne("Version", lambda m: m.numero, imprimee=True, largeur=10),
    Colonne("État", lambda m: m.get_etat_display(), imprimee=True, largeur=12),
    Colonne("Écrit par", lambda m: str(m.redige_par or ""), imprimee=True),
    Colonne("Publié par", lambda m: str(m.publie_par or ""), imprimee=True),
    Colonne("Publié le", lambda m: _jour(m.publie_le), imprimee=True, largeur=14),
    Colonne("Retiré le", lambda m: _jour(m.retire_le), largeur=14),
    Colonne("Raison du changement", lambda m: m.motif, largeur=48),
)


class ModeleTable(TableDeListe):
    """One line per version."""

    legende = "Modèles de documents"

    document = tables.Column("Document", empty_values=(), order_by="nature")
    certification = tables.Column("Certification", empty_values=(), order_by="certification__intitule_usuel")
    certificateur = tables.Column(
        "Certificateur", accessor="certificateur__raison_sociale", order_by="certificateur__nom_plie"
    )
    etat = tables.Column("État", empty_values=(), order_by="etat")
    publie = tables.Column("Publié le", empty_values=(), order_by="publie_le")

    class Meta(TableDeListe.Meta):
        sequence = ("document", "certification", "certificateur", "etat", "publie")

    def render_document(self, record):
        nature = record.get_nature_display()
        return format_html(
            '<a href="{}">{}, version\u00a0{}</a>', record.get_absolute_url(), nature.capitalize(), record.numero
        )

    def render_certification(self, record):
        return str(record.certification or "Toutes")

    def render_etat(self, record):
        return render_to_string("delivrances/etat.html", {"etat": record.etat, "libelle": record.get_etat_display()})

    def render_publie(self, record):
        return date_format(_jour(record.publie_le), "j F Y") if record.publie_le else "–"


class ModeleFiltre(django_filters.FilterSet):
    """By kind of document."""

    nature = django_filters.ChoiceFilter(label="Document", choices=ModeleDocument.Nature.choices, empty_label="Tous")

    class Meta:
        model = ModeleDocument
        fields = ["nature"]


class Modeles(EcranDeListe):
    """Every template of one's certificateurs."""

    roles = LECTEURS
    model = ModeleDocument
    template_name = "delivrances/modeles.html"
    liste = "delivrances:modeles"
    titre = "Modèles de documents"
    nom, nom_pluriel = "modèle", "modèles"
    ordre = ("certificateur__nom_plie", "nature", "-numero", "-pk")
    table_class = ModeleTable
    filterset_class = ModeleFiltre
    noms_des_filtres = "document"
    nom_des_statuts = "État"
    statuts = tuple((etat.value, etat.label.capitalize(), Q(etat=etat.value)) for etat in ModeleDocument.Etat)
    masques = frozenset({"remplace", "retire"})
    colonnes = COLONNES
    ou_chercher = "un certificateur, une certification"

    def chercher(self, objets, texte):
        for mot in plier(texte).split():
            nommees = Q(certification__versions__intitule_plie__contains=mot)
            trouves = ModeleDocument.objects.filter(Q(certificateur__nom_plie__contains=mot) | nommees)
            objets = objets.filter(pk__in=trouves.values("pk"))
        return objets

    def completer(self, objets):
        return objets.select_related("certificateur", "certification", "redige_par", "publie_par")

    def get_context_data(self, **kwargs):
        peut_preparer = self.request.user.a_role("certificateur")
        return super().get_context_data(peut_preparer=peut_preparer, **kwargs)
