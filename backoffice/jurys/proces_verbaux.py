"""The verbs of the minutes: written, signed, sealed, and the decisions that follow from them."""

from django.utils import timezone

from backoffice.candidatures.credits import blocs_credites
from backoffice.candidatures.models import Candidature, Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import adresses, composer
from registre.canonique import empreinte
from registre.numerotation import prendre_numero
from registre.textes import en_nfc
from registre.transitions import executer, verbe

from .composition import Assemblee, empechements
from .forms_pv import ReouvertureForm, SignatureForm
from .models import Inscription, ProcesVerbal, SessionJury, SignaturePV
from .pv_contenu import contenu_du_pv
from .signatures import enumerer, places_de
from .workflow import ORGANISATEURS, SESSION


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
        inscription.issue, inscription.deliberee_le = Inscription.Issue.AJOURNEE, session.close_le
        raisons = " ".join(empechements(session, inscription, assemblee))
        inscription.motif = f"Le jury n’a pas pu délibérer sur ce dossier. {raisons}"[:500]
        inscription.save(update_fields=["issue", "deliberee_le", "motif"])


def _pv_possible(session, acteur, donnees):
    assemblee = Assemblee.de(session)
    for inscription in en_suspens(session):
        if not empechements(session, inscription, assemblee):
            yield f"Le jury n’a pas délibéré sur le dossier {inscription.candidature.reference}."


@verbe(
    SESSION,
    "clore_seance",
    libelle="Clore la séance",
    roles=("president", "secretaire", *ORGANISATEURS),
    etape=8,
    de=("ouverte",),
    vers=("close",),
    conditions=_pv_possible,
    principal=True,
    aide=(
        "Le texte du PV est arrêté et reçoit son numéro. La présidence et la vice-présidence le signent ensuite\u202f: "
        "les décisions deviennent alors définitives. Un dossier sur lequel le jury ne peut pas délibérer est ajourné."
    ),
)
def _clore_seance(session, acteur, donnees):
    # A decision under way ends before the minutes are written; a later one finds them closed.
    list(Candidature.objects.filter(inscriptions__session=session).order_by("pk").select_for_update(of=("self",)))
    session.close_le = timezone.now()
    _ajourner_les_empeches(session)
    pv = session.pv or ProcesVerbal(session=session, numero=prendre_numero(session.certificateur, "pv")[2])
    pv.contenu = en_nfc(contenu_du_pv(session, pv.numero))
    pv.empreinte = empreinte(pv.contenu, pv.contenu["format"])
    pv.arrete_par, pv.arrete_le = acteur, session.close_le
    pv.save()
    return {"details": {"pv": pv.numero, "empreinte": pv.empreinte}}


@verbe(
    SESSION,
    "rouvrir_seance",
    libelle="Rouvrir la séance",
    roles=("president",),
    etape=8,
    de=("close",),
    vers=("ouverte",),
    formulaire=ReouvertureForm,
    danger=True,
    aide="Le texte arrêté et les signatures déjà données ne valent plus. Le prochain texte gardera le même numéro.",
)
def _rouvrir_seance(session, acteur, donnees):
    pv = session.pv
    details = {"pv": pv.numero, "empreinte": pv.empreinte, "signatures": pv.signatures.count()}
    # Postponed by the closing alone: the jury may decide on them again.
    session.inscriptions.filter(retiree_le=None, deliberee_le=session.close_le).update(
        issue="", motif="", deliberee_le=None
    )
    pv.signatures.all().delete()
    pv.contenu, pv.empreinte, session.close_le = {}, "", None
    pv.save()
    return {"details": details}


def _signature_possible(session, acteur, donnees):
    places = places_de(session, session.pv)
    sienne = next((p for p in places if acteur.pk in p.personnes), None)
    if sienne is None:
        yield f"Ce procès-verbal se signe par {enumerer(p.qui for p in places)}."
    elif sienne.signature:
        yield f"La signature de {sienne.qualite} est déjà donnée."
    if donnees and donnees.get("empreinte") != session.pv.empreinte:
        yield "Le texte n’est plus celui que vous avez lu\u202f: relisez-le, puis signez."
    if empreinte(session.pv.contenu, session.pv.contenu["format"]) != session.pv.empreinte:
        yield "Le texte ne correspond plus à son empreinte\u202f: la présidence rouvre la séance, puis la clôt."


