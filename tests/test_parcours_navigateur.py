"""One real dossier through every screen, each person logged in as themselves, down to the QR and the CPF file."""

import io
import re
import subprocess
from datetime import timedelta

import pytest
import zxingcpp
from django.core import mail
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from cpf.flux import valider
from cpf.models import LotCPF, ParametresCPF
from registre import jetons, journal
from registre.models import Parchemin

from . import fabriques as f
from .connexion import activer_totp, se_connecter
from .navigateur import suivre
from .ouvrier import travailler

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parcours]


@pytest.fixture
def troupe(settings, live_server):
    """The cast of one CQP, its planned session, the identifiers of the CDC; links lead to the test server."""
    settings.ADRESSE_PUBLIQUE = live_server.url
    acteurs = f.Acteurs()
    acteurs.session = f.session(acteurs)
    ParametresCPF.objects.create(
        certificateur=acteurs.cpne,
        id_client_emetteur="12ABC345",
        id_client="12ABC345",
        id_contrat="MCFCER000123",
        profil="1.1.5",
    )
    return acteurs


@pytest.fixture
def personne(ouvrir_navigateur):
    """Return a function that opens the browser of one person, logged in through the real screens."""

    def ouvrir(utilisateur):
        secret = activer_totp(utilisateur) if utilisateur.exige_double_authentification else None
        return se_connecter(ouvrir_navigateur(), "", utilisateur.email, f.MOT_DE_PASSE, secret)

    return ouvrir


def televerser(page, nom):
    page.set_input_files("[name=fichier]", {"name": nom, "mimeType": "application/pdf", "buffer": f.pdf()})


def ouvrir_l_acte(page, libelle):
    """Click the act on the page, in the menu of the other actions when it is not the next one."""
    lien = page.locator(f"main a:text-is('{libelle}'), main a:has(span:text-is('{libelle}'))").first
    if not lien.is_visible():
        page.locator("main summary", has_text="Autres actions").first.click()
    lien.click()


def acte(page, candidature, libelle, remplir=None):
    """From the page of the dossier, open the act of this label, fill its form, confirm, see that it is done."""
    page.goto(candidature.get_absolute_url())
    ouvrir_l_acte(page, libelle)
    if remplir:
        remplir(page)
    page.locator("main").get_by_role("button", name=libelle).click()
    expect(page.get_by_text(f"{libelle}\u00a0: c’est fait.")).to_be_visible()


def lien_du_courriel(destinataire, motif):
    """The last address of this shape in the mails received by this person."""
    textes = [m.body for m in mail.outbox if destinataire in m.to and re.search(motif, m.body)]
    assert textes, f"aucun courriel pour {destinataire}"
    return re.search(motif, textes[-1]).group()


def test_un_dossier_de_son_ouverture_a_la_verification_et_au_si_cpf(troupe, personne, ouvrir_navigateur, tmp_path):
    """Employer, porteur, évaluateurs, jury, signataire, holder, third party, certificateur: all play their part."""
    candidature = l_employeur_ouvre_le_dossier(troupe, personne)
    employeur = candidature.page

    gestionnaire = personne(troupe.gestionnaire)
    acte(gestionnaire, candidature, "Déclarer recevable")
    acte(
        employeur,
        candidature,
        "Confirmer l’évaluateur habilité",
        lambda p: p.select_option("[name=evaluateur]", str(troupe.evaluateur.pk)),
    )
    les_evaluateurs_evaluent(troupe, personne, ouvrir_navigateur, candidature)
    acte(
        employeur,
        candidature,
        "Inscrire à un jury",
        lambda p: p.select_option("[name=session]", str(troupe.session.pk)),
    )
    le_jury_decide(troupe, personne, candidature)

    certificateur, signataire = personne(troupe.certificateur), personne(troupe.signataire)
    acte(certificateur, candidature, "Préparer la délivrance", lambda p: p.fill("[name=lieu]", "Paris"))
    acte(signataire, candidature, "Approuver et délivrer")
    travailler()

    parchemin = Parchemin.objects.get()
    assert parchemin.nature == "parchemin" and parchemin.rang == 1
    contenu = le_titulaire_telecharge(ouvrir_navigateur, candidature, tmp_path)
    adresse = lire_le_qr(contenu, tmp_path)
    assert adresse == jetons.adresse(parchemin.jeton)
    un_tiers_verifie(ouvrir_navigateur, adresse, parchemin)
    le_certificateur_declare(certificateur, parchemin, tmp_path)
    assert list(journal.verifier()) == []


