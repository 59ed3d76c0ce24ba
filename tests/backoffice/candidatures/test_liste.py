"""The list of dossiers: what is found, counted, filtered, exported, and at what price."""

import io
import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from backoffice.candidatures.attente import attente_de, avec_attente
from backoffice.candidatures.models import Candidature
from tests import fabriques as f

LISTE = "/gestion/candidatures/"


def titulaire(**champs):
    return f.TitulaireFactory.build(**champs)


def noms(reponse):
    return [c.titulaire.nom_naissance for c in reponse.context["table"].data.data]


def chercher(client, texte, **filtres):
    """Type a text in the search field: the page that follows."""
    reponse = client.post(LISTE, {**filtres, "q": texte})
    assert reponse.status_code == 302 and texte not in reponse.url
    return client.get(reponse.url)


def exporter(client, **filtres):
    demande = {"liste": "candidatures:liste", "format": "xlsx", "parametres": urlencode(filtres, doseq=True)}
    reponse = client.post("/gestion/listes/exports/", demande)
    assert reponse.headers["Content-Disposition"].startswith('attachment; filename="candidatures-')
    return list(load_workbook(io.BytesIO(reponse.content)).active.iter_rows())


@pytest.mark.parametrize("recherche, trouve", [
    ("lukasik oeuvrard", True),
    ("ŁUKASIK", True),
    ("noe", True),
    ("oeuvrard noé couvreur", True),
    ("dupont", False),
    ("!!!", False),
])  # fmt: skip
def test_la_recherche_ignore_accents_et_majuscules(acteurs, chez, recherche, trouve):
    """Each word is sought in the name, the reference and the title of the CQP."""
    f.brouillon(acteurs, titulaire(nom_naissance="Łukasik-Œuvrard", prenom1="Noé"))
    page = chercher(chez("employeur"), recherche)
    assert noms(page) == (["Łukasik-Œuvrard"] if trouve else [])
    assert trouve or "Retirez un filtre" in page.text


def test_la_recherche_trouve_une_reference(acteurs, chez):
    """The reference as printed, hyphens included."""
    f.brouillon(acteurs)
    candidature = f.brouillon(acteurs)
    page = chercher(chez("employeur"), candidature.reference.lower())
    assert noms(page) == [candidature.titulaire.nom_naissance]


def test_les_filtres_de_l_adresse_se_retirent_un_a_un(acteurs, chez):
    """Status, CQP, step: in the address, as chips; each chip leads to the same list without its filter."""
    f.brouillon(acteurs)
    deposee = f.deposee(acteurs)
    client = chez("employeur")
    page = client.get(LISTE, {"etat": "deposee", "certification": acteurs.certification.pk, "etape": "3"})
    assert noms(page) == [deposee.titulaire.nom_naissance]
    puces = {p["libelle"].split("\u00a0")[0]: p["url"] for p in page.context["puces"]}
    assert set(puces) == {"Statut", "CQP", "Étape"}
    sans_statut = client.get(LISTE + puces["Étape"])
    assert {p["libelle"].split("\u00a0")[0] for p in sans_statut.context["puces"]} == {"Statut", "CQP"}
    assert len(noms(client.get(LISTE))) == 2


def test_une_valeur_de_filtre_inconnue_ne_montre_rien(acteurs, chez):
    """A mistyped address never shows more than what it asks."""
    f.brouillon(acteurs)
    page = chez("employeur").get(LISTE, {"etat": "nimporte"})
    assert noms(page) == [] and page.status_code == 200
    assert noms(chez("employeur").get(LISTE, {"porteur": f.OrganismeFactory().pk})) == []


