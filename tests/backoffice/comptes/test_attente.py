"""« À faire » tells of accounts too: to those who can answer, and to nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.comptes.attente import PAR_ATTENTE, comptes_en_attente
from backoffice.comptes.invitations import inviter
from backoffice.comptes.models import Invitation, Utilisateur
from registre.models import EntreeJournal
from tests import fabriques as f
from tests.connexion import connecter

from .situations import demande

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


def attentes(personne) -> dict[str, int]:
    return {a.nom: a.compte for a in comptes_en_attente(Utilisateur.objects.get(pk=personne.pk))}


def test_une_demande_attend_ceux_qui_peuvent_y_repondre(acteurs):
    """The porteur's people and the certificateur; not the auditeur who reads it, nor another porteur."""
    recue = demande(acteurs.porteur)
    for nom in ("employeur", "gestionnaire", "certificateur", "evaluateur", "auditeur", "signataire", "presidente"):
        attendu = {"demandes": 1} if nom in {"gestionnaire", "certificateur"} else {}
        assert attentes(getattr(acteurs, nom)) == attendu, nom
    assert attentes(f.Acteurs().gestionnaire) == {}
    client = connecter(Client(), acteurs.gestionnaire)
    page = client.get("/gestion/")
    assert "Toitures du Causse" in page.text and "Rien ne vous attend" not in page.text
    assert recue.get_absolute_url() in page.text and client.get(recue.get_absolute_url()).status_code == 200


def test_une_invitation_sans_reponse_revient_a_qui_l_a_envoyee(acteurs):
    """Expired and unanswered: those who may send it again see it; those that still run wait for the other person."""
    invitation = inviter(acteurs.gestionnaire, "gestionnaire", "hugo@example.org", "jury", acteurs.porteur)
    assert attentes(acteurs.gestionnaire) == {}
    Invitation.objects.filter(pk=invitation.pk).update(expire_le=timezone.now() - timedelta(days=1))
    assert attentes(acteurs.gestionnaire) == {"invitations": 1}
    assert attentes(acteurs.certificateur) == attentes(acteurs.employeur) == attentes(f.Acteurs().gestionnaire) == {}


def test_qui_a_deja_un_compte_accepte_sur_place(acteurs):
    """The role offered shows to its person alone; reading accepts nothing, posting accepts once."""
    personne = acteurs.employeur
    invitation = inviter(acteurs.gestionnaire, "gestionnaire", personne.email, "jury", acteurs.porteur)
    client, adresse = connecter(Client(), personne), f"/gestion/comptes/invitations/{invitation.pk}/accepter/"
    assert attentes(personne) == {"offres": 1} and adresse in client.get("/gestion/").text
    for intrus in (acteurs.gestionnaire, acteurs.certificateur):
        autre = connecter(Client(), intrus)
        assert autre.get(adresse).status_code == autre.post(adresse).status_code == 404
    assert client.get(adresse).status_code == 200 and not Utilisateur.objects.get(pk=personne.pk).a_role("jury")
    assert client.post(adresse).url == "/compte/login/"
    assert Utilisateur.objects.get(pk=personne.pk).a_role("jury")
    assert EntreeJournal.objects.filter(verbe="accepter").count() == 1
    assert client.get("/gestion/").status_code == 302, "the rights changed: sessions are over"
    assert connecter(Client(), personne).post(adresse).status_code == 404


def test_une_offre_passee_ne_s_accepte_plus(acteurs):
    """Expired, or whose dates are over: it does not wait for anybody any more."""
    invitation = inviter(acteurs.gestionnaire, "gestionnaire", acteurs.employeur.email, "jury", acteurs.porteur)
    for passe in ({"expire_le": timezone.now()}, {"fin": timezone.localdate() - timedelta(days=1)}):
        Invitation.objects.filter(pk=invitation.pk).update(**passe)
        assert "offres" not in attentes(acteurs.employeur)


def test_le_cout_ne_depend_pas_du_nombre(acteurs):
    """As many queries for one request as for seven; the others are told by their number."""

    def requetes() -> int:
        client = connecter(Client(), acteurs.gestionnaire)
        client.get("/gestion/")
        with CaptureQueriesContext(connection) as capture:
            client.get("/gestion/")
        return len(capture)

    demande(acteurs.porteur)
    une = requetes()
    for _ in range(6):
        demande(acteurs.porteur)
    assert requetes() == une
    for _ in range(3):
        demande(acteurs.porteur)
    (attente,) = comptes_en_attente(Utilisateur.objects.get(pk=acteurs.gestionnaire.pk))
    assert (len(attente.lignes), attente.reste) == (PAR_ATTENTE, 2)
