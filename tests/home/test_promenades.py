"""Two walks in a real browser: a visitor with a keyboard, and a page of CQP from nothing to published."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.template import engines
from django.test import Client
from playwright.sync_api import expect

from backoffice.comptes.groupes import accorder
from home.models import PageCatalogue, PageCQP
from registre.models import Certification
from tests import fabriques as f
from tests.connexion import connecter
from tests.navigateur import suivre

from .exemples import creer_cqp, publier

pytestmark = pytest.mark.django_db(transaction=True)

# Budgets of a public page, in bytes, before compression.
HTML, CSS, JS = 50_000, 40_960, 60_000
SANS_DECALAGE = """
window.decalages = [];
new PerformanceObserver(liste => liste.getEntries().forEach(e => e.hadRecentInput || window.decalages.push(e.value)))
  .observe({type: "layout-shift", buffered: true});
"""


def aller_au_clavier(page, texte):
    """Press Tab until the element of this name holds the focus, seen by its ring; then Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        actif = page.evaluate(
            "() => { const e = document.activeElement, s = x => getComputedStyle(x).outlineStyle !== 'none';"
            " return [e.innerText || e.labels?.[0]?.innerText || '',"
            " s(e) || s(e.closest('article') || e) || getComputedStyle(e, '::after').outlineStyle !== 'none'] }"
        )
        if texte in actif[0]:
            assert actif[1], f"le focus sur « {texte} » ne se voit pas"
            return
    raise AssertionError(f"« {texte} » ne s’atteint pas au clavier depuis {page.url}")


def test_un_visiteur_va_au_clavier_de_l_accueil_au_formulaire(ouvrir_navigateur, live_server):
    """Home, search, CQP, contact form, without the mouse: nothing foreign, nothing heavy, nothing that jumps."""
    creer_cqp()
    publier()
    page = ouvrir_navigateur(viewport={"width": 1280, "height": 900})
    page.add_init_script(SANS_DECALAGE)
    poids, etrangeres = {}, []

    def peser(reponse):
        adresse = urlsplit(reponse.url)
        if adresse.scheme in {"http", "https"} and f"{adresse.scheme}://{adresse.netloc}" != live_server.url:
            etrangeres.append(reponse.url)
        genre = reponse.request.resource_type
        if genre in {"document", "stylesheet", "script"} and reponse.status == 200:
            poids.setdefault(page.url, {}).setdefault(genre, {})[reponse.url] = len(reponse.body())

    page.on("requestfinished", lambda demande: peser(demande.response()))
    stables = []

    def arriver(motif):
        page.wait_for_url(motif)
        page.wait_for_load_state("networkidle")
        stables.append((page.url, page.evaluate("window.decalages.reduce((a, b) => a + b, 0)")))

    page.goto("/")
    arriver("**/")
    aller_au_clavier(page, "Quel métier exercez-vous")
    page.keyboard.type("lauziers")
    page.keyboard.press("Enter")
    arriver("**/cqp/?q=lauziers")
    aller_au_clavier(page, "CQP Couvreur lauzier")
    page.keyboard.press("Enter")
    arriver("**/cqp/couvreur-lauzier/")
    aller_au_clavier(page, "Écrire au porteur")
    page.keyboard.press("Enter")
    arriver("**/nous-ecrire/?cqp=couvreur-lauzier")
    aller_au_clavier(page, "Votre message")
    page.keyboard.type("Quand se tient la prochaine session ?")
    aller_au_clavier(page, "Votre adresse électronique")
    page.keyboard.type("visiteur@example.org")
    page.wait_for_timeout(3_100)
    aller_au_clavier(page, "Envoyer le message")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre message est parti")
    assert not etrangeres
    for adresse, genres in poids.items():
        for genre, plafond in (("document", HTML), ("stylesheet", CSS), ("script", JS)):
            total = sum(genres.get(genre, {}).values())
            assert total <= plafond, (adresse, genre, total)
    assert all(valeur < 0.1 for _, valeur in stables), stables


def derouler_les_actions(page):
    """Open what the button of the foot of the editor keeps behind its arrow."""
    page.locator("footer").get_by_role("button", name="Plus d’actions").or_(
        page.locator("footer .w-dropdown button")
    ).first.click()


def test_une_page_de_cqp_nait_et_parait(ouvrir_navigateur, live_server, monkeypatch):
    """An éditeur makes the page with its blocks and submits it; a publicateur accepts; the public reads it."""
    publier()
    creer_cqp()
    # Wagtail's screens ask whether a variable is there by its emptiness.
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")

    def ouvrir(role):
        personne = f.UtilisateurFactory(role=role)
        accorder(personne)
        session = connecter(Client(), personne).cookies[settings.SESSION_COOKIE_NAME]
        page = ouvrir_navigateur(viewport={"width": 1280, "height": 1000})
        page.context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
        return page

    editeur = ouvrir("editeur")
    editeur.goto(f"/admin/pages/add/home/pagecqp/{PageCatalogue.objects.get().pk}/")
    editeur.locator("#id_title").fill("Couvreur lauzier")
    editeur.locator("select[name=certification]").select_option(str(Certification.objects.get().pk))
    editeur.locator("[name=accroche]").fill("Des toits de pierre, posés pour un siècle.")
    editeur.get_by_role("button", name="Insérer un bloc").first.click()
    editeur.get_by_role("option", name="Citation").click()
    editeur.locator("[name='corps-0-value-texte']").fill("Un toit se juge à la première pluie.")
    editeur.locator("[name='corps-0-value-source']").fill("Dicton du métier")
    derouler_les_actions(editeur)
    suivre(editeur.locator("[name=action-submit]"))
    page = PageCQP.objects.get()
    assert not page.live
    assert ouvrir_navigateur().goto("/cqp/couvreur-lauzier/").status == 404
    publicateur = ouvrir("publicateur")
    publicateur.goto(f"/admin/pages/{page.pk}/edit/")
    derouler_les_actions(publicateur)
    suivre(publicateur.get_by_role("button", name="Approuver et Publier"))
    visiteur = ouvrir_navigateur()
    visiteur.goto("/cqp/couvreur-lauzier/")
    expect(visiteur.get_by_role("heading", level=1)).to_have_text("CQP Couvreur lauzier")
    expect(visiteur.get_by_text("Un toit se juge à la première pluie.")).to_be_visible()
