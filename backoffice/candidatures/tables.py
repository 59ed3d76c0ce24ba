"""The list of dossiers, on screen and as a workbook."""

import io
from collections.abc import Iterable
from datetime import date, datetime

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from backoffice.templatetags.gestion import age

from .attente import attente_de
from .models import Candidature
from .presentation import EN_REDACTION, phrase_d_attente

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a workbook holds: (heading, how to read it).
COLONNES_EXPORT = (
    ("Référence", lambda c: c.reference),
    ("Nom de naissance", lambda c: c.titulaire.nom_naissance),
    ("Nom d’usage", lambda c: c.titulaire.nom_usage),
    ("Prénoms", lambda c: c.titulaire.prenoms),
    ("Certification", lambda c: c.version.intitule),
    ("Fiche", lambda c: c.version.numero),
    ("Option", lambda c: c.option.libelle if c.option else ""),
    ("Établissement", lambda c: c.etablissement.raison_sociale),
    ("Porteur", lambda c: c.porteur.raison_sociale),
    ("Voie d’accès", lambda c: c.get_modalite_acces_display()),
    ("Statut", lambda c: c.get_etat_display()),
    ("Étape", lambda c: c.etape),
    ("Pourquoi ce dossier attend", lambda c: phrase_d_attente(attente_de(c))),
    ("Dans ce statut depuis", lambda c: c.etat_depuis),
    ("Ouverte le", lambda c: c.ouverte_le),
    ("Déposée le", lambda c: c.deposee_le),
    ("Décidée le", lambda c: c.decidee_le),
)


class CandidatureTable(tables.Table):
    """One line per dossier: who, for what, where it stands, why it waits, what one may do."""

    legende = "Candidatures"

    candidat = tables.Column("Candidat", accessor="titulaire__nom_complet", order_by="titulaire__nom_plie")
    certification = tables.Column("Certification", accessor="version__intitule", order_by="version__intitule_plie")
    etat = tables.TemplateColumn(
        "{% load composants %}{% statut record.etat record.get_etat_display %}", verbose_name="Statut", order_by="etat"
    )
    attente = tables.Column("Pourquoi ce dossier attend", empty_values=(), order_by="etat_depuis")
    actions = tables.Column("Actions", empty_values=(), orderable=False)

    class Meta:
        model = Candidature
        fields = ()
        sequence = ("candidat", "certification", "etat", "attente", "actions")
        template_name = "components/tableau.html"
        order_by_field = "tri"
        empty_text = "Aucune candidature ne correspond."

    def __init__(self, *args, acteur, **kwargs):
        # Read once: asking each dossier for the roles of the person would cost queries per line.
        self.employeurs, self.porteurs = acteur.organismes_ids("employeur"), acteur.organismes_ids("gestionnaire")
        super().__init__(*args, **kwargs)

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


def _cellule(feuille, valeur) -> WriteOnlyCell:
    if isinstance(valeur, datetime):
        valeur = timezone.localdate(valeur)
    if isinstance(valeur, date):
        cellule = WriteOnlyCell(feuille, value=valeur)
        cellule.number_format = "DD/MM/YYYY"
    elif isinstance(valeur, int):
        cellule = WriteOnlyCell(feuille, value=valeur)
    else:
        cellule = WriteOnlyCell(feuille, value=ILLEGAL_CHARACTERS_RE.sub("", str(valeur or "")))
        # Typed by people: « =HYPERLINK(…) » stays a text, even once edited in the spreadsheet.
        cellule.data_type, cellule.number_format = "s", "@"
    return cellule


def classeur(titre: str, entetes: Iterable[str], lignes: Iterable[Iterable]) -> bytes:
    """A workbook of one sheet: texts stay texts whatever they begin with, dates are dates of Paris."""
    document = Workbook(write_only=True)
    feuille = document.create_sheet(titre)
    feuille.freeze_panes = "A2"
    entetes = list(entetes)
    for rang in range(len(entetes)):
        feuille.column_dimensions[chr(ord("A") + rang)].width = 24
    feuille.append([_cellule(feuille, entete) for entete in entetes])
    for ligne in lignes:
        feuille.append([_cellule(feuille, valeur) for valeur in ligne])
    sortie = io.BytesIO()
    document.save(sortie)
    return sortie.getvalue()


def exporter(candidatures: Iterable[Candidature]) -> bytes:
    """The workbook of these dossiers, in their order."""
    lignes = ([lire(c) for _, lire in COLONNES_EXPORT] for c in candidatures)
    return classeur("Candidatures", (titre for titre, _ in COLONNES_EXPORT), lignes)
