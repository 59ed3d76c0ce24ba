"""The rules of composition and of result, as properties (J2, workflow: « Jury rules seen in the branches »)."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from backoffice.candidatures.models import Etat
from backoffice.jurys.composition import manques_de_composition, manques_de_presidence
from backoffice.jurys.corps import Corps, Regles, Siege
from backoffice.jurys.models import MembreJury
from backoffice.jurys.resultats import resultat_du_jury
from registre.models import Bloc

COLLEGES = ("employeurs", "salaries")
REGLES = st.builds(
    Regles,
    minimum_par_college=st.integers(1, 4),
    parite_stricte=st.booleans(),
    presidence_alternee=st.booleans(),
    sieges_par_college=st.just(10),
)
MEMBRES = st.lists(
    st.builds(
        MembreJury,
        college=st.sampled_from(COLLEGES),
        fonction=st.sampled_from(["membre", "president", "vice_president"]),
    ),
    max_size=10,
)


def corps(membres):
    """Every one of them in the room, with a voice of their own."""
    return Corps(tuple(Siege(m, m) for m in membres))


def compter(membres):
    return tuple(sum(m.college == college for m in membres) for college in COLLEGES)


@given(MEMBRES, REGLES)
def test_un_jury_decide_si_et_seulement_si_chaque_regle_est_tenue(membres, regles):
    """Quorum in each collège, and parity when the parcours asks for it: nothing more, nothing less."""
    employeurs, salaries = compter(membres)
    tenu = min(employeurs, salaries) >= regles.minimum_par_college
    if regles.parite_stricte:
        tenu = tenu and employeurs == salaries
    assert (manques_de_composition(corps(membres), regles) == []) is tenu


@given(MEMBRES, REGLES)
def test_chaque_refus_donne_ses_nombres(membres, regles):
    """A sentence that says « quorum » says how many are there and how many are needed; so does parity."""
    employeurs, salaries = compter(membres)
    for phrase in manques_de_composition(corps(membres), regles):
        if phrase.startswith("Quorum"):
            present = employeurs if "collège employeurs" in phrase else salaries
            assert f": {present} membre" in phrase
            assert f"au moins {regles.minimum_par_college}." in phrase
        else:
            assert phrase.startswith("Parité")
            assert f": {employeurs} membre" in phrase
            assert f"et {salaries} pour le collège salariés" in phrase


@given(MEMBRES, REGLES)
def test_les_deux_colleges_sont_traites_de_meme(membres, regles):
    """Swapping employers and employees fails as many rules: a parity jury favours neither."""
    inverses = [
        MembreJury(college=COLLEGES[1 - COLLEGES.index(m.college)], fonction=m.fonction) for m in reversed(membres)
    ]
    assert len(manques_de_composition(corps(inverses), regles)) == len(manques_de_composition(corps(membres), regles))


@given(MEMBRES, REGLES)
def test_la_presidence_est_tenue_et_partagee(membres, regles):
    """Somebody leads; when both sit and the rule says so, they come from both collèges."""
    par_fonction = {m.fonction: m.college for m in membres}
    president, vice = par_fonction.get("president"), par_fonction.get("vice_president")
    phrases = manques_de_presidence(membres, regles)
    if not president and not vice:
        assert len(phrases) == 1 and "ni la présidence ni la vice-présidence" in phrases[0]
    else:
        memes = bool(president and vice and president == vice)
        assert bool(phrases) is (memes and regles.presidence_alternee)


def candidature(facultatifs, options=(), option=None):
    """A dossier reduced to what the rule of result reads: the blocs of its version, its option."""
    blocs = [
        Bloc(pk=rang, facultatif=facultatif, option_id=(options[rang] if rang < len(options) else None))
        for rang, facultatif in enumerate(facultatifs)
    ]
    version = SimpleNamespace(blocs=SimpleNamespace(all=lambda: blocs))
    return SimpleNamespace(version=version, option_id=option)


@st.composite
def decisions(draw):
    facultatifs = draw(st.lists(st.booleans(), min_size=1, max_size=6))
    options = draw(st.lists(st.sampled_from([None, 1, 2]), max_size=6))
    dossier = candidature(facultatifs, options, draw(st.sampled_from([None, 1, 2])))
    dites = draw(st.dictionaries(st.integers(0, len(facultatifs) - 1), st.booleans()))
    return dossier, dites


def requis(dossier):
    return {
        b.pk
        for b in dossier.version.blocs.all()
        if not b.facultatif and (b.option_id is None or b.option_id == dossier.option_id)
    }


@given(decisions())
def test_valide_veut_dire_tous_les_blocs_obligatoires(cas):
    """« Validé » if and only if every compulsory bloc (those of the option included) is acquired."""
    dossier, dites = cas
    acquis = {pk for pk, oui in dites.items() if oui}
    assert (resultat_du_jury(dossier, dites) == Etat.VALIDEE) is (bool(requis(dossier)) and requis(dossier) <= acquis)


@given(decisions())
def test_non_valide_veut_dire_aucun_bloc(cas):
    """« Non validé » if and only if nothing is acquired; otherwise it is at least « Partiel »."""
    dossier, dites = cas
    assert (resultat_du_jury(dossier, dites) == Etat.NON_VALIDEE) is (not any(dites.values()))


@given(decisions(), st.data())
def test_un_bloc_de_plus_n_empire_jamais_le_resultat(cas, data):
    """Monotone: acquiring one more bloc cannot lower the result."""
    dossier, dites = cas
    ordre = [Etat.NON_VALIDEE, Etat.PARTIELLE, Etat.VALIDEE]
    un_de_plus = dites | {data.draw(st.sampled_from([b.pk for b in dossier.version.blocs.all()])): True}
    assert ordre.index(resultat_du_jury(dossier, un_de_plus)) >= ordre.index(resultat_du_jury(dossier, dites))


@given(st.integers(2, 6), st.data())
def test_qui_ne_vise_que_des_blocs_obtient_au_mieux_partiel(nombre, data):
    """A candidate who aimed at some blocs only is never « Validé », however well they did."""
    vises = data.draw(st.sets(st.integers(0, nombre - 1), min_size=1, max_size=nombre - 1))
    assert resultat_du_jury(candidature([False] * nombre), dict.fromkeys(vises, True)) == Etat.PARTIELLE


@given(decisions())
def test_sans_bloc_separe_c_est_tout_ou_rien(cas):
    """A parcours whose CQP takes all its blocs knows no « partiel », and validates the same dossiers as the others."""
    dossier, dites = cas
    partiel = resultat_du_jury(dossier, dites)
    entier = resultat_du_jury(dossier, dites, separes=False)
    assert entier == (Etat.NON_VALIDEE if partiel == Etat.PARTIELLE else partiel)
