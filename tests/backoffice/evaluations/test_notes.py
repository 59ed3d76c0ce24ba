"""Marks, thresholds, coefficients, coherence: what the parcours says is what the grid asks and the jury reads (E3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from backoffice.evaluations.models import Habilitation, ResultatCompetence
from backoffice.evaluations.resultats import bloc_acquis_selon_evaluation, resultats_par_bloc
from backoffice.parcours.models import Ponderation
from registre.transitions import Refus
from tests import fabriques as f
from tests.connexion import connecter

pytestmark = pytest.mark.django_db


def en_notes(**parcours):
    return f.Acteurs(mode_evaluation="notes", metier_requis=False, seuil_bloc=60, **parcours)


def commencee(acteurs):
    return f.faire(f.affectee(acteurs), "commencer_evaluation", acteurs.evaluateur)


def enregistrer(acteurs, candidature, resultats, **champs):
    champs = {"date_evaluation": timezone.localdate(), "sans_observation": True, **champs}
    return f.faire(candidature, "enregistrer_evaluation", acteurs.evaluateur, resultats=resultats, **champs)


def grille(candidature) -> str:
    return f"/gestion/evaluations/{candidature.pk}/"


class TestNotes:
    def test_une_note_francaise_s_enregistre_et_dit_si_la_competence_est_acquise(self, client):
        """« 12,5 » and « 9,99 » as typed: acquired from 10, the total of the bloc weighted, and read again as typed."""
        acteurs = en_notes()
        candidature = commencee(acteurs)
        premier, second = candidature.blocs_a_evaluer()
        c1, c2 = premier.competences.all()
        Ponderation.objects.create(parcours=acteurs.parcours, competence=c1, coefficient=3)
        envoi = {f"n{c1.pk}": "12,5", f"n{c2.pk}": "9,99", f"c{c2.pk}": "Trop lent."}
        assert connecter(client, acteurs.evaluateur).post(grille(candidature), envoi).status_code == 302
        dits = {r.competence_id: (r.note, r.acquis) for r in ResultatCompetence.objects.filter(note__isnull=False)}
        assert dits == {c1.pk: (Decimal("12.50"), True), c2.pk: (Decimal("9.99"), False)}
        page = client.get(grille(candidature)).content.decode()
        assert 'value="12,5"' in page
        assert "11,87 sur 20" in page  # (3 × 12,5 + 9,99) / 4 = 11,8725, cut
        assert "Coefficient 3" in page
        assert bloc_acquis_selon_evaluation(candidature, premier) is False  # 60 % of 20 is 12
        assert bloc_acquis_selon_evaluation(candidature, second) is False

    @pytest.mark.parametrize(
        ("saisie", "phrase"),
        [
            ("21", "La note va de 0 à 20."),
            ("-1", "ne descend pas sous 0"),
            ("douze", "12,5"),
            ("10,123", "Deux chiffr"),
        ],
    )
    def test_une_note_impossible_est_refusee_en_clair(self, client, saisie, phrase):
        """Out of bounds, in letters, too precise: the sentence says what to write, and what was typed stays."""
        acteurs = en_notes()
        candidature = commencee(acteurs)
        competence = candidature.blocs_a_evaluer()[0].competences.first()
        reponse = connecter(client, acteurs.evaluateur).post(grille(candidature), {f"n{competence.pk}": saisie})
        assert reponse.status_code == 422
        assert phrase in reponse.content.decode()
        assert f'value="{saisie}"' in reponse.content.decode()
        assert not ResultatCompetence.objects.exists()

    def test_au_seuil_du_bloc_il_est_acquis(self):
        """12 out of 20 everywhere, threshold 60 %: acquired, and the total says it."""
        acteurs = en_notes()
        candidature = commencee(acteurs)
        enregistrer(acteurs, candidature, f.notes(candidature, "12"))
        assert [(b["acquis"], b["total"]) for b in resultats_par_bloc(candidature)] == [(True, "12 sur 20")] * 2

    def test_une_part_de_competences_suffit_quand_le_parcours_le_dit(self):
        """Half of the compétences, threshold 50 %: acquired; one hundredth of the dossier less is not in the rule."""
        acteurs = f.Acteurs(metier_requis=False, seuil_bloc=50)
        candidature = commencee(acteurs)
        enregistrer(acteurs, candidature, f.reponses(candidature, lambda c: c.ordre == 1))
        lu = resultats_par_bloc(candidature)
        assert [(b["acquis"], b["total"]) for b in lu] == [(True, "1 compétence acquise sur 2 (50\u00a0%)")] * 2


class TestCoherence:
    def transmettre(self, acteurs, candidature):
        return f.faire(candidature, "transmettre_evaluation", acteurs.evaluateur)

    def test_une_competence_non_acquise_se_motive(self):
        """A refusal without a word helps nobody: the compétence is named."""
        acteurs = f.Acteurs(metier_requis=False, guide_requis=False)
        candidature = commencee(acteurs)
        muettes = dict.fromkeys(f.reponses(candidature), (False, ""))
        enregistrer(acteurs, candidature, muettes)
        with pytest.raises(Refus, match=r"dites en commentaire ce qui manque pour acquérir C1\.1, C1\.2"):
            self.transmettre(acteurs, candidature)

    def test_une_note_et_un_resultat_qui_se_contredisent_sont_refuses(self):
        """Brought from elsewhere, or rules read wrong: the grid is to be recorded again."""
        acteurs = en_notes(guide_requis=False)
        candidature = commencee(acteurs)
        enregistrer(acteurs, candidature, f.notes(candidature, "15"))
        ResultatCompetence.objects.filter(competence__code="C1.1").update(acquis=False)
        with pytest.raises(Refus, match=r"la note et le résultat de C1\.1 se contredisent"):
            self.transmettre(acteurs, candidature)

    def test_la_date_vient_apres_la_recevabilite_et_pendant_l_habilitation(self):
        """Before the dossier was admitted, or before the évaluateur was habilitated: refused, with both dates."""
        acteurs = f.Acteurs(metier_requis=False, guide_requis=False)
        candidature = commencee(acteurs)
        avant = timezone.localdate() - timedelta(days=200)
        enregistrer(acteurs, candidature, f.reponses(candidature), date_evaluation=avant)
        with pytest.raises(Refus) as refus:
            self.transmettre(acteurs, candidature)
        assert f"({avant:%d/%m/%Y}) précède la décision de recevabilité" in str(refus.value)
        assert f"Au jour de l’évaluation, le {avant:%d/%m/%Y}\u00a0: l’habilitation de" in str(refus.value)

    def test_un_doute_se_dit_sans_rien_empecher(self, client):
        """Everything acquired without a word, against the métier: a second look is asked, the button is there."""
        acteurs = f.Acteurs(guide_requis=False)
        candidature = f.repondue(acteurs, acquis=False)
        enregistrer(acteurs, candidature, f.reponses(candidature))
        page = connecter(client, acteurs.evaluateur).get(grille(candidature)).content.decode()
        assert "Toutes les compétences ont le même résultat, sans commentaire" in page
        assert "diffère de celui de l’évaluateur métier pour C1.1, C1.2, C2.1, C2.2" in page
        assert "Transmettre l’évaluation" in page
        assert self.transmettre(acteurs, candidature).etat == "evaluee"

    def test_sans_guide_requis_on_transmet_sans_guide(self):
        """The parcours decides; with the guide required, its absence is said."""
        acteurs = f.Acteurs(metier_requis=False, guide_requis=False)
        candidature = commencee(acteurs)
        enregistrer(acteurs, candidature, f.reponses(candidature))
        assert self.transmettre(acteurs, candidature).etat == "evaluee"


class TestAppartenance:
    def test_un_autre_etablissement_de_la_meme_entreprise_n_est_pas_independant(self):
        """Two SIRET of one SIREN: the same company, whatever the door."""
        acteurs = f.Acteurs()
        candidature = f.recevable(acteurs)
        f.Organisme.objects.filter(pk=acteurs.etablissement.pk).update(siret="73282932000074")
        voisin = f.OrganismeFactory(siret="73282932000017")
        Habilitation.objects.update(organisme=voisin)
        with pytest.raises(Refus, match="appartient à l’employeur du candidat"):
            f.faire(candidature, "confirmer_evaluateur", acteurs.employeur, evaluateur=acteurs.evaluateur)
