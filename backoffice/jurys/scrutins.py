"""The votes of the jury: opened, cast, closed or cancelled by who may, each voice counted once.

Every verb locks the dossier: a voice sent at the very second of the close comes before it, and counts, or after it, and
is refused. Who voted is known to all; what they voted is never shown while the ballot is open, nor later when the
parcours votes in secret.
"""

from collections.abc import Iterator

from django.utils import timezone

from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from registre.transitions import verbe

from .composition import corps, empechements, tete
from .corps import Corps, Regles
from .decompte import Bulletin, Depouillement, depouiller
from .deliberation import DECIDEE, comptes_retenus, conclure, en_seance
from .forms_salle import AnnulationForm, BulletinForm, ClotureForm, voix_portees
from .models import DecisionBloc, Inscription, Scrutin, SessionJury, Voix
from .votes import aux_voix, decision_du_vote, dernier, en_cours, evalues
from .workflow import inscription_active

EN_SALLE = (Etat.INSCRITE_JURY, Etat.PROPOSEE)
PERSONNE = "Aucun vote n’est ouvert sur ce dossier."


def _ouverture_possible(candidature, acteur, donnees) -> Iterator[str]:
    if refus := list(en_seance(candidature, acteur)):
        yield from refus
        return
    inscription = inscription_active(candidature)
    if en_cours(inscription):
        yield "Un vote est déjà ouvert sur ce dossier."
    if inscription.issue:
        yield "Le jury a déjà conclu sur ce dossier."
    if not aux_voix(inscription):
        yield "Il n’y a plus de bloc à mettre aux voix sur ce dossier\u00a0: enregistrez la décision."
    yield from empechements(inscription.session, inscription)


