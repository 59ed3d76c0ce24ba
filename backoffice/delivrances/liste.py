"""The list of documents: what is to prepare and to approve above, what was delivered below."""

import secrets
from functools import cached_property

import django_filters
import django_tables2 as tables
from django.db.models import Case, Count, Exists, OuterRef, Q, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html

from backoffice.actes import adresse
from backoffice.candidatures.models import Candidature
from backoffice.candidatures.workflow import MODELE
from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import Certification, Parchemin
from registre.textes import plier
from registre.transitions import VERBES

from . import blocs_workflow
from .apres import a_refaire
from .blocs import a_attester
from .modeles_liste import LECTEURS as MODELES
from .models import Delivrance, DelivranceDeBloc, LigneLot, LotDelivrance
from .workflow import DECIDEES

PILE = 50
Genre = LotDelivrance.Genre
COLONNES = (
    Colonne("Numéro", lambda p: p.numero, imprimee=True),
    Colonne("Document", lambda p: p.get_nature_display(), imprimee=True),
    Colonne("Nom de naissance", lambda p: p.titulaire.nom_naissance, imprimee=True),
    Colonne("Nom d’usage", lambda p: p.titulaire.nom_usage),
    Colonne("Prénoms", lambda p: p.titulaire.prenoms, imprimee=True),
    Colonne("Certification", lambda p: p.version.intitule, imprimee=True, largeur=40),
    Colonne("Fiche", lambda p: p.version.numero, largeur=12),
    Colonne("Certificateur", lambda p: p.certificateur.raison_sociale, largeur=32),
    Colonne("Délivré le", lambda p: p.delivre_le, imprimee=True, largeur=14),
    Colonne("Lieu", lambda p: p.lieu),
    Colonne("État", lambda p: etat_de(p)[1], imprimee=True, largeur=12),
    Colonne("Annulé le", lambda p: p.annule_le, largeur=14),
    Colonne("Remplacé par", lambda p: p.remplace_par.numero if p.remplace_par else ""),
    Colonne("Remplace", lambda p: p.precedent.numero if p.precedent else ""),
    Colonne("Duplicatas", lambda p: p.nombre_duplicatas or ""),
)


def etat_de(parchemin) -> tuple[str, str]:
    """(slug, words) of the state of a document that `Liste.completer` read."""
    if parchemin.annule_le is None:
        return ("a_refaire", "À refaire") if parchemin.a_refaire else ("valable", "Valable")
    return ("remplace", "Remplacé") if parchemin.remplace_par_id else ("annule", "Annulé")


class ParcheminTable(TableDeListe):
    """One line per document: its number, its holder, its file."""

    legende = "Parchemins et attestations délivrés"

    numero = tables.Column("Numéro", order_by="numero", attrs={"td": {"class": "numero nowrap"}})
    nature = tables.Column("Document", empty_values=(), order_by="nature")
    titulaire = tables.Column("Titulaire", accessor="titulaire__nom_complet", order_by="titulaire__nom_plie")
    certification = tables.Column("Certification", accessor="version__intitule", order_by="version__intitule_plie")
    delivre = tables.Column("Délivré le", empty_values=(), order_by="delivre_le")
    etat = tables.Column("État", empty_values=(), orderable=False)
    fichier = tables.Column("Fichier", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        sequence = ("numero", "nature", "titulaire", "certification", "delivre", "etat", "fichier")

    def render_numero(self, value, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), value)

    def render_nature(self, record):
        nom = str(record.get_nature_display())
        return nom[:1].upper() + nom[1:]

    def render_delivre(self, record):
        return format_html('<span class="nowrap">{}</span>', date_format(record.delivre_le, "j F Y"))

    def render_etat(self, record):
        return render_to_string("delivrances/etat_du_document.html", {"etat": etat_de(record)[0], "document": record})

    def render_fichier(self, record):
        if not record.sha256:
            return "Impossible à fabriquer" if record.impossible else "En fabrication"
        url = reverse("delivrances:document", args=[record.pk])
        return format_html(
            '<a class="nowrap" href="{}" aria-label="Télécharger {}">Télécharger</a>', url, record.numero
        )


