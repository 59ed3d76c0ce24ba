"""The reader of the France compétences flux: what it understands, what it refuses, what it leaves untouched."""

import io
import zipfile
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registre import flux_xml
from registre.france_competences import Fiche, FichierIllisible, lignes_proposees, lire

EXEMPLE = Path(__file__).parent / "donnees" / "flux_v4_1_exemple.xml"
EXTRAIT_REEL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "export_fiches_RNCP_V4_1_extrait.xml"


def flux(corps: str, entete: str = "") -> io.BytesIO:
    return io.BytesIO(f'<?xml version="1.0" encoding="UTF-8"?>{entete}<FICHES>{corps}</FICHES>'.encode())


def archive(*membres: tuple[str, bytes]) -> io.BytesIO:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as contenu:
        for nom, octets in membres:
            contenu.writestr(nom, octets)
    sortie.seek(0)
    return sortie


@pytest.fixture(scope="module")
def fiches():
    return {fiche.numero: fiche for fiche in lire(EXEMPLE)}


def test_les_fiches_sont_rendues_dans_l_ordre_du_fichier():
    assert [f.numero for f in lire(EXEMPLE)] == [
        "RNCP99001",
        "RNCP98001",
        "RS99002",
        "RNCP99004",
    ]


def test_les_dates_la_duree_et_le_niveau_sont_lus(fiches):
    fiche = fiches["RNCP99001"]
    assert fiche.repertoire == "rncp"
    assert (fiche.date_decision, fiche.duree_enregistrement, fiche.niveau) == (
        date(2025, 9, 24),
        5,
        3,
    )
    assert (fiche.date_effet, fiche.date_fin_enregistrement) == (
        date(2025, 9, 25),
        date(2030, 9, 24),
    )
    assert fiche.date_limite_delivrance == date(2034, 9, 24)
    assert fiche.actif is True


def test_une_fiche_inactive_reste_delivrable_jusqu_a_sa_date_limite(fiches):
    fiche = fiches["RNCP98001"]
    assert fiche.actif is False
    assert fiche.date_limite_delivrance > fiche.date_fin_enregistrement


def test_l_intitule_garde_ses_apostrophes_droites_et_typographiques(fiches):
    assert fiches["RNCP99001"].intitule == "CQP Tailleur d'ardoises d’exemple"


def test_les_trois_codes_nsf_sont_lus_sans_les_espaces_insecables(fiches):
    assert [c.code for c in fiches["RNCP99001"].nsf] == ["232", "232s", "232v"]


def test_le_texte_reste_tel_quel_et_seule_une_proposition_le_decoupe(fiches):
    texte = fiches["RNCP99001"].activites_visees
    assert "chantier\u00a0\u00a0 - Trier" in texte
    assert lignes_proposees(texte) == [
        "Préparer le chantier",
        "Trier, fendre et tailler l'ardoise",
        "Poser l’ardoise au clou ou au crochet",
    ]
    assert lignes_proposees(fiches["RS99002"].capacites_attestees)[0] == "Installer un amarrage"


def test_un_texte_fait_de_puces_seules_compte_pour_absent(fiches):
    assert fiches["RNCP99001"].reglementation == ""


def test_un_certificateur_sans_siret_ecrit_de_deux_facons_n_est_garde_qu_une_fois(
    fiches,
):
    certificateurs = fiches["RNCP99001"].certificateurs
    assert [(c.siret, c.actif) for c in certificateurs] == [
        ("73282932000074", True),
        ("", True),
    ]
    assert certificateurs[0].nom_commercial == "Ardoisiers d’exemple"
    assert any("figure deux fois" in a for a in fiches["RNCP99001"].avertissements)


def test_deux_etablissements_actifs_de_meme_nom_restent_deux():
    un = (
        "<CERTIFICATEUR><SIRET_CERTIFICATEUR>{}</SIRET_CERTIFICATEUR>"
        "<NOM_CERTIFICATEUR>X</NOM_CERTIFICATEUR></CERTIFICATEUR>"
    )
    corps = un.format("73282932000074") + un.format("12002701600563")
    (fiche,) = lire(flux(f"<FICHE><CERTIFICATEURS>{corps}</CERTIFICATEURS></FICHE>"))
    assert [c.siret for c in fiche.certificateurs] == [
        "73282932000074",
        "12002701600563",
    ]


