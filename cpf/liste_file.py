"""The queue as a list: every whole success, its term, its state, what keeps it here and where that is put right."""

import django_filters
import django_tables2 as tables
from django.db.models import Prefetch, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from backoffice.listes.ecran import EcranDeListe
from backoffice.listes.tables import Colonne, TableDeListe
from registre.models import Certification, Organisme, Parchemin
from registre.textes import plier

from .accrochage import echeance
from .echeances import BANDES
from .file_attente import ETATS, MASQUES, annoter, etat_de, hors_declaration, rafraichir
from .models import ControleCPF, DemandeCDC

LIENS = {"etat_civil": "Faire vérifier l’état civil", "document": "Ouvrir le document"}
LIBELLES = {etat: libelle for etat, libelle, _ in ETATS}


def causes(parchemin) -> list[dict]:
    """What the Caisse des dépôts asks to correct, then what the last check said, each with where it is dealt with."""
    demandees = [
        {
            "phrase": f"Correction demandée par la Caisse des dépôts, à traiter avant le {demande.echeance:%d/%m/%Y}.",
            "conseil": demande.objet,
            "bloquante": demande.echeance < timezone.localdate(),
            "url": reverse("cpf:demande_cdc", args=[demande.pk]),
            "lien": "Dire la suite donnée",
        }
        for demande in parchemin.corrections_demandees
    ]
    controle = getattr(parchemin, "controle_cpf", None)
    if not controle or etat_de(parchemin) in MASQUES:
        return demandees
    return demandees + [
        {**a, "url": ou_corriger(parchemin, a["ecran"]), "lien": LIENS.get(a["ecran"], "")} for a in controle.anomalies
    ]


def lire(parchemins):
    """With what a line or a page says of each, in a constant number of queries."""
    demandees = Prefetch("demandes_cdc", DemandeCDC.objects.ouvertes(), to_attr="corrections_demandees")
    lies = ("titulaire", "version", "certificateur", "controle_cpf", "remplace_par")
    return annoter(parchemins).select_related(*lies).prefetch_related(demandees)


def ou_corriger(parchemin, ecran: str) -> str:
    """The screen where this kind of fault is put right; empty when nobody but the support can."""
    if ecran == "etat_civil":
        return reverse("espace:demander_verification", args=[parchemin.titulaire_id])
    return reverse("delivrances:fiche", args=[parchemin.pk]) if ecran == "document" else ""


COLONNES = (
    Colonne("Parchemin", lambda p: p.numero, imprimee=True),
    Colonne("Nom de naissance", lambda p: p.titulaire.nom_naissance, imprimee=True),
    Colonne("Prénoms", lambda p: p.titulaire.prenoms, imprimee=True),
    Colonne("Fiche", lambda p: p.version.numero, imprimee=True, largeur=12),
    Colonne("Certification", lambda p: p.version.intitule, largeur=40),
    Colonne("Certificateur", lambda p: p.certificateur.raison_sociale, largeur=32),
    Colonne("Délivré le", lambda p: p.delivre_le, largeur=14),
    Colonne("Échéance", lambda p: echeance(p.delivre_le), imprimee=True, largeur=14),
    Colonne("État", lambda p: LIBELLES[etat_de(p)], imprimee=True),
    Colonne("Causes", lambda p: " ".join(a["phrase"] for a in causes(p)) or hors_declaration(p), largeur=60),
)


class FileTable(TableDeListe):
    """One line per parchemin: its term first, then what keeps it here."""

    legende = "Parchemins à déclarer au SI CPF"

    numero = tables.Column("Parchemin", order_by="numero")
    titulaire = tables.Column("Titulaire", empty_values=(), order_by="titulaire__nom_plie")
    echeance = tables.Column("Échéance", empty_values=(), order_by="delivre_le")
    etat = tables.Column("État", empty_values=(), orderable=False)
    cause = tables.Column("À corriger ou à vérifier", empty_values=(), orderable=False)

    class Meta(TableDeListe.Meta):
        sequence = ("numero", "titulaire", "echeance", "etat", "cause")

    def render_numero(self, record):
        url = reverse("cpf:parchemin", args=[record.pk])
        return format_html(
            '<a class="numero nowrap" href="{}">{}</a><br><span class="petit attenue">{}</span>',
            url, record.numero, record.version.numero,
        )  # fmt: skip

    def render_titulaire(self, record):
        return record.titulaire.nom_complet

    def render_echeance(self, record):
        return render_to_string("cpf/_echeance.html", echeance_de(record))

    def render_etat(self, record):
        etat = etat_de(record)
        return render_to_string("cpf/_etat_file.html", {"etat": etat, "libelle": LIBELLES[etat]})

    def render_cause(self, record):
        lignes = causes(record)
        contexte = {"anomalies": lignes[:2], "reste": len(lignes) - 2, "hors": hors_declaration(record)}
        return render_to_string("cpf/_causes.html", contexte)


