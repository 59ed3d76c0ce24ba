"""Sealed minutes and what they rest on: the database refuses, and who forces it is named by the command (J6)."""

import copy
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backoffice.jurys.menage import purger_voix
from backoffice.jurys.models import (
    DecisionBloc,
    Deport,
    Inscription,
    MembreJury,
    PieceDeSeance,
    ProcesVerbal,
    Procuration,
    Scrutin,
    SessionJury,
    SignaturePV,
    Voix,
)
from backoffice.jurys.pv_documents import fabriquer_pv
from backoffice.jurys.scelles import EST_SCELLE
from registre import declencheurs, trousseau
from tests import fabriques as f
from tests.bases import base_ouverte

from .bureau import Bureau
from .outils import seance

pytestmark = pytest.mark.django_db
REFUS = "un procès-verbal scellé ne se modifie pas"


@pytest.fixture(scope="module")
def bureau_scelle(scene):
    """Sealed minutes: a dossier voted on, one voice by proxy, a recusal, a paper."""
    trousseau.annoncer()  # an installation tells its keys to its journal; without it the command says so first
    b = Bureau(procuration=True, procurations_par_membre=1, quorum_represente=True, procuration_meme_college=True)
    a = b.acteurs
    b.faire("ouvrir_scrutin")
    for personne in (a.presidente, a.vice_president, b.troisieme):
        b.voter(personne)
    b.voter(a.vice_president, siege=b.siege(b.quatrieme))
    b.faire("clore_scrutin", sans_attendre=False)
    Deport.objects.create(inscription=b.inscription, membre=b.siege(b.troisieme), raison="Lien connu.", declare=True)
    feuille = {"nature": "decision", "fichier": f.controler(f.fichier_pdf("feuille.pdf"))}
    seance(b.session, "joindre_piece_de_seance", a.secretaire, **feuille)
    b.session = f.sceller(a, b.session)
    return b


@pytest.fixture
def bureau(bureau_scelle, fichiers_de_la_scene):
    """One's own, read as it was left."""
    return copy.deepcopy(bureau_scelle)


def sql(requete, *valeurs):
    with connection.cursor() as curseur:
        curseur.execute(requete, valeurs)


def refuse(requete, *valeurs) -> None:
    with pytest.raises(IntegrityError, match=REFUS), transaction.atomic():
        sql(requete, *valeurs)


def verdict() -> str:
    """What the operator reads from the command."""
    sortie, erreurs = StringIO(), StringIO()
    try:
        call_command("journal", "verifier", stdout=sortie, stderr=erreurs)
    except CommandError as erreur:
        return erreurs.getvalue() + str(erreur)
    return sortie.getvalue()


VIDE = '{"format": "cqp-pv-2", "membres": [], "dossiers": []}'
# Each forgery: table, what is written, what the command says of it once it was forced.
FAUX = [
    (ProcesVerbal, "empreinte = 'abc'", "n’est pas celle que le journal connaît"),
    (ProcesVerbal, f"contenu = '{VIDE}'", "Le texte n’est plus celui de son empreinte"),
    (ProcesVerbal, "scelle_le = NULL", "scellée sans procès-verbal scellé"),
    (SignaturePV, "empreinte = 'abc'", "Les signatures ne sont pas celles"),
    (Inscription, "issue = 'ajournee'", "La décision gardée sur le dossier"),
    (Inscription, "recommandations = 'Bravo'", "La décision gardée sur le dossier"),
    (Inscription, "retiree_le = '2026-01-01 00:00:00+00:00'", "n’est plus inscrit à la session"),
    (DecisionBloc, "acquis = NOT acquis", "La décision gardée sur le dossier"),
    (DecisionBloc, "pour = 1", "La décision gardée sur le dossier"),
    (Deport, "raison = 'Autre'", "Les déports gardés sur le dossier"),
    (MembreJury, "present_le = NULL", "les présences gardées"),
    (Voix, "choix = 'contre'", "Les voix gardées du vote"),
]


