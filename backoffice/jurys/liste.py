"""The list of sessions: those still to hold, nearest first, then those already held."""

import django_filters
import django_tables2 as tables
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.recherche import parmi
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import Certification

from .models import ProcesVerbal, SessionJury
from .workflow import AVANT_SCEAU

COLONNES = (
    Colonne("Date", lambda s: s.debut, imprimee=True, largeur=14),
    Colonne("Heure", lambda s: date_format(localtime(s.debut), r"G \h i"), imprimee=True, largeur=10),
    Colonne("Jury", lambda s: s.get_instance_display(), imprimee=True, largeur=36),
    Colonne("Certifications", lambda s: ", ".join(str(c) for c in s.certifications.all()), imprimee=True, largeur=48),
    Colonne("Certificateur", lambda s: s.certificateur.raison_sociale, largeur=32),
    Colonne("Lieu", lambda s: s.lieu or "visioconférence", imprimee=True),
    Colonne("Dossiers", lambda s: s.inscrits, imprimee=True, largeur=10),
    Colonne("Capacité", lambda s: s.capacite, largeur=10),
    Colonne("Inscriptions jusqu’au", lambda s: s.limite_inscription, imprimee=True, largeur=14),
    Colonne("État", lambda s: s.get_etat_display(), imprimee=True, largeur=18),
    Colonne("PV", lambda s: s.numero_du_pv or "", largeur=18),
)


class SessionTable(TableDeListe):
    """One line per session: when, which jury, how full."""

    legende = "Sessions de jury"

    date = tables.Column("Date", empty_values=(), order_by="debut")
    jury = tables.Column("Jury", empty_values=(), order_by="instance")
    certifications = tables.Column("Certifications", empty_values=(), orderable=False)
    lieu = tables.Column("Lieu", empty_values=(), order_by="lieu")
    dossiers = tables.Column("Dossiers", empty_values=(), orderable=False, attrs={"td": {"class": "nombre nowrap"}})
    limite = tables.Column("Inscriptions jusqu’au", empty_values=(), orderable=False)
    etat = tables.TemplateColumn(
        '{% include "jurys/_etat.html" with session=record only %}', verbose_name="État", orderable=False
    )

    class Meta(TableDeListe.Meta):
        sequence = ("date", "jury", "certifications", "lieu", "dossiers", "limite", "etat")

    def render_date(self, record):
        debut = localtime(record.debut)
        return format_html(
            '<a class="nowrap" href="{}">{}<span class="hors-ecran">, {}</span></a><br>'
            '<span class="petit attenue">{}</span>',
            record.get_absolute_url(), date_format(debut, "j F Y"), record.get_instance_display(),
            date_format(debut, r"G \h i"),
        )  # fmt: skip

    def render_jury(self, record):
        nom = str(record.get_instance_display())
        return nom[:1].upper() + nom[1:]

    def render_certifications(self, record):
        return ", ".join(str(certification) for certification in record.certifications.all())

    def render_lieu(self, record):
        return record.lieu or "Visioconférence"

    def render_dossiers(self, record):
        return f"{record.inscrits} / {record.capacite}"

    def render_limite(self, record):
        return format_html('<span class="nowrap">{}</span>', date_format(record.limite_inscription, "j F Y"))


class SessionFiltre(django_filters.FilterSet):
    """By certification and kind of jury, within one's scope."""

    certification = django_filters.ModelChoiceFilter(
        label="CQP", queryset=Certification.objects.none(), field_name="certifications", empty_label="Tous"
    )
    instance = django_filters.ChoiceFilter(label="Jury", choices=SessionJury.Instance.choices, empty_label="Tous")

    class Meta:
        model = SessionJury
        fields = ["certification", "instance"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        visibles = SessionJury.objects.all().visibles_par(self.request.user)
        choix = Certification.objects.filter(sessions__in=visibles).distinct().order_by("intitule_usuel")
        self.filters["certification"].queryset = choix


class Liste(EcranDeListe):
    """The sessions of one's certifications, or where one sits."""

    roles = ("gestionnaire", "jury", "certificateur", "auditeur")
    model = SessionJury
    template_name = "jurys/liste.html"
    liste = "jurys:liste"
    titre = "Sessions de jury"
    nom, nom_pluriel, feminin = "session", "sessions", True
    ordre = ("tenue", "proximite", "-debut", "-pk")
    table_class = SessionTable
    filterset_class = SessionFiltre
    noms_des_filtres = "CQP, jury"
    nom_des_statuts = "État"
    statuts = tuple((etat, libelle, Q(etat=etat)) for etat, libelle in SessionJury.Etat.choices)
    colonnes = COLONNES
    ou_chercher = "un lieu, un CQP, un numéro de PV"

    def get_queryset(self):
        # Those to come from the nearest to the farthest, then those held from the latest to the oldest.
        a_venir = Q(etat__in=AVANT_SCEAU)
        return (
            super()
            .get_queryset()
            .annotate(
                tenue=Case(When(a_venir, then=Value(0)), default=Value(1), output_field=IntegerField()),
                proximite=Case(When(a_venir, then=F("debut")), default=None),
            )
        )

    def chercher(self, objets, texte):
        # One row per certification of the session: a word of its title is enough.
        return parmi(objets, texte, "lieu", "proces_verbaux__numero", "certifications__intitule_usuel")

    def completer(self, objets):
        inscrits = Count("inscriptions", filter=Q(inscriptions__retiree_le=None), distinct=True)
        pv = ProcesVerbal.objects.filter(session=OuterRef("pk"), rang=0).values("numero")
        avec = objets.select_related("certificateur").prefetch_related("certifications")
        return avec.annotate(inscrits=inscrits, numero_du_pv=Subquery(pv))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            peut_planifier=self.request.user.a_role("gestionnaire", "certificateur"),
            lit_les_pv=self.request.user.a_role("gestionnaire", "certificateur", "auditeur"),
            **kwargs,
        )
