"""The verbs of the rules themselves: a version is prepared, corrected, published by a second person, replaced, retired.

A published version never changes again: dossiers follow it. What must change is a new version.
"""

from django.db.models import Q
from django.utils import timezone

from registre import journal
from registre.transitions import Refus, executer, verbe

from .controle import controler, refus
from .courriels import aux_certificateurs
from .forms_actes import PublicationForm, RetraitForm
from .models import Parcours
from .releve import relever
from .versions import brouillon_de, copier_lignes, nouvelle_version

PARCOURS = "parcours.parcours"
REDACTEURS = ("gestionnaire", "certificateur")
Etat = Parcours.Etat


def preparer(acteur, certification, porteur=None, source: Parcours | None = None, cle: str = "") -> Parcours:
    """Begin the next version of these rules as a draft, with everything that `source` says.

    A repeated `cle` returns the draft already begun.

    Raises:
        Refus: a draft exists already, or the certification is out of the person's scope.
    """
    parcours = nouvelle_version(certification, porteur, source)
    if jumeau := journal.deja_cree(cle, "preparer", parcours):
        return jumeau
    return executer(PARCOURS, "preparer", parcours, acteur, {"source": source}, cle)


def _sans_brouillon(parcours, acteur, donnees):
    if autre := brouillon_de(parcours.certification, parcours.porteur):
        yield f"La version {autre.numero} est déjà en préparation\u00a0: complétez-la ou abandonnez-la d’abord."


@verbe(
    PARCOURS,
    "preparer",
    libelle="Préparer une nouvelle version",
    roles=REDACTEURS,
    etape=1,
    vers=(Etat.BROUILLON,),
    creation=True,
    conditions=_sans_brouillon,
)
def _preparer(parcours, acteur, donnees):
    _signer(parcours, acteur)
    source = donnees.get("source")
    if source:
        copier_lignes(source, parcours)
    return {"details": {"numero": parcours.numero, "source": source and source.pk}}


def _signer(parcours, acteur) -> None:
    parcours.redige_par, parcours.redige_le = acteur, timezone.now()


@verbe(
    PARCOURS,
    "modifier",
    libelle="Modifier le brouillon",
    roles=REDACTEURS,
    etape=1,
    de=(Etat.BROUILLON,),
    interne=True,
    aide="Les pages du brouillon enregistrent chacune leurs règles\u202f; rien n’est figé avant la publication.",
)
def _modifier(parcours, acteur, donnees):
    """Store one page of the draft: `regles` (field → value), and `lignes`, a function that writes the lines of it."""
    regles, lignes = donnees.get("regles", {}), donnees.get("lignes")
    changees = [nom for nom, valeur in regles.items() if getattr(parcours, nom) != valeur]
    for nom in changees:
        setattr(parcours, nom, regles[nom])
    touchees = lignes(parcours) if lignes else 0
    _signer(parcours, acteur)
    return {"details": {"regles": changees, "lignes": touchees}}


def _proposition_possible(parcours, acteur, donnees):
    if parcours.propose_le:
        jour = f"{timezone.localdate(parcours.propose_le):%d/%m/%Y}"
        yield f"Cette version est déjà proposée depuis le {jour}\u00a0: le certificateur en est prévenu."
    for constat in refus(controler(relever(parcours))):
        yield f"{constat.texte} {constat.remede}"


@verbe(
    PARCOURS,
    "proposer_publication",
    libelle="Proposer à la publication",
    roles=REDACTEURS,
    etape=1,
    de=(Etat.BROUILLON,),
    conditions=_proposition_possible,
    courriels=aux_certificateurs,
    aide="Le certificateur est prévenu que cette version est prête. Une autre personne que celle qui l’a écrite en "
    "dernier la relit et la publie\u202f; d’ici là, vous pouvez encore la corriger.",
)
def _proposer_publication(parcours, acteur, donnees):
    parcours.propose_le = timezone.now()
    return {"details": {"numero": parcours.numero}}


def _publication_possible(parcours, acteur, donnees):
    if acteur.pk == parcours.redige_par_id:
        yield (
            "Vous avez écrit la dernière modification de ce brouillon\u00a0: une seconde personne le publie. "
            "Demandez à un autre membre du certificateur, ou faites corriger par le gestionnaire du porteur."
        )
    for constat in refus(controler(relever(parcours))):
        yield f"{constat.texte} {constat.remede}"


@verbe(
    PARCOURS,
    "publier",
    libelle="Publier cette version",
    roles=("certificateur",),
    etape=1,
    de=(Etat.BROUILLON,),
    vers=(Etat.PUBLIE,),
    conditions=_publication_possible,
    formulaire=PublicationForm,
    principal=True,
    attendu=Q(propose_le__isnull=False),
    attente="Des règles proposées attendent leur publication",
    aide="Les dossiers ouverts à partir de maintenant suivront cette version\u202f; ceux qui sont en cours gardent la "
    "leur. Une version publiée ne se modifie plus\u00a0: on en prépare une autre.",
)
def _publier(parcours, acteur, donnees):
    siens = Parcours.objects.en_vigueur().filter(certification=parcours.certification, porteur=parcours.porteur)
    ancienne = siens.first()
    if ancienne:
        executer(PARCOURS, "remplacer", ancienne, acteur, par="publier")
    parcours.publie_le = timezone.now()
    return {"details": {"numero": parcours.numero, "remplace": ancienne and ancienne.pk}}


@verbe(
    PARCOURS,
    "remplacer",
    libelle="Remplacer par la nouvelle version",
    roles=("certificateur",),
    etape=1,
    de=(Etat.PUBLIE,),
    vers=(Etat.REMPLACE,),
    interne=True,
    consequence_de=("publier",),
)
def _remplacer(parcours, acteur, donnees):
    parcours.retire_le = timezone.now()
    return {}


@verbe(
    PARCOURS,
    "retirer",
    libelle="Retirer cette version",
    roles=("certificateur",),
    etape=1,
    de=(Etat.PUBLIE,),
    vers=(Etat.RETIRE,),
    formulaire=RetraitForm,
    danger=True,
    aide="Plus aucun dossier ne pourra s’ouvrir sous ces règles, tant qu’une autre version n’est pas publiée. Les "
    "dossiers en cours continuent avec elles.",
)
def _retirer(parcours, acteur, donnees):
    parcours.retire_le = timezone.now()
    return {}


@verbe(
    PARCOURS,
    "abandonner_brouillon",
    libelle="Abandonner ce brouillon",
    roles=REDACTEURS,
    etape=1,
    de=(Etat.BROUILLON,),
    vers=(Etat.RETIRE,),
    danger=True,
    aide="Le brouillon reste lisible dans l’historique\u202f; il ne sera jamais publié.",
)
def _abandonner_brouillon(parcours, acteur, donnees):
    parcours.retire_le = timezone.now()
    return {}


def enregistrer(acteur, parcours: Parcours, regles: dict, lignes=None, cle: str = "") -> Parcours:
    """Store one page of a draft.

    Raises:
        Refus: no draft any more, or not this person's to write.
    """
    if parcours.etat != Etat.BROUILLON:
        raise Refus("Une version publiée ne se modifie plus\u00a0: préparez une nouvelle version.")
    return executer(PARCOURS, "modifier", parcours, acteur, {"regles": regles, "lignes": lignes}, cle)
