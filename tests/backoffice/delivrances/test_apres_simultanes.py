"""Two people answer at the same second: one effect, nothing half done (real threads, real commits)."""

import pytest

from registre.models import Feuille, Parchemin
from registre.transitions import Refus
from registre.transparence import journal_public
from tests import fabriques as f
from tests.test_concurrence import en_meme_temps

from .situations_apres import agir, corriger_etat_civil, demander_annulation, du_registre, preparer_remplacement

pytestmark = pytest.mark.django_db(transaction=True)


def test_deux_personnes_prononcent_la_meme_annulation():
    """One does, the other is told that it is done; one leaf, one entry."""
    acteurs = f.Acteurs()
    document = du_registre(acteurs)
    demande = demander_annulation(document, acteurs.gestionnaire)
    gens = (acteurs.certificateur, acteurs.signataire)
    resultats = en_meme_temps(*(lambda p=p: agir(demande, "prononcer_annulation", p) for p in gens))
    assert sorted(isinstance(r, Refus) for r in resultats) == [False, True], resultats
    assert document.feuilles.filter(evenement=Feuille.Evenement.ANNULATION).count() == 1
    assert not list(journal_public.verifier())


def test_annuler_et_remplacer_ne_se_croisent_pas():
    """Two requests on one document, answered at once: the first wins, nothing is half done."""
    acteurs = f.Acteurs()
    document = du_registre(acteurs)
    corriger_etat_civil(document)
    annulation = demander_annulation(document, acteurs.gestionnaire)
    remplacement = preparer_remplacement(document, acteurs.gestionnaire)
    resultats = en_meme_temps(
        lambda: agir(annulation, "prononcer_annulation", acteurs.certificateur),
        lambda: agir(remplacement, "approuver_remplacement", acteurs.signataire),
    )
    assert sorted(isinstance(r, Refus) for r in resultats) == [False, True], resultats
    document.refresh_from_db()
    assert Parchemin.objects.count() == (2 if document.remplace_par else 1)
    assert not Parchemin.objects.filter(annule_le=None).exclude(remplace_par=None)


def test_vingt_envois_font_une_demande():
    """The same form sent twenty times at once."""
    acteurs = f.Acteurs()
    document = du_registre(acteurs)
    envoi = [lambda: demander_annulation(document, acteurs.gestionnaire, cle="la-meme")] * 20
    resultats = en_meme_temps(*envoi)
    assert len({r.pk for r in resultats}) == 1, resultats
