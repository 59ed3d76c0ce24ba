"""What stays true of the path, read from the database and not from the code that keeps it.

A life (`test_invariants`) asks for it after each step: it knows its `dossiers`, what they were born with (`nes`), its
`seances` and its people; what it saw of the sealed minutes stays in `pv`.
"""

from collections import Counter

from hypothesis.stateful import invariant

from backoffice.candidatures.attente import attente_de
from backoffice.candidatures.models import Candidature
from backoffice.evaluations.independance import conflit
from backoffice.jurys.models import MembreJury, ProcesVerbal, SessionJury
from backoffice.jurys.revocations import inscription_decisive
from backoffice.pilotage.a_faire import taches_de
from backoffice.pilotage.figures import entonnoir
from registre import journal
from registre.canonique import empreinte
from registre.models import CourrielSortant, EntreeJournal, Parchemin, SerieNumeros
from registre.transitions import VERBES


class Verites:
    """The nine invariants of a small world."""

    @invariant()
    def tout_tient(self):
        """The invariants, read again as soon as an act was written."""
        actes = EntreeJournal.objects.count()
        if actes != self.actes_vus:
            self.un_etat_ne_change_que_par_un_verbe_declare()
            self.pas_de_decision_sans_evaluation_ni_de_document_sans_decision()
            self.un_pv_scelle_ne_bouge_plus()
            self.les_numeros_sont_denses_et_le_parchemin_vivant_unique()
            self.l_enfant_a_le_porteur_de_son_parent_et_garde_ses_regles()
            self.le_journal_est_entier_et_chaque_courriel_a_sa_cause()
            self.actes_vus = actes

    def un_etat_ne_change_que_par_un_verbe_declare(self):
        """1 and 7: the journal replays to the current state, each step along its declaration, each key once."""
        for dossier in [*Candidature.objects.filter(pk__in=self.dossiers), *map(self.seance, (0, 1))]:
            etat = ""
            for entree in EntreeJournal.objects.de(dossier):
                acte = VERBES[entree.objet_type, entree.verbe]
                assert entree.etat_avant == etat and (acte.creation or etat in acte.de)
                assert entree.etat_apres in (acte.vers or (etat,))
                assert entree.role in acte.roles
                etat = entree.etat_apres
            assert etat == dossier.etat
        cles = Counter(EntreeJournal.objects.exclude(cle="").values_list("cle", "verbe", "objet_type", "objet_id"))
        assert set(cles.values()) <= {1}

    def pas_de_decision_sans_evaluation_ni_de_document_sans_decision(self):
        """2"""
        decidees = Candidature.objects.filter(decidee_le__isnull=False)
        assert not decidees.filter(evaluation__transmise_le=None).exists()
        attendu = {"parchemin": "validee", "attestation": "partielle"}
        for document in Parchemin.objects.select_related("delivrance__candidature", "delivrancedebloc__candidature"):
            if document.nature == "bloc":
                self.un_bloc_accorde(document)
            elif document.annule_le:
                assert document.delivrance.candidature is None
            else:
                assert document.delivrance.candidature.etat == attendu[document.nature]
            deux = document.delivrancedebloc if document.nature == "bloc" else document.delivrance
            assert deux.preparee_par_id != deux.approuvee_par_id

    @staticmethod
    def un_bloc_accorde(document):
        """2, of the attestation of one bloc: a decision in force grants it, or it is cancelled with that decision."""
        atteste = document.delivrancedebloc
        if document.annule_le:
            assert atteste.defaite_le
            return
        assert atteste.candidature.etat == "partielle"
        assert inscription_decisive(atteste.candidature).decisions.filter(bloc=atteste.bloc, acquis=True).exists()

    def un_pv_scelle_ne_bouge_plus(self):
        """3: numbers, content, decisions; and the present members of both collèges were as many at each decision."""
        for seance in SessionJury.objects.filter(etat="scellee"):
            lu = (seance.pv.numero, seance.pv.empreinte, self.decisions(seance))
            self.pv.setdefault(seance.pk, lu)
        for pk, (numero, hachage, decisions) in self.pv.items():
            seance = SessionJury.objects.get(pk=pk)
            assert seance.etat == "scellee"
            assert (seance.pv.numero, seance.pv.empreinte, self.decisions(seance)) == (numero, hachage, decisions)
            assert empreinte(seance.pv.contenu, seance.pv.contenu["format"]) == hachage
            for inscription in seance.inscriptions.filter(issue="decidee", retiree_le=None):
                colleges = Counter(
                    MembreJury.objects.filter(pk__in=self.votants(inscription)).values_list("college", flat=True)
                )
                assert colleges["employeurs"] == colleges["salaries"] >= 1

    @staticmethod
    def decisions(seance):
        return list(
            seance.inscriptions.filter(retiree_le=None)
            .order_by("pk", "decisions__bloc")
            .values_list("candidature", "issue", "recommandations", "decisions__bloc", "decisions__acquis")
        )

    @staticmethod
    def votants(inscription) -> list[int]:
        """Who took part in the last decision on this dossier in this session, as the journal tells it."""
        entrees = EntreeJournal.objects.de(inscription.candidature).filter(verbe="deliberer")
        return [e for e in entrees if e.details["inscription"] == inscription.pk][-1].details["votants"]

    def nul_ne_vote_en_conflit(self, dossier):
        """4, read at the very moment of the vote."""
        vote = EntreeJournal.objects.de(dossier).filter(verbe="deliberer").last().details
        for membre in MembreJury.objects.filter(pk__in=vote["votants"]).select_related("utilisateur"):
            assert not conflit(membre.utilisateur, dossier, [membre.organisme])
            assert not membre.deports.filter(inscription=vote["inscription"]).exists()
            assert dossier.evaluation.evaluateur_id != membre.utilisateur_id

    def les_numeros_sont_denses_et_le_parchemin_vivant_unique(self):
        """5"""
        for serie in SerieNumeros.objects.filter(nature__in=("parchemin", "attestation")):
            rangs = Parchemin.objects.filter(serie=serie).order_by("rang").values_list("rang", flat=True)
            assert list(rangs) == list(range(1, serie.dernier + 1))
        vivants = Counter(Parchemin.objects.vivants().filter(nature="parchemin").values_list("titulaire", "version"))
        assert set(vivants.values()) <= {1}
        for serie in SerieNumeros.objects.filter(nature="pv"):
            siens = ProcesVerbal.objects.filter(session__certificateur=serie.certificateur, rang=0)
            assert siens.count() == serie.dernier

    def l_enfant_a_le_porteur_de_son_parent_et_garde_ses_regles(self):
        """6 and 8"""
        for dossier in Candidature.objects.filter(pk__in=self.dossiers).select_related("version__certification"):
            certification = dossier.version.certification
            assert (dossier.parcours_id, dossier.version_id, dossier.porteur_id, dossier.reference) == self.nes[
                dossier.pk
            ]
            assert dossier.porteur_id == certification.porteur_id
            for inscription in dossier.inscriptions.all():
                assert inscription.session.certifications.filter(pk=certification.pk).exists()
            if decision := dossier.inscriptions.filter(decisions__isnull=False).first():
                assert {d.bloc.version_id for d in decision.decisions.all()} == {dossier.version_id}

    def le_journal_est_entier_et_chaque_courriel_a_sa_cause(self):
        """7"""
        assert list(journal.verifier()) == []
        for courriel in CourrielSortant.objects.select_related("cause"):
            assert VERBES[courriel.cause.objet_type, courriel.cause.verbe].courriels is not None

    def les_chiffres_du_tableau_sont_des_comptes(self):
        """9, once per life: every figure shown equals a count made another way."""
        for nom in ("gestionnaire", "certificateur", "employeur"):
            personne = self.personne(nom)
            visibles = [d for d in Candidature.objects.all() if d.roles_de(personne)]
            en_route = [d for d in visibles if d.etat not in {"abandonnee", "annulee"}]
            lignes = dict(entonnoir(Candidature.objects.all().visibles_par(personne))["lignes"])
            assert sum(lignes.values()) == len(en_route)
            attendus = {d.pk: attente["verbe"].nom for d in visibles if (attente := attente_de(d))}
            # What waits beside the step (a message) is another story.
            for tache in (t for t in taches_de(personne) if t.verbe.principal):
                siens = {pk for pk, nom in attendus.items() if nom == tache.verbe.nom}
                assert set(tache.candidatures.values_list("pk", flat=True)) == siens
