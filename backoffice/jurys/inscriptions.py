"""The verbs of step 7: a place for the dossier in a session."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.credits import credits_perimes
from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import composer
from registre.transitions import verbe

from .deports import deporter_d_office
from .forms import InscriptionForm
from .models import Inscription, SessionJury
from .workflow import AVANT_SCEAU, ORGANISATEURS, inscription_active


def _place_possible(candidature, acteur, donnees):
    evaluation = getattr(candidature, "evaluation", None)
    if evaluation is None or evaluation.transmise_le is None:
        yield "L’évaluation n’est pas transmise : l’évaluateur habilité la termine d’abord."
    if donnees.get("session") is None:
        return
    # Under lock: of two dossiers that want the last place, the second one counts the first.
    session = SessionJury.objects.select_for_update().get(pk=donnees["session"].pk)
    if session.etat != SessionJury.Etat.PLANIFIEE:
        yield "Cette session n’accepte plus de dossiers : choisissez-en une autre."
    if not session.certifications.filter(pk=candidature.version.certification_id).exists():
        yield "Cette session n’examine pas cette certification : choisissez-en une autre."
    if timezone.localdate() > session.limite_inscription:
        yield f"Les inscriptions à cette session sont closes depuis le {session.limite_inscription:%d/%m/%Y}."
    delai = timedelta(days=candidature.parcours.delai_inscription_jury)
    if timezone.localdate() + delai > timezone.localdate(session.debut):
        yield (
            f"Les membres reçoivent les dossiers {delai.days} jours avant le jury : "
            f"celui du {timezone.localdate(session.debut):%d/%m/%Y} est trop proche, choisissez-en un autre."
        )
    if session.places_restantes() < 1:
        yield f"Cette session est complète ({session.capacite} dossiers) : choisissez-en une autre."
    yield from credits_perimes(candidature, timezone.localdate(session.debut))
    attendue = "certification" if candidature.etat == Etat.PROPOSEE else None
    if (session.instance == "certification") != (attendue == "certification"):
        yield "Cette session n’est pas de l’instance attendue à cette étape."
    elif attendue is None and candidature.parcours.jurys_fusionnes != (session.instance == "unique"):
        yield "Ce parcours demande un autre type de jury : choisissez une session qui lui correspond."


def _inscrire(candidature, acteur, donnees):
    inscription = Inscription.objects.create(
        session=donnees["session"], candidature=candidature, inscrite_le=timezone.now()
    )
    session = donnees["session"]
    deporter_d_office(session.inscriptions.filter(pk=inscription.pk), session.membres.all())
    return {"details": {"session": inscription.session_id, "inscription": inscription.pk}}


def _au_candidat(modele):
    def preparer(candidature, acteur, donnees, resultat):
        return [
            composer(modele, candidature.titulaire.courriel, candidature=candidature, session=donnees.get("session"))
        ]

    return preparer


verbe(
    MODELE,
    "inscrire_au_jury",
    libelle="Inscrire à un jury",
    roles=("employeur", "gestionnaire"),
    etape=7,
    de=(Etat.EVALUEE, Etat.AJOURNEE),
    vers=(Etat.INSCRITE_JURY,),
    conditions=_place_possible,
    formulaire=InscriptionForm,
    courriels=_au_candidat("inscrit_au_jury"),
    principal=True,
    attendu=Q(),
    attente="L’employeur inscrit le dossier à une session de jury",
)(_inscrire)

verbe(
    MODELE,
    "presenter_a_la_cpne",
    libelle="Présenter au jury de certification",
    roles=ORGANISATEURS,
    etape=9,
    de=(Etat.PROPOSEE,),
    conditions=lambda c, a, d: [
        *_place_possible(c, a, d),
        *(["Ce dossier est déjà présenté à une session."] if inscription_active(c) else []),
    ],
    formulaire=InscriptionForm,
    principal=True,
    attendu=~Q(inscriptions__retiree_le=None, inscriptions__session__etat__in=AVANT_SCEAU),
    attente="Le dossier est à présenter au jury de certification",
)(_inscrire)


def _retrait_possible(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    if inscription is None or inscription.session.etat != SessionJury.Etat.PLANIFIEE:
        yield "La session a commencé : le dossier y reste, le jury peut l’ajourner."


@verbe(
    MODELE,
    "desinscrire_du_jury",
    libelle="Retirer de la session",
    par_lot=True,
    roles=("employeur", "gestionnaire"),
    etape=7,
    de=(Etat.INSCRITE_JURY,),
    vers=(Etat.EVALUEE,),
    conditions=_retrait_possible,
    formulaire=MotifForm,
    danger=True,
)
def _desinscrire(candidature, acteur, donnees):
    inscription = inscription_active(candidature)
    inscription.retiree_le = timezone.now()
    inscription.save(update_fields=["retiree_le"])
    return {"details": {"session": inscription.session_id}}
