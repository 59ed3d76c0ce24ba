"""What is typed to find somebody: never in an address, kept by the session, and never more shown than was asked."""

from tests import fabriques as f
from tests.backoffice.comptes.siret import nouveau_siret

LISTE = "/gestion/candidatures/"


def test_un_nom_cherche_ne_figure_dans_aucune_adresse(acteurs, chez):
    """Neither the answer, nor a link of the page, nor a page of the export form: only a key that says nothing."""
    f.brouillon(acteurs, f.TitulaireFactory.build(nom_naissance="Quincampoix"))
    client = chez("employeur")
    reponse = client.post(LISTE, {"q": "Quincampoix", "tri": "candidat"})
    assert reponse.status_code == 302 and "incampoix" not in reponse.url.lower() and "tri=candidat" in reponse.url
    page = client.get(reponse.url)
    assert page.context["total"] == 1
    adresses = [morceau.split('"')[0] for morceau in page.text.split('href="')[1:]]
    assert not [a for a in adresses if "incampoix" in a.lower()]
    assert any("r=" in a and "tri=" in a for a in adresses), "trier garde la recherche"


def test_la_page_trouvee_se_recharge_et_se_retire(acteurs, chez):
    """The address holds: reloaded, sorted; its chip removes the text and keeps the filters."""
    f.brouillon(acteurs, f.TitulaireFactory.build(nom_naissance="Zéphirin"))
    f.brouillon(acteurs)
    client = chez("employeur")
    adresse = client.post(LISTE, {"q": "zephirin", "etat": "brouillon"}).url
    for _ in range(2):
        assert client.get(adresse).context["total"] == 1
    puces = {p["libelle"]: p["url"] for p in client.get(adresse).context["puces"]}
    sans_texte = client.get(LISTE + puces["Recherche\u00a0: zephirin"])
    assert sans_texte.context["total"] == 2 and "etat=brouillon" in puces["Recherche\u00a0: zephirin"]


def _nommer(etablissement, nom):
    etablissement.raison_sociale, etablissement.siret = nom, nouveau_siret()
    etablissement.save()
    return etablissement


def test_un_etablissement_se_trouve_par_ses_mots(acteurs, chez):
    """Words or SIRET, typed and sent: its number alone stands in the address; unknown, it is told, nothing is lost."""
    autre, client = f.Acteurs(), chez("certificateur")
    etablissement = _nommer(f.brouillon(acteurs).etablissement, "Toitures de l’Échelle")
    voisin = _nommer(f.brouillon(autre).etablissement, "Charpentes du Lot")
    for texte in ("echelle toitures", etablissement.siret):
        adresse = client.post(LISTE, {"etablissement_cherche": texte, "etat": "brouillon"}).url
        assert f"etablissement={etablissement.pk}" in adresse and "etat=brouillon" in adresse
        assert "chelle" not in adresse.lower()
        page = client.get(adresse)
        assert page.context["total"] == 1 and "Établissement\u00a0: Toitures de l’Échelle" in page.text
    deux = client.post(LISTE, {"etablissement_cherche": voisin.siret, "etablissement": etablissement.pk})
    assert client.get(deux.url).context["total"] == 2
    perdu = client.post(LISTE, {"etablissement_cherche": "introuvable"}, follow=True)
    assert perdu.context["total"] == 2 and "rien ne correspond à «\u202fintrouvable\u202f»" in perdu.text


def test_les_noms_proposes_sont_ceux_que_l_on_voit(acteurs, chez):
    """While typing: the établissements of the dossiers of one's scope, no others; an unknown filter is a 404."""
    ailleurs = _nommer(f.brouillon(f.Acteurs()).etablissement, "Charpentes du Lot")
    ici = _nommer(f.brouillon(acteurs).etablissement, "Toitures de l’Échelle")
    demande = {"liste": "candidatures:liste", "filtre": "etablissement"}
    proposer = "/gestion/listes/designations/"
    client = chez("employeur")
    assert client.post(proposer, {**demande, "q": ici.siret}).json()["noms"] == [f"{ici.raison_sociale}, {ici.siret}"]
    assert client.post(proposer, {**demande, "q": ailleurs.siret}).json() == {"noms": []}
    assert client.post(proposer, {**demande, "filtre": "porteur", "q": "lot"}).status_code == 404


def test_une_recherche_oubliee_ne_montre_rien_et_le_dit(acteurs, chez):
    """The key of another session, or of one that ended: an empty list and a sentence, never the whole list."""
    f.brouillon(acteurs)
    adresse = chez("employeur").post(LISTE, {"q": "modele"}).url
    page = chez("certificateur").get(adresse)
    assert page.context["total"] == 0 and "n’est plus en mémoire" in page.text
    # The same text from the address itself is nobody's business: an unknown parameter.
    assert chez("employeur").get(LISTE, {"q": "introuvable"}).context["total"] == 1
