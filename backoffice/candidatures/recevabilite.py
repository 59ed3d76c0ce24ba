"""The verbs of step 3: the porteur examines the dossier, says what is missing, decides, and may come back on it."""

from django.db.models import Q
from django.utils import timezone

from backoffice.comptes.ouverture import ouvrir_compte_candidat
from registre.transitions import verbe

from .forms import MotifForm
from .forms_recevabilite import ComplementsForm, ExamenForm, IrrecevabiliteForm
from .models import Etat
from .models_instruction import ControlePiece, Reserve, VerificationPrerequis
from .prerequis import concernes, prerequis_a_lever
from .reserves import clore, poser
from .workflow import (
    MODELE,
    REDACTEURS,
    a_l_employeur,
    au_candidat_recevable,
    dossier_complet,
    ranger_piece,
    sans_jumelle,
)


def _examen_du_dossier(candidature, acteur, donnees):
    permis = {p.pk for p in concernes(candidature)}
    pieces = set(candidature.pieces.filter(retiree_le=None).values_list("pk", flat=True))
    for prerequis, dite in donnees.get("verifications", {}).items():
        if prerequis not in permis or (dite.get("piece") and dite["piece"].pk not in pieces):
            yield "L’examen porte sur un prérequis ou une pièce d’un autre dossier\u00a0: rechargez la page."
            return
    if not set(donnees.get("controles", {})) <= pieces:
        yield "Une pièce a été remplacée entre-temps\u00a0: rechargez la page et contrôlez la nouvelle."


@verbe(
    MODELE,
    "examiner_recevabilite",
    libelle="Examiner la recevabilité",
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    conditions=_examen_du_dossier,
    formulaire=ExamenForm,
    aide="Les constats s’enregistrent à tout moment\u00a0; ils ne décident rien par eux-mêmes.",
)
def _examiner(candidature, acteur, donnees):
    maintenant, changes = timezone.now(), []
    connues = {v.prerequis_id: v for v in candidature.verifications.all()}
    for prerequis, dite in donnees.get("verifications", {}).items():
        verification = connues.get(prerequis) or VerificationPrerequis(candidature=candidature, prerequis_id=prerequis)
        # A pièce is offered beside each prerequisite: by itself it says nothing yet.
        dits = dite if verification.pk else {champ: valeur for champ, valeur in dite.items() if champ != "piece"}
        if all(getattr(verification, champ) == valeur for champ, valeur in dits.items()):
            continue
        for champ, valeur in dite.items():
            setattr(verification, champ, valeur)
        verification.verifie_par, verification.verifie_le = acteur, maintenant
        verification.save()
        changes.append(prerequis)
    for piece, conforme in donnees.get("controles", {}).items():
        if conforme:
            ControlePiece.objects.get_or_create(
                piece_id=piece, defaults={"controlee_par": acteur, "controlee_le": maintenant}
            )
        else:
            ControlePiece.objects.filter(piece=piece).delete()
    return {"details": {"prerequis": sorted(changes)}}


def _completude_possible(candidature, acteur, donnees):
    if candidature.complete_le:
        yield f"Ce dossier est complet depuis le {timezone.localdate(candidature.complete_le):%d/%m/%Y}."
    yield from dossier_complet(candidature, acteur, donnees)


@verbe(
    MODELE,
    "declarer_complete",
    libelle="Déclarer le dossier complet",
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    conditions=_completude_possible,
    courriels=a_l_employeur("candidature_complete"),
    aide="Le demandeur reçoit l’accusé de complétude. La recevabilité reste à décider.",
)
def _declarer_complete(candidature, acteur, donnees):
    candidature.complete_le = timezone.now()
    clore(candidature)
    return {}


@verbe(
    MODELE,
    "declarer_recevable",
    libelle="Déclarer recevable",
    par_lot=True,
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    vers=(Etat.RECEVABLE,),
    conditions=lambda c, a, d: [*dossier_complet(c, a, d), *prerequis_a_lever(c)],
    courriels=lambda c, acteur, donnees, resultat: [
        *a_l_employeur("candidature_recevable")(c, acteur, donnees, resultat),
        *au_candidat_recevable(c),
    ],
    principal=True,
    attendu=Q(),
    attente="Le porteur examine la recevabilité",
)
def _declarer_recevable(candidature, acteur, donnees):
    candidature.recevable_le = timezone.now()
    clore(candidature)
    ouvrir_compte_candidat(candidature.titulaire)
    return {}


