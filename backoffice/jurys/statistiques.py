"""What juries did, in figures: each one is a count of a list that anybody who reads it may open.

One row per passage: a dossier on the list of a session whose minutes are sealed. What came out of it is read in the
journal, where the act that drew the consequences of the minutes wrote it: a later decision changes nothing of it.
"""

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import BigIntegerField, Case, CharField, Exists, F, OuterRef, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from backoffice.candidatures.workflow import MODELE
from backoffice.evaluations.models import ResultatCompetence
from backoffice.parcours.models import ModaliteAcces
from registre.models import Certification, EntreeJournal, Organisme

from .models import DecisionBloc, Deport, Inscription, ProcesVerbal, SessionJury

RESULTATS = (
    ("validee", "Validé"),
    ("partielle", "Partiel"),
    ("non_validee", "Non validé"),
    ("proposee", "Proposition rendue"),
    ("ajournee", "Ajourné"),
    ("absente", "Absent"),
    ("excusee", "Excusé"),
)
# The colour of each in the style sheet: the same as in the lists.
COULEURS = {
    "validee": "--valide",
    "partielle": "--partiel",
    "non_validee": "--refus",
    "proposee": "--info",
    "ajournee": "--ocre-trait",
    "absente": "--pierre-2",
    "excusee": "--encre-2",
}
DECIDES = ("validee", "partielle", "non_validee")


def passages(utilisateur):
    """Every dossier that a sealed session of one's scope examined, with what came out of it (`resultat`)."""
    return avec_leur_resultat(Inscription.objects.all().visibles_par(utilisateur))


def avec_leur_resultat(inscriptions):
    """Of these, those that a sealed session examined, with what came out of each."""
    suites = (
        EntreeJournal.objects.filter(
            objet_type=MODELE, objet_id=OuterRef("candidature_id"), verbe__in=("decider", "proposer")
        )
        .annotate(passage=Cast(KeyTextTransform("inscription", "details"), BigIntegerField()))
        .filter(passage=OuterRef("pk"))
        .order_by("sequence")
        .values("etat_apres")[:1]
    )
    pour = ResultatCompetence.objects.filter(evaluation__candidature=OuterRef("candidature_id"), acquis=True)
    contre = ResultatCompetence.objects.filter(
        evaluation=OuterRef("evaluation"), competence=OuterRef("competence"), acquis=False
    )
    pv = ProcesVerbal.objects.filter(session=OuterRef("session_id"), rang=0)
    return inscriptions.filter(retiree_le=None, session__etat=SessionJury.Etat.SCELLEE).annotate(
        resultat=Case(
            When(issue=Inscription.Issue.DECIDEE, then=Coalesce(Subquery(suites), Value("proposee"))),
            default=F("issue"),
            output_field=CharField(),
        ),
        rattrape=Exists(DecisionBloc.objects.filter(inscription=OuterRef("pk"), rattrapage=True)),
        deporte=Exists(Deport.objects.filter(inscription=OuterRef("pk"))),
        diverge=Exists(pour.filter(Exists(contre))),
        scelle=Subquery(pv.values("scelle_le")[:1]),
        notifiee=Coalesce("notifiee_le", Subquery(pv.values("scelle_le")[:1])),
    )


def hors_delai(objets) -> list[int]:
    """The passages whose result was told later than their parcours allows; a proposal is not told."""
    dits = avec(objets, "notifie").values_list(
        "pk", "session__ouverte_le", "session__debut", "notifiee", "candidature__modalite_acces",
        "candidature__parcours__delai_notification", "candidature__parcours__delai_notification_vae",
    )  # fmt: skip
    return [
        pk
        for pk, ouverte, debut, notifiee, voie, delai, en_vae in dits
        if timezone.localdate(notifiee)
        > timezone.localdate(ouverte or debut) + timedelta(days=en_vae if voie == ModaliteAcces.VAE else delai)
    ]


class PassageFiltre(django_filters.FilterSet):
    """The period and what narrows it, all in the address; every choice stays within what the person sees."""

    du = django_filters.DateFilter(
        label="Jurys du", field_name="session__debut__date", lookup_expr="gte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    au = django_filters.DateFilter(
        label="au", field_name="session__debut__date", lookup_expr="lte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    certification = django_filters.ModelChoiceFilter(
        label="CQP",
        queryset=Certification.objects.none(),
        field_name="candidature__version__certification",
        empty_label="Tous",
    )
    porteur = django_filters.ModelChoiceFilter(
        label="Porteur", queryset=Organisme.objects.none(), field_name="candidature__porteur", empty_label="Tous"
    )
    acces = django_filters.ChoiceFilter(
        label="Voie d’accès",
        choices=ModaliteAcces.choices,
        field_name="candidature__modalite_acces",
        empty_label="Toutes",
    )
    instance = django_filters.ChoiceFilter(
        label="Jury", choices=SessionJury.Instance.choices, field_name="session__instance", empty_label="Tous"
    )

    class Meta:
        model = Inscription
        fields = ["du", "au", "certification", "porteur", "acces", "instance"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        vus = Inscription.objects.all().visibles_par(self.request.user)
        certifications = Certification.objects.filter(pk__in=vus.values("candidature__version__certification"))
        self.filters["certification"].queryset = certifications.order_by("intitule_usuel")
        porteurs = Organisme.objects.filter(pk__in=vus.values("candidature__porteur"))
        self.filters["porteur"].queryset = porteurs.order_by("raison_sociale")


# What a figure proves beside the results.
FAITS = (
    ("diverge", "Évaluateurs en désaccord"),
    ("rattrape", "Rattrapage par le jury"),
    ("deporte", "Avec un déport"),
    ("revoquee", "Décision révoquée"),
    ("hors_delai", "Résultat notifié hors délai"),
)


# Not a figure of the page, but what some of them count.
PARTICULARITES = (*FAITS, ("notifie", "Résultat dit au candidat"))


class PassageListeFiltre(PassageFiltre):
    """The same, and one session, or what happened there."""

    session = django_filters.ModelChoiceFilter(
        label="Session", queryset=SessionJury.objects.none(), empty_label="Toutes"
    )
    fait = django_filters.ChoiceFilter(
        label="Particularité", choices=PARTICULARITES, method="avec", empty_label="Toutes"
    )

    class Meta(PassageFiltre.Meta):
        fields = [*PassageFiltre.Meta.fields, "session", "fait"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        siennes = SessionJury.objects.filter(etat=SessionJury.Etat.SCELLEE).visibles_par(self.request.user)
        self.filters["session"].queryset = siennes

    def avec(self, objets, nom, valeur):
        return avec(objets, valeur)


def avec(objets, fait: str):
    """Of these passages, those to which this happened."""
    if fait == "revoquee":
        return objets.filter(revoquee_le__isnull=False)
    if fait == "notifie":
        # A proposal to the CPNE is not told.
        return objets.exclude(session__instance=SessionJury.Instance.EVALUATION)
    if fait == "hors_delai":
        return objets.filter(pk__in=hors_delai(objets))
    return objets.filter(**{fait: True})
