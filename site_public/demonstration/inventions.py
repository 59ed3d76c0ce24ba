"""Invented people and invented workplaces, the same for the same seed: true communes, no true person.

Mails end in example.org, telephones are in the ranges kept for fiction, SIREN begin with 999, which INSEE gives nobody.
"""

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.text import slugify
from faker import Faker
from stdnum import luhn

from registre.referentiels import FRANCE, communes, libelle_pays

# Family names, women's and men's first names, a town: for people born out of France.
NAISSANCES_A_L_ETRANGER = {
    "99139": (("Ferreira", "Da Silva", "Moreira"), ("Inês", "Catarina"), ("João", "Tiago"), ("Porto", "Braga")),
    "99352": (("Benali", "Haddad", "Mansouri"), ("Samia", "Lynda"), ("Karim", "Sofiane"), ("Oran", "Sétif")),
    "99350": (("El Amrani", "Bennani", "Tazi"), ("Nadia", "Salma"), ("Youssef", "Hicham"), ("Fès", "Agadir")),
    "99341": (("Diop", "N’Diaye", "Sarr"), ("Aïssatou", "Fatou"), ("Ousmane", "Mamadou"), ("Thiès", "Dakar")),
    "99326": (("Kouassi", "Koné", "Yao"), ("Adjoua", "Mariam"), ("Kouamé", "Ibrahim"), ("Bouaké", "Abidjan")),
    "99208": (("Yılmaz", "Demir", "Şahin"), ("Elif", "Zeynep"), ("Mehmet", "Emre"), ("Izmir", "Ankara")),
    "99114": (("Popescu", "Ionescu", "Munteanu"), ("Ioana", "Elena"), ("Andrei", "Ștefan"), ("Cluj-Napoca", "Iași")),
    "99122": (
        ("Kowalska-Nowak", "Zieliński", "Wójcik"),
        ("Agnieszka", "Kinga"),
        ("Paweł", "Łukasz"),
        ("Kraków", "Łódź"),
    ),
    "99127": (("D’Angelo", "Rossi", "Bianchi"), ("Giulia", "Chiara"), ("Luca", "Matteo"), ("Turin", "Bari")),
    "99333": (("Rakotomalala", "Randria"), ("Voahangy", "Hanta"), ("Tiana", "Hery"), ("Antsirabe", "Tamatave")),
}
COMPOSES_F = ("Marie-Laure", "Anne-Sophie", "Marie-Ange", "Léa-Rose")
COMPOSES_M = ("Jean-Baptiste", "Pierre-Yves", "Jean-Noël", "Loïc-Marie")


@dataclass(frozen=True)
class Personne:
    """An invented civil status, field for field that of the registry, with its mail and telephone."""

    sexe: str
    nom_naissance: str
    nom_usage: str
    prenom1: str
    prenom2: str
    prenom3: str
    annee_naissance: int
    mois_naissance: int | None
    jour_naissance: int | None
    code_insee_naissance: str
    code_postal_naissance: str
    commune_naissance: str
    pays_naissance: str
    libelle_pays_naissance: str
    courriel: str
    telephone: str

    def champs(self) -> dict:
        """The fields of a Titulaire."""
        return asdict(self)


@dataclass(frozen=True)
class Etablissement:
    """An invented workplace or training centre in a true commune, with a SIRET whose key is right."""

    raison_sociale: str
    siret: str
    adresse: str
    code_postal: str
    commune: str
    courriel: str

    def champs(self) -> dict:
        """The fields of an Organisme."""
        return asdict(self)


