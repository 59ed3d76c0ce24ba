"""Opening and changing a dossier: what is stored, ignored, refused."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from backoffice.candidatures.models import Candidature, Etat
from backoffice.candidatures.views import phrases_de_contrainte
from backoffice.parcours.models import ModaliteAcces
from registre.models import OptionCertification, Titulaire
from tests import fabriques as f

NOUVELLE = "/gestion/candidatures/nouvelle/"
DEJA = "Cette personne a déjà une candidature"


def test_les_champs_en_trop_sont_ignores(acteurs, chez, saisie):
    """State, porteur, reference, staff flag: what the form does not ask is not read."""
    intrus = f.OrganismeFactory()
    surplus = {
        "etat": "validee",
        "porteur": intrus.pk,
        "reference": "X-1",
        "is_staff": "on",
        "parcours": "999",
        "titulaire-utilisateur": acteurs.employeur.pk,
        "titulaire-nom_plie": "x",
        "decision": "validee",
    }
    chez("employeur").post(NOUVELLE, {**saisie, **surplus})
    candidature = Candidature.objects.get()
    assert (candidature.etat, candidature.porteur, candidature.parcours) == (
        "brouillon",
        acteurs.porteur,
        acteurs.parcours,
    )
    assert candidature.reference != "X-1"
    assert candidature.titulaire.utilisateur is None and candidature.titulaire.nom_plie != "x"
    acteurs.employeur.refresh_from_db()
    assert acteurs.employeur.is_staff is False


def test_la_version_d_un_dossier_ouvert_ne_change_pas(acteurs, chez, saisie):
    """A dossier keeps its version, its parcours and its porteur, whatever is posted."""
    candidature, autre = f.brouillon(acteurs), f.VersionFactory()
    f.ParcoursFactory(certification=autre.certification)
    adresse = reverse("candidatures:modifier", args=[candidature.pk])
    assert 'name="version"' not in chez("employeur").get(adresse).text
    donnees = {**saisie, "version": autre.pk, "modalite_acces": ModaliteAcces.VAE}
    assert chez("employeur").post(adresse, donnees).status_code == 302
    candidature.refresh_from_db()
    assert (candidature.version, candidature.modalite_acces) == (acteurs.version, "VAE")


def test_les_erreurs_se_lisent_en_haut_et_pres_du_champ(acteurs, chez, saisie):
    """Errors of both forms in one summary with links; nothing is stored; what was typed stays."""
    fautive = {**saisie, "modalite_acces": "", "titulaire-nom_naissance": "Dup\u202eont", "titulaire-courriel": "x"}
    reponse = chez("employeur").post(NOUVELLE, fautive)
    assert reponse.status_code == 422
    assert reponse.text.count("resume-erreurs") == 1
    assert 'href="#id_titulaire-nom_naissance"' in reponse.text and 'href="#id_modalite_acces"' in reponse.text
    assert "caractère invisible" in reponse.text and "Maïté" in reponse.text
    assert not Candidature.objects.exists() and not Titulaire.objects.exists()


def test_les_options_sont_celles_de_la_certification(acteurs, chez, saisie):
    """Without JavaScript: an option of another version is refused; a version with options asks for one of its own."""
    client = chez("employeur")
    sienne = OptionCertification.objects.create(version=acteurs.version, libelle="Enrobés")
    autre = f.VersionFactory()
    f.ParcoursFactory(certification=autre.certification)
    etrangere = OptionCertification.objects.create(version=autre, libelle="Production")
    assert {"Enrobés", "Production"} <= {mot for mot in ("Enrobés", "Production") if mot in client.get(NOUVELLE).text}
    sans = client.post(NOUVELLE, saisie)
    assert sans.status_code == 422 and "choisissez celle qui est visée" in sans.text
    assert "Production" not in sans.text
    refusee = client.post(NOUVELLE, {**saisie, "option": etrangere.pk})
    assert refusee.status_code == 422 and "Cette option n’est pas celle" in refusee.text
    assert client.post(NOUVELLE, {**saisie, "option": sienne.pk}).status_code == 302
    assert Candidature.objects.get().option == sienne


@pytest.mark.parametrize("changement", [
    {"titulaire-prenom1": "MAITE"},
    {"titulaire-nom_naissance": "d'esteve lukasik", "titulaire-prenom2": "Anne"},
    {"titulaire-courriel": "autre@example.org"},
])  # fmt: skip
def test_la_meme_personne_n_a_pas_deux_dossiers_en_cours(acteurs, chez, saisie, changement):
    """Typed twice, with other accents or another address: a French refusal, nothing half done."""
    client = chez("employeur")
    client.post(NOUVELLE, saisie)
    reponse = client.post(NOUVELLE, {**saisie, **changement, "cle": "d" * 32})
    assert reponse.status_code == 409 and DEJA in reponse.text
    assert Candidature.objects.count() == Titulaire.objects.count() == 1


@pytest.mark.parametrize("changement", [
    {"titulaire-prenom1": "Lou"},
    {"titulaire-jour_naissance": "4"},
    {"titulaire-annee_naissance": "1991"},
])  # fmt: skip
def test_un_homonyme_ouvre_son_propre_dossier(acteurs, chez, saisie, changement):
    """Another first name or another birthday is another person."""
    client = chez("employeur")
    client.post(NOUVELLE, saisie)
    assert client.post(NOUVELLE, {**saisie, **changement, "cle": "d" * 32}).status_code == 302
    assert Candidature.objects.count() == 2


def test_le_brouillon_d_un_autre_employeur_ne_bloque_personne(acteurs, chez, saisie):
    """A draft is private until declared: it neither shows nor blocks elsewhere; the second to declare is refused."""
    autre = f.OrganismeFactory()
    rival = f.UtilisateurFactory(role=("employeur", autre))
    chez("employeur").post(NOUVELLE, saisie)
    assert chez(rival).post(NOUVELLE, {**saisie, "etablissement": autre.pk, "cle": "d" * 32}).status_code == 302
    premiere, seconde = Candidature.objects.order_by("pk")
    for candidature, personne, attendu in ((premiere, acteurs.employeur, 302), (seconde, rival, 409)):
        f.faire(
            candidature,
            "joindre_piece",
            personne,
            requise=acteurs.parcours.pieces.get(),
            fichier=f.controler(f.fichier_pdf()),
        )
        reponse = chez(personne).post(f"/gestion/actes/candidatures.candidature/{candidature.pk}/deposer/")
        assert reponse.status_code == attendu
    assert DEJA in reponse.text


def test_une_contrainte_de_la_base_devient_une_phrase(acteurs):
    """What the database itself refuses is told in the words of the constraint, whatever the database."""
    candidature = f.brouillon(acteurs)
    candidature.pk, candidature.reference = None, "AUTRE-1"
    with pytest.raises(IntegrityError) as erreur, transaction.atomic():
        candidature.save(force_insert=True)
    assert phrases_de_contrainte(erreur.value) == [
        "Cette personne a déjà une candidature en cours pour cette certification."
    ]
    titulaire = Titulaire.objects.get()
    titulaire.annee_naissance = 1800
    with pytest.raises(IntegrityError) as erreur, transaction.atomic():
        titulaire.save()
    assert "quatre chiffres" in phrases_de_contrainte(erreur.value)[0]
    assert "rien n’a été modifié" in phrases_de_contrainte(IntegrityError("autre chose"))[0]


def test_une_base_qui_refuse_ne_donne_pas_de_page_d_erreur(acteurs, chez, saisie, monkeypatch):
    """A violation met at the last moment comes back as a form error, and nothing is stored."""
    from backoffice.candidatures import views

    def refuser(*args):
        raise IntegrityError('duplicate key violates unique constraint "candidature_vivante_unique"')

    monkeypatch.setattr(views.workflow, "ouvrir", refuser)
    reponse = chez("employeur").post(NOUVELLE, saisie)
    assert reponse.status_code == 409 and DEJA in reponse.text
    assert not Titulaire.objects.exists()


@pytest.mark.parametrize("role", ["evaluateur", "certificateur", "signataire", "auditeur", "presidente"])
def test_seuls_l_employeur_et_le_porteur_ouvrent_un_dossier(acteurs, chez, role, saisie):
    """The other roles get 403 on both the page and the POST."""
    client = chez(role)
    assert client.get(NOUVELLE).status_code == client.post(NOUVELLE, saisie).status_code == 403
    assert not Candidature.objects.exists()


def test_un_employeur_n_ouvre_que_pour_ses_etablissements(acteurs, chez, saisie):
    """Another body's establishment is not among the choices."""
    reponse = chez("employeur").post(NOUVELLE, {**saisie, "etablissement": f.OrganismeFactory().pk})
    assert reponse.status_code == 422 and not Candidature.objects.exists()


