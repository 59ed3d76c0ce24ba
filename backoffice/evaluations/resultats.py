"""What the évaluateurs concluded, read bloc by bloc under the rules of the parcours: the jury's starting point."""

from decimal import Decimal

from backoffice.candidatures.models import Candidature
from backoffice.parcours.models import Concordance
from registre.models import Bloc

from . import calcul
from .calcul import Conclusion, Regles
from .grille import Reponse, ecrire_note
from .models import Evaluation, ResultatCompetence

METIER, HABILITE, SECOND = ResultatCompetence.Source
UN = Decimal(1)


def ranger(evaluation: Evaluation, source: str, resultats: dict) -> None:
    """Store the answers of one grid; those on compétences of other blocs are not read.

    Where the parcours marks, a compétence is acquired by its mark and by nothing else: both are written together.
    """
    regles = Regles.de(evaluation.candidature.parcours)
    en_notes = regles.en_notes and source != METIER
    permis = {c.pk for b in evaluation.candidature.blocs_a_evaluer() for c in b.competences.all()}
    lignes = []
    for competence, dite in resultats.items():
        if competence in permis:
            reponse = Reponse(*dite)
            lignes.append(
                ResultatCompetence(
                    evaluation=evaluation,
                    competence_id=competence,
                    source=source,
                    acquis=regles.acquise(reponse.note) if en_notes else reponse.acquis,
                    note=reponse.note if en_notes else None,
                    commentaire=reponse.commentaire,
                )
            )
    ResultatCompetence.objects.bulk_create(
        lignes,
        update_conflicts=True,
        unique_fields=["evaluation", "competence", "source"],
        update_fields=["acquis", "note", "commentaire"],
    )


def competences_divergentes(evaluation: Evaluation) -> set[int]:
    """The compétences on which several évaluateurs spoke and do not agree: the jury examines them."""
    avis: dict[int, set[bool]] = {}
    for resultat in evaluation.resultats.all():
        if resultat.acquis is not None:
            avis.setdefault(resultat.competence_id, set()).add(resultat.acquis)
    return {competence for competence, dits in avis.items() if len(dits) > 1}


