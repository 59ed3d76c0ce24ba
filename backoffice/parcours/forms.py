"""The pages of a draft as forms: fields of the rules, lines of pièces and prerequisites, coefficients."""

from decimal import Decimal

from django import forms
from django.utils.html import format_html
from django.utils.text import slugify

from registre.models import Certification, Organisme

from .models import ModaliteAcces, Parcours, PieceRequise, Ponderation, Prerequis
from .sections import AIDES, Section

VOIES = [(valeur, nom[0].upper() + nom[1:]) for valeur, nom in ModaliteAcces.choices]


def voies(libelle: str, aide: str = "") -> forms.MultipleChoiceField:
    """Ways of access to tick; none ticked has a meaning of its own, said in the help."""
    return forms.MultipleChoiceField(
        label=libelle, choices=VOIES, required=False, widget=forms.CheckboxSelectMultiple, help_text=aide
    )


class ReglesForm(forms.ModelForm):
    """The fields of one page of a draft. What does not hold together is said by the control, not refused here."""

    class Meta:
        model = Parcours
        fields = list(AIDES)

    def __init__(self, *args, section: Section, **kwargs):
        super().__init__(*args, **kwargs)
        for nom in list(self.fields):
            if nom not in section.champs:
                del self.fields[nom]
        for nom in ("modalites", "modalites_sans_recevabilite"):
            if nom in self.fields:
                champ = self.fields[nom]
                self.fields[nom] = voies(champ.label, champ.help_text)
        self.order_fields(section.champs)
        for nom, champ in self.fields.items():
            aide, fondement = AIDES[nom]
            champ.help_text = format_html('{} <span class="attenue">{}.</span>', aide, fondement)

    def _get_validation_exclusions(self):
        # The constraints of a published version are the control's to explain: a draft is saved as it is.
        return {champ.name for champ in Parcours._meta.fields if champ.name not in self.fields} | {"etat"}


def code_libre(libelle: str, pris: set[str]) -> str:
    """A code made from the words, unlike those already there: it follows the line from version to version."""
    base = slugify(libelle)[:26].strip("-") or "ligne"
    code, rang = base, 2
    while code in pris:
        code, rang = f"{base}-{rang}", rang + 1
    return code


class _LigneForm(forms.ModelForm):
    ordre = forms.IntegerField(label="Rang", required=False, min_value=0, max_value=999)

    def clean_ordre(self):
        return self.cleaned_data["ordre"] or 0


class PieceForm(_LigneForm):
    """One pièce that the dossier must hold."""

    class Meta:
        model = PieceRequise
        fields = ["libelle", "aide", "obligatoire", "ordre"]
        help_texts = {"aide": "Ce que la personne lit sous le nom de la pièce."}


