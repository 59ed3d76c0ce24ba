"""The look: what is measured (contrasts, weights, accessibility) and what the components promise."""

import math
import re

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from site_public.fichiers import ChercheurPlotly
from site_public.templatetags.composants import ICONES, STATUTS
from tests.maison import gabarits
from tests.navigateur import regarder

STATIQUES = settings.BASE_DIR / "site_public" / "static"


class TestContrastes:
    """WCAG 2.2, 1.4.3 and 1.4.11, computed from the tokens themselves in both schemes."""

    PAIRES = [
        # (text, background, least ratio): 7 for what is read, 4.5 for the rest, 3 for what only shapes.
        *(
            (texte, fond, 7)
            for texte in ("encre", "encre-2")
            for fond in ("papier", "feuille", "lavis", "marge", "ocre-lavis")
        ),
        *(
            (ton, fond, 4.5)
            for ton in ("valide", "partiel", "refus", "info")
            for fond in ("papier", "feuille", "lavis")
        ),
        *((ton, f"{ton}-lavis", 4.5) for ton in ("valide", "partiel", "refus", "info")),
        *(("encre", f"{ton}-lavis", 7) for ton in ("valide", "partiel", "refus", "info")),
        *(("ocre-encre", fond, 4.5) for fond in ("papier", "feuille", "lavis", "ocre-lavis")),
        *(("pierre-3", fond, 4.5) for fond in ("papier", "feuille", "lavis")),
        *(("pierre-2", fond, 3) for fond in ("papier", "feuille")),
        *(("ocre-trait", fond, 3) for fond in ("papier", "feuille")),
        ("sur-ocre", "ocre", 7),
        ("sur-nuit", "nuit", 7),
        ("sur-nuit-2", "nuit", 7),
        ("papier", "encre", 7),
        ("papier", "refus", 4.5),
    ]

    @pytest.mark.parametrize("schema", [0, 1], ids=["clair", "sombre"])
    @pytest.mark.parametrize("texte, fond, minimum", PAIRES)
    def test_chaque_texte_se_lit_sur_son_fond(self, texte, fond, minimum, schema):
        """Each pair used by the stylesheet keeps its ratio."""
        couleurs = jetons()
        assert contraste(couleurs[texte][schema], couleurs[fond][schema]) >= minimum

    def test_le_calcul_retrouve_les_valeurs_connues(self):
        """Black on white is 21, a colour on itself 1."""
        blanc, noir = (1.0, 0.0, 0.0), (0.0, 0.0, 0.0)
        assert contraste(noir, blanc) == pytest.approx(21, abs=0.01)
        assert contraste(blanc, blanc) == 1


def jetons() -> dict[str, tuple]:
    """Tokens of site.css: name → (light, dark), each an OKLCH triple."""
    source = (STATIQUES / "css" / "site.css").read_text(encoding="utf-8")
    trouves = {}
    for nom, valeur in re.findall(r"^\s+--([a-z0-9-]+):\s*(.*oklch.*);$", source, re.M):
        triples = [tuple(map(float, t.split())) for t in re.findall(r"oklch\(([\d. ]+)\)", valeur)]
        trouves[nom] = (triples[0], triples[-1])
    return trouves


