"""Appeals: deposited in time, acknowledged at once, examined and answered by people who had no part in the decision."""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.models import DECIDES, Candidature
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import adresses, composer
from backoffice.evaluations.independance import conflit
from registre.models import EntreeJournal
from registre.transitions import VERBES, executer, verbe

from .composition import motif_de_conflit
from .forms_recours import RecoursForm, RecoursRecuForm, RejetForm, ReponseForm
from .models import Inscription, MembreJury, Recours, Revocation, SessionJury
from .revocations import a_siege, inscription_decisive, revocation_demandee

RECOURS = "jurys.recours"
EN_COURS = (Recours.Etat.DEPOSE, Recours.Etat.EN_EXAMEN)
INSTRUCTEURS = ("certificateur", "gestionnaire")
# What was accepted speaks for itself: the employer, who reads the reason too, is told the outcome only.
RECOURS_ACCEPTE = "Un recours contre cette décision a été accepté."
# To write, or to read, is no part in a decision.
SANS_PART = {"ecrire", "repondre", "classer_messages"}


def limite_de_recours(inscription: Inscription) -> date:
    """Last day to contest this decision: counted from its notification."""
    notifiee = inscription.notifiee_le or inscription.session.pv.scelle_le
    return timezone.localdate(notifiee) + timedelta(days=inscription.candidature.parcours.delai_recours)


def seances_jugees(candidature: Candidature) -> list[int]:
    """The sealed sessions that examined this dossier, whichever jury they were."""
    jugees = candidature.inscriptions.filter(session__etat=SessionJury.Etat.SCELLEE, retiree_le=None).exclude(issue="")
    return list(jugees.values_list("session", flat=True))


def partialite(personne, candidature: Candidature) -> str:
    """Why this person may neither examine nor answer an appeal on this dossier; empty when they may."""
    if a_siege(personne, *seances_jugees(candidature)):
        return "Vous avez siégé au jury de ce dossier\u00a0: une autre personne examine ce recours."
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation and personne.pk in (evaluation.evaluateur_id, evaluation.second_id):
        return "Vous avez évalué ce candidat\u00a0: une autre personne examine ce recours."
    if raison := conflit(personne, candidature):
        return f"Vous êtes en conflit d’intérêts sur ce dossier. {raison}"
    preparation = {v.nom for v in VERBES.values() if v.modele == MODELE and 2 <= v.etape <= 9} - SANS_PART
    actes = EntreeJournal.objects.de(candidature).filter(acteur=personne, verbe__in=preparation)
    if candidature.ouverte_par_id == personne.pk or actes.exists():
        return "Vous avez préparé ce dossier avant la décision\u00a0: une autre personne examine ce recours."
    return ""


def _membres_ecartes(candidature: Candidature) -> set[int]:
    """Who had a seat in the sessions that led to a decision successfully contested; no query without an appeal."""
    acceptes = [r.inscription_id for r in candidature.recours.all() if r.etat == Recours.Etat.ACCEPTE]
    if not acceptes:
        return set()
    jugees = candidature.inscriptions.filter(pk__lte=max(acceptes), session__etat=SessionJury.Etat.SCELLEE)
    sieges = MembreJury.objects.filter(session__in=jugees.values("session"))
    return set(sieges.values_list("utilisateur", flat=True))


@motif_de_conflit
def _a_juge_la_decision_contestee(membre: MembreJury, candidature: Candidature) -> str:
    """Once an appeal is accepted, those who sat may not sit again on that dossier."""
    if not hasattr(candidature, "membres_ecartes"):
        # Kept on the object: asked once for all the members of a session.
        candidature.membres_ecartes = _membres_ecartes(candidature)
    if membre.utilisateur_id in candidature.membres_ecartes:
        return "Cette personne a siégé lors de la décision contestée."
    return ""


# Deposit ------------------------------------------------------------------------------------------------------------


def _contestable(candidature, acteur, donnees):
    inscription = inscription_decisive(candidature)
    if inscription is None:
        yield "Aucune décision en vigueur n’est à contester sur ce dossier."
        return
    autre = inscription.recours.exclude(etat=Recours.Etat.RETIRE).order_by("-pk").first()
    if autre and autre.etat in EN_COURS:
        yield f"Un recours est déjà en cours, depuis le {timezone.localtime(autre.depose_le):%d/%m/%Y}."
    elif autre:
        yield (
            "Cette décision a déjà fait l’objet d’un recours, répondu le "
            f"{timezone.localtime(autre.repondu_le):%d/%m/%Y}\u00a0: la réponse dit les voies qui restent."
        )


