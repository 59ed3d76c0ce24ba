"""Step 1 of the demonstration: rules published, évaluateurs habilitated, series of numbers, settings of the SI CPF."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from backoffice.comptes.models import Role, Utilisateur
from backoffice.evaluations.models import Habilitation
from backoffice.parcours.models import Concordance, ModaliteAcces, ModeEvaluation, Parcours, Prerequis
from backoffice.parcours.workflow import PARCOURS, enregistrer, preparer
from cpf.models import ParametresCPF
from cpf.workflow import regler
from registre.models import Competence, Organisme, SerieNumeros
from registre.transitions import executer

from .certifications import Registre
from .personnes import DEBUT_DES_ROLES

# The numbers of the demonstration say what they are: no true parchemin begins so.
PREFIXES = {"cpne-btp": "DEMOBTP", "cpne-chimie": "DEMOCHIM"}
PORTEURS_EN_LIGNE = ("france-chimie", "ftc", "umgo", "alc")
DEUX_JURYS = ("couvreur-lauzier-schiste",)
ANNEES_D_AVANCE = 5
HABILITATION_EXPIREE = "responsable-de-secteur-industriel"
PIECES = (
    {
        "code": "experience",
        "libelle": "Diplôme ou justificatif d’expérience",
        "aide": "Diplôme, attestation de formation ou certificats de travail.",
        "ordre": 1,
    },
    {"code": "cv", "libelle": "Curriculum vitæ", "aide": "Une page suffit.", "obligatoire": False, "ordre": 2},
)

APTITUDE = {
    "code": "aptitude-medicale",
    "libelle": "Avis d’aptitude au travail en hauteur",
    "aide": "Délivré par le service de prévention et de santé au travail.",
}
# The rules that replace those of the first year: (certification, rules, pièces, prerequisites, with coefficients).
EN_PREPARATION = "macon-du-patrimoine"
NOUVELLES_REGLES = (
    (
        "conducteur-equipement-de-fabrication",
        {
            "mode_evaluation": ModeEvaluation.NOTES,
            "note_maximale": 20,
            "seuil_competence": 10,
            "seuil_bloc": 70,
            "nombre_evaluateurs": 2,
            "concordance": Concordance.JURY,
        },
        (),
        (),
        True,
    ),
    (
        "technicien-protection-risques-naturels",
        {"positionnement_actif": True, "voix_preponderante": True},
        (APTITUDE,),
        (
            {
                "code": "experience-en-hauteur",
                "libelle": "Expérience de travaux sur cordes",
                "nature": Prerequis.Nature.SEUIL,
                "seuil": 36,
                "unite": "mois",
                "preuve": "experience",
            },
            {
                "code": "aptitude",
                "libelle": "Aptitude au travail en hauteur",
                "nature": Prerequis.Nature.JUSTIFICATIF,
                "validite_mois": 24,
                "preuve": "aptitude-medicale",
            },
            {
                "code": "reglement-lu",
                "libelle": "Règlement de certification lu et accepté",
                "nature": Prerequis.Nature.DECLARATION,
                "modalites": [ModaliteAcces.VAE],
            },
        ),
        False,
    ),
    (
        "macon-du-patrimoine",
        {"seuil_bloc": 75, "relance_inactivite_jours": 45, "validite_blocs_mois": None},
        (
            {
                "code": "photographies",
                "libelle": "Photographies d’un ouvrage réalisé",
                "aide": "Trois vues au moins, avec le lieu et la date.",
            },
        ),
        (),
        False,
    ),
)
A_DEUX_EVALUATEURS = {slug for slug, regles, *_ in NOUVELLES_REGLES if regles.get("nombre_evaluateurs") == 2}


def etablir(registre: Registre, comptes: dict[str, Utilisateur]) -> None:
    """Publish what must stand before a first dossier opens."""
    en_ligne = [registre.organismes[cle].pk for cle in PORTEURS_EN_LIGNE]
    ouvertes = [c for c in registre.certifications.values() if c.porteur_id in en_ligne]
    for certification in ouvertes:
        # Rules without a version to deliver are refused: the plan then says that the examples have ended.
        if certification.versions.delivrables().exists():
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
    """Rules written by the porteur's manager and published by the certificateur, as any others."""
    redacteur = redacteur_de(certification, comptes)
    parcours = preparer(redacteur, certification)
    enregistrer(
        redacteur,
        parcours,
        {
            "jurys_fusionnes": certification.slug not in DEUX_JURYS,
            "membres_minimum_par_college": 2,
            "validite_blocs_mois": 60,
        },
        lambda brouillon: len([brouillon.pieces.create(**champs) for champs in PIECES]),
    )
    executer(PARCOURS, "publier", parcours, comptes["certificateur@example.org"], {"motif": "Décision de la CPNE."})
    _habiliter(certification, comptes)


def redacteur_de(certification, comptes: dict[str, Utilisateur]) -> Utilisateur:
    """The manager of the porteur, among the printed accounts."""
    siens = (c for c in comptes.values() if certification.porteur_id in c.organismes_ids("gestionnaire"))
    return next(siens)


def _habiliter(certification, comptes: dict[str, Utilisateur]) -> None:
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


def renouveler(registre: Registre, comptes: dict[str, Utilisateur]) -> None:
    """Rules of several kinds: the dossiers opened before them keep those they began with.

    Marks with coefficients given by two évaluateurs; prerequisites with a threshold, then a positioning.
    """
    decision = {"motif": "Décision de la CPNE, révision annuelle du règlement."}
    for revision in NOUVELLES_REGLES:
        if revision[0] != EN_PREPARATION:
            brouillon = _rediger(registre, comptes, *revision)
            executer(PARCOURS, "publier", brouillon, comptes["certificateur@example.org"], decision)


def preparer_la_suite(registre: Registre, comptes: dict[str, Utilisateur]) -> None:
    """One more revision, written and proposed by the porteur's manager: it waits for the certificateur."""
    for revision in NOUVELLES_REGLES:
        if revision[0] == EN_PREPARATION:
            brouillon = _rediger(registre, comptes, *revision)
            executer(PARCOURS, "proposer_publication", brouillon, brouillon.redige_par)


def _rediger(registre, comptes, slug, regles, pieces, prerequis, notee) -> Parcours:
    certification = registre.certifications[slug]
    redacteur = redacteur_de(certification, comptes)
    parcours = preparer(redacteur, certification, source=Parcours.objects.all().publie(certification))
    lignes = partial(_ecrire_lignes, pieces, prerequis, notee)
    return enregistrer(redacteur, parcours, {"delai_inscription_jury": 15, **regles}, lignes)


def _ecrire_lignes(pieces, prerequis, notee: bool, brouillon: Parcours) -> int:
    for rang, champs in enumerate(pieces, start=3):
        brouillon.pieces.create(ordre=rang, **champs)
    for rang, champs in enumerate(prerequis, start=1):
        preuve = brouillon.pieces.filter(code=champs.get("preuve", "")).first()
        dites = {nom: valeur for nom, valeur in champs.items() if nom != "preuve"}
        brouillon.prerequis.create(ordre=rang, piece=preuve, **dites)
    competences = Competence.objects.filter(bloc__version__certification=brouillon.certification) if notee else ()
    for competence in competences:
        if competence.ordre == 1:
            brouillon.ponderations.create(competence=competence, coefficient=2)
    return len(pieces) + len(prerequis)
