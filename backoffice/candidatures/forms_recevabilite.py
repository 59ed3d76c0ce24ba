"""Forms of step 3: the examination, the points raised, the answers. They store what is typed; `prerequis.py` judges."""

from decimal import Decimal

from django import forms
from django.utils import timezone

from .fichiers import controler
from .forms import MotifForm, VerbeForm
from .models_instruction import Reserve
from .prerequis import Conclusion, lignes

CHOIX = [(valeur, nom[0].upper() + nom[1:]) for valeur, nom in Conclusion.choices]
RENVOIS = {"requise": "p", "prerequis": "q", "champ": "c"}


def _sans_zeros(valeur: Decimal) -> Decimal:
    """8 rather than the 8.00 of the column."""
    return Decimal(f"{valeur.normalize():f}")


class ExamenForm(VerbeForm):
    """One group of fields per prerequisite, one box per pièce; may be saved unfinished."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lues = lignes(self.objet)
        self.pieces = list(self.objet.pieces.filter(retiree_le=None, requise__isnull=False).select_related("controle"))
        for ligne in self.lues:
            self._champs_du_prerequis(ligne)
        for piece in self.pieces:
            self.fields[f"k{piece.pk}"] = forms.BooleanField(
                label=f"{piece.libelle}\u00a0: ouverte, lisible et conforme",
                required=False,
                initial=hasattr(piece, "controle"),
            )

    def _champs_du_prerequis(self, ligne):
        prerequis, connue = ligne.prerequis, ligne.verification
        suffixe, nom = prerequis.pk, prerequis.libelle
        self.fields[f"conclusion{suffixe}"] = forms.ChoiceField(
            label="Conclusion", choices=CHOIX, initial=ligne.conclusion, required=False
        )
        if prerequis.seuil is not None:
            self.fields[f"valeur{suffixe}"] = forms.DecimalField(
                label=f"Valeur constatée ({prerequis.unite})" if prerequis.unite else "Valeur constatée",
                help_text=f"Il faut {ligne.exigence}.",
                max_digits=7,
                decimal_places=2,
                min_value=0,
                required=False,
                localize=True,
                initial=_sans_zeros(connue.valeur) if connue and connue.valeur is not None else None,
            )
        self.fields[f"piece{suffixe}"] = forms.ModelChoiceField(
            label="Pièce qui le prouve",
            queryset=self.objet.pieces.filter(retiree_le=None, requise__isnull=False),
            empty_label="Aucune",
            required=False,
            initial=connue.piece_id if connue else self._piece_attendue(prerequis),
        )
        mois = prerequis.validite_mois
        self.fields[f"justificatif_le{suffixe}"] = forms.DateField(
            label="Date du justificatif",
            help_text=f"Il est valable {mois} mois à partir de ce jour." if mois else "",
            required=False,
            initial=connue and connue.justificatif_le,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields[f"commentaire{suffixe}"] = forms.CharField(
            label="Commentaire",
            help_text="Ce que vous avez vu, ou la raison de la dispense.",
            required=False,
            max_length=1000,
            initial=connue.commentaire if connue else "",
            widget=forms.Textarea(attrs={"rows": 2, "aria-label": f"Commentaire\u00a0: {nom}"}),
        )

    def _piece_attendue(self, prerequis):
        return next((p.pk for p in self.pieces if p.requise_id == prerequis.piece_id), None)

    def groupes(self):
        """Per prerequisite: the line and its bound fields, for the template."""
        return [
            {
                "ligne": ligne,
                "champs": [
                    self[f"{nom}{ligne.prerequis.pk}"]
                    for nom in ("conclusion", "valeur", "piece", "justificatif_le")
                    if f"{nom}{ligne.prerequis.pk}" in self.fields
                ],
                "commentaire": self[f"commentaire{ligne.prerequis.pk}"],
            }
            for ligne in self.lues
        ]

    def cases(self):
        """Per pièce: the pièce and its box."""
        return [{"piece": piece, "case": self[f"k{piece.pk}"]} for piece in self.pieces]

    def clean(self):
        donnees = super().clean()
        champs = ("conclusion", "valeur", "piece", "justificatif_le", "commentaire")
        verifications = {}
        for ligne in self.lues:
            suffixe = ligne.prerequis.pk
            dite = {champ: donnees.get(f"{champ}{suffixe}") for champ in champs}
            dite["conclusion"] = dite["conclusion"] or Conclusion.A_VERIFIER
            dite["commentaire"] = dite["commentaire"] or ""
            if dite["justificatif_le"] and dite["justificatif_le"] > timezone.localdate():
                self.add_error(f"justificatif_le{suffixe}", "Cette date est à venir\u00a0: vérifiez-la.")
            verifications[suffixe] = dite
        controles = {piece.pk: bool(donnees.get(f"k{piece.pk}")) for piece in self.pieces}
        return {**donnees, "verifications": verifications, "controles": controles}


class ComplementsForm(VerbeForm):
    """What is asked for, thing by thing; each text is read by the applicant beside the thing itself."""

    motif = forms.CharField(
        label="Remarque générale",
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=10,
        max_length=2000,
        required=False,
        help_text="Pour ce qui ne tient ni à une pièce, ni à un prérequis, ni à un renseignement.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lues = lignes(self.objet)
        self.sujets = [("requise", r, r.libelle) for r in self.objet.parcours.pieces.all()]
        self.sujets += [("prerequis", ligne.prerequis, ligne.prerequis.libelle) for ligne in lues]
        self.sujets += [("champ", valeur, nom[0].upper() + nom[1:]) for valeur, nom in Reserve.Champ.choices]
        manquantes = {r.pk for r in self.objet.pieces_manquantes()}
        constats = {ligne.prerequis.pk: ligne for ligne in lues if ligne.verification and ligne.manque}
        for genre, chose, libelle in self.sujets:
            manque = genre == "requise" and chose.pk in manquantes
            constat = constats.get(chose.pk) if genre == "prerequis" else None
            self.fields[self._nom(genre, chose)] = forms.CharField(
                label=libelle,
                # What the examination found helps to write; it is not sent by itself.
                help_text=f"Votre constat\u00a0: {constat.manque}" if constat else "",
                required=False,
                min_length=5,
                max_length=1000,
                initial="Cette pièce manque\u00a0: joignez-la." if manque else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.order_fields([nom for nom in self.fields if nom != "motif"])

    @classmethod
    def pour_plusieurs(cls, *args, **kwargs):
        """The same form for many dossiers: what one of them lacks is not asked of the others."""
        form = cls(*args, **kwargs)
        for genre, chose, _ in form.sujets:
            champ = form.fields[cls._nom(genre, chose)]
            champ.initial, champ.help_text = "", ""
        return form

    @staticmethod
    def _nom(genre, chose) -> str:
        return f"{RENVOIS[genre]}{getattr(chose, 'pk', chose)}"

    def groupes(self):
        """Pièces, prerequisites, fields: title and bound fields, for the template."""
        titres = {"requise": "Pièces", "prerequis": "Prérequis", "champ": "Renseignements du dossier"}
        return [
            {"titre": titre, "champs": [self[self._nom(g, chose)] for g, chose, _ in self.sujets if g == genre]}
            for genre, titre in titres.items()
            if any(g == genre for g, _, _ in self.sujets)
        ]

    def clean(self):
        donnees = super().clean()
        points, lignes_du_motif = [], []
        for genre, chose, libelle in self.sujets:
            if texte := (donnees.get(self._nom(genre, chose)) or "").strip():
                points.append({genre: chose, "texte": texte})
                lignes_du_motif.append(f"{libelle}\u00a0: {texte}")
        if remarque := (donnees.get("motif") or "").strip():
            points.append({"texte": remarque})
            lignes_du_motif.append(remarque)
        if not points and not self.errors:
            raise forms.ValidationError("Dites au moins une chose à compléter\u00a0: le demandeur la lira.")
        return {**donnees, "points": points, "motif": "\n".join(lignes_du_motif)}


class IrrecevabiliteForm(MotifForm):
    """Why the candidature cannot be received: the prerequisites that fail, and the reason in words."""

    prerequis = forms.ModelMultipleChoiceField(
        label="Prérequis non satisfaits", queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("prerequis", "motif")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        lues = lignes(self.objet)
        champ = self.fields["prerequis"]
        champ.queryset = self.objet.parcours.prerequis.filter(pk__in=[ligne.prerequis.pk for ligne in lues])
        champ.initial = [ligne.prerequis.pk for ligne in lues if ligne.conclusion == Conclusion.NON_SATISFAIT]
        if not lues:
            del self.fields["prerequis"]


class ReponseForm(VerbeForm):
    """The answer to one point: words, a file when a pièce is expected, or both."""

    def __init__(self, *args, reserve, **kwargs):
        self.reserve = reserve
        super().__init__(*args, prefix=f"r{reserve.pk}", **kwargs)
        attendue = reserve.piece_attendue
        if attendue:
            self.fields["fichier"] = forms.FileField(
                label=f"Fichier\u00a0: {attendue.libelle}",
                help_text="PDF, JPEG ou PNG, 10 Mo et 50 pages au plus. Il remplace la pièce déjà jointe.",
                max_length=150,
                required=False,
                widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
            )
        self.fields["reponse"] = forms.CharField(
            label="Votre réponse",
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=2000,
            required=False,
            initial=reserve.reponse,
        )

    def clean_fichier(self):
        fichier = self.cleaned_data["fichier"]
        return controler(fichier) if fichier else None

    def clean(self):
        donnees = super().clean()
        if not self.errors and not donnees.get("fichier") and not (donnees.get("reponse") or "").strip():
            self.add_error("reponse", "Écrivez une réponse, ou joignez le fichier demandé.")
        return {**donnees, "reserve": self.reserve}
