"""Accounts of the demonstration: one or two per role, with printed passwords and second factors derived from the seed.

Nothing here is secret: whoever has the seed has the accounts. The command refuses to make them on a production site.
"""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import date

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import transaction

from backoffice.comptes.groupes import accorder
from backoffice.comptes.models import Role, Utilisateur
from registre.models import Organisme

from .inventions import Personne, etablissements

MOTS = (
    "ardoise balise cordage drain echelle faitage goudron hauban isolant jointure levier mortier niveau ouvrage "
    "palplanche quai rabot schiste truelle usine vanne wagon zinc boulon chaux dosage etai filtre gabarit lauze"
).split()
DEBUT_DES_ROLES = date(2024, 1, 1)
PERIODE_DU_CODE = 30

EMPLOYEURS = (
    "Chimie de l’Estuaire (fictif)",
    "Ateliers de la Vallée verte (fictif)",
    "Peintures et vernis du Nord (fictif)",
    "Parois et cordages (fictif)",
    "Verticale travaux spéciaux (fictif)",
    "Toitures du Causse (fictif)",
    "Maçonnerie des Trois Clochers (fictif)",
    "Routes et chantiers du Val (fictif)",
    "Échafaudages de la Plaine (fictif)",
    "Solaire des Collines (fictif)",
)
FORMATEURS = (
    "Centre de formation des Deux Rives (fictif)",
    "École des gestes et du bâti (fictif)",
    "Institut des procédés (fictif)",
)


@dataclass(frozen=True)
class Profil:
    """An account to make: `organismes` are keys of the registry, or « employeur 0 », first invented workplace."""

    courriel: str
    prenom: str
    nom: str
    libelle: str
    roles: tuple[str, ...]
    organismes: tuple[str, ...] = ()


PROFILS = (
    Profil("employeur@example.org", "Solène", "Arnaudet", "Employeur (chimie)", ("employeur",), ("employeur 0",)),
    Profil(
        "employeur.cordes@example.org", "Malik", "Duvernois", "Employeur (cordes)", ("employeur",), ("employeur 3",)
    ),
    Profil(
        "gestionnaire.chimie@example.org",
        *("Odile", "Ferrandon", "Gestionnaire de France Chimie", ("gestionnaire",), ("france-chimie",)),
    ),
    Profil(
        "gestionnaire.cordes@example.org",
        *("Yann", "Le Bihouar", "Gestionnaire de France Travaux sur Cordes", ("gestionnaire",), ("ftc",)),
    ),
    Profil(
        "gestionnaire.patrimoine@example.org",
        *("Inès", "Castelbon", "Gestionnaire de l’UMGO et de l’ALC", ("gestionnaire",), ("umgo", "alc")),
    ),
    Profil(
        "evaluateur@example.org", "Thibault", "Grandclément", "Évaluateur habilité", ("evaluateur",), ("formateur 0",)
    ),
    Profil(
        "evaluatrice@example.org", "Marion", "Peyrelade", "Évaluatrice habilitée", ("evaluateur",), ("formateur 1",)
    ),
    Profil(
        "jury.employeurs@example.org",
        *("Philippe", "Rochemaure", "Jury, collège employeurs", ("jury",), ("cpne-btp", "cpne-chimie")),
    ),
    Profil(
        "jury.salaries@example.org",
        *("Fatiha", "Bellanger", "Jury, collège salariés", ("jury",), ("cpne-btp", "cpne-chimie")),
    ),
    Profil(
        "certificateur@example.org",
        *("Claire", "Valmont", "Certificateur", ("certificateur",), ("cpne-btp", "cpne-chimie")),
    ),
    Profil(
        "signataire@example.org",
        *("Bruno", "Lestrade", "Signataire habilité", ("signataire",), ("cpne-btp", "cpne-chimie")),
    ),
    Profil("auditeur@example.org", "Estelle", "Kervadec", "Auditeur (lecture seule)", ("auditeur",)),
    Profil("editeur@example.org", "Nino", "Fabregas", "Éditeur du site", ("editeur",)),
    Profil("publicateur@example.org", "Maud", "Sorbier", "Publicateur du site", ("publicateur",)),
    Profil("candidat@example.org", "Léo", "Montbrison", "Candidat", ("candidat",)),
)