def test_un_porteur_n_ouvre_que_pour_ses_certifications(acteurs, chez, saisie):
    """The gestionnaire of one porteur is not offered the CQPs of another."""
    autre = f.VersionFactory()
    f.ParcoursFactory(certification=autre.certification)
    client = chez("gestionnaire")
    assert client.post(NOUVELLE, {**saisie, "version": autre.pk}).status_code == 422
    assert client.post(NOUVELLE, saisie).status_code == 302
    assert Candidature.objects.get().ouverte_par == acteurs.gestionnaire


def test_un_dossier_depose_ne_se_modifie_plus(acteurs, chez, saisie):
    """Page and POST say so, with the state; nothing changes."""
    candidature = f.deposee(acteurs)
    nom = candidature.titulaire.nom_naissance
    client, adresse = chez("employeur"), reverse("candidatures:modifier", args=[candidature.pk])
    for reponse in (client.get(adresse), client.post(adresse, saisie)):
        assert reponse.status_code == 409 and Etat.DEPOSEE.label in reponse.text
    assert Titulaire.objects.get().nom_naissance == nom


def test_le_porteur_ne_modifie_pas_le_brouillon_d_un_employeur(acteurs, chez, saisie):
    """A draft opened by the employer is not the porteur's to see: 404."""
    adresse = reverse("candidatures:modifier", args=[f.brouillon(acteurs).pk])
    client = chez("gestionnaire")
    assert client.get(adresse).status_code == client.post(adresse, saisie).status_code == 404