@verbe(
    MODELE,
    "ouvrir_scrutin",
    libelle="Ouvrir le vote",
    roles=("jury",),
    etape=8,
    de=EN_SALLE,
    conditions=_ouverture_possible,
    aide="Chaque membre vote depuis sa place\u202f; après un partage des voix, un nouveau tour s’ouvre.",
)
def _ouvrir_scrutin(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    scrutin = inscription.scrutins.create(tour=inscription.scrutins.count() + 1, ouvert_le=timezone.now())
    return {"details": {"scrutin": scrutin.pk, "tour": scrutin.tour}}


def _vote_possible(candidature, acteur, donnees) -> Iterator[str]:
    inscription = inscription_active(candidature)
    if inscription is None or inscription.session.etat != SessionJury.Etat.OUVERTE:
        yield "La séance n’est pas ouverte\u00a0: on ne vote qu’en séance."
        return
    if not en_cours(inscription):
        passe = dernier(inscription)
        yield "Le vote est clos\u00a0: aucune voix ne s’y ajoute plus." if passe else PERSONNE
        return
    siennes = {s.membre.pk for s in voix_portees(inscription, acteur)}
    if not siennes:
        yield _sans_voix(inscription, acteur)
        return
    siege = donnees.get("siege")
    if siege and siege.pk not in siennes:
        yield "Vous ne portez pas cette voix\u00a0: chacun vote pour son siège et pour les procurations reçues."
    choix = donnees.get("choix", {})
    for bloc in aux_voix(inscription) if donnees else ():
        if choix.get(bloc.pk) not in Voix.Choix.values:
            yield f"Bloc {bloc.code}\u00a0: dites acquis, non acquis, ou abstention."


def _sans_voix(inscription, acteur) -> str:
    if inscription.deports.filter(membre__utilisateur=acteur).exists():
        return "Vous êtes déporté(e) sur ce dossier\u00a0: vous n’y votez pas."
    return (
        "Vous n’avez pas de voix sur ce dossier\u00a0: il faut être dans la salle, et tenir le siège ou une "
        "procuration."
    )


@verbe(
    MODELE,
    "voter",
    libelle="Voter",
    roles=("jury",),
    etape=8,
    de=EN_SALLE,
    conditions=_vote_possible,
    formulaire=BulletinForm,
    aide="Votre vote se change jusqu’à la clôture.",
)
def _voter(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    scrutin, siege = en_cours(inscription), donnees["siege"]
    porteur = next(s.porteur for s in voix_portees(inscription, acteur) if s.membre.pk == siege.pk)
    for bloc in aux_voix(inscription):
        scrutin.voix.update_or_create(
            membre=siege,
            bloc=bloc,
            defaults={
                "choix": donnees["choix"][bloc.pk],
                "portee_par": porteur if porteur.pk != siege.pk else None,
                "exprimee_le": timezone.now(),
            },
        )
    # Never what was voted: the journal is read by others than those who sat.
    return {"details": {"scrutin": scrutin.pk, "siege": siege.pk}}


def voix_attendues(scrutin: Scrutin, appele: Corps) -> list:
    """The seats called that have not voted yet."""
    votes = set(scrutin.voix.values_list("membre", flat=True))
    return [siege for siege in appele.voix if siege.membre.pk not in votes]


def _cloture_possible(candidature, acteur, donnees) -> Iterator[str]:
    if refus := list(en_seance(candidature, acteur)):
        yield from refus
        return
    inscription = inscription_active(candidature)
    scrutin = en_cours(inscription)
    if scrutin is None:
        yield PERSONNE
        return
    yield from empechements(inscription.session, inscription)
    attendues = voix_attendues(scrutin, corps(inscription.session, inscription)) if donnees else ()
    if attendues and not donnees.get("sans_attendre"):
        noms = ", ".join(str(siege.membre.utilisateur) for siege in attendues)
        pluriel = "s" if len(attendues) > 1 else ""
        yield (
            f"Il manque {len(attendues)} voix ({noms})\u00a0: attendez-la{pluriel}, ou closez avec les voix exprimées."
        )


def depouiller_scrutin(scrutin: Scrutin, appele: Corps, regles: Regles, blocs) -> dict[int, Depouillement]:
    """Count each bloc from the voices of the seats that sit now; those of a seat that no longer sits are taken off."""
    sieges = {siege.membre.pk: siege for siege in appele.voix}
    scrutin.voix.exclude(membre__in=sieges).delete()
    voix, meneur = list(scrutin.voix.all()), tete(appele.presents)
    return {
        bloc.pk: depouiller(
            (
                Bulletin(sieges[v.membre_id].college, v.choix, meneur is not None and v.membre_id == meneur.pk)
                for v in voix
                if v.bloc_id == bloc.pk
            ),
            [siege.college for siege in appele.voix],
            regles,
        )
        for bloc in blocs
    }


@verbe(
    MODELE,
    "clore_scrutin",
    libelle="Clore le vote",
    roles=("jury",),
    etape=8,
    de=EN_SALLE,
    conditions=_cloture_possible,
    formulaire=ClotureForm,
    aide="Les voix sont comptées\u202f; la décision s’enregistre d’elle-même quand elle suit l’évaluation.",
)
def _clore_scrutin(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    scrutin, appele = en_cours(inscription), corps(inscription.session, inscription)
    comptes = depouiller_scrutin(scrutin, appele, Regles.de(candidature.parcours), aux_voix(inscription))
    scrutin.depouillement = {
        str(bloc): {
            "pour": d.pour,
            "contre": d.contre,
            "abstentions": d.abstentions,
            "corps": d.corps,
            "majorite": d.majorite,
            "acquis": d.acquis,
            "preponderante": d.preponderante,
            "raison": d.raison,
        }
        for bloc, d in comptes.items()
    }
    scrutin.clos_le = timezone.now()
    scrutin.save()
    return {"details": {"scrutin": scrutin.pk, "tour": scrutin.tour, **_decider_si_rien_ne_s_y_oppose(inscription)}}


def _decider_si_rien_ne_s_y_oppose(inscription: Inscription) -> dict:
    """Write the decision when the vote settled every bloc along the evaluation.

    Against the evaluation a reason is due, and nobody could write it before the count: the chair gives it after.
    """
    vote, dits = decision_du_vote(inscription), evalues(inscription.candidature)
    if set(vote) != set(dits) or any(dits[b] is not None and dits[b] != acquis for b, acquis in vote.items()):
        return {}
    donnees = {"issue": DECIDEE, "blocs": {bloc: (acquis, "") for bloc, acquis in vote.items()}}
    donnees["recommandations"] = inscription.recommandations
    return conclure(inscription, donnees, comptes_retenus(inscription))


def _annulation_possible(candidature, acteur, donnees) -> Iterator[str]:
    yield from en_seance(candidature, acteur)
    inscription = inscription_active(candidature)
    if inscription and dernier(inscription) is None:
        yield "Aucun vote n’a eu lieu sur ce dossier."


@verbe(
    MODELE,
    "annuler_scrutin",
    libelle="Annuler le vote",
    roles=("jury",),
    etape=8,
    de=EN_SALLE,
    conditions=_annulation_possible,
    formulaire=AnnulationForm,
    danger=True,
    aide="Le vote ne compte plus et la décision qu’il a donnée tombe\u202f; les voix sont détruites.",
)
def _annuler_scrutin(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    scrutin = dernier(inscription)
    scrutin.annule_le = timezone.now()
    scrutin.save(update_fields=["annule_le"])
    scrutin.voix.all().delete()
    if inscription.issue == DECIDEE and scrutin.clos_le:
        DecisionBloc.objects.filter(inscription=inscription).delete()
        inscription.issue, inscription.deliberee_le = "", None
        inscription.save(update_fields=["issue", "deliberee_le"])
    return {"details": {"scrutin": scrutin.pk, "tour": scrutin.tour}}
