"""The page of a CQP says what the registry says today, and only what is true of this CQP."""

import json
import re
from datetime import date

import pytest
from django.utils.html import strip_tags

from home.depart.arbre import ecrire_page_cqp
from registre.models import Bloc, CodeNomenclature, Competence, OptionCertification, VersionCertification

from .exemples import creer_cqp, creer_version, jours, publier

pytestmark = pytest.mark.django_db


def lire(client, adresse="/cqp/couvreur-lauzier/"):
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return reponse.content.decode()


def contenu(html):
    """What a reader reads in the page itself, header and foot apart."""
    principal = html[html.index("<main") : html.index("</main>")]
    return " ".join(strip_tags(principal.replace("<", " <")).split())


def json_ld(html):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])


def test_les_faits_viennent_du_registre(client):
    """Exact title, number linked to the official fiche, level and EQF, dates, ways, certificateur, compétences."""
    creer_cqp(date_fin_enregistrement=date(2090, 9, 24), duree_enregistrement=5)
    publier()
    html = lire(client)
    texte = contenu(html)
    assert 'href="https://www.francecompetences.fr/recherche/rncp/41346/"' in html
    for attendu in (
        "CQP Couvreur lauzier",
        "3 du cadre national, 3 du cadre européen",
        "par décision du 24 septembre 2025, pour 5 ans",
        "Enregistré et délivrable jusqu’au 24 septembre 2090",
        "Formation continue, validation des acquis de l’expérience",
        "CPNE conjointes du bâtiment et des travaux publics",
        "Lire un plan de toiture",
        "contact@example.org",
    ):
        assert attendu in texte


def test_une_correction_du_registre_se_voit_aussitot(client):
    """Nothing is copied in the page: a title corrected in the registry is the title shown."""
    certification = creer_cqp()
    publier()
    lire(client)
    certification.versions.update(intitule="CQP Couvreur lauzier schiste")
    assert "CQP Couvreur lauzier schiste</h1>" in lire(client)


def test_un_cqp_de_branche_ne_parle_ni_de_niveau_ni_de_rncp(client):
    """Only the RNCP gives a level: the page of a branch-only CQP speaks of neither (reference of the State)."""
    creer_cqp(repertoire="branche", voies=("FC",), date_decision=date(2022, 12, 8))
    publier()
    html = lire(client)
    texte = contenu(html).lower()
    assert "cqp de branche" in texte and "8 décembre 2022" in texte
    for interdit in ("niveau", "rncp", "france compétences", "répertoire", "vae"):
        assert interdit not in texte
    donnees = json_ld(html)
    assert not {"educationalLevel", "recognizedBy", "identifier"} & set(donnees)


def test_une_version_echue_previent_et_mene_a_celle_qui_la_remplace(client):
    """The end of registration is said, the successor linked, and nobody is invited to begin."""
    ancien = creer_cqp("cordiste", "CQP Ouvrier cordiste", numero="RNCP34370", date_fin_enregistrement=jours(-400))
    nouveau = creer_cqp("cordes", "CQP Travailler sur cordes", repertoire="rs", numero="RS6610")
    nouveau.versions.get().succede_a.add(ancien.versions.get())
    publier()
    html = lire(client, "/cqp/cordiste/")
    texte = contenu(html)
    assert "Ce CQP n’accueille plus de nouveaux candidats" in texte
    assert "n’est plus délivré" in texte
    assert 'href="/cqp/cordes/"' in html and "Voir le CQP qui le remplace" in texte
    assert "Ouvrir un dossier" not in texte and "Comment l’obtenir" not in texte
    assert "CQP Ouvrier cordiste (RNCP34370)" in contenu(lire(client, "/cqp/cordes/"))


def test_une_version_echue_encore_delivrable_le_dit(client):
    """« Actif » is not « délivrable »: candidates already engaged learn until when they may finish."""
    creer_cqp(date_fin_enregistrement=jours(-10), date_limite_delivrance=date(2090, 6, 1))
    publier()
    texte = contenu(lire(client))
    assert "Un jury peut encore le délivrer jusqu’au 1er juin 2090" in texte
    assert "Comment l’obtenir" in texte and "Ouvrir un dossier" not in texte


