"""Opening the account of a candidate: nobody chooses a password for somebody else."""

from registre.models import Titulaire
from registre.textes import plier

from .models import Role, Utilisateur


def ouvrir_compte_candidat(titulaire: Titulaire) -> Utilisateur | None:
    """Give this person an account, without a password: they choose it through « Mot de passe oublié ».

    Returns None, and links nothing, when the address already belongs to an account in another name: an address typed by
    an employer must never open somebody's dossier to somebody else.
    """
    if titulaire.utilisateur_id:
        return titulaire.utilisateur
    courriel = titulaire.courriel.lower()
    compte = Utilisateur.objects.filter(email=courriel).first()
    if compte is None:
        compte = Utilisateur.objects.create_user(courriel, None, prenom=titulaire.prenom1, nom=titulaire.nom_naissance)
    else:
        noms = {plier(titulaire.nom_naissance), plier(titulaire.nom_usage)}
        autre = Titulaire.objects.filter(utilisateur=compte).exists()
        if autre or plier(compte.nom) not in noms or plier(compte.prenom) != plier(titulaire.prenom1):
            return None
    Role.objects.get_or_create(utilisateur=compte, nom=Role.Nom.CANDIDAT, organisme=None)
    titulaire.utilisateur = compte
    titulaire.save(update_fields=["utilisateur"])
    return compte
