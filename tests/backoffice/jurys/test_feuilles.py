"""A jury that deliberates on paper: who holds the pen enters the sheet, which may not contradict itself (J5)."""

import pytest

from backoffice.jurys.models import SessionJury
from registre.transitions import Refus, RoleInsuffisant
from tests import fabriques as f

from .bureau import Bureau

pytestmark = pytest.mark.django_db


def saisir(b: Bureau, *comptes, acteur=None, acquis=True, ecart="", **donnees):
    """The sheet of the dossier: `comptes`, one (pour, contre, abstentions) per bloc, or one per collège and bloc."""
    blocs = b.dossier.blocs_a_evaluer()
    comptes = {bloc.pk: c if isinstance(c, dict) else {"": c} for bloc, c in zip(blocs, comptes, strict=False)}
    sienne = {"issue": "decidee", "blocs": {bloc.pk: (acquis, ecart) for bloc in blocs}, "comptes": comptes}
    return b.faire("saisir_feuille", acteur or b.acteurs.secretaire, **(sienne | donnees))


class TestFeuille:
    def test_la_secretaire_saisit_ce_que_la_feuille_dit(self):
        """Decision and counts, in a parcours that votes, without anybody voting on a screen."""
        b = Bureau()
        saisir(b, (3, 1, 0), (3, 0, 0), recommandations="Bravo")
        assert (b.inscription.issue, b.inscription.recommandations) == ("decidee", "Bravo")
        # The sheet counts three voices on the second bloc: the fourth, silent, is an abstention.
        assert [d[2:5] for d in b.decisions()] == [(3, 1, 0), (3, 0, 1)]

    def test_qui_tient_la_plume(self):
        """The secretary where one is named, an organiser where none is; never a member."""
        b = Bureau()
        for autre in (b.acteurs.gestionnaire, b.acteurs.certificateur):
            with pytest.raises(Refus, match="La feuille est tenue par Sacha"):
                saisir(b, (4, 0, 0), (4, 0, 0), acteur=autre)
        with pytest.raises(RoleInsuffisant):
            saisir(b, (4, 0, 0), (4, 0, 0), acteur=b.acteurs.presidente)
        SessionJury.objects.update(secretaire=None)
        saisir(b, (4, 0, 0), (4, 0, 0), acteur=b.acteurs.gestionnaire)
        assert b.inscription.issue == "decidee"

    @pytest.mark.parametrize(
        "compte, phrase",
        [
            ((3, 2, 0), "5 voix comptées, 4 peuvent voter sur ce dossier"),
            ((1, 3, 0), "1 pour et 3 contre donnent «\u202fnon acquis\u202f», la feuille dit «\u202facquis\u202f»"),
            ((2, 2, 0), "Les voix se partagent"),
            (None, "reportez le compte des voix"),
        ],
    )
    def test_une_feuille_qui_se_contredit_est_refusee_en_mots(self, compte, phrase):
        """More voices than seats, a result that the counts do not give, a split, no count: nothing is recorded."""
        b = Bureau()
        comptes = [compte, compte] if compte else []
        with pytest.raises(Refus, match=phrase):
            saisir(b, *comptes)
        assert b.inscription.issue == ""

    def test_la_voix_preponderante_suit_la_feuille(self):
        """On an equal split the sheet says where the chair went."""
        b = Bureau(voix_preponderante=True)
        saisir(b, (2, 2, 0), (2, 2, 0), acquis=False, ecart="Gestes dangereux")
        assert set(b.inscription.decisions.values_list("acquis", "preponderante")) == {(False, True)}

    def test_la_majorite_dans_chaque_college_se_lit_par_college(self):
        """Three voices of four, all of one side and half of the other, are not the majority of both."""
        b = Bureau(majorite="colleges")
        refuse, admis = ({"employeurs": (2, 0, 0), "salaries": s} for s in ((1, 1, 0), (2, 0, 0)))
        with pytest.raises(Refus, match="Aucune majorité"):
            saisir(b, refuse, refuse)
        saisir(b, admis, admis)
        assert set(b.inscription.decisions.values_list("pour", "contre")) == {(4, 0)}

    def test_un_consensus_sur_papier_se_passe_de_compte(self):
        """Absent, excused and postponed too; the last two with a reason."""
        b = Bureau(mode_decision="consensus")
        with pytest.raises(Refus, match="Dites pourquoi"):
            saisir(b, issue="excusee")
        saisir(b, issue="excusee", motif="Hospitalisation")
        assert (b.inscription.issue, b.inscription.motif) == ("excusee", "Hospitalisation")
        saisir(b)
        assert set(b.inscription.decisions.values_list("acquis", "pour")) == {(True, None)}
        assert b.inscription.motif == ""

    def test_le_papier_ne_recouvre_pas_un_vote_tenu_a_l_ecran(self):
        """One way to decide per dossier: the vote is cancelled first."""
        b = Bureau()
        b.tour("pour", "pour", "pour", "pour")
        with pytest.raises(Refus, match="Un vote s’est tenu à l’écran"):
            saisir(b, (4, 0, 0), (4, 0, 0))
        b.faire("annuler_scrutin", motif="Vote tenu sur le mauvais dossier")
        saisir(b, (4, 0, 0), (4, 0, 0))
        assert b.inscription.issue == "decidee"


def test_la_secretaire_lit_les_dossiers_de_sa_seance_seulement():
    """The pen opens the dossiers of the session, not those of another one, and no longer once it is over."""
    b, ailleurs = Bureau(), Bureau()
    siens = f.Candidature.objects.all().visibles_par(b.acteurs.secretaire)
    assert list(siens) == [b.dossier]
    assert ailleurs.dossier.roles_de(b.acteurs.secretaire) == set()
    SessionJury.objects.filter(pk=b.session.pk).update(etat="annulee")
    assert not f.Candidature.objects.all().visibles_par(b.acteurs.secretaire).exists()
