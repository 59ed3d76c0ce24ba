"""What a dossier still lacks before it can be declared: one list for the deposit, the entry and the dossier page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from registre.models import Titulaire
from registre.referentiels import FRANCE

from .admission import apres_echec, sans_jumelle, voie_admise
from .models import Candidature
from .reserves import sans_reponse

# Steps of the guided entry, in their order.
OBJECTIF, PERSONNE, FORMATION, PIECES, RELECTURE = "objectif", "personne", "formation", "pieces", "relecture"
ETAPES_DE_SAISIE = {
    OBJECTIF: "CQP visé",
    PERSONNE: "La personne",
    FORMATION: "Établissement et formation",
    PIECES: "Diplômes et pièces",
    RELECTURE: "Relecture et dépôt",
}
INDISPENSABLES = ("sexe", "nom_naissance", "prenom1", "annee_naissance", "courriel")
LIBELLES = {
    "lieu_naissance": "lieu de naissance",
    "organisme_cherche": "organisme de formation",
    "organisme_nom": "raison sociale de l’organisme de formation",
}


@dataclass(frozen=True)
class Manque:
    """One thing to give or to put right: the sentence, and the step and field of the entry where it is done."""

    phrase: str
    etape: str
    champ: str = ""

    def url(self, candidature: Candidature) -> str:
        adresse = reverse("candidatures:saisie", args=[candidature.pk, self.etape])
        return f"{adresse}?manques=1#id_{self.champ}" if self.champ else adresse


def libelle_du_champ(nom: str) -> str:
    """« date de naissance » for the name of a field of the entry."""
    court = nom.removeprefix("titulaire-")
    if court in LIBELLES:
        return LIBELLES[court]
    for modele in (Titulaire, Candidature):
        if court in {champ.name for champ in modele._meta.get_fields()}:
            return str(modele._meta.get_field(court).verbose_name)
    return court


def _objectif(candidature: Candidature) -> Iterator[Manque]:
    if not candidature.modalite_acces:
        yield Manque("Il manque la voie d’accès.", OBJECTIF, "modalite_acces")
    for phrase in voie_admise(candidature):
        yield Manque(phrase, OBJECTIF, "modalite_acces")
    version = candidature.version
    if candidature.option_id is None and version.options.exists():
        yield Manque("Il manque l’option visée.", OBJECTIF, "option")
    if not version.est_delivrable():
        jour = version.delivrable_jusqu_au
        yield Manque(f"Cette certification n’est plus délivrable depuis le {jour:%d/%m/%Y}.", OBJECTIF)


def _personne(candidature: Candidature) -> Iterator[Manque]:
    personne = candidature.titulaire
    en_defaut = candidature.saisie.get(PERSONNE, {})
    for champ in INDISPENSABLES:
        if not getattr(personne, champ) and f"titulaire-{champ}" not in en_defaut:
            nom = personne._meta.get_field(champ).verbose_name
            yield Manque(f"À renseigner\u00a0: {nom}.", PERSONNE, f"titulaire-{champ}")
    if personne.annee_naissance and not (personne.jour_naissance and personne.mois_naissance):
        yield Manque(
            "Il manque la date de naissance complète du candidat\u00a0: le SI CPF en a besoin pour le reconnaître.",
            PERSONNE,
            "titulaire-mois_naissance" if personne.jour_naissance else "titulaire-jour_naissance",
        )
    if not personne.commune_naissance:
        yield Manque("Il manque la commune de naissance du candidat.", PERSONNE, "titulaire-lieu_naissance")
    if personne.pays_naissance == FRANCE and not personne.code_insee_naissance:
        yield Manque("Il manque le code INSEE de la commune de naissance.", PERSONNE, "titulaire-code_insee_naissance")


def _mal_ecrits(candidature: Candidature) -> Iterator[Manque]:
    for etape, champs in candidature.saisie.items():
        for champ in champs:
            yield Manque(f"À corriger\u00a0: {libelle_du_champ(champ)}.", etape, champ)


def manques_a_completer(candidature: Candidature) -> Iterator[Manque]:
    """What is missing or badly written in the dossier itself, in the order of the entry."""
    yield from _objectif(candidature)
    yield from _personne(candidature)
    yield from _mal_ecrits(candidature)
    for requise in candidature.pieces_manquantes():
        yield Manque(f"Il manque une pièce\u00a0: {requise.libelle}.", PIECES, f"piece-{requise.pk}")


def manques_au_depot(candidature: Candidature) -> Iterator[Manque]:
    """The same, and what the past of the person forbids."""
    yield from manques_a_completer(candidature)
    for phrase in (*sans_jumelle(candidature), *apres_echec(candidature)):
        yield Manque(phrase, PERSONNE)


def dossier_complet(candidature, acteur, donnees) -> Iterator[str]:
    """Condition of the verbs that want a dossier where nothing is missing."""
    for manque in manques_a_completer(candidature):
        yield manque.phrase


def depot_possible(candidature, acteur, donnees) -> Iterator[str]:
    """Condition of the deposit."""
    for manque in manques_au_depot(candidature):
        yield manque.phrase
    yield from sans_reponse(candidature)
