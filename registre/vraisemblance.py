"""Doubts about a civil status that is valid, and that the SI CPF would most likely not recognise.

The SI CPF matches on birth name, first name, sex and year, then day and month, then place, against the national
registry of identities: nearly all its refusals come from the slips looked for here. A doubt never blocks: only the
birth certificate knows. Rules: docs/cpf.md, « Contrôles ».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from registre import cog
from registre.models import EtatCivil
from registre.referentiels import FRANCE, prenoms_accentues
from registre.textes import normaliser, plier

PRENOMS = ("prenom1", "prenom2", "prenom3")
_ALLIANCE = re.compile(r"\b(nee|ne|epouse|ep|epx|veuve|vve|divorcee?)\b")
_CIVILITE = re.compile(r"(?:M|Mr|Mme|Mlle|Dr|Me)\.?\s", re.I)
# What is left of accents when a file was read with the wrong encoding: « FranÃ§ois », « Fran?ois », « Fran\ufffdois ».
_ABIME = re.compile(r"Ã[\x80-\xbf\u0152-\u2122]|[?\ufffd]")
_TRAIT = re.compile(r"[\u2012-\u2015\u2212_]|--|\s-|-\s|^-|-$")
LONGUEUR_PLEINE = 60
AGE_MINIMAL = 14  # nobody comes to a CQP before
# Postcodes of the three cities that are no code of a commune: 75001 is a postcode, 13001 is Aix-en-Provence.
_POSTAL_DE_PARIS = re.compile(r"75(?:00[1-9]|01\d|020|116)")


@dataclass(frozen=True)
class Avertissement:
    """A doubt about one field: what to check, in one sentence or two."""

    champ: str
    phrase: str


def _ecriture(personne: EtatCivil) -> Iterator[Avertissement]:
    """What any name may have lost on its way: accents, hyphens, its end."""
    for champ in ("nom_naissance", "nom_usage", *PRENOMS):
        valeur = normaliser(getattr(personne, champ))
        if _ABIME.search(valeur):
            yield Avertissement(champ, "Une lettre accentuée semble perdue\u00a0: écrivez-la de nouveau.")
        if _TRAIT.search(valeur):
            yield Avertissement(champ, "Le trait d’union s’écrit «\u202f-\u202f», sans espace avant ni après.")
        if _CIVILITE.match(valeur):
            yield Avertissement(champ, "Sans civilité ni titre\u00a0: le nom seul, comme sur l’acte de naissance.")
        if len(valeur) >= LONGUEUR_PLEINE:
            yield Avertissement(champ, f"{LONGUEUR_PLEINE} caractères\u00a0: ce nom a peut-être été coupé.")


def _noms(personne: EtatCivil) -> Iterator[Avertissement]:
    naissance, usage = plier(personne.nom_naissance), plier(personne.nom_usage)
    if usage and usage == naissance:
        yield Avertissement("nom_usage", "Identique au nom de naissance\u00a0: laissez ce champ vide.")
    elif usage and set(usage.split()) < set(naissance.split()):
        yield Avertissement(
            "nom_naissance",
            "Ce nom contient le nom d’usage et un autre nom\u00a0: les deux champs sont-ils inversés\u202f? "
            "Le nom de naissance est celui de l’acte de naissance.",
        )
    for champ, mots in (("nom_naissance", naissance), ("nom_usage", usage)):
        if " " in mots and _ALLIANCE.search(mots):
            yield Avertissement(
                champ, "Un seul nom par champ, sans «\u202fné\u202f», «\u202fnée\u202f» ni «\u202fépouse\u202f»."
            )
    if naissance and naissance == plier(personne.prenom1):
        yield Avertissement("prenom1", "Le prénom est identique au nom de naissance\u00a0: vérifiez les deux.")


def _prenoms(personne: EtatCivil) -> Iterator[Avertissement]:
    for champ in PRENOMS:
        valeur = normaliser(getattr(personne, champ))
        mots = [mot for mot in re.split(r"[\s,;/]+", valeur) if mot]
        if len(mots) > 1:
            yield Avertissement(
                champ,
                f"{len(mots)} prénoms dans un seul champ\u202f? Un par champ\u00a0: {', '.join(mots)}. "
                "Un prénom composé garde son trait d’union.",
            )
        for mot in re.split(r"[\s,;/-]+", valeur):
            attendu = prenoms_accentues().get(plier(mot), "")
            if attendu and mot.isascii():
                yield Avertissement(
                    champ,
                    f"Ce prénom s’écrit le plus souvent «\u202f{attendu}\u202f»\u00a0: "
                    "l’accent figure-t-il sur l’acte de naissance\u202f?",
                )
        if re.fullmatch(r"[^\W\d_]\.", valeur):
            yield Avertissement(champ, "Une initiale\u202f? Écrivez le prénom entier de l’acte de naissance.")
    plies = [plier(getattr(personne, champ)) for champ in PRENOMS if getattr(personne, champ)]
    if len(set(plies)) < len(plies):
        yield Avertissement("prenom2", "Le même prénom figure deux fois\u00a0: gardez-le dans un seul champ.")
    if personne.prenom3 and not personne.prenom2:
        yield Avertissement("prenom2", "Un troisième prénom est donné sans deuxième\u00a0: remontez-le d’un rang.")


def _date(personne: EtatCivil) -> Iterator[Avertissement]:
    if personne.annee_naissance and personne.annee_naissance > timezone.localdate().year - AGE_MINIMAL:
        yield Avertissement(
            "annee_naissance", f"Cette personne aurait moins de {AGE_MINIMAL} ans\u00a0: vérifiez l’année."
        )
    if personne.annee_naissance and not (personne.mois_naissance and personne.jour_naissance):
        champ = "jour_naissance" if personne.mois_naissance else "mois_naissance"
        yield Avertissement(
            champ, "Date de naissance incomplète\u00a0: un homonyme suffit alors à faire refuser la déclaration."
        )


def _pays(personne: EtatCivil, lieux) -> Iterator[Avertissement]:
    code, libelle = personne.pays_naissance, plier(personne.libelle_pays_naissance)
    attendu = lieux.pays().get(code, "")
    if not code:
        return
    if not attendu:
        yield Avertissement("pays_naissance", f"Le code {code} n’est celui d’aucun pays connu.")
    elif code == FRANCE and libelle and libelle != "france":
        yield Avertissement(
            "pays_naissance",
            "99100 est le code de la France, et le pays écrit est "
            f"«\u202f{personne.libelle_pays_naissance}\u202f»\u00a0: "
            "pour une naissance à l’étranger, indiquez le code de ce pays.",
        )
    elif libelle == "france" and code != FRANCE:
        yield Avertissement("libelle_pays_naissance", f"Le code {code} est celui du pays «\u202f{attendu}\u202f».")
    if code == FRANCE and personne.commune_naissance and not personne.code_insee_naissance:
        etrangers = lieux.lieux_etrangers(personne.commune_naissance)
        if etrangers and plier(etrangers[0].pays) in plier(personne.commune_naissance):
            yield Avertissement(
                "commune_naissance",
                f"Née ou né à l’étranger\u202f? Le code du pays serait {etrangers[0].code_pays} ({etrangers[0].pays}), "
                "et non 99100.",
            )
    if code != FRANCE and personne.code_insee_naissance:
        yield Avertissement(
            "code_insee_naissance",
            "Ce code désigne une commune française, et le pays de naissance n’est pas la France\u00a0: "
            "laissez-le vide pour une naissance à l’étranger.",
        )


def _semble_postal(code: str, code_postal: str) -> bool:
    return code.endswith("000") or bool(_POSTAL_DE_PARIS.fullmatch(code)) or code == code_postal


def _code_insee(personne: EtatCivil, lieux) -> Iterator[Avertissement]:
    """The code against the communes loaded; without them, only what is sure."""
    champ, code = "code_insee_naissance", personne.code_insee_naissance
    if not code or personne.pays_naissance != FRANCE:
        return
    periodes = lieux.periodes(code)
    if ville := cog.VILLES_A_ARRONDISSEMENTS.get(code):
        yield Avertissement(
            champ, f"{code} est {ville} en entier\u00a0: indiquez l’arrondissement de naissance, qui a son propre code."
        )
    elif not periodes:
        if _semble_postal(code, personne.code_postal_naissance):
            yield Avertissement(
                champ, f"{code} semble être un code postal\u00a0: le code INSEE de la commune est différent."
            )
        elif lieux.decrit(code):
            yield Avertissement(champ, f"Le code {code} n’est celui d’aucune commune, actuelle ou ancienne.")
    else:
        yield from _periode(personne, periodes)


def _periode(personne: EtatCivil, periodes: list) -> Iterator[Avertissement]:
    champ, code = "code_insee_naissance", personne.code_insee_naissance
    naissance = cog.Periode.de(personne.annee_naissance, personne.mois_naissance, personne.jour_naissance)
    alors = [c for c in periodes if naissance is None or c.existe(naissance.debut, naissance.fin)]
    saisi = cog.plier_lieu(personne.commune_naissance)
    if not alors:
        derniere = periodes[-1]
        if derniere.fin:
            suite = (
                derniere.code_successeur
                and f" Depuis\u00a0: {derniere.libelle_successeur} ({derniere.code_successeur})."
            )
            veille = cog.date_en_lettres(derniere.fin - timedelta(days=1))
            phrase = (
                f"{derniere.libelle} ({code}) n’existait plus à la naissance\u00a0: dernier jour, le {veille}.{suite}"
            )
        else:
            debut = cog.date_en_lettres(periodes[0].debut)
            phrase = f"{periodes[0].libelle} ({code}) n’existe que depuis le {debut}, après la naissance."
        yield Avertissement(champ, phrase)
    elif saisi and not any(_meme_lieu(saisi, c.libelle_plie) for c in alors):
        yield Avertissement(
            champ,
            f"{code} est le code de {alors[-1].libelle}, et la commune écrite est "
            f"«\u202f{personne.commune_naissance}\u202f»\u00a0: vérifiez lequel des deux est juste. "
            "Le code INSEE n’est pas le code postal.",
        )


def _meme_lieu(saisi: str, connu: str) -> bool:
    """« Lyon » goes with « Lyon 3e Arrondissement », « L’Abergement » with « Abergement »."""
    return set(saisi.split()) <= set(connu.split()) or set(connu.split()) <= set(saisi.split())


def avertissements(personne: EtatCivil, lieux=cog) -> list[Avertissement]:
    """What should be checked on the birth certificate before going on, in the order of the fields; often nothing.

    `lieux` answers about places: the lists themselves, or a `cog.Lecture` that has read them for many people at once.
    """
    return [
        *_ecriture(personne),
        *_noms(personne),
        *_prenoms(personne),
        *_date(personne),
        *_code_insee(personne, lieux),
        *_pays(personne, lieux),
    ]
