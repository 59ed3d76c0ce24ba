"""The correction of one's civil status: asked and proved by the candidate, compared and applied by the porteur."""

from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.urls import reverse

from backoffice.espace.models import DemandeCorrection
from backoffice.espace.workflow import CORRECTION
from backoffice.pilotage.a_faire import taches_hors_dossiers
from registre.models import CourrielSortant, EntreeJournal, Titulaire
from registre.transitions import executer

from ... import fabriques as f
from ...cpf.fabrique import Bureau
from .situations import demander

pytestmark = pytest.mark.django_db

CORRIGER = "/gestion/mon-espace/etat-civil/corriger/"
MOTIF = {"motif": "L’acte joint est celui d’une autre personne."}


@pytest.fixture
def titulaire(acteurs):
    return Titulaire.objects.get(pk=f.recevable(acteurs).titulaire_id)


def saisie(titulaire, **champs):
    """What the form sends back: the civil status as stored, but for `champs`."""
    valeurs = {nom: "" if v is None else v for nom, v in titulaire.etat_civil().items()}
    return {**valeurs, "justificatif": f.fichier_pdf("acte.pdf"), "cle": "c" * 32, **champs}


def fichiers() -> list[str]:
    racine = storages["prive"].base_location
    return sorted(str(c) for c in Path(racine).rglob("*.pdf"))


class TestDemande:
    def test_seul_ce_qui_change_est_demande(self, titulaire, chez):
        """Sent twice: one request, that holds the changed field only; nothing has changed; the porteur is told."""
        client, nom = chez(titulaire.utilisateur), titulaire.nom_naissance
        assert nom in client.get(CORRIGER).content.decode()
        reponses = [client.post(CORRIGER, saisie(titulaire, nom_naissance="D’Estève")) for _ in range(2)]
        demande = titulaire.corrections.get()
        assert [r.url for r in reponses] == [demande.get_absolute_url()] * 2
        assert demande.valeurs == {"nom_naissance": "D’Estève"}
        titulaire.refresh_from_db()
        assert titulaire.nom_naissance == nom
        entree = EntreeJournal.objects.de(demande).get()
        assert entree.details == {"champs": ["nom_naissance"]} and "Estève" not in str(entree.details)
        courriel = CourrielSortant.objects.get(modele="correction_demandee")
        assert nom not in courriel.corps + courriel.sujet and demande.get_absolute_url() in courriel.corps

    @pytest.mark.parametrize(
        ("champs", "statut", "phrase"),
        [
            ({}, 409, "Rien ne change"),
            ({"nom_naissance": ""}, 422, "obligatoire"),
            ({"justificatif": "", "nom_naissance": "Estève"}, 422, "obligatoire"),
            ({"justificatif": f.SimpleUploadedFile("a.svg", b"<svg/>"), "nom_usage": "Roc"}, 422, "PDF"),
            ({"prenom1": "Anne, Marie"}, 422, "Un seul prénom par champ"),
            ({"jour_naissance": "31", "mois_naissance": "2"}, 422, "que 28 jours"),
        ],
    )
    def test_ce_qui_ne_va_pas_est_dit(self, titulaire, chez, champs, statut, phrase):
        """Nothing to change, no proof, a bad file, an impossible civil status: a sentence, and no request."""
        reponse = chez(titulaire.utilisateur).post(CORRIGER, saisie(titulaire, **champs))
        assert reponse.status_code == statut and phrase in reponse.content.decode()
        assert not DemandeCorrection.objects.exists()

    def test_une_seule_demande_attend(self, titulaire, chez):
        """A second request waits for the answer to the first; withdrawn, another may be made."""
        demande, client = demander(titulaire), chez(titulaire.utilisateur)
        assert client.get(CORRIGER).url == reverse("espace:etat_civil")
        reponse = client.post(CORRIGER, saisie(titulaire, nom_usage="Roc"))
        assert reponse.status_code == 409 and "attend déjà sa réponse" in reponse.content.decode()
        executer(CORRECTION, "retirer_correction", demande, titulaire.utilisateur)
        assert client.post(CORRIGER, saisie(titulaire, nom_usage="Roc")).status_code == 302


