"""A place in a session: before its deadline, in the right jury, while there is room (step 7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.jurys.models import Inscription
from registre.models import CourrielSortant
from registre.transitions import Refus
from tests import fabriques as f
from tests.connexion import connecter

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


def inscrire(acteurs, candidature, session, par=None):
    return f.faire(candidature, "inscrire_au_jury", par or acteurs.employeur, session=session)


@pytest.mark.parametrize("par", ["employeur", "gestionnaire"])
def test_l_employeur_ou_le_porteur_inscrit_et_le_candidat_le_sait(acteurs, par):
    """One place is taken, one mail leaves."""
    candidature, session = f.evaluee(acteurs), f.session(acteurs, capacite=3)
    candidature = inscrire(acteurs, candidature, session, getattr(acteurs, par))
    assert candidature.etat == "inscrite_jury"
    assert session.places_restantes() == 2
    courriel = CourrielSortant.objects.get(modele="inscrit_au_jury")
    assert courriel.destinataire == candidature.titulaire.courriel


def test_une_session_complete_le_dit_avec_sa_capacite(acteurs):
    """The last place taken, the next dossier is refused; a withdrawn one gives its place back."""
    session = f.session(acteurs, capacite=1)
    premiere, seconde = f.inscrite(acteurs, session), f.evaluee(acteurs)
    with pytest.raises(Refus, match=r"Cette session est complète \(1 dossiers?\)"):
        inscrire(acteurs, seconde, session)
    f.faire(premiere, "desinscrire_du_jury", acteurs.employeur, motif="Report à la demande du candidat")
    assert inscrire(acteurs, seconde, session).etat == "inscrite_jury"


def test_les_inscriptions_closes_disent_depuis_quand(acteurs):
    """The day after the deadline is too late, the day itself is not."""
    session, candidature = f.session(acteurs), f.evaluee(acteurs)
    hier = timezone.localdate() - timedelta(days=1)
    session.limite_inscription = hier
    session.save()
    with pytest.raises(Refus, match=f"closes depuis le {hier:%d/%m/%Y}"):
        inscrire(acteurs, candidature, session)
    session.limite_inscription = timezone.localdate()
    session.save()
    assert inscrire(acteurs, candidature, session).etat == "inscrite_jury"


def test_un_jury_trop_proche_est_refuse_avec_le_delai(acteurs):
    """Members receive the files some days before: the parcours says how many."""
    session, candidature = f.session(acteurs), f.evaluee(acteurs)
    acteurs.parcours.delai_inscription_jury = 21
    acteurs.parcours.save()
    with pytest.raises(Refus, match="21 jours avant le jury\u00a0: celui du .* est trop proche"):
        inscrire(acteurs, candidature, session)
    acteurs.parcours.delai_inscription_jury = 20
    acteurs.parcours.save()
    assert inscrire(acteurs, candidature, session).etat == "inscrite_jury"


def test_une_session_d_une_autre_certification_est_refusee(acteurs):
    """The session examines the certifications it was planned for."""
    session, candidature = f.session(acteurs), f.evaluee(acteurs)
    session.certifications.set([f.CertificationFactory()])
    with pytest.raises(Refus, match="n’examine pas cette certification"):
        inscrire(acteurs, candidature, session)


@pytest.mark.parametrize("instance", ["evaluation", "certification"])
def test_le_parcours_dit_quel_jury(acteurs, instance):
    """Merged juries: only a session that decides by itself takes the dossier."""
    candidature, session = f.evaluee(acteurs), f.session(acteurs, instance)
    with pytest.raises(Refus, match="instance attendue|autre type de jury"):
        inscrire(acteurs, candidature, session)


def test_une_seance_ouverte_ne_prend_plus_de_dossier(acteurs):
    """The list is closed once the jury sits, and nothing leaves it either."""
    session = f.session(acteurs)
    inscrite, autre = f.inscrite(acteurs, session), f.evaluee(acteurs)
    f.ouvrir_seance(acteurs, session)
    with pytest.raises(Refus, match="n’accepte plus de dossiers"):
        inscrire(acteurs, autre, f.SessionJury.objects.get(pk=session.pk))
    with pytest.raises(Refus, match="La session a commencé"):
        f.faire(inscrite, "desinscrire_du_jury", acteurs.employeur, motif="Trop tard pour se retirer")


def test_une_evaluation_non_transmise_n_a_pas_de_place(acteurs):
    """No step is skipped: the state refuses before anything else."""
    candidature, session = f.repondue(acteurs), f.session(acteurs)
    with pytest.raises(Refus, match="n’est pas possible maintenant"):
        inscrire(acteurs, candidature, session)
    assert not Inscription.objects.exists()


def test_un_membre_n_inscrit_pas(acteurs):
    """Those who judge do not choose whom they judge."""
    session = f.session(acteurs)
    f.inscrite(acteurs, session)
    candidature = Inscription.objects.get().candidature
    f.faire(candidature, "desinscrire_du_jury", acteurs.gestionnaire, motif="Pour le remettre ensuite")
    with pytest.raises(Refus):
        inscrire(acteurs, candidature, session, acteurs.presidente)


@pytest.mark.django_db(transaction=True)
def test_demander_si_un_acte_est_possible_ne_verrouille_rien(client):
    """The page of a dossier is no transaction: what it asks of the conditions must not ask for a lock."""
    acteurs = f.Acteurs()
    candidature = f.inscrite(acteurs)
    for personne in (acteurs.employeur, acteurs.gestionnaire, acteurs.certificateur):
        assert connecter(client, personne).get(candidature.get_absolute_url()).status_code == 200
