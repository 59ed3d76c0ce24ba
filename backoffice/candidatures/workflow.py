"""The verbs of step 2: a dossier is opened, filled, declared. What the later steps share stands here too."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.courriels import adresses, composer
from backoffice.parcours.models import Parcours
from registre import journal
from registre.models import Titulaire
from registre.numerotation import prendre_numero
from registre.textes import plier
from registre.transitions import Refus, executer, verbe

from .forms import PieceForm, RetraitPieceForm
from .models import CLOS, Candidature, Etat, Piece
from .reserves import sans_reponse

MODELE = "candidatures.candidature"
REDACTEURS = ("employeur", "gestionnaire")
EN_REDACTION = (Etat.BROUILLON, Etat.INCOMPLETE)


def _date(jour) -> str:
    return f"{jour:%d/%m/%Y}"


def ouvrir(acteur, titulaire: Titulaire, candidature: Candidature, cle: str = "") -> Candidature:
    """Open a dossier: store the person, take a reference, write the first entry of the journal.

    `titulaire` and `candidature` come validated and unsaved. A repeated `cle` returns the dossier already opened.

    Raises:
        Refus: no published parcours, version no longer deliverable, establishment out of the person's scope.
    """
    with transaction.atomic():
        if jumelle := journal.deja_cree(cle, "ouvrir", candidature):
            return jumelle
        certification = candidature.version.certification
        parcours = Parcours.objects.all().publie(certification, certification.porteur)
        if parcours is None:
            raise Refus("Aucun parcours n’est publié pour cette certification : écrivez à son porteur.")
        titulaire.save()
        candidature.titulaire = titulaire
        candidature.parcours = parcours
        candidature.porteur = certification.porteur
        candidature.ouverte_par = acteur
        candidature.ouverte_le = candidature.etat_depuis = timezone.now()
        candidature.reference = prendre_numero(candidature.certificateur, "candidature")[2]
        return executer(MODELE, "ouvrir", candidature, acteur, cle=cle)


def sans_jumelle(candidature):
    """Refuse a second live dossier of the same person: each dossier types its person anew, so names are compared.

    The draft of another employer neither blocks nor shows: the first one to declare wins.
    """
    personne = candidature.titulaire
    sienne = (plier(personne.nom_naissance), plier(personne.prenom1))
    proches = Candidature.objects.filter(
        ~Q(etat=Etat.BROUILLON) | Q(etablissement=candidature.etablissement_id),
        version=candidature.version_id,
        titulaire__nom_plie__startswith=sienne[0],
        titulaire__annee_naissance=personne.annee_naissance,
        titulaire__mois_naissance=personne.mois_naissance,
        titulaire__jour_naissance=personne.jour_naissance,
    ).exclude(Q(pk=candidature.pk) | Q(etat__in=(*CLOS, Etat.PARTIELLE)))
    autres = (c.titulaire for c in proches.select_related("titulaire"))
    if any((plier(t.nom_naissance), plier(t.prenom1)) == sienne for t in autres):
        yield "Cette personne a déjà une candidature, en cours ou validée, pour cette certification."


def _peut_ouvrir(candidature, acteur, donnees):
    version = candidature.version
    yield from sans_jumelle(candidature)
    if not version.est_delivrable():
        yield (
            f"« {version.intitule} » n’est plus délivrable depuis le {_date(version.delivrable_jusqu_au)} : "
            "choisissez la version qui lui succède."
        )
    if not version.certificateurs:
        yield "Cette certification n’a pas de certificateur au registre : écrivez au certificateur."


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
    return {"details": {"version": candidature.version_id, "parcours": candidature.parcours_id}}


@verbe(
    MODELE,
    "modifier",
    libelle="Modifier le dossier",
    roles=REDACTEURS,
    etape=2,
    de=EN_REDACTION,
    interne=True,
    aide="L’écran du dossier enregistre l’état civil et les choix ; rien n’est figé avant le dépôt.",
)
def _modifier(candidature, acteur, donnees):
    """Store what the two forms of the dossier hold (`titulaire`, `candidature`: unsaved, validated instances)."""
    titulaire, saisie = donnees["titulaire"], donnees["candidature"]
    titulaire.save()
    champs = ("option", "etablissement", "organisme_formation", "modalite_acces")
    for champ in champs:
        setattr(candidature, champ, getattr(saisie, champ))
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
        yield "Le fichier n’est pas arrivé : choisissez-le de nouveau."


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
    if piece is not None and piece.candidature_id != candidature.pk:
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


def dossier_complet(candidature, acteur, donnees):
    titulaire, version = candidature.titulaire, candidature.version
    for requise in candidature.pieces_manquantes():
        yield f"Il manque une pièce : {requise.libelle}."
    if not titulaire.jour_naissance:
        yield "Il manque la date de naissance complète du candidat : le SI CPF en a besoin pour le reconnaître."
    if not titulaire.commune_naissance:
        yield "Il manque la commune de naissance du candidat."
    if titulaire.pays_naissance == "99100" and not titulaire.code_insee_naissance:
        yield "Il manque le code INSEE de la commune de naissance."
    if not version.est_delivrable():
        yield f"Cette certification n’est plus délivrable depuis le {_date(version.delivrable_jusqu_au)}."


def _depot_possible(candidature, acteur, donnees):
    yield from dossier_complet(candidature, acteur, donnees)
    yield from sans_reponse(candidature)
    yield from sans_jumelle(candidature)


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


@verbe(
    MODELE,
    "deposer",
    libelle="Déposer la candidature",
    par_lot=True,
    roles=REDACTEURS,
    etape=2,
    de=EN_REDACTION,
    vers=(Etat.DEPOSEE, Etat.RECEVABLE),
    conditions=_depot_possible,
    courriels=_au_porteur("candidature_deposee"),
    principal=True,
    attendu=Q(),
    attente="Le dossier est à compléter puis à déposer",
)
def _deposer(candidature, acteur, donnees):
    candidature.deposee_le = timezone.now()
    if candidature.examen_requis:
        return {"etat": Etat.DEPOSEE}
    candidature.recevable_le = candidature.deposee_le
    return {"etat": Etat.RECEVABLE}
