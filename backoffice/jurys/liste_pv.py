"""The list of the sealed minutes: number, day, certifications, who signed, whether the text is the one signed."""

import django_filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.recherche import parmi
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import Certification

from .lecture_pv import est_intact
from .models import ProcesVerbal, SessionJury


def _certifications(pv: ProcesVerbal) -> str:
    return ", ".join(str(c) for c in pv.session.certifications.all())


def _signataires(pv: ProcesVerbal) -> list[str]:
    """As the minutes name them: an account may have changed its name since."""
    noms = {m.get("siege"): m["nom"] for m in pv.contenu["membres"]}
    return [noms.get(s.membre_id) or str(s.membre.utilisateur) for s in pv.signatures.all()]


def _rectificatifs(pv: ProcesVerbal) -> list[ProcesVerbal]:
    return [autre for autre in pv.session.proces_verbaux.all() if autre.rang and autre.scelle_le]


def _intact(pv: ProcesVerbal) -> str:
    return "Oui" if est_intact(pv) else "Non"


COLONNES = (
    Colonne("Numéro", lambda p: p.numero, imprimee=True, largeur=22),
    Colonne("Jury du", lambda p: p.session.tenue_le, imprimee=True, largeur=14),
    Colonne("Jury", lambda p: p.session.get_instance_display(), largeur=36),
    Colonne("Certifications", _certifications, imprimee=True, largeur=40),
    Colonne("Certificateur", lambda p: str(p.session.certificateur), largeur=32),
    Colonne("Scellé le", lambda p: timezone.localdate(p.scelle_le), imprimee=True, largeur=14),
    Colonne("Signatures", lambda p: ", ".join(_signataires(p)), imprimee=True, largeur=36),
    Colonne("Texte intact", _intact, imprimee=True, largeur=12),
    Colonne("Rectificatifs", lambda p: ", ".join(r.numero for r in _rectificatifs(p)), imprimee=True, largeur=24),
    Colonne("Empreinte", lambda p: p.empreinte, largeur=66),
)


class ProcesVerbalTable(TableDeListe):
    """One line per sealed minutes."""

    legende = "Procès-verbaux scellés"

    numero = tables.Column("Numéro", order_by="numero")
    jury = tables.Column("Jury", empty_values=(), order_by="session__debut")
    certifications = tables.Column("Certifications", empty_values=(), orderable=False)
    signatures = tables.Column("Signatures", empty_values=(), orderable=False)
    intact = tables.Column("Texte intact", empty_values=(), orderable=False)
    rectificatifs = tables.Column("Rectificatifs", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        sequence = ("numero", "jury", "certifications", "signatures", "intact", "rectificatifs")

    def render_numero(self, record):
        url = reverse("jurys:pv", args=[record.session_id])
        lien = format_html('<a class="numero nowrap" href="{}">{}</a><br>', url, record.numero)
        if not record.sha256:
            return lien + format_html('<span class="petit attenue">{}</span>', "PDF en cours de fabrication")
        return lien + format_html(
            '<a class="petit" href="{}">PDF<span class="hors-ecran"> {}</span></a>',
            reverse("jurys:document_pv", args=[record.session_id]),
            record.numero,
        )

    def render_jury(self, record):
        return format_html('<span class="nowrap">{}</span>', date_format(record.session.tenue_le, "j F Y"))

    def render_certifications(self, record):
        return _certifications(record)

    def render_signatures(self, record):
        return format_html_join("", "{}<br>", ((nom,) for nom in _signataires(record)))

    def render_intact(self, record):
        intact = est_intact(record)
        aspect = {"ton": "valide", "icone": "valide"} if intact else {"ton": "refus", "icone": "refus"}
        return render_to_string("components/statut.html", {**aspect, "libelle": "Oui" if intact else "Non"})

    def render_rectificatifs(self, record):
        autres = _rectificatifs(record)
        liens = (
            (reverse("jurys:document_rectificatif", args=[r.session_id, r.rang]), r.numero, r.rang) for r in autres
        )
        lien = '<a class="nowrap" href="{}"><span class="hors-ecran">{}\u00a0: </span>Rectificatif {} (PDF)</a><br>'
        return format_html_join("", lien, liens) or "Aucun"


class ProcesVerbalFiltre(django_filters.FilterSet):
    """By certification, within one's scope."""

    certification = django_filters.ModelChoiceFilter(
        label="CQP", queryset=Certification.objects.none(), method="portant_sur", empty_label="Tous"
    )

    class Meta:
        model = ProcesVerbal
        fields = ["certification"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        visibles = SessionJury.objects.all().visibles_par(self.request.user)
        siennes = Certification.objects.filter(sessions__in=visibles)
        self.filters["certification"].queryset = siennes.distinct().order_by("intitule_usuel", "pk")

    def portant_sur(self, proces_verbaux, nom, certification):
        return proces_verbaux.filter(session__in=SessionJury.objects.filter(certifications=certification))


class Liste(EcranDeListe):
    """The sealed minutes of the sessions of one's scope, latest jury first."""

    roles = ("gestionnaire", "certificateur", "auditeur")
    model = ProcesVerbal
    template_name = "jurys/pv_liste.html"
    liste = "jurys:liste_pv"
    titre = "Procès-verbaux"
    nom, nom_pluriel = "procès-verbal", "procès-verbaux"
    ordre = ("-session__debut", "-pk")
    table_class = ProcesVerbalTable
    filterset_class = ProcesVerbalFiltre
    noms_des_filtres = "CQP"
    nom_des_statuts = "Rectification"
    statuts = (("sans", "Sans rectificatif", Q(rectifie=False)), ("rectifies", "Rectifiés", Q(rectifie=True)))
    colonnes = COLONNES
    ou_chercher = "un numéro, un CQP"

    def get_queryset(self):
        autres = ProcesVerbal.objects.filter(session=OuterRef("session"), rang__gt=0, scelle_le__isnull=False)
        scelles = super().get_queryset().filter(rang=0, scelle_le__isnull=False)
        return scelles.annotate(rectifie=Exists(autres))

    def chercher(self, objets, texte):
        return parmi(objets, texte, "numero", "session__certifications__intitule_usuel")

    def completer(self, objets):
        return objets.select_related("session__certificateur").prefetch_related(
            "session__certifications", "session__proces_verbaux", "signatures__membre__utilisateur"
        )