class PrerequisForm(_LigneForm):
    """One condition of admission."""

    class Meta:
        model = Prerequis
        fields = [
            "libelle",
            "aide",
            "nature",
            "piece",
            "seuil",
            "unite",
            "validite_mois",
            "modalites",
            "obligatoire",
            "ordre",
        ]
        help_texts = {
            "seuil": "Par exemple 36, avec l’unité «\u202fmois d’expérience\u202f».",
            "piece": "Une pièce de la page «\u202fPièces demandées\u202f».",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["modalites"] = voies("Voies d’accès concernées", "Rien de coché\u00a0: toutes les voies d’accès.")
        self.fields["piece"].empty_label = "Aucune pièce"
        self.order_fields(self.Meta.fields)

    def clean(self):
        donnees = super().clean()
        if donnees.get("nature") == Prerequis.Nature.SEUIL and donnees.get("seuil") is None:
            self.add_error("seuil", "Indiquez la valeur à atteindre.")
        return donnees


class LignesFormSet(forms.BaseInlineFormSet):
    """Lines of a draft: changed, removed, added; each keeps its code, each new one takes the next rank."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer"
        if "piece" in form.fields:
            form.fields["piece"].queryset = self.instance.pieces.all()

    def enregistrer(self, parcours: Parcours) -> int:
        """Write the lines of this draft, locked by the verb; return how many were touched."""
        self.instance = parcours
        lignes = self.save(commit=False)
        for ligne in self.deleted_objects:
            ligne.delete()
        modele = self.model.objects.filter(parcours=parcours)
        pris = set(modele.values_list("code", flat=True))
        rang = max(modele.values_list("ordre", flat=True), default=0)
        for ligne in lignes:
            ligne.parcours = parcours
            if not ligne.code:
                ligne.code = code_libre(ligne.libelle, pris)
                pris.add(ligne.code)
                rang += 1
                ligne.ordre = ligne.ordre or rang
            ligne.save()
        return len(lignes) + len(self.deleted_objects)


def _jeu(modele, formulaire):
    return forms.inlineformset_factory(
        Parcours, modele, form=formulaire, formset=LignesFormSet, extra=1, can_delete=True, max_num=60
    )


JEUX = {"pieces": _jeu(PieceRequise, PieceForm), "prerequis": _jeu(Prerequis, PrerequisForm)}


class CoefficientsForm(forms.Form):
    """A coefficient per compétence, by version and by bloc; empty counts for 1."""

    def __init__(self, *args, parcours: Parcours, versions, **kwargs):
        super().__init__(*args, **kwargs)
        connus = dict(parcours.ponderations.values_list("competence_id", "coefficient"))
        self.groupes = []
        for version in versions:
            blocs = [(bloc, [self._ajouter(c, connus) for c in bloc.competences.all()]) for bloc in version.blocs.all()]
            self.groupes.append((version, blocs))

    def _ajouter(self, competence, connus) -> str:
        nom = f"c{competence.pk}"
        self.fields[nom] = forms.DecimalField(
            label=f"{competence.code} – {competence.libelle}",
            required=False,
            min_value=Decimal("0.01"),
            max_digits=4,
            decimal_places=2,
            initial=connus.get(competence.pk),
            widget=forms.NumberInput(attrs={"step": "0.01", "placeholder": "1"}),
        )
        return nom

    def par_version(self) -> list[dict]:
        """What the page shows: versions, their blocs, the bound field of each compétence."""
        return [
            {"version": v, "blocs": [{"bloc": b, "champs": [self[nom] for nom in noms]} for b, noms in blocs]}
            for v, blocs in self.groupes
        ]

    def enregistrer(self, parcours: Parcours) -> int:
        """Write the coefficients given; those of compétences that the page does not hold go away."""
        donnes = {int(nom[1:]): valeur for nom, valeur in self.cleaned_data.items() if valeur is not None}
        parcours.ponderations.exclude(competence__in=donnes).delete()
        Ponderation.objects.bulk_create(
            (Ponderation(parcours=parcours, competence_id=pk, coefficient=c) for pk, c in donnes.items()),
            update_conflicts=True,
            unique_fields=["parcours", "competence"],
            update_fields=["coefficient"],
        )
        return len(donnes)


class NouveauForm(forms.Form):
    """Which certification the rules are for, whose dossiers follow them, and from which rules they begin."""

    certification = forms.ModelChoiceField(label="Certification", queryset=None, empty_label="Choisir la certification")
    porteur = forms.ModelChoiceField(
        label="Pour les dossiers de",
        queryset=None,
        required=False,
        empty_label="Tous les porteurs de la certification",
        help_text="Les règles propres à un porteur passent avant celles qui valent pour tous.",
    )
    source = forms.ModelChoiceField(
        label="Reprendre les règles de",
        queryset=None,
        required=False,
        empty_label="Les règles par défaut",
        help_text="Tout est copié\u00a0: étapes, pièces, prérequis, coefficients, délais.",
    )

    def __init__(self, *args, acteur, **kwargs):
        super().__init__(*args, **kwargs)
        certifications = Certification.objects.all().visibles_par(acteur)
        self.fields["certification"].queryset = certifications
        self.fields["porteur"].queryset = Organisme.objects.filter(certifications_portees__in=certifications).distinct()
        siens = Parcours.objects.all().modifiables_par(acteur).select_related("certification")
        self.fields["source"].queryset = siens.order_by("certification__intitule_usuel", "-numero")
        self.fields["source"].label_from_instance = lambda p: f"{p.certification}, version {p.numero}"

    def clean(self):
        donnees = super().clean()
        certification, porteur = donnees.get("certification"), donnees.get("porteur")
        if certification and porteur and porteur.pk != certification.porteur_id:
            self.add_error("porteur", f"«\u202f{porteur}\u202f» ne porte pas cette certification.")
        return donnees
