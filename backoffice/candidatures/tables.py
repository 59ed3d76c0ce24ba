"""The table of the list of dossiers."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html

from backoffice.actes import adresse
from backoffice.listes.tables import TableDeListe
from backoffice.templatetags.gestion import age
from registre.transitions import VERBES

from .attente import MODELE, attente_de
from .models import Candidature
from .presentation import EN_REDACTION, REDACTEURS, phrase_d_attente

# The acts that one may begin from a line, with their icon and their short name.
ACTES_DE_LIGNE = (
    ("inviter_metier", "inviter", "Inviter"),
    ("ecrire", "notifier", "Écrire"),
    ("repondre", "notifier", "Écrire"),
    ("annuler", "supprimer", "Supprimer"),
)


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
        # Who only evaluates sees the dossiers entrusted to them and no other; the others invite from the dossier.
        self.evalue_seulement = {role.nom for role in acteur.roles_actifs} == {"evaluateur"}
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
        roles = {"evaluateur"} if self.evalue_seulement else set()
        roles |= {"employeur"} if record.etablissement_id in self.employeurs else set()
        roles |= {"gestionnaire"} if record.porteur_id in self.porteurs else set()
        redacteur = bool(roles & REDACTEURS)
        contexte = {
            "record": record,
            "modifiable": redacteur and record.etat in EN_REDACTION,
            "redacteur": redacteur,
            "actes": [_lien(record, *acte) for acte in ACTES_DE_LIGNE if _permis(record, acte[0], roles)],
        }
        return render_to_string("candidatures/cellules/actions.html", contexte)


def _permis(candidature, nom: str, roles: set[str]) -> bool:
    """May one of these roles try this act on this line?

    What waits for its turn in the path is offered at its turn, and nothing where nothing is awaited any more.
    """
    acte, attendue = VERBES[MODELE, nom], attente_de(candidature)
    a_son_tour = attendue and (not acte.principal or attendue["verbe"] is acte)
    return bool(a_son_tour and candidature.etat in acte.de and roles.intersection(acte.roles))


def _lien(candidature, nom: str, icone: str, libelle: str) -> dict:
    return {"url": adresse(candidature, VERBES[MODELE, nom]), "icone": icone, "libelle": libelle}
