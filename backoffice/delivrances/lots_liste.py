"""Two lists: the lots, and the report of one of them, row by row."""

import django_filters
import django_tables2 as tables
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localdate

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe
from registre.textes import plier

from .models import LigneLot, LotDelivrance

NOMBRE = {"td": {"class": "nombre"}, "th": {"class": "nombre"}}
LECTEURS = ("certificateur", "signataire", "gestionnaire", "auditeur")


def _jour(moment):
    return localdate(moment) if moment else None


COLONNES_DES_LOTS = (
    Colonne("Lot", lambda lot: lot.pk, imprimee=True, largeur=8),
    Colonne("Ouvert le", lambda lot: _jour(lot.cree_le), imprimee=True, largeur=14),
    Colonne("Session", lambda lot: str(lot.session or ""), largeur=36),
    Colonne("Porteur", lambda lot: lot.porteur.raison_sociale, imprimee=True, largeur=32),
    Colonne("Certificateur", lambda lot: lot.certificateur.raison_sociale, largeur=32),
    Colonne("Contenu", lambda lot: lot.get_genre_display(), largeur=32),
    Colonne("État", lambda lot: lot.get_etat_display(), imprimee=True),
    Colonne("Lieu", lambda lot: lot.lieu),
    Colonne("Préparé par", lambda lot: str(lot.prepare_par or ""), imprimee=True),
    Colonne("Approuvé par", lambda lot: str(lot.approuve_par or ""), imprimee=True),
    Colonne("Approuvé le", lambda lot: _jour(lot.approuve_le), largeur=14),
    Colonne("Dossiers", lambda lot: lot.dossiers, imprimee=True, largeur=10),
    Colonne("Délivrés", lambda lot: lot.delivres, imprimee=True, largeur=10),
    Colonne("Refusés", lambda lot: lot.refuses, imprimee=True, largeur=10),
)


class LotTable(TableDeListe):
    """One line per lot: where it comes from, where it stands, what it delivered."""

    legende = "Lots de délivrance"

    lot = tables.Column("Lot", empty_values=(), order_by="pk")
    origine = tables.Column("Session", empty_values=(), order_by="session__debut")
    porteur = tables.Column("Porteur", accessor="porteur__raison_sociale", order_by="porteur__nom_plie")
    etat = tables.Column("État", empty_values=(), order_by="etat")
    dossiers = tables.Column("Dossiers", orderable=False, attrs=NOMBRE)
    delivres = tables.Column("Délivrés", orderable=False, attrs=NOMBRE)
    refuses = tables.Column("Refusés", orderable=False, attrs=NOMBRE)

    class Meta(TableDeListe.Meta):
        sequence = ("lot", "origine", "porteur", "etat", "dossiers", "delivres", "refuses")

    def render_lot(self, record):
        return format_html(
            '<a class="nowrap" href="{}">Lot n°\u00a0{}</a><br><span class="petit attenue">{}</span>',
            record.get_absolute_url(), record.pk, date_format(_jour(record.cree_le), "j F Y"),
        )  # fmt: skip

    def render_origine(self, record):
        origine = record.certification if record.session else "Choix dans la liste"
        if record.genre == LotDelivrance.Genre.DOCUMENTS:
            return origine
        return format_html('{}<br><span class="petit attenue">Attestations de bloc</span>', origine)

    def render_etat(self, record):
        return render_to_string("delivrances/etat.html", {"etat": record.etat, "libelle": record.get_etat_display()})


class Lots(EcranDeListe):
    """Every lot of one's scope, latest first."""

    roles = LECTEURS
    model = LotDelivrance
    template_name = "delivrances/lots.html"
    liste = "delivrances:lots"
    titre = "Lots de délivrance"
    nom, nom_pluriel = "lot", "lots"
    ordre = ("-cree_le", "-pk")
    table_class = LotTable
    nom_des_statuts = "État"
    statuts = tuple((etat.value, etat.label, Q(etat=etat.value)) for etat in LotDelivrance.Etat)
    masques = frozenset({"abandonne"})
    colonnes = COLONNES_DES_LOTS
    ou_chercher = "un porteur, un certificateur, un numéro de lot"

    def chercher(self, objets, texte):
        for mot in plier(texte).split():
            condition = Q(porteur__nom_plie__contains=mot) | Q(certificateur__nom_plie__contains=mot)
            objets = objets.filter(condition | Q(pk=int(mot)) if mot.isdecimal() and len(mot) < 10 else condition)
        return objets

    def completer(self, objets):
        gardees = Q(lignes__ecartee=False)
        return objets.select_related("porteur", "certificateur", "session", "prepare_par", "approuve_par").annotate(
            dossiers=Count("lignes", filter=gardees),
            delivres=Count("lignes", filter=gardees & Q(lignes__parchemin__isnull=False)),
            refuses=Count("lignes", filter=Q(lignes__traitee_le__isnull=False, lignes__parchemin=None)),
        )