@pytest.mark.parametrize("etape, etat", [("2", "brouillon"), ("3", "deposee"), ("4", "recevable"), ("6", "invitee")])
def test_le_filtre_par_etape_suit_les_dossiers(db, chez, etape, etat):
    """The step filter finds what `Candidature.etape` says, positionnement included."""
    acteurs = f.Acteurs(positionnement_actif=True)
    for nom in ("brouillon", "deposee", "recevable"):
        getattr(f, nom)(acteurs)
    positionnee = f.recevable(acteurs)
    f.faire(positionnee, "positionner", acteurs.gestionnaire, blocs_vises=list(acteurs.version.blocs.all()))
    f.faire(positionnee, "confirmer_evaluateur", acteurs.employeur, evaluateur=acteurs.evaluateur)
    assert [c.etape for c in Candidature.objects.filter(pk=positionnee.pk)] == [5]
    page = chez(acteurs.certificateur).get(LISTE, {"etape": etape})
    trouvees = list(page.context["table"].data.data)
    assert {c.pk for c in trouvees} == {c.pk for c in Candidature.objects.all() if c.etape == int(etape)}
    assert len(trouvees) == (0 if etape == "6" else 1)


def test_les_comptes_par_statut_sont_ceux_de_la_liste(acteurs, chez):
    """Each status shows how many dossiers its link opens, the other filters applied."""
    for faire in (f.brouillon, f.deposee, f.deposee, f.recevable):
        faire(acteurs)
    client = chez("employeur")
    for page in (client.get(LISTE), chercher(client, "modele"), client.get(LISTE, {"etat": "deposee"})):
        assert page.context["statuts"]
        for statut in page.context["statuts"]:
            assert len(noms(client.get(LISTE + statut["url"]))) == int(statut["compte"]) > 0, statut


def test_chacun_ne_voit_que_ses_dossiers(acteurs, chez):
    """Employer: one's own; porteur: declared ones; another employer: none; choices of filters stay in scope."""
    f.brouillon(acteurs)
    f.deposee(acteurs)
    etranger = f.UtilisateurFactory(role=("employeur", f.OrganismeFactory()))
    assert [len(noms(chez(q).get(LISTE))) for q in ("employeur", "gestionnaire", "auditeur", etranger)] == [2, 1, 2, 0]
    filtres = chez(etranger).get(LISTE).context["formulaire"]
    assert not filtres.fields["certification"].queryset.exists()
    assert not filtres.fields["etablissement"].queryset.exists()


def test_la_liste_dit_pourquoi_chaque_dossier_attend(acteurs, chez):
    """Who must act and for what, the same sentence as on the dossier, and since when."""
    for faire in (f.brouillon, f.deposee, f.recevable, f.affectee, f.invitee, f.repondue, f.evaluee):
        faire(acteurs)
    for candidature in avec_attente(Candidature.objects.all()):
        seule = attente_de(Candidature.objects.get(pk=candidature.pk))
        assert attente_de(candidature) == seule and seule is not None
    page = chez("certificateur").get(LISTE).text
    assert "Le porteur examine la recevabilité." in page
    assert "L’employeur doit agir\u00a0: le dossier est à compléter puis à déposer." in page
    assert 'title="' in page and "aujourd’hui" in page


def test_l_action_de_la_ligne_est_celle_de_la_personne(acteurs, chez):
    """Icons with words: what each role may do from a line, each leading to a page that opens, and nothing else."""
    f.brouillon(acteurs)
    assert _actions(chez("employeur")) == ["Consulter", "Éditer", "Dupliquer", "Supprimer"]
    assert _actions(chez("auditeur")) == ["Consulter"]
    Candidature.objects.all().delete()
    f.affectee(acteurs)
    assert _actions(chez("employeur")) == ["Consulter", "Dupliquer", "Écrire"]
    assert _actions(chez("gestionnaire")) == ["Consulter", "Dupliquer", "Écrire"]
    assert _actions(chez("evaluateur")) == ["Consulter", "Inviter"]


def _actions(client) -> list[str]:
    """The words of the actions of the only line, once each has been opened."""
    cellule = client.get(LISTE).text.partition('class="rangee"><a class="nowrap"')[2].partition("</span>")[0]
    liens = re.findall(r'href="([^"]+)"[^>]*>.*?</svg> (\w+)</a>', cellule, re.S)
    assert all(client.get(adresse, follow=True).status_code == 200 for adresse, _ in liens)
    return [mot for _, mot in liens]


