"""The journal: nobody rewrites the past, and who forces the lock is named by the command."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from registre import declencheurs, journal, trousseau
from registre.models import CourrielSortant, EntreeJournal, Motif, Notification, TeteJournal
from registre.transitions import executer

from .. import fabriques as f

pytestmark = pytest.mark.django_db

TABLE = EntreeJournal._meta.db_table


@pytest.fixture
def dossier():
    """Five acts, one of them with a reason, once the installation has told its key."""
    trousseau.annoncer()
    acteurs = f.Acteurs()
    candidature = f.deposee(acteurs)
    return f.faire(candidature, "declarer_incomplete", acteurs.gestionnaire, motif="Le diplôme joint est illisible.")


@pytest.fixture
def sans_declencheurs():
    """Somebody with all the rights on the database has taken the lock off."""
    # PostgreSQL refuses to touch the triggers of a table while checks on its new rows are pending.
    connection.check_constraints()
    declencheurs.oter(gestes=("UPDATE", "DELETE"))


def sql(requete, *valeurs):
    with connection.cursor() as curseur:
        curseur.execute(requete, valeurs)


def verdict() -> str:
    """What the operator reads from the command: everything it says, good or bad."""
    sortie, erreurs = StringIO(), StringIO()
    try:
        call_command("journal", "verifier", stdout=sortie, stderr=erreurs)
    except CommandError as erreur:
        return erreurs.getvalue() + str(erreur)
    return sortie.getvalue()


class TestLeVerrou:
    def test_un_journal_intact_se_dit_intact(self, dossier):
        """Acts done by the rules leave a sound chain."""
        assert verdict().startswith("Journal intact.")

    @pytest.mark.parametrize(
        "requete",
        [
            f"UPDATE {TABLE} SET verbe = 'valider' WHERE sequence = 2",
            f"UPDATE {TABLE} SET details = '{{}}'",
            f"DELETE FROM {TABLE} WHERE sequence = 2",
            f"DELETE FROM {TABLE}",
        ],
    )
    def test_la_base_refuse_de_recrire_le_passe(self, dossier, requete):
        """Raw SQL is refused by the database itself, and the journal is unchanged."""
        with pytest.raises(IntegrityError, match="le journal ne se modifie pas"), transaction.atomic():
            sql(requete)
        assert verdict().startswith("Journal intact.")

    def test_l_orm_ne_recrit_pas_non_plus(self, dossier):
        """Neither a saved instance nor a bulk update nor a deletion passes."""
        entree = EntreeJournal.objects.first()
        entree.role = "certificateur"
        for geste in (entree.save, entree.delete, lambda: EntreeJournal.objects.update(role="x")):
            with pytest.raises(IntegrityError, match="le journal ne se modifie pas"), transaction.atomic():
                geste()

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
    @pytest.mark.parametrize("ordre", ["TRUNCATE {} CASCADE", "TRUNCATE {} RESTART IDENTITY CASCADE"])
    def test_la_table_ne_se_vide_pas_d_un_coup(self, dossier, ordre):
        """TRUNCATE is refused like any other loss; without its trigger, the command says what is missing."""
        avant = EntreeJournal.objects.count()
        connection.check_constraints()
        with pytest.raises(IntegrityError, match="le journal ne se modifie pas"), transaction.atomic():
            sql(ordre.format(TABLE))
        assert EntreeJournal.objects.count() == avant
        sql(f"DROP TRIGGER journal_sans_vidange ON {TABLE}")
        assert "ne le protège plus" in verdict()

    def test_une_base_sans_verrou_se_voit(self, dossier, sans_declencheurs):
        """The chain is whole, but nothing protects it any more: the command says so and what to do."""
        assert "ne le protège plus" in verdict()
        declencheurs.poser()
        assert verdict().startswith("Journal intact.")


class TestLaChaine:
    @pytest.mark.parametrize(
        ("colonne", "valeur"),
        [
            ("verbe", "valider"),
            ("role", "certificateur"),
            ("etat_apres", "validee"),
            ("etat_avant", "evaluee"),
            ("objet_id", 999),
            ("objet_type", "jurys.sessionjury"),
            ("details", '{"piece": 999}'),
            ("cle", "autre-cle"),
            ("horodatage", "2020-01-01 00:00:00+00:00"),
            ("acteur_id", None),
        ],
    )
    def test_une_ligne_changee_est_nommee(self, dossier, sans_declencheurs, colonne, valeur):
        """Whatever the column, the entry is named by its number."""
        sql(f"UPDATE {TABLE} SET {colonne} = %s WHERE sequence = 2", valeur)
        assert "Entrée 2\u00a0: contenu modifié." in verdict()

    def test_une_ligne_recalculee_est_nommee_par_la_suivante(self, dossier, sans_declencheurs):
        """Who changes a row and its hash breaks the link of the next one."""
        entree = EntreeJournal.objects.get(sequence=2)
        entree.verbe = "valider"
        sql(
            f"UPDATE {TABLE} SET verbe = 'valider', empreinte = %s WHERE sequence = 2",
            journal._empreinte(entree),
        )
        assert "Entrée 3\u00a0: ne suit pas l’entrée précédente." in verdict()

    def test_une_ligne_otee_au_milieu_est_nommee(self, dossier, sans_declencheurs):
        """A hole is seen by its number, and the next entry no longer follows."""
        sql(f"DELETE FROM {TABLE} WHERE sequence = 2")
        assert "Entrée 2\u00a0: absente." in verdict()
        assert "Entrée 3\u00a0: ne suit pas" in verdict()

    def test_plusieurs_lignes_otees_sont_nommees(self, dossier, sans_declencheurs):
        """A longer hole is told by its two ends."""
        CourrielSortant.objects.all().delete()
        Notification.objects.all().delete()
        sql(f"DELETE FROM {TABLE} WHERE sequence IN (2, 3)")
        assert "Entrées 2 à 3\u00a0: absentes." in verdict()

    def test_une_fin_remplacee_est_nommee(self, dossier, sans_declencheurs):
        """The last row rewritten with its own hash: the head knows another one."""
        derniere = EntreeJournal.objects.last()
        derniere.role = "certificateur"
        sql(
            f"UPDATE {TABLE} SET role = 'certificateur', empreinte = %s WHERE sequence = %s",
            journal._empreinte(derniere),
            derniere.sequence,
        )
        assert f"l’entrée {derniere.sequence} n’est pas celle que la tête du journal connaît" in verdict()

    def test_une_ligne_ajoutee_a_cote_du_mecanisme_est_nommee(self, dossier):
        """An insertion is not refused by the database, but the head does not know it."""
        derniere = EntreeJournal.objects.last()
        intruse = EntreeJournal.objects.get(pk=derniere.pk)
        intruse.pk, intruse.sequence, intruse.cle = None, derniere.sequence + 1, "intruse"
        intruse.empreinte_precedente = derniere.empreinte
        intruse.empreinte = journal._empreinte(intruse)
        intruse.save(force_insert=True)
        assert f"l’entrée {intruse.sequence} n’est pas passée par la tête" in verdict()

    def test_un_acte_fait_pendant_la_verification_n_est_pas_une_faute(self, dossier):
        """The command runs while people work: what is appended meanwhile raises no alarm."""
        faits = []

        def travailler_avant_la_lecture(execute, requete, valeurs, plusieurs, contexte):
            if requete.startswith("SELECT") and TABLE in requete and not faits:
                faits.append(journal.consigner(None, "essai", "essai", dossier))
            return execute(requete, valeurs, plusieurs, contexte)

        with connection.execute_wrapper(travailler_avant_la_lecture):
            assert list(journal.verifier()) == []
        assert faits

    def test_une_fin_coupee_est_nommee(self, dossier, sans_declencheurs):
        """Removing the last acts leaves a chain that looks whole: the head knows better."""
        derniere = EntreeJournal.objects.last().sequence
        Motif.objects.all().delete()
        CourrielSortant.objects.all().delete()
        Notification.objects.all().delete()
        sql(f"DELETE FROM {TABLE} WHERE sequence >= %s", derniere - 1)
        assert f"l’entrée {derniere} est attendue, la dernière lue est {derniere - 2}" in verdict()

    def test_un_journal_vide_par_malveillance_est_nomme(self, dossier, sans_declencheurs):
        """Everything removed: the head still expects its last entry."""
        derniere = EntreeJournal.objects.last().sequence
        Motif.objects.all().delete()
        CourrielSortant.objects.all().delete()
        Notification.objects.all().delete()
        sql(f"DELETE FROM {TABLE}")
        assert f"l’entrée {derniere} est attendue" in verdict()

    def test_une_tete_otee_est_nommee(self, dossier):
        """Without its head, a cut could not be seen: its absence is a fault by itself."""
        TeteJournal.objects.all().delete()
        assert "la tête du journal est absente" in verdict()


class TestCeQuiEstEcrit:
    def test_un_motif_s_efface_sans_toucher_la_chaine(self, dossier):
        """What people wrote stands beside the journal: erasing it, as the law may ask, breaks nothing."""
        assert Motif.objects.get().texte == "Le diplôme joint est illisible."
        Motif.objects.all().delete()
        assert verdict().startswith("Journal intact.")

    def test_aucune_donnee_personnelle_n_y_entre(self):
        """A whole life in the journal: ids, dates and codes; no name, no address, no token."""
        acteurs = f.Acteurs()
        candidature = f.delivree(acteurs)
        lignes = list(EntreeJournal.objects.values())
        texte = json.dumps(lignes, default=str, ensure_ascii=False).lower()
        interdits = [
            candidature.titulaire.nom_naissance,
            candidature.titulaire.prenom1,
            candidature.titulaire.courriel,
            acteurs.evaluateur.email,
            "metier@example.org",
            "dominique",
            candidature.delivrance.parchemin.jeton,
        ]
        assert len(lignes) > 15
        assert not [mot for mot in interdits if mot.lower() in texte]

    def test_un_acte_sans_son_entree_n_a_pas_lieu(self, monkeypatch):
        """When the journal cannot be written, the state stays, and no mail leaves."""
        acteurs = f.Acteurs()
        candidature = f.deposee(acteurs)
        courriels = CourrielSortant.objects.count()

        def panne(*args, **kwargs):
            raise RuntimeError("journal indisponible")

        monkeypatch.setattr(journal, "consigner", panne)
        with pytest.raises(RuntimeError):
            executer(f.MODELE, "declarer_recevable", candidature, acteurs.gestionnaire)
        candidature.refresh_from_db()
        assert (candidature.etat, candidature.recevable_le) == ("deposee", None)
        assert CourrielSortant.objects.count() == courriels

    def test_une_cle_ne_sert_qu_une_fois_par_acte_et_par_objet(self, dossier):
        """The database itself refuses a second entry with the same key for the same act on the same object."""
        options = {"avant": "incomplete", "apres": "incomplete", "cle": "k"}
        journal.consigner(None, "essai", "essai", dossier, **options)
        with pytest.raises(IntegrityError), transaction.atomic():
            journal.consigner(None, "essai", "essai", dossier, **options)
        assert journal.deja_fait("k", "essai", dossier)
        assert not journal.deja_fait("k", "autre", dossier)
        assert not journal.deja_fait("", "essai", dossier)