def test_le_dossier_d_un_autre_n_existe_pas(acteurs, chez, saisie):
    """Foreign ids: 404 on every address of the room, for reading and writing."""
    candidature = f.deposee(acteurs)
    etranger = chez(f.UtilisateurFactory(role=("employeur", f.OrganismeFactory())))
    acte = f"/gestion/actes/candidatures.candidature/{candidature.pk}/deposer/"
    modifier = reverse("candidatures:modifier", args=[candidature.pk])
    piece = reverse("candidatures:piece", args=[candidature.pieces.get().pk])
    for adresse in (candidature.get_absolute_url(), modifier, piece, acte):
        assert etranger.get(adresse).status_code == 404
    assert etranger.post(modifier, saisie).status_code == etranger.post(acte).status_code == 404


def test_sans_connexion_on_est_conduit_a_la_porte(acteurs, saisie):
    """Anonymous: every address leads to the login page, and comes back after it."""
    candidature = f.deposee(acteurs)
    adresses = [
        reverse("candidatures:liste"),
        NOUVELLE,
        candidature.get_absolute_url(),
        reverse("candidatures:modifier", args=[candidature.pk]),
        reverse("candidatures:piece", args=[candidature.pieces.get().pk]),
        f"/gestion/actes/candidatures.candidature/{candidature.pk}/deposer/",
    ]
    for adresse in adresses:
        reponse = Client().get(adresse)
        assert reponse.status_code == 302
        assert reponse.url.startswith(reverse("account_login")) and adresse in reponse.url