class TestLaBaseRefuse:
    @pytest.mark.parametrize(("modele", "ecrit", "dit"), FAUX)
    def test_une_ligne_scellee_ne_se_change_pas_et_un_faux_se_nomme(self, bureau, modele, ecrit, dit):
        """By SQL: refused. Forced by whoever holds the database: `journal verifier` names it (positive control)."""
        requete = f"UPDATE {modele._meta.db_table} SET {ecrit}"
        refuse(requete)
        assert verdict().startswith("Journal intact.")
        with base_ouverte(connection):
            sql(requete)
        assert dit in verdict()

    def test_rien_ne_se_supprime(self, bureau):
        """No row of any of the tables that the minutes rest on; without the triggers, the database obeys."""
        for modele in EST_SCELLE:
            assert modele.objects.exists(), modele
            refuse(f"DELETE FROM {modele._meta.db_table}")
        with base_ouverte(connection):
            sql("DELETE FROM jurys_voix")
        assert not Voix.objects.exists()

    def test_rien_ne_s_ajoute(self, bureau):
        """Neither a dossier, a decision, a recusal, a seat, a ballot, a voice, nor a signature."""
        session, inscription = bureau.session, bureau.inscription
        maintenant, siege, absent = (
            timezone.now(),
            bureau.siege(bureau.acteurs.presidente),
            bureau.acteurs.certificateur,
        )
        maintenant, autre, voix = timezone.now(), f.evaluee(bureau.acteurs), Voix.objects.first()
        for neuf in (
            Inscription(session=session, candidature=autre, inscrite_le=maintenant),
            Deport(inscription=inscription, membre=siege, raison="Après coup."),
            MembreJury(session=session, utilisateur=absent, college="salaries"),
            Scrutin(inscription=inscription, tour=2, ouvert_le=maintenant),
            SignaturePV(
                proces_verbal=session.pv,
                membre=bureau.siege(bureau.troisieme),
                empreinte="x",
                signee_le=maintenant,
                preuve="totp",
            ),
            Procuration(mandant=siege, mandataire=bureau.siege(bureau.troisieme), donnee_le=maintenant),
            Voix(scrutin=voix.scrutin, membre=siege, bloc=voix.bloc, choix="pour", exprimee_le=maintenant),
        ):
            with pytest.raises(IntegrityError, match=REFUS), transaction.atomic():
                neuf.save(force_insert=True)

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="an order of SQLite")
    def test_rien_ne_se_remplace(self, bureau):
        """« INSERT OR REPLACE » would delete the sealed row without a word."""
        colonnes = ", ".join(c.column for c in DecisionBloc._meta.concrete_fields)
        ailleurs = f.inscrite(f.Acteurs()).inscriptions.get()
        valeurs = colonnes.replace("inscription_id", str(ailleurs.pk))
        refuse(f"INSERT OR REPLACE INTO jurys_decisionbloc ({colonnes}) SELECT {valeurs} FROM jurys_decisionbloc")

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
    def test_rien_ne_se_vide_d_un_coup(self, bureau):
        """TRUNCATE has a trigger of its own."""
        connection.check_constraints()
        refuse("TRUNCATE jurys_voix")

    def test_une_session_qui_n_est_pas_scellee_reste_libre(self, bureau):
        """The refusal looks at the minutes of that session, not at the table."""
        libre = f.inscrite(bureau.acteurs, f.session(bureau.acteurs)).inscriptions.get()
        sql("UPDATE jurys_inscription SET motif = 'Reporté' WHERE id = %s", libre.pk)
        sql("DELETE FROM jurys_membrejury WHERE session_id = %s", libre.session_id)
        assert not libre.session.membres.exists()

    def test_ce_qui_suit_l_acte_se_note_encore(self, bureau):
        """Notification, revocation, the PDF made once; a paper that comes back later."""
        fabriquer_pv.func(bureau.session.pv.pk)
        assert ProcesVerbal.objects.get().sha256
        refuse("UPDATE jurys_procesverbal SET sha256 = 'abc'")
        f.faire(bureau.dossier, "demander_revocation", bureau.acteurs.gestionnaire, motif="Une erreur de saisie.")
        f.faire(bureau.dossier, "revoquer_decision", bureau.acteurs.certificateur)
        assert bureau.inscription.revoquee_le and bureau.inscription.notifiee_le
        feuille = {"nature": "emargement", "fichier": f.controler(f.fichier_pdf("emargement.pdf", pages=2))}
        seance(bureau.session, "joindre_piece_de_seance", bureau.acteurs.secretaire, **feuille)
        assert PieceDeSeance.objects.count() == 2
        assert verdict().startswith("Journal intact.")

    def test_une_session_scellee_ne_se_rouvre_pas(self, bureau):
        """Its state is how the other refusals could have been turned."""
        refuse("UPDATE jurys_sessionjury SET etat = 'ouverte'")
        assert SessionJury.objects.get().etat == "scellee"


class TestLaPorteDeLaPurge:
    def test_les_voix_ne_partent_que_par_la_purge(self, bureau):
        """SQL alone is refused; the purge dates the ballot first, and the date stays."""
        refuse("DELETE FROM jurys_voix")
        assert purger_voix() == "0 voix individuelle détruite."
        Inscription.objects.update(notifiee_le=timezone.now() - timedelta(days=400))
        assert purger_voix() == "8 voix individuelles détruites."
        assert Scrutin.objects.get().voix_detruites_le
        refuse("UPDATE jurys_scrutin SET voix_detruites_le = NULL")
        assert verdict().startswith("Journal intact.")

    def test_la_porte_ouverte_ne_laisse_pas_modifier(self, bureau):
        """Dated or not, a voice does not change, and a ballot only takes its date."""
        sql("UPDATE jurys_scrutin SET voix_detruites_le = ouvert_le")
        refuse("UPDATE jurys_voix SET choix = 'contre'")
        refuse("UPDATE jurys_scrutin SET depouillement = '{}'")


def test_un_declencheur_ote_ou_vide_se_voit(bureau):
    """Absent, or replaced by one of the same name that refuses nothing: the command says which."""
    assert declencheurs.absents() == []
    connection.check_constraints()
    nom, table = "scelle_decisionbloc_update", "jurys_decisionbloc"
    sql(f"DROP TRIGGER {nom}" if connection.vendor == "sqlite" else f"DROP TRIGGER {nom} ON {table}")
    assert f"ne le protège plus\u00a0: lancez «\u202fmanage.py migrate\u202f» ({nom})" in verdict()
    if connection.vendor == "sqlite":
        sql(f"CREATE TRIGGER {nom} BEFORE UPDATE ON {table} BEGIN SELECT 1; END")
    else:
        sql("CREATE FUNCTION rien() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
        sql(f"CREATE TRIGGER {nom} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION rien()")
    assert declencheurs.absents() == [nom]
    declencheurs.poser()
    assert declencheurs.absents() == []
