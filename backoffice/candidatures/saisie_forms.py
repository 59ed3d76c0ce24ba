"""Forms of the guided entry: each keeps all that has a good shape, and gives back what has not instead of losing it."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.db.models import Q
from stdnum.fr import siret as stdnum_siret

from backoffice.parcours.models import ModaliteAcces, Parcours
from registre.models import Organisme
from registre.textes import normaliser, plier

from .admission import voies_admises
from .fichiers import controler
from .forms import EtatCivilForm
from .models import Candidature

PROPOSES = 12


class Partielle:
    """A form whose answers are kept even when some are missing or badly written: a draft is never refused."""

    use_required_attribute = False

    @property
    def mal_ecrits(self) -> dict[str, str]:
        """What was typed and has not the shape it should, by name of field in the page."""
        return {
            self.add_prefix(nom): str(self[nom].data or "")
            for nom, erreurs in self.errors.as_data().items()
            if nom != NON_FIELD_ERRORS and {e.code for e in erreurs} != {"required"}
        }

    def vider_les_fautifs(self) -> None:
        """Leave nothing on the instance under the fields that are missing or badly written."""
        colonnes = {champ.name: champ for champ in self._meta.model._meta.concrete_fields}
        for nom in self.errors:
            if champ := colonnes.get(nom):
                if champ.null:
                    setattr(self.instance, nom, None)
                elif isinstance(champ, models.CharField):
                    setattr(self.instance, nom, "")

    def taire_les_absences(self) -> None:
        """Before anybody has typed: what is merely missing is told by the panel, not shouted beside each field."""
        for nom, erreurs in list(self.errors.as_data().items()):
            if {e.code for e in erreurs} == {"required"}:
                del self._errors[nom]


def relire(classe, defauts: dict[str, str], voir_les_absences: bool, **options):
    """The form as it was left: what is stored, and over it what was typed and could not be."""
    vierge = classe(**options)
    donnees = {}
    for nom, champ in vierge.fields.items():
        valeur = champ.prepare_value(vierge.get_initial_for_field(champ, nom))
        donnees[vierge.add_prefix(nom)] = "" if valeur is None else str(valeur)
    form = classe({**donnees, **defauts}, **options)
    form.is_valid()
    if not voir_les_absences:
        form.taire_les_absences()
    return form


class ObjectifForm(Partielle, forms.ModelForm):
    """Which option, by which way; and, when the dossier is being opened, for which établissement."""

    class Meta:
        model = Candidature
        fields = ["etablissement", "option", "modalite_acces"]
        help_texts = {
            "etablissement": "L’entreprise qui emploie la personne ou qui présente sa candidature.",
            "modalite_acces": "Seules les voies ouvertes pour ce CQP sont proposées.",
        }

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        self.acteur, version = acteur, self.instance.version
        if self.instance.pk:
            del self.fields["etablissement"]
            parcours = self.instance.parcours
        else:
            parcours = Parcours.objects.all().publie(version.certification, version.certification.porteur)
            proposer_les_etablissements(self, acteur)
        noms = dict(ModaliteAcces.choices)
        voies = [(v, noms[v][0].upper() + noms[v][1:]) for v in voies_admises(version, parcours)]
        self.fields["modalite_acces"].choices = [("", "Choisir la voie d’accès"), *voies]
        if len(voies) == 1:
            self.initial["modalite_acces"] = self.instance.modalite_acces or voies[0][0]
        self.fields["modalite_acces"].error_messages["invalid_choice"] = (
            "Cette voie d’accès n’est pas ouverte pour ce CQP\u00a0: choisissez-en une autre."
        )
        options = version.options.all()
        if not options:
            del self.fields["option"]
            return
        self.fields["option"].queryset = options
        self.fields["option"].required = True
        self.fields["option"].empty_label = "Choisir l’option"
        self.fields["option"].error_messages |= {
            "required": "Cette certification a des options\u00a0: choisissez celle qui est visée.",
            "invalid_choice": "Cette option n’est pas celle de la certification choisie.",
        }


def pour_le_porteur(acteur) -> bool:
    """Does this person write dossiers for a porteur, rather than for their own établissement?"""
    return acteur.a_role("gestionnaire") and not acteur.a_role("employeur")


def proposer_les_etablissements(form, acteur) -> None:
    """Offer the établissements this person writes for; the only one is chosen already."""
    offerts = Q(pk__in=acteur.organismes_ids("employeur"))
    if pour_le_porteur(acteur):
        offerts = Q(pk__in=Organisme.objects.filter(roles__nom="employeur").values("pk"))
    if form.instance.pk:
        offerts |= Q(pk=form.instance.etablissement_id)
    champ = form.fields["etablissement"]
    champ.queryset = Organisme.objects.filter(offerts)
    champ.empty_label = "Choisir l’établissement"
    champ.label_from_instance = lambda o: f"{o.raison_sociale} ({o.siret})" if o.siret else o.raison_sociale
    champs = list(champ.queryset[:2])
    if not form.instance.pk and len(champs) == 1:
        form.initial["etablissement"] = champs[0].pk


class PersonneForm(Partielle, EtatCivilForm):
    """The civil status, while it is being typed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"prefix": "titulaire", **kwargs})


