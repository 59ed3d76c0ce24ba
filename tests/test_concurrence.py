"""Many people at the same instant: one effect per request, no hole in the numbers, no place given twice.

Real threads, real connections, real commits. On SQLite the whole database is the lock (every transaction takes it when
it begins); on PostgreSQL the rows are: what proves the row locks is run there only, and says so.
"""

import threading
import time

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test import Client

from backoffice.actes import adresse
from backoffice.candidatures.models import Candidature
from backoffice.jurys import proces_verbaux
from backoffice.jurys.attente_de_place import attribuer_les_places
from backoffice.jurys.models import Inscription, SignaturePV
from registre import gardien, journal, numerotation, trousseau
from registre.delivrance import delivrer
from registre.models import CourrielSortant, EntreeJournal, Parchemin, SerieNumeros
from registre.transitions import VERBES, Refus, executer

from . import fabriques as f
from .connexion import connecter
from .registre.test_delivrance import contenu

pytestmark = pytest.mark.django_db(transaction=True)

FOIS = 20
VERROUS_DE_LIGNE = pytest.mark.skipif(
    "connection.vendor == 'sqlite'",
    reason="SQLite : la base entière est le verrou, il n’y a pas de ligne à verrouiller",
)


def en_meme_temps(*gestes) -> list:
    """Run these functions at once, each in its thread; return what each gave, or the exception it raised."""
    depart, resultats = threading.Barrier(len(gestes)), [None] * len(gestes)

    def courir(rang, geste):
        try:
            depart.wait(timeout=30)
            resultats[rang] = geste()
        except Exception as erreur:  # kept for the test to judge
            resultats[rang] = erreur
        finally:
            connection.close()

    fils = [threading.Thread(target=courir, args=(rang, geste)) for rang, geste in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=120)
        assert not fil.is_alive(), "un fil attend encore : interblocage"
    return resultats


def entrees(objet, verbe) -> int:
    return EntreeJournal.objects.de(objet).filter(verbe=verbe).count()


