"""The verbs of the minutes: written, signed, sealed."""

from django.utils import timezone

from backoffice.candidatures.models import Candidature
from backoffice.candidatures.workflow import MODELE
from registre.canonique import empreinte
from registre.numerotation import prendre_numero
from registre.textes import en_nfc
from registre.transitions import executer, verbe

from .composition import Assemblee, empechements
from .forms_pv import ReouvertureForm, SignatureForm
from .models import Inscription, ProcesVerbal, Scrutin, SessionJury, SignaturePV
from .pv_contenu import contenu_du_pv
from .pv_documents import fabriquer_pv
from .signatures import manques_de_signature, places_de
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
    votes = Scrutin.objects.filter(inscription__session=session, clos_le=None, annule_le=None)
    for reference in votes.values_list("inscription__candidature__reference", flat=True):
        yield f"Un vote est ouvert sur le dossier {reference} : la présidence le clôt ou l’annule d’abord."
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
    yield from manques_de_signature(session, session.pv, acteur, donnees)


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
    dits = {d["reference"]: d.get("resultat", "") for d in pv.contenu["dossiers"]}
    for inscription in session.inscriptions.filter(retiree_le=None).select_related("candidature").order_by("pk"):
        if inscription.issue != Inscription.Issue.DECIDEE:
            nom = "ajourner"
        else:
            nom = "proposer" if session.instance == SessionJury.Instance.EVALUATION else "decider"
        donnees = {"inscription": inscription, "resultat": dits.get(inscription.candidature.reference, "")}
        executer(MODELE, nom, inscription.candidature, acteur, donnees, par="signer_pv")
    fabriquer_pv.enqueue(pv.pk)
