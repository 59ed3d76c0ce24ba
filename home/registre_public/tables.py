"""The table of the registry: on a telephone each row becomes a small card, its labels beside its values."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from home.catalogue import RECONNAISSANCES, adresse, etat
from registre.models import VersionCertification

ICONES = {"valide": "valide", "partiel": "horloge", "neutre": "document"}
SANS = "–"


def _attrs(libelle: str, classe: str = "") -> dict:
    return {"td": {"data-libelle": libelle, **({"class": classe} if classe else {})}}


class TableDuRegistre(tables.Table):
    """One line per version: who recognises it, until when it is open, until when it may be awarded."""

    legende = "Certifications et versions"

    intitule = tables.Column("Certification", order_by=("intitule_plie", "pk"), attrs=_attrs("", "registre-titre"))
    numero = tables.Column(
        "Numéro", order_by=("repertoire", "longueur", "numero", "pk"), empty_values=(), attrs=_attrs("Numéro")
    )
    reconnaissance = tables.Column(
        "Reconnaissance", accessor="repertoire", order_by=("repertoire", "pk"), attrs=_attrs("Reconnaissance")
    )
    niveau = tables.Column("Niveau", order_by=("niveau", "pk"), empty_values=(), attrs=_attrs("Niveau"))
    etat = tables.Column("État", accessor="pk", orderable=False, attrs=_attrs("État"))
    fin = tables.Column(
        "Enregistrée jusqu’au",
        accessor="date_fin_enregistrement",
        order_by=("date_fin_enregistrement", "pk"),
        empty_values=(),
        attrs=_attrs("Enregistrée jusqu’au"),
    )
    limite = tables.Column(
        "Délivrable jusqu’au", order_by=("limite", "pk"), empty_values=(), attrs=_attrs("Délivrable jusqu’au")
    )
    porteur = tables.Column(
        "Porteur",
        accessor="certification__porteur",
        order_by=("certification__porteur__raison_sociale", "pk"),
        attrs=_attrs("Porteur"),
    )

    class Meta:
        model = VersionCertification
        fields = ()
        template_name = "components/tableau.html"
        order_by_field = "tri"
        empty_text = "Aucune version ne correspond. Retirez un filtre."

    def render_intitule(self, value, record):
        lien = format_html('<a href="{}#reconnaissance">{}</a>', adresse(record.certification), value)
        usuel = record.certification.intitule_usuel
        return lien if usuel in value else format_html('{} <span class="petit attenue">{}</span>', lien, usuel)

    def render_numero(self, record):
        if not record.numero:
            return SANS
        return format_html('<a class="numero nowrap" href="{}">{}</a>', record.url_france_competences, record.numero)

    def render_reconnaissance(self, value, record):
        return RECONNAISSANCES[record.repertoire]

    def render_niveau(self, value):
        return value or "Sans niveau"

    def render_etat(self, record):
        _, libelle, ton = etat(record, timezone.localdate())
        return render_to_string("components/statut.html", {"ton": ton, "icone": ICONES[ton], "libelle": libelle})

    def render_fin(self, value):
        return _jour(value) if value else "Sans terme"

    def render_limite(self, value):
        return _jour(value) if value else "Sans terme"


def _jour(valeur):
    return format_html('<time class="nowrap" datetime="{}">{}</time>', valeur.isoformat(), date_format(valeur, "j F Y"))
