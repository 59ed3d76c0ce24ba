"""From the wish for a paper to the register: addresses that serve once, acts in batch, letters that come back."""

import copy
import io
import re
from datetime import timedelta

import openpyxl
import pikepdf
import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from backoffice.listes import exports
from backoffice.remises.envois import ENVOI
from backoffice.remises.liste_envois import Envois
from backoffice.remises.models import Envoi, Remise
from registre.delivrance import annuler
from registre.models import CourrielSortant, EntreeJournal, Parchemin
from registre.quotidien import accomplir
from registre.transitions import Refus, executer

from ... import fabriques as f
from ...connexion import connecter
from ...ouvrier import travailler
from .situations import ADRESSE, demande, document, envoyee, revenue

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def deja_delivre(scene):
    acteurs = f.Acteurs()
    return acteurs, document(acteurs)


@pytest.fixture
def tout(deja_delivre, fichiers_de_la_scene):
    return copy.deepcopy(deja_delivre)


@pytest.fixture
def acteurs(tout):
    return tout[0]


@pytest.fixture
def parchemin(tout):
    return tout[1]


def courriels(modele) -> list[str]:
    return list(CourrielSortant.objects.filter(modele=modele).values_list("destinataire", flat=True))


def test_le_titulaire_demande_le_papier_une_fois(client, parchemin):
    """The page offers it, the form keeps the address, and while it waits nobody may ask twice."""
    connecter(client, parchemin.titulaire.utilisateur)
    url = reverse("remises:demander", args=[parchemin.pk])
    assert parchemin.titulaire.nom_complet in client.get(url).text
    cle = {"cle": "c" * 32}
    for _ in range(2):
        assert client.post(url, ADRESSE | cle).status_code == 302
    envoi = Envoi.objects.get()
    assert envoi.etat == "a_envoyer" and envoi.adresse[-1] == "48000 MENDE"
    assert client.post(url, ADRESSE).status_code == 409
    assert "recevoir par la poste" not in client.get(reverse("espace:document", args=[parchemin.pk])).text


def test_le_certificateur_propose_et_le_titulaire_repond(client, acteurs, parchemin):
    """Numbers, good and bad: each good one asks its holder by mail, each bad one says why; none blocks the next."""
    annule = document(acteurs)
    Parchemin.objects.filter(pk=annule.pk).update(annule_le=timezone.now())
    connecter(client, acteurs.certificateur)
    numeros = f"{parchemin.numero.lower()}\nINCONNU-1\n{annule.numero}\n{parchemin.numero}\n"
    texte = client.post(reverse("remises:proposer"), {"numeros": numeros}).text
    assert "1 envoi proposé" in texte and "annulé" in texte and "INCONNU-1" in texte
    envoi = Envoi.objects.get()
    assert courriels("adresse_demandee") == [parchemin.titulaire.courriel]
    moi = parchemin.titulaire.utilisateur
    assert executer(ENVOI, "donner_adresse", envoi, moi, ADRESSE).etat == "a_envoyer"


def test_noter_l_envoi_en_lot_ecrit_le_registre(client, acteurs):
    """Two rows ticked, one date: two lines of the register, two mails, a report."""
    envois = [demande(document(acteurs)) for _ in range(2)]
    connecter(client, acteurs.gestionnaire)
    page = client.get(reverse("remises:envois")).text
    assert "Noter l’envoi" in page and all(e.parchemin.numero in page for e in envois)
    for envoi in envois:
        executer(ENVOI, "marquer_envoye", envoi, acteurs.gestionnaire, {"le": timezone.localdate()})
    lignes = Remise.objects.filter(moyen="poste")
    assert {r.envoi_id for r in lignes} == {e.pk for e in envois}
    assert {r.a_qui for r in lignes} == {ADRESSE["destinataire"]}
    assert len(courriels("document_envoye")) == 2


def test_un_pli_revenu_oublie_l_adresse_et_repart(acteurs):
    """The register keeps both: sent and come back, sent again. The first address is gone."""
    envoi = revenue(acteurs)
    assert envoi.adresse == [] and envoi.get_retour_display().startswith("n’habite pas")
    assert courriels("courrier_revenu") == [envoi.titulaire.courriel]
    moi = envoi.titulaire.utilisateur
    executer(ENVOI, "donner_adresse", envoi, moi, ADRESSE | {"commune": "Langogne"})
    executer(ENVOI, "marquer_envoye", envoi, acteurs.certificateur, {"le": timezone.localdate()})
    assert list(Remise.objects.order_by("pk").values_list("revenue_le", flat=True)) == [timezone.localdate(), None]


