"""The list of mandates: who may sit, for which collège, until when."""

from datetime import timedelta

import django_filters
import django_tables2 as tables
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.recherche import parmi
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import Certification, RoleCertification

from .mandats import AVANT_LA_FIN
from .mandats_alertes import alertes
from .models import Mandat

LECTEURS = ("gestionnaire", "jury", "certificateur", "auditeur")


def _place(mandat) -> str:
    if not mandat.suppleant:
        return "Titulaire"
    return f"Suppléant de {mandat.suppleant_de.personne}" if mandat.suppleant_de else "Suppléant"


def _certifications(mandat) -> str:
    return ", ".join(str(c) for c in mandat.certifications.all()) or "Toutes"


COLONNES = (
    Colonne("Membre", lambda m: str(m.personne), imprimee=True, largeur=28),
    Colonne("Collège", lambda m: m.get_college_display(), imprimee=True, largeur=20),
    Colonne("Organisation", lambda m: m.organisation, imprimee=True, largeur=28),
    Colonne("Place", _place, imprimee=True, largeur=28),
    Colonne("Qualité", lambda m: m.qualite, largeur=28),
    Colonne("Certificateur", lambda m: str(m.certificateur), largeur=32),
    Colonne("Certifications", _certifications, imprimee=True, largeur=40),
    Colonne("Entreprise ou organisme", lambda m: str(m.organisme or ""), largeur=28),
    Colonne("Début", lambda m: m.debut, imprimee=True, largeur=14),
    Colonne("Fin", lambda m: m.fin or "", imprimee=True, largeur=14),
    Colonne("Retiré le", lambda m: timezone.localdate(m.retire_le) if m.retire_le else "", largeur=14),
)


class MandatTable(TableDeListe):
    """One line per mandate: who, for whom, in which place, until when."""

    legende = "Mandats de jury"

    membre = tables.Column("Membre", empty_values=(), order_by="personne__nom")
    college = tables.Column("Collège", empty_values=(), order_by="college")
    place = tables.Column("Place", empty_values=(), orderable=False)
    certifications = tables.Column("Certifications", empty_values=(), orderable=False)
    fin = tables.Column("Jusqu’au", empty_values=(), order_by="fin")
    etat = tables.TemplateColumn(
        '{% include "jurys/_mandat_etat.html" with mandat=record only %}', verbose_name="État", orderable=False
    )

    class Meta(TableDeListe.Meta):
        sequence = ("membre", "college", "place", "certifications", "fin", "etat")

    def render_membre(self, record):
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.personne)

    def render_college(self, record):
        college = record.get_college_display()
        nom = college[:1].upper() + college[1:]
        if not record.organisation:
            return nom
        return format_html('{}<br><span class="petit attenue">{}</span>', nom, record.organisation)

    def render_place(self, record):
        return _place(record)

    def render_certifications(self, record):
        return _certifications(record)

    def render_fin(self, record):
        if record.fin is None:
            return "Nouvel ordre"
        return format_html('<span class="nowrap">{}</span>', date_format(record.fin, "j F Y"))


class MandatFiltre(django_filters.FilterSet):
    """By certification, collège and place."""

    certification = django_filters.ModelChoiceFilter(
        label="CQP", queryset=Certification.objects.none(), method="pour", empty_label="Tous"
    )
    college = django_filters.ChoiceFilter(label="Collège", choices=Mandat.College.choices, empty_label="Les deux")
    suppleant = django_filters.ChoiceFilter(
        label="Place", choices=(("False", "Titulaires"), ("True", "Suppléants")), empty_label="Toutes"
    )

    class Meta:
        model = Mandat
        fields = ["certification", "college", "suppleant"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        visibles = Mandat.objects.all().visibles_par(self.request.user)
        siennes = Certification.objects.filter(versions__roles__organisme__in=visibles.values("certificateur"))
        self.filters["certification"].queryset = siennes.distinct().order_by("intitule_usuel", "pk")

    def pour(self, mandats, nom, certification):
        """Those that name it, and those of its certificateur that name none."""
        delivree = RoleCertification.objects.filter(role="cpne", version__certification=certification)
        du_certificateur = Q(certifications=None, certificateur__in=delivree.values("organisme"))
        return mandats.filter(pk__in=Mandat.objects.filter(Q(certifications=certification) | du_certificateur))


class Liste(EcranDeListe):
    """The mandates of one's scope: running, to come, about to end, over."""

    roles = LECTEURS
    model = Mandat
    template_name = "jurys/mandats.html"
    liste = "jurys:mandats"
    titre = "Mandats de jury"
    nom, nom_pluriel = "mandat", "mandats"
    ordre = ("certificateur__raison_sociale", "college", "suppleant", "personne__nom", "pk")
    table_class = MandatTable
    filterset_class = MandatFiltre
    noms_des_filtres = "CQP, collège, place"
    nom_des_statuts = "Mandat"
    masques = frozenset({"finis", "retires"})
    colonnes = COLONNES
    ou_chercher = "un nom, une organisation"

    @property
    def statuts(self):
        jour = timezone.localdate()
        donnes, bientot = Q(retire_le=None), jour + timedelta(days=AVANT_LA_FIN)
        commences = donnes & Q(debut__lte=jour)
        return (
            ("en_cours", "En cours", commences & (Q(fin=None) | Q(fin__gt=bientot))),
            ("bientot", f"Finissent dans {AVANT_LA_FIN} jours", commences & Q(fin__gte=jour, fin__lte=bientot)),
            ("a_venir", "À venir", donnes & Q(debut__gt=jour)),
            ("finis", "Finis", donnes & Q(fin__lt=jour)),
            ("retires", "Retirés", Q(retire_le__isnull=False)),
        )

    def chercher(self, objets, texte):
        return parmi(objets, texte, "personne__nom", "personne__prenom", "organisation", "qualite")

    def completer(self, objets):
        lus = objets.select_related("personne", "certificateur", "organisme", "suppleant_de__personne")
        return lus.prefetch_related("certifications")

    def get_context_data(self, **kwargs):
        organise = self.request.user.a_role("certificateur", "gestionnaire", "auditeur")
        return super().get_context_data(
            peut_donner=self.request.user.a_role("certificateur"),
            alertes=alertes(self.request.user) if organise else [],
            **kwargs,
        )
