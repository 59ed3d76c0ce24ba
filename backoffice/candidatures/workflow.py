"""The verbs of step 2: a dossier is opened, filled, declared. What the later steps share stands here too."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.comptes.ouverture import ouvrir_compte_candidat
from backoffice.courriels import adresses, composer
from backoffice.parcours.models import Parcours
from registre import journal
from registre.models import Organisme, Titulaire
from registre.numerotation import prendre_numero
from registre.transitions import Refus, executer, verbe

from .admission import apres_echec, ouverture_permise, sans_jumelle, voie_admise
from .forms import PieceForm, RetraitPieceForm
from .manques import depot_possible, dossier_complet  # noqa: F401 - the later steps take the second one here
from .models import Candidature, Etat, Piece

MODELE = "candidatures.candidature"
REDACTEURS = ("employeur", "gestionnaire")
EN_REDACTION = (Etat.BROUILLON, Etat.INCOMPLETE)


def _date(jour) -> str:
    return f"{jour:%d/%m/%Y}"


def ouvrir(
    acteur, titulaire: Titulaire, candidature: Candidature, cle: str = "", origine: dict | None = None
) -> Candidature:
    """Open a dossier: store the person, take a reference, write the first entry of the journal.

    `titulaire` and `candidature` come unsaved, and hold what is known so far: the person may still be nobody.
    `origine` (ids only) is written in the journal: a copy, a workbook. A repeated `cle` returns the dossier already
    opened.

    Raises:
        Refus: no published parcours, version no longer deliverable, way not admitted, person who may not open, another
            live dossier of the same person, a failure too recent.
    """
    with transaction.atomic():
        if jumelle := journal.deja_cree(cle, "ouvrir", candidature):
            return jumelle
        certification = candidature.version.certification
        parcours = Parcours.objects.all().publie(certification, certification.porteur)
        if parcours is None:
            raise Refus("Aucun parcours n’est publié pour cette certification\u00a0: écrivez à son porteur.")
        titulaire.save()
        candidature.titulaire = titulaire
        candidature.parcours = parcours
        candidature.porteur = certification.porteur
        candidature.ouverte_par = acteur
        candidature.ouverte_le = candidature.etat_depuis = timezone.now()
        candidature.reference = prendre_numero(candidature.certificateur, "candidature")[2]
        return executer(MODELE, "ouvrir", candidature, acteur, {"origine": origine or {}}, cle)


def _peut_ouvrir(candidature, acteur, donnees):
    version = candidature.version
    yield from ouverture_permise(candidature, acteur)
    yield from voie_admise(candidature)
    yield from sans_jumelle(candidature)
    yield from apres_echec(candidature)
    if not version.est_delivrable():
        yield (
            f"«\u202f{version.intitule}\u202f» n’est plus délivrable depuis le "
            f"{_date(version.delivrable_jusqu_au)}\u00a0: "
            "choisissez la version qui lui succède."
        )
    if not version.certificateurs:
        yield "Cette certification n’a pas de certificateur au registre\u00a0: écrivez au certificateur."


@verbe(
    MODELE,
    "ouvrir",
    libelle="Ouvrir une candidature",
    roles=REDACTEURS,
    etape=2,
    vers=(Etat.BROUILLON,),
    creation=True,
    conditions=_peut_ouvrir,
)
def _ouvrir(candidature, acteur, donnees):
    details = {"version": candidature.version_id, "parcours": candidature.parcours_id}
    return {"details": details | donnees.get("origine", {})}


@verbe(
    MODELE,
    "modifier",
    libelle="Modifier le dossier",
    roles=REDACTEURS,
    etape=2,
    de=EN_REDACTION,
    interne=True,
    aide="Chaque page de la saisie enregistre ce qu’elle contient, même incomplet\u202f; rien n’est figé avant "
    "le dépôt.",
)
def _modifier(candidature, acteur, donnees):
    """Store what a step of the entry holds: `titulaire` and `candidature`, unsaved, with all that has a good shape.

    `defauts` ({step: {field: text}}) keeps what has not, as it was typed: the entry shows it again, to be put right.
    """
    titulaire, saisie = donnees["titulaire"], donnees["candidature"]
    titulaire.save()
    if (organisme := saisie.organisme_formation) is not None and organisme.pk is None:
        connu = {"siret": organisme.siret, "defaults": {"raison_sociale": organisme.raison_sociale}}
        saisie.organisme_formation = Organisme.objects.get_or_create(**connu)[0]
    for champ in ("option", "etablissement", "organisme_formation", "modalite_acces"):
        setattr(candidature, champ, getattr(saisie, champ))
    suite = {**candidature.saisie, **donnees.get("defauts", {})}
    candidature.saisie = {etape: champs for etape, champs in suite.items() if champs}
    return {}


def _piece_du_parcours(candidature, acteur, donnees):
    if not donnees:  # asked before the form is filled: nothing prevents it yet
        return
    requise = donnees.get("requise")
    if requise is None:
        return
    if requise.parcours_id != candidature.parcours_id:
        yield "Choisissez une pièce demandée par ce parcours et le fichier à joindre."
    elif not donnees.get("fichier"):
        yield "Le fichier n’est pas arrivé\u00a0: choisissez-le de nouveau."


@verbe(
    MODELE,
    "joindre_piece",
    libelle="Joindre une pièce",
    roles=REDACTEURS,
    etape=2,
    de=EN_REDACTION,
    conditions=_piece_du_parcours,
    formulaire=PieceForm,
)
def _joindre_piece(candidature, acteur, donnees):
    requise = donnees["requise"]
    candidature.pieces.filter(requise=requise, retiree_le=None).update(retiree_le=timezone.now())
    piece = ranger_piece(candidature, acteur, donnees["fichier"], requise.libelle, requise)
    return {"details": {"piece": piece.pk}}


def ranger_piece(candidature, acteur, sain, libelle: str, requise=None) -> Piece:
    """Store a checked file (`fichiers.FichierSain`) under a random name in private storage."""
    return Piece.objects.create(
        candidature=candidature,
        requise=requise,
        libelle=libelle,
        fichier=sain.fichier(),
        nom_origine=sain.nom[:150],
        type_mime=sain.type_mime,
        taille=len(sain.contenu),
        sha256=sain.sha256,
        deposee_par=acteur,
        deposee_le=timezone.now(),
    )


def _piece_du_dossier(candidature, acteur, donnees):
    piece = donnees.get("piece")
    if donnees and piece is None:
        yield "Choisissez la pièce à retirer."
    elif piece is not None and piece.candidature_id != candidature.pk:
        yield "Cette pièce n’appartient pas à ce dossier."


@verbe(
    MODELE,
    "retirer_piece",
    libelle="Retirer une pièce",
    roles=REDACTEURS,
    etape=2,
    de=EN_REDACTION,
    conditions=_piece_du_dossier,
    formulaire=RetraitPieceForm,
)
def _retirer_piece(candidature, acteur, donnees):
    piece = donnees["piece"]
    piece.retiree_le = timezone.now()
    piece.save(update_fields=["retiree_le"])
    return {"details": {"piece": piece.pk}}


def _au_porteur(modele):
    def preparer(candidature, acteur, donnees, resultat):
        return [composer(modele, a, candidature=candidature) for a in adresses("gestionnaire", candidature.porteur)]

    return preparer


def a_l_employeur(modele):
    def preparer(candidature, acteur, donnees, resultat):
        return [
            composer(modele, a, candidature=candidature, motif=donnees.get("motif", ""))
            for a in adresses("employeur", candidature.etablissement)
        ]

    return preparer


def au_candidat_recevable(candidature) -> list:
    """The mail that opens the candidate's space: it leaves whether the porteur examined the dossier or had not to."""
    titulaire = candidature.titulaire
    return [
        composer("candidat_recevable", titulaire.courriel, candidature=candidature, compte=titulaire.utilisateur_id)
    ]


def _annoncer_le_depot(candidature, acteur, donnees, resultat):
    annonces = _au_porteur("candidature_deposee")(candidature, acteur, donnees, resultat)
    return annonces + (au_candidat_recevable(candidature) if candidature.recevable_le else [])


@verbe(
    MODELE,
    "deposer",
    libelle="Déposer la candidature",
    par_lot=True,
    roles=REDACTEURS,
    etape=2,
    de=EN_REDACTION,
    vers=(Etat.DEPOSEE, Etat.RECEVABLE),
    conditions=depot_possible,
    courriels=_annoncer_le_depot,
    principal=True,
    attendu=Q(),
    attente="Le dossier est à compléter puis à déposer",
)
def _deposer(candidature, acteur, donnees):
    candidature.deposee_le = timezone.now()
    if candidature.examen_requis:
        return {"etat": Etat.DEPOSEE}
    candidature.recevable_le = candidature.deposee_le
    ouvrir_compte_candidat(candidature.titulaire)
    return {"etat": Etat.RECEVABLE}
