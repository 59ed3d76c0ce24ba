"""The verbs of steps 8 and 9: deliberation dossier by dossier, sealed minutes, decisions that follow from them."""

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.credits import blocs_credites
from backoffice.candidatures.models import Candidature, Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import adresses, composer
from backoffice.evaluations.resultats import bloc_acquis_selon_evaluation
from registre.canonique import empreinte
from registre.numerotation import prendre_numero
from registre.textes import en_nfc
from registre.transitions import executer, verbe

from .composition import conduit, empechements, manques_de_session, presents, votants
from .forms import DeliberationForm
from .models import DecisionBloc, Inscription, SessionJury
from .workflow import AVANT_CLOTURE, SESSION, inscription_active


def _deliberation_possible(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    if inscription is None or inscription.session.etat != SessionJury.Etat.OUVERTE:
        yield "La séance n’est pas ouverte : le jury délibère en séance."
        return
    if not conduit(inscription.session, inscription, acteur):
        yield "La présidence de la séance enregistre la décision, sauf déport sur ce dossier."
    # To postpone takes no quorum: a dossier on which members are recused must not hold up the others.
    if donnees.get("issue") == Inscription.Issue.DECIDEE:
        yield from empechements(inscription.session, inscription)
        yield from _decisions_motivees(candidature, donnees["blocs"])


def _decisions_motivees(candidature, decisions):
    for bloc in candidature.blocs_a_evaluer():
        acquis, motif = decisions.get(bloc.pk, (None, ""))
        evalue = bloc_acquis_selon_evaluation(candidature, bloc)
        if acquis is None:
            yield f"Il manque la décision du jury sur le bloc {bloc.code}."
        elif evalue is not None and acquis != evalue and not motif.strip():
            yield f"Bloc {bloc.code} : la décision s’écarte de l’évaluation, donnez-en le motif."


@verbe(
    MODELE,
    "deliberer",
    libelle="Enregistrer la décision du jury",
    roles=("jury",),
    etape=8,
    de=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    conditions=_deliberation_possible,
    formulaire=DeliberationForm,
    principal=True,
    attendu=Q(inscriptions__retiree_le=None, inscriptions__session__etat__in=AVANT_CLOTURE),
    attente="Le jury délibère",
    aide="La décision se modifie jusqu’au PV, puis elle est figée.",
)
def _deliberer(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    inscription.issue = donnees["issue"]
    inscription.recommandations = donnees.get("recommandations", "")
    inscription.deliberee_le = timezone.now()
    inscription.save()
    inscription.decisions.all().delete()
    if inscription.issue == Inscription.Issue.DECIDEE:
        permis = {b.pk for b in candidature.blocs_a_evaluer()}
        DecisionBloc.objects.bulk_create(
            DecisionBloc(inscription=inscription, bloc_id=bloc, acquis=acquis, motif=motif)
            for bloc, (acquis, motif) in donnees["blocs"].items()
            if bloc in permis
        )
    votes = [m.pk for m in votants(inscription.session, inscription)]
    return {"details": {"inscription": inscription.pk, "issue": inscription.issue, "votants": votes}}


def en_suspens(session: SessionJury) -> list[Inscription]:
    """The dossiers of the list on which nothing was recorded yet."""
    attendues = session.inscriptions.filter(retiree_le=None, issue="")
    lues = attendues.select_related(
        "candidature__parcours",
        "candidature__titulaire",
        "candidature__evaluation",
        "candidature__etablissement",
        "candidature__organisme_formation",
    )
    return list(lues.prefetch_related("deports").order_by("pk"))


def _ajourner_les_empeches(session: SessionJury) -> None:
    """Postpone the dossiers on which this jury cannot decide: the minutes say why, in numbers and without names."""
    membres = presents(session)
    for inscription in en_suspens(session):
        inscription.issue, inscription.deliberee_le = Inscription.Issue.AJOURNEE, timezone.now()
        raisons = " ".join(empechements(session, inscription, membres))
        inscription.recommandations = f"Le jury n’a pas pu délibérer sur ce dossier. {raisons}"
        inscription.save(update_fields=["issue", "deliberee_le", "recommandations"])


def _pv_possible(session, acteur, donnees):
    membres = presents(session)
    for inscription in en_suspens(session):
        if not empechements(session, inscription, membres):
            yield f"Le jury n’a pas délibéré sur le dossier {inscription.candidature.reference}."
    yield from manques_de_session(session)


def contenu_du_pv(session: SessionJury) -> dict:
    """What the minutes freeze: composition, presence, recusals and decisions, by reference (no name of candidates)."""
    return {
        "format": "cqp-pv-1",
        "numero": session.pv_numero,
        "instance": session.instance,
        "date": session.tenue_le.isoformat(),
        "lieu": session.lieu or "visioconférence",
        "membres": [
            {
                "nom": m.utilisateur.get_full_name(),
                "college": m.college,
                "fonction": m.fonction,
                "qualite": m.qualite,
                "present": m.present_le is not None,
            }
            for m in session.membres.select_related("utilisateur").order_by("pk")
        ],
        "dossiers": [
            {
                "reference": i.candidature.reference,
                "issue": i.issue,
                "blocs": [
                    {"code": d.bloc.code, "acquis": d.acquis, "motif": d.motif}
                    for d in i.decisions.select_related("bloc").order_by("bloc__ordre", "bloc__code")
                ],
                "repris": [
                    {"code": c.bloc.code, "provenance": c.provenance, "validite": c.validite}
                    for c in i.candidature.blocs_repris()
                    if c.est_valide(session.tenue_le)
                ],
                "recommandations": i.recommandations,
                "deports": [
                    {"nom": d.membre.utilisateur.get_full_name(), "raison": d.raison}
                    for d in i.deports.select_related("membre__utilisateur").order_by("pk")
                ],
            }
            for i in session.inscriptions.filter(retiree_le=None).select_related("candidature").order_by("pk")
        ],
    }


@verbe(
    SESSION,
    "sceller_pv",
    libelle="Sceller le PV",
    roles=("president",),
    etape=8,
    de=("ouverte",),
    vers=("scellee",),
    conditions=_pv_possible,
    principal=True,
    aide="Le PV reçoit son numéro, les décisions deviennent définitives et sont notifiées.",
)
def _sceller_pv(session, acteur, donnees):
    # A decision under way ends before the minutes are written; a later one finds them sealed.
    list(Candidature.objects.filter(inscriptions__session=session).order_by("pk").select_for_update(of=("self",)))
    _ajourner_les_empeches(session)
    session.pv_scelle_le = timezone.now()
    session.pv_numero = prendre_numero(session.certificateur, "pv")[2]
    session.pv_contenu = en_nfc(contenu_du_pv(session))
    session.pv_empreinte = empreinte(session.pv_contenu, "cqp-pv-1")
    for inscription in session.inscriptions.filter(retiree_le=None).select_related("candidature").order_by("pk"):
        if inscription.issue != Inscription.Issue.DECIDEE:
            nom = "ajourner"
        else:
            nom = "proposer" if session.instance == SessionJury.Instance.EVALUATION else "decider"
        executer(MODELE, nom, inscription.candidature, acteur, {"inscription": inscription}, par="sceller_pv")
    return {"details": {"pv": session.pv_numero, "empreinte": session.pv_empreinte}}


def _decision_prise(candidature, acteur, donnees):
    inscription = donnees.get("inscription")
    if inscription is None or inscription.candidature_id != candidature.pk or not inscription.issue:
        yield "Le jury n’a pas délibéré sur ce dossier."
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None or evaluation.transmise_le is None:
        yield "L’évaluation n’est pas transmise : aucune décision n’est possible."


@verbe(
    MODELE,
    "proposer",
    libelle="Proposer à la CPNE",
    roles=("jury",),
    etape=8,
    de=(Etat.INSCRITE_JURY,),
    vers=(Etat.PROPOSEE,),
    conditions=_decision_prise,
    interne=True,
    consequence_de=("sceller_pv",),
)
def _proposer(candidature, acteur, donnees):
    return {"details": {"inscription": donnees["inscription"].pk}}


def resultat_du_jury(candidature, decisions: dict[int, bool], credites=frozenset()) -> Etat:
    """« Validé »: every compulsory bloc of the CQP is acquired; « Partiel »: some are; « Non validé »: none is.

    `credites`: blocs acquired before and still valid on the day of the jury; with those acquired now they make the
    whole. A candidate who aimed at some blocs only can at best be « partiel »; who acquires nothing new is « non
    validé », and keeps the blocs credited as long as the documents that prove them say.
    """
    requis = {
        b.pk
        for b in candidature.version.blocs.all()
        if not b.facultatif and (b.option_id is None or b.option_id == candidature.option_id)
    }
    acquis = {bloc for bloc, oui in decisions.items() if oui}
    if requis and requis <= acquis | set(credites):
        return Etat.VALIDEE
    return Etat.PARTIELLE if acquis else Etat.NON_VALIDEE


def _notifier(candidature, acteur, donnees, resultat):
    inscription = donnees["inscription"]
    contexte = {"candidature": candidature, "inscription": inscription}
    return [
        composer("decision_candidat", candidature.titulaire.courriel, **contexte),
        *(composer("decision_employeur", a, **contexte) for a in adresses("employeur", candidature.etablissement)),
    ]


@verbe(
    MODELE,
    "decider",
    libelle="Rendre la décision",
    roles=("jury",),
    etape=9,
    de=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    vers=(Etat.VALIDEE, Etat.PARTIELLE, Etat.NON_VALIDEE),
    conditions=_decision_prise,
    courriels=_notifier,
    interne=True,
    consequence_de=("sceller_pv",),
)
def _decider(candidature, acteur, donnees):
    inscription = donnees["inscription"]
    decisions = dict(inscription.decisions.values_list("bloc", "acquis"))
    credites = blocs_credites(candidature, inscription.session.tenue_le)
    candidature.decidee_le = timezone.now()
    return {
        "etat": resultat_du_jury(candidature, decisions, credites),
        "details": {
            "inscription": inscription.pk,
            "acquis": sorted(b for b, oui in decisions.items() if oui),
            "repris": sorted(credites),
        },
    }


@verbe(
    MODELE,
    "ajourner",
    libelle="Ajourner",
    roles=("jury",),
    etape=8,
    de=(Etat.INSCRITE_JURY, Etat.PROPOSEE),
    vers=(Etat.AJOURNEE,),
    conditions=_decision_prise,
    courriels=_notifier,
    interne=True,
    consequence_de=("sceller_pv",),
)
def _ajourner(candidature, acteur, donnees):
    return {"details": {"inscription": donnees["inscription"].pk}}
