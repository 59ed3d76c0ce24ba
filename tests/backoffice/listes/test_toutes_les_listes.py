"""Every list of the back office keeps the promises of the pattern, found from the class itself."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from backoffice.comptes.models import DemandeCompte, Invitation
from backoffice.delivrances import lots
from backoffice.delivrances.models import LigneLot
from backoffice.jurys.models import Inscription, ProcesVerbal, Recours, SessionJury, SignaturePV
from backoffice.listes import comptage
from backoffice.listes.ecran import EcranDeListe, ecran_de
from backoffice.remises.models import Remise
from cpf.models import LotCPF
from registre.models import Certification, CourrielSortant, ModeleDocument, Parchemin
from tests import copies
from tests import fabriques as f
from tests.backoffice.comptes.situations import situations as situations_de_comptes
from tests.backoffice.contacts.situations import message
from tests.backoffice.delivrances import situations_modeles
from tests.backoffice.jurys.outils import mandate
from tests.backoffice.jurys.situations_recours import former
from tests.backoffice.remises.situations import envoyee
from tests.backoffice.signalements.situations import signalement
from tests.connexion import connecter
from tests.cpf.fabrique import Bureau
from tests.test_architecture import adresses

ECRANS = sorted(
    {
        motif.callback.view_class
        for _, motif in adresses(get_resolver())
        if issubclass(getattr(motif.callback, "view_class", object), EcranDeListe)
    },
    key=lambda ecran: ecran.liste,
)


NOMBRE = 500


def copier(modele, varier=lambda n: {}) -> list:
    """Five hundred copies of the newest row."""
    return copies.copier(modele.objects.latest("pk"), NOMBRE, varier)


def des_dossiers() -> list:
    gens = [f.TitulaireFactory.build(nom_plie=f"essai {f.lettres(n)}") for n in range(NOMBRE)]
    f.Titulaire.objects.bulk_create(gens)
    return copier(f.Candidature, lambda n: {"reference": f"ESSAI-{n}", "titulaire": gens[n]})


def des_passages() -> list:
    dossiers = des_dossiers()
    return copier(Inscription, lambda n: {"candidature": dossiers[n]})


def des_documents(documents=Parchemin.objects) -> list:
    gens = [dossier.titulaire for dossier in des_dossiers()]
    return copies.copier(
        documents.latest("pk"),
        NOMBRE,
        lambda n: {
            "numero": f"ESSAI-{n}",
            "identifiant": f"ESSAI{n:05}",
            "rang": 1000 + n,
            "titulaire": gens[n],
            "statut_rang": None,
            "statut_liste": None,
        },
    )


def des_lignes_de_lot() -> list:
    dossiers = des_dossiers()
    return copier(LigneLot, lambda n: {"candidature": dossiers[n]})


def des_modeles() -> list:
    certifications = copier(Certification, lambda n: {"slug": f"essai-{n}"})
    return copier(ModeleDocument, lambda n: {"certification": certifications[n]})


def des_proces_verbaux() -> list:
    sessions = copier(SessionJury)
    lignes = copier(ProcesVerbal, lambda n: {"numero": f"ESSAI-{n}", "session": sessions[n]})
    copier(SignaturePV, lambda n: {"proces_verbal": lignes[n]})
    return lignes


# Where the database asks that rows differ.
COPIES = {
    "candidatures:liste": des_dossiers,
    "comptes:demandes": lambda: copier(DemandeCompte, lambda n: {"siret": f"{n:014}"}),
    "comptes:gens": lambda: copier(f.Utilisateur, lambda n: {"email": f"essai{n}@example.org"}),
    "comptes:invitations": lambda: copier(
        Invitation, lambda n: {"empreinte_jeton": f"{n:064}", "courriel": f"essai{n}@example.org"}
    ),
    "cpf:file": lambda: des_documents(
        Parchemin.objects.filter(passages_cpf=None, certificateur__parametres_cpf__isnull=False)
    ),
    "cpf:lots": lambda: copier(LotCPF, lambda n: {"id_flux": uuid.uuid4()}),
    "delivrances:lignes": des_lignes_de_lot,
    "delivrances:liste": des_documents,
    "delivrances:modeles": des_modeles,
    "jurys:liste_recours": lambda: copier(Recours, lambda n: {"etat": "retire"}),
    "jurys:liste_pv": des_proces_verbaux,
    "jurys:passages": des_passages,
    "notifications:courriels": lambda: copier(
        CourrielSortant, lambda n: {"identifiant_message": f"<essai{n}@example.org>"}
    ),
    "remises:liste": lambda: copier(Remise, lambda n: {"envoi": None}),
}


@pytest.fixture(scope="class")
def monde(scene_d_une_classe):
    """A few objects of each model, and somebody who reads all of them."""
    acteurs, bureau = f.Acteurs(), Bureau()
    bureau.lot(1)
    bureau.parchemin()
    former(f.decidee(acteurs))
    mandate(acteurs.cpne, "salaries")
    f.delivree(acteurs)
    lots.constituer(acteurs.certificateur, list(lots.a_delivrer(acteurs.certificateur)))
    f.session(acteurs)
    list(situations_de_comptes(acteurs))
    envoyee(acteurs)
    signalement()
    message()
    situations_modeles.brouillon(acteurs)
    return acteurs, bureau


@pytest.mark.django_db
@pytest.mark.parametrize("ecran", ECRANS, ids=lambda ecran: ecran.liste)
class TestChaqueListe:
    def test_elle_se_nomme_par_son_adresse(self, ecran):
        """Saved views and exports find it again by that name."""
        assert ecran_de(ecran.liste) is ecran
        assert ecran.titre and ecran.colonnes and any(colonne.imprimee for colonne in ecran.colonnes)

    def test_chacun_de_ses_tris_repond(self, monde, ecran):
        """Both ways, for each column that says so; the headings and the figures are those of the workbook."""
        client = connecter(Client(), self._lecteur(monde, ecran))
        adresse = reverse(ecran.liste)
        page = client.get(adresse)
        tris = [c.order_by_alias for c in page.context["table"].columns if c.orderable]
        assert tris
        for tri in tris:
            for sens in ("", "-"):
                assert client.get(adresse, {"tri": f"{sens}{tri.lstrip('-')}"}).status_code == 200
                assert ecran.pour(self._lecteur(monde, ecran), page.context["ecran"].parametres).tri
        assert client.post(adresse, {"q": "é!"}, follow=True).status_code == 200

    def test_ses_exports_ont_ses_lignes(self, monde, ecran):
        """As many rows as the list says, in both formats."""
        lecteur = self._lecteur(monde, ecran)
        client = connecter(Client(), lecteur)
        total = client.get(reverse(ecran.liste)).context["total"]
        demande = {"liste": ecran.liste, "parametres": ""}
        for format in ("xlsx", "pdf"):
            reponse = client.post(reverse("listes:exports"), {**demande, "format": format})
            assert reponse.status_code == (200 if total else 302)
            if total:
                assert reponse.content.startswith(b"PK" if format == "xlsx" else b"%PDF")

    def test_les_requetes_ne_suivent_pas_les_lignes(self, monde, ecran):
        """Five hundred rows more: not one query more."""
        lecteur = self._lecteur(monde, ecran)
        client, adresse = connecter(Client(), lecteur), reverse(ecran.liste)

        def compter():
            client.get(adresse)
            with CaptureQueriesContext(connection) as requetes:
                page = client.get(adresse)
            assert page.status_code == 200
            return page.context["total"], len(requetes)

        peu, requetes = compter()
        assert peu, "personne ne voit rien ici : la mesure ne prouverait rien"
        COPIES.get(ecran.liste, lambda: copier(ecran.model))()
        assert compter() == (peu + NOMBRE, requetes)

    @staticmethod
    def _lecteur(monde, ecran):
        acteurs, bureau = monde
        return bureau.personne if ecran.liste.startswith("cpf:") else acteurs.certificateur


@pytest.mark.django_db
def test_un_compte_s_arrete_au_plafond():
    """Beyond the ceiling, one more is all that is read; below, the count is exact; one query for all sets."""
    f.OrganismeFactory.create_batch(5)
    tous = f.Organisme.objects.all()
    with CaptureQueriesContext(connection) as requetes:
        comptes = comptage.compter({"tous": tous, "aucun": tous.none(), "un": tous.filter(pk=tous[0].pk)}, plafond=3)
    assert comptes == {"tous": 4, "aucun": 0, "un": 1}
    assert len(requetes) == 2  # ours, and that of the test itself
