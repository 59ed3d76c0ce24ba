"""The list of the appeals: those to answer first, the nearest deadline above."""

import django_filters
import django_tables2 as tables
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import Certification
from registre.textes import plier

from .models import Recours

EN_COURS = Q(etat__in=("depose", "en_examen"))
COLONNES = (
    Colonne("Dossier", lambda r: r.candidature.reference, imprimee=True, largeur=18),
    Colonne("Candidat", lambda r: r.titulaire.nom_complet, imprimee=True, largeur=28),
    Colonne("Certification", lambda r: r.candidature.version.intitule, imprimee=True, largeur=40),
    Colonne("Contesté", lambda r: r.get_objet_display(), imprimee=True, largeur=34),
    Colonne("Déposé le", lambda r: r.depose_le, imprimee=True, largeur=14),
    Colonne("Réponse due le", lambda r: r.echeance, imprimee=True, largeur=14),
    Colonne("Examiné par", lambda r: str(r.charge_de or ""), largeur=28),
    Colonne("Répondu le", lambda r: r.repondu_le, largeur=14),
    Colonne("État", lambda r: r.get_etat_display(), imprimee=True, largeur=14),
)


class RecoursTable(TableDeListe):
    """One line per appeal: whose, on what, until when."""

    legende = "Recours contre des décisions de jury"

    candidat = tables.Column("Candidat", empty_values=(), order_by="candidature__nom_plie")
    certification = tables.Column("Certification", accessor="candidature__version__intitule", orderable=False)
    objet = tables.Column("Contesté", empty_values=(), orderable=False)
    depose_le = tables.Column("Déposé", order_by="depose_le")
    echeance = tables.Column("Réponse due", order_by="echeance")
    charge_de = tables.Column("Examiné par", default="Personne encore", orderable=False)
    etat = tables.Column("État", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        sequence = ("candidat", "certification", "objet", "depose_le", "echeance", "charge_de", "etat")

    def render_candidat(self, record):
        return format_html(
            '<a href="{}">{}</a><br><span class="numero petit attenue nowrap">{}</span>',
            record.get_absolute_url(), record.titulaire.nom_complet, record.candidature.reference,
        )  # fmt: skip

    def render_objet(self, record):
        nom = str(record.get_objet_display())
        return nom[:1].upper() + nom[1:]

    def render_depose_le(self, value):
        return format_html('<span class="nowrap">{}</span>', date_format(value, "j F Y"))

    def render_echeance(self, value):
        return format_html('<span class="nowrap">{}</span>', date_format(value, "j F Y"))

    def render_etat(self, record):
        return render_to_string("jurys/_etat_recours.html", {"recours": record})


class RecoursFiltre(django_filters.FilterSet):
    """By certification and by what is contested, within one's scope."""

    certification = django_filters.ModelChoiceFilter(
        label="CQP",
        queryset=Certification.objects.none(),
        field_name="candidature__version__certification",
        empty_label="Tous",
    )
    objet = django_filters.ChoiceFilter(label="Contesté", choices=Recours.Objet.choices, empty_label="Tout")

    class Meta:
        model = Recours
        fields = ["certification", "objet"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        visibles = Recours.objects.all().visibles_par(self.request.user)
        choix = Certification.objects.filter(pk__in=visibles.values("candidature__version__certification"))
        self.filters["certification"].queryset = choix.order_by("intitule_usuel")


class Liste(EcranDeListe):
    """The appeals on the dossiers of one's scope."""

    roles = ("gestionnaire", "certificateur", "auditeur")
    model = Recours
    template_name = "jurys/recours_liste.html"
    liste = "jurys:liste_recours"
    titre = "Recours"
    nom, nom_pluriel = "recours", "recours"
    ordre = ("attente", "proche", "-depose_le", "-pk")
    table_class = RecoursTable
    filterset_class = RecoursFiltre
    noms_des_filtres = "CQP, objet"
    nom_des_statuts = "État"
    statuts = tuple((etat, libelle, Q(etat=etat)) for etat, libelle in Recours.Etat.choices)
    colonnes = COLONNES
    ou_chercher = "un nom, un numéro de dossier, un CQP"

    def get_queryset(self):
        # Those that wait from the nearest deadline to the farthest, then those answered from the latest.
        return (
            super()
            .get_queryset()
            .annotate(
                attente=Case(When(EN_COURS, then=Value(0)), default=Value(1), output_field=IntegerField()),
                proche=Case(When(EN_COURS, then=F("echeance")), default=None),
            )
        )

    def chercher(self, objets, texte):
        for mot in plier(texte).split():
            objets = objets.filter(
                Q(candidature__nom_plie__contains=mot)
                | Q(candidature__reference__icontains=mot)
                | Q(candidature__version__intitule_plie__contains=mot)
            )
        return objets

    def completer(self, objets):
        return objets.select_related("candidature__titulaire", "candidature__version", "charge_de")