def _points_du_parcours(candidature, acteur, donnees):
    """Asked of many dossiers at once, a point may speak of what another parcours demands."""
    for point in donnees.get("points", ()):
        chose = point.get("requise") or point.get("prerequis")
        if chose is not None and chose.parcours_id != candidature.parcours_id:
            yield f"«\u202f{chose}\u202f» n’est pas demandé par le parcours de ce dossier."
    for prerequis in donnees.get("prerequis") or ():
        if prerequis.parcours_id != candidature.parcours_id:
            yield f"«\u202f{prerequis}\u202f» n’est pas un prérequis du parcours de ce dossier."


@verbe(
    MODELE,
    "declarer_incomplete",
    libelle="Demander des compléments",
    par_lot=True,
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    vers=(Etat.INCOMPLETE,),
    conditions=_points_du_parcours,
    formulaire=ComplementsForm,
    courriels=a_l_employeur("candidature_incomplete"),
    aide="Écrivez seulement là où quelque chose manque. Le demandeur lit chaque texte près de ce qu’il concerne, "
    "y répond sur place, puis dépose de nouveau.",
)
def _declarer_incomplete(candidature, acteur, donnees):
    candidature.complete_le = None
    points = donnees.get("points") or [{"texte": donnees["motif"]}]
    return {"details": {"reserves": poser(candidature, acteur, Reserve.Nature.COMPLEMENT, points)}}


@verbe(
    MODELE,
    "declarer_irrecevable",
    libelle="Déclarer non recevable",
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    vers=(Etat.IRRECEVABLE,),
    conditions=_points_du_parcours,
    formulaire=IrrecevabiliteForm,
    courriels=a_l_employeur("candidature_irrecevable"),
    danger=True,
)
def _declarer_irrecevable(candidature, acteur, donnees):
    points = [{"prerequis": p, "texte": "Ce prérequis n’est pas satisfait."} for p in donnees.get("prerequis") or ()]
    return {"details": {"reserves": poser(candidature, acteur, Reserve.Nature.IRRECEVABILITE, points)}}


def sans_evaluateur(candidature, acteur, donnees):
    if getattr(candidature, "evaluation", None):
        yield "Un évaluateur est déjà confirmé\u00a0: la recevabilité ne se revoit plus."


def _revision_possible(candidature, acteur, donnees):
    if not candidature.examen_requis:
        yield "Ce parcours ne demande pas d’examen de recevabilité pour cette voie d’accès."
    yield from sans_evaluateur(candidature, acteur, donnees)
    if candidature.etat == Etat.IRRECEVABLE:
        yield from sans_jumelle(candidature)


@verbe(
    MODELE,
    "revoir_recevabilite",
    libelle="Revenir sur la recevabilité",
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.RECEVABLE, Etat.IRRECEVABLE),
    vers=(Etat.DEPOSEE,),
    conditions=_revision_possible,
    formulaire=MotifForm,
)
def _revoir_recevabilite(candidature, acteur, donnees):
    candidature.recevable_le = None
    clore(candidature)
    return {}


def _reponse_possible(candidature, acteur, donnees):
    reserve = donnees.get("reserve")
    if reserve is None or reserve.candidature_id != candidature.pk or reserve.close_le:
        yield "Ce point n’attend plus de réponse."
    elif donnees.get("fichier") and reserve.piece_attendue is None:
        yield "Ce point n’attend pas de fichier\u00a0: répondez par écrit."
    elif not donnees.get("fichier") and not donnees.get("reponse", "").strip():
        yield "Écrivez une réponse, ou joignez le fichier demandé."


@verbe(
    MODELE,
    "repondre_reserve",
    libelle="Répondre à un point",
    roles=REDACTEURS,
    etape=2,
    de=(Etat.INCOMPLETE,),
    conditions=_reponse_possible,
    interne=True,
)
def _repondre(candidature, acteur, donnees):
    """Store the answer; the file, when there is one, takes the place of the pièce it answers for."""
    reserve, details = donnees["reserve"], {"reserve": donnees["reserve"].pk}
    if sain := donnees.get("fichier"):
        attendue = reserve.piece_attendue
        candidature.pieces.filter(requise=attendue, retiree_le=None).update(retiree_le=timezone.now())
        details["piece"] = ranger_piece(candidature, acteur, sain, attendue.libelle, attendue).pk
    reserve.reponse = donnees.get("reponse", "").strip()
    reserve.repondue_par, reserve.repondue_le = acteur, timezone.now()
    reserve.save(update_fields=["reponse", "repondue_par", "repondue_le"])
    return {"details": details}
