"""Help with the birthplace: one field to type in, proposals to choose from, with or without JavaScript.

Without JavaScript, saving with a place typed gives the proposals back as choices; with it, they come while typing and
the choice fills the fields. Either way what is kept is the commune, its code and the country: free entry stays open.
"""

from django import forms

from registre import cog

LIBRE = "libre"


def naissance_saisie(donnees) -> cog.Periode | None:
    """The birth date among these values (texts or numbers, perhaps missing), as far as it is known."""
    parties = []
    for champ in ("annee_naissance", "mois_naissance", "jour_naissance"):
        texte = str(donnees.get(champ) or "").strip()
        parties.append(int(texte) if texte.isascii() and texte.isdigit() and len(texte) <= 4 else None)
    return cog.Periode.de(*parties)


def champs_du_lieu(lieu: cog.Lieu) -> dict[str, str]:
    """The fields of the civil status that this place fills; a country alone says nothing of the town."""
    ville = lieu.commune.title() if lieu.commune.islower() else lieu.commune
    return {
        **({"commune_naissance": ville} if ville else {}),
        "code_insee_naissance": lieu.code_insee,
        "code_postal_naissance": lieu.code_postal,
        "pays_naissance": lieu.code_pays,
        "libelle_pays_naissance": lieu.pays,
    }


class LieuNaissanceMixin(forms.ModelForm):
    """Adds to a form of civil status the field « Commune ou pays de naissance », and the choice of a proposal."""

    lieu_naissance = forms.CharField(
        label="Commune ou pays de naissance",
        required=False,
        max_length=120,
        help_text="Commencez à écrire\u00a0: «\u202fLyon 3\u202f», «\u202fSt-Étienne\u202f», «\u202fOran, "
        "Algérie\u202f»… puis choisissez. "
        "La commune, le code INSEE et le pays se remplissent ci-dessous.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    lieu_choisi = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def clean(self):
        donnees = super().clean()
        texte, choix = donnees.get("lieu_naissance", ""), donnees.get("lieu_choisi", "")
        if not (texte or choix):
            return donnees
        if choix == LIBRE:
            self._retenir({})
            return donnees
        lieu = cog.lieu(choix) if choix else self._seul_lieu(texte, donnees)
        if lieu is not None:
            champs = champs_du_lieu(lieu)
            donnees.update(champs)
            for champ in champs:
                self._errors.pop(champ, None)
            self._retenir(champs)
        elif choix:
            self.add_error("lieu_naissance", "Ce choix n’est plus proposé\u00a0: choisissez de nouveau.")
        return donnees

    def _retenir(self, champs: dict[str, str]) -> None:
        """If the page comes back for another reason, the fields show the place chosen, and the question is closed."""
        self.data = self.data.copy()
        for champ, valeur in {**champs, "lieu_naissance": "", "lieu_choisi": ""}.items():
            self.data[self.add_prefix(champ)] = valeur

    def _seul_lieu(self, texte: str, donnees: dict) -> cog.Lieu | None:
        """The only place meant by `texte`; with several or none, an error that never closes the free entry."""
        lieux = cog.chercher(texte, naissance_saisie(donnees))
        exacts = [lieu for lieu in lieux if cog.plier_lieu(lieu.libelle) == cog.plier_lieu(texte)]
        if len(exacts or lieux) == 1:
            return (exacts or lieux)[0]
        if lieux:
            self.add_error("lieu_naissance", "Choisissez le lieu dans la liste sous ce champ.")
        else:
            self.add_error(
                "lieu_naissance",
                "Aucun lieu de ce nom à la date de naissance\u00a0: vérifiez l’orthographe, ou videz ce champ et "
                "remplissez "
                "la commune et le pays ci-dessous.",
            )
        return None

    @property
    def lieux_proposes(self) -> list[cog.Lieu]:
        """Proposals to choose from, when the place typed was not enough."""
        if not self.is_bound or "lieu_naissance" not in self.errors:
            return []
        texte = self.data.get(self.add_prefix("lieu_naissance"), "")
        return cog.chercher(texte, naissance_saisie(self.cleaned_data))
