"""Dossiers typed in a spreadsheet: template, dry run, report, drafts; hostile files; twice the same file."""

import io
import zipfile
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from backoffice.candidatures.classeur_import import analyser, creer, purger_saisies_groupees
from backoffice.candidatures.models import Candidature, LigneSaisie, SaisieGroupee
from registre.models import EntreeJournal, Titulaire
from tests import fabriques as f
from tests.ouvrier import travailler

TITRES = ["Nom de naissance", "Premier prénom", "Date de naissance", "Sexe", "Commune de naissance", "Courriel"]
BONNE = ["HÉRAIL", "Jeanne", "03/05/1990", "F", "Mende", "jeanne@example.org"]


def xlsx(lignes, titres=TITRES) -> bytes:
    classeur = openpyxl.Workbook()
    for ligne in [titres, *lignes]:
        classeur.active.append(ligne)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


@pytest.fixture
def deposer(acteurs, chez):
    """Return a function: send these bytes as the employer would, follow to the report."""
    client = chez("employeur")

    def envoyer(contenu, nom="candidats.xlsx", **autres):
        champs = {
            "version": acteurs.version.pk,
            "modalite_acces": f.ModaliteAcces.FC_HORS_CONTRAT,
            "etablissement": acteurs.etablissement.pk,
            "fichier": SimpleUploadedFile(nom, contenu),
            **autres,
        }
        return client.post(reverse("candidatures:saisies"), champs, follow=True)

    envoyer.client = client
    return envoyer


def sorts():
    return list(LigneSaisie.objects.values_list("numero", "sort"))


def dits(numero) -> str:
    return " ".join(c["phrase"] for c in LigneSaisie.objects.get(numero=numero).constats)


def test_du_modele_aux_brouillons(acteurs, deposer):
    """The template filled in: a report first, nothing created; then a draft per good row, by the real verb, once."""
    adresse = reverse("candidatures:modele")
    reponse = deposer.client.get(adresse, {"version": acteurs.version.pk})
    classeur = openpyxl.load_workbook(io.BytesIO(reponse.content))
    feuille = classeur["Candidatures"]
    titres = [cellule.value for cellule in feuille[1]]
    ligne = dict.fromkeys(titres, "") | {
        "CQP": acteurs.version.numero,
        "Voie d’accès": "contrat de professionnalisation",
        "Nom de naissance": "=HYPERLINK(1)",
        "Premier prénom": "Zoé",
        "Date de naissance": date(1991, 2, 28),
    }
    feuille.append(list(ligne.values()))
    feuille.append([valeur if titre != "Nom de naissance" else "Łukasik" for titre, valeur in ligne.items()])
    sortie = io.BytesIO()
    classeur.save(sortie)
    page = deposer(sortie.getvalue())
    assert "Rien n’est encore créé" in page.text
    assert not Candidature.objects.exists() and not Titulaire.objects.exists()
    # The example of the second row is left aside; a formula is a text that no name may be.
    assert sorts() == [(3, "a_verifier"), (4, "prete")] and "des lettres" in dits(3)

    saisie = SaisieGroupee.objects.get()
    for _ in range(3):
        page = deposer.client.post(saisie.get_absolute_url(), follow=True)
    assert "2 brouillons ouverts" in page.text and Candidature.objects.count() == 2
    formule, simple = Candidature.objects.order_by("pk")
    assert formule.saisie == {"personne": {"titulaire-nom_naissance": "=HYPERLINK(1)"}}
    assert simple.titulaire.nom_naissance == "Łukasik" and simple.modalite_acces.endswith(
        "CONTRAT_DE_PROFESSIONNALISATION"
    )
    details = EntreeJournal.objects.de(simple).get(verbe="ouvrir").details
    assert (details["saisie_groupee"], details["ligne"]) == (saisie.pk, 4)
    assert deposer.client.get(reverse("candidatures:saisie", args=[simple.pk, "relecture"])).status_code == 200


