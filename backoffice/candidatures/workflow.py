"""The verbs of a dossier from its opening to its recevabilité (steps 2 to 4), and its legal exits."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.comptes.ouverture import ouvrir_compte_candidat
from backoffice.courriels import adresses, composer
from backoffice.parcours.models import Parcours
from registre import journal
from registre.models import Titulaire
from registre.numerotation import prendre_numero
from registre.textes import plier
from registre.transitions import Refus, executer, verbe

from .forms import MotifForm, PieceForm, PositionnementForm, RetraitPieceForm
from .models import CLOS, Candidature, Etat, Piece

MODELE = "candidatures.candidature"
REDACTEURS = ("employeur", "gestionnaire")
EN_REDACTION = (Etat.BROUILLON, Etat.INCOMPLETE)
OUVERTS = (
    Etat.INCOMPLETE,
    Etat.DEPOSEE,
    Etat.RECEVABLE,
    Etat.EN_EVALUATION,
    Etat.EVALUEE,
    Etat.AJOURNEE,
)


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
        parcours = Parcours.objects.all().publie(candidature.version.certification)
        if parcours is None:
            raise Refus("Aucun parcours n’est publié pour cette certification : écrivez à son porteur.")
        titulaire.save()
        candidature.titulaire = titulaire
        candidature.parcours = parcours
        candidature.porteur = candidature.version.certification.porteur
        candidature.ouverte_par = acteur
        candidature.ouverte_le = candidature.etat_depuis = timezone.now()
        candidature.reference = prendre_numero(candidature.certificateur, "candidature")[2]
        return executer(MODELE, "ouvrir", candidature, acteur, cle=cle)


def _sans_jumelle(candidature):
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
    yield from _sans_jumelle(candidature)
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


def _dossier_complet(candidature, acteur, donnees):
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
    yield from _dossier_complet(candidature, acteur, donnees)
    yield from _sans_jumelle(candidature)


def _au_porteur(modele):
    def preparer(candidature, acteur, donnees, resultat):
        return [composer(modele, a, candidature=candidature) for a in adresses("gestionnaire", candidature.porteur)]

    return preparer


def _a_l_employeur(modele):
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
    if candidature.parcours.recevabilite_active:
        return {"etat": Etat.DEPOSEE}
    candidature.recevable_le = candidature.deposee_le
    return {"etat": Etat.RECEVABLE}


@verbe(
    MODELE,
    "declarer_recevable",
    libelle="Déclarer recevable",
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    vers=(Etat.RECEVABLE,),
    conditions=_dossier_complet,
    courriels=lambda c, acteur, donnees, resultat: [
        *_a_l_employeur("candidature_recevable")(c, acteur, donnees, resultat),
        composer("candidat_recevable", c.titulaire.courriel, candidature=c, compte=c.titulaire.utilisateur_id),
    ],
    principal=True,
    attendu=Q(),
    attente="Le porteur examine la recevabilité",
)
def _declarer_recevable(candidature, acteur, donnees):
    candidature.recevable_le = timezone.now()
    ouvrir_compte_candidat(candidature.titulaire)
    return {}


@verbe(
    MODELE,
    "declarer_incomplete",
    libelle="Demander des compléments",
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    vers=(Etat.INCOMPLETE,),
    formulaire=MotifForm,
    courriels=_a_l_employeur("candidature_incomplete"),
)
def _declarer_incomplete(candidature, acteur, donnees):
    return {}


@verbe(
    MODELE,
    "declarer_irrecevable",
    libelle="Déclarer non recevable",
    roles=("gestionnaire",),
    etape=3,
    de=(Etat.DEPOSEE,),
    vers=(Etat.IRRECEVABLE,),
    formulaire=MotifForm,
    courriels=_a_l_employeur("candidature_irrecevable"),
    danger=True,
)
def _declarer_irrecevable(candidature, acteur, donnees):
    return {}


def _sans_evaluateur(candidature, acteur, donnees):
    if getattr(candidature, "evaluation", None):
        yield "Un évaluateur est déjà confirmé : la recevabilité ne se revoit plus."


def _revision_possible(candidature, acteur, donnees):
    yield from _sans_evaluateur(candidature, acteur, donnees)
    if candidature.etat == Etat.IRRECEVABLE:
        yield from _sans_jumelle(candidature)


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
    return {}


def _blocs_de_la_version(candidature, acteur, donnees):
    if not candidature.parcours.positionnement_actif:
        yield "Ce parcours n’a pas d’étape de positionnement."
    if any(b.version_id != candidature.version_id for b in donnees.get("blocs_vises", ())):
        yield "Un des blocs choisis n’appartient pas à la certification visée."


@verbe(
    MODELE,
    "positionner",
    libelle="Fixer les blocs visés",
    roles=("gestionnaire",),
    etape=4,
    de=(Etat.RECEVABLE,),
    conditions=lambda c, a, d: [*_blocs_de_la_version(c, a, d), *_sans_evaluateur(c, a, d)],
    formulaire=PositionnementForm,
    principal=True,
    attendu=Q(parcours__positionnement_actif=True, positionnee_le=None),
    attente="Le porteur fixe les blocs visés",
)
def _positionner(candidature, acteur, donnees):
    candidature.positionnee_le = timezone.now()
    candidature.blocs_vises.set(donnees["blocs_vises"])
    return {"details": {"blocs": sorted(b.pk for b in donnees["blocs_vises"])}}


@verbe(
    MODELE,
    "abandonner",
    libelle="Abandonner la candidature",
    roles=("employeur", "gestionnaire", "candidat"),
    etape=10,
    de=OUVERTS,
    vers=(Etat.ABANDONNEE,),
    formulaire=MotifForm,
    danger=True,
)
def _abandonner(candidature, acteur, donnees):
    return {}


@verbe(
    MODELE,
    "annuler",
    libelle="Supprimer le brouillon",
    roles=REDACTEURS,
    etape=2,
    de=(Etat.BROUILLON,),
    vers=(Etat.ANNULEE,),
    danger=True,
    aide="Le dossier disparaît des listes ; sa référence n’est pas réutilisée.",
)
def _annuler(candidature, acteur, donnees):
    return {}
