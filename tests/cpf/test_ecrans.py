"""The accrochage through its screens: the whole way, who may open what, and what a wrong file changes (nothing)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cpf.models import LotCPF, ParametresCPF
from registre.models import EntreeJournal

from ..connexion import connecter
from ..fabriques import UtilisateurFactory
from . import fabrique
from .test_accuses import AUCUN

pytestmark = pytest.mark.django_db
REGLAGES = {
    "id_client": "12ABC345",
    "id_contrat": "MCFCER000123",
    "nature_deposant": "CERTIFICATEUR",
    "id_client_emetteur": "12ABC345",
    "profil": "1.1.5",
}


@pytest.fixture
def bureau():
    return fabrique.Bureau()


@pytest.fixture
def ecran(client, bureau):
    return connecter(client, bureau.personne)


def televerser(octets: bytes, nom: str = "accuse.xml") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, octets, content_type="text/xml")


def acte(lot, nom: str) -> str:
    return reverse("pilotage:acte", args=["cpf.lotcpf", lot.pk, nom])


def texte(reponse) -> str:
    return reponse.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def test_du_parchemin_a_la_reponse_de_la_caisse_des_depots(ecran, bureau):
    """Settings, preview, lot, download, deposit, accusé, report with advice, closing: all by the screens."""
    ParametresCPF.objects.all().delete()
    bureau.parchemin(nom_naissance="Berthier"), bureau.parchemin(nom_naissance="Carpentier")
    bureau.parchemin(nom_naissance="Sansexe", sexe="")
    tableau = reverse("cpf:tableau")
    assert "Réglages à compléter" in texte(ecran.get(tableau))
    reponse = ecran.post(reverse("cpf:reglages", args=[bureau.organisme.pk]), REGLAGES)
    assert reponse.status_code == 302
    page = texte(ecran.get(tableau))
    assert "BERTHIER" in page and "SANSEXE" in page and "Le sexe à l’état civil manque." in page

    adresse = reverse("cpf:constituer", args=[bureau.organisme.pk])
    apercu = ecran.get(adresse)
    assert "2 passages prêts à partir" in texte(apercu) and not LotCPF.objects.exists()
    cle = apercu.context["form"].initial["cle"]
    for _ in range(3):
        reponse = ecran.post(adresse, {"avec_refuses": "on", "cle": cle})
    lot = LotCPF.objects.get()
    assert reponse.url == lot.get_absolute_url()

    fichiers = {b"".join(ecran.get(reverse("cpf:fichier", args=[lot.pk])).streaming_content) for _ in range(2)}
    assert len(fichiers) == 1 and b"Berthier" in fichiers.pop()
    reponse = ecran.post(acte(lot, "declarer_depot"), {"jour": timezone.localdate().isoformat()}, follow=True)
    assert "Déposé, en attente d’accusé" in texte(reponse)

    un, deux = fabrique.identifiants(lot)
    octets = fabrique.accuse(str(lot.id_flux), [un], {deux: [AUCUN]})
    reponse = ecran.post(acte(lot, "integrer_accuse"), {"fichier": televerser(octets)}, follow=True)
    page = texte(reponse)
    assert AUCUN in page and "Vérifiez l’orthographe" in page and "Traité" in page
    recu = ecran.get(reverse("cpf:accuse", args=[lot.accuses.get().pk]))
    assert b"".join(recu.streaming_content) == octets
    ecran.post(acte(lot, "clore"))
    lot.refresh_from_db()
    assert lot.etat == "clos"
    page = texte(ecran.get(tableau))
    assert "Déjà refusé" in page and "CARPENTIER" in page and "BERTHIER" not in page


def test_un_passage_refuse_se_filtre_dans_le_lot(ecran, bureau):
    """The tabs of a lot show the answers apart."""
    lot = bureau.lot_depose(2)
    un, deux = fabrique.identifiants(lot)
    bureau.repondre(lot, [un], {deux: [AUCUN]})
    numeros = list(lot.passages.order_by("parchemin__rang").values_list("instantane__numero", flat=True))
    page = texte(ecran.get(lot.get_absolute_url() + "?reponse=refuse"))
    assert numeros[1] in page and numeros[0] not in page


@pytest.mark.parametrize(
    ("octets", "statut", "phrase"),
    [
        (b"", 422, "Ce fichier est vide"),
        (b"%PDF-1.7", 422, "pas un fichier XML lisible"),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rapport>&x;</rapport>', 422, "DOCTYPE"),
        (b"<rapport><idFlux>autre</idFlux></rapport>", 409, "Cet accusé répond au flux autre"),
    ],
)
def test_un_mauvais_accuse_est_refuse_sans_rien_changer(ecran, bureau, octets, statut, phrase):
    """Hostile, broken or foreign: a sentence, the right status, nothing changed."""
    lot = bureau.lot_depose(1)
    entrees = EntreeJournal.objects.count()
    reponse = ecran.post(acte(lot, "integrer_accuse"), {"fichier": televerser(octets)})
    assert (reponse.status_code, phrase in texte(reponse)) == (statut, True)
    lot.refresh_from_db()
    assert (lot.etat, lot.accuses.count(), EntreeJournal.objects.count()) == ("depose", 0, entrees)


def test_un_acte_hors_de_son_tour_est_refuse(ecran, bureau):
    """Posting a later step directly: refused with the state, unchanged."""
    lot = bureau.lot(1)
    octets = fabrique.accuse(str(lot.id_flux), fabrique.identifiants(lot))
    for nom, donnees in (("integrer_accuse", {"fichier": televerser(octets)}), ("clore", {})):
        reponse = ecran.post(acte(lot, nom), donnees)
        assert (reponse.status_code, "À déposer" in texte(reponse)) == (409, True)
    lot.refresh_from_db()
    assert lot.etat == "prepare"


@pytest.mark.parametrize("decalage", [1, -400])
def test_une_date_de_depot_impossible_est_refusee(ecran, bureau, decalage):
    """Neither tomorrow nor before the lot was written."""
    lot = bureau.lot(1)
    jour = timezone.localdate() + timedelta(days=decalage)
    reponse = ecran.post(acte(lot, "declarer_depot"), {"jour": jour.isoformat()})
    assert (reponse.status_code, "Cette date" in texte(reponse)) == (422, True)
    lot.refresh_from_db()
    assert (lot.etat, lot.depose_le) == ("prepare", None)


def test_une_constitution_impossible_dit_pourquoi(ecran, bureau):
    """Nothing that may go: the page comes back with the reason, and no lot."""
    bureau.parchemin(sexe="")
    reponse = ecran.post(reverse("cpf:constituer", args=[bureau.organisme.pk]), {"cle": "x"})
    assert (reponse.status_code, "Aucun parchemin ne peut partir." in texte(reponse)) == (409, True)
    assert not LotCPF.objects.exists()


def test_un_fichier_altere_n_est_pas_telecharge(ecran, bureau):
    """The stored file was changed: a message instead of a false file."""
    lot = bureau.lot(1)
    with open(lot.fichier.storage.path(lot.fichier.name), "ab") as fichier:
        fichier.write(b" ")
    reponse = ecran.get(reverse("cpf:fichier", args=[lot.pk]), follow=True)
    assert "a été modifié après son écriture" in texte(reponse)


class TestReglages:
    def test_les_reglages_sont_journalises(self, ecran, bureau):
        """Changing them leaves an entry; the next lot carries them."""
        ecran.post(reverse("cpf:reglages", args=[bureau.organisme.pk]), {**REGLAGES, "id_contrat": "NOUVEAU"})
        assert EntreeJournal.objects.get().verbe == "regler"
        assert bureau.lot(1).id_contrat == "NOUVEAU"

    @pytest.mark.parametrize(
        ("champs", "phrase"),
        [
            ({"id_client": "12ABC34"}, "huit chiffres ou lettres"),
            ({"id_client": "12ABC345\n"}, "les deux matricules"),
            ({"id_contrat": "x" * 21}, "20 caractères"),
            ({"id_client_emetteur": "99ZZZ999"}, "les deux matricules sont les mêmes"),
            ({"profil": "9.9"}, "Sélectionnez un choix valide"),
            ({"schema_officiel": ("faux.xsd", b"<a/>")}, "pas le schéma XSD"),
        ],
    )
    def test_un_reglage_faux_est_refuse(self, ecran, bureau, champs, phrase):
        """Each wrong value has its sentence; the stored settings stay."""
        donnees = {**REGLAGES, "id_contrat": "CHANGE", **champs}
        if "schema_officiel" in champs:
            donnees["schema_officiel"] = televerser(champs["schema_officiel"][1], "faux.xsd")
        reponse = ecran.post(reverse("cpf:reglages", args=[bureau.organisme.pk]), donnees)
        if champs.get("id_client", "").endswith("\n"):
            assert reponse.status_code == 302, "un espace final est retiré, pas refusé"
            return
        assert phrase in texte(reponse)
        bureau.parametres.refresh_from_db()
        assert bureau.parametres.id_contrat == "MCFCER000123"

    def test_le_schema_officiel_depose_valide_le_lot_suivant(self, ecran, bureau):
        """The official file given in the settings is kept in private storage and judges the next lot."""
        from cpf import flux

        strict = (flux.DOSSIER_SCHEMAS / "cpf-1.1.5.xsd").read_bytes().replace(b'value="60"', b'value="3"')
        donnees = {**REGLAGES, "schema_officiel": televerser(strict, "officiel.xsd")}
        ecran.post(reverse("cpf:reglages", args=[bureau.organisme.pk]), donnees)
        bureau.parchemin()
        reponse = ecran.post(reverse("cpf:constituer", args=[bureau.organisme.pk]), {"cle": "x"})
        assert (reponse.status_code, "Le schéma refuse ce lot" in texte(reponse)) == (409, True)
        ecran.post(reverse("cpf:reglages", args=[bureau.organisme.pk]), {**REGLAGES, "retirer_schema": "on"})
        assert bureau.lot().nombre == 1

    def test_un_schema_garde_doit_convenir_au_profil_choisi(self, ecran, bureau):
        """The profile is changed, the schema of the other one is still there: refused, nothing is stored."""
        from cpf import flux

        adresse = reverse("cpf:reglages", args=[bureau.organisme.pk])
        officiel = (flux.DOSSIER_SCHEMAS / "cpf-1.1.5.xsd").read_bytes()
        ecran.post(adresse, {**REGLAGES, "profil": "1.1.5", "schema_officiel": televerser(officiel, "o.xsd")})
        reponse = ecran.post(adresse, {**REGLAGES, "profil": "1.1.2"})
        bureau.parametres.refresh_from_db()
        assert "porte la version 1.1.5" in texte(reponse) and bureau.parametres.profil == "1.1.5"


class TestAcces:
    def adresses(self, bureau) -> list[str]:
        lot = bureau.lot_depose(1)
        bureau.repondre(lot, fabrique.identifiants(lot))
        organisme = bureau.organisme.pk
        return [
            reverse("cpf:lot", args=[lot.pk]),
            reverse("cpf:fichier", args=[lot.pk]),
            reverse("cpf:accuse", args=[lot.accuses.get().pk]),
            reverse("cpf:constituer", args=[organisme]),
            reverse("cpf:reglages", args=[organisme]),
            reverse("cpf:tableau") + f"?certificateur={organisme}",
        ]

    def test_un_autre_certificateur_ne_trouve_rien(self, client, bureau):
        """Another body's person: 404 everywhere, an empty list of lots, and no verb."""
        adresses = self.adresses(bureau)
        autre = connecter(client, fabrique.Bureau().personne)
        assert [autre.get(adresse).status_code for adresse in adresses] == [404] * len(adresses)
        assert autre.post(acte(LotCPF.objects.get(), "clore")).status_code == 404
        assert autre.post(adresses[3], {"cle": "x"}).status_code == 404
        assert not autre.get(reverse("cpf:lots")).context["total"]

    @pytest.mark.parametrize("role", ["employeur", "gestionnaire", "evaluateur", "jury", "signataire", "auditeur"])
    def test_les_autres_roles_sont_refuses(self, client, bureau, role):
        """Every other role, even on the same body: 403."""
        adresses = [*self.adresses(bureau), reverse("cpf:lots")]
        autre = connecter(client, UtilisateurFactory(role=(role, bureau.organisme)))
        assert {autre.get(adresse).status_code for adresse in adresses} == {403}

    def test_un_anonyme_est_conduit_a_la_connexion(self, client, bureau):
        """Nobody logged in: every address leads to the login page."""
        for adresse in self.adresses(bureau):
            reponse = client.get(adresse)
            assert (reponse.status_code, "login" in reponse.url) == (302, True)

    def test_celui_qui_sert_deux_organismes_choisit(self, ecran, bureau):
        """Two bodies: one tab each, and each its own lots."""
        autre = fabrique.Bureau()
        bureau.personne.roles.create(nom="certificateur", organisme=autre.organisme)
        autre.parchemin(nom_naissance="Autrecorps")
        page = ecran.get(reverse("cpf:tableau") + f"?certificateur={autre.organisme.pk}")
        assert "AUTRECORPS" in texte(page) and len(page.context["onglets"]) == 2
        assert "AUTRECORPS" not in texte(ecran.get(reverse("cpf:tableau") + f"?certificateur={bureau.organisme.pk}"))