@verbe(
    SESSION,
    "signer_pv",
    libelle="Signer le PV",
    roles=("jury",),
    etape=8,
    de=("close",),
    vers=("close", "scellee"),
    conditions=_signature_possible,
    formulaire=SignatureForm,
    principal=True,
    reauthentifier=True,
    aide="Vous signez le texte ci-dessous, celui-là seulement. La dernière signature scelle le procès-verbal.",
)
def _signer_pv(session, acteur, donnees):
    pv, preuve = session.pv, donnees["preuve"]
    membre = session.membres.get(utilisateur=acteur)
    SignaturePV.objects.create(
        proces_verbal=pv, membre=membre, empreinte=pv.empreinte, signee_le=timezone.now(), preuve=preuve.moyen
    )
    details = {"pv": pv.numero, "empreinte": pv.empreinte, "membre": membre.pk, "preuve": preuve.moyen}
    if all(place.signature for place in places_de(session, pv)):
        _sceller(session, pv, acteur)
        return {"etat": SessionJury.Etat.SCELLEE, "details": details | {"scelle": True}}
    return {"details": details}


def _sceller(session: SessionJury, pv: ProcesVerbal, acteur) -> None:
    """The last signature: the decisions take effect, the document is made, nothing moves any more."""
    list(Candidature.objects.filter(inscriptions__session=session).order_by("pk").select_for_update(of=("self",)))
    pv.scelle_le = timezone.now()
    pv.save(update_fields=["scelle_le"])
    for inscription in session.inscriptions.filter(retiree_le=None).select_related("candidature").order_by("pk"):
        if inscription.issue != Inscription.Issue.DECIDEE:
            nom = "ajourner"
        else:
            nom = "proposer" if session.instance == SessionJury.Instance.EVALUATION else "decider"
        executer(MODELE, nom, inscription.candidature, acteur, {"inscription": inscription}, par="signer_pv")


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
    consequence_de=("signer_pv",),
)
def _proposer(candidature, acteur, donnees):
    return {"details": {"inscription": donnees["inscription"].pk}}


def resultat_du_jury(candidature, decisions: dict[int, bool], credites=frozenset(), separes: bool = True) -> Etat:
    """« Validé »: every compulsory bloc of the CQP is acquired; « Partiel »: some are; « Non validé »: none is.

    `credites`: blocs acquired before and still valid on the day of the jury; with those acquired now they make the
    whole. A candidate who aimed at some blocs only can at best be « partiel »; who acquires nothing new is « non
    validé », and keeps the blocs credited as long as the documents that prove them say.
    `separes`: blocs may be acquired apart; where the parcours says all or nothing, a missing bloc leaves nothing.
    """
    requis = {
        b.pk
        for b in candidature.version.blocs.all()
        if not b.facultatif and (b.option_id is None or b.option_id == candidature.option_id)
    }
    acquis = {bloc for bloc, oui in decisions.items() if oui}
    if requis and requis <= acquis | set(credites):
        return Etat.VALIDEE
    return Etat.PARTIELLE if acquis and separes else Etat.NON_VALIDEE


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
    consequence_de=("signer_pv",),
)
def _decider(candidature, acteur, donnees):
    inscription = donnees["inscription"]
    decisions = dict(inscription.decisions.values_list("bloc", "acquis"))
    credites = blocs_credites(candidature, inscription.session.tenue_le)
    candidature.decidee_le = timezone.now()
    return {
        "etat": resultat_du_jury(candidature, decisions, credites, candidature.parcours.validation_partielle),
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
    consequence_de=("signer_pv",),
)
def _ajourner(candidature, acteur, donnees):
    return {"details": {"inscription": donnees["inscription"].pk}}