def test_l_etablissement_actif_l_emporte_sur_son_homonyme_inactif():
    ligne = (
        "<CERTIFICATEUR><SIRET_CERTIFICATEUR>{}</SIRET_CERTIFICATEUR><NOM_CERTIFICATEUR>CCI</NOM_CERTIFICATEUR>"
        "<ETAT_CERTIFICATEUR>{}</ETAT_CERTIFICATEUR></CERTIFICATEUR>"
    )
    corps = ligne.format("73282932000074", "Inactif") + ligne.format("12002701600563", "Actif")
    (fiche,) = lire(flux(f"<FICHE><CERTIFICATEURS>{corps}</CERTIFICATEURS></FICHE>"))
    assert [(c.siret, c.actif) for c in fiche.certificateurs] == [("12002701600563", True)]


def test_un_siret_faux_n_est_pas_repris_et_le_lecteur_est_prevenu(fiches):
    assert [c.siret for c in fiches["RS99002"].certificateurs] == ["", ""]
    assert any("12345678901234" in a for a in fiches["RS99002"].avertissements)


def test_une_fiche_sans_certificateur_est_signalee(fiches):
    assert fiches["RNCP98001"].certificateurs == ()
    assert any("aucun certificateur" in a for a in fiches["RNCP98001"].avertissements)


def test_un_code_de_bloc_repete_et_les_correspondances_ne_font_pas_de_bloc(fiches):
    blocs = fiches["RNCP99001"].blocs
    assert [b.code for b in blocs] == ["RNCP99001BC01", "RNCP99001BC02", "01"]
    assert blocs[1].libelle == "Tailler et poser l’ardoise"


def test_un_bloc_facultatif_se_reconnait_a_son_libelle(fiches):
    assert [b.facultatif for b in fiches["RNCP99001"].blocs] == [False, False, True]


def test_une_fiche_rs_n_a_ni_bloc_ni_niveau_mais_dit_si_la_reussite_peut_etre_partielle(
    fiches,
):
    fiche = fiches["RS99002"]
    assert (fiche.repertoire, fiche.blocs, fiche.niveau) == ("rs", (), None)
    assert fiche.validation_partielle is False
    assert fiches["RNCP99001"].validation_partielle is None


def test_seules_les_voies_ouvertes_sont_lues(fiches):
    assert [v.code for v in fiches["RNCP99001"].voies] == ["FC", "CQ", "VAE"]
    assert fiches["RNCP99001"].voies[0].composition_jury == "Deux représentants par collège"


def test_la_filiation_porte_des_numeros_et_peut_avoir_deux_successeurs(fiches):
    assert fiches["RNCP98001"].nouvelles == ("RNCP99001", "RS99002")
    assert fiches["RNCP99001"].anciennes == ("RNCP98001",)


def test_le_sigle_cqp_se_lit_dans_l_intitule_et_le_cqpi_aussi(fiches):
    assert all(f.est_un_cqp for f in fiches.values())
    assert (fiches["RS99002"].nature, fiches["RNCP99001"].nature) == ("CQPI", "CQP")
    (fiche,) = lire(flux("<FICHE><INTITULE>CQP contrôleur Technique VL</INTITULE></FICHE>"))
    assert fiche.est_un_cqp
    (fiche,) = lire(flux("<FICHE><INTITULE>Assistant CQP</INTITULE></FICHE>"))
    assert not fiche.est_un_cqp


def test_les_partenaires_ne_sont_pas_lus():
    """Some are natural persons: what is not read cannot be published again."""
    assert not [champ.name for champ in fields(Fiche) if "partenaire" in champ.name]


def test_l_adresse_de_description_n_est_qu_un_texte(fiches):
    assert "javascript:" in fiches["RNCP99001"].lien_description


def test_une_fiche_fautive_porte_ses_erreurs_sans_arreter_la_lecture(fiches):
    erreurs = " ".join(fiches["RNCP99004"].erreurs)
    assert "31/02/2025" in erreurs and "NIV12" in erreurs
    assert fiches["RNCP99004"].date_decision is None


def test_seuls_les_numeros_demandes_sont_rendus():
    assert [f.numero for f in lire(EXEMPLE, ["RS99002", "RNCP1"])] == ["RS99002"]


def test_la_lecture_s_arrete_quand_tous_les_numeros_sont_trouves():
    """The end of the file is not read at all: here it would fail."""
    octets = b"<FICHES><FICHE><NUMERO_FICHE>RNCP1</NUMERO_FICHE></FICHE>" + b" " * 100_000 + b"</PAS_LE_BON>"
    assert [f.numero for f in lire(io.BytesIO(octets), {"RNCP1"})] == ["RNCP1"]
    with pytest.raises(FichierIllisible):
        list(lire(io.BytesIO(octets)))


