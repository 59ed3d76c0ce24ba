"""What no dossier could pass: a door that nobody opens, a proof that nothing brings, a jury that cannot sit."""

from collections.abc import Iterator

from .constats import Constat, avertit, refuse
from .models import Concordance, ModaliteAcces, Prerequis
from .releve import VOIE_DE_LA_FICHE, Releve


def ouverture(releve: Releve) -> Iterator[Constat]:
    """Somebody opens dossiers, and the fiches open the ways that are admitted."""
    parcours = releve.parcours
    if not parcours.employeur_ouvre and not parcours.porteur_ouvre:
        yield refuse(
            "ouverture",
            "employeur_ouvre",
            "Personne ne peut ouvrir de dossier.",
            "Permettez-le à l’employeur, au porteur, ou aux deux.",
        )
    ouvertes = releve.voies_ouvertes
    if not ouvertes or not parcours.modalites:
        return
    fermees = [m for m in releve.modalites_admises if VOIE_DE_LA_FICHE[m] not in ouvertes]
    libelles = ", ".join(ModaliteAcces(m).label for m in fermees)
    if fermees and len(fermees) == len(releve.modalites_admises):
        yield refuse(
            "ouverture",
            "modalites",
            "Aucune des voies d’accès admises n’est ouverte par la fiche d’une version délivrable.",
            "Choisissez des voies que la fiche ouvre, ou aucune pour les admettre toutes.",
            "Fiche de la certification, voies d’accès",
        )
    elif fermees:
        yield avertit(
            "ouverture",
            "modalites",
            f"Aucune fiche délivrable n’ouvre cette voie\u00a0: {libelles}.",
            "Retirez-la des voies admises, ou faites compléter la fiche.",
            "Fiche de la certification, voies d’accès",
        )


def version(releve: Releve) -> Iterator[Constat]:
    """There is something to award, and something to evaluate in it."""
    if not releve.delivrables:
        yield refuse(
            "",
            "",
            "Aucune version de cette certification n’est délivrable\u00a0: aucun dossier ne pourrait s’ouvrir.",
            "Attendez l’enregistrement de la version suivante, puis publiez ce parcours.",
            "Code du travail, article L. 6113-9",
        )
        return
    vides = [v for v in releve.delivrables if not any(b.competences.all() for b in v.blocs.all())]
    for vide in vides:
        constat = refuse if len(vides) == len(releve.delivrables) else avertit
        yield constat(
            "",
            "",
            f"«\u202f{vide}\u202f» n’a aucune compétence au registre\u00a0: il n’y aurait rien à évaluer.",
            "Faites saisir ses blocs et ses compétences par le certificateur.",
            "Code du travail, article L. 6113-1",
        )


def _jamais_examine(releve: Releve) -> bool:
    parcours = releve.parcours
    return not parcours.recevabilite_active or (
        bool(releve.modalites_admises) and set(releve.modalites_admises) <= set(parcours.modalites_sans_recevabilite)
    )


def prerequis(releve: Releve) -> Iterator[Constat]:
    """Each prerequisite is checked by somebody, on a proof that the dossier holds."""
    sans_examen = _jamais_examine(releve)
    for ligne in releve.prerequis:
        if ligne.nature == Prerequis.Nature.JUSTIFICATIF and ligne.piece_id is None:
            yield refuse(
                "prerequis",
                ligne.code,
                f"Le prérequis «\u202f{ligne.libelle}\u202f» attend un justificatif, mais aucune pièce ne le prouve.",
                "Choisissez la pièce qui le prouve, ou demandez une déclaration.",
            )
        if ligne.nature == Prerequis.Nature.SEUIL and ligne.seuil is None:
            yield refuse(
                "prerequis",
                ligne.code,
                f"Le prérequis «\u202f{ligne.libelle}\u202f» n’a pas de valeur à atteindre.",
                "Indiquez la valeur et son unité.",
            )
        if ligne.obligatoire and sans_examen:
            yield refuse(
                "recevabilite",
                "recevabilite_active",
                f"Le prérequis «\u202f{ligne.libelle}\u202f» ne serait jamais vérifié\u00a0: aucune candidature ne "
                "passe par "
                "l’examen de recevabilité.",
                "Activez l’examen de recevabilité, ou retirez ce prérequis.",
            )
        if ligne.modalites and not set(ligne.modalites) & set(releve.modalites_admises):
            yield avertit(
                "prerequis",
                ligne.code,
                f"Le prérequis «\u202f{ligne.libelle}\u202f» ne concerne que des voies d’accès qui ne sont pas "
                "admises.",
                "Corrigez les voies concernées, ou retirez-le.",
            )


