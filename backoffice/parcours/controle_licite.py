"""What the law, the registers or the protection of the person forbid."""

import re
from collections.abc import Iterator

from registre.models import VersionCertification

from .constats import Constat, avertit, refuse
from .models import ModaliteAcces, Parcours
from .releve import Releve

RNCP = VersionCertification.Repertoire.RNCP
RS = VersionCertification.Repertoire.RS
VAE = "Code du travail, article L. 6411-1"
PARITE = "Code du travail, article L. 6113-4"
BLOCS = "Code du travail, article L. 6113-1"
NIVEAU = "Code du travail, article L. 6113-1\u202f; décret n° 2019-14 du 8 janvier 2019"
RGPD = "RGPD, article 5"
# Days after which an unfinished candidature is destroyed: a dossier may not stay idle for longer.
CONSERVATION_INACTIVE = 365
# « Le niveau du CQP », « CQP de niveau 3 »: the level of the certification; « diplôme de niveau 3 » is another matter.
PARLE_DU_NIVEAU = re.compile(
    r"\b(CQP|certifi\w+)\b[^.;]{0,40}\bniveau\s*\d|\bniveau\b[^.;]{0,20}\bd[ue] (la |cette |ce )?(CQP|certifi\w+)", re.I
)
PARLE_DU_RNCP = re.compile(r"\bRNCP", re.I)


def vae(releve: Releve) -> Iterator[Constat]:
    """Only a certification of the RNCP is obtained by VAE."""
    if ModaliteAcces.VAE not in releve.parcours.modalites or not releve.delivrables:
        return
    fermees = [v for v in releve.delivrables if v.repertoire != RNCP]
    if len(fermees) == len(releve.delivrables):
        yield refuse(
            "ouverture",
            "modalites",
            "La VAE est admise, mais aucune version délivrable n’est enregistrée au RNCP.",
            "Retirez la validation des acquis de l’expérience des voies admises.",
            VAE,
        )
    elif fermees:
        yield avertit(
            "ouverture",
            "modalites",
            f"La VAE est admise, mais «\u202f{fermees[0]}\u202f» n’est pas au RNCP\u00a0: elle n’y est pas ouverte.",
            "Vérifiez que les dossiers de VAE viseront la version du RNCP.",
            VAE,
        )


def _textes(releve: Releve) -> Iterator[tuple[str, str]]:
    for piece in releve.pieces:
        yield "pieces", f"{piece.libelle}. {piece.aide}"
    for prerequis in releve.prerequis:
        yield "prerequis", f"{prerequis.libelle}. {prerequis.aide}"


def niveau(releve: Releve) -> Iterator[Constat]:
    """A CQP outside the RNCP has no level, and a branch-only one must not speak of the RNCP."""
    if not releve.delivrables or any(v.repertoire == RNCP for v in releve.delivrables):
        return
    de_branche = all(v.repertoire != RS for v in releve.delivrables)
    for section, texte in _textes(releve):
        if PARLE_DU_NIVEAU.search(texte) or (de_branche and PARLE_DU_RNCP.search(texte)):
            yield refuse(
                section,
                "",
                f"«\u202f{texte.split('.')[0]}\u202f» prête à cette certification un niveau ou une place au RNCP "
                "qu’elle n’a pas.",
                "Reformulez sans parler du niveau de la certification ni du RNCP.",
                NIVEAU,
            )


def jury_paritaire(releve: Releve) -> Iterator[Constat]:
    """Both collèges decide, or the jury is not a parity jury."""
    parcours = releve.parcours
    if parcours.membres_minimum_par_college < 1:
        yield refuse(
            "jury",
            "membres_minimum_par_college",
            "Le jury pourrait décider sans aucun membre d’un des deux collèges.",
            "Demandez au moins un membre présent par collège.",
            PARITE,
        )
    elif not parcours.parite_stricte:
        yield avertit(
            "jury",
            "parite_stricte",
            "Le jury pourra décider avec plus de membres d’un collège que de l’autre.",
            "Vérifiez que l’accord de branche ou le règlement de la CPNE le permet.",
            PARITE,
        )
    if not parcours.presidence_alternee:
        yield avertit(
            "jury",
            "presidence_alternee",
            "La présidence et la vice-présidence pourront venir du même collège.",
            "Vérifiez que le règlement de la CPNE le permet.",
            PARITE,
        )


def conservation(releve: Releve) -> Iterator[Constat]:
    """An idle dossier is not kept longer than its purpose; who is closed out may answer."""
    parcours: Parcours = releve.parcours
    inactif = parcours.relance_inactivite_jours + parcours.cloture_inactivite_jours
    if inactif > CONSERVATION_INACTIVE:
        yield refuse(
            "delais",
            "cloture_inactivite_jours",
            f"Un dossier inactif serait gardé {inactif} jours, au-delà de l’année après laquelle une candidature "
            "inachevée est détruite.",
            f"Ramenez la relance et la clôture à {CONSERVATION_INACTIVE} jours au plus, ensemble.",
            RGPD,
        )
    if parcours.contestation_jours < 1:
        yield refuse(
            "delais",
            "contestation_jours",
            "Une clôture pour inactivité ne pourrait pas être contestée.",
            "Laissez un délai pour contester, trente jours par exemple.",
            "Règles de fonctionnement de la plateforme, droit au recours",
        )
    elif parcours.contestation_jours < 15:
        yield avertit(
            "delais",
            "contestation_jours",
            f"{parcours.contestation_jours} jours pour contester une clôture, c’est court.",
            "Quinze à trente jours laissent le temps de lire le courriel et de répondre.",
        )


def validite(releve: Releve) -> Iterator[Constat]:
    """A bloc that was acquired must be of use to who acquired it."""
    mois = releve.parcours.validite_blocs_mois
    if mois == 0:
        yield refuse(
            "suites",
            "validite_blocs_mois",
            "Un bloc acquis ne vaudrait rien\u00a0: sa validité est de zéro mois.",
            "Indiquez un nombre de mois, ou laissez vide pour un bloc acquis pour toujours.",
            BLOCS,
        )
    elif mois is not None and mois < 24:
        yield avertit(
            "suites",
            "validite_blocs_mois",
            f"Les blocs acquis ne valent que {mois} mois. Les branches les gardent cinq ans, ou pour toujours.",
            "Vérifiez la décision de la CPNE sur ce point.",
            BLOCS,
        )


REGLES = (vae, niveau, jury_paritaire, conservation, validite)