def test_la_memoire_est_rendue_apres_chaque_fiche():
    """Out of 20,000 fiches, never more than a read buffer's worth hangs under the root."""
    corps = "".join(f"<FICHE><NUMERO_FICHE>RNCP{n}</NUMERO_FICHE></FICHE>" for n in range(20_000))
    presentes = [len(element.getparent()) for element in flux_xml.elements(flux(corps))]
    assert len(presentes) == 20_000
    assert max(presentes) < 2_000


def test_une_archive_d_un_seul_xml_se_lit_comme_le_fichier():
    lues = list(lire(archive(("export.xml", EXEMPLE.read_bytes()), ("lisez-moi.txt", b"rien"))))
    assert lues == list(lire(EXEMPLE))


@pytest.mark.parametrize(
    ("membres", "mot"),
    [
        ([("a.txt", b"rien")], "un seul fichier XML"),
        ([("a.xml", b"<FICHES/>"), ("b.xml", b"<FICHES/>")], "un seul fichier XML"),
        ([("../a.xml", b"<FICHES/>")], "chemin interdit"),
        ([("/etc/a.xml", b"<FICHES/>")], "chemin interdit"),
        ([("..\\a.xml", b"<FICHES/>")], "chemin interdit"),
        ([("a.xml", b"<FICHES>" + b" " * 5_000_000 + b"</FICHES>")], "compression"),
    ],
)
def test_une_archive_piegee_est_refusee(membres, mot):
    with pytest.raises(FichierIllisible, match=mot):
        list(lire(archive(*membres)))


def test_une_archive_qui_ment_sur_sa_taille_est_refusee():
    """The announced size is lowered by hand: the reader stops instead of inflating without end."""
    octets = archive(("a.xml", EXEMPLE.read_bytes())).getvalue()
    taille = len(EXEMPLE.read_bytes()).to_bytes(4, "little")
    with pytest.raises(FichierIllisible):
        list(lire(io.BytesIO(octets.replace(taille, (100).to_bytes(4, "little")))))


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE FICHES [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE FICHES [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE FICHES SYSTEM "http://example.org/fiches.dtd">',
    ],
)
def test_un_fichier_qui_porte_une_dtd_est_refuse(dtd):
    with pytest.raises(FichierIllisible, match="DTD"):
        list(lire(flux("<FICHE><NUMERO_FICHE>RNCP1</NUMERO_FICHE></FICHE>", dtd)))


@pytest.mark.parametrize("octets", [b"", b"pas du XML", b"<FICHES><FICHE>", b"PK\x03\x04abimee", b"<AUTRE/>"])
def test_un_fichier_qui_n_est_pas_un_flux_est_refuse_par_une_phrase(octets):
    with pytest.raises(FichierIllisible, match=r"\.$"):
        list(lire(io.BytesIO(octets)))


def test_un_fichier_absent_est_refuse_par_une_phrase(tmp_path):
    with pytest.raises(FichierIllisible, match="ne peut pas être ouvert"):
        list(lire(tmp_path / "absent.xml"))


@given(
    st.lists(
        st.from_regex(r"[A-Za-zÀ-ÿ]{2,8}( [a-zà-ÿ]{2,8}){0,4}", fullmatch=True),
        max_size=8,
    ),
    st.integers(2, 8),
)
def test_les_lignes_separees_par_des_suites_d_espaces_se_retrouvent(lignes, largeur):
    assert lignes_proposees((" " * largeur).join(lignes)) == lignes


def test_l_extrait_authentique_se_lit_en_entier():
    """Five genuine fiches of the export of 16/08/2026; not shipped with the project."""
    if not EXTRAIT_REEL.exists():
        pytest.skip(f"skip: {EXTRAIT_REEL.name} absent, dossier ../shared non fourni avec le projet")
    fiches = {f.numero: f for f in lire(EXTRAIT_REEL)}
    assert sorted(fiches) == [
        "RNCP35419",
        "RNCP35809",
        "RNCP36612",
        "RNCP37488",
        "RNCP40344",
    ]
    assert not any(f.erreurs for f in fiches.values())
    assert not any(f.est_un_cqp for f in fiches.values())
    assert [b.code for b in fiches["RNCP40344"].blocs] == [f"RNCP40344BC0{n}" for n in range(1, 5)]
    assert fiches["RNCP40344"].date_limite_delivrance == date(2032, 3, 28)
    assert [(c.nom, c.siret) for c in fiches["RNCP40344"].certificateurs][1] == (
        "SNVEL",
        "",
    )
    assert fiches["RNCP37488"].lien_description == ""
    assert fiches["RNCP35419"].nouvelles == ("RNCP42147",)
