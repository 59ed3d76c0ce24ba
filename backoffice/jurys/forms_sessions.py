"""Forms of a session: planned, changed."""

import copy
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.candidatures.forms import MotifForm, TextesSains
from backoffice.comptes.models import Role, Utilisateur
from backoffice.parcours.models import Parcours
from registre.models import Certification, Organisme

from .models import SessionJury


def delais_de(certifications) -> tuple[int, int]:
    """(days of the closing of registrations, days of the dossiers to the members) that these parcours ask for."""
    publies = [p for p in (Parcours.objects.all().publie(c) for c in certifications) if p]
    champs = ("delai_inscription_jury", "delai_envoi_dossiers")
    if not publies:
        return tuple(Parcours._meta.get_field(champ).default for champ in champs)
    return tuple(max(getattr(p, champ) for p in publies) for champ in champs)


class SessionForm(TextesSains, forms.ModelForm):
    """Plan a session. A date left empty is the one that the parcours asks for; a shorter one is asked about, once."""

    lien_visio = forms.URLField(label="Lien de visioconférence", required=False, assume_scheme="https")
    limite_inscription = forms.DateField(
        label="Inscriptions jusqu’au",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Vide\u00a0: la date que demande le parcours des certifications choisies.",
    )
    garder_la_date = forms.BooleanField(label="Je garde cette date limite", required=False)

    class Meta:
        model = SessionJury
        fields = [
            "instance",
            "certificateur",
            "certifications",
            "debut",
            "duree_minutes",
            "lieu",
            "lien_visio",
            "capacite",
            "limite_inscription",
            "acces_membres_jours",
            "secretaire",
            "candidats_recus",
            "consignes",
        ]
        widgets = {
            "debut": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            "certifications": forms.CheckboxSelectMultiple,
            "consignes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["certifications"].queryset = Certification.objects.all().visibles_par(acteur)
        self.fields["debut"].input_formats = ["%Y-%m-%dT%H:%M"]
        self.fields["secretaire"].queryset = self._secretaires()
        self.fields["secretaire"].empty_label = "Personne pour le moment"
        if "certificateur" in self.fields:
            self._proposer_le_jury()
        if "limite_inscription" not in self.data or self._limite_assez_tot():
            self.fields["garder_la_date"].widget = forms.HiddenInput()

    def _proposer_le_jury(self):
        certificateur, instance = self.fields["certificateur"], self.fields["instance"]
        certificateur.queryset = Organisme.objects.filter(
            roles_certification__role="cpne",
            roles_certification__version__certification__in=self.fields["certifications"].queryset,
        ).distinct()
        certificateur.empty_label = "Choisir le certificateur"
        if len(certificateurs := certificateur.queryset[:2]) == 1:
            certificateur.initial = certificateurs[0]
        instance.label = "Jury"
        instance.choices = [(v, nom[0].upper() + nom[1:]) for v, nom in SessionJury.Instance.choices]

    def _secretaires(self):
        """Who works for the porteurs or the certificateurs of these certifications."""
        certifications = self.fields["certifications"].queryset
        du_porteur = Q(nom=Role.Nom.GESTIONNAIRE, organisme__in=certifications.values("porteur"))
        du_certificateur = Q(nom=Role.Nom.CERTIFICATEUR)
        roles = Role.objects.actifs().filter(du_porteur | du_certificateur)
        en_place = Q(pk=self.instance.secretaire_id) if self.instance.secretaire_id else Q(pk__in=[])
        gens = Utilisateur.objects.filter(Q(is_active=True, roles__in=roles) | en_place)
        return gens.distinct().order_by("nom", "prenom", "pk")

    def _lire(self, nom):
        """What is typed in this field, None when it is not a value of it."""
        champ = self.fields[nom]
        try:
            return champ.clean(champ.widget.value_from_datadict(self.data, self.files, self.add_prefix(nom)))
        except forms.ValidationError:
            return None

    def _limite_assez_tot(self) -> bool:
        debut, limite, certifications = (self._lire(nom) for nom in ("debut", "limite_inscription", "certifications"))
        if not (debut and limite):
            return True
        return limite <= timezone.localdate(debut) - timedelta(days=delais_de(certifications or ())[1])

    def clean(self):
        donnees = super().clean()
        debut = donnees.get("debut")
        if debut and debut <= timezone.now():
            self.add_error("debut", "Cette date est passée\u00a0: choisissez une date à venir.")
        if debut and "limite_inscription" in donnees:
            self._regler_la_limite(donnees, timezone.localdate(debut))
        if not donnees.get("lieu") and not donnees.get("lien_visio"):
            self.add_error("lieu", "Indiquez un lieu ou un lien de visioconférence.")
        return donnees

    def _regler_la_limite(self, donnees, jury):
        inscription, envoi = delais_de(donnees.get("certifications") or self._certifications_gardees())
        if donnees["limite_inscription"] is None:
            au_plus_tard = jury - timedelta(days=max(inscription, envoi))
            donnees["limite_inscription"] = self.instance.limite_inscription = au_plus_tard
            return
        limite = donnees["limite_inscription"]
        if limite > jury:
            self.add_error("limite_inscription", "Les inscriptions se terminent avant le jury.")
        elif limite > jury - timedelta(days=envoi) and not donnees.get("garder_la_date"):
            conseil = date_format(jury - timedelta(days=envoi), "j F Y")
            self.add_error(
                "limite_inscription",
                f"Le parcours remet les dossiers aux membres {envoi} jours avant le jury\u00a0: un dossier inscrit ce "
                f"jour-là leur arriverait {(jury - limite).days} jours avant. Choisissez le {conseil} au plus tard, "
                "ou cochez «\u202fJe garde cette date limite\u202f».",
            )

    def _certifications_gardees(self):
        return self.instance.certifications.all() if self.instance.pk else ()


class ModificationForm(SessionForm):
    """Change a planned session. Which jury and whose it is do not change: that would be another session."""

    class Meta(SessionForm.Meta):
        fields = [nom for nom in SessionForm.Meta.fields if nom not in ("instance", "certificateur")]

    def __init__(self, *args, objet, acteur, **kwargs):
        # A copy: what is typed and refused must not change the session that the page shows.
        super().__init__(*args, acteur=acteur, instance=copy.copy(objet), **kwargs)
        self.fields["limite_inscription"].required = True
        self.fields["limite_inscription"].help_text = ""

    def clean_certifications(self):
        """Those of other porteurs, which this person does not see, stay."""
        choisies, offertes = self.cleaned_data["certifications"], self.fields["certifications"].queryset
        autres = self.instance.certifications.exclude(pk__in=offertes.values("pk"))
        return Certification.objects.filter(Q(pk__in=choisies) | Q(pk__in=autres)).distinct()


class AnnulationForm(MotifForm):
    """Why a session does not take place: everybody who expected it reads it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].help_text = "Lu par les personnes que l’annulation touche."