def personnes(graine: int) -> Iterator[Personne]:
    """An endless series of people, the same for the same `graine`; no mail comes twice.

    About one in eight was born abroad, one in forty knows only the year of birth.
    """
    hasard, faux = random.Random(f"personnes-{graine}"), Faker("fr_FR")
    faux.seed_instance(graine)
    vus: dict[str, int] = {}
    while True:
        sexe = hasard.choice("FM")
        ailleurs = hasard.random() < 0.125
        lieu = _naissance_ailleurs(hasard, faux, sexe) if ailleurs else _naissance_en_france(hasard, faux, sexe)
        jour = date(2007, 1, 1).toordinal() - hasard.randrange(1, 40 * 365)
        naissance, partielle = date.fromordinal(jour), hasard.random() < 0.025
        adresse = slugify(f"{lieu['prenom1']} {lieu['nom_naissance']}").replace("-", ".")
        vus[adresse] = vus.get(adresse, 0) + 1
        rang = str(vus[adresse]) if vus[adresse] > 1 else ""
        yield Personne(
            sexe=sexe,
            nom_usage=faux.last_name() if sexe == "F" and hasard.random() < 0.2 else "",
            prenom2=_prenom(faux, sexe) if hasard.random() < 0.6 else "",
            prenom3="",
            annee_naissance=naissance.year,
            mois_naissance=None if partielle else naissance.month,
            jour_naissance=None if partielle else naissance.day,
            courriel=f"{adresse}{rang}@example.org",
            telephone=f"06 39 98 {hasard.randrange(100):02} {hasard.randrange(100):02}",
            **lieu,
        )


def _prenom(faux: Faker, sexe: str) -> str:
    return faux.first_name_female() if sexe == "F" else faux.first_name_male()


def _naissance_en_france(hasard: random.Random, faux: Faker, sexe: str) -> dict:
    commune = hasard.choice(communes())
    compose = hasard.choice(COMPOSES_F if sexe == "F" else COMPOSES_M) if hasard.random() < 0.08 else ""
    return {
        "nom_naissance": faux.last_name(),
        "prenom1": compose or _prenom(faux, sexe),
        "code_insee_naissance": commune.code_insee,
        "code_postal_naissance": commune.code_postal,
        "commune_naissance": commune.libelle,
        "pays_naissance": FRANCE,
        "libelle_pays_naissance": libelle_pays(FRANCE),
    }


def _naissance_ailleurs(hasard: random.Random, faux: Faker, sexe: str) -> dict:
    code = hasard.choice(sorted(NAISSANCES_A_L_ETRANGER))
    noms, femmes, hommes, villes = NAISSANCES_A_L_ETRANGER[code]
    return {
        "nom_naissance": hasard.choice(noms),
        "prenom1": hasard.choice(femmes if sexe == "F" else hommes),
        # The SI CPF reads the country for a birth abroad; there is no commune code to give.
        "code_insee_naissance": "",
        "code_postal_naissance": "",
        "commune_naissance": hasard.choice(villes),
        "pays_naissance": code,
        "libelle_pays_naissance": libelle_pays(code),
    }


def siret_invente(hasard: random.Random) -> str:
    """A SIRET whose two keys (SIREN, then the whole) are right, in a range that is given to nobody."""
    siren = f"999{hasard.randrange(100_000):05}"
    siren += luhn.calc_check_digit(siren)
    siret = siren + "0001"
    return siret + luhn.calc_check_digit(siret)


def etablissements(graine: int, noms: list[str]) -> list[Etablissement]:
    """One invented workplace per name, each in a true commune, no SIRET twice."""
    hasard, faux = random.Random(f"etablissements-{graine}"), Faker("fr_FR")
    faux.seed_instance(graine)
    sirets: set[str] = set()
    resultat = []
    for nom in noms:
        while (siret := siret_invente(hasard)) in sirets:
            continue
        sirets.add(siret)
        commune = hasard.choice(communes())
        resultat.append(
            Etablissement(
                raison_sociale=nom,
                siret=siret,
                adresse=faux.street_address(),
                code_postal=commune.code_postal,
                commune=commune.libelle,
                courriel=f"contact@{slugify(nom)}.example.org",
            )
        )
    return resultat