class Lecture:
    """The results of one dossier under its rules. `lecteur` hides from an évaluateur what is not theirs to read yet."""

    def __init__(self, candidature: Candidature, lecteur=None):
        self.candidature, self.evaluation = candidature, candidature.evaluation
        self.regles = Regles.de(candidature.parcours)
        self.resultats = {(r.competence_id, r.source): r for r in self.evaluation.resultats.all()}
        self.sources = [HABILITE, *([SECOND] if self.evaluation.second_id else [])]
        if any(source == METIER for _, source in self.resultats):
            self.sources.append(METIER)
        self.cachees = self._cachees(lecteur)
        self.divergentes = competences_divergentes(self.evaluation) if not self.cachees else set()
        self.poids = (
            {p.competence_id: p.coefficient for p in candidature.parcours.ponderations.all()}
            if self.regles.en_notes
            else {}
        )

    def _cachees(self, lecteur) -> set[str]:
        """The grid of the other évaluateur, as long as both are not closed."""
        if lecteur is None or self.evaluation.grilles_ouvertes_a_tous:
            return set()
        sienne = self.evaluation.source_de(lecteur)
        return {HABILITE, SECOND} - {sienne} if sienne else set()

    def _avis(self, competence, source) -> Conclusion:
        resultat = self.resultats.get((competence.pk, source))
        return resultat.acquis if resultat else None

    def conclusion(self, competence) -> Conclusion:
        """What is concluded of one compétence, by the rule of concordance."""
        return calcul.concorder((self._avis(competence, s) for s in self.sources), self.regles.concordance)

    def _notes(self, bloc: Bloc, source) -> list:
        resultats = [(c, self.resultats.get((c.pk, source))) for c in bloc.competences.all()]
        return [(r.note if r else None, self.poids.get(c.pk, UN)) for c, r in resultats]

    def acquis(self, bloc: Bloc) -> Conclusion:
        """What is concluded of the bloc.

        With marks, each évaluateur concludes on the bloc from their own grid (the métier, who does not mark, from the
        share of compétences he finds acquired), then the rule of concordance applies. Without marks, it applies to
        each compétence, then the share of those acquired is compared with the threshold.
        """
        competences = list(bloc.competences.all())
        if not self.regles.en_notes:
            return calcul.bloc_par_competences([self.conclusion(c) for c in competences], self.regles.seuil_bloc)
        avis = [calcul.note_suffit(self._notes(bloc, s), self.regles) for s in self.sources if s != METIER]
        if METIER in self.sources:
            favorables = [bool(self._avis(c, METIER)) for c in competences]
            avis.append(bool(calcul.bloc_par_competences(favorables, self.regles.seuil_bloc)))
        return calcul.concorder(avis, self.regles.concordance)

    def total(self, bloc: Bloc, source=None) -> str:
        """What is counted in this bloc, in words: « 3 compétences acquises sur 4 (75 %) », « 13,25 sur 20 »."""
        competences = list(bloc.competences.all())
        if not self.regles.en_notes:
            avis = [self._avis(c, source) if source else self.conclusion(c) for c in competences]
            nombre = sum(a is True for a in avis)
            pluriel = "s" if nombre > 1 else ""
            pourcentage = int(calcul.part(nombre, len(avis)))
            return f"{nombre} compétence{pluriel} acquise{pluriel} sur {len(avis)} ({pourcentage}\u00a0%)"
        sources = [source] if source else self._sources_retenues()
        totaux = []
        for lue in sources:
            notes = [(n, p) for n, p in self._notes(bloc, lue) if n is not None]
            valeur = calcul.arrondie(calcul.note_ponderee(notes))
            reste = len(competences) - len(notes)
            partiel = f", {reste} note{'s' if reste > 1 else ''} à venir" if reste and notes else ""
            totaux.append("pas de note" if valeur is None else f"{ecrire_note(valeur)}{partiel}")
        return f"{' et '.join(totaux)} sur {self.regles.note_maximale}"

    def _sources_retenues(self) -> list[str]:
        """The grids whose marks count: that of the first évaluateur when he concludes, else all of them."""
        grilles = [s for s in self.sources if s != METIER]
        return grilles[:1] if self.regles.concordance == Concordance.HABILITE else grilles

    def _ligne(self, competence) -> dict:
        dits = {
            nom: None if source in self.cachees else self.resultats.get((competence.pk, source))
            for nom, source in (("metier", METIER), ("habilite", HABILITE), ("second", SECOND))
        }
        return {"competence": competence, "diverge": competence.pk in self.divergentes, **dits}

    def blocs(self) -> list[dict]:
        """Per bloc aimed at: its compétences with each answer, what the evaluation concludes, where it diverges."""
        blocs = []
        for bloc in self.candidature.blocs_a_evaluer():
            lignes = [self._ligne(c) for c in bloc.competences.all()]
            acquis = None if self.cachees else self.acquis(bloc)
            blocs.append(
                {
                    "bloc": bloc,
                    "lignes": lignes,
                    "acquis": acquis,
                    "a_trancher": acquis is None and not self.cachees,
                    "total": "" if self.cachees else self.total(bloc),
                    "diverge": any(ligne["diverge"] for ligne in lignes),
                }
            )
        return blocs


def bloc_acquis_selon_evaluation(candidature: Candidature, bloc: Bloc) -> Conclusion:
    """Is the bloc acquired by the evaluation? None when the évaluateurs differ and the jury is to settle it."""
    return Lecture(candidature).acquis(bloc)


def resultats_par_bloc(candidature: Candidature, lecteur=None) -> list[dict]:
    """The dossier bloc by bloc, as `lecteur` may read it (everything, when nobody is named)."""
    return Lecture(candidature, lecteur).blocs()


def regle_en_mots(candidature: Candidature) -> str:
    """How a bloc is acquired under these rules, in one sentence for those who evaluate and decide."""
    regles = Regles.de(candidature.parcours)
    if regles.en_notes:
        debut = (
            f"Une compétence est acquise à partir de {ecrire_note(regles.seuil_competence)} sur "
            f"{regles.note_maximale}, un bloc à partir d’une note de {ecrire_note(regles.note_du_bloc)} "
            f"({regles.seuil_bloc}\u00a0%)."
        )
    elif regles.seuil_bloc == 100:
        debut = "Un bloc est acquis quand toutes ses compétences le sont."
    else:
        debut = f"Un bloc est acquis à partir de {regles.seuil_bloc}\u00a0% de ses compétences."
    fins = {
        Concordance.HABILITE: "L’évaluateur habilité conclut.",
        Concordance.FAVORABLES: "Il faut que tous ceux qui évaluent soient favorables.",
        Concordance.JURY: "Quand les évaluateurs divergent, le jury tranche.",
    }
    return f"{debut} {fins[regles.concordance]}"
