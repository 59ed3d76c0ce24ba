"""Figures of a CQP and its sheet: what is shown tells of nobody, what is printed says what the page says."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest

from backoffice.parcours.models import Equivalence
from home import effectifs
from home.chiffres import chiffres_du_cqp
from registre import taux_publics
from registre.models import Bloc

from .exemples import creer_cqp, creer_version, jours, publier
from .test_page_cqp import contenu, lire

pytestmark = pytest.mark.django_db


@pytest.fixture
def chiffres(monkeypatch):
    """Give the figures of the day: {(certification, year): count} and the rates, each (part, whole)."""

    def donner(delivres, **taux):
        monkeypatch.setattr(effectifs, "_compter", lambda publiques, jour: delivres)
        for nom, connus in taux.items():
            monkeypatch.setitem(taux_publics.SOURCES, nom, lambda jour, connus=connus: connus)

    return donner


def test_la_page_montre_les_annees_et_cache_les_petits_nombres(client, chiffres):
    """Years and total, « n. d. » for what would name somebody, and why; rates only where known."""
    cqp = creer_cqp()
    autre = creer_cqp("autre", "CQP Autre", numero="RNCP1")
    publier()
    chiffres(
        {(cqp.pk, 2024): 3, (cqp.pk, 2025): 12, (cqp.pk, 2026): 30, (autre.pk, 2024): 9},
        reussite={cqp.pk: (91, 100), autre.pk: (2, 9)},
    )
    texte = contenu(lire(client))
    assert "2026 30" in texte and "2024 n. d." in texte and "2024 3" not in texte
    assert "91" in texte and "de réussite" in texte and "en emploi" not in texte
    assert "Arrêtés au" in texte and "reconnaître personne" in texte
    assert "de réussite" not in contenu(lire(client, "/cqp/autre/"))


def test_sans_parchemin_la_page_ne_parle_pas_de_chiffres(client):
    """A CQP that certified nobody yet has no section of figures."""
    creer_cqp()
    publier()
    assert "En chiffres" not in contenu(lire(client))


def test_deux_pages_ne_disent_jamais_ensemble_ce_que_chacune_cache(chiffres):
    """The figures of all CQPs come from one protected table: no page gives by difference what another hides."""
    delivres = {(c, a): (c * 5 + a) % 9 for c in range(1, 8) for a in (2024, 2025, 2026)}
    chiffres(delivres)
    pages = [chiffres_du_cqp(c, effectifs.tableau_publie(), date(2026, 12, 1)) for c in range(1, 8)]
    for annee in (2024, 2025, 2026):
        caches = [p for p in pages if dict(p.annees).get(annee, 0) is None]
        assert len(caches) != 1 or effectifs.tableau_publie()[None, annee] is None


def test_les_blocs_que_l_on_garde_se_lisent_des_deux_cotes(client):
    """The equivalences confirmed by the certificateur are told on the new page and on the old one."""
    ancien = creer_cqp("ancien", "CQP Ancien", numero="RNCP34370", date_fin_enregistrement=jours(-400))
    nouveau = creer_cqp("nouveau", "CQP Nouveau", numero="RNCP41000")
    nouveau.versions.get().succede_a.add(ancien.versions.get())
    acquis, vise = Bloc.objects.get(version__certification=ancien), Bloc.objects.get(version__certification=nouveau)
    Bloc.objects.filter(pk=acquis.pk).update(libelle="Organiser sa lauzière")
    Equivalence.objects.create(acquis=acquis, vise=vise)
    publier()
    assert "Des blocs acquis avec « CQP Ancien (RNCP34370) » ?" in contenu(lire(client, "/cqp/nouveau/"))
    texte = contenu(lire(client, "/cqp/ancien/"))
    assert "Vos blocs comptent pour « CQP Nouveau (RNCP41000) »" in texte and "Organiser sa lauzière" in texte


def test_la_fiche_se_lit_se_montre_et_ne_se_dessine_qu_une_fois(client, monkeypatch):
    """A tagged PDF/UA in French, drawn once for the same words, again as soon as the registry changes."""
    from registre.documents import rendu

    certification = creer_cqp()
    publier()
    assert 'href="/cqp/couvreur-lauzier/fiche.pdf"' in lire(client)
    dessins = []
    vrai = rendu.produire
    monkeypatch.setattr(rendu, "produire", lambda *a, **k: dessins.append(a) or vrai(*a, **k))
    for _ in range(2):
        reponse = client.get("/cqp/couvreur-lauzier/fiche.pdf")
    assert reponse["Content-Type"] == "application/pdf" and len(dessins) == 1
    with pikepdf.open(BytesIO(reponse.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "fr" and len(pdf.pages) <= 2
        assert b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()
    creer_version(certification, numero="RNCP50000", intitule="CQP Renouvelé")
    client.get("/cqp/couvreur-lauzier/fiche.pdf")
    assert len(dessins) == 2
    certification.page.unpublish()
    assert client.get("/cqp/couvreur-lauzier/fiche.pdf").status_code == 404
