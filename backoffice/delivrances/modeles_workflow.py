"""The verbs of a template: prepared, corrected, proposed, published by a second person, replaced, retired.

A published version never changes again: the documents issued under it name it for fifty years.
"""

import hashlib

from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils import timezone

from backoffice.candidatures.forms import MotifForm
from registre import journal
from registre.documents import DocumentImpossible
from registre.models import ModeleDocument
from registre.transitions import Refus, executer, verbe

from . import modeles_specimen as specimens
from .forms import PublicationForm
from .modeles_controle import controler, refus

MODELE = "registre.modeledocument"
Etat = ModeleDocument.Etat
REGLES = ("orientation", "couleur", "formule", "texte_option", "mention", "montrer_blocs", "motif")


def preparer(acteur, certificateur, nature, certification=None, cle: str = "") -> ModeleDocument:
    """Begin the next version as a draft, with all that the last one said.

    Raises:
        Refus: a draft exists already, or the certificateur is out of the person's scope.
    """
    soeurs = ModeleDocument.objects.filter(certificateur=certificateur, certification=certification, nature=nature)
    source = soeurs.filter(publie_le__isnull=False).order_by("-numero").first()
    derniere = soeurs.order_by("-numero").values_list("numero", flat=True).first() or 0
    choix = {nom: getattr(source, nom) for nom in REGLES if nom != "motif"} if source else {}
    modele = ModeleDocument(
        certificateur=certificateur, certification=certification, nature=nature, numero=derniere + 1, **choix
    )
    if jumeau := journal.deja_cree(cle, "preparer_modele", modele):
        return jumeau
    return executer(MODELE, "preparer_modele", modele, acteur, {"source": source}, cle)


def _soeurs(modele):
    return ModeleDocument.objects.filter(
        certificateur=modele.certificateur, certification=modele.certification, nature=modele.nature
    ).exclude(pk=modele.pk)


def _sans_brouillon(modele, acteur, donnees):
    if autre := _soeurs(modele).filter(etat=Etat.BROUILLON).first():
        yield f"La version {autre.numero} est déjà en préparation\u00a0: complétez-la ou abandonnez-la d’abord."


def _signer(modele, acteur) -> None:
    modele.redige_par, modele.redige_le = acteur, timezone.now()


@verbe(
    MODELE,
    "preparer_modele",
    libelle="Préparer une nouvelle version du modèle",
    roles=("certificateur",),
    etape=10,
    vers=(Etat.BROUILLON,),
    creation=True,
    conditions=_sans_brouillon,
)
def _preparer(modele, acteur, donnees):
    _signer(modele, acteur)
    if source := donnees.get("source"):
        ecrire_logos(modele, [(logo.image_id, logo.texte_alternatif) for logo in source.logos.all()])
        ecrire_signataires(modele, [(s.college, s.nom, s.qualite, s.image_id) for s in source.signataires.all()])
    return {"details": {"numero": modele.numero}}


def ecrire_logos(modele, logos: list[tuple[str, str]]) -> None:
    """Replace the logos by these: (SHA-256, alternative), from the left."""
    modele.logos.all().delete()
    for rang, (image, alternatif) in enumerate(logos, 1):
        modele.logos.create(rang=rang, image_id=image, texte_alternatif=alternatif)


def ecrire_signataires(modele, signataires: list[tuple]) -> None:
    """Replace the signatories by these: (collège, name, quality, SHA-256 of the signature or None)."""
    modele.signataires.all().delete()
    for college, nom, qualite, image in signataires:
        modele.signataires.create(college=college, nom=nom, qualite=qualite, image_id=image)


@verbe(
    MODELE,
    "modifier_modele",
    libelle="Modifier le brouillon",
    roles=("certificateur",),
    etape=10,
    de=(Etat.BROUILLON,),
    interne=True,
)
def _modifier(modele, acteur, donnees):
    """Store the form of a draft: `regles` (field → value), `logos` and `signataires` whole, when they are given."""
    regles = {nom: valeur for nom, valeur in donnees.get("regles", {}).items() if nom in REGLES}
    changees = [nom for nom, valeur in regles.items() if getattr(modele, nom) != valeur]
    for nom in changees:
        setattr(modele, nom, regles[nom])
    if "logos" in donnees:
        ecrire_logos(modele, donnees["logos"])
    if "signataires" in donnees:
        ecrire_signataires(modele, donnees["signataires"])
    _signer(modele, acteur)
    # What was proposed is no longer what is written: it is read again, then proposed again.
    modele.propose_le = None
    return {"details": {"regles": changees}}