def test_une_mauvaise_ligne_n_en_arrete_aucune_et_le_rapport_se_telecharge(acteurs, deposer):
    """Impossible date, unknown CQP, twice the same person, known person, no name: each told on its own row."""
    f.brouillon(acteurs, f.TitulaireFactory.build(nom_naissance="Connue", prenom1="Anne"))
    titres = [*TITRES, "CQP", "Notes"]
    lignes = [
        [*BONNE, "", "à rappeler"],
        ["Jean", "Paul", "31/02/1990", "M", "Mende", "p@example.org", "", ""],
        ["Autre", "Luc", "03/05/1990", "M", "Mende", "", "CQP Inconnu", ""],
        ["Hérail", "JEANNE", "3 mai 1990", "F", "Mende", "", "", ""],
        ["CONNUE", "Anne", "03/05/1990", "F", "Mende", "", "", ""],
        ["", "Sans-nom", "03/05/1990", "F", "Mende", "", "", ""],
        ["Doublet", "Léa", "12/03/85", "F", "Mende", "jean@exemple", "", ""],
    ]
    page = deposer(xlsx(lignes, titres))
    assert sorts() == [(2, "prete"), *((n, "erreur") for n in (3, 4, 5, 6, 7)), (8, "a_verifier")]
    for numero, extrait in (
        (3, "n’existe pas"),
        (4, "CQP inconnu"),
        (5, "déjà plus haut"),
        (6, "a déjà une"),
        (7, "manque"),
    ):
        assert extrait in dits(numero)
    assert "lue 1985" in dits(8) and "Notes" in page.text
    saisie = SaisieGroupee.objects.get()
    rapport = deposer.client.get(reverse("candidatures:annotee", args=[saisie.pk]))
    cellules = list(openpyxl.load_workbook(io.BytesIO(rapport.content)).active.iter_rows(values_only=True))
    assert cellules[0][:3] == ("Ligne", "Résultat", "À corriger") and "n’existe pas" in cellules[2][2]
    deposer.client.post(saisie.get_absolute_url())
    assert [n for n, sort in sorts() if sort == "creee"] == [2, 8]
    assert Candidature.objects.count() == 3


def test_un_lieu_qui_ne_se_reconnait_pas_se_dit_une_fois(deposer):
    """A commune whose code cannot be told, an unknown country, « Vietnam » for « Viêt Nam », a child."""
    lignes = [
        ["Hérail", "Anne", "03/05/1990", "F", "Lyon", "", "France"],
        ["Autre", "Luc", "03/05/1990", "M", "Hanoï", "", "Vietnam"],
        ["Tiers", "Zoé", "03/05/1990", "F", "Minas", "", "Rohan"],
        ["Benjamin", "Noé", f"03/05/{date.today().year - 11}", "M", "Mende", "", "France"],
    ]
    deposer(xlsx(lignes, [*TITRES, "Pays de naissance"]))
    assert sorts() == [(2, "a_verifier"), (3, "prete"), (4, "a_verifier"), (5, "a_verifier")]
    assert "le code sera à choisir" in dits(2) and "moins de 14 ans" in dits(5)
    assert "Pays non reconnu" in dits(4) and "99100" not in dits(4)


def test_le_meme_fichier_deux_fois_n_ouvre_rien_de_plus(acteurs, deposer):
    """Sent again: the same report. Even read again from a row of its own, its key finds the dossier already there."""
    contenu = xlsx([BONNE])
    deposer(contenu)
    premiere = SaisieGroupee.objects.get()
    deposer.client.post(premiere.get_absolute_url())
    assert "déjà déposé ce fichier" in deposer(contenu).text and SaisieGroupee.objects.count() == 1
    deposer(contenu, modalite_acces="")
    seconde = SaisieGroupee.objects.exclude(pk=premiere.pk).get()
    seconde.lignes.update(sort="prete")
    creer(seconde)
    assert Candidature.objects.count() == 1
    assert seconde.lignes.get().candidature == Candidature.objects.get()


def test_un_travail_coupe_se_reprend(acteurs, deposer, monkeypatch):
    """The dry run twice stores its rows once; the creation stopped after one row goes on with the others."""
    from backoffice.candidatures import classeur_import

    deposer(xlsx([BONNE, ["Autre", "Luc", "03/05/1990", "M", "Mende", ""]]))
    saisie, vraie = SaisieGroupee.objects.get(), classeur_import.workflow.ouvrir
    analyser(saisie)
    assert len(sorts()) == 2

    def couper(*arguments):
        if Candidature.objects.exists():
            raise KeyboardInterrupt
        return vraie(*arguments)

    monkeypatch.setattr(classeur_import.workflow, "ouvrir", couper)
    with pytest.raises(KeyboardInterrupt):
        creer(saisie)
    monkeypatch.setattr(classeur_import.workflow, "ouvrir", vraie)
    creer(saisie)
    assert Candidature.objects.count() == 2 and {sort for _, sort in sorts()} == {"creee"}