def pieces(releve: Releve) -> Iterator[Constat]:
    """A compulsory pièce serves a step that exists."""
    if _jamais_examine(releve):
        preuves = {ligne.piece_id for ligne in releve.prerequis if ligne.piece_id}
        for piece in releve.pieces:
            if piece.obligatoire and piece.pk in preuves:
                yield avertit(
                    "pieces",
                    piece.code,
                    f"«\u202f{piece.libelle}\u202f» est exigée pour un prérequis que personne n’examine.",
                    "Rendez-la facultative, ou activez l’examen de recevabilité.",
                    "RGPD, article 5\u00a0: ne demander que ce qui sert",
                )


def evaluateurs(releve: Releve) -> Iterator[Constat]:
    """The évaluateurs can conclude, and the invited one has the time to answer."""
    p = releve.parcours
    if p.nombre_evaluateurs not in (1, 2):
        yield refuse(
            "evaluateurs",
            "nombre_evaluateurs",
            "Il faut un ou deux évaluateurs habilités\u00a0: sans eux, ni évaluation ni guide signé.",
            "Indiquez 1 ou 2.",
        )
    if p.nombre_evaluateurs == 2 and p.concordance == Concordance.HABILITE:
        yield refuse(
            "evaluation",
            "concordance",
            "Deux évaluateurs habilités se prononcent, et c’est «\u202fl’évaluateur habilité\u202f» qui conclut\u00a0: "
            "s’ils divergent, rien ne dit lequel.",
            "Choisissez «\u202facquis seulement si tous sont favorables\u202f» ou «\u202fle jury tranche\u202f».",
        )
    if not p.metier_requis:
        return
    if p.validite_invitation < 1:
        yield refuse(
            "evaluateurs",
            "validite_invitation",
            "L’invitation de l’évaluateur métier expirerait le jour même\u00a0: il ne pourrait pas répondre.",
            "Laissez-lui une à quatre semaines.",
        )
    inactif = p.relance_inactivite_jours + p.cloture_inactivite_jours
    if inactif < p.validite_invitation:
        yield refuse(
            "delais",
            "cloture_inactivite_jours",
            f"Un dossier serait clos après {inactif} jours sans acte, alors que l’évaluateur métier a "
            f"{p.validite_invitation} jours pour répondre.",
            "Allongez la relance ou la clôture, ou raccourcissez la validité de l’invitation.",
        )
    elif p.relance_apres_jours >= p.validite_invitation:
        yield avertit(
            "delais",
            "relance_apres_jours",
            "La relance de l’évaluateur métier partirait quand son invitation a déjà expiré.",
            "Relancez plus tôt, ou laissez l’invitation valable plus longtemps.",
        )


def jury(releve: Releve) -> Iterator[Constat]:
    """Members can be seated, and they receive the dossiers before they sit."""
    p = releve.parcours
    if p.membres_minimum_par_college > p.sieges_par_college:
        yield refuse(
            "jury",
            "membres_minimum_par_college",
            f"Il faut {p.membres_minimum_par_college} membres présents par collège, mais {p.sieges_par_college} "
            "sièges seulement leur sont ouverts.",
            "Augmentez le nombre de sièges, ou demandez moins de présents.",
        )
    if p.delai_inscription_jury < p.delai_envoi_dossiers:
        yield refuse(
            "inscription",
            "delai_inscription_jury",
            f"Les inscriptions ferment {p.delai_inscription_jury} jours avant le jury, alors que les membres "
            f"reçoivent les dossiers {p.delai_envoi_dossiers} jours avant\u00a0: il en manquerait.",
            "Fermez les inscriptions au plus tard le jour où les dossiers partent.",
        )
    inactif = p.relance_inactivite_jours + p.cloture_inactivite_jours
    if p.delai_inscription_jury > inactif:
        yield refuse(
            "inscription",
            "delai_inscription_jury",
            f"Il faut s’inscrire {p.delai_inscription_jury} jours avant le jury, mais un dossier qui attend est clos "
            f"après {inactif} jours.",
            "Rapprochez la clôture des inscriptions du jury, ou allongez la clôture pour inactivité.",
        )


def suites(releve: Releve) -> Iterator[Constat]:
    """Who failed may come back while what was acquired still counts."""
    p = releve.parcours
    if p.validite_blocs_mois and p.delai_nouvelle_candidature_mois >= p.validite_blocs_mois:
        yield refuse(
            "suites",
            "delai_nouvelle_candidature_mois",
            f"On ne pourrait revenir qu’après {p.delai_nouvelle_candidature_mois} mois, quand les blocs acquis ne "
            f"valent plus que {p.validite_blocs_mois} mois\u00a0: ils seraient perdus.",
            "Raccourcissez le délai, ou gardez les blocs plus longtemps.",
        )


REGLES = (ouverture, version, pieces, prerequis, evaluateurs, jury, suites)