def test_un_pli_ne_revient_pas_avant_d_etre_parti(acteurs):
    """A date before the sending is refused, and nothing changes."""
    envoi = envoyee(acteurs)
    hier = {"le": timezone.localdate() - timedelta(days=1), "retour": "npai"}
    with pytest.raises(Refus, match="avant son envoi"):
        executer(ENVOI, "noter_retour", envoi, acteurs.gestionnaire, hier)
    assert Envoi.objects.get(pk=envoi.pk).etat == "envoye"


def test_l_adresse_s_efface_trente_jours_apres(acteurs):
    """On day 30 it is still there, on day 31 it is gone; the line of the register stays."""
    envois = {jours: envoyee(acteurs) for jours in (30, 31)}
    for jours, envoi in envois.items():
        Envoi.objects.filter(pk=envoi.pk).update(envoye_le=timezone.localdate() - timedelta(days=jours))
    accomplir(["purger_adresses"])
    assert {jours: bool(Envoi.objects.get(pk=e.pk).adresse) for jours, e in envois.items()} == {30: True, 31: False}
    assert Remise.objects.count() == 2
    champs = Envoi.objects.filter(pk=envois[31].pk).values(*Envoi.CHAMPS_ADRESSE).get()
    assert set(champs.values()) == {""}


def test_renoncer_efface_aussitot(acteurs, parchemin):
    """The holder changes their mind: nothing of the address is left, and they may ask again later."""
    moi = parchemin.titulaire.utilisateur
    envoi = executer(ENVOI, "renoncer_envoi", demande(parchemin), moi)
    assert envoi.adresse == [] and envoi.adresse_effacee_le
    assert demande(parchemin).etat == "a_envoyer"


def test_un_document_annule_ne_part_plus(acteurs, parchemin):
    """Cancelled between the wish and the post office."""
    envoi = demande(parchemin)
    Parchemin.objects.filter(pk=parchemin.pk).update(annule_le=timezone.now())
    with pytest.raises(Refus, match="annulé"):
        executer(ENVOI, "marquer_envoye", envoi, acteurs.gestionnaire, {"le": timezone.localdate()})


def test_l_annulation_fait_cesser_l_envoi_et_oublie_l_adresse(acteurs):
    """Cancelled for good: whether its address is awaited, given or come back, nothing is posted and none is kept."""
    attendu = document(acteurs)
    propose = executer(
        ENVOI, "proposer_envoi", Envoi(parchemin=attendu, demande_par=acteurs.gestionnaire), acteurs.gestionnaire
    )
    donne, revenu, parti = demande(document(acteurs)), revenue(acteurs), envoyee(acteurs)
    for envoi in (propose, donne, revenu, parti):
        annuler(envoi.parchemin, acteurs.certificateur, "certificateur", "Document délivré par erreur.")
    for envoi in (propose, donne, revenu):
        lu = Envoi.objects.get(pk=envoi.pk)
        assert lu.etat == "renonce" and lu.adresse == [] and lu.adresse_effacee_le
        entree = EntreeJournal.objects.de(lu).last()
        assert (entree.verbe, entree.acteur, entree.role) == ("cesser_envoi", None, "plateforme")
    assert Envoi.objects.get(pk=parti.pk).etat == "envoye"


def test_un_second_envoi_ne_double_pas_le_premier(acteurs):
    """Come back, asked again by its holder: the first one may not be sent beside it; given up, it may."""
    revenu = revenue(acteurs)
    moi = revenu.titulaire.utilisateur
    second = demande(revenu.parchemin)
    with pytest.raises(Refus, match="Un autre envoi"):
        executer(ENVOI, "donner_adresse", revenu, moi, ADRESSE)
    executer(ENVOI, "renoncer_envoi", second, moi)
    assert executer(ENVOI, "donner_adresse", revenu, moi, ADRESSE).etat == "a_envoyer"


