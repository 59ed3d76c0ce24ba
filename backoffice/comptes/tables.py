"""The lists of accounts, requests and invitations: their columns, on screen and in exports."""

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html

from backoffice.listes.tables import Colonne, TableDeListe
from backoffice.templatetags.gestion import age

COLONNES_DES_GENS = (
    Colonne("Nom", lambda p: p.nom, imprimee=True),
    Colonne("Prénom", lambda p: p.prenom, imprimee=True),
    Colonne("Adresse électronique", lambda p: p.email, imprimee=True, largeur=34),
    Colonne("Rôles", lambda p: ", ".join(str(role) for role in p.roles_lus), imprimee=True, largeur=60),
    Colonne("Compte", lambda p: "ouvert" if p.is_active else "fermé", imprimee=True, largeur=10),
    Colonne("Dernière connexion", lambda p: p.last_login, imprimee=True, largeur=14),
)
COLONNES_DES_DEMANDES = (
    Colonne("Établissement", lambda d: d.raison_sociale, imprimee=True, largeur=32),
    Colonne("SIRET", lambda d: d.siret, imprimee=True, largeur=18),
    Colonne("Commune", lambda d: d.commune),
    Colonne("Demandeur", lambda d: d.demandeur, imprimee=True),
    Colonne("Fonction", lambda d: d.fonction),
    Colonne("Adresse électronique", lambda d: d.courriel, largeur=34),
    Colonne("Organisme sollicité", lambda d: d.porteur.raison_sociale, imprimee=True, largeur=32),
    Colonne("État", lambda d: d.get_etat_display(), imprimee=True, largeur=12),
    Colonne("Reçue le", lambda d: d.deposee_le, imprimee=True, largeur=14),
    Colonne("Traitée le", lambda d: d.decidee_le, imprimee=True, largeur=14),
)
COLONNES_DES_INVITATIONS = (
    Colonne("Adresse électronique", lambda i: i.courriel, imprimee=True, largeur=34),
    Colonne("Rôle", lambda i: i.get_role_display(), imprimee=True),
    Colonne("Organisme", lambda i: i.organisme.raison_sociale if i.organisme else "", imprimee=True, largeur=32),
    Colonne("État", lambda i: i.get_etat_display(), imprimee=True, largeur=12),
    Colonne("Envoyée le", lambda i: i.envoyee_le, imprimee=True, largeur=14),
    Colonne("Expire le", lambda i: i.expire_le, imprimee=True, largeur=14),
)


def _deux_lignes(haut, bas):
    return format_html('{}<br><span class="petit attenue">{}</span>', haut, bas)


class GensTable(TableDeListe):
    """One line per person: roles of one's scope, account, last login."""

    legende = "Comptes"

    personne = tables.Column("Personne", empty_values=(), order_by=("nom", "prenom"))
    roles = tables.TemplateColumn(template_name="comptes/cellules/roles.html", verbose_name="Rôles", orderable=False)
    compte = tables.TemplateColumn(template_name="comptes/cellules/compte.html", order_by="is_active")
    connexion = tables.Column("Dernière connexion", empty_values=(), order_by="last_login")

    class Meta(TableDeListe.Meta):
        sequence = ("personne", "roles", "compte", "connexion")

    def render_personne(self, record):
        return _deux_lignes(format_html('<a href="{}">{}</a>', record.get_absolute_url(), record), record.email)

    def render_connexion(self, record):
        return age(record.last_login) if record.last_login else "jamais"


class DemandesTable(TableDeListe):
    """One line per request: who asks, for which établissement, of whom."""

    legende = "Demandes de compte"

    # What was typed in the request: by its own name, the column would read the établissement made since, row by row.
    etablissement = tables.Column("Établissement", accessor="raison_sociale")
    demandeur = tables.Column("Demandeur", orderable=False)
    porteur = tables.Column("Organisme sollicité", order_by="porteur__raison_sociale")
    etat = tables.Column("État", empty_values=(), orderable=False)
    recue = tables.Column("Reçue", empty_values=(), order_by="deposee_le")

    class Meta(TableDeListe.Meta):
        sequence = ("etablissement", "demandeur", "porteur", "etat", "recue")

    def render_etablissement(self, record):
        lien = format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.raison_sociale)
        return format_html('{}<br><span class="numero petit nowrap">{}</span>', lien, record.siret)

    def render_demandeur(self, record):
        return _deux_lignes(record.demandeur, record.fonction)

    def render_etat(self, record):
        return render_to_string("comptes/cellules/etat.html", {"objet": record})

    def render_recue(self, record):
        return age(record.deposee_le)


class InvitationsTable(TableDeListe):
    """One line per invitation: whom, to what, where it stands."""

    legende = "Invitations"

    personne = tables.Column("Personne", empty_values=(), order_by="courriel")
    role = tables.Column("Rôle", empty_values=(), order_by="role")
    etat = tables.TemplateColumn(template_name="comptes/cellules/etat_invitation.html", verbose_name="État")
    envoyee = tables.Column("Envoyée", empty_values=(), order_by="envoyee_le")

    class Meta(TableDeListe.Meta):
        sequence = ("personne", "role", "etat", "envoyee")

    def render_personne(self, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.courriel)

    def render_role(self, record):
        nom = str(record.get_role_display())
        return _deux_lignes(nom[:1].upper() + nom[1:], record.organisme or "")

    def render_envoyee(self, record):
        return age(record.envoyee_le)
