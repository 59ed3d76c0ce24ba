"""The holder's page of a document, and the links by which they show it."""

import copy
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registre.models import EntreeJournal, Partage
from registre.quotidien import accomplir
from registre.transitions import Refus, executer

from ... import fabriques as f
from .situations import partage as partager

pytestmark = pytest.mark.django_db

CHOIX = {"libelle": "Entretien du 12 mars", "champs": ["nom", "date"], "jours": "30"}


@pytest.fixture(scope="module")
def delivre(scene):
    acteurs = f.Acteurs()
    return acteurs, f.delivree(acteurs).delivrance.parchemin


@pytest.fixture
def tout(delivre, fichiers_de_la_scene):
    return copy.deepcopy(delivre)


@pytest.fixture
def acteurs(tout):
    return tout[0]


@pytest.fixture
def document(tout):
    return tout[1]


@pytest.fixture
def moi(chez, document):
    return chez(document.titulaire.utilisateur)


def adresse_montree(reponse) -> str:
    """The address in the box to copy; empty when the page shows none."""
    trouve = re.search(r'<textarea id="lien-de-partage"[^>]*>([^<]*)</textarea>', reponse.content.decode())
    return trouve.group(1).strip() if trouve else ""


def creer(moi, document, **choix) -> tuple[Partage, str]:
    reponse = moi.post(reverse("espace:partager", args=[document.pk]), CHOIX | choix, follow=True)
    return Partage.objects.latest("pk"), adresse_montree(reponse)


def test_la_page_dit_tout_du_document(moi, document):
    """What it says, its address of verification, its count, LinkedIn: one page."""
    document.sha256 = "0" * 64
    document.save()
    texte = moi.get(reverse("espace:document", args=[document.pk])).content.decode()
    for attendu in (document.numero, reverse("verification:jeton", args=[document.jeton]), "Pas encore vérifié"):
        assert attendu in texte
    (adresse,) = re.findall(r'href="(https://www\.linkedin\.com[^"]+)"', texte)
    donnees = parse_qs(urlsplit(adresse.replace("&amp;", "&")).query)
    assert donnees["certId"] == [document.numero]
    assert donnees["issueYear"] == [str(document.delivre_le.year)]
    assert donnees["certUrl"][0].endswith(reverse("verification:jeton", args=[document.jeton]))
    assert 'rel="noreferrer' in texte


def test_un_document_annule_ne_se_montre_plus(moi, document):
    """Neither LinkedIn, nor download, nor a new link; the page says why."""
    type(document).objects.filter(pk=document.pk).update(annule_le=timezone.now())
    texte = moi.get(reverse("espace:document", args=[document.pk])).content.decode()
    assert "Ce document est annulé" in texte and "linkedin.com" not in texte
    assert moi.post(reverse("espace:partager", args=[document.pk]), CHOIX).status_code == 409
    assert not Partage.objects.exists()


def test_le_lien_ne_se_montre_qu_une_fois_et_s_ouvre_sans_compte(moi, document):
    """Shown after it is made, not when the page is read again; a visitor opens it, and the journal keeps no key."""
    partage, adresse = creer(moi, document)
    assert not adresse_montree(moi.get(partage.get_absolute_url()))
    chemin = urlsplit(adresse).path
    assert Client().get(chemin).status_code == 200
    assert timezone.localdate(partage.expire_le) == timezone.localdate() + timedelta(days=30)
    entree = EntreeJournal.objects.de(partage).get()
    assert chemin.rsplit("/", 1)[-1] not in str(vars(entree))


def test_une_demande_envoyee_deux_fois_fait_un_lien_et_le_montre(moi, document):
    """A double click: one link, and its address is still shown."""
    url, envoi = reverse("espace:partager", args=[document.pk]), CHOIX | {"cle": "a" * 32}
    moi.post(url, envoi)
    assert adresse_montree(moi.post(url, envoi, follow=True))
    assert Partage.objects.count() == 1


@pytest.mark.parametrize(
    "faux",
    [{"jours": "3650"}, {"champs": ["naissance"]}, {"libelle": ""}, {"jours": ""}],
    ids=["durée inventée", "mention inventée", "sans libellé", "sans durée"],
)
def test_hors_de_la_liste_rien_ne_se_partage(moi, document, faux):
    """Durations and mentions are closed lists."""
    assert moi.post(reverse("espace:partager", args=[document.pk]), CHOIX | faux).status_code == 422
    assert not Partage.objects.exists()


def test_fermer_un_lien_le_ferme_aussitot(moi, document):
    """The holder closes it: the visitor reads that it opens nothing; closed twice is refused."""
    partage, adresse = creer(moi, document)
    moi.post(f"/gestion/actes/registre.partage/{partage.pk}/fermer_partage/", {"cle": "b" * 32})
    assert Client().get(urlsplit(adresse).path).status_code == 404
    with pytest.raises(Refus):
        executer("registre.partage", "fermer_partage", partage, document.titulaire.utilisateur)


def test_vingt_liens_ouverts_au_plus(document):
    """The twenty-first waits until one is closed."""
    for _ in range(20):
        partager(document)
    with pytest.raises(Refus, match="20 liens"):
        partager(document)
    executer("registre.partage", "fermer_partage", Partage.objects.first(), document.titulaire.utilisateur)
    partager(document)


def test_les_liens_finis_s_effacent_au_bout_de_trente_jours(document):
    """Closed or past for thirty-one days: gone. Open, or past since yesterday: kept."""
    maintenant = timezone.now()
    gardes = {partager(document)[0].pk}
    for jours, garde in ((1, True), (31, False)):
        finis = [partager(document)[0] for _ in range(2)]
        fin = maintenant - timedelta(days=jours)
        Partage.objects.filter(pk=finis[0].pk).update(cree_le=fin - timedelta(days=7), expire_le=fin)
        Partage.objects.filter(pk=finis[1].pk).update(etat="revoque", revoque_le=fin)
        gardes |= {p.pk for p in finis if garde}
    accomplir(["purger_partages"])
    assert set(Partage.objects.values_list("pk", flat=True)) == gardes
