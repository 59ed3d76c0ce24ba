"""What every screen is held to in the browser, and how to go from one page to the next without racing it."""

from axe_playwright_python.sync_playwright import Axe

LARGEURS = (320, 1280)


def regarder(page, largeurs=LARGEURS):
    """At each width: nothing wider than the screen (WCAG 1.4.10), and axe finds nothing. Gives the size back.

    Call it on a page that has arrived: after `goto`, `suivre`, or an `expect` of what only the new page says.
    """
    page.wait_for_load_state()
    taille = page.viewport_size
    for largeur in largeurs:
        page.set_viewport_size({"width": largeur, "height": 900})
        debord = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert debord <= 0, f"{page.url} déborde de {debord} px à {largeur} px"
        constats = Axe().run(page).response["violations"]
        assert not constats, (page.url, largeur, [(c["id"], [n["html"] for n in c["nodes"]]) for c in constats])
    page.set_viewport_size(taille)


def suivre(cible):
    """Click a link or a button and return once the next page is there.

    A bare click returns while the old document is being thrown away: what is read then belongs to neither.
    """
    with cible.page.expect_navigation():
        cible.click()
