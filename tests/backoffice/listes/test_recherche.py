"""What is typed to find somebody: never in an address, kept by the session, and never more shown than was asked."""

from tests import fabriques as f

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


def test_une_recherche_oubliee_ne_montre_rien_et_le_dit(acteurs, chez):
    """The key of another session, or of one that ended: an empty list and a sentence, never the whole list."""
    f.brouillon(acteurs)
    adresse = chez("employeur").post(LISTE, {"q": "modele"}).url
    page = chez("certificateur").get(adresse)
    assert page.context["total"] == 0 and "n’est plus en mémoire" in page.text
    # The same text from the address itself is nobody's business: an unknown parameter.
    assert chez("employeur").get(LISTE, {"q": "introuvable"}).context["total"] == 1