class FormationForm(Partielle, forms.ModelForm):
    """Where the person works and who trains them: what is known is chosen, the rest is found by SIRET or by name."""

    organisme_cherche = forms.CharField(
        label="Un autre organisme de formation",
        required=False,
        max_length=120,
        help_text="Son SIRET (14 chiffres) ou le début de son nom.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    organisme_nom = forms.CharField(
        label="Raison sociale, si la plateforme ne connaît pas encore ce SIRET",
        required=False,
        max_length=255,
    )

    class Meta:
        model = Candidature
        fields = ["etablissement", "organisme_formation"]
        widgets = {"organisme_formation": forms.RadioSelect}
        help_texts = {"organisme_formation": "Ceux des dossiers précédents de l’établissement sont proposés ici."}

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        self.acteur = acteur
        proposer_les_etablissements(self, acteur)
        champ = self.fields["organisme_formation"]
        champ.queryset = Organisme.objects.filter(pk__in=self._connus()).order_by("raison_sociale", "pk")
        champ.empty_label = "Aucun (VAE, candidature individuelle, pas encore choisi)"
        champ.label_from_instance = lambda o: f"{o.raison_sociale} ({o.siret})" if o.siret else o.raison_sociale

    def _connus(self) -> set[int]:
        """The one of this dossier, those of the établissement's earlier dossiers, those that the search finds."""
        siens = Candidature.objects.filter(etablissement=self.instance.etablissement_id)
        recents = siens.exclude(organisme_formation=None).order_by("-pk").values_list("organisme_formation", flat=True)
        connus = set(recents[:100]) | {self.instance.organisme_formation_id}
        if self.is_bound and (cherche := self.data.get(self.add_prefix("organisme_cherche"), "").strip()):
            connus |= {o.pk for o in _trouver(cherche)}
        return connus - {None}

    def clean(self):
        donnees = super().clean()
        cherche, nom = donnees.get("organisme_cherche", ""), normaliser(donnees.get("organisme_nom", ""))
        if cherche and "organisme_cherche" not in self.errors:
            trouves = _trouver(cherche)
            choisi = donnees.get("organisme_formation")
            if choisi is None or choisi not in trouves:
                donnees["organisme_formation"] = self._seul(cherche, trouves, nom)
        return donnees

    def _seul(self, cherche: str, trouves: list[Organisme], nom: str) -> Organisme | None:
        siret = "".join(c for c in cherche if c.isdigit())
        if len(trouves) == 1:
            return trouves[0]
        if trouves:
            self.add_error("organisme_cherche", "Plusieurs organismes répondent\u00a0: choisissez dans la liste.")
        elif len(siret) < 9:
            self.add_error(
                "organisme_cherche",
                "Aucun organisme connu ne porte ce nom\u00a0: donnez son SIRET, et sa raison sociale ci-dessous.",
            )
        elif not stdnum_siret.is_valid(siret):
            self.add_error("organisme_cherche", "Ce numéro SIRET n’existe pas\u00a0: vérifiez ses 14 chiffres.")
        elif not nom:
            self.add_error(
                "organisme_nom", "Ce SIRET n’est pas encore connu de la plateforme\u00a0: donnez la raison sociale."
            )
        else:
            return Organisme(siret=siret, raison_sociale=nom)
        return None


def _trouver(cherche: str) -> list[Organisme]:
    """Bodies with a SIRET: the one of this number, else those whose name holds each word."""
    siret = "".join(c for c in cherche if c.isdigit())
    organismes = Organisme.objects.exclude(siret="")
    if len(siret) >= 9 and not any(c.isalpha() for c in cherche):
        return list(organismes.filter(siret=siret))
    mots = plier(cherche).split()
    for mot in mots:
        organismes = organismes.filter(nom_plie__contains=mot)
    return list(organismes.order_by("raison_sociale", "pk")[:PROPOSES]) if mots else []


class PiecesForm(forms.Form):
    """One field per pièce asked for; each file that is good enters, whatever the others are."""

    def __init__(self, *args, candidature, **kwargs):
        super().__init__(*args, **kwargs)
        self.requises = {f"piece-{r.pk}": r for r in candidature.parcours.pieces.all()}
        fournies = {p.requise_id: p for p in candidature.pieces.all() if p.retiree_le is None}
        for nom, requise in self.requises.items():
            self.fields[nom] = forms.FileField(
                label=requise.libelle,
                required=False,
                max_length=150,
                widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
                help_text=requise.aide,
            )
            self.fields[nom].piece = fournies.get(requise.pk)
            self.fields[nom].facultative = not requise.obligatoire

    def _clean_fields(self):
        super()._clean_fields()
        for nom in self.requises:
            if fichier := self.cleaned_data.get(nom):
                try:
                    self.cleaned_data[nom] = controler(fichier)
                except forms.ValidationError as erreur:
                    self.add_error(nom, erreur)
