"""« À faire »: the right acts for the right person, the oldest first, at a constant cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.candidatures.models import Candidature
from backoffice.pilotage.a_faire import PAR_TACHE, attendus_d_autres, taches_de

from ... import fabriques as f
from ...connexion import connecter

pytestmark = pytest.mark.django_db

ACCUEIL = "/gestion/"


@pytest.fixture
def acteurs():
    return f.Acteurs()


def a_jour(personne):
    """The same person, read again: roles are kept on the instance."""
    return type(personne).objects.get(pk=personne.pk)


def taches(personne) -> dict[str, list[int]]:
    """verb → dossiers that wait for it from this person, oldest first."""
    return {
        t.verbe.nom: list(t.candidatures.values_list("pk", flat=True)) for t in taches_de(a_jour(personne)) if t.compte
    }


def attendues(personne) -> dict[str, int]:
    """What this person waits for from others: sentence → number of dossiers."""
    return {ligne["quoi"]: ligne["compte"] for ligne in attendus_d_autres(a_jour(personne))}


@pytest.mark.parametrize(
    ("etape", "qui", "verbe"),
    [
        (f.brouillon, "employeur", "deposer"),
        (f.deposee, "gestionnaire", "declarer_recevable"),
        (f.recevable, "employeur", "confirmer_evaluateur"),
        (f.affectee, "evaluateur", "inviter_metier"),
        (f.repondue, "evaluateur", "transmettre_evaluation"),
        (f.evaluee, "employeur", "inscrire_au_jury"),
        (f.decidee, "certificateur", "preparer_delivrance"),
    ],
)
def test_un_dossier_attend_une_seule_personne(acteurs, etape, qui, verbe):
    """At each step the act stands in the list of who must act, and in nobody else's."""
    dossier = etape(acteurs)
    for nom in ("employeur", "gestionnaire", "evaluateur", "presidente", "certificateur", "signataire", "auditeur"):
        assert taches(getattr(acteurs, nom)) == ({verbe: [dossier.pk]} if nom == qui else {}), nom


def test_une_delivrance_preparee_attend_le_signataire(acteurs):
    """Prepared by one person, it waits for another one."""
    dossier = f.decidee(acteurs)
    f.faire(dossier, "preparer_delivrance", acteurs.certificateur, lieu="Paris")
    assert taches(acteurs.certificateur) == {}
    assert taches(acteurs.signataire) == {"approuver_delivrance": [dossier.pk]}


def test_rien_n_attend_les_gens_d_un_autre_porteur(acteurs):
    """Neither task, nor number, nor session of somebody else."""
    f.deposee(acteurs)
    f.inscrite(acteurs)
    autres = f.Acteurs()
    for nom in ("employeur", "gestionnaire", "evaluateur", "presidente", "signataire"):
        assert taches(getattr(autres, nom)) == {}
        assert attendues(getattr(autres, nom)) == {}


def test_le_jury_a_quelque_chose_a_faire_quand_la_seance_est_ouverte(acteurs):
    """Before the day, the session is announced; on the day, its dossiers are to decide; decided, they no longer are."""
    seance = f.session(acteurs)
    dossier = f.inscrite(acteurs, seance)
    page = connecter(Client(), acteurs.presidente).get(ACCUEIL)
    assert taches(acteurs.presidente) == {}
    assert [s.pk for s in page.context["echeances"]] == [seance.pk]
    assert page.context["seances"] == []

    f.ouvrir_seance(acteurs, seance)
    page = connecter(Client(), acteurs.presidente).get(ACCUEIL)
    assert taches(acteurs.presidente) == {"deliberer": [dossier.pk]}
    assert "Rejoindre la séance" in page.text
    f.deliberer(acteurs, dossier)
    assert taches(acteurs.presidente) == {}


def test_le_pv_clos_attend_ses_signataires(acteurs):
    """Once the session is closed, the minutes wait for each signature still due, and only for who may give it."""
    seance = f.session(acteurs)
    dossier = f.inscrite(acteurs, seance)
    f.ouvrir_seance(acteurs, seance)
    f.deliberer(acteurs, dossier)
    seance = f.executer(f.SESSION, "clore_seance", seance, acteurs.presidente)

    def attendues_de(personne):
        page = connecter(Client(), personne).get(ACCUEIL)
        return [(attendue["numero"], attendue["libelle"]) for attendue in page.context["signatures"]]

    du_pv = [(seance.pv.numero, "Signer le PV")]
    assert attendues_de(acteurs.presidente) == attendues_de(acteurs.vice_president) == du_pv
    assert attendues_de(acteurs.secretaire) == []
    f.signer_pv(seance, acteurs.presidente)
    assert attendues_de(acteurs.presidente) == []
    assert attendues_de(acteurs.vice_president) == du_pv