def test_un_renouvellement_change_la_fiche_sans_changer_l_adresse(client):
    """The newest running version is shown at the same address; the former stays in the timeline."""
    certification = creer_cqp(numero="RNCP27062", date_fin_enregistrement=jours(-400))
    publier()
    creer_version(certification, numero="RNCP35654", niveau=4, niveau_cec=4)
    html = lire(client)
    assert "recherche/rncp/35654/" in html
    assert "RNCP27062" in contenu(html)
    assert "n’accueille plus" not in html


def test_des_blocs_d_exemple_sont_dits_d_exemple(client):
    """Invented blocs never pass for the référentiel, neither on the page nor in what machines read."""
    creer_cqp(blocs_exemple=True)
    publier()
    html = lire(client)
    assert "donnés en exemple" in contenu(html)
    assert "competencyRequired" not in json_ld(html)


def test_options_blocs_facultatifs_et_metiers_se_lisent(client):
    """Options, optional blocs, text of the fiche when compétences are not split, ROME codes."""
    version = creer_cqp().versions.get()
    option = OptionCertification.objects.create(version=version, libelle="Enrobés")
    Bloc.objects.create(version=version, code="BC02", libelle="Poser", ordre=2, option=option, facultatif=True)
    Bloc.objects.create(version=version, code="BC03", libelle="Trier", liste_competences="Trier la lauze", ordre=3)
    CodeNomenclature.objects.create(version=version, nomenclature="rome", code="F1610", libelle="Pose de couvertures")
    version.emplois_accessibles = "Couvreur lauzier"
    version.save()
    publier()
    texte = contenu(lire(client))
    for attendu in ("Option Enrobés", "Facultatif", "Trier la lauze", "F1610 Pose de couvertures"):
        assert attendu in texte


def test_les_donnees_structurees_resistent_a_un_texte_hostile(client):
    """A title cannot close the script element, and machines read it back unchanged."""
    piege = "CQP </script><script>alert(1)</script> & Cie"
    certification = creer_cqp()
    certification.versions.update(intitule=piege)
    publier()
    html = lire(client)
    assert "<script>alert" not in html
    donnees = json_ld(html)
    assert donnees["@type"] == "EducationalOccupationalCredential"
    assert donnees["name"] == piege
    assert donnees["identifier"]["value"] == "RNCP41346"


def test_l_editeur_entoure_les_faits_sans_les_remplacer(client):
    """The editor's words and the registry's facts stand on one page; a second text does not erase the first."""
    certification = creer_cqp()
    publier()
    ecrire_page_cqp(certification, pourquoi="Parce que la pierre dure & tient.", pour_qui="Les couvreurs.")
    ecrire_page_cqp(certification, pourquoi="Autre chose", pour_qui="Personne")
    texte = contenu(lire(client))
    assert "la pierre dure &amp; tient" in texte and "Autre chose" not in texte
    assert "RNCP41346" in texte


def test_un_cqp_sans_version_a_deja_une_page(client):
    """A certification just created in the registry, without any version, answers with its porteur's contact."""
    certification = creer_cqp()
    VersionCertification.objects.all().delete()
    publier()
    texte = contenu(lire(client))
    assert "Fiche en préparation" in texte and str(certification.porteur.raison_sociale) in texte
    assert client.get("/cqp/").status_code == 200


def test_le_nombre_de_requetes_ne_depend_pas_de_la_taille_de_la_fiche(client, django_assert_max_num_queries):
    """Twelve queries at most, the same for one bloc and one version as for twenty blocs and four versions."""
    certification = creer_cqp()
    publier()
    lire(client)
    Bloc.objects.update(libelle="Modifié")
    with django_assert_max_num_queries(12) as petite:
        lire(client)
    version = certification.versions.get()
    for rang in range(2, 22):
        bloc = Bloc.objects.create(version=version, code=f"BC{rang:02}", libelle=f"Bloc {rang}", ordre=rang)
        Competence.objects.create(bloc=bloc, code="C1", libelle="Faire", ordre=1)
    for rang in range(3):
        creer_version(certification, numero=f"RNCP{rang + 1}", date_fin_enregistrement=jours(-100 * (rang + 1)))
    with django_assert_max_num_queries(12) as grande:
        assert len(lire(client).encode()) <= 50_000
    assert len(grande) == len(petite)
