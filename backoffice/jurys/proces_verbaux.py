"""The verbs of the minutes: written, sealed, and the decisions that follow from them."""

from django.utils import timezone

from backoffice.candidatures.credits import blocs_credites
from backoffice.candidatures.models import Candidature, Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import adresses, composer
from registre.canonique import empreinte
from registre.numerotation import prendre_numero
from registre.textes import en_nfc
from registre.transitions import executer, verbe

from .composition import Assemblee, empechements, manques_de_session
from .models import Inscription, SessionJury
from .workflow import SESSION


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
    return list(lues.prefetch_related("deports", "candidature__recours").order_by("pk"))


def _ajourner_les_empeches(session: SessionJury) -> None:
    """Postpone the dossiers on which this jury cannot decide: the minutes say why, in numbers and without names."""
    assemblee = Assemblee.de(session)
    for inscription in en_suspens(session):
        inscription.issue, inscription.deliberee_le = Inscription.Issue.AJOURNEE, timezone.now()
        raisons = " ".join(empechements(session, inscription, assemblee))
        inscription.recommandations = f"Le jury n’a pas pu délibérer sur ce dossier. {raisons}"
        inscription.save(update_fields=["issue", "deliberee_le", "recommandations"])


def _pv_possible(session, acteur, donnees):
    assemblee = Assemblee.de(session)
    for inscription in en_suspens(session):
        if not empechements(session, inscription, assemblee):
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