@pytest.mark.parametrize("titre", ["NIR", "N° sécurité sociale", "RQTH", "IBAN"])
def test_une_colonne_interdite_refuse_le_fichier_dont_rien_ne_reste(deposer, titre):
    page = deposer(xlsx([[*BONNE, "x"]], [*TITRES, titre]))
    assert page.status_code == 422 and "ne doit pas être transmise" in page.text
    assert not SaisieGroupee.objects.exists()


def test_un_numero_de_securite_sociale_egare_est_masque(deposer):
    """In a column of another name: the row is refused, and the number is not stored."""
    deposer(xlsx([[*BONNE, "1 85 05 78 006 084 91"]], [*TITRES, "Observations"]))
    ligne = LigneSaisie.objects.get()
    assert ligne.sort == "erreur" and ligne.brut[-1] == "•••" and "sécurité sociale" in dits(2)


def _bombe() -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for rang in range(7):
            archive.writestr(f"xl/{rang}.xml", b"0" * 10_000_000)
    return sortie.getvalue()


def _entites() -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return sortie.getvalue()


@pytest.mark.parametrize("contenu, extrait", [
    (b"", "vide"),
    (b"PK\x03\x04 abime", "ne s’ouvre pas"),
    (b"\xd0\xcf\x11\xe0 xls", "ancien classeur"),
    (b"\x00\x01binaire", "Ce format n’est pas accepté"),
    (b"Nom;Age\nx;1\n", "ne se trouvent pas"),
    (b"Nom;Prenom\n", "aucune ligne"),
    (b"Nom;Prenom\n" + b"a;b\n" * 2001, "2000 lignes"),
    (_bombe(), "trop grand"),
    (_entites(), "n’est pas un classeur ordinaire"),
])  # fmt: skip
def test_un_fichier_hostile_ou_abime_est_refuse_en_mots(deposer, contenu, extrait):
    """Nothing stored, a sentence that says what to do."""
    page = deposer(contenu)
    assert page.status_code == 422 and extrait in page.text, page.context["form"].errors
    assert not SaisieGroupee.objects.exists()


def test_un_csv_de_tableur_francais_se_lit(deposer):
    """cp1252 with semicolons, as Excel writes it."""
    texte = "Nom;Prénom;Né(e) le\nHÉRAIL;Zoé;12/03/1985\n"
    deposer(texte.encode("cp1252"), "candidats.csv")
    assert sorts() == [(2, "prete")] and LigneSaisie.objects.get().nom == "Zoé HÉRAIL"
    assert LigneSaisie.objects.get().valeurs["civil"]["annee_naissance"] == "1985"


def test_au_dela_de_cent_lignes_le_travail_se_fait_sans_attendre(acteurs, deposer):
    """The worker reads, then creates; the page can be left and found again; one porteur's colleague sees nothing."""
    lignes = [[f"Nom{f.lettres(rang)}", "Luc", "03/05/1990", "M", "Mende", ""] for rang in range(101)]
    assert "Contrôle en cours" in deposer(xlsx(lignes)).text
    travailler()
    saisie = SaisieGroupee.objects.get()
    assert "101 lignes sur 101" in deposer.client.get(saisie.get_absolute_url()).text
    assert "Ouverture des brouillons en cours" in deposer.client.post(saisie.get_absolute_url(), follow=True).text
    saisie.lignes.exclude(numero__in=(2, 3)).delete()
    travailler()
    assert Candidature.objects.count() == 2
    assert "2 brouillons ouverts" in deposer.client.get(saisie.get_absolute_url()).text


def test_le_fichier_est_efface_apres_trente_jours_et_les_dossiers_restent(acteurs, deposer):
    deposer(xlsx([BONNE]))
    saisie = SaisieGroupee.objects.get()
    deposer.client.post(saisie.get_absolute_url())
    assert purger_saisies_groupees().startswith("0")
    SaisieGroupee.objects.update(deposee_le=timezone.now() - timedelta(days=31))
    assert purger_saisies_groupees().startswith("1") and purger_saisies_groupees().startswith("0")
    ligne = LigneSaisie.objects.get()
    assert (ligne.brut, ligne.valeurs, ligne.constats, ligne.nom) == ([], {}, [], "")
    assert "Fichier effacé" in deposer.client.get(saisie.get_absolute_url()).text and Candidature.objects.exists()
