"""The command that brings fiches of France compétences into the registry: dry by default, honest, repeatable."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registre.models import Bloc, Certification, EntreeJournal, Filiere, Organisme, VersionCertification

pytestmark = pytest.mark.django_db

FLUX = Path(__file__).parent / "donnees" / "flux_v4_1_exemple.xml"
CORRECTES = ["RNCP99001", "RNCP98001", "RS99002"]


def importer(*numeros, fichier=FLUX, **options) -> str:
    sortie = StringIO()
    call_command(
        "importer_france_competences", str(fichier), numeros=list(numeros), stdout=sortie, stderr=sortie, **options
    )
    return sortie.getvalue()


def modifier(tmp_path, *remplacements) -> Path:
    texte = FLUX.read_text(encoding="utf-8")
    for avant, apres in remplacements:
        assert avant in texte
        texte = texte.replace(avant, apres)
    fichier = tmp_path / "export-fiches-rncp-v4-1-2026-10-03.xml"
    fichier.write_text(texte, encoding="utf-8")
    return fichier


def test_l_essai_a_blanc_dit_tout_et_n_ecrit_rien():
    texte = importer("RNCP99001")
    assert "nouvelle version" in texte
    assert "fin d’enregistrement\u202f: (vide) → 24/09/2030" in texte
    assert "rien n’a été écrit" in texte
    assert not VersionCertification.objects.exists()
    assert not Organisme.objects.exists()
    assert not Filiere.objects.exists()
    assert not EntreeJournal.objects.exists()


def test_l_essai_a_blanc_annonce_exactement_ce_que_l_ecriture_fait():
    a_blanc = importer(*CORRECTES).splitlines()
    assert importer(*CORRECTES, reel=True).splitlines() == a_blanc[:-1]


def test_une_fiche_rncp_entre_entiere_au_registre():
    importer("RNCP99001", reel=True)
    version = VersionCertification.objects.get(numero="RNCP99001")
    assert (version.repertoire, version.niveau, version.niveau_cec) == ("rncp", 3, 3)
    assert (version.date_decision, version.duree_enregistrement) == (date(2025, 9, 24), 5)
    assert version.date_limite_delivrance == date(2034, 9, 24)
    assert [c.code for c in version.codes.filter(nomenclature="nsf")] == ["232", "232s", "232v"]
    assert set(version.voies.values_list("voie", flat=True)) == {"FC", "CQ", "VAE"}
    assert [(b.code, b.facultatif) for b in version.blocs.all()] == [
        ("RNCP99001BC01", False),
        ("RNCP99001BC02", False),
        ("01", True),
    ]
    assert version.certification.slug == "tailleur-dardoises-dexemple"
    assert version.certification.intitule_usuel == "Tailleur d'ardoises d’exemple"
    assert version.certification.porteur.siret == "73282932000074"
    assert [o.siret for o in version.certificateurs] == ["", "73282932000074"]


def test_les_competences_ne_sont_jamais_creees_a_partir_du_texte_aplati():
    texte = importer("RNCP99001", reel=True)
    bloc = Bloc.objects.get(code="RNCP99001BC01")
    assert bloc.liste_competences.count("      ") == 1
    assert not bloc.competences.exists()
    assert "Bloc RNCP99001BC01\u202f: compétences à saisir (2 lignes proposées)." in texte


def test_une_seconde_execution_n_a_rien_a_changer():
    importer(*CORRECTES, reel=True)
    entrees = EntreeJournal.objects.count()
    texte = importer(*CORRECTES, reel=True)
    assert texte.count("rien à changer") == 3
    assert "→" not in texte
    assert EntreeJournal.objects.count() == entrees


def test_un_rafraichissement_montre_chaque_difference_avant_et_apres(tmp_path):
    importer("RNCP99001", reel=True)
    fichier = modifier(
        tmp_path,
        ("<INTITULE>CQP Tailleur d'ardoises d’exemple<", "<INTITULE>CQP Tailleur d’ardoises d’exemple<"),
        ("<DATE_FIN_ENREGISTREMENT>24/09/2030<", "<DATE_FIN_ENREGISTREMENT>24/09/2031<"),
        ("Préparer un chantier de couverture en ardoise", "Préparer le chantier"),
    )
    texte = importer("RNCP99001", fichier=fichier, reel=True)
    assert "3 différence(s)" in texte
    assert "fin d’enregistrement\u202f: 24/09/2030 → 24/09/2031" in texte
    version = VersionCertification.objects.get(numero="RNCP99001")
    assert version.intitule == "CQP Tailleur d’ardoises d’exemple"
    assert version.blocs.get(code="RNCP99001BC01").libelle == "Préparer le chantier"
    assert version.source_date == date(2026, 10, 3)
    assert "export du 03/10/2026" in version.source


def test_ce_que_le_flux_ne_dit_pas_n_efface_rien(tmp_path):
    importer("RNCP99001", reel=True)
    fichier = modifier(
        tmp_path,
        ("<DATE_LIMITE_DELIVRANCE>24/09/2034</DATE_LIMITE_DELIVRANCE>", ""),
        ("<SECTEURS_ACTIVITE>Entreprises de couverture, du bâti ancien notamment.</SECTEURS_ACTIVITE>", ""),
    )
    assert "rien à changer" in importer("RNCP99001", fichier=fichier, reel=True)
    version = VersionCertification.objects.get(numero="RNCP99001")
    assert version.date_limite_delivrance == date(2034, 9, 24)
    assert version.secteurs_activite


def test_un_bloc_et_un_certificateur_disparus_de_la_fiche_restent_et_sont_signales(tmp_path):
    importer("RNCP99001", reel=True)
    fichier = modifier(
        tmp_path,
        ("<CODE>01</CODE>", "<CODE>02</CODE>"),
        ("d’exemple du Bâtiment et des Travaux Publics", "d’une autre branche"),
        ("CPNE conjointes d'exemple du Bâtiment et des Travaux publics", "CPNE conjointes d’une autre branche"),
    )
    texte = importer("RNCP99001", fichier=fichier, reel=True)
    version = VersionCertification.objects.get(numero="RNCP99001")
    assert "Le bloc 01 n’est plus dans la fiche" in texte
    assert "La fiche ne nomme plus «\u202fCPNE conjointes d’exemple" in texte
    assert version.blocs.filter(code__in=["01", "02"]).count() == 2
    assert len(version.certificateurs) == 3


def test_un_bloc_rendu_facultatif_a_la_main_le_reste():
    importer("RNCP99001", reel=True)
    Bloc.objects.filter(code="RNCP99001BC02").update(facultatif=True)
    assert "rien à changer" in importer("RNCP99001", reel=True)
    assert Bloc.objects.get(code="RNCP99001BC02").facultatif


def test_les_certificateurs_se_retrouvent_par_siret_sinon_par_leur_nom_plie():
    siret = Organisme.objects.create(raison_sociale="Autre nom du même organisme", siret="73282932000074")
    cpne = Organisme.objects.create(raison_sociale="CPNE CONJOINTES D'EXEMPLE du batiment et des travaux publics")
    importer("RNCP99001", "RS99002", reel=True)
    assert set(VersionCertification.objects.get(numero="RNCP99001").certificateurs) == {siret, cpne}
    assert VersionCertification.objects.get(numero="RS99002").certificateurs[0] == cpne
    assert Organisme.objects.count() == 3


def test_un_organisme_connu_sans_siret_recoit_le_sien_et_le_rapport_le_dit():
    connu = Organisme.objects.create(raison_sociale="Association d’exemple des ardoisiers")
    texte = importer("RNCP99001", reel=True)
    connu.refresh_from_db()
    assert connu.siret == "73282932000074"
    assert "SIRET de «\u202fAssociation d’exemple des ardoisiers\u202f»" in texte


@pytest.mark.parametrize("ordre", [["RNCP98001", "RNCP99001"], ["RNCP99001", "RNCP98001"]])
def test_la_filiation_se_dessine_quel_que_soit_l_ordre_et_partage_la_famille(ordre):
    """RNCP98001 names no certificateur: alone it would be refused, its successor gives it a family."""
    for numero in ["RNCP99001", *ordre]:
        importer(numero, reel=True)
    nouvelle = VersionCertification.objects.get(numero="RNCP99001")
    ancienne = VersionCertification.objects.get(numero="RNCP98001")
    assert list(nouvelle.succede_a.all()) == [ancienne]
    assert nouvelle.certification == ancienne.certification


def test_une_fiche_rncp_remplacee_par_une_fiche_rs_reste_dans_la_famille():
    importer(*CORRECTES, reel=True)
    assert Certification.objects.count() == 1
    ancienne = VersionCertification.objects.get(numero="RNCP98001")
    assert {v.numero for v in ancienne.successeurs.all()} == {"RNCP99001", "RS99002"}


def test_un_intitule_deja_pris_ne_fait_pas_confondre_deux_certifications():
    filiere = Filiere.objects.create(libelle="Couverture", slug="couverture")
    porteur = Organisme.objects.create(raison_sociale="Un porteur d’exemple")
    homonyme = Certification.objects.create(
        slug="tailleur-dardoises-dexemple", intitule_usuel="Homonyme", filiere=filiere, porteur=porteur
    )
    texte = importer("RNCP99001", reel=True)
    assert "relancez avec --famille tailleur-dardoises-dexemple" in texte
    assert VersionCertification.objects.get(numero="RNCP99001").certification != homonyme


def test_une_fiche_se_rattache_a_la_certification_demandee():
    filiere = Filiere.objects.create(libelle="Couverture", slug="couverture")
    porteur = Organisme.objects.create(raison_sociale="Un porteur d’exemple")
    famille = Certification.objects.create(slug="ardoise", intitule_usuel="Ardoise", filiere=filiere, porteur=porteur)
    importer("RNCP99001", famille="ardoise", reel=True)
    assert famille.versions.get().numero == "RNCP99001"


def test_les_blocs_d_exemple_cedent_la_place_aux_vrais():
    importer("RNCP99001", reel=True)
    VersionCertification.objects.update(blocs_exemple=True)
    importer("RNCP99001", reel=True)
    assert not VersionCertification.objects.get().blocs_exemple


def test_les_competences_d_exemple_restent_marquees_comme_telles():
    importer("RNCP99001", reel=True)
    VersionCertification.objects.update(blocs_exemple=True)
    Bloc.objects.get(code="RNCP99001BC01").competences.create(code="C1", libelle="Donnée en exemple")
    assert "à reprendre à la main" in importer("RNCP99001", reel=True)
    assert VersionCertification.objects.get().blocs_exemple


def test_une_fiche_fautive_n_empeche_pas_les_autres_et_la_commande_echoue(tmp_path):
    """RNCP99004 has an impossible date; RNCP98001 has neither certificateur nor, here, a known relative."""
    fichier = modifier(
        tmp_path,
        ("CERTIFICATION>RNCP99001<", "CERTIFICATION>RNCP1<"),
        ("CERTIFICATION>RNCP98001<", "CERTIFICATION>RNCP2<"),
    )
    with pytest.raises(CommandError, match=r"2 fiche\(s\) sur 3"):
        importer("RNCP99004", "RNCP99001", "RNCP98001", reel=True, fichier=fichier)
    assert set(VersionCertification.objects.values_list("numero", flat=True)) == {"RNCP99001"}


def test_un_numero_absent_du_fichier_est_dit_et_la_commande_echoue():
    sortie = StringIO()
    with pytest.raises(CommandError):
        call_command("importer_france_competences", str(FLUX), numeros=["RNCP1"], stdout=sortie, stderr=sortie)
    assert "RNCP1\u202f: absent de ce fichier." in sortie.getvalue()


def test_un_fichier_illisible_est_refuse_par_une_phrase(tmp_path):
    (tmp_path / "faux.xml").write_bytes(b"<html/>")
    with pytest.raises(CommandError, match="n’est pas un flux"):
        importer("RNCP99001", fichier=tmp_path / "faux.xml")


def test_un_intitule_trop_long_refuse_la_fiche_en_francais(tmp_path):
    fichier = modifier(tmp_path, ("CQP Tailleur d'ardoises d’exemple", "CQP " + "très " * 100 + "long"))
    sortie = StringIO()
    with pytest.raises(CommandError):
        call_command(
            "importer_france_competences", str(fichier), numeros=["RNCP99001"], reel=True, stdout=sortie, stderr=sortie
        )
    assert "400" in sortie.getvalue()
    assert not VersionCertification.objects.exists()


class TestCorrectionsALaMain:
    """What a person corrected stays, whatever the way it was corrected; the difference is told each time."""

    def test_une_correction_reste_et_l_ecart_est_dit(self, tmp_path):
        """A title put right by hand is not the fiche's any more."""
        importer("RNCP99001", reel=True)
        VersionCertification.objects.update(intitule="CQP Tailleur d’ardoises")
        texte = importer("RNCP99001", reel=True)
        assert VersionCertification.objects.get().intitule == "CQP Tailleur d’ardoises"
        assert "gardé (corrigé à la main)\u202f: intitulé exact\u202f: CQP Tailleur d’ardoises" in texte
        assert "rien à changer" in texte

    def test_ce_que_nul_n_a_corrige_suit_la_fiche(self, tmp_path):
        """One field corrected, another renewed by the fiche: each has its way."""
        importer("RNCP99001", reel=True)
        VersionCertification.objects.update(intitule="CQP Tailleur d’ardoises")
        fichier = modifier(tmp_path, ("<DATE_FIN_ENREGISTREMENT>24/09/2030<", "<DATE_FIN_ENREGISTREMENT>24/09/2031<"))
        importer("RNCP99001", fichier=fichier, reel=True)
        version = VersionCertification.objects.get()
        assert (version.intitule, version.date_fin_enregistrement) == ("CQP Tailleur d’ardoises", date(2031, 9, 24))

    def test_on_peut_rendre_la_main_a_la_fiche(self):
        """Asked for by number: the fiche wins again, and goes on winning."""
        importer("RNCP99001", reel=True)
        VersionCertification.objects.update(intitule="CQP Tailleur")
        importer("RNCP99001", ecraser=["RNCP99001"], reel=True)
        assert VersionCertification.objects.get().intitule == "CQP Tailleur d'ardoises d’exemple"
        assert "gardé (corrigé" not in importer("RNCP99001")

    def test_une_version_saisie_a_la_main_n_est_pas_ecrasee(self):
        """No import ever wrote it: what it says was typed by a person; what it leaves blank comes from the fiche."""
        importer("RNCP99001", reel=True)
        VersionCertification.objects.update(empreintes_du_flux={}, niveau=4, secteurs_activite="")
        importer("RNCP99001", reel=True)
        version = VersionCertification.objects.get()
        assert version.niveau == 4
        assert version.secteurs_activite.startswith("Entreprises de couverture")

    def test_un_texte_efface_un_bloc_et_une_voie_retires_ne_reviennent_pas(self):
        """To take away is to correct as well."""
        importer("RNCP99001", reel=True)
        version = VersionCertification.objects.get()
        VersionCertification.objects.update(secteurs_activite="")
        version.blocs.get(code="01").delete()
        version.voies.get(voie="VAE").delete()
        version.codes.get(code="232v").delete()
        texte = importer("RNCP99001", reel=True)
        version.refresh_from_db()
        assert version.secteurs_activite == ""
        assert not version.blocs.filter(code="01").exists() and not version.voies.filter(voie="VAE").exists()
        assert version.codes.filter(nomenclature="nsf").count() == 2
        assert texte.count("gardé (corrigé à la main)") == 4


