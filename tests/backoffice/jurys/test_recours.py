"""An appeal: in time, acknowledged at once, examined and answered by people who had no part in the decision."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from backoffice.jurys.composition import conflit_du_membre, empechements
from backoffice.jurys.models import Inscription, Recours
from backoffice.jurys.recours import limite_de_recours
from backoffice.notifications.relances import GENRES, relancer
from backoffice.pilotage.a_faire import taches_hors_dossiers
from registre.models import CourrielSortant, EntreeJournal
from registre.transitions import HorsPortee, Refus, RoleInsuffisant
from site_public.demonstration.horloge import horloge
from tests import fabriques as f
from tests.connexion import connecter

from .situations_recours import EXPOSE, agir, former, neutres

REPONSE = "La seconde page avait bien été oubliée par le jury."


@pytest.fixture
def acteurs(db):
    return f.Acteurs()


def texte(reponse) -> str:
    return reponse.content.decode()


def recus(modele) -> set[str]:
    return set(CourrielSortant.objects.filter(modele=modele).values_list("destinataire", flat=True))


class TestDepot:
    def test_depose_depuis_son_espace_et_accuse_aussitot(self, acteurs):
        """From « mon espace », with a file: a mail and a page at once, both with the day of the answer."""
        dossier = f.decidee(acteurs, acquis=False)
        moi = connecter(Client(), f.Utilisateur.objects.get(pk=dossier.titulaire.utilisateur_id))
        page = texte(moi.get(reverse("espace:dossier", args=[dossier.pk])))
        limite = limite_de_recours(dossier.inscriptions.get())
        url = f"/gestion/actes/candidatures.candidature/{dossier.pk}/former_recours/"
        assert url in page and date_format(limite, "j F Y") in page
        envoi = {
            "objet": "procedure",
            "expose": EXPOSE,
            "fichier": f.fichier_pdf("preuve.pdf"),
            "cle": "une-seule-fois",
        }
        assert moi.post(url, {**envoi, "expose": "Non."}).status_code == 422
        for _ in range(2):
            envoi["fichier"].seek(0)
            assert moi.post(url, envoi).status_code == 302
        recours = Recours.objects.get()
        attendue = timezone.localdate() + timedelta(days=dossier.parcours.delai_reponse_recours)
        assert (recours.etat, recours.echeance, recours.expose) == ("depose", attendue, EXPOSE)
        lettre = CourrielSortant.objects.get(modele="recours_accuse")
        assert lettre.destinataire == dossier.titulaire.courriel
        assert date_format(attendue, "j F Y") in lettre.corps and EXPOSE not in lettre.corps
        assert recus("recours_recu") == {acteurs.certificateur.email, acteurs.gestionnaire.email}
        page = texte(moi.get(recours.get_absolute_url()))
        assert "Votre recours est bien reçu" in page and date_format(attendue, "j F Y") in page
        accuse = moi.get(reverse("jurys:accuse_du_recours", args=[recours.pk]))
        assert accuse.content.startswith(b"%PDF-") and accuse.content == moi.get(accuse.request["PATH_INFO"]).content
        piece = moi.get(reverse("jurys:piece_du_recours", args=[recours.pk]))
        assert b"".join(piece.streaming_content).startswith(b"%PDF-") and "attachment" in piece["Content-Disposition"]

    @pytest.mark.parametrize(("jours", "admis"), [(0, True), (1, False)])
    def test_le_delai_compte_depuis_la_notification(self, acteurs, jours, admis):
        """The last day still counts; the next one is refused with the date, and who may still take it."""
        dossier = f.decidee(acteurs)
        inscription = dossier.inscriptions.get()
        Inscription.objects.filter(pk=inscription.pk).update(notifiee_le=timezone.now() + timedelta(days=3))
        inscription.refresh_from_db()
        limite = limite_de_recours(inscription)
        assert limite == timezone.localdate() + timedelta(days=3 + dossier.parcours.delai_recours)
        jour = timezone.now() + (limite - timezone.localdate()) + timedelta(days=jours)
        with horloge(jour):
            if admis:
                assert former(dossier).etat == "depose"
            else:
                with pytest.raises(Refus, match=f"{limite:%d/%m/%Y}.*{acteurs.porteur.raison_sociale}"):
                    former(dossier)

    def test_une_lettre_s_enregistre_hors_delai_avec_sa_raison(self, acteurs):
        """The staff records a letter: in time by its postmark, else with a reason that everybody reads on the page."""
        dossier = f.decidee(acteurs)
        with horloge(timezone.now() + timedelta(days=dossier.parcours.delai_recours + 20)):
            lettre = {"objet": "decision", "expose": EXPOSE, "recu_le": timezone.localdate()}
            with pytest.raises(Refus, match="dites pourquoi"):
                f.faire(dossier, "enregistrer_recours", acteurs.gestionnaire, **lettre)
            motif = "Hospitalisation, certificat à l’appui."
            f.faire(dossier, "enregistrer_recours", acteurs.gestionnaire, **lettre, motif=motif)
            recours = Recours.objects.get()
            assert recours.hors_delai == motif
            page = texte(connecter(Client(), acteurs.certificateur).get(recours.get_absolute_url()))
            assert "Enregistré hors délai" in page and motif in page

    def test_un_seul_recours_contre_une_decision(self, acteurs):
        """A second one is refused while the first waits and once it is answered; not when it was withdrawn."""
        dossier = f.decidee(acteurs)
        recours = former(dossier)
        with pytest.raises(Refus, match="déjà en cours"):
            former(dossier)
        agir(recours, "retirer_recours", dossier.titulaire.utilisateur)
        assert recus("recours_retire") == {acteurs.certificateur.email, acteurs.gestionnaire.email}
        gestionnaire, certificateur = neutres(acteurs)
        second = agir(former(dossier), "prendre_en_charge", gestionnaire)
        agir(second, "rejeter_recours", certificateur, reponse=REPONSE, voies="La médiation de la branche.")
        with pytest.raises(Refus, match="déjà fait l’objet"):
            former(dossier)

    def test_il_est_a_son_candidat_et_a_la_gestion(self, acteurs):
        """The employer knows nothing of it, the jury neither, another candidate neither."""
        dossier = f.decidee(acteurs)
        recours = former(dossier)
        autre = f.decidee(acteurs).titulaire.utilisateur
        for personne, statut in ((acteurs.employeur, 403), (acteurs.presidente, 403), (autre, 404)):
            assert connecter(Client(), personne).get(recours.get_absolute_url()).status_code == statut
        for personne in (acteurs.employeur, autre):
            with pytest.raises((HorsPortee, RoleInsuffisant)):
                agir(recours, "retirer_recours", personne)
        for onglet in ("jury", "journal"):
            page = texte(connecter(Client(), acteurs.employeur).get(f"{dossier.get_absolute_url()}?onglet={onglet}"))
            assert "ecours" not in page.split("<main", 1)[1]


class TestImpartialite:
    def test_qui_a_pris_part_n_examine_ni_ne_repond(self, acteurs):
        """Prepared, evaluated, sat: each is refused in words; examined, one leaves the answer to another."""
        recours = former(f.decidee(acteurs))
        with pytest.raises(Refus, match="préparé ce dossier"):
            agir(recours, "prendre_en_charge", acteurs.gestionnaire)
        for qui, phrase in ((acteurs.presidente, "siégé"), (acteurs.evaluateur, "évalué")):
            f.Role.objects.create(utilisateur=qui, nom="certificateur", organisme=acteurs.cpne)
            qui = f.Utilisateur.objects.get(pk=qui.pk)
            with pytest.raises(Refus, match=phrase):
                agir(recours, "prendre_en_charge", qui)
        agir(recours, "prendre_en_charge", acteurs.certificateur)
        with pytest.raises(Refus, match="Vous avez examiné"):
            agir(recours, "rejeter_recours", acteurs.certificateur, reponse=REPONSE, voies="La médiation.")
        with pytest.raises(Refus, match="siégé"):
            president = f.Utilisateur.objects.get(pk=acteurs.presidente.pk)
            agir(recours, "accepter_recours", president, reponse=REPONSE)
        with pytest.raises(IntegrityError, match="recours_a_deux"), transaction.atomic():
            Recours.objects.update(repondu_par=acteurs.certificateur)

    def test_le_nouveau_jury_ecarte_les_premiers_membres(self, acteurs):
        """Accepted: those who sat are recused by force, and a session that only they would hold cannot decide."""
        gestionnaire, certificateur = neutres(acteurs)
        dossier = f.decidee(acteurs)
        temoin = f.inscrite(acteurs, premiere := f.session(acteurs))
        recours = agir(former(dossier), "prendre_en_charge", gestionnaire)
        agir(recours, "accepter_recours", certificateur, reponse=REPONSE)
        dossier.refresh_from_db()
        f.faire(dossier, "inscrire_au_jury", acteurs.employeur, session=premiere)
        inscription = dossier.inscriptions.get(session=premiere)
        raisons = set(inscription.deports.values_list("raison", flat=True))
        assert raisons == {"Cette personne a siégé lors de la décision contestée."}
        assert inscription.deports.count() == 2 and not temoin.inscriptions.get().deports.exists()
        f.ouvrir_seance(acteurs, premiere)
        assert any("Quorum" in phrase for phrase in empechements(premiere, inscription))
        with pytest.raises(Refus):
            f.deliberer(acteurs, dossier)
        neuf = f.UtilisateurFactory(role=("jury", f.OrganismeFactory()))
        siege = premiere.membres.create(utilisateur=neuf, college="salaries")
        assert conflit_du_membre(siege, dossier) == ""

    def test_une_simple_revocation_n_ecarte_personne(self, acteurs):
        """Without an appeal, the same members may hear the dossier again."""
        dossier = f.faire(f.decidee(acteurs), "demander_revocation", acteurs.gestionnaire, motif="Erreur de saisie.")
        dossier = f.faire(dossier, "revoquer_decision", acteurs.certificateur)
        seance = f.session(acteurs)
        f.faire(dossier, "inscrire_au_jury", acteurs.employeur, session=seance)
        assert not dossier.inscriptions.get(session=seance).deports.exists()


class TestReponse:
    def test_accepte_la_decision_est_revoquee_a_deux(self, acteurs):
        """Who examined asks, who decides pronounces; the document falls; the employer reads the outcome only."""
        gestionnaire, certificateur = neutres(acteurs)
        dossier = f.delivree(acteurs)
        document = dossier.delivrance.parchemin
        recours = agir(former(dossier), "prendre_en_charge", gestionnaire)
        recours = agir(recours, "accepter_recours", certificateur, reponse=REPONSE)
        dossier.refresh_from_db()
        document.refresh_from_db()
        revocation = recours.inscription.revocations.get()
        assert (revocation.demandee_par, revocation.tranchee_par) == (gestionnaire, certificateur)
        assert (recours.etat, dossier.etat, bool(document.annule_le)) == ("accepte", "evaluee", True)
        lettre = CourrielSortant.objects.get(modele="recours_reponse")
        assert lettre.destinataire == dossier.titulaire.courriel and REPONSE in lettre.corps
        issue = CourrielSortant.objects.get(modele="recours_issue")
        assert issue.destinataire == acteurs.employeur.email and "accepté" in issue.corps
        ecrits = CourrielSortant.objects.filter(destinataire=acteurs.employeur.email)
        assert not [c.corps for c in ecrits if REPONSE in c.corps or EXPOSE in c.corps]
        moi = connecter(Client(), f.Utilisateur.objects.get(pk=dossier.titulaire.utilisateur_id))
        assert "est révoquée" in texte(moi.get(reverse("espace:dossier", args=[dossier.pk])))
        assert "Votre recours est accepté" in texte(moi.get(recours.get_absolute_url()))

    def test_accepte_apres_une_revocation_deja_demandee(self, acteurs):
        """A pending request is settled by the answer; its author does not answer."""
        gestionnaire, certificateur = neutres(acteurs)
        recours = agir(former(f.decidee(acteurs)), "prendre_en_charge", gestionnaire)
        f.faire(recours.candidature, "demander_revocation", certificateur, motif="Erreur de saisie au PV.")
        with pytest.raises(Refus, match="demandé la révocation"):
            agir(recours, "accepter_recours", certificateur, reponse=REPONSE)
        agir(recours, "accepter_recours", acteurs.certificateur, reponse=REPONSE)
        assert recours.inscription.revocations.get().prononcee

    def test_rejete_la_decision_tient(self, acteurs):
        """Reasons and ways further in writing; nothing else changes."""
        gestionnaire, certificateur = neutres(acteurs)
        dossier = f.delivree(acteurs)
        recours = agir(former(dossier), "prendre_en_charge", gestionnaire)
        client = connecter(Client(), certificateur)
        url = f"/gestion/actes/jurys.recours/{recours.pk}/rejeter_recours/"
        assert client.post(url, {"reponse": REPONSE, "cle": "a"}).status_code == 422
        assert (
            client.post(url, {"reponse": REPONSE, "voies": "La médiation de la branche.", "cle": "b"}).status_code
            == 302
        )
        recours.refresh_from_db()
        dossier.refresh_from_db()
        assert (recours.etat, dossier.etat) == ("rejete", "validee")
        assert "Voies qui restent ouvertes" in CourrielSortant.objects.get(modele="recours_reponse").corps
        assert EntreeJournal.objects.de(recours).last().verbe == "rejeter_recours"


class TestSuivi:
    def test_a_faire_et_les_relances_disent_l_echeance(self, acteurs):
        """Awaited by the certificateurs, then by another than who examines; late ones say so, and reminders come."""
        gestionnaire, certificateur = neutres(acteurs)
        recours = former(f.decidee(acteurs))

        def attendus(personne):
            return [t.verbe.nom for t in taches_hors_dossiers(personne) if recours in t.objets]

        assert attendus(certificateur) == ["prendre_en_charge"]
        agir(recours, "prendre_en_charge", certificateur)
        assert attendus(certificateur) == [] and attendus(acteurs.certificateur) == ["accepter_recours"]
        avant, apres = GENRES["recours_a_repondre"], GENRES["recours_en_retard"]
        jours = recours.candidature.parcours.relance_avant_jours
        assert relancer(avant, recours.echeance - timedelta(days=jours + 1)) == 0
        assert [relancer(avant, recours.echeance - timedelta(days=jours)) for _ in range(2)] == [1, 0]
        assert relancer(apres, recours.echeance + timedelta(days=6)) == 0
        assert relancer(apres, recours.echeance + timedelta(days=7)) == 1
        assert recus("relance_recours") == {certificateur.email}
        with horloge(timezone.now() + timedelta(days=recours.candidature.parcours.delai_reponse_recours + 2)):
            page = texte(connecter(Client(), acteurs.certificateur).get("/gestion/"))
            assert "En retard" in page and recours.get_absolute_url() in page

    def test_la_liste_est_dans_l_ordre_des_echeances(self, acteurs):
        """To answer first, nearest deadline above; within one's scope; the same cost for one row and for several."""
        liste = reverse("jurys:liste_recours")
        tard, tot = former(f.decidee(acteurs)), former(f.decidee(acteurs))
        Recours.objects.filter(pk=tot.pk).update(echeance=timezone.localdate() + timedelta(days=3))
        client = connecter(Client(), acteurs.gestionnaire)
        page = texte(client.get(liste))
        assert page.index(tot.get_absolute_url()) < page.index(tard.get_absolute_url())
        assert tard.get_absolute_url() not in texte(client.get(liste, {"etat": "rejete"}))
        assert "Aucun recours" in texte(connecter(Client(), f.Acteurs().gestionnaire).get(liste))
        assert connecter(Client(), acteurs.employeur).get(liste).status_code == 403
