"""What contradicts itself: a mark that cannot be reached, a coefficient that nothing reads, a rule without object."""

from collections import Counter
from collections.abc import Iterator

from registre.textes import plier

from .constats import Constat, avertit, refuse
from .models import Concordance, ModaliteAcces, ModeEvaluation
from .releve import Releve


def notes(releve: Releve) -> Iterator[Constat]:
    """A mark has a maximum, and a threshold under it."""
    p = releve.parcours
    if p.note_maximale < 1:
        yield refuse(
            "evaluation", "note_maximale", "La note maximale est nulle.", "Indiquez une note maximale, 20 par exemple."
        )
    elif p.seuil_competence > p.note_maximale:
        yield refuse(
            "evaluation",
            "seuil_competence",
            f"Une compétence serait acquise à {p.seuil_competence:n}, au-dessus de la note maximale "
            f"({p.note_maximale})\u00a0: personne ne pourrait l’obtenir.",
            "Abaissez le seuil, ou relevez la note maximale.",
        )
    if p.seuil_competence <= 0:
        yield refuse(
            "evaluation",
            "seuil_competence",
            "Les compétences sont notées sans seuil\u00a0: un zéro suffirait à les acquérir.",
            "Indiquez la note à partir de laquelle une compétence est acquise.",
        )
    if not 1 <= p.seuil_bloc <= 100:
        yield refuse(
            "evaluation",
            "seuil_bloc",
            f"La part à obtenir dans un bloc ne peut pas être de {p.seuil_bloc} %.",
            "Indiquez une part de 1 à 100 %.",
        )
    if p.mode_evaluation == ModeEvaluation.NOTES and p.seuil_bloc == 100:
        yield avertit(
            "evaluation",
            "seuil_bloc",
            "Avec des notes, une part de 100 % demande la note maximale à chaque compétence : presque personne "
            "n’obtiendrait un bloc.",
            "Indiquez la part de la note du bloc à obtenir, 50 ou 70 % par exemple, ou vérifiez que c’est voulu.",
        )


def coefficients(releve: Releve) -> Iterator[Constat]:
    """A coefficient weighs a compétence of this certification, and something reads it."""
    if not releve.ponderations:
        return
    siennes = releve.competences
    etrangeres = [x for x in releve.ponderations if x.competence_id not in siennes]
    if etrangeres:
        yield refuse(
            "coefficients",
            "",
            f"{len(etrangeres)} coefficient(s) portent sur des compétences d’une autre certification.",
            "Ouvrez la page des coefficients et enregistrez-la\u00a0: ils en seront retirés.",
        )
    if releve.parcours.mode_evaluation != ModeEvaluation.NOTES:
        yield avertit(
            "coefficients",
            "",
            "Des coefficients sont donnés, mais les compétences ne sont pas notées\u00a0: ils ne servent pas.",
            "Choisissez l’évaluation par notes, ou effacez les coefficients.",
        )
    vivantes = {c.pk for v in releve.delivrables for b in v.blocs.all() for c in b.competences.all()}
    if any(x.competence_id in siennes and x.competence_id not in vivantes for x in releve.ponderations):
        yield avertit(
            "coefficients",
            "",
            "Des coefficients portent sur une version de la certification qui n’est plus délivrable.",
            "Donnez-les aussi pour la version que viseront les dossiers à venir.",
        )


def concordance(releve: Releve) -> Iterator[Constat]:
    """Who decides when évaluateurs differ can do so."""
    p = releve.parcours
    seul = p.nombre_evaluateurs == 1 and not p.metier_requis
    if seul and p.concordance != Concordance.HABILITE:
        yield avertit(
            "evaluation",
            "concordance",
            "Un seul évaluateur se prononce\u00a0: il n’y a pas de divergence à trancher.",
            "Choisissez «\u202fl’évaluateur habilité conclut\u202f», ou demandez un évaluateur métier.",
        )
    if p.concordance == Concordance.JURY and not p.rattrapage_permis and not seul:
        yield avertit(
            "deliberation",
            "rattrapage_permis",
            "Le jury tranche les divergences, mais il ne peut accorder aucun bloc sous le seuil.",
            "Permettez au jury d’accorder un bloc avec un motif, ou confiez la conclusion aux évaluateurs.",
        )


def dispenses(releve: Releve) -> Iterator[Constat]:
    """A way that is exempted is a way that is admitted."""
    p = releve.parcours
    inutiles = [m for m in p.modalites_sans_recevabilite if m not in releve.modalites_admises]
    if inutiles and p.recevabilite_active:
        libelles = ", ".join(ModaliteAcces(m).label for m in inutiles if m in ModaliteAcces.values)
        yield avertit(
            "recevabilite",
            "modalites_sans_recevabilite",
            f"Une voie dispensée de l’examen n’est pas admise\u00a0: {libelles}.",
            "Retirez-la des dispenses, ou admettez-la.",
        )


def lignes(releve: Releve) -> Iterator[Constat]:
    """Each pièce and each prerequisite says one thing, once; a value has its unit."""
    if not any(piece.obligatoire for piece in releve.pieces):
        yield avertit(
            "pieces",
            "",
            "Aucune pièce n’est obligatoire\u00a0: un dossier se dépose sans aucun justificatif.",
            "Vérifiez que c’est voulu.",
        )
    for section, toutes in (("pieces", releve.pieces), ("prerequis", releve.prerequis)):
        for libelle, nombre in Counter(plier(ligne.libelle) for ligne in toutes).items():
            if nombre > 1:
                ligne = next(x for x in toutes if plier(x.libelle) == libelle)
                yield avertit(
                    section,
                    ligne.code,
                    f"«\u202f{ligne.libelle}\u202f» est demandé {nombre} fois.",
                    "Gardez-en un seul.",
                )
    for ligne in releve.prerequis:
        if ligne.seuil is not None and not ligne.unite:
            yield avertit(
                "prerequis",
                ligne.code,
                f"La valeur à atteindre de «\u202f{ligne.libelle}\u202f» n’a pas d’unité.",
                "Dites ce que l’on compte\u00a0: des mois, des heures, des points.",
            )


REGLES = (notes, coefficients, concordance, dispenses, lignes)