def _octets(graine: int, usage: str, courriel: str) -> bytes:
    return hmac.new(f"demonstration-{graine}".encode(), f"{usage}:{courriel}".encode(), hashlib.sha256).digest()


def mot_de_passe(graine: int, courriel: str) -> str:
    """Four words and a number, easy to type, the same for the same seed."""
    tirage = _octets(graine, "mot de passe", courriel)
    return "-".join([*(MOTS[o % len(MOTS)] for o in tirage[:4]), str(10 + tirage[4] % 90)])


def secret_totp(graine: int, courriel: str) -> str:
    """The secret of the second factor, in base32."""
    return base64.b32encode(_octets(graine, "second facteur", courriel)[:20]).decode()


def lieux(graine: int) -> dict[str, Organisme]:
    """The invented workplaces and training centres, by key: « employeur 0 », « formateur 1 »…"""
    cles = [f"employeur {n}" for n in range(len(EMPLOYEURS))] + [f"formateur {n}" for n in range(len(FORMATEURS))]
    inventes = etablissements(graine, [*EMPLOYEURS, *FORMATEURS])
    return {
        cle: Organisme.objects.get_or_create(siret=invente.siret, defaults=invente.champs())[0]
        for cle, invente in zip(cles, inventes, strict=True)
    }


@transaction.atomic
def creer_comptes(graine: int, organismes: dict[str, Organisme]) -> dict[str, Utilisateur]:
    """Make the missing accounts with their roles and, where the role asks for it, their second factor; by address."""
    comptes = {}
    for profil in PROFILS:
        compte = Utilisateur.objects.filter(email=profil.courriel).first()
        if compte is None:
            compte = Utilisateur.objects.create_user(
                profil.courriel, mot_de_passe(graine, profil.courriel), prenom=profil.prenom, nom=profil.nom
            )
            for nom in profil.roles:
                for cle in profil.organismes or (None,):
                    organisme = organismes[cle] if cle else None
                    Role.objects.create(utilisateur=compte, nom=nom, organisme=organisme, debut=DEBUT_DES_ROLES)
            if compte.exige_double_authentification:
                TOTP.activate(compte, secret_totp(graine, profil.courriel))
            accorder(compte)
        comptes[profil.courriel] = compte
    return comptes


def candidat_du_compte() -> Personne:
    """The civil status of the candidate's account, so that the person finds their own dossier and parchemin."""
    profil = next(p for p in PROFILS if "candidat" in p.roles)
    return Personne(
        sexe="M",
        nom_naissance=profil.nom,
        nom_usage="",
        prenom1=profil.prenom,
        prenom2="Étienne",
        prenom3="",
        annee_naissance=1994,
        mois_naissance=3,
        jour_naissance=17,
        code_insee_naissance="30007",
        code_postal_naissance="30100",
        commune_naissance="Alès",
        pays_naissance="99100",
        libelle_pays_naissance="France",
        courriel=profil.courriel,
        telephone="06 39 98 00 17",
    )


def presentation(graine: int) -> list[dict]:
    """What `script/server` prints: address, password, role, and the secret of the second factor when there is one."""
    protegees = {p.courriel for p in PROFILS if set(p.roles) & set(Role.NOMS_PROTEGES)}
    return [
        {
            "courriel": p.courriel,
            "nom": f"{p.prenom} {p.nom}",
            "role": p.libelle,
            "mot_de_passe": mot_de_passe(graine, p.courriel),
            "totp": secret_totp(graine, p.courriel) if p.courriel in protegees else "",
        }
        for p in PROFILS
    ]


def code_du_moment(courriel: str, instant: float | None = None) -> str:
    """The six digits that this account's second factor shows now, read from what is stored.

    Raises Authenticator.DoesNotExist for an account without a second factor.
    """
    facteur = Authenticator.objects.get(user__email=courriel, type=Authenticator.Type.TOTP)
    secret = get_adapter().decrypt(facteur.data["secret"])
    return format_hotp_value(hotp_value(secret, int(instant or time.time()) // PERIODE_DU_CODE))
