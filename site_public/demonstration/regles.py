"""Step 1 of the demonstration: rules published, évaluateurs habilitated, series of numbers, settings of the SI CPF."""

from datetime import timedelta

from django.utils import timezone

from backoffice.comptes.models import Role, Utilisateur
from backoffice.evaluations.models import Habilitation
from backoffice.parcours.models import Parcours, PieceRequise
from cpf.models import ParametresCPF
from cpf.workflow import regler
from registre.models import Organisme, SerieNumeros

from .certifications import Registre
from .personnes import DEBUT_DES_ROLES

# The numbers of the demonstration say what they are: no true parchemin begins so.
PREFIXES = {"cpne-btp": "DEMOBTP", "cpne-chimie": "DEMOCHIM"}
PORTEURS_EN_LIGNE = ("france-chimie", "ftc", "umgo", "alc")
DEUX_JURYS = ("couvreur-lauzier-schiste",)
ANNEES_D_AVANCE = 5
HABILITATION_EXPIREE = "responsable-de-secteur-industriel"
PIECES = (
    (
        "experience",
        "Diplôme ou justificatif d’expérience",
        "Diplôme, attestation de formation ou certificats de travail.",
        True,
    ),
    ("cv", "Curriculum vitæ", "Une page suffit.", False),
)


def etablir(registre: Registre, comptes: dict[str, Utilisateur]) -> None:
    """Publish what must stand before a first dossier opens."""
    en_ligne = [registre.organismes[cle].pk for cle in PORTEURS_EN_LIGNE]
    ouvertes = [c for c in registre.certifications.values() if c.porteur_id in en_ligne]
    for certification in ouvertes:
        _publier(certification, comptes)
    _ouvrir_series(registre.organismes)
    regler(
        comptes["certificateur@example.org"],
        ParametresCPF(
            certificateur=registre.organismes["cpne-btp"],
            id_client="DEMO0001",
            id_client_emetteur="DEMO0001",
            id_contrat="MCFCER000000",
        ),
    )


def _publier(certification, comptes: dict[str, Utilisateur]) -> None:
    parcours = Parcours.objects.create(
        certification=certification,
        jurys_fusionnes=certification.slug not in DEUX_JURYS,
        membres_minimum_par_college=2,
        validite_blocs_mois=60,
    )
    PieceRequise.objects.bulk_create(
        PieceRequise(parcours=parcours, code=code, libelle=libelle, aide=aide, obligatoire=obligatoire, ordre=ordre)
        for ordre, (code, libelle, aide, obligatoire) in enumerate(PIECES, start=1)
    )
    parcours.publier()
    debut = timezone.localdate()
    for courriel in ("evaluateur@example.org", "evaluatrice@example.org"):
        evaluateur = comptes[courriel]
        # One habilitation has ended: choosing this person shows the refusal, and its reason.
        expiree = certification.slug == HABILITATION_EXPIREE and courriel == "evaluatrice@example.org"
        Habilitation.objects.create(
            evaluateur=evaluateur,
            certification=certification,
            organisme=evaluateur.roles_actifs[0].organisme,
            debut=debut,
            fin=debut + timedelta(days=180 if expiree else 4 * 365),
        )


def _ouvrir_series(organismes: dict[str, Organisme]) -> None:
    annee = timezone.localdate().year
    SerieNumeros.objects.bulk_create(
        SerieNumeros(certificateur=organismes[cle], nature=nature, annee=annee + n, prefixe=prefixe)
        for cle, prefixe in PREFIXES.items()
        for nature in SerieNumeros.Nature.values
        for n in range(ANNEES_D_AVANCE)
    )


def employeurs(organismes: dict[str, Organisme], comptes: dict[str, Utilisateur]) -> dict[str, Utilisateur]:
    """Someone to act for each invented workplace, by its key: the printed accounts first, others without password."""
    imprimes = {"employeur 0": "employeur@example.org", "employeur 3": "employeur.cordes@example.org"}
    resultat = {}
    for cle in (c for c in organismes if c.startswith("employeur ")):
        if cle in imprimes:
            resultat[cle] = comptes[imprimes[cle]]
            continue
        rang = cle.split()[1]
        compte = Utilisateur.objects.create_user(
            f"employeur{rang}@example.org", None, prenom="Direction", nom=f"de l’établissement {rang}"
        )
        Role.objects.create(utilisateur=compte, nom="employeur", organisme=organismes[cle], debut=DEBUT_DES_ROLES)
        resultat[cle] = compte
    return resultat


def membres_du_jury(
    organismes: dict[str, Organisme], comptes: dict[str, Utilisateur]
) -> list[tuple[Utilisateur, str, str]]:
    """Three members per collège, chair and vice-chair first: (person, collège, quality)."""
    membres = [
        (comptes["jury.employeurs@example.org"], "employeurs", "représentant des employeurs"),
        (comptes["jury.salaries@example.org"], "salaries", "représentante des salariés"),
    ]
    autres = (
        ("Mathilde", "Cazenave", "employeurs", "représentante des employeurs"),
        ("Didier", "Ouvrard", "salaries", "représentant des salariés"),
        ("Karine", "Sollier", "employeurs", "représentante des employeurs"),
        ("Samuel", "Tréguier", "salaries", "représentant des salariés"),
    )
    for rang, (prenom, nom, college, qualite) in enumerate(autres, start=1):
        compte = Utilisateur.objects.create_user(f"jury{rang}@example.org", None, prenom=prenom, nom=nom)
        for cle in PREFIXES:
            Role.objects.create(utilisateur=compte, nom="jury", organisme=organismes[cle], debut=DEBUT_DES_ROLES)
        membres.append((compte, college, qualite))
    return membres