def echeance_de(parchemin) -> dict:
    """The term as a line shows it; no countdown once there is nothing left to send."""
    terme = echeance(parchemin.delivre_le)
    jours = (terme - timezone.localdate()).days
    en_suspens = etat_de(parchemin) not in {"accepte", "hors"}
    return {"echeance": date_format(terme, "d/m/Y"), "jours": jours, "en_suspens": en_suspens}


class FileFiltre(django_filters.FilterSet):
    """By body, certification, urgency, and place where things are put right."""

    certificateur = django_filters.ModelChoiceFilter(
        label="Certificateur", queryset=Organisme.objects.none(), empty_label="Tous"
    )
    certification = django_filters.ModelChoiceFilter(
        field_name="version__certification",
        label="Certification",
        queryset=Certification.objects.none(),
        empty_label="Toutes",
    )
    echeance = django_filters.ChoiceFilter(
        label="Échéance",
        method="par_echeance",
        choices=[(bande.code, bande.libelle) for bande in BANDES],
        empty_label="Toutes",
    )
    ecran = django_filters.ChoiceFilter(
        field_name="controle_cpf__ecran",
        label="À corriger dans",
        choices=ControleCPF.Ecran.choices,
        empty_label="Tout",
    )

    correction = django_filters.ChoiceFilter(
        label="Correction demandée",
        method="par_correction",
        choices=[("demandee", "par la Caisse des dépôts")],
        empty_label="Peu importe",
    )

    class Meta:
        model = Parchemin
        fields = ["certificateur", "certification", "echeance", "ecran", "correction"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        siens = self.request.user.organismes_ids("certificateur")
        delivrees = Certification.objects.filter(versions__parchemins__certificateur__in=siens).distinct()
        self.filters["certificateur"].queryset = Organisme.objects.filter(pk__in=siens).order_by("raison_sociale")
        self.filters["certification"].queryset = delivrees.order_by("slug")

    def par_echeance(self, objets, nom, valeur):
        bande = next(bande for bande in BANDES if bande.code == valeur)
        return objets.filter(bande.condition(timezone.localdate()))

    def par_correction(self, objets, nom, valeur):
        return objets.filter(pk__in=DemandeCDC.objects.ouvertes().values("parchemin"))


class File(EcranDeListe):
    """Everything that the bodies of this person owe to the SI CPF, the nearest term first."""

    roles = ("certificateur",)
    model = Parchemin
    template_name = "cpf/file.html"
    liste = "cpf:file"
    titre = "File de déclaration"
    nom, nom_pluriel = "parchemin", "parchemins"
    ordre = ("delivre_le", "pk")
    table_class = FileTable
    filterset_class = FileFiltre
    noms_des_filtres = "certificateur, certification, échéance, correction"
    nom_des_statuts = "État"
    statuts = ETATS
    masques = MASQUES
    colonnes = COLONNES
    ou_chercher = "un nom ou un numéro de parchemin"

    def get_queryset(self):
        siens = self.request.user.organismes_ids("certificateur")
        return annoter(Parchemin.objects.filter(certificateur__in=siens))

    def get(self, request, *args, **kwargs):
        rafraichir(Organisme.objects.filter(pk__in=request.user.organismes_ids("certificateur")))
        return super().get(request, *args, **kwargs)

    def chercher(self, objets, texte):
        for mot in texte.split():
            objets = objets.filter(Q(numero__icontains=mot) | Q(titulaire__nom_plie__contains=plier(mot)))
        return objets

    def completer(self, objets):
        return lire(objets)
