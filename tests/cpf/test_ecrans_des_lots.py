"""Screens of the lots and of what follows them: choice, dry run, several accusés, suppressions, corrections, proofs."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cpf import accrochage
from cpf.models import DemandeCDC, LotCPF, SuppressionManuelle

from . import fabrique
from .test_ecrans import bureau, ecran, texte  # noqa: F401

pytestmark = pytest.mark.django_db


def xml(lot, nom="accuse.xml") -> SimpleUploadedFile:
    contenu = fabrique.accuse(str(lot.id_flux), fabrique.identifiants(lot))
    return SimpleUploadedFile(nom, contenu, content_type="application/xml")


class TestConstituer:
    def test_la_periode_et_les_cases_disent_ce_qui_part(self, ecran, bureau):  # noqa: F811
        """The period narrows the page; an unticked box leaves its parchemin for later."""
        hier = timezone.localdate() - timedelta(days=1)
        vieux = bureau.parchemin(champs={"delivre_le": hier - timedelta(days=50)})
        pris, laisse = (bureau.parchemin(champs={"delivre_le": hier}) for _ in range(2))
        adresse = reverse("cpf:constituer", args=[bureau.organisme.pk])
        page = texte(ecran.get(adresse, {"du": hier.isoformat()}))
        assert pris.numero in page and laisse.numero in page and vieux.numero not in page
        envoi = {"du": hier.isoformat(), "au_choix": "True", "avec_refuses": "on", "choix": [str(pris.pk)], "cle": "c1"}
        ecran.post(adresse, envoi)
        assert [p.parchemin for p in LotCPF.objects.get().passages.all()] == [pris]

    def test_un_essai_ne_laisse_rien_et_garde_les_cases(self, ecran, bureau):  # noqa: F811
        """The dry run says how many would go; no lot; what was unticked still is."""
        pris, laisse = bureau.parchemin(), bureau.parchemin()
        envoi = {"au_choix": "True", "avec_refuses": "on", "choix": [str(pris.pk)], "cle": "c1", "essai": "1"}
        page = ecran.post(reverse("cpf:constituer", args=[bureau.organisme.pk]), envoi).content.decode()
        assert "le schéma accepte 1 fichier" in page.replace("\xa0", " ") and not LotCPF.objects.exists()
        assert f'value="{pris.pk}" form="constitution" aria-label="Prendre {pris.numero}" checked' in page
        assert f'aria-label="Prendre {laisse.numero}" checked' not in page

    def test_une_selection_etrangere_ne_prend_rien(self, ecran, bureau):  # noqa: F811
        """Another certificateur's parchemin, a word, a huge number: refused in words, nothing written."""
        bureau.parchemin()
        autre = fabrique.Bureau().parchemin()
        envoi = {"au_choix": "True", "choix": [str(autre.pk), "x", "9" * 40], "cle": "c1"}
        reponse = ecran.post(reverse("cpf:constituer", args=[bureau.organisme.pk]), envoi)
        assert reponse.status_code == 409 and "ne répond à ce choix" in texte(reponse)
        assert not LotCPF.objects.exists()


class TestAccuses:
    def test_plusieurs_accuses_vont_chacun_a_leur_lot(self, ecran, bureau):  # noqa: F811
        """Two good ones and a broken one: two lots treated, one refusal, on one page."""
        un, deux = bureau.lot_depose(1), bureau.lot_depose(1)
        casse = SimpleUploadedFile("casse.xml", b"<rapport>")
        page = texte(ecran.post(reverse("cpf:accuses"), {"fichiers": [xml(deux, "b.xml"), casse, xml(un, "a.xml")]}))
        assert {lot.etat for lot in LotCPF.objects.all()} == {"traite"}
        assert "XML lisible" in page and page.count("Lot du") == 2

    def test_l_accuse_du_lot_d_un_autre_est_refuse(self, ecran, bureau):  # noqa: F811
        """A stranger's flux is unknown here, and stays unanswered."""
        lot = fabrique.Bureau().lot_depose(1)
        reponse = ecran.post(reverse("cpf:accuses"), {"fichiers": [xml(lot)]})
        lot.refresh_from_db()
        assert reponse.status_code == 409 and "aucun de vos lots" in texte(reponse) and lot.etat == "depose"


class TestSuites:
    def test_la_page_mene_a_chaque_suite(self, ecran, bureau):  # noqa: F811
        """A suppression ticked, a correction recorded then answered, proofs downloaded: each from its page."""
        lot = bureau.lot_depose(2)
        lot = bureau.repondre(lot, fabrique.identifiants(lot))
        annule, garde = (p.parchemin for p in lot.passages.order_by("parchemin__rang"))
        bureau.annuler(annule)
        bureau.refuser_deux_fois()
        suites = reverse("cpf:suites", args=[bureau.organisme.pk])
        page = texte(ecran.get(suites))
        assert annule.numero in page and "Constituer un lot de suppression" in page and "2 refus" in page
        jour = timezone.localdate().isoformat()
        ecran.post(reverse("cpf:suppression", args=[bureau.organisme.pk, annule.pk]), {"jour": jour})
        assert SuppressionManuelle.objects.get().parchemin == annule
        nouvelle = reverse("cpf:demande", args=[bureau.organisme.pk])
        refus = ecran.post(nouvelle, {"numero": "inconnu", "jour": jour, "objet": "Sexe à vérifier."})
        assert refus.status_code == 200 and "ne porte ce numéro" in texte(refus)
        ecran.post(nouvelle, {"numero": garde.identifiant, "jour": jour, "objet": "Sexe à vérifier."})
        demande = DemandeCDC.objects.get()
        assert demande.parchemin == garde and "Sexe à vérifier." in texte(ecran.get(suites))
        ecran.post(reverse("cpf:demande_cdc", args=[demande.pk]), {"jour": jour, "suite": "justifiee"})
        assert not DemandeCDC.objects.all().ouvertes().exists()
        archive = ecran.get(reverse("cpf:preuve", args=[bureau.organisme.pk]))
        noms = zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))).namelist()
        assert sum(nom.startswith("flux/") for nom in noms) == 2 and "journal.csv" in noms

    def test_un_lot_de_suppression_se_constitue_depuis_les_suites(self, ecran, bureau):  # noqa: F811
        """From the button to the lot, with the action kept by the form."""
        lot = bureau.lot_depose(1)
        parchemin = bureau.repondre(lot, fabrique.identifiants(lot)).passages.get().parchemin
        bureau.annuler(parchemin)
        adresse = reverse("cpf:constituer", args=[bureau.organisme.pk])
        page = texte(ecran.get(adresse, {"action": "SUPPRESSION"}))
        assert parchemin.numero in page and 'name="action" value="SUPPRESSION"' in page
        envoi = {"action": "SUPPRESSION", "au_choix": "True", "choix": [str(parchemin.pk)], "cle": "c1"}
        page = texte(ecran.post(adresse, envoi, follow=True))
        assert "Lot de suppression" in page and not accrochage.a_supprimer(bureau.organisme).exists()
