"""The mandates of the demonstration: who sits in the juries of each CPNE, for which organisation, until when."""

from datetime import timedelta

from django.utils import timezone

from backoffice.comptes.models import Role, Utilisateur
from backoffice.jurys.mandats import MODELE
from backoffice.jurys.models import Mandat
from registre.models import Organisme
from registre.transitions import executer

from .personnes import DEBUT_DES_ROLES

# Invented organisations, two titulaires and the chair on each side.
ORGANISATIONS = {
    "employeurs": ("Union des entrepreneurs de la branche", "Confédération des artisans", "Syndicat des ateliers"),
    "salaries": ("Fédération des métiers", "Union des salariés", "Syndicat des techniciens"),
}
SUPPLEANTS = (("Yannick", "Prévost", "employeurs"), ("Nadège", "Lombard", "salaries"))
FIN_PROCHE = timedelta(days=45)


def donner(
    organismes: dict[str, Organisme],
    comptes: dict[str, Utilisateur],
    membres: list[tuple[Utilisateur, str, str]],
    cpne: tuple[str, ...],
) -> None:
    """A mandate for every member in the juries of every CPNE, and a suppléant per collège."""
    certificateur = comptes["certificateur@example.org"]
    suppleants = [_suppleant(rang, *qui, organismes, cpne) for rang, qui in enumerate(SUPPLEANTS, start=1)]
    for cle in cpne:
        rangs = dict.fromkeys(ORGANISATIONS, 0)
        for membre, college, qualite in membres:
            champs = {"organisation": ORGANISATIONS[college][rangs[college]], "qualite": qualite}
            rangs[college] += 1
            _donner(certificateur, membre, organismes[cle], college, champs)
        for compte, college in suppleants:
            champs = {"organisation": ORGANISATIONS[college][0], "qualite": "suppléance", "suppleant": True}
            _donner(certificateur, compte, organismes[cle], college, champs)


def _suppleant(rang, prenom, nom, college, organismes, cpne) -> tuple[Utilisateur, str]:
    compte = Utilisateur.objects.create_user(f"suppleant{rang}@example.org", None, prenom=prenom, nom=nom)
    for cle in cpne:
        Role.objects.create(utilisateur=compte, nom="jury", organisme=organismes[cle], debut=DEBUT_DES_ROLES)
    return compte, college


def _donner(certificateur, personne, organisme, college, champs) -> None:
    mandat = Mandat(personne=personne, certificateur=organisme, college=college, debut=timezone.localdate(), **champs)
    executer(MODELE, "donner_mandat", mandat, certificateur)


def rapprocher_une_fin(comptes: dict[str, Utilisateur]) -> None:
    """One mandate ends soon, to be renewed: the last titulaire given one."""
    mandat = Mandat.objects.filter(suppleant=False).order_by("-pk").first()
    donnees = {"debut": mandat.debut, "fin": timezone.localdate() + FIN_PROCHE}
    executer(MODELE, "renouveler_mandat", mandat, comptes["certificateur@example.org"], donnees)