def test_un_role_ne_donne_pas_les_taches_d_un_autre(acteurs):
    """Who sees a dossier as an employer, and sits in other juries, has nothing to decide on it."""
    seance = f.session(acteurs)
    f.inscrite(acteurs, seance)
    f.ouvrir_seance(acteurs, seance)
    f.Role.objects.create(utilisateur=acteurs.employeur, nom="jury", organisme=f.OrganismeFactory())
    employeur = a_jour(acteurs.employeur)
    assert Candidature.objects.all().visibles_par(employeur).exists()
    assert taches(employeur) == {}


def test_les_plus_anciens_viennent_d_abord(acteurs):
    """Who has waited longest is served first; the others are told by their number."""
    dossiers = [f.deposee(acteurs) for _ in range(PAR_TACHE + 2)]
    for rang, dossier in enumerate(dossiers):
        Candidature.objects.filter(pk=dossier.pk).update(etat_depuis=timezone.now() - timedelta(days=rang))
    (tache,) = [t for t in taches_de(a_jour(acteurs.gestionnaire)) if t.compte]
    montres = [ligne["dossier"].pk for ligne in tache.lignes]
    assert montres == [d.pk for d in reversed(dossiers)][:PAR_TACHE]
    assert (tache.compte, tache.reste) == (PAR_TACHE + 2, 2)
    assert "Et 2 autres, plus récents." in connecter(Client(), acteurs.gestionnaire).get(ACCUEIL).text


def test_ce_que_j_attends_des_autres(acteurs):
    """The porteur knows how many of its dossiers wait for whom, its own tasks excepted."""
    f.deposee(acteurs)
    f.recevable(acteurs)
    f.affectee(acteurs)
    assert attendues(acteurs.gestionnaire) == {
        "L’employeur confirme l’évaluateur habilité": 1,
        "L’évaluateur habilité invite l’évaluateur métier": 1,
    }


def test_chaque_bouton_mene_a_un_ecran_ouvert(acteurs):
    """The address of a button answers, for the very person who is shown it."""
    seance = f.session(acteurs)
    f.inscrite(acteurs, seance)
    f.ouvrir_seance(acteurs, seance)
    for etape in (f.brouillon, f.deposee, f.recevable, f.affectee, f.repondue, f.evaluee, f.decidee):
        etape(acteurs)
    vus = set()
    for nom in ("employeur", "gestionnaire", "evaluateur", "presidente", "certificateur"):
        client = connecter(Client(), getattr(acteurs, nom))
        page = client.get(ACCUEIL)
        for tache in page.context["taches"]:
            for ligne in tache.lignes:
                assert ligne["url"] in page.text
                assert client.get(ligne["url"]).status_code == 200, (nom, ligne["url"])
                vus.add(tache.verbe.nom)
    assert len(vus) == 8


def test_le_cout_ne_depend_pas_du_nombre_de_dossiers(acteurs):
    """As many queries for one dossier of each kind as for six."""

    def requetes(nom) -> int:
        client = connecter(Client(), getattr(acteurs, nom))
        client.get(ACCUEIL)
        with CaptureQueriesContext(
            connection,
        ) as capture:
            assert client.get(ACCUEIL).status_code == 200
        return len(capture)

    seance = f.session(acteurs)

    def ajouter():
        for etape in (f.brouillon, f.deposee, f.repondue, f.evaluee):
            etape(acteurs)
        f.inscrite(acteurs, seance)

    noms = ("employeur", "gestionnaire", "evaluateur", "presidente", "certificateur")
    ajouter()
    un = {nom: requetes(nom) for nom in noms}
    for _ in range(5):
        ajouter()
    assert {nom: requetes(nom) for nom in noms} == un


def test_le_candidat_est_conduit_chez_lui(acteurs):
    """« À faire » is a screen of work: who is a candidate and nothing else begins in their own space."""
    page = connecter(Client(), f.delivree(acteurs).titulaire.utilisateur).get(ACCUEIL)
    assert (page.status_code, page.url) == (302, "/gestion/mon-espace/")


def test_les_premiers_pas_d_un_employeur_et_ceux_d_un_editeur(acteurs):
    """An employer without any dossier is told how to begin; an editor is led to the site that they edit."""
    nouveau = f.UtilisateurFactory(role=("employeur", acteurs.etablissement))
    page = connecter(Client(), nouveau).get(ACCUEIL).content.decode()
    assert "Ouvrez votre premier dossier" in page
    f.brouillon(acteurs)
    assert "Ouvrez votre premier dossier" not in connecter(Client(), nouveau).get(ACCUEIL).content.decode()
    reponse = connecter(Client(), f.UtilisateurFactory(role="editeur")).get(ACCUEIL)
    assert reponse.status_code == 302 and reponse.url == "/admin/"
