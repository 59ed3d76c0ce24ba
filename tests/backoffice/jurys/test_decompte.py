"""Whose voice counts and what a vote decides, as properties of the engine (one seat one vote, proxies, ties)."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.comptes.models import Utilisateur
from backoffice.jurys.composition import manques_de_composition
from backoffice.jurys.corps import COLLEGES, Regles, former
from backoffice.jurys.decompte import ABSTENTION, CONTRE, POUR, Bulletin, depouiller
from backoffice.jurys.models import MembreJury, Procuration
from backoffice.parcours.models import Majorite

HEURE = datetime(2026, 11, 22, 9, tzinfo=UTC)
AUTRE = dict(zip(COLLEGES, reversed(COLLEGES), strict=True))
INVERSE = {POUR: CONTRE, CONTRE: POUR, ABSTENTION: ABSTENTION}

REGLES = st.builds(
    Regles,
    minimum_par_college=st.integers(1, 3),
    parite_stricte=st.booleans(),
    sieges_par_college=st.integers(1, 4),
    quorum_represente=st.booleans(),
    un_siege_par_organisation=st.booleans(),
    procurations_par_membre=st.integers(0, 2),
    procuration_meme_college=st.booleans(),
    majorite=st.sampled_from(Majorite.values),
    voix_preponderante=st.booleans(),
)


@st.composite
def sessions(draw):
    """The seats of a session, in the room or not, suppléants and proxies as anybody may have written them."""
    membres = []
    for pk in range(1, draw(st.integers(2, 9)) + 1):
        titulaires = [m.pk for m in membres if not m.suppleant]
        suppleant = bool(titulaires) and draw(st.booleans())
        college = draw(st.sampled_from(COLLEGES))
        siens = [t for t in titulaires if membres[t - 1].college == college]
        membres.append(
            MembreJury(
                pk=pk,
                utilisateur=Utilisateur(prenom="Membre", nom=str(pk)),
                college=college,
                suppleant=suppleant,
                remplace_id=draw(st.sampled_from([None, *siens])) if suppleant else None,
                organisation=draw(st.sampled_from(["", "U1", "u1", "U2"])),
                present_le=draw(st.sampled_from([None, HEURE])),
            )
        )
        if membres[-1].present_le:
            membres[-1].parti_le = draw(st.sampled_from([None, None, HEURE]))
    rangs = st.integers(0, len(membres) - 1)
    rangs = draw(st.lists(st.tuples(rangs, rangs), max_size=5, unique_by=lambda paire: paire[0]))
    donnees = [(membres[mandant], membres[mandataire]) for mandant, mandataire in rangs if mandant != mandataire]
    procurations = [
        Procuration(pk=rang, mandant=mandant, mandataire=mandataire, donnee_le=HEURE)
        for rang, (mandant, mandataire) in enumerate(donnees, start=1)
    ]
    return membres, procurations


def ecartes_de(draw, membres):
    return draw(st.sets(st.sampled_from([m.pk for m in membres])))


@given(sessions(), REGLES, st.data())
def test_un_siege_une_voix(session, regles, data):
    """Nobody has two voices, nobody recused or absent casts one, and a voice is cast by somebody who has one."""
    membres, procurations = session
    ecartes = ecartes_de(data.draw, membres)
    corps = former(membres, procurations, regles, ecartes)
    comptes = Counter(s.membre.pk for s in corps.voix)
    assert not comptes or max(comptes.values()) == 1
    presents = {m.pk for m in corps.presents}
    for siege in corps.voix:
        assert siege.membre.pk not in ecartes and siege.porteur.pk not in ecartes
        assert siege.porteur.est_la and siege.porteur.pk in presents
        assert not (siege.represente and siege.membre.est_la)
    portees = Counter(s.porteur.pk for s in corps.voix if s.represente)
    assert all(nombre <= regles.procurations_par_membre for nombre in portees.values())


@given(sessions(), REGLES, st.data())
def test_jamais_plus_de_voix_que_de_sieges(session, regles, data):
    """Suppléants and proxies fill the places of titulaires: never more voices than titulaires, or than seats open."""
    membres, procurations = session
    corps = former(membres, procurations, regles, ecartes_de(data.draw, membres))
    for college in COLLEGES:
        titulaires = sum(m.college == college and not m.suppleant for m in membres)
        assert corps.nombre(college) <= max(titulaires, regles.sieges_par_college)


@given(sessions(), REGLES, st.data())
def test_un_deport_n_aide_jamais_un_quorum(session, regles, data):
    """One more recusal never gives a collège a voice more than it had, present or represented."""
    membres, procurations = session
    ecartes = ecartes_de(data.draw, membres)
    avant = former(membres, procurations, regles, ecartes)
    apres = former(membres, procurations, regles, ecartes | {data.draw(st.sampled_from(membres)).pk})
    for college in COLLEGES:
        assert apres.nombre(college) <= avant.nombre(college)
        assert apres.nombre(college, representes=False) <= avant.nombre(college, representes=False)


@given(sessions(), REGLES)
def test_les_colleges_sont_traites_de_meme(session, regles):
    """Swapping the two collèges swaps the voices and fails as many rules: a parity jury favours neither."""
    membres, procurations = session
    droit = former(membres, procurations, regles)
    droites = manques_de_composition(droit, regles)
    nombres = {college: droit.nombre(college) for college in COLLEGES}
    for membre in membres:
        membre.college = AUTRE[membre.college]
    inverse = former(membres, procurations, regles)
    assert {college: inverse.nombre(AUTRE[college]) for college in COLLEGES} == nombres
    assert len(manques_de_composition(inverse, regles)) == len(droites)


@given(sessions(), REGLES)
def test_une_procuration_ne_retire_de_voix_a_personne(session, regles):
    """Every voice that exists without proxies exists with them."""
    membres, procurations = session
    sans = {s.membre.pk for s in former(membres, [], regles).voix}
    avec = {s.membre.pk for s in former(membres, procurations, regles).voix}
    manquants = {m.pk for m in membres if m.pk in sans - avec}
    assert not manquants
    if not regles.procurations_par_membre:
        assert sans == avec


@given(sessions(), REGLES)
def test_le_quorum_et_la_parite_sont_dits_si_et_seulement_s_ils_manquent(session, regles):
    """The sentences are the rule: a presence in each collège, the minimum, and as many voices when it is strict."""
    membres, procurations = session
    corps = former(membres, procurations, regles)
    phrases = manques_de_composition(corps, regles)
    comptes = [corps.nombre(c, representes=regles.quorum_represente) for c in COLLEGES]
    presents = [corps.nombre(c, representes=False) for c in COLLEGES]
    quorum = min(comptes) >= regles.minimum_par_college and min(presents) >= 1
    assert any(p.startswith("Quorum") for p in phrases) is not quorum
    voix = [corps.nombre(c) for c in COLLEGES]
    assert any(p.startswith("Parité") for p in phrases) is (regles.parite_stricte and voix[0] != voix[1])


@st.composite
def votes(draw):
    """Voices called and expressed, at most one of them that of the chair."""
    bulletins = draw(
        st.lists(
            st.builds(Bulletin, college=st.sampled_from(COLLEGES), choix=st.sampled_from([POUR, CONTRE, ABSTENTION])),
            max_size=8,
        )
    )
    if bulletins and draw(st.booleans()):
        rang = draw(st.integers(0, len(bulletins) - 1))
        bulletins[rang] = Bulletin(bulletins[rang].college, bulletins[rang].choix, preside=True)
    muets = draw(st.lists(st.sampled_from(COLLEGES), max_size=4))
    return bulletins, [b.college for b in bulletins] + muets


def retourne(bulletins):
    return [Bulletin(b.college, INVERSE[b.choix], b.preside) for b in bulletins]


@given(votes(), REGLES)
def test_chaque_voix_est_comptee_une_fois(vote, regles):
    """For, against and abstentions make the voices called; a silent voice abstains."""
    bulletins, appeles = vote
    compte = depouiller(bulletins, appeles, regles)
    assert compte.pour + compte.contre + compte.abstentions == compte.corps == len(appeles)
    assert bool(compte.raison) is (compte.acquis is None)


@given(votes(), REGLES)
def test_pour_et_contre_sont_traites_de_meme(vote, regles):
    """Swapping them swaps the decision, the casting vote included."""
    bulletins, appeles = vote
    droit, inverse = depouiller(bulletins, appeles, regles), depouiller(retourne(bulletins), appeles, regles)
    assert inverse.acquis == (None if droit.acquis is None else not droit.acquis)


@given(votes(), REGLES)
def test_un_partage_ne_decide_rien_sans_voix_preponderante(vote, regles):
    """On an equal split, only the chair's voice decides, counted twice, and only where the parcours says so."""
    bulletins, appeles = vote
    compte = depouiller(bulletins, appeles, regles)
    if compte.pour != compte.contre:
        assert not compte.preponderante
        return
    president = next((b.choix for b in bulletins if b.preside), None)
    double = regles.majorite != Majorite.UNANIMITE and 0 < compte.majorite <= compte.pour + 1
    if regles.voix_preponderante and double and president in (POUR, CONTRE):
        assert (compte.acquis, compte.preponderante) == (president == POUR, True)
    else:
        assert compte.acquis is None


@given(votes(), REGLES)
def test_une_voix_pour_de_plus_n_ote_jamais_un_bloc(vote, regles):
    """Monotone: an abstention or a « contre » turned into « pour » never undoes what was acquired."""
    bulletins, appeles = vote
    avant = depouiller(bulletins, appeles, regles)
    for rang, bulletin in enumerate(bulletins):
        mieux = [*bulletins[:rang], Bulletin(bulletin.college, POUR, bulletin.preside), *bulletins[rang + 1 :]]
        if avant.acquis is True:
            assert depouiller(mieux, appeles, regles).acquis is True


def test_plus_de_voix_que_d_appels_est_une_faute():
    """A voice that nobody called is refused, never counted."""
    with pytest.raises(ValueError, match="plus de voix"):
        depouiller([Bulletin(COLLEGES[0], POUR)], [], Regles())
