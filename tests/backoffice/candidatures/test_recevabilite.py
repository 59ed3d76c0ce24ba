"""Step 3: prerequisites one by one, what is asked and answered in place, decisions and their history."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from backoffice.candidatures.models_instruction import ControlePiece, Reserve, VerificationPrerequis
from backoffice.candidatures.prerequis import Conclusion, Ligne, concernes
from backoffice.parcours.models import ModaliteAcces, Prerequis
from backoffice.parcours.validite import fin_de_validite
from registre.models import CourrielSortant, EntreeJournal
from registre.transitions import Refus
from tests import fabriques as f
from tests.connexion import activer_totp, se_connecter
from tests.navigateur import regarder, suivre

JOUR = timezone.localdate


def acte(candidature, nom):
    return f"/gestion/actes/candidatures.candidature/{candidature.pk}/{nom}/"


def ecran(candidature, nom="recevabilite"):
    return reverse(f"candidatures:{nom}", args=[candidature.pk])


@pytest.fixture
def regles(acteurs):
    """A threshold, a certificate that expires, and a wish that concerns the VAE only."""
    parcours = acteurs.parcours
    diplome = parcours.pieces.get()
    return SimpleNamespace(
        experience=Prerequis.objects.create(
            parcours=parcours,
            code="xp",
            libelle="Expérience du métier",
            nature="seuil",
            seuil=12,
            unite="mois",
            ordre=1,
        ),
        secours=Prerequis.objects.create(
            parcours=parcours, code="sst", libelle="Secourisme", piece=diplome, validite_mois=24, ordre=2
        ),
        vae=Prerequis.objects.create(
            parcours=parcours, code="vae", libelle="Livret", modalites=[ModaliteAcces.VAE], obligatoire=False, ordre=3
        ),
    )


def constats(regles, candidature, **autres):
    """What the gestionnaire types in the screen when everything is right; `autres` changes fields by name and code."""
    piece = candidature.pieces.get(retiree_le=None)
    saisie = {
        f"conclusion{regles.experience.pk}": "satisfait",
        f"valeur{regles.experience.pk}": "24",
        f"conclusion{regles.secours.pk}": "satisfait",
        f"piece{regles.secours.pk}": piece.pk,
        f"justificatif_le{regles.secours.pk}": (JOUR() - timedelta(days=30)).isoformat(),
        f"k{piece.pk}": "on",
        "cle": "",
    }
    for nom, valeur in autres.items():
        champ, code = nom.rsplit("_", 1)
        saisie[f"{champ}{getattr(regles, code).pk}"] = valeur
    return saisie


class TestExamen:
    def test_un_examen_inacheve_s_enregistre_et_se_reprend(self, acteurs, chez, regles):
        """One finding only: kept, with who and when; nothing is decided; the other keeps its place."""
        dossier, porteur = f.deposee(acteurs), chez("gestionnaire")
        page = porteur.get(ecran(dossier)).text
        assert "Expérience du métier" in page and "12 mois au moins" in page and "Livret" not in page
        seul = {f"conclusion{regles.experience.pk}": "satisfait", f"valeur{regles.experience.pk}": "8,5", "cle": "un"}
        assert porteur.post(ecran(dossier), seul).status_code == 302
        assert porteur.post(ecran(dossier), seul).status_code == 302, "the same request again is harmless"
        verification = VerificationPrerequis.objects.get()
        assert verification.valeur == Decimal("8.5") and verification.verifie_par == acteurs.gestionnaire
        page = porteur.get(ecran(dossier)).text
        assert "8,5 mois\u00a0: il en faut 12." in page and acteurs.gestionnaire.get_full_name() in page
        dossier.refresh_from_db()
        assert dossier.etat == "deposee"

    def test_recevable_attend_chaque_prerequis_obligatoire(self, acteurs, chez, regles):
        """Refused with one sentence per prerequisite that is left; carried out once all are settled."""
        dossier, porteur = f.deposee(acteurs), chez("gestionnaire")
        refus = porteur.post(acte(dossier, "declarer_recevable"))
        assert refus.status_code == 409
        assert "Prérequis «\u202fExpérience du métier\u202f»\u00a0: pas encore vérifié." in refus.text
        assert "Secourisme" in refus.text and "Livret" not in refus.text
        porteur.post(ecran(dossier), constats(regles, dossier))
        assert ControlePiece.objects.get().controlee_par == acteurs.gestionnaire
        assert porteur.post(acte(dossier, "declarer_recevable")).status_code == 302
        dossier.refresh_from_db()
        assert dossier.etat == "recevable"
        page = chez("auditeur").get(ecran(dossier)).text
        assert "Satisfait" in page and "Enregistrer l’examen" not in page

    @pytest.mark.parametrize(
        ("autres", "phrase"),
        [
            ({"conclusion_experience": "non_satisfait"}, "non satisfait."),
            ({"valeur_experience": ""}, "indiquez la valeur constatée (12 mois au moins)."),
            ({"valeur_experience": "11,99"}, "11,99 mois\u00a0: il en faut 12."),
            ({"conclusion_experience": "dispense"}, "donnez la raison de la dispense dans le commentaire."),
            (
                {"piece_secours": ""},
                "indiquez la pièce qui le prouve, ou dites dans le commentaire ce que vous avez vu.",
            ),
            ({"justificatif_le_secours": ""}, "indiquez la date du justificatif, valable 24 mois."),
            ({"justificatif_le_secours": "2019-03-31"}, "le justificatif a expiré le 31/03/2021, avant le dépôt"),
        ],
    )
    def test_un_constat_incoherent_s_enregistre_mais_ne_vaut_rien(self, acteurs, chez, regles, autres, phrase):
        """What is typed is never lost; the sentence says what is missing, and the decision waits."""
        dossier, porteur = f.deposee(acteurs), chez("gestionnaire")
        assert porteur.post(ecran(dossier), constats(regles, dossier, **autres)).status_code == 302
        assert phrase in porteur.post(acte(dossier, "declarer_recevable")).text
        dossier.refresh_from_db()
        assert dossier.etat == "deposee"

    def test_une_dispense_motivee_suffit(self, acteurs, chez, regles):
        """Dispensed with its reason: it counts as settled."""
        dossier = f.deposee(acteurs)
        dispense = {
            "conclusion_experience": "dispense",
            "valeur_experience": "",
            "commentaire_experience": "Décision de la CPNE du 3 mai.",
        }
        chez("gestionnaire").post(ecran(dossier), constats(regles, dossier, **dispense))
        assert f.faire(dossier, "declarer_recevable", acteurs.gestionnaire).etat == "recevable"

    def test_ce_qui_expire_avant_le_jury_est_annonce(self, acteurs, chez, regles):
        """Valid today but not on the day of the next session: a warning, never a refusal."""
        dossier, porteur = f.deposee(acteurs), chez("gestionnaire")
        f.session(acteurs)
        bientot = JOUR() - timedelta(days=730 - 8)
        saisie = constats(regles, dossier, justificatif_le_secours=bientot.isoformat())
        porteur.post(ecran(dossier), saisie)
        fin = fin_de_validite(bientot, 24)
        assert f"Ce justificatif expire le {fin:%d/%m/%Y}, avant le jury du" in porteur.get(ecran(dossier)).text
        assert f.faire(dossier, "declarer_recevable", acteurs.gestionnaire).etat == "recevable"

    def test_une_date_a_venir_est_refusee_sans_rien_perdre(self, acteurs, chez, regles):
        """A sentence beside the field, and every other answer still there."""
        dossier = f.deposee(acteurs)
        saisie = constats(regles, dossier, justificatif_le_secours=(JOUR() + timedelta(days=2)).isoformat())
        reponse = chez("gestionnaire").post(ecran(dossier), saisie)
        assert reponse.status_code == 422 and "Cette date est à venir" in reponse.text
        assert 'value="24"' in reponse.text and not VerificationPrerequis.objects.exists()

    def test_les_constats_restent_au_porteur(self, acteurs, chez, regles):
        """The employer reads that the porteur examines, not what it has found so far; nobody else writes."""
        dossier = f.deposee(acteurs)
        chez("gestionnaire").post(ecran(dossier), constats(regles, dossier, conclusion_experience="non_satisfait"))
        assert "Expérience du métier" not in chez("employeur").get(dossier.get_absolute_url()).text
        assert chez("employeur").get(ecran(dossier)).status_code == 403
        assert chez("auditeur").post(ecran(dossier), {}).status_code == 403

    def test_la_piece_remplacee_est_a_examiner_de_nouveau(self, acteurs, chez, regles):
        """The evidence that was held is no longer the one in the dossier."""
        dossier = f.deposee(acteurs)
        chez("gestionnaire").post(ecran(dossier), constats(regles, dossier))
        f.faire(dossier, "declarer_incomplete", acteurs.gestionnaire, motif="Une page manque au diplôme.")
        sain = f.controler(f.fichier_pdf())
        f.faire(dossier, "joindre_piece", acteurs.employeur, requise=acteurs.parcours.pieces.get(), fichier=sain)
        f.faire(dossier, "deposer", acteurs.employeur)
        with pytest.raises(Refus, match="la pièce retenue a été remplacée"):
            f.faire(dossier, "declarer_recevable", acteurs.gestionnaire)

    def test_une_voie_dispensee_saute_l_etape(self, acteurs, chez):
        """`modalites_sans_recevabilite`: deposited, hence recevable; the line says « Sans objet »; no coming back."""
        acteurs.parcours.modalites_sans_recevabilite = [ModaliteAcces.FC_HORS_CONTRAT]
        acteurs.parcours.save()
        dossier = f.deposee(acteurs)
        assert dossier.etat == "recevable"
        assert "Étape sans objet" in chez("gestionnaire").get(ecran(dossier)).text
        with pytest.raises(Refus, match="ne demande pas d’examen"):
            f.faire(dossier, "revoir_recevabilite", acteurs.gestionnaire, motif="Un motif assez long.")


@given(
    jour=st.dates(min_value=JOUR() - timedelta(days=4000), max_value=JOUR()),
    mois=st.integers(1, 60),
    depot=st.integers(0, 2000),
    jury=st.one_of(st.none(), st.integers(0, 400)),
)
def test_un_justificatif_vaut_de_sa_date_a_sa_fin_et_jamais_au_dela(jour, mois, depot, jury):
    """Refused if and only if it had ended on the day of deposit; a warning says if it ends before the jury."""
    depose_le, fin = JOUR() - timedelta(days=depot), fin_de_validite(jour, mois)
    jury_le = None if jury is None else JOUR() + timedelta(days=jury)
    prerequis = Prerequis(libelle="Certificat", validite_mois=mois)
    verification = VerificationPrerequis(
        conclusion=Conclusion.SATISFAIT, justificatif_le=jour, commentaire="Vu sur place."
    )
    ligne = Ligne(prerequis, verification, depose_le, jury_le)
    assert bool(ligne.manque) is (fin < depose_le)
    if fin >= depose_le and (fin < JOUR() or (jury_le and fin < jury_le)):
        assert ligne.avertissement
    if not ligne.manque and jury_le and fin >= max(jury_le, JOUR()):
        assert not ligne.avertissement


class TestComplements:
    @pytest.fixture
    def dossier(self, acteurs, chez, regles):
        """The porteur asks for a pièce, a prerequisite, a field, and says a general word."""
        dossier = f.deposee(acteurs)
        piece = acteurs.parcours.pieces.get()
        demande = {
            f"p{piece.pk}": "La seconde page manque.",
            f"q{regles.experience.pk}": "Dites les dates de vos deux emplois.",
            "cetat_civil": "Le second prénom manque.",
            "motif": "Écrivez-nous si vous hésitez.",
        }
        assert chez("gestionnaire").post(acte(dossier, "declarer_incomplete"), demande).status_code == 302
        dossier.refresh_from_db()
        return dossier

    def test_le_demandeur_repond_point_par_point_puis_depose(self, acteurs, chez, dossier):
        """Each point beside its thing, answered in place; refused until all are; the porteur reads the answers."""
        employeur, porteur = chez("employeur"), chez("gestionnaire")
        page = employeur.get(dossier.get_absolute_url()).text
        assert "La seconde page manque." in page and "Répondre aux demandes" in page
        assert "cetat_civil" not in page and "L’état civil" in page
        refus = employeur.post(acte(dossier, "deposer"))
        assert refus.status_code == 409 and "Expérience du métier" in refus.text
        assert "remarque générale" not in refus.text.lower(), "a general word asks for no answer of its own"

        sur = {r.sujet: r for r in Reserve.objects.all()}
        piece, experience, civil = (
            sur[nom] for nom in ("Diplôme ou titre le plus élevé", "Expérience du métier", "L’état civil")
        )
        vide = employeur.post(ecran(dossier, "complements"), {"reserve": experience.pk, "cle": "v"})
        assert vide.status_code == 422 and "Écrivez une réponse" in vide.text
        for reserve, saisie in (
            (piece, {f"r{piece.pk}-fichier": f.fichier_pdf("entier.pdf")}),
            (experience, {f"r{experience.pk}-reponse": "De 2019 à 2024, chez deux couvreurs."}),
            (civil, {f"r{civil.pk}-reponse": "Corrigé."}),
        ):
            envoi = {"reserve": reserve.pk, "cle": f"c-{reserve.pk}", **saisie}
            assert employeur.post(ecran(dossier, "complements"), envoi).status_code == 302
        assert dossier.pieces.filter(retiree_le=None).get().nom_origine == "entier.pdf"
        assert employeur.post(acte(dossier, "deposer")).status_code == 302
        examen = porteur.get(ecran(dossier)).text
        assert "De 2019 à 2024, chez deux couvreurs." in examen and "nouvelle pièce jointe" in examen

    def test_le_courriel_et_le_journal_disent_chaque_point(self, acteurs, dossier):
        """One mail with all the points; the journal keeps ids, the texts stand beside it."""
        courriel = CourrielSortant.objects.get(modele="candidature_incomplete")
        assert "Expérience du métier\u00a0: Dites les dates" in courriel.corps and "Écrivez-nous" in courriel.corps
        entree = EntreeJournal.objects.de(dossier).get(verbe="declarer_incomplete")
        assert sorted(entree.details["reserves"]) == sorted(Reserve.objects.values_list("pk", flat=True))

    def test_le_candidat_lit_mais_ne_repond_pas(self, acteurs, chez, dossier):
        """The points in plain words, no form; a point of another dossier does not exist here."""
        dossier.titulaire.utilisateur = f.UtilisateurFactory(role="candidat")
        dossier.titulaire.save()
        candidat = chez(dossier.titulaire.utilisateur)
        page = candidat.get(ecran(dossier, "complements")).text
        assert "Le second prénom manque." in page and "Enregistrer la réponse" not in page
        reserve = Reserve.objects.first()
        envoi = {"reserve": reserve.pk, f"r{reserve.pk}-reponse": "Bonjour"}
        assert candidat.post(ecran(dossier, "complements"), envoi).status_code == 403
        autre = f.faire(f.deposee(acteurs), "declarer_incomplete", acteurs.gestionnaire, motif="Diplôme illisible.")
        assert chez("employeur").post(ecran(autre, "complements"), envoi).status_code == 409
        assert not Reserve.objects.exclude(repondue_le=None).exists()

    def test_une_demande_vide_est_refusee(self, acteurs, chez):
        """To ask for something, one says what."""
        dossier = f.deposee(acteurs)
        reponse = chez("gestionnaire").post(acte(dossier, "declarer_incomplete"), {"motif": ""})
        assert reponse.status_code == 422 and "au moins une chose" in reponse.text


class TestDecisions:
    def test_complet_est_une_decision_datee_et_annoncee(self, acteurs, chez, regles):
        """The accusé: a date, a mail, no change of state; asking for more takes it back."""
        dossier, porteur = f.deposee(acteurs), chez("gestionnaire")
        assert porteur.post(acte(dossier, "declarer_complete")).status_code == 302
        dossier.refresh_from_db()
        assert dossier.etat == "deposee" and dossier.complete_le
        assert CourrielSortant.objects.get(modele="candidature_complete").destinataire == acteurs.employeur.email
        assert "complet depuis" in porteur.post(acte(dossier, "declarer_complete")).text
        f.faire(dossier, "declarer_incomplete", acteurs.gestionnaire, motif="Le diplôme est illisible.")
        dossier.refresh_from_db()
        assert dossier.complete_le is None

    def test_l_historique_garde_chaque_decision_ses_raisons_et_son_auteur(self, acteurs, chez, regles):
        """Refused, reviewed, accepted: all three are read, in order; the author is for those who run the dossier."""
        dossier, porteur = f.deposee(acteurs), chez("gestionnaire")
        refus = {"prerequis": [regles.experience.pk], "motif": "Six mois d’expérience seulement."}
        assert porteur.post(acte(dossier, "declarer_irrecevable"), refus).status_code == 302
        f.faire(dossier, "revoir_recevabilite", acteurs.gestionnaire, motif="Un second contrat a été produit.")
        porteur.post(ecran(dossier), constats(regles, dossier))
        f.faire(dossier, "declarer_recevable", acteurs.gestionnaire)
        page = porteur.get(ecran(dossier, "historique")).text
        ordre = ["Déclarer recevable", "Un second contrat a été produit.", "Six mois d’expérience seulement."]
        assert [page.index(texte) for texte in ordre] == sorted(page.index(texte) for texte in ordre)
        assert "Ce prérequis n’est pas satisfait." in page and acteurs.gestionnaire.get_full_name() in page
        sienne = chez("employeur").get(ecran(dossier, "historique")).text
        assert "Six mois d’expérience seulement." in sienne
        assert acteurs.gestionnaire.get_full_name() not in sienne and "par le porteur" in sienne


def test_un_prerequis_ne_concerne_que_ses_voies_d_acces(acteurs, regles):
    """Empty: every way; else those named."""
    dossier = f.brouillon(acteurs)
    assert [p.code for p in concernes(dossier)] == ["xp", "sst"]
    dossier.modalite_acces = ModaliteAcces.VAE
    assert [p.code for p in concernes(dossier)] == ["xp", "sst", "vae"]


@pytest.mark.django_db(transaction=True)
def test_l_examen_et_les_reponses_se_tiennent_a_l_ecran(ouvrir_navigateur):
    """The gestionnaire examines, asks, decides; the employer answers in place: accessible, at 320 px as at 1280."""
    acteurs = f.Acteurs()
    diplome = acteurs.parcours.pieces.get()
    Prerequis.objects.create(
        parcours=acteurs.parcours, code="xp", libelle="Expérience du métier", nature="seuil", seuil=12, unite="mois"
    )
    Prerequis.objects.create(
        parcours=acteurs.parcours, code="sst", libelle="Secourisme", piece=diplome, validite_mois=24, ordre=1
    )
    dossier = f.deposee(acteurs)
    porteur, employeur = ouvrir_navigateur(), ouvrir_navigateur()
    for page, qui in ((porteur, acteurs.gestionnaire), (employeur, acteurs.employeur)):
        se_connecter(page, "", qui.email, f.MOT_DE_PASSE, activer_totp(qui) if page is porteur else None)

    porteur.goto(dossier.get_absolute_url())
    suivre(porteur.get_by_role("link", name="Examiner la recevabilité").first)
    porteur.get_by_label("Conclusion").first.select_option("Satisfait")
    porteur.get_by_label("Valeur constatée").fill("8")
    suivre(porteur.get_by_role("button", name="Enregistrer l’examen"))
    expect(porteur.get_by_text("8 mois\u00a0: il en faut 12.").first).to_be_visible()
    regarder(porteur)
    suivre(porteur.get_by_role("link", name="Demander des compléments"))
    porteur.get_by_label("Diplôme ou titre le plus élevé").fill("La seconde page manque.")
    regarder(porteur)
    suivre(porteur.get_by_role("button", name="Demander des compléments"))

    employeur.goto(dossier.get_absolute_url())
    regarder(employeur)
    suivre(employeur.get_by_role("link", name="Répondre point par point"))
    employeur.get_by_label("Fichier").set_input_files(
        {"name": "entier.pdf", "mimeType": "application/pdf", "buffer": f.pdf(2)}
    )
    suivre(employeur.get_by_role("button", name="Enregistrer la réponse"))
    expect(employeur.get_by_text("Votre réponse est enregistrée")).to_be_visible()
    regarder(employeur)
    suivre(employeur.get_by_role("link", name="Déposer de nouveau"))
    suivre(employeur.get_by_role("button", name="Déposer la candidature"))

    porteur.goto(ecran(dossier))
    expect(porteur.get_by_text("nouvelle pièce jointe")).to_be_visible()
    regarder(porteur)
    suivre(porteur.get_by_role("link", name="Historique des décisions"))
    regarder(porteur)
