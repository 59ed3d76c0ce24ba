"""The table of the list of dossiers."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html

from backoffice.listes.tables import TableDeListe
from backoffice.templatetags.gestion import age

from .attente import attente_de
from .models import Candidature
from .presentation import EN_REDACTION, phrase_d_attente


class CandidatureTable(TableDeListe):
    """One line per dossier: who, for what, where it stands, why it waits, what one may do."""

    legende = "Candidatures"

    candidat = tables.Column("Candidat", accessor="titulaire__nom_complet", order_by="nom_plie")
    certification = tables.Column("Certification", accessor="version__intitule", order_by="version__intitule_plie")
    etat = tables.TemplateColumn(
        "{% load composants %}{% statut record.etat record.get_etat_display %}", verbose_name="Statut", order_by="etat"
    )
    attente = tables.Column("Pourquoi ce dossier attend", empty_values=(), order_by="etat_depuis")
    actions = tables.Column("Actions", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        model = Candidature
        fields = ()
        sequence = ("candidat", "certification", "etat", "attente", "actions")

    def __init__(self, *args, acteur, **kwargs):
        # Read once: asking each dossier for the roles of the person would cost queries per line.
        self.employeurs, self.porteurs = acteur.organismes_ids("employeur"), acteur.organismes_ids("gestionnaire")
        super().__init__(*args, acteur=acteur, **kwargs)

    def render_candidat(self, value, record):
        return format_html(
            '<a href="{}">{}</a><br><span class="numero petit nowrap">{}</span>',
            record.get_absolute_url(), value, record.reference,
        )  # fmt: skip

    def render_certification(self, value, record):
        return format_html('{}<br><span class="petit attenue">{}</span>', value, record.etablissement)

    def render_attente(self, record):
        phrase = phrase_d_attente(attente_de(record)) or "Plus rien n’est attendu."
        return format_html('{}<br><span class="petit attenue">Depuis {}</span>', phrase, age(record.etat_depuis))

    def render_actions(self, record):
        siennes = record.etablissement_id in self.employeurs or record.porteur_id in self.porteurs
        contexte = {"record": record, "modifiable": siennes and record.etat in EN_REDACTION}
        return render_to_string("candidatures/cellules/actions.html", contexte)
