"""What a version would change for the dossiers that are open, if it were theirs.

Dossiers in flight keep their version: this tells who writes the rules whom they would have concerned. The dossiers
stand in a room above: they are read through the relations they add, never imported.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from .lecture import nombre
from .models import ModaliteAcces, ModeEvaluation, Parcours, Prerequis
from .releve import Releve, relever

# State of a dossier → how far it is: what it has passed would not be asked of it again.
EN_SAISIE = ("brouillon", "incomplete")
AVANT_EXAMEN = (*EN_SAISIE, "deposee")
EVALUES = ("en_evaluation", "evaluee", "inscrite_jury", "proposee", "ajournee")
HABILITE = "habilite"
GENRES = {
    "piece": "Il manquerait une pièce",
    "voie": "La voie d’accès ne serait plus admise",
    "prerequis": "Un prérequis serait à vérifier, ou ne serait plus atteint",
    "resultat": "Un bloc changerait de résultat",
    "delai": "Un délai serait dépassé",
}


@dataclass(frozen=True)
class Effet:
    """One thing that would change for one dossier."""

    genre: str
    texte: str


@dataclass(frozen=True)
class Touche:
    """A dossier that the version would touch, and how."""

    dossier: object
    effets: tuple[Effet, ...]


def dossiers_concernes(parcours: Parcours, utilisateur):
    """The open dossiers of this certification that this person sees and that other rules would have governed."""
    modele = Parcours._meta.get_field("candidatures").related_model
    ouverts = modele.objects.ouvertes().visibles_par(utilisateur).filter(version__certification=parcours.certification)
    if parcours.porteur_id:
        ouverts = ouverts.filter(porteur=parcours.porteur_id)
    return ouverts.exclude(parcours=parcours)


def simuler(parcours: Parcours, utilisateur) -> list[Touche]:
    """Every dossier that these rules would touch, the oldest first; queries per version followed, never per dossier."""
    nouveau, jour = relever(parcours), timezone.localdate()
    dossiers = list(
        dossiers_concernes(parcours, utilisateur)
        .select_related("titulaire", "version", "etablissement")
        .prefetch_related(
            "pieces__requise",
            "blocs_vises",
            "evaluation__resultats",
            "evaluation__invitations",
            "verifications__prerequis",
        )
        .order_by("ouverte_le", "pk")
    )
    suivis = Parcours.objects.filter(pk__in={d.parcours_id for d in dossiers}).select_related("certification")
    anciens = {p.pk: relever(p) for p in suivis}
    touches = []
    for dossier in dossiers:
        effets = tuple(effets_sur(dossier, anciens[dossier.parcours_id], nouveau, jour))
        if effets:
            touches.append(Touche(dossier, effets))
    return touches


def comptes(touches: list[Touche]) -> list[dict]:
    """How many dossiers per kind of effect, in the order of the steps."""
    par_genre = Counter(genre for touche in touches for genre in {effet.genre for effet in touche.effets})
    return [{"genre": genre, "libelle": mots, "compte": par_genre[genre]} for genre, mots in GENRES.items()]


def effets_sur(dossier, ancien: Releve, nouveau: Releve, jour: date) -> Iterator[Effet]:
    """What would change for one dossier that follows `ancien`."""
    yield from _pieces(dossier, ancien, nouveau)
    yield from _voie(dossier, ancien, nouveau)
    yield from _prerequis(dossier, ancien, nouveau)
    yield from _resultats(dossier, ancien, nouveau)
    yield from _delais(dossier, ancien, nouveau, jour)


def _pieces(dossier, ancien: Releve, nouveau: Releve) -> Iterator[Effet]:
    """What its own rules demand already is not an effect of these."""
    jointes = {p.requise.code for p in dossier.pieces.all() if p.requise and p.retiree_le is None}
    demandees = jointes | {p.code for p in ancien.pieces if p.obligatoire}
    for piece in nouveau.pieces:
        if piece.obligatoire and piece.code not in demandees:
            yield Effet("piece", f"Il manquerait «\u202f{piece.libelle}\u202f».")


def _voie(dossier, ancien: Releve, nouveau: Releve) -> Iterator[Effet]:
    voie = dossier.modalite_acces
    if voie in ancien.modalites_admises and voie not in nouveau.modalites_admises:
        yield Effet("voie", f"La voie «\u202f{ModaliteAcces(voie).label}\u202f» ne serait plus admise.")


def _constates(dossier) -> dict:
    """The values found during the examination, by code of prerequisite."""
    verifications = getattr(dossier, "verifications", None)
    lues = verifications.all() if verifications else ()
    return {v.prerequis.code: v.valeur for v in lues if v.valeur is not None}


def _prerequis(dossier, ancien: Releve, nouveau: Releve) -> Iterator[Effet]:
    """A new condition would be checked; a raised one may not be met any more."""
    if (
        not nouveau.parcours.recevabilite_active
        or dossier.modalite_acces in nouveau.parcours.modalites_sans_recevabilite
    ):
        return
    avant, constates = {p.code: p for p in ancien.prerequis}, _constates(dossier)
    for ligne in nouveau.prerequis:
        if not ligne.obligatoire or (ligne.modalites and dossier.modalite_acces not in ligne.modalites):
            continue
        ancienne = avant.get(ligne.code)
        if ancienne is None:
            yield Effet("prerequis", f"«\u202f{ligne.libelle}\u202f» serait à vérifier.")
        elif ligne.nature == Prerequis.Nature.SEUIL and ligne.seuil is not None:
            yield from _seuil_releve(dossier, ligne, ancienne, constates.get(ligne.code))


def _seuil_releve(dossier, ligne: Prerequis, ancienne: Prerequis, constate: Decimal | None) -> Iterator[Effet]:
    if constate is not None and constate < ligne.seuil and (ancienne.seuil is None or constate >= ancienne.seuil):
        yield Effet(
            "prerequis",
            f"«\u202f{ligne.libelle}\u202f» ne serait plus atteint\u00a0: {nombre(constate)} {ligne.unite} constatés, "
            f"{nombre(ligne.seuil)} demandés.",
        )
    elif constate is None and dossier.etat in AVANT_EXAMEN and (ancienne.seuil is None or ligne.seuil > ancienne.seuil):
        avant = f" au lieu de {nombre(ancienne.seuil)}" if ancienne.seuil is not None else ""
        yield Effet(
            "prerequis", f"«\u202f{ligne.libelle}\u202f» demanderait {nombre(ligne.seuil)} {ligne.unite}{avant}."
        )


def bloc_acquis(releve: Releve, bloc, resultats: dict) -> bool | None:
    """Is this bloc acquired under these rules, by the grid of one évaluateur? None while the grid is not complete."""
    p = releve.parcours
    lignes = [resultats.get(c.pk) for c in bloc.competences.all()]
    if not lignes or any(r is None for r in lignes):
        return None
    if p.mode_evaluation == ModeEvaluation.NOTES:
        notes = [(getattr(r, "note", None), r.competence_id) for r in lignes]
        if any(note is None for note, _ in notes):
            return None
        poids = {x.competence_id: x.coefficient for x in releve.ponderations}
        total = sum(poids.get(pk, Decimal(1)) for _, pk in notes)
        obtenu = sum(note * poids.get(pk, Decimal(1)) for note, pk in notes)
        return obtenu * 100 >= total * p.note_maximale * p.seuil_bloc
    if any(r.acquis is None for r in lignes):
        return None
    return sum(r.acquis for r in lignes) * 100 >= len(lignes) * p.seuil_bloc


def _resultats(dossier, ancien: Releve, nouveau: Releve) -> Iterator[Effet]:
    """The blocs on which the grid of the évaluateur habilité would conclude otherwise."""
    evaluation = getattr(dossier, "evaluation", None)
    if evaluation is None or dossier.etat not in EVALUES:
        return
    siens = {r.competence_id: r for r in evaluation.resultats.all() if r.source == HABILITE}
    version = next((v for v in nouveau.versions if v.pk == dossier.version_id), None)
    vises = {b.pk for b in dossier.blocs_vises.all()}
    for bloc in version.blocs.all() if version else ():
        if vises and bloc.pk not in vises:
            continue
        avant, apres = bloc_acquis(ancien, bloc, siens), bloc_acquis(nouveau, bloc, siens)
        if avant is not None and apres is not None and avant != apres:
            mots = "serait acquis" if apres else "ne serait plus acquis"
            yield Effet("resultat", f"Le bloc {bloc.code} {mots}, d’après la grille de l’évaluateur habilité.")


def _delais(dossier, ancien: Releve, nouveau: Releve, jour: date) -> Iterator[Effet]:
    """A dossier that has waited longer than the new rules allow, within what its own rules allow."""
    attente = (jour - timezone.localdate(dossier.etat_depuis)).days
    avant, apres = (
        r.parcours.relance_inactivite_jours + r.parcours.cloture_inactivite_jours for r in (ancien, nouveau)
    )
    if apres < attente <= avant:
        yield Effet(
            "delai", f"Sans acte depuis {attente} jours, il serait déjà clos ({apres} jours au lieu de {avant})."
        )
    evaluation = getattr(dossier, "evaluation", None)
    if evaluation is None or dossier.etat != "en_evaluation":
        return
    validite = nouveau.parcours.validite_invitation
    for invitation in evaluation.invitations.all():
        age = (jour - timezone.localdate(invitation.envoyee_le)).days
        if invitation.est_utilisable() and age >= validite:
            yield Effet("delai", f"L’invitation envoyée il y a {age} jours aurait expiré ({validite} jours).")