def test_l_adresse_n_est_lue_que_par_qui_envoie(client, acteurs, parchemin):
    """The employer, the signataire and the auditeur do not see the sending; no mail nor journal quotes the address."""
    envoi = envoyee(acteurs, parchemin)
    for qui in ("employeur", "signataire", "auditeur"):
        personne = getattr(acteurs, qui)
        assert not Envoi.objects.all().visibles_par(personne).exists()
        assert connecter(client, personne).get(envoi.get_absolute_url()).status_code in (403, 404)
    ecrits = " ".join(CourrielSortant.objects.values_list("corps", flat=True))
    ecrits += " ".join(str(d) for d in EntreeJournal.objects.values_list("details", flat=True))
    assert "48000" not in ecrits and "glise" not in ecrits


def test_l_export_donne_une_colonne_par_ligne_d_adresse(acteurs, parchemin):
    """Excel for a mail-merge: what is typed, as text."""
    demande(parchemin, destinataire="=HYPERLINK(1)")
    ecran = Envois.pour(acteurs.gestionnaire, QueryDict(""))
    _, contenu = exports.demander(acteurs.gestionnaire, ecran, "xlsx")
    feuille = openpyxl.load_workbook(io.BytesIO(contenu)).active
    lignes = [[c.value for c in ligne] for ligne in feuille.iter_rows()]
    cellules = dict(
        zip(*[ligne for ligne in lignes if parchemin.numero in ligne or "Destinataire" in ligne], strict=True)
    )
    assert cellules["Commune"] == "Mende" and cellules["Destinataire"] == "=HYPERLINK(1)"


@pytest.mark.parametrize(("planche", "premiere", "pages"), [("14", 1, 1), ("24", 23, 2)])
def test_les_etiquettes_sont_un_pdf_balise(client, acteurs, planche, premiere, pages):
    """Three labels: on one sheet, or on two when the first one is almost used; tagged, with the address as the norm."""
    for _ in range(3):
        demande(document(acteurs))
    connecter(client, acteurs.gestionnaire)
    reponse = client.post(reverse("remises:etiquettes"), {"planche": planche, "premiere": premiere})
    assert reponse.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(reponse.content)) as pdf:
        assert len(pdf.pages) == pages and "/StructTreeRoot" in pdf.Root
    assert EntreeJournal.objects.filter(verbe="imprimer_etiquettes").get().details == {"nombre": 3}


def test_la_premiere_place_est_sur_la_planche(client, acteurs, parchemin):
    """Place 15 of a sheet of 14 is refused in words."""
    demande(parchemin)
    connecter(client, acteurs.gestionnaire)
    reponse = client.post(reverse("remises:etiquettes"), {"planche": "14", "premiere": 15})
    assert reponse.status_code == 422 and "14 étiquettes" in reponse.text


class TestRegistre:
    def test_le_premier_telechargement_du_titulaire_y_entre(self, client, acteurs):
        """Twice downloaded by the holder: one line. By the certificateur: none."""
        parchemin = f.delivree(acteurs).delivrance.parchemin
        travailler()
        url = reverse("delivrances:document", args=[parchemin.pk])
        for qui in (acteurs.certificateur, parchemin.titulaire.utilisateur, parchemin.titulaire.utilisateur):
            reponse = connecter(client, qui).get(url)
            assert reponse.status_code == 200
            b"".join(reponse.streaming_content)
        remise = Remise.objects.get()
        assert (remise.moyen, remise.par, remise.le) == (
            "portail", parchemin.titulaire.utilisateur, timezone.localdate(),
        )  # fmt: skip

    def test_une_remise_en_main_propre_se_note_une_fois(self, client, acteurs, parchemin):
        """Sent twice, one line; a day to come is refused."""
        connecter(client, acteurs.gestionnaire)
        url = reverse("remises:remettre", args=[parchemin.pk])
        envoi = {"a_qui": "Élodie Roumégous", "le": timezone.localdate().isoformat()}
        for _ in range(2):
            client.post(url, envoi)
        demain = envoi | {"le": (timezone.localdate() + timedelta(days=1)).isoformat()}
        assert client.post(url, demain).status_code == 422
        assert Remise.objects.get().moyen == "main"
        assert EntreeJournal.objects.filter(verbe="remettre_en_main").count() == 1
        page = client.get(reverse("remises:document", args=[parchemin.pk])).text
        assert re.search(r"En main propre, à Élodie Roumégous", page)
