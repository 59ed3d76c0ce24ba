"""What leaves a list: the same rows, in the same order; short at once, long by the worker, private, for a few days."""

import io
from datetime import timedelta
from urllib.parse import urlencode

import pikepdf
import pytest
from django.core.files.storage import storages
from django.utils import timezone
from openpyxl import load_workbook

from backoffice.listes import exports, tableur
from backoffice.listes.menage import entretenir_les_listes
from backoffice.listes.models import Export
from registre.models import EntreeJournal
from tests import fabriques as f
from tests.ouvrier import travailler

EXPORTS = "/gestion/listes/exports/"


def demander(client, format="xlsx", **filtres):
    demande = {"liste": "candidatures:liste", "format": format, "parametres": urlencode(filtres, doseq=True)}
    return client.post(EXPORTS, demande, follow=True)


def references(contenu):
    return [ligne[0].value for ligne in load_workbook(io.BytesIO(contenu)).active.iter_rows(min_row=2)]


def test_un_export_long_se_fait_sans_nous_et_se_retrouve(acteurs, chez, monkeypatch):
    """Progress, then the file for its author only; after its time it is gone, from the disk too."""
    dossiers = [f.deposee(acteurs) for _ in range(3)]
    f.brouillon(acteurs)
    monkeypatch.setitem(exports.DIRECT, Export.Format.XLSX, 2)
    client = chez("employeur")
    page = demander(client, etat="deposee", tri="-candidat")
    export = Export.objects.get()
    assert "En préparation" in page.text and 'hx-trigger="every 3s"' in page.text and not export.fichier
    travailler()
    export.refresh_from_db()
    assert "Le fichier est prêt" in client.get(export.get_absolute_url()).text
    fichier = client.get(f"{export.get_absolute_url()}fichier/")
    contenu = b"".join(fichier.streaming_content)
    attendus = sorted(dossiers, key=lambda d: d.titulaire.nom_plie, reverse=True)
    assert references(contenu) == [d.reference for d in attendus]
    for autre in ("gestionnaire", "certificateur"):
        assert chez(autre).get(f"{export.get_absolute_url()}fichier/").status_code == 404
        assert chez(autre).get(export.get_absolute_url()).status_code == 404
    Export.objects.update(expire_le=timezone.now() - timedelta(minutes=1))
    assert client.get(f"{export.get_absolute_url()}fichier/").status_code == 302
    assert "1 fichier(s)" in entretenir_les_listes()
    assert (
        not storages["prive"].exists(export.fichier.name) and "est effacé" in client.get(export.get_absolute_url()).text
    )


def test_la_recherche_s_exporte_sans_rester(acteurs, chez, monkeypatch):
    """The text reaches the worker through the row, and leaves it once the file is there."""
    f.brouillon(acteurs, f.TitulaireFactory.build(nom_naissance="Vercingétorix"))
    f.brouillon(acteurs)
    monkeypatch.setitem(exports.DIRECT, Export.Format.XLSX, 0)
    client = chez("employeur")
    cle = client.post("/gestion/candidatures/", {"q": "vercingetorix"}).url.split("r=")[1]
    client.post(EXPORTS, {"liste": "candidatures:liste", "format": "xlsx", "parametres": "", "r": cle})
    assert Export.objects.get().texte == "vercingetorix"
    travailler()
    export = Export.objects.get()
    assert (export.texte, export.lignes) == ("", 1)


def test_chaque_sortie_laisse_sa_trace(acteurs, chez):
    """Who took how many rows of which list, in the journal; never which names."""
    f.brouillon(acteurs)
    demander(chez("employeur"))
    entree = EntreeJournal.objects.get(verbe="exporter")
    assert entree.acteur == acteurs.employeur
    assert entree.details == {"liste": "candidatures:liste", "format": "xlsx", "lignes": 1}


def test_le_pdf_dit_ses_filtres_et_se_lit_a_voix_haute(acteurs, chez):
    """Tagged, titled, in French; it says what narrowed it."""
    f.deposee(acteurs)
    reponse = demander(chez("employeur"), "pdf", etat="deposee")
    assert reponse.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(reponse.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "fr"
        with pdf.open_metadata() as metadonnees:
            assert metadonnees["dc:title"].startswith("Candidatures, ")
            assert metadonnees["pdfuaid:part"] == "1"


@pytest.mark.parametrize(
    "demande, phrase",
    [
        ({"format": "csv"}, "Choisissez Excel ou PDF"),
        ({"format": "xlsx", "etat": "validee"}, "la liste est vide"),
        ({"format": "pdf"}, "ne se lirait pas"),
    ],
)
def test_un_export_impossible_dit_pourquoi(acteurs, chez, monkeypatch, demande, phrase):
    """Unknown format, nothing to export, a PDF that nobody would read: a sentence, nothing kept."""
    f.brouillon(acteurs)
    monkeypatch.setattr(exports, "MAXIMUM_PDF", 0)
    assert phrase in demander(chez("employeur"), **demande).text
    assert not Export.objects.exists()


def test_une_liste_interdite_ne_s_exporte_pas(acteurs, chez):
    """The roles of the screen hold for what leaves it; an unknown list does not exist."""
    for liste, statut in (("jurys:liste", 403), ("comptes:moi", 404), ("rien", 404), ("", 404)):
        reponse = chez("employeur").post(EXPORTS, {"liste": liste, "format": "xlsx"})
        assert reponse.status_code in {statut, 404}


@pytest.mark.parametrize(
    "valeur", ["=1+1", "+1", "-1", "@SUM(A1)", "<b>&amp;", "a\x00b\x1f", "é" * 40_000, "  espaces  ", "\ud800"]
)
def test_un_texte_reste_un_texte(valeur):
    """Formulas, markup, control characters, too long a text, spaces at both ends: the workbook opens, as text."""
    sortie = io.BytesIO()
    tableur.ecrire(sortie, "Essai [1]/2", [("Valeur", 20)], [[valeur], [None], [12]])
    cellules = [ligne[0] for ligne in load_workbook(sortie).active.iter_rows(min_row=2)]
    propre = "".join(c for c in valeur if c >= " " and c != "\ud800")[:32_767]
    assert (cellules[0].value, cellules[0].data_type, cellules[0].number_format) == (propre, "s", "@")
    assert [c.value for c in cellules[1:]] == [None, 12]
