"""The sheet of a dossier decided on paper, entered by whoever holds the pen, checked against the body that sits."""

from collections.abc import Iterator

from backoffice.candidatures.workflow import MODELE
from backoffice.parcours.models import ModeDecision
from registre.transitions import verbe

from .composition import corps
from .corps import Corps, Regles
from .decompte import Bulletin, Depouillement, depouiller
from .deliberation import DECIDEE, MOTS, conclure, issue_possible
from .forms_salle import FeuilleForm
from .models import SessionJury, Voix
from .scrutins import EN_SALLE
from .votes import hors_de_portee, rendus
from .workflow import inscription_active

Compte = dict[str, tuple[int, int, int]]  # collège ("" for all) → pour, contre, abstentions


def tient_la_plume(session: SessionJury, acteur) -> bool:
    """Does this person enter the sheets? The secretary does; an organiser where none was named."""
    return session.secretaire_id in (None, acteur.pk)


def _bulletins(compte: Compte, appele: Corps, dite: bool) -> Iterator[Bulletin]:
    """The voices of a sheet, given to the seats called in their order: a sheet says how many, not who.

    On an equal split the chair's voice is where the sheet says the bloc went: that is what the casting vote means.
    """
    tranche = Voix.Choix.POUR if dite else Voix.Choix.CONTRE
    for college, (pour, contre, abstentions) in compte.items():
        appeles = [s.college for s in appele.voix if college in ("", s.college)]
        choix = [Voix.Choix.POUR] * pour + [Voix.Choix.CONTRE] * contre + [Voix.Choix.ABSTENTION] * abstentions
        for siege, dit in zip(appeles, choix, strict=False):
            yield Bulletin(siege, dit, dit == tranche)


def _trop_de_voix(compte: Compte, appele: Corps) -> str:
    for college, nombres in compte.items():
        siegent = appele.nombre(college) if college else len(appele.voix)
        if sum(nombres) > siegent:
            return f"{sum(nombres)} voix comptées, {siegent} peuvent voter"
    return ""


def compter(compte: Compte, appele: Corps, regles: Regles, dite: bool) -> Depouillement:
    """What these counts give under the majority of the parcours."""
    return depouiller(_bulletins(compte, appele, dite), [s.college for s in appele.voix], regles)


def _comptes_justes(candidature, inscription, donnees) -> Iterator[str]:
    """What contradicts itself on the sheet: more voices than seats, a result that the counts do not give."""
    appele, regles = corps(inscription.session, inscription), Regles.de(candidature.parcours)
    par_vote, interdits = candidature.parcours.mode_decision == ModeDecision.VOTE, hors_de_portee(candidature)
    for bloc in candidature.blocs_a_evaluer():
        dite, _ = donnees["blocs"].get(bloc.pk, (None, ""))
        compte = donnees.get("comptes", {}).get(bloc.pk)
        if compte is None:
            if par_vote and bloc.pk not in interdits:
                yield f"Bloc {bloc.code}\u00a0: ce parcours décide par un vote, reportez le compte des voix."
            continue
        if trop := _trop_de_voix(compte, appele):
            yield f"Bloc {bloc.code}\u00a0: {trop} sur ce dossier."
        elif dite is not None:
            compte_fait = compter(compte, appele, regles, dite)
            if compte_fait.acquis is None:
                yield f"Bloc {bloc.code}\u00a0: {compte_fait.raison} Rien n’est décidé\u00a0: reportez le dossier."
            elif compte_fait.acquis != dite:
                yield (
                    f"Bloc {bloc.code}\u00a0: {compte_fait.pour} pour et {compte_fait.contre} contre donnent "
                    f"«\u202f{MOTS[compte_fait.acquis]}\u202f», la feuille dit «\u202f{MOTS[dite]}\u202f»."
                )


def _saisie_possible(candidature, acteur, donnees) -> Iterator[str]:
    inscription = inscription_active(candidature)
    if inscription is None or inscription.session.etat != SessionJury.Etat.OUVERTE:
        yield "La séance n’est pas ouverte\u00a0: la feuille se saisit en séance."
        return
    if not tient_la_plume(inscription.session, acteur):
        yield f"La feuille est tenue par {inscription.session.secretaire}, secrétaire de la séance."
        return
    yield from issue_possible(candidature, inscription, donnees)
    if rendus(inscription):
        yield "Un vote s’est tenu à l’écran sur ce dossier\u00a0: la présidence enregistre la décision, ou l’annule."
    if donnees.get("issue") == DECIDEE:
        yield from _comptes_justes(candidature, inscription, donnees)


@verbe(
    MODELE,
    "saisir_feuille",
    libelle="Saisir la feuille de décision",
    roles=("secretaire", "gestionnaire", "certificateur"),
    etape=8,
    de=EN_SALLE,
    conditions=_saisie_possible,
    formulaire=FeuilleForm,
    aide="Pour un jury qui délibère sur papier\u00a0: la décision et le compte des voix que dit la feuille signée.",
)
def _saisir_feuille(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    appele, regles = corps(inscription.session, inscription), Regles.de(candidature.parcours)
    comptes = {}
    for bloc, compte in donnees.get("comptes", {}).items():
        dite = donnees["blocs"].get(bloc, (None, ""))[0]
        if dite is not None:
            fait = compter(compte, appele, regles, dite)
            comptes[bloc] = {
                "pour": fait.pour,
                "contre": fait.contre,
                "abstentions": fait.abstentions,
                "preponderante": fait.preponderante,
            }
    return {"details": conclure(inscription, donnees, comptes) | {"papier": True}}