def _dans_le_delai(candidature, acteur, donnees):
    manque = list(_contestable(candidature, acteur, donnees))
    yield from manque
    if not manque and timezone.localdate() > (limite := limite_de_recours(inscription_decisive(candidature))):
        yield (
            f"Le délai de recours s’est terminé le {limite:%d/%m/%Y}\u00a0: "
            f"écrivez à {candidature.porteur.raison_sociale}, qui peut l’enregistrer avec une raison."
        )


def _recu_a_temps(candidature, acteur, donnees):
    manque = list(_contestable(candidature, acteur, donnees))
    yield from manque
    jour = donnees.get("recu_le")
    if manque or jour is None:
        return
    inscription = inscription_decisive(candidature)
    if jour < inscription.session.tenue_le:
        yield f"Le jury s’est tenu le {inscription.session.tenue_le:%d/%m/%Y}\u00a0: la lettre ne peut pas le précéder."
    if jour > (limite := limite_de_recours(inscription)) and not donnees.get("motif", "").strip():
        yield f"Le délai s’est terminé le {limite:%d/%m/%Y}\u00a0: dites pourquoi ce recours est enregistré hors délai."


def _former(candidature, acteur, donnees, moment):
    inscription, sain = inscription_decisive(candidature), donnees.get("fichier")
    recours = Recours(
        candidature=candidature,
        inscription=inscription,
        objet=donnees["objet"],
        expose=donnees["expose"],
        fichier=sain.fichier() if sain else "",
        nom_fichier=sain.nom if sain else "",
        depose_par=acteur,
        depose_le=moment,
        accuse_le=timezone.now(),
        echeance=timezone.localdate(moment) + timedelta(days=candidature.parcours.delai_reponse_recours),
    )
    recours = executer(RECOURS, "deposer_recours", recours, acteur, {"motif": donnees.get("motif", "")})
    return {"details": {"recours": recours.pk, "inscription": inscription.pk}}


@verbe(
    MODELE,
    "former_recours",
    libelle="Déposer un recours",
    roles=("candidat",),
    etape=10,
    de=DECIDES,
    conditions=_dans_le_delai,
    formulaire=RecoursForm,
    aide="D’autres personnes que celles qui ont décidé examinent votre recours et vous répondent par écrit. Vous "
    "recevez tout de suite un accusé de réception, avec la date de réponse au plus tard.",
)
def _former_recours(candidature, acteur, donnees):
    return _former(candidature, acteur, donnees, timezone.now())


@verbe(
    MODELE,
    "enregistrer_recours",
    libelle="Enregistrer un recours reçu par courrier",
    roles=INSTRUCTEURS,
    etape=10,
    de=DECIDES,
    conditions=_recu_a_temps,
    formulaire=RecoursRecuForm,
    aide="Pour une lettre du candidat. L’accusé de réception part à son adresse électronique, et s’imprime.",
)
def _enregistrer_recours(candidature, acteur, donnees):
    jour = donnees["recu_le"]
    midi = timezone.make_aware(datetime.combine(jour, time(12)))
    return _former(candidature, acteur, donnees, timezone.now() if jour == timezone.localdate() else midi)


def _contexte(recours) -> dict:
    return {"candidature": recours.candidature, "inscription": recours.inscription, "recours": recours}


def _de_la_gestion(recours) -> list[str]:
    """Who may take the appeal in hand: the certificateurs, the gestionnaires of the porteur."""
    candidature = recours.candidature
    gens = {a for organisme in candidature.version.certificateurs for a in adresses("certificateur", organisme)}
    return sorted(gens | set(adresses("gestionnaire", candidature.porteur)))


def _accuser_reception(recours, acteur, donnees, resultat):
    contexte = _contexte(recours)
    return [
        composer("recours_accuse", recours.candidature.titulaire.courriel, **contexte),
        *(composer("recours_recu", a, **contexte) for a in _de_la_gestion(recours) if a != acteur.email),
    ]


@verbe(
    RECOURS,
    "deposer_recours",
    libelle="Déposer un recours",
    roles=("candidat", *INSTRUCTEURS),
    etape=10,
    vers=(Recours.Etat.DEPOSE,),
    courriels=_accuser_reception,
    creation=True,
)
def _deposer_recours(recours, acteur, donnees):
    return {"details": {"inscription": recours.inscription_id, "echeance": recours.echeance.isoformat()}}


# Examination and answer ---------------------------------------------------------------------------------------------


