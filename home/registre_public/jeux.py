"""The open tables, column by column: what each one means, where it is read."""

from collections.abc import Callable

from django.utils import timezone

from home.catalogue import RECONNAISSANCES, adresse, etat
from home.ouvert import adresse_publique
from home.registre_public.dictionnaire import Champ, Jeu
from home.registre_public.lecture import identifiant
from registre.models import VoieAcces


def _codes(nomenclature: str) -> Callable:
    def lire(version):
        codes = sorted((c.rang, c.code) for c in version.codes.all() if c.nomenclature == nomenclature)
        return [code for _, code in codes]

    return lire


def _aujourd_hui(version) -> str:
    return etat(version, timezone.localdate())[0]


def _voies(version) -> list[str]:
    ouvertes = {v.voie for v in version.voies.all()}
    return [voie for voie in VoieAcces.Voie.values if voie in ouvertes]


_FC = "Tel que l’écrit la fiche de France compétences."
VERSIONS = Jeu(
    "versions",
    "Versions des certifications",
    "Une ligne par version\u00a0: une fiche du RNCP ou du répertoire spécifique, ou un CQP de branche.",
    ("identifiant",),
    (
        Champ(
            "identifiant",
            "Identifiant",
            identifiant,
            "Le numéro de fiche\u202f; pour un CQP de branche, BRANCHE- suivi d’un rang. Ne change jamais.",
            obligatoire=True,
        ),
        Champ(
            "numero",
            "Numéro de fiche",
            lambda v: v.numero or None,
            "Numéro RNCP ou RS\u202f; vide pour un CQP de branche.",
            equivalent="NUMERO_FICHE",
        ),
        Champ(
            "repertoire",
            "Reconnaissance",
            lambda v: v.repertoire,
            (
                "rncp\u00a0: inscrit au RNCP\u202f; rs\u00a0: inscrit au répertoire spécifique\u202f; "
                "branche\u00a0: reconnu par la branche seule."
            ),
            valeurs=tuple(RECONNAISSANCES),
            obligatoire=True,
        ),
        Champ("intitule", "Intitulé exact", lambda v: v.intitule, _FC, equivalent="INTITULE", obligatoire=True),
        Champ(
            "certification",
            "Certification",
            lambda v: v.certification.slug,
            "La certification dans la durée\u00a0: elle garde ce nom quand un renouvellement change le numéro.",
            obligatoire=True,
        ),
        Champ(
            "intitule_usuel",
            "Intitulé usuel",
            lambda v: v.certification.intitule_usuel,
            "Le nom courant de la certification.",
            obligatoire=True,
        ),
        Champ(
            "nature",
            "Nature",
            lambda v: v.certification.nature,
            "CQP, ou CQPI quand plusieurs branches le partagent.",
            valeurs=("CQP", "CQPI"),
            obligatoire=True,
        ),
        Champ(
            "filiere",
            "Filière",
            lambda v: v.certification.filiere.libelle,
            "Famille de métiers du catalogue.",
            obligatoire=True,
        ),
        Champ(
            "etat",
            "État",
            _aujourd_hui,
            (
                "Le jour de l’export. en-cours\u00a0: ouvert aux candidats\u202f; delivrable\u00a0: "
                "enregistrement échu, un jury peut encore le délivrer aux candidats engagés\u202f; "
                "echu\u00a0: plus délivré."
            ),
            valeurs=("en-cours", "delivrable", "echu"),
            obligatoire=True,
        ),
        Champ(
            "actif",
            "Enregistrement en cours",
            lambda v: v.est_en_vigueur(),
            "L’enregistrement court-il encore\u00a0? À ne pas confondre avec «\u202fdélivrable\u202f».",
            "boolean",
            "ACTIF",
            obligatoire=True,
        ),
        Champ(
            "niveau",
            "Niveau",
            lambda v: v.niveau,
            "Niveau du cadre national (décret n°\u00a02019-14). Seul le RNCP en donne un.",
            "integer",
            "NOMENCLATURE_EUROPE_NIVEAU",
        ),
        Champ(
            "niveau_cec",
            "Niveau européen",
            lambda v: v.niveau_cec,
            "Niveau du cadre européen des certifications.",
            "integer",
        ),
        Champ(
            "niveau_branche",
            "Repère de la branche",
            lambda v: v.ancien_niveau or None,
            "Niveau conventionnel de la branche\u202f: ce n’est pas un niveau du cadre national.",
        ),
        Champ(
            "date_decision",
            "Date de la décision",
            lambda v: v.date_decision,
            "Décision d’enregistrement, ou de la branche.",
            "date",
            "DATE_DECISION",
        ),
        Champ(
            "duree_enregistrement",
            "Durée",
            lambda v: v.duree_enregistrement,
            "Durée de l’enregistrement, en années.",
            "integer",
            "DUREE_ENREGISTREMENT",
        ),
        Champ(
            "date_effet",
            "Date d’effet",
            lambda v: v.date_effet,
            "Premier jour de l’enregistrement.",
            "date",
            "DATE_EFFET",
        ),
        Champ(
            "date_fin_enregistrement",
            "Fin d’enregistrement",
            lambda v: v.date_fin_enregistrement,
            "Dernier jour de l’enregistrement\u202f; vide pour un CQP de branche sans terme.",
            "date",
            "DATE_FIN_ENREGISTREMENT",
        ),
        Champ(
            "delivrable_jusqu_au",
            "Délivrable jusqu’au",
            lambda v: v.delivrable_jusqu_au,
            (
                "Dernier jour où un jury peut délivrer la certification\u00a0: souvent des années après la "
                "fin de l’enregistrement."
            ),
            "date",
            "DATE_LIMITE_DELIVRANCE",
        ),
        Champ(
            "porteur",
            "Porteur",
            lambda v: v.certification.porteur.raison_sociale,
            "Organisme qui fait vivre la certification.",
            obligatoire=True,
        ),
        Champ(
            "certificateurs",
            "Certificateurs",
            lambda v: [o.raison_sociale for o in v.certificateurs],
            "Organismes qui délivrent, la commission paritaire d’abord.",
            "array",
            "NOM_CERTIFICATEUR",
        ),
        Champ(
            "voies_acces",
            "Voies d’accès",
            _voies,
            (
                "FI\u00a0: formation initiale\u202f; CA\u00a0: apprentissage\u202f; FC\u00a0: formation "
                "continue\u202f; CQ\u00a0: contrat de professionnalisation\u202f; CL\u00a0: candidature "
                "individuelle\u202f; VAE."
            ),
            "array",
            "SI_JURY",
        ),
        Champ(
            "codes_nsf", "Codes NSF", _codes("nsf"), "Nomenclature des spécialités de formation.", "array", "NSF_CODE"
        ),
        Champ(
            "codes_rome",
            "Codes ROME",
            _codes("rome"),
            "Répertoire des métiers de France Travail.",
            "array",
            "CODES_ROME_CODE",
        ),
        Champ("formacodes", "Formacodes", _codes("formacode"), "Codes du Formacode.", "array", "FORMACODE_CODE"),
        Champ(
            "succede_a",
            "Succède à",
            lambda v: [identifiant(a) for a in v.succede_a.all()],
            "Identifiants des versions qu’elle remplace.",
            "array",
            "ANCIENNE_CERTIFICATION",
        ),
        Champ(
            "remplacee_par",
            "Remplacée par",
            lambda v: [identifiant(s) for s in v.successeurs.all()],
            "Identifiants des versions qui la remplacent.",
            "array",
            "NOUVELLE_CERTIFICATION",
        ),
        Champ(
            "validation_partielle",
            "Réussite partielle possible",
            lambda v: v.validation_partielle,
            "Un jury peut-il valider une partie des blocs\u00a0?",
            "boolean",
            "VALIDATION_PARTIELLE",
            obligatoire=True,
        ),
        Champ(
            "page",
            "Page du CQP",
            lambda v: adresse_publique(adresse(v.certification)),
            "Sa page sur ce site.",
            obligatoire=True,
        ),
        Champ(
            "fiche_officielle",
            "Fiche officielle",
            lambda v: v.url_france_competences or None,
            "Adresse de la fiche à France compétences.",
        ),
        Champ("source", "Source", lambda v: v.source or None, "D’où viennent ces faits, avec leur licence."),
        Champ("source_date", "Date de la source", lambda v: v.source_date, "Date de l’export repris.", "date"),
        Champ(
            "modifiee_le",
            "Modifiée le",
            lambda v: v.modifiee_le,
            "Dernier changement d’un de ces faits dans ce registre.",
            "datetime",
            obligatoire=True,
        ),
    ),
)
BLOCS = Jeu(
    "blocs",
    "Blocs de compétences",
    (
        "Une ligne par bloc d’une version. Le code seul n’identifie pas un bloc\u00a0: deux fiches "
        "peuvent partager le même."
    ),
    ("version", "code"),
    (
        Champ("version", "Version", lambda b: identifiant(b.version), "Identifiant de la version.", obligatoire=True),
        Champ(
            "code",
            "Code",
            lambda b: b.code,
            "Code du bloc, exactement comme au RNCP.",
            equivalent="BLOC_COMPETENCES_CODE",
            obligatoire=True,
        ),
        Champ(
            "libelle",
            "Libellé",
            lambda b: b.libelle,
            "Libellé du bloc.",
            equivalent="BLOC_COMPETENCES_LIBELLE",
            obligatoire=True,
        ),
        Champ("ordre", "Ordre", lambda b: b.ordre, "Rang dans la fiche.", "integer", obligatoire=True),
        Champ(
            "facultatif",
            "Facultatif",
            lambda b: b.facultatif,
            "Peut-on obtenir la certification sans lui\u00a0?",
            "boolean",
            obligatoire=True,
        ),
        Champ("option", "Option", lambda b: b.option.libelle if b.option else None, "Option à laquelle il appartient."),
        Champ(
            "competences",
            "Compétences",
            lambda b: [c.libelle for c in b.competences.all()],
            "Compétences attendues, une à une.",
            "array",
        ),
        Champ(
            "liste_competences",
            "Compétences, texte de la fiche",
            lambda b: b.liste_competences or None,
            _FC,
            equivalent="LISTE_COMPETENCES",
        ),
        Champ(
            "modalites_evaluation",
            "Modalités d’évaluation",
            lambda b: b.modalites_evaluation or None,
            _FC,
            equivalent="MODALITES_EVALUATION",
        ),
    ),
)
JEUX = {jeu.nom: jeu for jeu in (VERSIONS, BLOCS)}
