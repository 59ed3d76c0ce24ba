"""The statistics: every figure equals a direct count, and opens the list that holds exactly those dossiers."""

import re
from collections import Counter
from datetime import timedelta
from io import BytesIO
from statistics import median

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from backoffice.jurys.models import DecisionBloc, Deport, Inscription, SessionJury
from backoffice.jurys.reussite_publique import PERIODE, reussites
from backoffice.jurys.statistiques import COULEURS, RESULTATS, passages
from backoffice.jurys.statistiques_cellules import barres
from tests import fabriques as f
from tests.bases import base_ouverte
from tests.connexion import connecter

PAGE = "/gestion/jurys/statistiques/"
CLASSEUR = "/gestion/jurys/statistiques/classeur/"


def un_bloc(competence) -> bool:
    return competence.bloc.ordre == 1


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker):
    """Built once, given up at the end; each test works in a savepoint of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield construire()
        transaction.set_rollback(True)


def construire():
    """Two porteurs; each result; a decision revoked then taken again; a recusal, a divergence, a catch-up."""
    a, b = f.Acteurs(), f.Acteurs()
    f.decidee(a), f.decidee(a, acquis=un_bloc), f.decidee(a, acquis=False)
    ajournee = f.inscrite(a, seance := f.session(a))
    reprise = f.decidee(a)
    f.faire(reprise, "demander_revocation", a.gestionnaire, motif="Une erreur de saisie au PV.")
    f.faire(reprise, "revoquer_decision", a.certificateur)
    f.faire(reprise, "inscrire_au_jury", a.employeur, session=seance)
    f.ouvrir_seance(a, seance)
    f.deliberer(a, reprise, lambda bloc: bloc.ordre == 1, motif="La seconde situation n’a pas convaincu.")
    f.deliberer(a, ajournee, issue=Inscription.Issue.AJOURNEE)
    f.sceller(a, seance)
    f.evaluee(a)
    f.decidee(b), f.decidee(b)
    premiere = Inscription.objects.order_by("pk").first()
    membre = premiere.session.membres.first()
    with base_ouverte(connection):
        Deport.objects.create(inscription=premiere, membre=membre, raison="Connaît la personne.")
        entendue = "Le jury a entendu la personne."
        DecisionBloc.objects.filter(inscription=premiere).update(rattrapage=True, motif=entendue)
    resultat = premiere.candidature.evaluation.resultats.filter(source="habilite").first()
    type(resultat).objects.filter(pk=resultat.pk).update(acquis=False)
    return a, b


def attendus(*dossiers_de) -> Counter:
    """The oracle: what each passage gave, told from the decisions and from nothing that the page uses."""
    compte = Counter()
    for acteurs in dossiers_de:
        vus = Inscription.objects.filter(candidature__porteur=acteurs.porteur, retiree_le=None).exclude(issue="")
        for inscription in vus.filter(session__etat="scellee"):
            acquis = inscription.decisions.filter(acquis=True).count()
            decide = {0: "non_validee", 1: "partielle", 2: "validee"}[acquis]
            compte[decide if inscription.issue == "decidee" else inscription.issue] += 1
    return compte


def cellules(html: str, tableau: str) -> list[tuple[str, str]]:
    """(address, figure) of the links of one table of the page."""
    corps = html.split(f'id="{tableau}"', 1)[1].split("</table>", 1)[0]
    return [
        (u.replace("&amp;", "&"), n) for u, n in re.findall(r'<td class="nombre"><a href="([^"]+)">(\d+)</a>', corps)
    ]


class TestChiffres:
    def test_ils_egalent_un_compte_direct(self, monde):
        """Per result, for a porteur and for the certificateur: the journal tells what the decisions tell."""
        a, b = monde
        assert Counter(passages(a.gestionnaire).values_list("resultat", flat=True)) == attendus(a)
        assert Counter(passages(a.certificateur).values_list("resultat", flat=True)) == attendus(a, b)
        assert attendus(a) == Counter(validee=2, partielle=2, non_validee=1, ajournee=1)
        assert not passages(a.employeur) and not passages(a.presidente)

    def test_le_public_lit_la_reussite_des_dossiers_decides_depuis_trois_ans(self, monde):
        """Certified over decided, by CQP: neither the postponed nor the revoked decision counts; outside, nothing."""
        a, b = monde
        jours = [
            timezone.localdate(seance.debut) for seance in SessionJury.objects.filter(inscriptions__revoquee_le=None)
        ]
        assert reussites(max(jours)) == {a.certification.pk: (1, 4), b.certification.pk: (2, 2)}
        assert reussites(min(jours) - timedelta(days=1)) == reussites(max(jours) + PERIODE) == {}

    def test_chacun_ouvre_la_liste_qui_le_prouve(self, monde):
        """Tiles and tables, by CQP, porteur and way of access: the list behind holds that number."""
        a, b = monde
        for personne, axes in ((a.gestionnaire, ("session", "acces")), (a.certificateur, ("certification", "porteur"))):
            client = connecter(Client(), personne)
            vus = {}
            page = client.get(PAGE)
            for tuile in page.context["tuiles"]:
                assert client.get(tuile["url"]).context["total"] == tuile["compte"], tuile["titre"]
            faits = {t["titre"]: t["compte"] for t in page.context["tuiles"]}
            assert faits["Attendent une session"] == 2
            assert faits["Avec un déport"] == faits["Rattrapage par le jury"] == 1
            assert faits["Évaluateurs en désaccord"] == faits["Décision révoquée"] == 1
            for par in axes:
                page = client.get(PAGE, {"par": par})
                for tableau in ("resultats", "sessions", "delais", "delais-par"):
                    for url, nombre in cellules(page.text, tableau):
                        if "/statistiques/dossiers/" in url:
                            vus.setdefault(url, set()).add(int(nombre))
            assert len(vus) > 10
            for url, nombres in vus.items():
                assert {client.get(url).context["total"]} == nombres, url

    def test_par_session_chaque_pv_a_sa_ligne_avec_ses_delais(self, monde):
        """One row per sealed session, named by its day and number: as many dossiers as its list, late ones included."""
        a, _ = monde
        client = connecter(Client(), a.gestionnaire)
        tenues = SessionJury.objects.filter(etat="scellee", certifications=a.certification)
        tard = tenues.latest("pk").inscriptions.filter(retiree_le=None)
        tard.update(notifiee_le=timezone.now() + timedelta(days=200))
        tables = {t.id: t for t in client.get(PAGE, {"par": "session"}).context["tableaux"]}
        lignes = {r[0].valeur.split(" – ")[1]: r[1].valeur for r in tables["resultats"].rangees}
        assert lignes == {s.pv.numero: s.inscriptions.filter(retiree_le=None).count() for s in tenues}
        retards = {r[0].valeur.split(" – ")[1]: r[-1] for r in tables["delais-par"].rangees}
        en_tete = tables["delais-par"].rangees[0][0].valeur
        assert tenues.latest("pk").pv.numero in en_tete and en_tete in tables["delais-par"].titre
        assert {n: c.valeur for n, c in retards.items() if c.valeur} == {tenues.latest("pk").pv.numero: tard.count()}
        assert client.get(retards[tenues.latest("pk").pv.numero].url).context["total"] == tard.count()

    def test_une_proposition_ne_compte_pas_parmi_les_resultats_dits(self, monde):
        """A session that proposes to the CPNE: its dossiers are examined, nothing is told to the candidates."""
        a = f.Acteurs(jurys_fusionnes=False)
        propose = f.session(a, instance="evaluation")
        dossier = f.inscrite(a, propose)
        f.ouvrir_seance(a, propose)
        f.deliberer(a, dossier)
        f.sceller(a, propose)
        client = connecter(Client(), a.gestionnaire)
        lignes = {t.id: t.rangees for t in client.get(PAGE).context["tableaux"]}
        assert [r[1].valeur for r in lignes["delais"]] == [1, 1, 0] and lignes["delais-par"] == []
        assert client.get(lignes["delais"][2][1].url).context["total"] == 0

    def test_les_delais_et_ceux_qui_les_depassent(self, monde):
        """Median told, and the late ones counted against the parcours of each dossier."""
        a, _ = monde
        for rang, inscription in enumerate(
            Inscription.objects.filter(candidature__porteur=a.porteur).exclude(issue="")
        ):
            delai = inscription.candidature.parcours.delai_notification
            jour = inscription.session.ouverte_le + timedelta(days=delai + (1 if rang < 2 else 0))
            Inscription.objects.filter(pk=inscription.pk).update(notifiee_le=jour)
        client = connecter(Client(), a.gestionnaire)
        page = client.get(PAGE)
        delais = next(t for t in page.context["tableaux"] if t.id == "delais")
        ligne = {r[0].valeur: [c.valeur for c in r[1:]] for r in delais.rangees}["Du jury au résultat notifié"]
        assert ligne == [6, str(median([delai] * 4 + [delai + 1] * 2)).replace(".0", ""), delai + 1, delai + 1, 2]
        url = next(r[-1].url for r in delais.rangees if r[-1].url)
        assert client.get(url).context["total"] == 2

    def test_la_periode_et_les_filtres_sont_dans_l_adresse(self, monde):
        """Narrowed the same way here and in the lists; a date that is none is said, nothing breaks."""
        a, b = monde
        client = connecter(Client(), a.certificateur)
        tout = {t["titre"]: t["compte"] for t in client.get(PAGE).context["tuiles"]}
        siens = {t["titre"]: t["compte"] for t in client.get(PAGE, {"porteur": b.porteur.pk}).context["tuiles"]}
        assert (tout["Dossiers examinés"], siens["Dossiers examinés"]) == (8, 2)
        avant = client.get(PAGE, {"au": (timezone.localdate() - timedelta(days=1)).isoformat()})
        assert "Aucune session sur cette période" in avant.text
        assert client.get(PAGE, {"du": "hier"}).status_code == 200
        assert client.get(PAGE, {"certification": "999999999", "par": "inconnu"}).status_code == 200

    def test_la_presence_par_college(self, monde):
        """Seats and who came, over the sealed sessions."""
        a, _ = monde
        presence = next(
            t for t in connecter(Client(), a.gestionnaire).get(PAGE).context["tableaux"] if t.id == "presence"
        )
        assert [[c.valeur for c in r[1:]] for r in presence.rangees] == [[5, 5, "100\u202f%"]] * 2
        assert "aussi présents" in presence.titre

    def test_un_resultat_a_la_couleur_qu_il_a_dans_les_listes(self):
        """« Non validé » is never drawn in the green of « Validé », whichever results the period has."""
        figure = barres({"Validé": [1], "Non validé": [2]}, ["CQP"], {"Validé": "--valide", "Non validé": "--refus"})
        assert [serie["meta"] for serie in figure["data"]] == ["--valide", "--refus"]
        assert {etat for etat, _ in RESULTATS} == set(COULEURS)
        assert len(set(COULEURS.values())) == len(COULEURS)

    def test_le_classeur_dit_la_meme_chose(self, monde):
        """The workbook holds the very cells of the table, narrowed by the same address."""
        a, _ = monde
        client = connecter(Client(), a.gestionnaire)
        tableau = client.get(PAGE).context["tableaux"][0]
        reponse = client.get(CLASSEUR, {"tableau": "resultats"})
        lignes = [list(ligne) for ligne in load_workbook(BytesIO(reponse.content)).active.values]
        assert lignes == [tableau.colonnes, *([c.valeur for c in rangee] for rangee in tableau.rangees)]
        assert client.get(CLASSEUR, {"tableau": "inconnu"}).status_code == 404

    def test_le_cout_ne_depend_pas_du_nombre_de_dossiers(self, monde, django_assert_max_num_queries):
        """More sessions and more dossiers, the same number of queries."""
        a, b = monde
        client = connecter(Client(), a.certificateur)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as avant:
            client.get(PAGE)
        f.decidee(b), f.decidee(a)
        with django_assert_max_num_queries(len(avant)):
            client.get(PAGE)