def test_on_ouvre_un_dossier_ou_plusieurs(acteurs, chez):
    """Beside « Nouvelle candidature », the spreadsheet; neither for who only reads."""
    page, lecteur = chez("employeur").get(LISTE).text, chez("auditeur").get(LISTE).text
    assert "Nouvelle candidature" in page and "Saisie par classeur" in page
    assert "Nouvelle candidature" not in lecteur and "Saisie par classeur" not in lecteur


def test_un_brouillon_supprime_quitte_les_listes(acteurs, chez):
    """It leaves the list, the counts and the workbook; asking for the status « Annulé » still shows it."""
    candidature = f.brouillon(acteurs)
    f.deposee(acteurs)
    f.faire(candidature, "annuler", acteurs.employeur)
    client = chez("employeur")
    page = client.get(LISTE)
    assert len(noms(page)) == 1 and page.context["total"] == 1 and len(exporter(client)) == 2
    page = client.get(LISTE, {"etat": "annulee"})
    assert noms(page) == [candidature.titulaire.nom_naissance]


def test_le_tri_et_les_pages(acteurs, chez):
    """Sorting by a declared column only; 25 lines a page; an absurd page is the last one."""
    for lettre in "zam":
        f.brouillon(acteurs, titulaire(nom_naissance=lettre.upper() + "aël"))
    client = chez("employeur")
    assert noms(client.get(LISTE, {"tri": "candidat"})) == ["Aaël", "Maël", "Zaël"]
    assert noms(client.get(LISTE, {"tri": "-candidat"})) == ["Zaël", "Maël", "Aaël"]
    Candidature.objects.filter(titulaire__nom_naissance="Maël").update(etat_depuis="2020-01-01T00:00Z")
    assert noms(client.get(LISTE, {"tri": "attente"}))[0] == "Maël"
    assert sorted(noms(client.get(LISTE, {"tri": "titulaire__courriel", "page": "999"}))) == ["Aaël", "Maël", "Zaël"]


def test_l_export_contient_exactement_ce_qui_est_filtre(acteurs, chez):
    """Same dossiers, same order, no page limit; dates are dates."""
    for _ in range(3):
        f.deposee(acteurs)
    f.brouillon(acteurs)
    lignes = exporter(chez("employeur"), etat="deposee", tri="candidat")
    entetes = [c.value for c in lignes[0]]
    attendus = Candidature.objects.filter(etat="deposee").order_by("titulaire__nom_plie")
    assert [ligne[0].value for ligne in lignes[1:]] == [c.reference for c in attendus]
    assert all(ligne[entetes.index("Déposée le")].is_date for ligne in lignes[1:])
    assert len(exporter(chez("auditeur"))) == 5


@pytest.mark.parametrize("nom", ['=HYPERLINK("http://x","y")', "@SUM(A1)", "+1", "-1+1", "=cmd|'/c calc'!A1"])
def test_l_export_ne_porte_jamais_de_formule(acteurs, chez, nom):
    """Whatever a name begins with, its cell is text and stays so when edited."""
    f.brouillon(acteurs, titulaire(nom_naissance=nom))
    cellule = exporter(chez("employeur"))[1][1]
    assert (cellule.value, cellule.data_type, cellule.number_format) == (nom, "s", "@")


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_dossiers(acteurs, chez):
    """As many queries for 20 dossiers as for 1, on the screen and in the workbook."""
    client = chez("employeur")
    f.deposee(acteurs)

    def compter(**filtres):
        client.get(LISTE, filtres)
        with CaptureQueriesContext(connection) as requetes:
            client.get(LISTE, filtres)
        with CaptureQueriesContext(connection) as exportees:
            exporter(client, **filtres)
        return len(requetes), len(exportees)

    avant = compter(), compter(etat="deposee")
    for rang in range(19):
        (f.brouillon, f.deposee, f.recevable)[rang % 3](acteurs)
    assert Candidature.objects.count() == 20
    assert (compter(), compter(etat="deposee")) == avant
