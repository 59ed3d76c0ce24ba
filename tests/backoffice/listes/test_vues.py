"""Saved views: filters and order under a name, for oneself or for one's body."""

from backoffice.listes.models import VueEnregistree
from tests import fabriques as f

LISTE, VUES = "/gestion/candidatures/", "/gestion/listes/vues/"


def enregistrer(client, nom="À examiner", parametres="etat=deposee&tri=attente", **champs):
    return client.post(VUES, {"liste": "candidatures:liste", "nom": nom, "parametres": parametres, **champs})


def test_une_vue_rouvre_la_liste_telle_qu_elle_etait(acteurs, chez):
    """Saved, it is a tab of the list; by default, the list opens on it; « Tous » still shows everything."""
    f.brouillon(acteurs)
    f.deposee(acteurs)
    client = chez("employeur")
    assert enregistrer(client, par_defaut="on").url == f"{LISTE}?etat=deposee&tri=attente"
    page = client.get(LISTE, follow=True)
    assert page.context["total"] == 1
    onglets = {o["libelle"]: o for o in page.context["vues"]}
    assert onglets["À examiner"]["actif"] and not onglets["Tous les dossiers"]["actif"]
    assert client.get(LISTE + onglets["Tous les dossiers"]["url"]).context["total"] == 2


def test_une_vue_ne_garde_que_des_filtres(acteurs, chez):
    """The text searched, the key of a search, an unknown parameter: nothing of it is stored."""
    enregistrer(chez("employeur"), parametres="etat=deposee&r=abc&q=Dupont&page=3&nimporte=1&tri=candidat")
    assert VueEnregistree.objects.get().parametres == "etat=deposee&tri=candidat"


def test_un_nom_deja_pris_est_refuse_en_francais(acteurs, chez):
    """Same name, same list: a sentence, and what was typed stays."""
    client = chez("employeur")
    enregistrer(client)
    reponse = enregistrer(client, parametres="etat=recevable")
    assert reponse.status_code == 422 and "Vous avez déjà une vue de ce nom" in reponse.text
    assert enregistrer(client, nom="").status_code == 422
    assert client.post(VUES, {"liste": "comptes:moi", "nom": "x"}).status_code == 404


def test_une_seule_vue_par_defaut(acteurs, chez):
    """The new one takes the place of the former one."""
    client = chez("employeur")
    for nom in ("Une", "Deux"):
        enregistrer(client, nom=nom, par_defaut="on")
    assert [v.nom for v in VueEnregistree.objects.filter(par_defaut=True)] == ["Deux"]


def test_une_vue_se_partage_avec_son_organisme(acteurs, chez):
    """Colleagues see it and do not change it; others know nothing of it; each finds only their own dossiers."""
    f.deposee(acteurs)
    client = chez("employeur")
    assert enregistrer(client, nom="Ailleurs", organisme=f.OrganismeFactory().pk).status_code == 422
    enregistrer(client, organisme=acteurs.etablissement.pk)
    vue = VueEnregistree.objects.get()
    collegue = chez(f.UtilisateurFactory(role=("employeur", acteurs.etablissement)))
    assert [o["libelle"] for o in collegue.get(LISTE).context["vues"]] == ["Tous les dossiers", "À examiner"]
    assert collegue.get(VUES).text.count("Partagée par") == 1
    assert collegue.get(vue.get_absolute_url()).status_code == 404
    assert collegue.post(vue.get_absolute_url(), {"geste": "supprimer"}).status_code == 404
    assert not chez("gestionnaire").get(LISTE).context["vues"]


def test_une_vue_se_renomme_et_se_supprime(acteurs, chez):
    """By its author, on its page."""
    client = chez("employeur")
    enregistrer(client)
    vue = VueEnregistree.objects.get()
    assert client.get(vue.get_absolute_url()).status_code == 200
    client.post(vue.get_absolute_url(), {"nom": "À trier"})
    assert VueEnregistree.objects.get().nom == "À trier"
    client.post(vue.get_absolute_url(), {"geste": "supprimer"})
    assert not VueEnregistree.objects.exists()
