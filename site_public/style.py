"""Pages of development: every component with real content, and the mails that the demonstration wrote to files.

Neither exists in production: both answer 404 unless `settings.PAGES_DE_DEVELOPPEMENT`.
"""

import datetime
import email
import email.policy
from pathlib import Path

import django_tables2 as tables
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.views.generic import TemplateView

from site_public import style_exemples as exemples
from site_public.templatetags.composants import ICONES, STATUTS

SEPARATEUR = b"\n" + b"-" * 79 + b"\n"


class PagesDeDeveloppement:
    """404 where the development pages are closed."""

    def dispatch(self, request, *args, **kwargs):
        if not settings.PAGES_DE_DEVELOPPEMENT:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class TableExemple(tables.Table):
    legende = "Candidatures en cours"

    candidat = tables.Column(verbose_name="Candidat", linkify=lambda: "/style/")
    cqp = tables.Column(verbose_name="CQP")
    etat = tables.TemplateColumn("{% load composants %}{% statut record.etat %}", verbose_name="Statut")
    depuis = tables.DateColumn(verbose_name="Depuis", format="j F Y")
    jours = tables.Column(verbose_name="Attente (jours)", attrs={"td": {"class": "nombre"}, "th": {"class": "nombre"}})

    class Meta:
        template_name = "components/tableau.html"
        empty_text = "Aucune candidature ne correspond à ces filtres."


class FormulaireExemple(forms.Form):
    nom_naissance = forms.CharField(label="Nom de naissance", help_text="Tel qu’il figure sur la pièce d’identité.")
    prenom1 = forms.CharField(label="Premier prénom")
    naissance = forms.DateField(
        label="Date de naissance", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    courriel = forms.EmailField(label="Adresse électronique", required=False)
    voie = forms.ChoiceField(
        label="Voie d’accès",
        widget=forms.RadioSelect,
        choices=[
            ("FC", "Formation continue"),
            ("VAE", "Validation des acquis de l’expérience"),
            ("CQ", "Contrat de professionnalisation"),
        ],
    )
    etablissement = forms.ChoiceField(
        label="Établissement",
        choices=[("", "Choisir…"), ("1", "Lauzes du Gévaudan – Mende"), ("2", "Pierre et Causse – Florac")],
    )
    observations = forms.CharField(label="Observations", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    piece = forms.FileField(
        label="Diplôme ou titre", required=False, widget=forms.FileInput, help_text="PDF, JPEG ou PNG, 10 Mo au plus."
    )
    information = forms.BooleanField(label="La personne a été informée de l’usage de ses données")


class PageStyle(PagesDeDeveloppement, TemplateView):
    """`/style/`: what a template may use, seen at once. `?base=gestion` and `?base=impression` show the other bases."""

    GABARITS = {"gestion": "style/gestion.html", "impression": "style/impression.html"}

    def get_template_names(self):
        return [self.GABARITS.get(self.request.GET.get("base"), "style/public.html")]

    def get_context_data(self, **kwargs):
        contexte = super().get_context_data(**kwargs)
        table = TableExemple(exemples.CANDIDATURES, order_by="candidat")
        table.paginate(page=1, per_page=4)
        page = Paginator(range(90), 30).get_page(2)
        return contexte | {
            "ex": exemples,
            "statuts": list(STATUTS),
            "icones": ICONES,
            "jetons": exemples.JETONS,
            "table": table,
            "table_vide": TableExemple([]),
            "page_exemple": page,
            "formulaire": FormulaireExemple(),
            "formulaire_refuse": FormulaireExemple({"nom_naissance": "Vidal", "courriel": "vidal@"}, prefix="refus"),
            "formulaire_seul": FormulaireExemple(prefix="seul"),
            "menu": exemples.MENU,
            "roles_affiches": ["Gestionnaire – Association des lauziers couvreurs"],
        }


class PageCourriels(PagesDeDeveloppement, TemplateView):
    """`/style/courriels/`: mails written as files by the demonstration, newest first.

    Each of them opens something: they are read on the machine itself, never under a public name.
    """

    template_name = "style/courriels.html"

    def dispatch(self, request, *args, **kwargs):
        if not settings.COURRIELS_A_LIRE:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"courriels": courriels_ecrits()}


def courriels_ecrits(maximum: int = 100) -> list[dict]:
    """Mails found under `settings.EMAIL_FILE_PATH`, newest first: date, from, to, subject, text, attachments."""
    dossier = getattr(settings, "EMAIL_FILE_PATH", None)
    if not dossier or not Path(dossier).is_dir():
        return []
    fichiers = sorted(Path(dossier).glob("*.log"), key=lambda f: f.stat().st_mtime_ns, reverse=True)
    trouves = []
    for fichier in fichiers[:maximum]:
        # One connection of the file backend writes its mails one after the other in one file.
        morceaux = [m for m in (b"\n" + fichier.read_bytes()).split(SEPARATEUR) if m.strip()]
        trouves += [_courriel(morceau.lstrip(), fichier) for morceau in reversed(morceaux)]
    return trouves[:maximum]


def _courriel(octets: bytes, fichier: Path) -> dict:
    message = email.message_from_bytes(octets, policy=email.policy.default)
    corps = message.get_body(preferencelist=("plain", "html"))
    return {
        "ecrit_le": datetime.datetime.fromtimestamp(fichier.stat().st_mtime, tz=datetime.UTC),
        "de": str(message.get("From", "")),
        "a": str(message.get("To", "")),
        "objet": str(message.get("Subject", "")),
        "texte": corps.get_content().strip() if corps else "",
        "pieces": [piece.get_filename() or "sans nom" for piece in message.iter_attachments()],
    }