STATUTS = (
    ("delivree", "Délivré", Q(parchemin__isnull=False)),
    ("refusee", "Refusé", Q(parchemin=None, traitee_le__isnull=False)),
    ("attente", "En attente", Q(traitee_le=None, ecartee=False)),
    ("ecartee", "Laissé de côté", Q(ecartee=True)),
)


def statut_de(ligne: LigneLot) -> str:
    """The slug of where this row stands."""
    if ligne.parchemin_id:
        return "delivree"
    if ligne.traitee_le:
        return "refusee"
    return "ecartee" if ligne.ecartee else "attente"


LIBELLES = {slug: libelle for slug, libelle, _ in STATUTS}
COLONNES = (
    Colonne("Lot", lambda ligne: ligne.lot_id, largeur=8),
    Colonne("Rang", lambda ligne: ligne.rang, largeur=8),
    Colonne("Dossier", lambda ligne: ligne.candidature.reference, imprimee=True),
    Colonne("Nom de naissance", lambda ligne: ligne.candidature.titulaire.nom_naissance, imprimee=True),
    Colonne("Prénoms", lambda ligne: ligne.candidature.titulaire.prenoms, imprimee=True),
    Colonne("Certification", lambda ligne: ligne.candidature.version.intitule, imprimee=True, largeur=40),
    Colonne("Bloc", lambda ligne: ligne.bloc.code if ligne.bloc else ""),
    Colonne("Résultat", lambda ligne: LIBELLES[statut_de(ligne)], imprimee=True),
    Colonne("Numéro", lambda ligne: ligne.parchemin.numero if ligne.parchemin else "", imprimee=True),
    Colonne("Délivré le", lambda ligne: ligne.parchemin.delivre_le if ligne.parchemin else None, largeur=14),
    Colonne("Document rangé", lambda ligne: _range(ligne), largeur=16),
    Colonne("Raison du refus", lambda ligne: ligne.refus, imprimee=True, largeur=60),
)


def _range(ligne: LigneLot) -> str:
    if ligne.parchemin is None:
        return ""
    if ligne.parchemin.sha256:
        return "Oui"
    return "Impossible" if ligne.parchemin.impossible else "En fabrication"


class LigneTable(TableDeListe):
    """One line per dossier: its number, or why it was refused."""

    legende = "Dossiers des lots de délivrance"

    dossier = tables.Column("Dossier", empty_values=(), order_by="candidature__reference")
    titulaire = tables.Column(
        "Titulaire", accessor="candidature__titulaire__nom_complet", order_by="candidature__nom_plie"
    )
    certification = tables.Column("Certification", accessor="candidature__version__intitule", orderable=False)
    resultat = tables.Column("Résultat", empty_values=(), orderable=False)
    lot = tables.Column("Lot", empty_values=(), order_by="lot")

    class Meta(TableDeListe.Meta):
        sequence = ("dossier", "titulaire", "certification", "resultat", "lot")

    def render_dossier(self, record):
        dossier, bloc = record.candidature, record.bloc.code if record.bloc else ""
        lien = format_html('<a class="numero nowrap" href="{}">{}</a>', dossier.get_absolute_url(), dossier.reference)
        return format_html('{}<br><span class="petit attenue numero">{}</span>', lien, bloc) if bloc else lien

    def render_resultat(self, record):
        return render_to_string("delivrances/_resultat.html", {"ligne": record, "statut": statut_de(record)})

    def render_lot(self, record):
        return format_html('<a class="nowrap" href="{}">n°\u00a0{}</a>', record.lot.get_absolute_url(), record.lot_id)


class LigneFiltre(django_filters.FilterSet):
    """Of one lot."""

    lot = django_filters.ModelChoiceFilter(label="Lot", queryset=LotDelivrance.objects.none(), empty_label="Tous")

    class Meta:
        model = LigneLot
        fields = ["lot"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        siens = LotDelivrance.objects.all().visibles_par(self.request.user)
        self.filters["lot"].queryset = siens.order_by("-pk")


class Lignes(EcranDeListe):
    """The report of the lots: what each delivered, what it refused and why."""

    roles = LECTEURS
    model = LigneLot
    template_name = "delivrances/lots_lignes.html"
    liste = "delivrances:lignes"
    titre = "Compte rendu des lots"
    nom, nom_pluriel = "dossier", "dossiers"
    ordre = ("-lot", "rang", "pk")
    table_class = LigneTable
    filterset_class = LigneFiltre
    noms_des_filtres = "lot"
    nom_des_statuts = "Résultat"
    statuts = STATUTS
    colonnes = COLONNES
    ou_chercher = "un nom, un dossier, un numéro"

    def chercher(self, objets, texte):
        for mot in plier(texte).split():
            objets = objets.filter(
                Q(candidature__nom_plie__contains=mot)
                | Q(candidature__reference__icontains=mot)
                | Q(parchemin__numero__icontains=mot)
            )
        return objets

    def completer(self, objets):
        return objets.select_related("lot", "bloc", "parchemin", "candidature__titulaire", "candidature__version")
