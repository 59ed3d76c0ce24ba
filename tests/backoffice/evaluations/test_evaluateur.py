"""Who may evaluate: habilitated that day, for that CQP, and independent (E1)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from backoffice.evaluations.models import Evaluation, Habilitation
from registre.models import CourrielSortant
from registre.transitions import Refus, RoleInsuffisant
from tests import fabriques as f
from tests.connexion import connecter

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


def confirmer(acteurs, candidature, evaluateur=None, par=None):
    return f.faire(
        candidature, "confirmer_evaluateur", par or acteurs.employeur, evaluateur=evaluateur or acteurs.evaluateur
    )


@pytest.mark.parametrize("par", ["employeur", "gestionnaire"])
def test_l_employeur_ou_le_porteur_confirme_l_evaluateur(acteurs, par):
    """The name is kept with the day, and the évaluateur is told by mail."""
    candidature = f.recevable(acteurs)
    confirmer(acteurs, candidature, par=getattr(acteurs, par))
    evaluation = Evaluation.objects.get(candidature=candidature)
    assert evaluation.evaluateur == acteurs.evaluateur
    assert timezone.localdate(evaluation.confirmee_le) == timezone.localdate()
    assert acteurs.evaluateur.email in destinataires("evaluateur_confirme")


def destinataires(modele):
    return list(CourrielSortant.objects.filter(modele=modele).values_list("destinataire", flat=True))


def test_une_habilitation_expiree_est_refusee_avec_sa_date(acteurs):
    """The sentence says who and since when, in the words of the person who reads it."""
    candidature = f.recevable(acteurs)
    Habilitation.objects.update(debut=date(2020, 1, 1), fin=date(2024, 6, 30))
    with pytest.raises(Refus, match=r"L’habilitation de Camille \w+ a expiré le 30/06/2024\."):
        confirmer(acteurs, candidature)
    assert not Evaluation.objects.exists()


def test_une_habilitation_future_est_refusee_avec_sa_date(acteurs):
    """Not yet begun is not valid."""
    candidature, debut = f.recevable(acteurs), timezone.localdate() + timedelta(days=1)
    Habilitation.objects.update(debut=debut, fin=debut + timedelta(days=30))
    with pytest.raises(Refus, match=f"ne commence que le {debut:%d/%m/%Y}"):
        confirmer(acteurs, candidature)


def test_une_habilitation_retiree_est_refusee_avec_sa_date(acteurs):
    """A withdrawn habilitation says the day of its withdrawal."""
    candidature = f.recevable(acteurs)
    Habilitation.objects.update(retiree_le=date(2025, 3, 2))
    with pytest.raises(Refus, match="a été retirée le 02/03/2025"):
        confirmer(acteurs, candidature)


@pytest.mark.parametrize("borne", ["debut", "fin"])
def test_le_premier_et_le_dernier_jour_comptent(acteurs, borne):
    """An habilitation holds from its first to its last day included."""
    candidature = f.recevable(acteurs)
    Habilitation.objects.update(**{borne: timezone.localdate()})
    confirmer(acteurs, candidature)
    assert Evaluation.objects.filter(candidature=candidature).exists()


def test_une_habilitation_pour_un_autre_cqp_ne_vaut_pas(acteurs):
    """The scope of an habilitation is one certification."""
    candidature = f.recevable(acteurs)
    Habilitation.objects.update(certification=f.CertificationFactory())
    with pytest.raises(Refus, match=f"n’est pas habilité\\(e\\) pour «\u202f{acteurs.certification}\u202f»"):
        confirmer(acteurs, candidature)


def test_l_evaluateur_du_meme_employeur_n_est_pas_independant(acteurs):
    """Attached to the candidate's establishment: refused, and the establishment is named."""
    candidature = f.recevable(acteurs)
    Habilitation.objects.update(organisme=acteurs.etablissement)
    with pytest.raises(Refus, match=rf"appartient à l’employeur du candidat \({acteurs.etablissement}\)"):
        confirmer(acteurs, candidature)


def test_l_evaluateur_du_formateur_n_est_pas_independant(acteurs):
    """Attached to the body that trained the candidate: refused."""
    candidature, formateur = f.recevable(acteurs), f.OrganismeFactory()
    candidature.organisme_formation = formateur
    candidature.save(update_fields=["organisme_formation"])
    f.Role.objects.create(utilisateur=acteurs.evaluateur, nom="evaluateur", organisme=formateur)
    with pytest.raises(Refus, match="l’organisme qui a formé le candidat"):
        confirmer(acteurs, candidature, f.Utilisateur.objects.get(pk=acteurs.evaluateur.pk))


def test_nul_ne_s_evalue_soi_meme(acteurs):
    """Same address as the candidate's: it is the same person."""
    candidature = f.recevable(acteurs, f.TitulaireFactory.build(courriel=acteurs.evaluateur.email.upper()))
    with pytest.raises(Refus, match="la personne candidate elle-même"):
        confirmer(acteurs, candidature)


def test_l_habilitation_est_relue_a_chaque_acte(acteurs):
    """An habilitation that ends during the evaluation stops it: « expired habilitation signs » is refused."""
    candidature = f.repondue(acteurs)
    hier = timezone.localdate() - timedelta(days=1)
    Habilitation.objects.update(fin=hier)
    for verbe, donnees in (
        ("enregistrer_evaluation", {"resultats": f.reponses(candidature)}),
        ("joindre_guide", {"fichier": None}),
        ("transmettre_evaluation", {}),
    ):
        with pytest.raises(Refus, match=f"a expiré le {hier:%d/%m/%Y}"):
            f.faire(candidature, verbe, acteurs.evaluateur, **donnees)


def test_un_autre_role_ne_confirme_pas(acteurs):
    """Neither the évaluateur nor the certificateur chooses who evaluates."""
    candidature = f.recevable(acteurs)
    with pytest.raises(RoleInsuffisant):
        confirmer(acteurs, candidature, par=acteurs.certificateur)


def test_la_liste_propose_les_habilites_meme_expires(acteurs, client):
    """An expired one may be chosen: the answer then says why it is refused, and since when."""
    candidature, fin = f.recevable(acteurs), timezone.localdate() - timedelta(days=3)
    Habilitation.objects.update(fin=fin)
    adresse = f"/gestion/actes/candidatures.candidature/{candidature.pk}/confirmer_evaluateur/"
    reponse = connecter(client, acteurs.employeur).post(adresse, {"evaluateur": acteurs.evaluateur.pk, "cle": "a"})
    assert reponse.status_code == 409
    assert f"a expiré le {fin:%d/%m/%Y}" in reponse.content.decode()