class TestReponse:
    def test_le_porteur_compare_puis_accepte(self, acteurs, titulaire, chez, django_capture_on_commit_callbacks):
        """In « À faire », beside its proof; accepted twice, applied once; proof destroyed, candidate told."""
        avant = titulaire.nom_naissance
        demande = demander(titulaire, nom_naissance="Estève", commune_naissance="Marvejols")
        client = chez("gestionnaire")
        assert [t.compte for t in taches_hors_dossiers(acteurs.gestionnaire)] == [1]
        assert demande.get_absolute_url() in client.get("/gestion/").content.decode()
        page = client.get(demande.get_absolute_url()).content.decode()
        assert avant in page and "Estève" in page and "Marvejols" in page
        preuve = client.get(reverse("espace:justificatif", args=[demande.pk]))
        assert b"".join(preuve.streaming_content).startswith(b"%PDF")
        assert EntreeJournal.objects.de(demande).filter(verbe="consulter_justificatif").exists()
        nombre = len(fichiers())
        url = f"/gestion/actes/{CORRECTION}/{demande.pk}/accepter_correction/"
        with django_capture_on_commit_callbacks(execute=True):
            assert [client.post(url, {"cle": "k"}).status_code for _ in range(2)] == [302, 302]
        demande.refresh_from_db()
        titulaire.refresh_from_db()
        assert (titulaire.nom_naissance, titulaire.commune_naissance) == ("Estève", "Marvejols")
        assert titulaire.nom_plie.startswith("esteve")
        assert demande.avant["nom_naissance"] == avant and not demande.justificatif
        assert len(fichiers()) == nombre - 1
        assert client.get(reverse("espace:justificatif", args=[demande.pk])).status_code == 404
        assert titulaire.utilisateur.nom == "Estève"
        entree = EntreeJournal.objects.de(demande).get(verbe="accepter_correction")
        assert entree.details == {"champs": ["commune_naissance", "nom_naissance"]}
        courriel = CourrielSortant.objects.get(modele="correction_acceptee")
        assert courriel.destinataire == titulaire.courriel and "Estève" not in courriel.corps
        assert taches_hors_dossiers(acteurs.gestionnaire) == []

    def test_un_refus_dit_sa_raison_dans_l_espace(self, acteurs, titulaire, chez, django_capture_on_commit_callbacks):
        """Refused: nothing changes, the proof is destroyed, the reason is read in the space and not in the mail."""
        avant, demande, nombre = titulaire.etat_civil(), demander(titulaire), len(fichiers())
        with django_capture_on_commit_callbacks(execute=True):
            executer(CORRECTION, "refuser_correction", demande, acteurs.gestionnaire, MOTIF)
        titulaire.refresh_from_db()
        assert titulaire.etat_civil() == avant and len(fichiers()) == nombre - 1
        assert MOTIF["motif"] in chez(titulaire.utilisateur).get(demande.get_absolute_url()).content.decode()
        assert MOTIF["motif"] not in CourrielSortant.objects.get(modele="correction_refusee").corps

    def test_un_document_delivre_est_a_remplacer_et_son_lot_est_nomme(self):
        """The page and the mails say which document, by whom it is replaced, and in which frozen lot it stands."""
        from django.test import Client

        from ...connexion import connecter

        bureau = Bureau()
        lot = bureau.lot(1)
        parchemin = lot.passages.get().parchemin
        titulaire = parchemin.titulaire
        titulaire.utilisateur = titulaire.utilisateur or f.UtilisateurFactory(role="candidat")
        titulaire.save()
        f.recevable(f.Acteurs(), titulaire=None)
        acteurs = f.Acteurs()
        suivi = f.recevable(acteurs)
        type(suivi).objects.filter(pk=suivi.pk).update(titulaire=titulaire)
        demande = demander(titulaire)
        page = connecter(Client(), acteurs.gestionnaire).get(demande.get_absolute_url()).content.decode()
        assert "Si la demande est acceptée" in page and parchemin.numero in page and str(lot) in page
        executer(CORRECTION, "accepter_correction", demande, acteurs.gestionnaire)
        assert "remplacera le premier" in CourrielSortant.objects.get(modele="correction_acceptee").corps
        prevenus = CourrielSortant.objects.filter(modele="document_a_remplacer").values_list("destinataire", flat=True)
        assert bureau.personne.email in prevenus

    def test_personne_d_autre_n_y_touche(self, titulaire, chez):
        """The employer has no business there; another candidate and another porteur do not see it."""
        demande, autres = demander(titulaire), f.Acteurs()
        url = demande.get_absolute_url()
        assert chez("employeur").get(url).status_code == 403
        assert chez(autres.gestionnaire).get(url).status_code == 404
        assert chez(f.UtilisateurFactory(role="candidat")).get(url).status_code == 404
        acte = f"/gestion/actes/{CORRECTION}/{demande.pk}/accepter_correction/"
        assert chez(titulaire.utilisateur).post(acte).status_code == 403