def l_employeur_ouvre_le_dossier(troupe, personne):
    page = personne(troupe.employeur)
    page.goto("/gestion/")
    page.get_by_role("link", name="Nouvelle candidature").first.click()
    # One CQP only is open to this employer: it is chosen already.
    page.locator("[name=modalite_acces]").select_option("VAE")
    suivre(page.get_by_role("button", name="Ouvrir le brouillon"))
    candidature = f.Candidature.objects.get()
    candidature.page = page
    page.locator("[name$=sexe]").select_option("F")
    for champ, valeur in {
        "nom_naissance": "D’Éloi-Œuvrard",
        "prenom1": "Zoé",
        "jour_naissance": "3",
        "mois_naissance": "5",
        "annee_naissance": "1990",
        "commune_naissance": "Mende",
        "code_insee_naissance": "48095",
        "code_postal_naissance": "48000",
        "courriel": "zoe@example.org",
    }.items():
        page.locator(f"[name$='-{champ}']").fill(valeur)
    suivre(page.get_by_role("button", name="Enregistrer et quitter"))

    # A step out of order is refused with a sentence, and nothing changes.
    page.goto(f"/gestion/actes/candidatures.candidature/{candidature.pk}/deposer/")
    expect(page.get_by_text("Il manque une pièce").first).to_be_visible()

    page.goto(f"/gestion/candidatures/{candidature.pk}/saisie/pieces/")
    page.set_input_files("input[type=file]", {"name": "diplome.pdf", "mimeType": "application/pdf", "buffer": f.pdf()})
    suivre(page.get_by_role("button", name="Enregistrer et continuer"))
    suivre(page.get_by_role("button", name="Déposer la candidature"))
    expect(page.get_by_text("Déposer la candidature\u00a0: c’est fait.")).to_be_visible()
    return candidature


def les_evaluateurs_evaluent(troupe, personne, ouvrir_navigateur, candidature):
    habilite = personne(troupe.evaluateur)

    def inviter(p):
        p.fill("[name=nom]", "Dominique Métier")
        p.fill("[name=fonction]", "chef de chantier")
        p.fill("[name=courriel]", "metier@example.org")

    acte(habilite, candidature, "Inviter l’évaluateur métier", inviter)
    travailler()

    metier = ouvrir_navigateur(viewport={"width": 360, "height": 740})
    adresse = lien_du_courriel("metier@example.org", r"http://\S+/invitation/\S+")
    for _ in range(2):  # reading the page twice consumes nothing
        metier.goto(adresse)
    expect(metier.get_by_text("Zoé").first).to_be_visible()
    tout_acquis(metier)
    metier.fill("[name=commentaire]", "Autonome sur le chantier.")
    metier.locator("main form button[type=submit]").last.click()
    expect(metier.get_by_role("heading", level=1)).to_contain_text(re.compile("merci", re.I))

    habilite.goto(f"/gestion/evaluations/{candidature.pk}/")
    tout_acquis(habilite)
    habilite.fill("[name=date_evaluation]", timezone.localdate().isoformat())
    habilite.fill("[name=observations_candidat]", "La candidate se dit prête.")
    habilite.locator("main form").get_by_role("button", name=re.compile("Enregistrer")).first.click()
    expect(habilite.get_by_text("L’évaluation est enregistrée").first).to_be_visible()
    acte(habilite, candidature, "Joindre le guide signé", lambda p: televerser(p, "guide.pdf"))
    acte(habilite, candidature, "Transmettre l’évaluation")


def tout_acquis(page):
    """Tick « acquise » for every compétence."""
    boutons = page.locator("input[type=radio][value=oui]")
    assert boutons.count() == 4
    for rang in range(4):
        boutons.nth(rang).check(force=True)


def le_jury_decide(troupe, personne, candidature):
    presidente, vice_president = personne(troupe.presidente), personne(troupe.vice_president)
    adresse = troupe.session.get_absolute_url()

    def faire(page, libelle):
        page.goto(adresse)
        ouvrir_l_acte(page, libelle)
        page.locator("main").get_by_role("button", name=libelle).click()
        expect(page.get_by_text(f"{libelle}\u00a0: c’est fait.")).to_be_visible()

    faire(presidente, "Émarger")
    presidente.goto(f"/gestion/actes/jurys.sessionjury/{troupe.session.pk}/ouvrir_session/")
    expect(presidente.get_by_text("Parité\u00a0: 1 membre").first).to_be_visible()
    faire(vice_president, "Émarger")
    faire(presidente, "Ouvrir la séance")

    inscription = candidature.inscriptions.get()
    presidente.goto(f"{adresse}salle/{inscription.pk}/")
    decisions = presidente.locator("input[type=radio][name^=b][value=oui]")
    for rang in range(decisions.count()):
        decisions.nth(rang).check(force=True)
    presidente.locator("input[name=issue][value=decidee]").check(force=True)
    presidente.locator("main form").get_by_role("button", name=re.compile("Enregistrer la décision")).click()
    expect(presidente.get_by_text("est enregistrée").first).to_be_visible()
    faire(presidente, "Clore la séance")
    for signataire in (presidente, vice_president):
        signataire.goto(f"/gestion/actes/jurys.sessionjury/{troupe.session.pk}/signer_pv/")
        signataire.get_by_label("J’ai lu ce procès-verbal").check()
        suivre(signataire.locator("main").get_by_role("button", name="Signer le PV"))
    expect(vice_president.get_by_text("Signer le PV\u00a0: c’est fait.")).to_be_visible()
    candidature.refresh_from_db()
    assert candidature.etat == "validee"