class TestLaMemeDemande:
    def envoyer(self, personne, objet, nom, cles, **donnees) -> list[int]:
        """The same form sent at once from as many tabs as there are keys."""
        url = adresse(objet, VERBES[objet._meta.label_lower, nom])
        cookies = connecter(Client(), personne).cookies

        def poster(cle):
            client = Client()
            client.cookies = cookies.copy()
            return lambda: client.post(url, {"cle": cle, **donnees}).status_code

        return en_meme_temps(*(poster(cle) for cle in cles))

    def test_vingt_fois_la_meme_demande_n_a_qu_un_effet(self):
        """Twenty identical POSTs at once: every one is answered as done, the dossier moved once, one mail each."""
        acteurs = f.Acteurs()
        dossier = f.deposee(acteurs)
        statuts = self.envoyer(acteurs.gestionnaire, dossier, "declarer_recevable", ["meme-cle"] * FOIS)
        assert statuts == [302] * FOIS
        assert entrees(dossier, "declarer_recevable") == 1
        assert CourrielSortant.objects.filter(modele="candidature_recevable").count() == 1
        assert list(journal.verifier()) == []

    def test_vingt_personnes_pressees_n_agissent_qu_une_fois(self):
        """Twenty different requests for the same act: one is done, the others read that the state has changed."""
        acteurs = f.Acteurs()
        dossier = f.deposee(acteurs)
        cles = [f"cle-{rang}" for rang in range(FOIS)]
        statuts = self.envoyer(acteurs.gestionnaire, dossier, "declarer_recevable", cles)
        assert sorted(statuts) == [302] + [409] * (FOIS - 1)
        assert entrees(dossier, "declarer_recevable") == 1

    def test_vingt_approbations_ne_delivrent_qu_un_document(self):
        """One parchemin, one number."""
        acteurs = f.Acteurs()
        dossier = f.decidee(acteurs)
        f.faire(dossier, "preparer_delivrance", acteurs.certificateur, lieu="Paris")
        cles = ["meme-cle"] * (FOIS // 2) + [f"cle-{rang}" for rang in range(FOIS // 2)]
        statuts = self.envoyer(acteurs.signataire, dossier, "approuver_delivrance", cles)
        assert set(statuts) <= {302, 409}
        assert (Parchemin.objects.count(), SerieNumeros.objects.get(nature="parchemin").dernier) == (1, 1)
        assert entrees(dossier, "approuver_delivrance") == 1

    def test_vingt_scellements_ne_font_qu_un_pv(self):
        """One set of minutes, each candidate told once."""
        acteurs = f.Acteurs()
        seance = f.session(acteurs)
        dossiers = [f.inscrite(acteurs, seance) for _ in range(2)]
        f.ouvrir_seance(acteurs, seance)
        for dossier in dossiers:
            f.deliberer(acteurs, dossier)
        statuts = self.envoyer(acteurs.presidente, seance, "clore_seance", ["meme-cle"] * FOIS)
        assert statuts == [302] * FOIS
        signe = {"empreinte": seance.pv.empreinte, "lu": "on"}
        for qui in (acteurs.presidente, acteurs.vice_president):
            assert self.envoyer(qui, seance, "signer_pv", [f"cle-{qui.pk}"] * FOIS, **signe) == [302] * FOIS
        assert SignaturePV.objects.count() == 2
        assert SerieNumeros.objects.get(nature="pv").dernier == 1
        assert [entrees(dossier, "decider") for dossier in dossiers] == [1, 1]
        assert CourrielSortant.objects.filter(modele="decision_candidat").count() == 2

    def test_vingt_ouvertures_du_meme_formulaire_ne_font_qu_un_dossier(self):
        """A creation has no row to lock yet: the key alone makes it one."""
        acteurs = f.Acteurs()

        def ouvrir():
            dossier = Candidature(
                version=acteurs.version,
                etablissement=acteurs.etablissement,
                modalite_acces=f.ModaliteAcces.FC_HORS_CONTRAT,
            )
            return f.ouvrir(acteurs.employeur, f.TitulaireFactory.build(), dossier, cle="meme-formulaire").pk

        resultats = en_meme_temps(*[ouvrir] * FOIS)
        assert set(resultats) == {Candidature.objects.get().pk}
        assert f.Titulaire.objects.count() == 1


class TestLesNumeros:
    ECRIVAINS, CHACUN = 8, 10

    @property
    def gardes(self) -> int:
        return self.ECRIVAINS * self.CHACUN * 9 // 10

    def delivrer_en_masse(self) -> list:
        """Each writer issues its own, one in ten given up half way; what went wrong apart from these is returned."""
        version = f.VersionFactory()
        preparees = [[contenu(version) for _ in range(self.CHACUN)] for _ in range(self.ECRIVAINS)]

        def ecrire(rang):
            def geste():
                fautes = []
                for essai, donnees in enumerate(preparees[rang]):
                    try:
                        with transaction.atomic():
                            delivrer(**donnees)
                            if essai % 10 == rang % 10:
                                raise InterruptedError
                    except InterruptedError:
                        pass
                    except IntegrityError as faute:
                        fautes.append(faute)
                return fautes

            return geste

        resultats = en_meme_temps(*(ecrire(rang) for rang in range(self.ECRIVAINS)))
        assert not [r for r in resultats if isinstance(r, Exception)]
        return [faute for fautes in resultats for faute in fautes]

    def test_les_numeros_restent_denses(self):
        """Nine in ten, numbered from 1 on: the aborted ones left no hole, and no number served twice."""
        assert self.delivrer_en_masse() == []
        rangs = sorted(Parchemin.objects.values_list("rang", flat=True))
        assert rangs == list(range(1, self.gardes + 1))
        assert SerieNumeros.objects.get().dernier == len(rangs)

    @VERROUS_DE_LIGNE
    def test_sans_le_verrou_du_compteur_les_numeros_se_heurtent(self, monkeypatch):
        """Positive control: the lock taken off, the same scene goes wrong, so the test above can fail."""
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
        # The memory outside the database would refuse the second number before the base does: taken off too.
        monkeypatch.setattr(gardien, "verifier_rang", lambda serie, rang: None)
        vrai = SerieNumeros.save

        def lentement(self, *args, **kwargs):
            time.sleep(0.02)
            return vrai(self, *args, **kwargs)

        monkeypatch.setattr(SerieNumeros, "save", lentement)
        heurts = self.delivrer_en_masse()
        rangs = sorted(Parchemin.objects.values_list("rang", flat=True))
        assert heurts or rangs != list(range(1, self.gardes + 1))

    def test_deux_premieres_delivrances_de_meme_sigle_passent_toutes_deux(self):
        """Two bodies with the same initials issue their first document of the year at the same instant."""
        organismes = [f.OrganismeFactory(sigle="CPNE") for _ in range(6)]

        def premier(organisme):
            def geste():
                with transaction.atomic():
                    return numerotation.prendre_numero(organisme, "parchemin")[0].prefixe

            return geste

        prefixes = en_meme_temps(*(premier(o) for o in organismes))
        assert len(set(map(str, prefixes))) == 6
        assert all(str(prefixe).startswith("CPNE") for prefixe in prefixes)


class TestLeJury:
    def test_la_derniere_place_n_est_donnee_qu_une_fois(self):
        """Six dossiers for two places: two are registered, four read that the session is full."""
        acteurs = f.Acteurs()
        seance = f.session(acteurs, capacite=2)
        dossiers = [f.evaluee(acteurs) for _ in range(6)]

        def inscrire(dossier):
            return lambda: f.faire(dossier, "inscrire_au_jury", acteurs.employeur, session=seance).etat

        resultats = en_meme_temps(*(inscrire(dossier) for dossier in dossiers))
        assert resultats.count("inscrite_jury") == 2
        refus = [r for r in resultats if r != "inscrite_jury"]
        assert all(isinstance(r, Refus) and "complète" in str(r) for r in refus), refus
        assert seance.inscriptions.filter(retiree_le=None).count() == 2

    def test_une_place_liberee_va_a_la_plus_ancienne_demande(self):
        """Two wait, one place frees, three workers serve it at once: the oldest has it, once, and nobody is stuck."""
        acteurs = f.Acteurs()
        seance = f.session(acteurs, capacite=1)
        partant = f.inscrite(acteurs, seance)
        ancien, recent = (f.evaluee(acteurs) for _ in range(2))
        for dossier in (ancien, recent):
            f.faire(dossier, "demander_place", acteurs.employeur, session=seance)
        f.faire(partant, "desinscrire_du_jury", acteurs.employeur, motif="Report à la demande du candidat.")
        resultats = en_meme_temps(
            *[lambda: attribuer_les_places.call(seance.pk)] * 3,
            lambda: f.faire(partant, "inscrire_au_jury", acteurs.employeur, session=seance),
        )
        assert [r for r in resultats[:3] if r is not None] == []
        assert isinstance(resultats[3], Refus)
        assert Inscription.objects.get(session=seance, retiree_le=None).candidature == ancien
        assert CourrielSortant.objects.filter(modele="place_obtenue").count() == 1

    def test_deux_transferts_croises_ne_se_bloquent_pas(self):
        """One dossier of each session wants the other one while the organiser cancels one: nobody waits for ever."""
        acteurs = f.Acteurs()
        une, autre = f.session(acteurs, capacite=2), f.session(acteurs, capacite=2)
        la, ici = f.inscrite(acteurs, une), f.inscrite(acteurs, autre)
        motif = {"motif": "Salle indisponible ce jour-là."}
        resultats = en_meme_temps(
            lambda: f.faire(la, "transferer_de_session", acteurs.employeur, session=autre).etat,
            lambda: f.faire(ici, "transferer_de_session", acteurs.employeur, session=une).etat,
            lambda: executer(f.SESSION, "annuler_session", une, acteurs.gestionnaire, motif).etat,
        )
        assert all(isinstance(r, str | Refus) for r in resultats), resultats
        for dossier in (la, ici):
            dossier.refresh_from_db()
            tenues = dossier.inscriptions.filter(retiree_le=None, session__etat="planifiee").count()
            assert (dossier.etat, tenues) in {("inscrite_jury", 1), ("evaluee", 0)}

    def test_une_decision_ne_change_pas_pendant_que_le_pv_se_scelle(self, monkeypatch):
        """A last-second change of mind waits for the seal, then is refused: the minutes say what was decided."""
        acteurs = f.Acteurs()
        seance = f.session(acteurs)
        dossier = f.inscrite(acteurs, seance)
        f.ouvrir_seance(acteurs, seance)
        f.deliberer(acteurs, dossier)
        ecrit, delibere, vrai = threading.Event(), threading.Event(), proces_verbaux.contenu_du_pv

        def ecrire_lentement(*quoi):
            lu = vrai(*quoi)
            ecrit.set()
            delibere.wait(timeout=1.5)
            return lu

        def changer_d_avis():
            ecrit.wait(timeout=30)
            try:
                return f.deliberer(acteurs, dossier, acquis=False, motif="Le jury a changé d’avis.")
            finally:
                delibere.set()

        monkeypatch.setattr(proces_verbaux, "contenu_du_pv", ecrire_lentement)
        scelle, tardive = en_meme_temps(lambda: f.sceller(acteurs, seance), changer_d_avis)
        assert scelle.etat == "scellee", scelle
        assert isinstance(tardive, Refus), tardive
        inscription = Inscription.objects.get()
        dites = [bloc["acquis"] for bloc in scelle.pv.contenu["dossiers"][0]["blocs"]]
        assert dites == list(inscription.decisions.values_list("acquis", flat=True)) == [True, True]
        dossier.refresh_from_db()
        assert dossier.etat == "validee"


def test_une_personne_n_ouvre_pas_deux_dossiers_vivants_a_la_fois():
    """Two employers' clerks, the same candidate, the same certification: one dossier."""
    acteurs = f.Acteurs()
    personne = f.TitulaireFactory()

    def ouvrir():
        dossier = Candidature(
            version=acteurs.version, etablissement=acteurs.etablissement, modalite_acces=f.ModaliteAcces.FC_HORS_CONTRAT
        )
        return f.ouvrir(acteurs.employeur, type(personne).objects.get(pk=personne.pk), dossier).pk

    resultats = en_meme_temps(*[ouvrir] * 6)
    assert sum(isinstance(r, int) for r in resultats) == 1
    assert all(isinstance(r, int | IntegrityError | Refus) for r in resultats), resultats


def test_le_journal_reste_une_chaine():
    """Writers on different dossiers meet at the head of the journal: the chain has no fork and no hole."""
    acteurs = f.Acteurs()
    dossiers = [f.deposee(acteurs) for _ in range(8)]

    def examiner(dossier):
        def geste():
            f.faire(dossier, "declarer_recevable", acteurs.gestionnaire)
            return f.faire(dossier, "confirmer_evaluateur", acteurs.employeur, evaluateur=acteurs.evaluateur).etat

        return geste

    assert en_meme_temps(*(examiner(dossier) for dossier in dossiers)) == ["recevable"] * 8
    assert list(journal.verifier()) == []
    trousseau.annoncer()
    call_command("journal", "verifier")
