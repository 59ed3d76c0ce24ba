"""The verbs of step 7 and of the session: a place for the dossier, the members, the opening, the recusals."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.credits import credits_perimes
from backoffice.candidatures.forms import MotifForm
from backoffice.candidatures.models import Etat
from backoffice.candidatures.workflow import MODELE
from backoffice.courriels import composer
from registre.transitions import verbe

from .composition import conflit_du_membre, manques_de_session, parcours_de
from .forms import DeportForm, InscriptionForm, MembreForm
from .models import Deport, Inscription, MembreJury, SessionJury

SESSION = "jurys.sessionjury"
ORGANISATEURS = ("certificateur", "gestionnaire")
AVANT_CLOTURE = (SessionJury.Etat.PLANIFIEE, SessionJury.Etat.OUVERTE)


def inscription_active(candidature) -> Inscription | None:
    """The registration of this dossier to a session that has not sealed its minutes yet."""
    return candidature.inscriptions.filter(retiree_le=None, session__etat__in=AVANT_CLOTURE).order_by("-pk").first()


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


def _deporter_d_office(inscriptions, membres) -> None:
    """Record the recusals that the data show, as soon as a member and a dossier meet on one list."""
    membres = list(membres.select_related("utilisateur"))
    for inscription in inscriptions.filter(retiree_le=None).select_related("candidature__titulaire"):
        for membre in membres:
            if raison := conflit_du_membre(membre, inscription.candidature):
                Deport.objects.get_or_create(inscription=inscription, membre=membre, defaults={"raison": raison})


def _inscrire(candidature, acteur, donnees):
    inscription = Inscription.objects.create(
        session=donnees["session"], candidature=candidature, inscrite_le=timezone.now()
    )
    session = donnees["session"]
    _deporter_d_office(session.inscriptions.filter(pk=inscription.pk), session.membres.all())
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
    attendu=~Q(inscriptions__retiree_le=None, inscriptions__session__etat__in=AVANT_CLOTURE),
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


@verbe(
    SESSION,
    "planifier",
    libelle="Planifier une session",
    roles=ORGANISATEURS,
    etape=1,
    vers=("planifiee",),
    creation=True,
)
def _planifier(session, acteur, donnees):
    session.certifications.set(donnees.get("certifications", ()))
    return {"details": {"instance": session.instance}}


def _siege_possible(session, acteur, donnees):
    membre = donnees.get("utilisateur")
    if membre is None:
        return
    if session.membres.filter(utilisateur=membre).exists():
        yield "Cette personne siège déjà à cette session : un siège, une voix."
    fonction = donnees.get("fonction")
    if fonction != MembreJury.Fonction.MEMBRE:
        tenue = session.membres.filter(fonction__in=("president", "vice_president"))
        if tenue.filter(fonction=fonction).exists():
            yield "Cette fonction est déjà tenue par un autre membre."
        regles = parcours_de(session)
        alternee = not regles or any(p.presidence_alternee for p in regles)
        if alternee and tenue.filter(college=donnees["college"]).exists():
            yield "La présidence et la vice-présidence viennent de collèges différents."


@verbe(
    SESSION,
    "nommer_membre",
    libelle="Ajouter un membre",
    roles=ORGANISATEURS,
    etape=8,
    de=("planifiee",),
    conditions=_siege_possible,
    formulaire=MembreForm,
    courriels=lambda s, acteur, donnees, resultat: [
        composer("convocation_jury", donnees["utilisateur"].email, session=s)
    ],
)
def _nommer_membre(session, acteur, donnees):
    organisme = next((r.organisme for r in donnees["utilisateur"].roles_actifs if r.nom == "jury"), None)
    membre = MembreJury.objects.create(
        session=session,
        utilisateur=donnees["utilisateur"],
        college=donnees["college"],
        fonction=donnees["fonction"],
        qualite=donnees["qualite"],
        organisme=organisme,
    )
    _deporter_d_office(session.inscriptions.all(), session.membres.filter(pk=membre.pk))
    return {"details": {"membre": membre.pk}}


def _siege_de(session, acteur) -> MembreJury | None:
    return session.membres.filter(utilisateur=acteur).first()


def _emargement_possible(session, acteur, donnees):
    siege = _siege_de(session, acteur)
    if siege is None:
        yield "Vous ne siégez pas à cette session."
    elif siege.present_le:
        yield "Vous avez déjà émargé."
    elif session.etat == SessionJury.Etat.OUVERTE and any(p.parite_stricte for p in parcours_de(session)):
        # A late arrival would break the parity on which the jury already decided, with no way back.
        yield "La séance est ouverte : sa composition paritaire ne change plus."


@verbe(
    SESSION,
    "emarger",
    libelle="Émarger",
    roles=("jury",),
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_emargement_possible,
    principal=True,
)
def _emarger(session, acteur, donnees):
    siege = _siege_de(session, acteur)
    siege.present_le = timezone.now()
    siege.save(update_fields=["present_le"])
    return {"details": {"membre": siege.pk}}


@verbe(
    SESSION,
    "retirer_emargement",
    libelle="Retirer mon émargement",
    roles=("jury",),
    etape=8,
    de=("planifiee",),
    conditions=lambda s, acteur, d: (
        [] if (siege := _siege_de(s, acteur)) and siege.present_le else ["Vous n’avez pas émargé."]
    ),
    danger=True,
    aide="Quand un collège est plus nombreux que l’autre, un membre se retire pour rétablir la parité.",
)
def _retirer_emargement(session, acteur, donnees):
    siege = _siege_de(session, acteur)
    siege.present_le = None
    siege.save(update_fields=["present_le"])
    return {"details": {"membre": siege.pk}}


def _peut_ouvrir_session(session, acteur, donnees):
    if not session.inscriptions.filter(retiree_le=None).exists():
        yield "Aucun dossier n’est inscrit à cette session."
    yield from manques_de_session(session)


@verbe(
    SESSION,
    "ouvrir_session",
    libelle="Ouvrir la séance",
    roles=("president", "gestionnaire", "certificateur"),
    etape=8,
    de=("planifiee",),
    vers=("ouverte",),
    conditions=_peut_ouvrir_session,
    principal=True,
    aide="Les déports qui se lisent dans les données sont enregistrés à l’ouverture.",
)
def _ouvrir_session(session, acteur, donnees):
    session.ouverte_le = timezone.now()
    # Once more on the day: roles and bodies may have changed since the lists were made.
    _deporter_d_office(session.inscriptions.all(), session.membres.all())
    return {}


def _deport_possible(session, acteur, donnees):
    inscription = donnees.get("inscription")
    if _siege_de(session, acteur) is None:
        yield "Vous ne siégez pas à cette session."
    if inscription and inscription.session_id != session.pk:
        yield "Ce dossier n’est pas inscrit à cette session."
    elif inscription and inscription.issue:
        yield "Le jury a déjà délibéré sur ce dossier."


@verbe(
    SESSION,
    "declarer_deport",
    libelle="Me déporter d’un dossier",
    roles=("jury",),
    etape=8,
    de=AVANT_CLOTURE,
    conditions=_deport_possible,
    formulaire=DeportForm,
    aide="Vous ne prenez pas part à la délibération sur ce dossier ; la raison figure au PV.",
)
def _declarer_deport(session, acteur, donnees):
    siege = _siege_de(session, acteur)
    deport, _ = Deport.objects.get_or_create(
        inscription=donnees["inscription"],
        membre=siege,
        defaults={"raison": donnees["raison"], "declare": True},
    )
    return {"details": {"deport": deport.pk}}