def luminance(oklch: tuple) -> float:
    """Relative luminance of an OKLCH colour: OKLab to linear sRGB (Ottosson), clipped, then WCAG weights."""
    clarte, chroma, teinte = oklch
    a, b = chroma * math.cos(math.radians(teinte)), chroma * math.sin(math.radians(teinte))
    cone_l = (clarte + 0.3963377774 * a + 0.2158037573 * b) ** 3
    cone_m = (clarte - 0.1055613458 * a - 0.0638541728 * b) ** 3
    cone_s = (clarte - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rouge = 4.0767416621 * cone_l - 3.3077115913 * cone_m + 0.2309699292 * cone_s
    vert = -1.2684380046 * cone_l + 2.6097574011 * cone_m - 0.3413193965 * cone_s
    bleu = -0.0041960863 * cone_l - 0.7034186147 * cone_m + 1.7076147010 * cone_s
    return sum(
        poids * min(max(canal, 0), 1)
        for poids, canal in zip((0.2126, 0.7152, 0.0722), (rouge, vert, bleu), strict=True)
    )


def contraste(une: tuple, autre: tuple) -> float:
    claire, sombre = sorted((luminance(une), luminance(autre)), reverse=True)
    return (claire + 0.05) / (sombre + 0.05)


class TestFichiers:
    def test_la_feuille_publique_reste_legere(self):
        """A visitor downloads 40 kB of style at most."""
        assert (STATIQUES / "css" / "site.css").stat().st_size <= 40 * 1024

    def test_les_feuilles_de_style_ne_cherchent_rien_ailleurs(self):
        """Every address in a stylesheet is a file of ours or data in place."""
        for feuille in (STATIQUES / "css").glob("*.css"):
            for adresse in re.findall(r"url\(\"?([^\")]+)", feuille.read_text(encoding="utf-8")):
                assert adresse.startswith("data:") or (feuille.parent / adresse).is_file(), (
                    f"{feuille.name} : {adresse}"
                )

    def test_chaque_icone_demandee_est_dessinee(self):
        """A name written in a template or in the statuses exists in the sprite."""
        demandees = {icone for _, icone, _ in STATUTS.values()}
        for _, chemin in gabarits():
            source = chemin.read_text(encoding="utf-8")
            demandees |= set(re.findall(r'{% icone "([^"]+)"', source))
            demandees |= set(re.findall(r'\bicone="([^"]+)"', source))
        assert demandees <= set(ICONES)

    def test_les_polices_portent_les_signes_des_noms_et_du_francais(self):
        """Œ, Ł, the apostrophe and the quotes, and in Source Sans the narrow no-break space."""
        from fontTools.ttLib import TTFont

        for police in (STATIQUES / "fonts").glob("*.woff2"):
            signes = TTFont(police).getBestCmap()
            attendus = "ŒœŁłŇřÉç’«»–€\u00a0" + ("\u202f" if police.name.startswith("SourceSans") else "")
            assert not [signe for signe in attendus if ord(signe) not in signes], police.name

    def test_de_plotly_un_seul_fichier_est_publie(self):
        """The package weighs 29 MB; the site shows the one script it uses."""
        chercheur = ChercheurPlotly()
        assert [f"{stockage.prefix}/{nom}" for nom, stockage in chercheur.list([])] == ["plotly/plotly.min.js"]
        assert chercheur.find("plotly/plotly.min.js").endswith("plotly.min.js")
        assert chercheur.find("plotly/../templates/plotly.json") == []
        assert finders.find("plotly/plotly.min.js")


class Candidat(forms.Form):
    nom = forms.CharField(label="Nom de naissance", help_text="Tel qu’il figure sur la pièce d’identité.")
    voie = forms.ChoiceField(label="Voie d’accès", widget=forms.RadioSelect, choices=[("FC", "Formation")])
    accord = forms.BooleanField(label="La personne est informée")
    trace = forms.CharField(widget=forms.HiddenInput)


class TestFormulaires:
    def test_le_libelle_l_aide_et_l_erreur_tiennent_au_champ(self):
        """Label for the field, hint and error described to assistive technology (RGAA 11.1, 11.10)."""
        html = str(Candidat({}))
        assert '<label for="id_nom">' in html
        assert 'aria-describedby="id_nom_helptext id_nom_error"' in html
        assert 'id="id_nom_helptext"' in html and 'id="id_nom_error"' in html

    def test_le_resume_mene_a_chaque_champ_fautif(self):
        """Each link of the summary has its target in the form, radio groups and hidden fields included."""
        html = str(Candidat({}))
        cibles = re.findall(r'<a href="#([^"]+)">', html)
        assert cibles == ["id_nom", "id_voie", "id_accord", "id_trace"]
        assert all(f'id="{cible}"' in html for cible in cibles)

    def test_un_formulaire_sans_faute_n_a_pas_de_resume(self):
        """Neither before the first submit, nor when all is right."""
        assert "resume-erreurs" not in str(Candidat())
        assert "resume-erreurs" not in str(Candidat({"nom": "Vidal", "voie": "FC", "accord": "on", "trace": "x"}))

    def test_ce_que_la_personne_ecrit_reste_du_texte(self):
        """A value with markup comes back escaped."""
        html = str(Candidat({"nom": '"><script>alert(1)</script>'}))
        assert "<script>" not in html


class TestComposants:
    @pytest.mark.parametrize("etat", STATUTS)
    def test_un_statut_se_dit_aussi_en_mots_et_en_icone(self, etat):
        """Never by colour alone (WCAG 1.4.1)."""
        html = render_to_string(
            "components/statut.html", dict(zip(("ton", "icone", "libelle"), STATUTS[etat], strict=True))
        )
        assert STATUTS[etat][2] in html and "<use href=" in html

    def test_la_pagination_garde_les_filtres(self, rf):
        """Going to the next page loses neither the search nor the filters."""
        from django.core.paginator import Paginator

        contexte = {"page": Paginator(range(50), 20).get_page(1)}
        html = render_to_string("components/pagination.html", contexte, rf.get("/", {"q": "maçon & fils", "page": "1"}))
        assert 'href="?q=ma%C3%A7on%20%26%20fils&amp;page=2"' in html

    def test_l_etape_en_cours_est_annoncee(self):
        """One step is current for a screen reader too, and a done step says so in words."""
        etapes = [
            {"numero": 1, "libelle": "Préparation", "etat": "faite", "date": None},
            {"numero": 2, "libelle": "Inscription", "etat": "en_cours", "date": None},
        ]
        html = render_to_string("components/etapes.html", {"etapes": etapes})
        assert html.count('aria-current="step"') == 1 and "Étape faite" in html


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize(
        "adresse", ["/style/", "/style/?base=gestion", "/style/?base=impression", "/style/courriels/"]
    )
    def test_les_pages_de_developpement_n_existent_pas_en_production(self, client, settings, adresse):
        """They answer in the demonstration and 404 elsewhere."""
        assert client.get(adresse).status_code == 200
        settings.PAGES_DE_DEVELOPPEMENT = False
        assert client.get(adresse).status_code == 404

    @pytest.mark.parametrize(
        "hotes, lisibles", [("", True), ("localhost,127.0.0.1", True), ("cqp.example.org", False), ("*", False)]
    )
    def test_les_courriels_ne_se_lisent_pas_sous_un_nom_public(
        self, client, settings, monkeypatch, tmp_path, hotes, lisibles
    ):
        """They hold links that open accounts: 404 as soon as HOTES names something else than the machine itself."""
        import runpy

        monkeypatch.setenv("HOTES", hotes)
        monkeypatch.setenv("DOSSIER_DONNEES", str(tmp_path))
        reglages = runpy.run_module("site_public.settings.dev")
        assert reglages["COURRIELS_A_LIRE"] is lisibles
        settings.COURRIELS_A_LIRE = reglages["COURRIELS_A_LIRE"]
        assert client.get("/style/courriels/").status_code == (200 if lisibles else 404)

    def test_les_courriels_se_lisent_du_plus_recent_au_plus_ancien(self, client, settings, tmp_path):
        """Written by Django's file backend, two in one connection; links can be followed, markup is text."""
        from django.core.mail import EmailMessage, get_connection

        settings.EMAIL_FILE_PATH = str(tmp_path)
        liaison = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path))
        textes = ("Premier, à lire", "Second : https://exemple.test/invitation/abc <b>gras</b>")
        liaison.send_messages(
            [EmailMessage(f"Objet {n}", t, "de@exemple.test", ["a@exemple.test"]) for n, t in enumerate(textes)]
        )
        html = client.get("/style/courriels/").content.decode()
        assert html.index("Objet 1") < html.index("Objet 0")
        assert "Premier, à lire" in html
        assert 'href="https://exemple.test/invitation/abc"' in html
        assert "&lt;b&gt;gras&lt;/b&gt;" in html

    @pytest.mark.parametrize("code", [400, 403, "403_csrf", 404, 413, 429, 500])
    def test_une_page_d_erreur_propose_une_suite_sans_rien_reveler(self, code):
        """French words, a way forward, no trace; it renders without any context (500 gets none)."""
        html = render_to_string(f"{code}.html")
        assert 'href="/"' in html and 'lang="fr"' in html
        assert "Traceback" not in html and "Exception" not in html