class ParcheminFiltre(django_filters.FilterSet):
    """By kind of document, certification, dates."""

    nature = django_filters.ChoiceFilter(label="Document", choices=Parchemin.Nature.choices, empty_label="Tous")
    certification = django_filters.ModelChoiceFilter(
        label="CQP", queryset=Certification.objects.none(), field_name="version__certification", empty_label="Tous"
    )

    class Meta:
        model = Parchemin
        fields = ["nature", "certification"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        delivres = Parchemin.objects.all().visibles_par(self.request.user)
        presents = Exists(delivres.filter(version__certification=OuterRef("pk")))
        self.filters["certification"].queryset = Certification.objects.filter(presents).order_by("intitule_usuel")


class Liste(EcranDeListe):
    """Two piles, to prepare and to approve; then every document delivered."""

    roles = ("certificateur", "signataire", "gestionnaire")
    model = Parchemin
    template_name = "delivrances/liste.html"
    liste = "delivrances:liste"
    titre = "Délivrances"
    nom, nom_pluriel = "document délivré", "documents délivrés"
    ordre = ("-delivre_le", "-pk")
    table_class = ParcheminTable
    filterset_class = ParcheminFiltre
    noms_des_filtres = "document, CQP"
    nom_des_statuts = "État"
    colonnes = COLONNES
    ou_chercher = "un nom, un numéro, un CQP"

    @cached_property
    def statuts(self):
        refaire = a_refaire()
        return (
            ("valable", "Valable", Q(annule_le=None) & ~refaire),
            ("a_refaire", "À refaire", Q(annule_le=None) & refaire),
            ("annule", "Annulé", Q(annule_le__isnull=False, remplace_par=None)),
            ("remplace", "Remplacé", Q(annule_le__isnull=False, remplace_par__isnull=False)),
        )

    def chercher(self, objets, texte):
        for mot in plier(texte).split():
            objets = objets.filter(
                Q(titulaire__nom_plie__contains=mot)
                | Q(numero__icontains=mot)
                | Q(version__intitule_plie__contains=mot)
            )
        return objets

    def completer(self, objets):
        refaire = Case(When(a_refaire(), then=True), default=False)
        liees = ("titulaire", "version", "certificateur", "remplace_par", "remplace")
        return objets.select_related(*liees).annotate(a_refaire=refaire, nombre_duplicatas=Count("duplicatas"))

    def get_context_data(self, **kwargs):
        utilisateur = self.request.user
        decidees = Candidature.objects.filter(etat__in=DECIDEES).visibles_par(utilisateur).completes()
        preparer, approuver = VERBES[MODELE, "preparer_delivrance"], VERBES[MODELE, "approuver_delivrance"]
        a_preparer = decidees.filter(delivrance=None).order_by("decidee_le")
        a_approuver = (
            Delivrance.objects.filter(
                approuvee_le=None, candidature__in=Candidature.objects.all().visibles_par(utilisateur)
            )
            .exclude(candidature__in=LigneLot.objects.en_lot(Genre.DOCUMENTS).values("candidature"))
            .select_related("candidature__titulaire", "candidature__version", "preparee_par")
        )
        return super().get_context_data(
            **self._blocs(utilisateur),
            a_preparer=[(c, adresse(c, preparer)) for c in a_preparer[:PILE]],
            nombre_a_preparer=a_preparer.count(),
            a_approuver=[(d, adresse(d.candidature, approuver)) for d in a_approuver.order_by("preparee_le")[:PILE]],
            nombre_a_approuver=a_approuver.count(),
            lots=LotDelivrance.objects.ouverts().visibles_par(utilisateur).les_plus_anciens()[:PILE],
            cle=secrets.token_hex(16),
            voit_les_modeles=utilisateur.a_role(*MODELES),
            peut_preparer=utilisateur.a_role(*preparer.roles),
            peut_approuver=utilisateur.a_role(*approuver.roles),
            **kwargs,
        )

    @staticmethod
    def _blocs(utilisateur) -> dict:
        """The attestations of blocs: the dossiers that may have some, those that wait for their approval."""
        preparer, approuver = VERBES[MODELE, blocs_workflow.PREPARER], VERBES[MODELE, blocs_workflow.APPROUVER]
        a_preparer = a_attester(utilisateur)
        dans_un_lot = LigneLot.objects.en_lot(Genre.BLOCS).values("candidature")
        a_approuver = (
            DelivranceDeBloc.objects.a_approuver()
            .filter(candidature__in=Candidature.objects.all().visibles_par(utilisateur))
            .exclude(candidature__in=dans_un_lot)
            .select_related("candidature__titulaire", "candidature__version", "bloc", "preparee_par")
            .order_by("preparee_le", "pk")
        )
        return {
            "blocs_a_preparer": [(c, adresse(c, preparer)) for c in a_preparer[:PILE]],
            "nombre_blocs_a_preparer": a_preparer.count(),
            "blocs_a_approuver": [(a, adresse(a.candidature, approuver)) for a in a_approuver[:PILE]],
        }