def _sans_refus(modele):
    for constat in refus(controler(modele)):
        yield f"{constat.texte} {constat.remede}"


def _proposition_possible(modele, acteur, donnees):
    if modele.propose_le:
        yield "Cette version est déjà proposée à la publication."
    yield from _sans_refus(modele)


@verbe(
    MODELE,
    "proposer_modele",
    libelle="Proposer à la publication",
    roles=("certificateur",),
    etape=10,
    de=(Etat.BROUILLON,),
    conditions=_proposition_possible,
    aide="Une autre personne que celle qui l’a écrite en dernier la relit et la publie\u202f; d’ici là, une correction "
    "la retire de la publication, et vous la proposez de nouveau.",
)
def _proposer(modele, acteur, donnees):
    modele.propose_le = timezone.now()
    return {"details": {"numero": modele.numero}}


def _publication_possible(modele, acteur, donnees):
    if modele.propose_le is None:
        yield "Cette version n’est pas proposée à la publication\u00a0: la personne qui l’écrit la propose d’abord."
    if donnees.get("lu", modele.redige_le.isoformat()) != modele.redige_le.isoformat():
        yield "Ce brouillon a changé depuis que vous l’avez ouvert\u00a0: relisez-le, puis publiez-le."
    if modele.redige_par_id == getattr(acteur, "pk", None):
        yield "Vous avez écrit la dernière modification de ce brouillon\u00a0: une seconde personne le publie."
    yield from _sans_refus(modele)


@verbe(
    MODELE,
    "publier_modele",
    libelle="Publier ce modèle",
    roles=("certificateur", "signataire"),
    etape=10,
    de=(Etat.BROUILLON,),
    vers=(Etat.PUBLIE,),
    conditions=_publication_possible,
    formulaire=PublicationForm,
    principal=True,
    attendu=Q(propose_le__isnull=False),
    attente="Un modèle de document attend sa publication",
    aide="Les documents délivrés à partir de maintenant suivront ce modèle\u202f; ceux qui le sont déjà ne "
    "changent pas. Un spécimen est rangé avec la date et les noms de qui l’a écrit et publié.",
)
def _publier(modele, acteur, donnees):
    specimen = _specimen(modele)
    if ancien := _soeurs(modele).filter(etat=Etat.PUBLIE).first():
        executer(MODELE, "remplacer_modele", ancien, acteur, par="publier_modele")
    modele.publie_le, modele.publie_par = timezone.now(), acteur
    modele.specimen_sha256 = hashlib.sha256(specimen).hexdigest()
    modele.specimen.save(f"modeles/specimens/{modele.specimen_sha256}.pdf", ContentFile(specimen), save=False)
    details = {"numero": modele.numero, "specimen": modele.specimen_sha256, "remplace": ancien and ancien.pk}
    return {"details": details, "motif": modele.motif}


def _specimen(modele) -> bytes:
    """The specimen of record, once every kind of certification has been tried on the page.

    Raises:
        Refus: what would not hold.
    """
    constats = refus(controler(modele, jusqu_a_la_page=True))
    if constats:
        raise Refus(*(f"{c.texte} {c.remede}" for c in constats))
    version = next(iter(specimens.versions(modele).values()))
    try:
        return specimens.dessiner(modele, version, "france")
    except DocumentImpossible as erreur:
        raise Refus(str(erreur)) from erreur


@verbe(
    MODELE,
    "remplacer_modele",
    libelle="Remplacer par la nouvelle version",
    roles=("certificateur",),
    etape=10,
    de=(Etat.PUBLIE,),
    vers=(Etat.REMPLACE,),
    interne=True,
    consequence_de=("publier_modele",),
)
def _remplacer(modele, acteur, donnees):
    modele.retire_le = timezone.now()
    return {}


@verbe(
    MODELE,
    "retirer_modele",
    libelle="Retirer ce modèle",
    roles=("certificateur",),
    etape=10,
    de=(Etat.PUBLIE,),
    vers=(Etat.RETIRE,),
    formulaire=MotifForm,
    danger=True,
    aide="Les prochains documents prendront le modèle plus général, ou la présentation d’origine.",
)
def _retirer(modele, acteur, donnees):
    modele.retire_le = timezone.now()
    return {}


@verbe(
    MODELE,
    "abandonner_modele",
    libelle="Abandonner ce brouillon",
    roles=("certificateur",),
    etape=10,
    de=(Etat.BROUILLON,),
    vers=(Etat.RETIRE,),
    danger=True,
    aide="Le brouillon reste lisible dans l’historique\u202f; il ne sera jamais publié.",
)
def _abandonner(modele, acteur, donnees):
    modele.retire_le = timezone.now()
    return {}
