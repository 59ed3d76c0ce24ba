"""The catalogue once sorted by what the visitor asks: results, facets with exact counts, chips, what to compare."""

from collections import Counter
from dataclasses import replace
from functools import cached_property

from home.catalogue import ETATS, RECONNAISSANCES, Fiche
from home.criteres import COMPARES_AU_PLUS, FACETTES, TRIS, Criteres, adresse_de_comparaison
from home.recherche import contient, mots, suggestion
from registre.models import VoieAcces
from registre.textes import plier


class Catalogue:
    """The fiches sorted by some criteria, with the facets that lead further."""

    def __init__(self, lues: list[Fiche], criteres: Criteres):
        self.toutes = lues
        self.criteres = criteres
        self.racines = mots(criteres.requete)
        self._trier()

    def _trier(self) -> None:
        """One pass: a fiche that meets every criterion is a result; one that misses a single facet counts in it."""
        exiges = {nom: set(valeurs) for nom, valeurs in self.criteres.choix.items()}
        self._retenues: list[Fiche] = []
        self._comptes: dict[str, Counter] = {nom: Counter() for nom in FACETTES}
        for fiche in self.toutes:
            if not contient(fiche.texte_plie, self.racines):
                continue
            manques = [nom for nom, exige in exiges.items() if exige.isdisjoint(fiche.valeurs[nom])]
            if not manques:
                self._retenues.append(fiche)
            if len(manques) < 2:
                for nom in manques or FACETTES:
                    self._comptes[nom].update(fiche.valeurs[nom].keys())

    @cached_property
    def resultats(self) -> list[Fiche]:
        """As asked; by default running registrations, then titles that hold the words, then the alphabet."""
        rang = {cle: n for n, (cle, _, _) in enumerate(ETATS)}
        cles = {
            "": lambda f: (rang[f.etat[0]], not contient(f.titre_plie, self.racines)),
            "titre": lambda f: (),
            "niveau": lambda f: (-(f.version.niveau or 0),),
            "recent": lambda f: (-(f.version.date_decision.toordinal() if f.version.date_decision else 0),),
        }
        cle = cles[self.criteres.tri]
        return sorted(self._retenues, key=lambda f: (*cle(f), f.intitule_plie, f.certification.pk))

    @cached_property
    def facettes(self) -> list[dict]:
        """The parameters of the facets; each count is what that choice alone would give in its facet."""
        return [
            {
                "nom": nom,
                "libelle": libelle,
                "ouvert": nom in self.criteres.choix or rang == 0,
                "choix": choix,
                "nombre": len(self.criteres.choix.get(nom, ())),
            }
            for rang, (nom, libelle) in enumerate(FACETTES.items())
            if len(choix := self._choix(nom)) > 1 or any(c["coche"] for c in choix)
        ]

    def _choix(self, nom: str) -> list[dict]:
        comptes = self._comptes[nom]
        mots_des_valeurs = {v: m for fiche in self.toutes for v, m in fiche.valeurs[nom].items()}
        coches = self.criteres.choix.get(nom, ())
        return [
            {"valeur": v, "libelle": mots_des_valeurs[v], "compte": comptes[v], "coche": v in coches}
            for v in sorted(mots_des_valeurs, key=lambda v: self._rang(nom, v, mots_des_valeurs[v]))
            if comptes[v] or v in coches
        ]

    def _rang(self, nom: str, valeur: str, libelle: str) -> tuple:
        ordres = {
            "etat": [cle for cle, _, _ in ETATS],
            "repertoire": list(RECONNAISSANCES),
            "voie": [v.lower() for v in VoieAcces.Voie.values],
            "filiere": list(self._filieres),
        }
        return (ordres[nom].index(valeur) if nom in ordres else 0, plier(libelle))

    @cached_property
    def _filieres(self) -> dict[str, str]:
        toutes = {f.certification.filiere.slug: f.certification.filiere for f in self.toutes}
        return {s: f.libelle for s, f in sorted(toutes.items(), key=lambda p: (p[1].ordre, p[1].libelle))}

    @property
    def puces(self) -> list[dict]:
        """The active criteria, each with the address of the list without it."""
        connus = {(f["nom"], c["valeur"]): c["libelle"] for f in self.facettes for c in f["choix"]}
        retires = []
        if self.criteres.requete:
            retires.append(
                {"libelle": f"«\u202f{self.criteres.requete}\u202f»", "url": self.criteres.sans_texte().adresse()}
            )
        for nom, valeurs in self.criteres.choix.items():
            retires += [
                {"libelle": connus.get((nom, v), v), "url": self.criteres.sans(nom, v).adresse()} for v in valeurs
            ]
        return retires

    @property
    def tout_effacer(self) -> str:
        return self.criteres.vides().adresse()

    @property
    def tris(self) -> list[dict]:
        return [{"valeur": v, "libelle": libelle, "choisi": v == self.criteres.tri} for v, libelle in TRIS.items()]

    @property
    def annonce(self) -> str:
        """What is said aloud when the list changes."""
        nombre = len(self.resultats)
        if not self.criteres:
            return f"{nombre} CQP au catalogue."
        return f"{nombre or 'Aucun'} CQP {'répondent' if nombre > 1 else 'répond'} à votre recherche."

    @cached_property
    def secours(self) -> dict[str, str]:
        """What to offer when nothing answers: a neighbouring word, the same words without filters, or everything."""
        criteres = self.criteres
        if criteres.requete:
            proposee = suggestion(criteres.requete, [fiche.texte_plie for fiche in self.toutes])
            if proposee:
                url = replace(criteres, requete=proposee, choix={}).adresse()
                return {"genre": "mot", "lien": f"Chercher «\u202f{proposee}\u202f»", "url": url}
        sans_filtre = criteres.sans_filtre()
        if criteres.choix and (nombre := len(Catalogue(self.toutes, sans_filtre).resultats)):
            return {"genre": "filtres", "lien": f"Retirer les filtres ({nombre} CQP)", "url": sans_filtre.adresse()}
        return {"genre": "tout", "lien": "Voir tous les CQP", "url": self.tout_effacer}

    @cached_property
    def comparaison(self) -> dict:
        """The CQPs put aside to be compared: up to three, kept in the address from one list to the next."""
        par_slug = {f.certification.slug: f for f in self.toutes if f.certification.slug in self.criteres.compares}
        retenus = [slug for slug in self.criteres.compares if slug in par_slug]
        return {
            "choisis": [
                {
                    "titre": par_slug[slug].version.intitule,
                    "url": self.criteres.basculer_comparaison(slug).adresse(),
                }
                for slug in retenus
            ],
            "adresse": adresse_de_comparaison(retenus),
            "manque": max(0, 2 - len(retenus)),
            "pleine": len(retenus) == COMPARES_AU_PLUS,
        }

    def cartes(self, fiches: list[Fiche]) -> list[dict]:
        """The cards of a page of results, each with the link that puts it aside to be compared."""
        cartes = []
        for fiche in fiches:
            slug = fiche.certification.slug
            choisi = slug in self.criteres.compares
            permis = choisi or not self.comparaison["pleine"]
            url = self.criteres.basculer_comparaison(slug).adresse() if permis else ""
            cartes.append(fiche.carte | {"comparer_url": url, "compare": choisi})
        return cartes

    def filieres(self) -> list[dict]:
        """The trades of the whole catalogue, with their number of CQPs and the address of their list."""
        comptes = Counter(f.certification.filiere.slug for f in self.toutes)
        return [
            {"libelle": libelle, "compte": comptes[slug], "url": Criteres("", {"filiere": (slug,)}).adresse()}
            for slug, libelle in self._filieres.items()
        ]