@pytest.mark.django_db(transaction=True)
class TestAccessibilite:
    @pytest.mark.parametrize(
        "adresse, largeur, schema",
        [
            ("/style/", 320, "dark"),
            ("/style/", 1280, "light"),
            ("/style/?base=gestion", 320, "light"),
            ("/style/?base=gestion", 1280, "dark"),
        ],
    )
    def test_axe_ne_trouve_rien_et_rien_ne_deborde(self, ouvrir_navigateur, adresse, largeur, schema):
        """Every component, menus open, in both schemes; no page scrolls sideways (WCAG 1.4.10)."""
        page = ouvrir_navigateur(viewport={"width": largeur, "height": 900}, color_scheme=schema)
        page.goto(adresse)
        # On a telephone the table of the chart is shown instead of its bars.
        attendu = ".graphique .main-svg" if largeur > 420 else ".graphique-donnees table"
        page.wait_for_selector(attendu)
        page.evaluate("scrollTo(0, 0)")
        page.locator("main .menu-deroulant summary").first.click()
        regarder(page, [largeur])

    def test_la_saisie_perdue_se_retrouve(self, ouvrir_navigateur):
        """What was typed comes back when the page is loaded again after a cut."""
        page = ouvrir_navigateur()
        page.goto("/style/")
        page.fill("#id_nom_naissance", "Łukasik")
        page.reload()
        assert page.input_value("#id_nom_naissance") == "Łukasik"
        page.get_by_role("button", name="Effacer cette saisie").click()
        page.wait_for_function("!document.querySelector('#id_nom_naissance').value")