def test_une_fiche_qui_n_est_plus_publiee_se_signale(tmp_path):
    """« Dépubliée » does not mean false: it enters, and the reader is told."""
    fichier = modifier(tmp_path, ("<ETAT_FICHE>Publiée<", "<ETAT_FICHE>Dépubliée/Archivée<"))
    assert "Dépubliée/Archivée" in importer("RNCP99001", fichier=fichier)


class TestChoix:
    """Fiches are found by number, by the words of their title, by their certificateur."""

    @pytest.mark.parametrize(
        "choix, attendus",
        [
            ({"titre": "TAILLEUR d ardoises"}, {"RNCP99001", "RNCP98001"}),
            ({"certificateur": "ardoisiers"}, {"RNCP99001"}),
            ({"certificateur": "73282932000074"}, {"RNCP99001"}),
            ({"certificateur": "cpne conjointes", "titre": "ardoises"}, {"RNCP99001"}),
            ({"certificateur": "ardoisiers", "titre": "soudeur"}, set()),
        ],
    )
    def test_par_mots(self, choix, attendus):
        """Accents, case and apostrophes do not count; both criteria together narrow."""
        texte = importer(**choix)
        assert {numero for numero in (*CORRECTES, "RNCP99004") if f"{numero} –" in texte} == attendus
        assert attendus or "Aucune fiche" in texte

    def test_toutes_celles_du_registre(self):
        """A nightly refresh names nothing: what is held is looked for, what is absent stays."""
        importer("RNCP99001", reel=True)
        assert "RNCP99001" in importer(deja_au_registre=True)

    def test_sans_choix_rien_n_est_lu(self):
        """A whole register is never taken by accident."""
        with pytest.raises(CommandError, match="Dites quelles fiches"):
            importer()
