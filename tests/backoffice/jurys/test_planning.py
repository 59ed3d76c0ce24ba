"""The planning aid: pure rules tried with hypothesis, then the screen that ticks and confirms (J1)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.jurys.models import Inscription
from backoffice.jurys.planning import Besoin, Credit, Offre, obstacles, obstacles_de_quorum, placer
from tests import fabriques as f
from tests.connexion import connecter

from .outils import texte

PLANNING = "/gestion/jurys/planning/"
AUJOURD_HUI = date(2027, 1, 4)
dans = st.integers(0, 60).map(lambda n: AUJOURD_HUI + timedelta(days=n))
instances = st.sampled_from(["unique", "evaluation"])


@st.composite
def un_besoin(tirer, pk):
    fin = tirer(st.none() | dans)
    return Besoin(
        pk=pk,
        certification=tirer(st.integers(1, 2)),
        instance=tirer(instances),
        delai=tirer(st.integers(0, 30)),
        depuis=AUJOURD_HUI - timedelta(days=tirer(st.integers(0, 9))),
        credits=(Credit("BC1", fin, "jusqu’à la fin"),) if fin else (),
        minimum=tirer(st.integers(1, 2)),
    )


@st.composite
def une_offre(tirer, pk, dossiers):
    capacite = tirer(st.integers(1, 4))
    membres = st.sampled_from(["employeurs", "salaries"])
    sieges = tuple(enumerate(tirer(st.lists(membres, max_size=4))))
    ecartes = st.frozensets(st.sampled_from(range(4)), max_size=2)
    jour = tirer(dans)
    return Offre(
        pk=pk,
        jour=jour,
        limite=jour - timedelta(days=tirer(st.integers(0, 20))),
        certifications=frozenset(tirer(st.sets(st.integers(1, 2), min_size=1))),
        instance=tirer(instances),
        places=tirer(st.integers(0, capacite)),
        capacite=capacite,
        ouverte=tirer(st.booleans()) or tirer(st.booleans()),
        sieges=sieges,
        conflits={pk: tirer(ecartes) for pk in dossiers},
    )


@st.composite
def situations(tirer):
    besoins = [tirer(un_besoin(pk)) for pk in range(1, tirer(st.integers(0, 8)) + 1)]
    offres = [tirer(une_offre(pk, [b.pk for b in besoins])) for pk in range(1, tirer(st.integers(0, 4)) + 1)]
    return besoins, offres


def interdits(besoin, offre) -> list:
    tous = [*obstacles(besoin, offre, AUJOURD_HUI), *obstacles_de_quorum(besoin, offre)]
    return [o for o in tous if o.nature != "complet"]


class TestRegles:
    @given(situations())
    def test_ni_au_dela_des_places_ni_hors_des_regles_et_chacun_est_place_ou_explique(self, situation):
        """Never above capacity, never where a rule forbids; who is left has a reason per session and a remedy."""
        besoins, offres = situation
        plan = placer(besoins, offres, AUJOURD_HUI)
        par_pk = {o.pk: o for o in offres}
        for offre in offres:
            assert sum(s == offre.pk for s in plan.placements.values()) <= offre.places
        assert {*plan.placements, *plan.inexpliques} == {b.pk for b in besoins}
        assert not plan.placements.keys() & plan.inexpliques.keys()
        for besoin in besoins:
            if besoin.pk in plan.placements:
                assert not interdits(besoin, par_pk[plan.placements[besoin.pk]])
                continue
            pourquoi = plan.inexpliques[besoin.pk]
            assert set(pourquoi.raisons) == set(par_pk) and all(pourquoi.raisons.values())
            assert pourquoi.remede[0].isupper() and pourquoi.remede.endswith(".")

    @given(situations(), st.randoms())
    def test_l_ordre_de_lecture_ne_change_rien(self, situation, hasard):
        """Deterministic: the same dossiers and sessions, in any order, give the same plan."""
        besoins, offres = situation
        attendu = placer(besoins, offres, AUJOURD_HUI)
        hasard.shuffle(besoins), hasard.shuffle(offres)
        assert placer(besoins, offres, AUJOURD_HUI) == attendu

    @given(situations())
    def test_une_session_de_plus_n_est_jamais_pire(self, situation):
        """Whoever had a place keeps one: neither the number nor the seniority goes down."""
        besoins, offres = situation
        if offres:
            avant, apres = (placer(besoins, liste, AUJOURD_HUI) for liste in (offres[1:], offres))
            assert avant.placements.keys() <= apres.placements.keys()

    @settings(max_examples=60)
    @given(situations())
    def test_le_nombre_de_places_donnees_est_le_plus_grand_possible(self, situation):
        """Compared with every way of placing these dossiers."""
        besoins, offres = situation
        possibles = [[o.pk for o in offres if not interdits(b, o)] for b in besoins]

        def meilleur(rang, restes):
            if rang == len(besoins):
                return 0
            choix = [meilleur(rang + 1, restes)]
            for pk in possibles[rang]:
                if restes[pk]:
                    choix.append(1 + meilleur(rang + 1, {**restes, pk: restes[pk] - 1}))
            return max(choix)

        assert len(placer(besoins, offres, AUJOURD_HUI).placements) == meilleur(0, {o.pk: o.places for o in offres})

    def test_on_repartit_et_le_plus_ancien_passe_au_plus_tot(self):
        """Six dossiers, two sessions: three each; the three oldest in the nearest one."""
        besoins = [Besoin(n, 1, "unique", 0, AUJOURD_HUI - timedelta(days=n)) for n in range(1, 7)]
        offres = [
            Offre(n, AUJOURD_HUI + timedelta(days=10 * n), AUJOURD_HUI, frozenset({1}), "unique", 5, 5) for n in (1, 2)
        ]
        assert placer(besoins, offres, AUJOURD_HUI).placements == {6: 1, 5: 1, 4: 1, 3: 2, 2: 2, 1: 2}

    @pytest.mark.parametrize(
        "champs, besoin, remede",
        [
            ({"places": 0}, {}, "Augmentez la capacité de la session du 03/02/2027, ou ouvrez une session"),
            ({"limite": date(2027, 1, 1)}, {}, "Repoussez la date limite d’inscription de la session du 03/02/2027."),
            (
                {"sieges": ((1, "salaries"),), "conflits": {1: frozenset({1})}},
                {},
                "Nommez d’autres membres à la session du 03/02/2027",
            ),
            ({"certifications": frozenset()}, {}, "Ouvrez une session (jury paritaire qui décide)"),
            (
                {},
                {"credits": (Credit("BC1", date(2027, 1, 20), "jusqu’au 20 janvier 2027"),)},
                "avant le 20/01/2027",
            ),
            (
                {},
                {"credits": (Credit("BC1", date(2027, 1, 5), "jusqu’au 5 janvier 2027"),)},
                "Faites évaluer de nouveau le bloc BC1",
            ),
        ],
    )
    def test_le_remede_est_le_plus_proche(self, champs, besoin, remede):
        """One rule away from a session: that rule; otherwise a new session, with the dates between which it helps."""
        jour = date(2027, 2, 3)
        commun = {"limite": jour, "certifications": frozenset({1}), "places": 3} | champs
        offre = Offre(pk=1, jour=jour, instance="unique", capacite=3, **commun)
        plan = placer([Besoin(1, 1, "unique", 10, **besoin)], [offre], AUJOURD_HUI)
        assert remede in plan.inexpliques[1].remede


@pytest.mark.django_db
class TestEcran:
    def test_on_coche_on_confirme_et_un_refus_ne_bloque_personne(self, acteurs, client):
        """Proposed, ticked, done by each one's verb; the dossier that left meanwhile is told apart; twice is once."""
        session = f.session(acteurs, capacite=3)
        dossiers = [f.evaluee(acteurs) for _ in range(3)]
        connecter(client, acteurs.gestionnaire)
        contenu = texte(client.get(PLANNING))
        assert all(f'value="{d.pk}:{session.pk}"' in contenu for d in dossiers)
        f.faire(dossiers[0], "inscrire_au_jury", acteurs.employeur, session=f.session(acteurs))
        envoi = {"place": [f"{d.pk}:{session.pk}" for d in dossiers] + ["x:y", "1"], "cle": "k"}
        for _fois in range(2):
            contenu = texte(client.post(PLANNING, envoi))
            assert "2 dossiers inscrits, 1 refusé" in contenu
        assert Inscription.objects.filter(session=session).count() == 2
        assert client.post(PLANNING, {"cle": "k2"}).status_code == 422

    def test_un_dossier_sans_session_est_explique(self, acteurs, client):
        """A member of the employer's company: the quorum could not be met; the words say what would help."""
        employeur = f.UtilisateurFactory(role=("jury", acteurs.etablissement))
        session = f.session(acteurs)
        session.membres.filter(college="salaries").update(utilisateur=employeur)
        dossier = f.evaluee(acteurs)
        contenu = texte(connecter(client, acteurs.certificateur).get(PLANNING))
        assert "1 dossier sans session possible" in contenu and dossier.reference in contenu
        assert "il en reste 0 au collège salariés" in contenu and "Nommez d’autres membres" in contenu

    def test_chacun_ne_place_que_les_siens(self, acteurs, client):
        """Another porteur's dossier neither shows nor is placed by its number."""
        session, dossier = f.session(acteurs), f.evaluee(acteurs)
        connecter(client, f.Acteurs().gestionnaire)
        assert dossier.reference not in texte(client.get(PLANNING))
        assert client.post(PLANNING, {"place": f"{dossier.pk}:{session.pk}", "cle": "k"}).status_code == 422
        assert not Inscription.objects.exists()
        for qui in (acteurs.presidente, acteurs.employeur, acteurs.auditeur):
            assert connecter(client, qui).get(PLANNING).status_code == 403

    def test_le_nombre_de_requetes_ne_suit_pas_le_nombre_de_dossiers(self, acteurs, client):
        """One or five dossiers: the same number of queries."""
        f.session(acteurs), f.evaluee(acteurs)
        connecter(client, acteurs.gestionnaire).get(PLANNING)
        with CaptureQueriesContext(
            connection,
        ) as un:
            client.get(PLANNING)
        for _ in range(4):
            f.evaluee(acteurs)
        with CaptureQueriesContext(connection) as cinq:
            client.get(PLANNING)
        assert len(cinq) == len(un)