def _prenable(recours, acteur, donnees):
    if recours.charge_de_id == acteur.pk:
        yield "Vous examinez déjà ce recours."
    if raison := partialite(acteur, recours.candidature):
        yield raison


@verbe(
    RECOURS,
    "prendre_en_charge",
    libelle="Prendre en charge",
    roles=INSTRUCTEURS,
    etape=10,
    de=EN_COURS,
    vers=(Recours.Etat.EN_EXAMEN,),
    conditions=_prenable,
    principal=True,
    attendu=Q(etat=Recours.Etat.DEPOSE),
    attente="Un recours attend d’être examiné",
    aide="Vous rassemblez les faits et proposez une réponse\u00a0; une autre personne décide.",
)
def _prendre_en_charge(recours, acteur, donnees):
    recours.charge_de = acteur
    return {"details": {"charge_de": acteur.pk}}


def _tranchable(recours, acteur, donnees):
    """Two people answer for an appeal, and neither took part in the decision (constraint « recours_a_deux »)."""
    if recours.charge_de_id == acteur.pk:
        yield "Vous avez examiné ce recours\u00a0: une autre personne décide de la réponse."
    if raison := partialite(acteur, recours.candidature):
        yield raison


def _acceptable(recours, acteur, donnees):
    yield from _tranchable(recours, acteur, donnees)
    demande = revocation_demandee(recours.candidature)
    if demande and demande.demandee_par_id == acteur.pk:
        yield "Vous avez demandé la révocation de cette décision\u00a0: une autre personne répond au recours."


def _repondre(recours, acteur, texte: str) -> None:
    recours.reponse, recours.repondu_par, recours.repondu_le = texte, acteur, timezone.now()


def _dire_la_reponse(recours, acteur, donnees, resultat):
    """All to the candidate; to the employer, the outcome and nothing else."""
    candidature, contexte = recours.candidature, _contexte(recours)
    return [
        composer("recours_reponse", candidature.titulaire.courriel, **contexte),
        *(composer("recours_issue", a, **contexte) for a in adresses("employeur", candidature.etablissement)),
    ]


@verbe(
    RECOURS,
    "accepter_recours",
    libelle="Accepter le recours",
    roles=("certificateur",),
    etape=10,
    de=(Recours.Etat.EN_EXAMEN,),
    vers=(Recours.Etat.ACCEPTE,),
    conditions=_acceptable,
    formulaire=ReponseForm,
    courriels=_dire_la_reponse,
    principal=True,
    attendu=Q(),
    attente="Un recours attend sa réponse",
    aide="La décision contestée est révoquée, ce qui a été délivré est annulé, et le dossier repasse devant un jury "
    "dont les membres n’ont pas siégé la première fois.",
)
def _accepter_recours(recours, acteur, donnees):
    _repondre(recours, acteur, donnees["reponse"])
    if recours.inscription.revoquee_le is None:
        if revocation_demandee(recours.candidature) is None:
            # Two people: who examined asks, who decides pronounces.
            Revocation.objects.create(
                inscription=recours.inscription,
                motif=RECOURS_ACCEPTE,
                demandee_par=recours.charge_de,
                demandee_le=timezone.now(),
            )
        executer(MODELE, "revoquer_decision", recours.candidature, acteur, par="accepter_recours")
    return {"details": {"inscription": recours.inscription_id}}


@verbe(
    RECOURS,
    "rejeter_recours",
    libelle="Rejeter le recours",
    roles=("certificateur",),
    etape=10,
    de=(Recours.Etat.EN_EXAMEN,),
    vers=(Recours.Etat.REJETE,),
    conditions=_tranchable,
    formulaire=RejetForm,
    courriels=_dire_la_reponse,
    aide="La décision tient. Donnez vos raisons et ce que la personne peut encore faire.",
)
def _rejeter_recours(recours, acteur, donnees):
    voies = donnees["voies"].strip()
    _repondre(recours, acteur, f"{donnees['reponse'].strip()}\n\nVoies qui restent ouvertes\u00a0: {voies}")
    return {"details": {"inscription": recours.inscription_id}}


@verbe(
    RECOURS,
    "retirer_recours",
    libelle="Retirer mon recours",
    roles=("candidat",),
    etape=10,
    de=EN_COURS,
    vers=(Recours.Etat.RETIRE,),
    courriels=lambda recours, acteur, d, r: [
        composer("recours_retire", a, **_contexte(recours)) for a in _de_la_gestion(recours)
    ],
    danger=True,
    aide="La décision tient. Vous pourrez déposer un autre recours tant que le délai n’est pas passé.",
)
def _retirer_recours(recours, acteur, donnees):
    return {}
