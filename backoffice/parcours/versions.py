"""A new version of the rules begins as a copy: what was right stays right, and nothing is typed twice."""

from registre.models import Certification, Organisme

from .models import Parcours, PieceRequise, Ponderation, Prerequis

HORS_REGLES = {
    "id",
    "certification",
    "porteur",
    "numero",
    "etat",
    "publie_le",
    "retire_le",
    "redige_par",
    "redige_le",
    "propose_le",
}
# The fields that say a rule: copied, compared, told; the others say whose rules they are and what became of them.
REGLES = tuple(c.name for c in Parcours._meta.concrete_fields if c.name not in HORS_REGLES)


def brouillon_de(certification: Certification, porteur: Organisme | None) -> Parcours | None:
    """The version under preparation for this certification and this porteur, None without one."""
    return Parcours.objects.filter(certification=certification, porteur=porteur, etat=Parcours.Etat.BROUILLON).first()


def nouvelle_version(certification, porteur=None, source: Parcours | None = None) -> Parcours:
    """An unsaved version after the last one, with the rules of `source` (those by default without one)."""
    siens = Parcours.objects.filter(certification=certification, porteur=porteur)
    dernier = siens.order_by("-numero").values_list("numero", flat=True).first() or 0
    regles = {nom: getattr(source, nom) for nom in REGLES} if source else {}
    return Parcours(certification=certification, porteur=porteur, numero=dernier + 1, **regles)


def copier_lignes(source: Parcours, parcours: Parcours) -> None:
    """Copy pièces, prerequisites and coefficients; those of another certification's compétences stay behind."""
    pieces = {}
    for piece in source.pieces.all():
        pieces[piece.pk] = _copie(piece, PieceRequise, parcours=parcours)
        pieces[piece.pk].save()
    for prerequis in source.prerequis.all():
        _copie(prerequis, Prerequis, parcours=parcours, piece=pieces.get(prerequis.piece_id)).save()
    communes = source.ponderations.filter(competence__bloc__version__certification=parcours.certification)
    Ponderation.objects.bulk_create(_copie(p, Ponderation, parcours=parcours) for p in communes)


def _copie(ligne, modele, **autres):
    champs = [c for c in modele._meta.concrete_fields if not c.primary_key and c.name not in autres]
    return modele(**{c.attname: getattr(ligne, c.attname) for c in champs}, **autres)