def le_titulaire_telecharge(ouvrir_navigateur, candidature, dossier) -> bytes:
    """The holder chooses a password from the mail received, logs in and downloads the document."""
    page = ouvrir_navigateur()
    page.goto(lien_du_courriel("zoe@example.org", r"http://\S+/compte/password/reset/"))
    page.fill("[name=email]", "zoe@example.org")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("reset/done"))
    travailler()
    page.goto(lien_du_courriel("zoe@example.org", r"http://\S+/compte/password/reset/key/\S+"))
    for champ in ("password1", "password2"):
        page.fill(f"[name={champ}]", "une-phrase-que-zoe-retient")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("key/done|login|gestion"))
    if "/gestion/" not in page.url:
        se_connecter(page, "", "zoe@example.org", "une-phrase-que-zoe-retient")
    page.goto("/gestion/")
    with page.expect_navigation():
        page.get_by_role("button", name="J’ai lu, continuer").click()
    with page.expect_download() as telechargement:
        page.get_by_role("link", name=re.compile("Télécharger le document")).first.click()
    chemin = dossier / "parchemin.pdf"
    telechargement.value.save_as(chemin)
    contenu = chemin.read_bytes()
    assert contenu.startswith(b"%PDF-")
    return contenu


def lire_le_qr(contenu: bytes, dossier) -> str:
    """Print the page at 150 dpi and read its QR with a real decoder."""
    (dossier / "p.pdf").write_bytes(contenu)
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", "p.pdf", "page"], cwd=dossier, check=True)
    codes = zxingcpp.read_barcodes(Image.open(io.BytesIO((dossier / "page.png").read_bytes())))
    assert len(codes) == 1
    return codes[0].text


def un_tiers_verifie(ouvrir_navigateur, adresse, parchemin):
    """Anyone who scans the code reads the verdict, the name as printed, and nothing else about the person."""
    tiers = ouvrir_navigateur(java_script_enabled=False)
    chemin = adresse.split("/", 3)[3]
    tiers.goto(f"/{chemin}")
    principal = tiers.locator("main")
    expect(principal).to_contain_text(re.compile("valide|authentique", re.I))
    expect(principal).to_contain_text("Zoé")
    expect(principal).to_contain_text(parchemin.numero)
    expect(principal).not_to_contain_text("1990")
    assert tiers.context.cookies() == []


def le_certificateur_declare(page, parchemin, dossier):
    """The lot, its XML valid against our schema, its deposit, its accusé: the passage is accepted."""
    page.goto("/gestion/cpf/")
    page.get_by_role("link", name="Constituer un lot").click()
    page.get_by_role("button", name="Constituer le lot").click()
    page.wait_for_url(re.compile(r"/gestion/cpf/lots/\d+/"))
    lot = LotCPF.objects.get()
    with page.expect_download() as telechargement:
        page.get_by_role("link", name=re.compile("Télécharger le fichier XML")).click()
    chemin = dossier / "lot.xml"
    telechargement.value.save_as(chemin)
    assert valider(chemin, "1.1.5") == []
    assert parchemin.identifiant in chemin.read_text() and "D’Éloi-Œuvrard" in chemin.read_text()

    suivre(page.get_by_role("button", name="Déclarer le dépôt").first)
    passage = lot.passages.get()
    accuse = (
        '<rapport xmlns:ns2="urn:cdc:cpf:pc5:rapport:schema"><nomFichier>lot.xml</nomFichier>'
        f"<idFlux>{lot.id_flux}</idFlux><idTraitement>1</idTraitement><PassagesKO/>"
        f"<PassagesOK><idTechnique>{passage.id_technique}</idTechnique></PassagesOK></rapport>"
    )
    page.goto(f"/gestion/cpf/lots/{lot.pk}/")
    page.set_input_files(
        "[name=fichier]", {"name": "accuse.xml", "mimeType": "application/xml", "buffer": accuse.encode()}
    )
    suivre(page.get_by_role("button", name="Intégrer l’accusé de traitement").first)
    passage.refresh_from_db()
    assert passage.reponse == "accepte"
    assert timezone.now() - passage.lot.horodatage < timedelta(minutes=10)
