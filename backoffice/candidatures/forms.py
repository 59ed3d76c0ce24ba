"""Forms of the dossier and of its verbs. A form checks the shape of what is typed; rules stand in workflow.py."""

import re
from functools import cached_property

from django import forms
from django.db.models import Q

from backoffice.parcours.models import ModaliteAcces, Parcours
from registre.models import OptionCertification, Organisme, Titulaire, VersionCertification

from .fichiers import controler
from .models import Candidature
from .naissance import LieuNaissanceMixin
from .vraisemblance import PRENOMS, Avertissement, avertissements


class VerbeForm(forms.Form):
    """Base of the forms of verbs: it knows the object and the person."""

    def __init__(self, *args, objet, acteur, **kwargs):
        self.objet, self.acteur = objet, acteur
        super().__init__(*args, **kwargs)


class MotifForm(VerbeForm):
    """A decision that the person concerned will read the reason of."""

    motif = forms.CharField(
        label="Motif",
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=10,
        max_length=2000,
        help_text="Ce texte est lu par la personne concernée : dites ce qui manque et ce qu’il faut faire.",
    )


class PieceForm(VerbeForm):
    """One pièce: which one it is, and the file."""

    requise = forms.ModelChoiceField(label="Pièce", queryset=None, empty_label="Choisir la pièce")
    fichier = forms.FileField(
        label="Fichier",
        help_text="PDF, JPEG ou PNG, 10 Mo et 50 pages au plus.",
        max_length=150,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["requise"].queryset = self.objet.parcours.pieces.all()
        self.fields["requise"].initial = next(iter(self.objet.pieces_manquantes()), None)

    def clean_fichier(self):
        return controler(self.cleaned_data["fichier"])


class RetraitPieceForm(VerbeForm):
    """Which pièce is taken out of the dossier."""

    piece = forms.ModelChoiceField(label="Pièce à retirer", queryset=None, empty_label="Choisir la pièce")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["piece"].queryset = self.objet.pieces.filter(retiree_le=None)


class ChampAverti(forms.BoundField):
    """A field that also carries doubts, told beside it and to screen readers."""

    @property
    def avertissements(self) -> list[Avertissement]:
        return [a for a in self.form.avertissements if a.champ == self.name]

    @property
    def aria_describedby(self):
        decrit = super().aria_describedby
        if not (self.auto_id and self.avertissements):
            return decrit
        return f"{decrit or ''} {self.auto_id}_avertissement".strip()


class EtatCivilForm(LieuNaissanceMixin):
    """The civil status, at the precision the SI CPF matches on, with the doubts that never block."""

    bound_field_class = ChampAverti

    class Meta:
        model = Titulaire
        fields = [
            "sexe",
            "nom_naissance",
            "nom_usage",
            "prenom1",
            "prenom2",
            "prenom3",
            "jour_naissance",
            "mois_naissance",
            "annee_naissance",
            "commune_naissance",
            "code_insee_naissance",
            "code_postal_naissance",
            "libelle_pays_naissance",
            "pays_naissance",
            "courriel",
            "telephone",
        ]
        help_texts = {
            "nom_naissance": "Celui de l’acte de naissance, avec ses accents. Le nom marital va dans « nom d’usage ».",
            "prenom1": "Un seul prénom ici : les suivants ont leur propre champ.",
            "commune_naissance": "Telle qu’elle s’appelait à la naissance.",
            "code_insee_naissance": "5 caractères, différent du code postal : 69383 pour Lyon 3e, 2A004 pour Ajaccio. "
            "Laissez vide pour une naissance à l’étranger.",
            "pays_naissance": "99100 pour la France, 99139 pour le Portugal…",
            "courriel": "La personne y reçoit les nouvelles de son dossier.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sexe"].choices = [("", "Choisir"), *Titulaire.Sexe.choices]
        for champ in self.fields.values():
            champ.template_name = "candidatures/champ_averti.html"

    @cached_property
    def avertissements(self) -> list[Avertissement]:
        """Doubts about what is typed or, before that, stored; none on an empty form."""
        if not self.is_bound and not self.instance.pk:
            return []
        self.errors  # noqa: B018 - what is typed reaches the instance when the form is checked
        return avertissements(self.instance)

    def clean(self):
        donnees = super().clean()
        for champ in PRENOMS:
            # The SI CPF takes no such name: controles of the CPF would keep the person out of every lot.
            if re.search(r"[,;/]", donnees.get(champ) or ""):
                self.add_error(
                    champ, "Un seul prénom par champ\u00a0: placez les suivants dans les champs qui suivent."
                )
        return donnees


class CandidatureForm(forms.ModelForm):
    """What the person aims at, and for whom they work."""

    version = forms.ModelChoiceField(
        label="Certification visée", queryset=VersionCertification.objects.none(), empty_label="Choisir un CQP"
    )

    class Meta:
        model = Candidature
        fields = ["version", "option", "etablissement", "organisme_formation", "modalite_acces"]

    def __init__(self, *args, acteur, **kwargs):
        self.acteur = acteur
        super().__init__(*args, **kwargs)
        self._proposer_versions()
        self._proposer_organismes()
        self._proposer_options()
        self.fields["modalite_acces"].choices = [
            ("", "Choisir la voie d’accès"),
            *((v, nom[0].upper() + nom[1:]) for v, nom in ModaliteAcces.choices),
        ]

    def _proposer_versions(self):
        if self.instance.pk:
            # A dossier keeps the version it was opened with.
            del self.fields["version"]
            return
        publies = Parcours.objects.all().en_vigueur().values("certification")
        versions = VersionCertification.objects.delivrables().filter(certification__in=publies)
        if self._pour_le_porteur():
            versions = versions.filter(certification__porteur__in=self.acteur.organismes_ids("gestionnaire"))
        self.fields["version"].queryset = versions.select_related("certification").order_by("intitule")

    def _pour_le_porteur(self) -> bool:
        return self.acteur.a_role("gestionnaire") and not self.acteur.a_role("employeur")

    def _proposer_organismes(self):
        offerts = Q(pk__in=self.acteur.organismes_ids("employeur"))
        if self._pour_le_porteur():
            offerts = Q(pk__in=Organisme.objects.filter(roles__nom="employeur").values("pk"))
        if self.instance.pk:
            offerts |= Q(pk=self.instance.etablissement_id)
        etablissements = Organisme.objects.filter(offerts)
        self.fields["etablissement"].queryset = etablissements
        self.fields["etablissement"].empty_label = "Choisir l’établissement"
        if not self.instance.pk and etablissements.count() == 1:
            self.fields["etablissement"].initial = etablissements.first()
        self.fields["organisme_formation"].queryset = Organisme.objects.exclude(siret="")
        self.fields["organisme_formation"].empty_label = "Aucun"

    def _proposer_options(self):
        """The options of the version once it is known; before that, those of the versions offered, by version."""
        champ, version = self.fields["option"], self._version()
        champ.required, champ.empty_label = False, "Sans option"
        champ.error_messages["invalid_choice"] = "Cette option n’est pas celle de la certification choisie."
        if version is not None:
            champ.queryset = version.options.all()
        else:
            champ.queryset = OptionCertification.objects.filter(version__in=self.fields["version"].queryset)
            champ.queryset = champ.queryset.select_related("version").order_by("version__intitule", "libelle")
            champ.label_from_instance = lambda option: f"{option.version.intitule}\u00a0: {option.libelle}"
        if not champ.queryset.exists():
            champ.widget = forms.HiddenInput()

    def _version(self) -> VersionCertification | None:
        if self.instance.pk:
            return self.instance.version
        saisie = self.data.get(self.add_prefix("version"), "") if self.is_bound else ""
        return self.fields["version"].queryset.filter(pk=saisie).first() if saisie.isdecimal() else None

    def clean(self):
        donnees = super().clean()
        version, option = self._version(), donnees.get("option")
        if version and not option and "option" not in self.errors and version.options.exists():
            self.add_error("option", "Cette certification a des options : choisissez celle qui est visée.")
        return donnees