class TestConstance:
    def requetes(self, ecran, adresse, django_assert_max_num_queries):
        with django_assert_max_num_queries(60) as lues:
            assert ecran.get(adresse).status_code == 200
        return len(lues)

    def test_le_tableau_coute_autant_pour_un_que_pour_vingt(self, ecran, bureau, django_assert_max_num_queries):
        """As many queries with one parchemin and one lot as with twenty."""
        adresse = reverse("cpf:tableau")
        bureau.lot(1), bureau.parchemin(), bureau.parchemin(sexe="")
        self.requetes(ecran, adresse, django_assert_max_num_queries)
        avant = self.requetes(ecran, adresse, django_assert_max_num_queries)
        for _ in range(4):
            bureau.lot(2)
        for _ in range(20):
            bureau.parchemin(), bureau.parchemin(sexe="")
        assert self.requetes(ecran, adresse, django_assert_max_num_queries) == avant

    def test_le_lot_coute_autant_pour_un_que_pour_vingt(self, ecran, bureau, django_assert_max_num_queries):
        """As many queries for a lot of one passage as for one of twenty."""
        petit, grand = bureau.lot(1), bureau.lot(20)
        self.requetes(ecran, petit.get_absolute_url(), django_assert_max_num_queries)
        comptes = [
            self.requetes(ecran, lot.get_absolute_url(), django_assert_max_num_queries) for lot in (petit, grand)
        ]
        assert comptes[0] == comptes[1]

    def test_la_liste_au_dela_de_ce_qui_s_examine_le_dit(self, ecran, bureau, monkeypatch):
        """More parchemins than a screen examines: it is said, and the lot still takes them all."""
        monkeypatch.setattr("cpf.views.EXAMEN_MAXIMAL", 2)
        for _ in range(3):
            bureau.parchemin()
        assert "Seuls les parchemins les plus anciens" in texte(ecran.get(reverse("cpf:tableau")))
        assert bureau.lot().nombre == 3
