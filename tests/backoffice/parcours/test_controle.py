"""The control of a version: each thing it refuses, each thing it warns of, and what its silence promises."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.parcours.constats import Gravite
from backoffice.parcours.controle import controler, refus
from backoffice.parcours.models import (
    Concordance,
    Majorite,
    ModaliteAcces,
    ModeEvaluation,
    Parcours,
    PieceRequise,
    Prerequis,
)
from backoffice.parcours.releve import Releve
from backoffice.parcours.sections import PAR_CLE, SECTION_DU_CHAMP
from backoffice.parcours.versions import REGLES
from registre.models import VersionCertification

JOUR = date(2026, 11, 22)


class Plusieurs(list):
    """What a relation gives: `.all()`."""

    def all(self):
        return self


def version(repertoire="rncp", fin=JOUR + timedelta(days=400), voies=(), competences=(1, 2)):
    """A version of a certification, with one bloc."""
    blocs = [SimpleNamespace(competences=Plusieurs(SimpleNamespace(pk=pk) for pk in competences))]
    fiche = VersionCertification(repertoire=repertoire, intitule="CQP Couvreur", date_fin_enregistrement=fin)
    return SimpleNamespace(
        repertoire=repertoire,
        est_delivrable=fiche.est_delivrable,
        blocs=Plusieurs(blocs),
        voies=Plusieurs(SimpleNamespace(voie=v) for v in voies),
    )


def releve(versions=None, pieces=None, prerequis=(), ponderations=(), **regles):
    """Rules that nothing is said against, changed by `regles`."""
    bonnes = {"delai_inscription_jury": 20, "delai_envoi_dossiers": 15}
    if pieces is None:
        pieces = [PieceRequise(pk=1, code="diplome", libelle="Diplôme")]
    versions = [version()] if versions is None else versions
    return Releve(Parcours(**bonnes | regles), pieces, list(prerequis), list(ponderations), versions, JOUR)


def poids(competence):
    return SimpleNamespace(competence_id=competence, coefficient=Decimal(2))


def test_des_regles_ordinaires_n_appellent_aucune_remarque():
    """Positive control: the default rules, with delays that follow each other, pass in silence."""
    assert controler(releve()) == []


PREUVE = Prerequis(code="experience", libelle="Trois ans d’expérience", nature="justificatif")
SEUIL = Prerequis(code="mois", libelle="Expérience", nature="seuil", seuil=Decimal(36))
CAS = {
    "VAE hors du RNCP": (Gravite.REFUS, "ouverture", {"versions": [version("branche")], "modalites": ["VAE"]}),
    "VAE, une version sur deux": (
        Gravite.AVERTISSEMENT,
        "ouverture",
        {"versions": [version(), version("rs")], "modalites": ["VAE"]},
    ),
    "niveau d’un CQP de branche": (
        Gravite.REFUS,
        "pieces",
        {
            "versions": [version("branche")],
            "pieces": [PieceRequise(code="a", libelle="Attestation du CQP de niveau 3")],
        },
    ),
    "collège absent": (Gravite.REFUS, "jury", {"membres_minimum_par_college": 0}),
    "jury sans parité": (Gravite.AVERTISSEMENT, "jury", {"parite_stricte": False}),
    "présidence d’un seul collège": (Gravite.AVERTISSEMENT, "jury", {"presidence_alternee": False}),
    "inactif plus d’un an": (
        Gravite.REFUS,
        "delais",
        {"relance_inactivite_jours": 300, "cloture_inactivite_jours": 90},
    ),
    "clôture sans recours": (Gravite.REFUS, "delais", {"contestation_jours": 0}),
    "recours trop court": (Gravite.AVERTISSEMENT, "delais", {"contestation_jours": 5}),
    "bloc sans valeur": (Gravite.REFUS, "suites", {"validite_blocs_mois": 0}),
    "bloc d’un an": (Gravite.AVERTISSEMENT, "suites", {"validite_blocs_mois": 12}),
    "personne n’ouvre": (Gravite.REFUS, "ouverture", {"employeur_ouvre": False, "porteur_ouvre": False}),
    "voie fermée par la fiche": (
        Gravite.REFUS,
        "ouverture",
        {"versions": [version(voies=("FC",))], "modalites": [ModaliteAcces.APPRENTISSAGE]},
    ),
    "une voie fermée sur deux": (
        Gravite.AVERTISSEMENT,
        "ouverture",
        {
            "versions": [version(voies=("FC",))],
            "modalites": [ModaliteAcces.FC_HORS_CONTRAT, ModaliteAcces.APPRENTISSAGE],
        },
    ),
    "plus rien à délivrer": (Gravite.REFUS, "", {"versions": [version(fin=JOUR - timedelta(days=1))]}),
    "rien à évaluer": (Gravite.REFUS, "", {"versions": [version(competences=())]}),
    "preuve retirée": (Gravite.REFUS, "prerequis", {"prerequis": [PREUVE]}),
    "prérequis jamais vérifié": (
        Gravite.REFUS,
        "recevabilite",
        {"prerequis": [SEUIL], "recevabilite_active": False},
    ),
    "toutes les voies dispensées": (
        Gravite.REFUS,
        "recevabilite",
        {
            "prerequis": [SEUIL],
            "modalites": [ModaliteAcces.VAE],
            "modalites_sans_recevabilite": [ModaliteAcces.VAE],
        },
    ),
    "pièce d’une étape absente": (
        Gravite.AVERTISSEMENT,
        "pieces",
        {
            "recevabilite_active": False,
            "prerequis": [Prerequis(code="x", libelle="X", nature="justificatif", piece_id=1, obligatoire=False)],
        },
    ),
    "valeur sans unité": (Gravite.AVERTISSEMENT, "prerequis", {"prerequis": [SEUIL]}),
    "aucun évaluateur": (Gravite.REFUS, "evaluateurs", {"nombre_evaluateurs": 0}),
    "deux évaluateurs, lequel conclut": (Gravite.REFUS, "evaluation", {"nombre_evaluateurs": 2}),
    "concordance sans objet": (
        Gravite.AVERTISSEMENT,
        "evaluation",
        {"metier_requis": False, "concordance": Concordance.JURY},
    ),
    "le jury tranche sans pouvoir": (
        Gravite.AVERTISSEMENT,
        "deliberation",
        {"concordance": Concordance.JURY, "rattrapage_permis": False},
    ),
    "invitation d’un jour": (Gravite.REFUS, "evaluateurs", {"validite_invitation": 0}),
    "clos avant la réponse du métier": (
        Gravite.REFUS,
        "delais",
        {"relance_inactivite_jours": 10, "cloture_inactivite_jours": 10, "validite_invitation": 30},
    ),
    "relance après l’expiration": (Gravite.AVERTISSEMENT, "delais", {"relance_apres_jours": 30}),
    "représentés sans procuration": (Gravite.AVERTISSEMENT, "jury", {"quorum_represente": True}),
    "procuration à l’autre collège": (
        Gravite.AVERTISSEMENT,
        "jury",
        {"procurations_par_membre": 1, "procuration_meme_college": False},
    ),
    "un membre porte tout un collège": (Gravite.AVERTISSEMENT, "jury", {"procurations_par_membre": 3}),
    "alternance sans partage": (
        Gravite.AVERTISSEMENT,
        "jury",
        {"alternance_annuelle": True, "presidence_alternee": False},
    ),
    "prépondérante contre l’unanimité": (
        Gravite.REFUS,
        "deliberation",
        {"voix_preponderante": True, "majorite": Majorite.UNANIMITE},
    ),
    "prépondérante contre un collège": (
        Gravite.REFUS,
        "deliberation",
        {"voix_preponderante": True, "majorite": Majorite.COLLEGES},
    ),
    "quorum qui ne décide rien": (Gravite.AVERTISSEMENT, "deliberation", {"majorite": Majorite.SIEGES}),
    "secret sans vote": (Gravite.AVERTISSEMENT, "deliberation", {"vote_secret": True}),
    "VAE notifiée tard": (Gravite.AVERTISSEMENT, "suites", {"delai_notification_vae": 30}),
    "validité sans blocs séparés": (
        Gravite.AVERTISSEMENT,
        "suites",
        {"validation_partielle": False, "validite_blocs_mois": 60},
    ),
    "décision sans recours": (Gravite.REFUS, "suites", {"delai_recours": 0}),
    "recours d’une semaine": (Gravite.AVERTISSEMENT, "suites", {"delai_recours": 7}),
    "réponse au recours le jour même": (Gravite.REFUS, "suites", {"delai_reponse_recours": 0}),
    "plus de présents que de sièges": (Gravite.REFUS, "jury", {"membres_minimum_par_college": 4}),
    "inscrits après l’envoi": (Gravite.REFUS, "inscription", {"delai_inscription_jury": 5}),
    "clos avant le jury": (Gravite.REFUS, "inscription", {"delai_inscription_jury": 200}),
    "blocs perdus avant de revenir": (
        Gravite.REFUS,
        "suites",
        {"validite_blocs_mois": 24, "delai_nouvelle_candidature_mois": 24},
    ),
    "seuil au-dessus de la note": (Gravite.REFUS, "evaluation", {"note_maximale": 20, "seuil_competence": Decimal(21)}),
    "notes sans seuil": (
        Gravite.REFUS,
        "evaluation",
        {"mode_evaluation": ModeEvaluation.NOTES, "seuil_competence": Decimal(0)},
    ),
    "part impossible": (Gravite.REFUS, "evaluation", {"seuil_bloc": 120}),
    "la note maximale partout": (
        Gravite.AVERTISSEMENT,
        "evaluation",
        {"mode_evaluation": ModeEvaluation.NOTES, "seuil_bloc": 100},
    ),
    "compétence d’ailleurs": (
        Gravite.REFUS,
        "coefficients",
        {"mode_evaluation": ModeEvaluation.NOTES, "ponderations": [poids(99)]},
    ),
    "coefficients sans notes": (Gravite.AVERTISSEMENT, "coefficients", {"ponderations": [poids(1)]}),
    "dispense d’une voie non admise": (
        Gravite.AVERTISSEMENT,
        "recevabilite",
        {"modalites": [ModaliteAcces.FC_HORS_CONTRAT], "modalites_sans_recevabilite": [ModaliteAcces.VAE]},
    ),
    "aucune pièce": (Gravite.AVERTISSEMENT, "pieces", {"pieces": []}),
    "deux fois la même": (
        Gravite.AVERTISSEMENT,
        "pieces",
        {"pieces": [PieceRequise(code="a", libelle="Diplôme"), PieceRequise(code="b", libelle="DIPLOME")]},
    ),
}


@pytest.mark.parametrize("nom", CAS)
def test_chaque_faute_est_dite_ou_elle_se_corrige(nom):
    """The gravity, the page and the field of each finding; a sentence that says why, another that says what to do."""
    gravite, section, regles = CAS[nom]
    trouves = [c for c in controler(releve(**regles)) if (c.gravite, c.section) == (gravite, section)]
    assert trouves, [(c.gravite, c.section, c.texte) for c in controler(releve(**regles))]
    for constat in trouves:
        assert constat.texte.endswith(".") and constat.remede.endswith(".")
        assert not section or section in PAR_CLE
        assert constat.champ not in REGLES or SECTION_DU_CHAMP[constat.champ].cle == section


def test_chaque_regle_a_sa_page():
    """A rule added to the model stands on a page of the draft, with its help, or this fails."""
    assert set(SECTION_DU_CHAMP) == set(REGLES)


petits = st.integers(0, 400)
REGLES_QUELCONQUES = st.fixed_dictionaries(
    {
        "employeur_ouvre": st.booleans(),
        "porteur_ouvre": st.booleans(),
        "recevabilite_active": st.booleans(),
        "metier_requis": st.booleans(),
        "nombre_evaluateurs": st.integers(0, 3),
        "mode_evaluation": st.sampled_from(ModeEvaluation.values),
        "concordance": st.sampled_from(Concordance.values),
        "note_maximale": st.integers(0, 40),
        "seuil_competence": st.decimals(0, 40, places=2),
        "seuil_bloc": st.integers(0, 120),
        "membres_minimum_par_college": st.integers(0, 4),
        "sieges_par_college": st.integers(0, 4),
        "procurations_par_membre": st.integers(0, 4),
        "majorite": st.sampled_from(Majorite.values),
        "voix_preponderante": st.booleans(),
        "delai_inscription_jury": petits,
        "delai_envoi_dossiers": petits,
        "validite_invitation": petits,
        "relance_inactivite_jours": petits,
        "cloture_inactivite_jours": petits,
        "validite_blocs_mois": st.none() | petits,
        "modalites": st.lists(st.sampled_from(ModaliteAcces.values), unique=True),
    }
)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(REGLES_QUELCONQUES)
def test_ce_que_le_controle_laisse_passer_la_base_l_accepte(regles):
    """Whatever the rules: the control answers, and what it does not refuse breaks no constraint of the database."""
    lues = releve(**regles)
    if refus(controler(lues)):
        return
    lues.parcours.etat = "publie"
    for contrainte in Parcours._meta.constraints:
        if isinstance(contrainte, CheckConstraint) and contrainte.name != "parcours_dates_de_l_etat":
            try:
                contrainte.validate(Parcours, lues.parcours)
            except ValidationError as erreur:
                pytest.fail(f"{contrainte.name}\u00a0: {erreur.messages}")
