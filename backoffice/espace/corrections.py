"""Reading a correction of civil status: what changes, beside what is stored, and what it leads to."""

from django.core.exceptions import ValidationError
from django.db.models import Model

from registre.documents.phrases import identite
from registre.models import EtatCivil, Parchemin, Titulaire

from .models import DemandeCorrection


def changements(propose: EtatCivil, actuel: EtatCivil) -> dict:
    """The fields of the civil status that differ, with the value asked for."""
    return {c: getattr(propose, c) for c in EtatCivil.CHAMPS if getattr(propose, c) != getattr(actuel, c)}


def _en_mots(modele: type[Model], champ: str, valeur) -> str:
    if valeur in (None, ""):
        return "(vide)"
    return str(dict(modele._meta.get_field(champ).flatchoices).get(valeur, valeur))


def comparaison(demande: DemandeCorrection) -> list[dict]:
    """Each field asked for: its name, what is stored (or was, on the day of the answer), what is asked."""
    lignes = []
    for champ, valeur in demande.valeurs.items():
        avant = demande.avant.get(champ) if demande.decidee_le else getattr(demande.titulaire, champ)
        lignes.append(
            {
                "champ": champ,
                "nom": str(Titulaire._meta.get_field(champ).verbose_name),
                "avant": _en_mots(Titulaire, champ, avant),
                "apres": _en_mots(Titulaire, champ, valeur),
            }
        )
    return lignes


def corriger(demande: DemandeCorrection) -> Titulaire:
    """The person as they would be once corrected, checked and not stored.

    Raises:
        ValidationError: what is asked no longer makes a civil status.
    """
    titulaire = Titulaire.objects.get(pk=demande.titulaire_id)
    for champ, valeur in demande.valeurs.items():
        setattr(titulaire, champ, valeur)
    titulaire.clean_fields(exclude=["nom_plie"])
    titulaire.clean()
    return titulaire


def fautes(demande: DemandeCorrection) -> list[str]:
    """Why this civil status cannot be stored as it is asked; empty when it can."""
    try:
        corriger(demande)
    except ValidationError as erreur:
        return [
            f"{Titulaire._meta.get_field(c).verbose_name}\u00a0: {' '.join(p)}" for c, p in erreur.message_dict.items()
        ]
    return []


def documents_a_remplacer(demande: DemandeCorrection) -> list[dict]:
    """The documents that print another identity than the one asked for: whom to turn to, and the lots of the CPF.

    A document never changes: it is replaced (registre.delivrance). What is not printed is corrected in the register
    alone, and declared from there. The lots are read through the relation they add to the document: the room of the
    CPF stands beside this one.
    """
    documents = Parchemin.objects.vivants().filter(titulaire=demande.titulaire_id)
    return [
        {
            "document": document,
            "certificateur": document.certificateur,
            "lots": [passage.lot for passage in document.passages_cpf.exclude(reponse="retire").select_related("lot")],
            "remplacement": None,
        }
        for document in documents.select_related("certificateur", "version")
        if identite(document.enregistrement["titulaire"] | demande.valeurs)
        != identite(document.enregistrement["titulaire"])
    ]
