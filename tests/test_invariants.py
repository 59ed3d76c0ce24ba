"""The nine invariants of the path, whatever people do and in whatever order.

Hypothesis plays: two or three dossiers, two sessions of jury, everybody acts, rightly or wrongly, roles change, rules
are published meanwhile. After each step the invariants are read from the database, not from the code that keeps them.
The suite plays nine lives of sixty steps, three of them on PostgreSQL; a drill plays many
longer ones: `script/test --drills`.
"""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from backoffice.candidatures.attente import attente_de
from backoffice.candidatures.models import Candidature
from backoffice.comptes.models import Role, Utilisateur
from backoffice.evaluations.workflow import Invite
from backoffice.jurys.models import Inscription, SessionJury
from backoffice.jurys.signatures import places_de
from registre.models import EntreeJournal
from registre.transitions import VERBES, Refus, executer

from . import fabriques as f
from .monde import photo
from .saisies import Saisies
from .verites import Verites

pytestmark = pytest.mark.django_db

GRAINES, PARTIES, PAS = 3, 3, 60
# What a screen lets people ask for.
JOUABLES = [
    cle for cle, acte in VERBES.items() if acte.modele in (f.MODELE, f.SESSION) and not (acte.interne or acte.creation)
]
DEPARTS = (f.brouillon, f.deposee, f.invitee, f.evaluee, f.evaluee)
PREALABLES = {
    "deposer": ("joindre_piece",),
    "transmettre_evaluation": ("enregistrer_evaluation", "joindre_guide"),
}
ROLES = ("employeur", "gestionnaire", "evaluateur", "presidente", "vice_president", "certificateur", "signataire")
RANGS = st.integers(0, 2)


class Vie(Verites, RuleBasedStateMachine):
    """A small world that lives in one transaction, given up at the end."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.acteurs = f.Acteurs()
        self.etrangers = f.Acteurs()
        self.seances = [f.session(self.acteurs), f.session(self.acteurs)]
        self.dossiers, self.nes, self.pv = [], {}, {}
        self.dernier, self.actes_vus = None, -1

    def teardown(self):
        try:
            if not connection.needs_rollback:
                self.les_chiffres_du_tableau_sont_des_comptes()
        finally:
            # Whatever failed, the next test finds its base as it was.
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    # What people do --------------------------------------------------------------------------------------------------

    @initialize(departs=st.lists(st.sampled_from(DEPARTS), min_size=2, max_size=3))
    def ouvrir(self, departs):
        for depart in departs:
            self.accueillir(depart(self.acteurs))

    def accueillir(self, dossier):
        self.dossiers.append(dossier.pk)
        self.nes[dossier.pk] = (dossier.parcours_id, dossier.version_id, dossier.porteur_id, dossier.reference)

    def dossier(self, rang) -> Candidature:
        """One of the three last: the older ones have mostly reached their end."""
        recents = self.dossiers[-3:]
        return Candidature.objects.get(pk=recents[rang % len(recents)])

    def seance(self, rang) -> SessionJury:
        return SessionJury.objects.get(pk=self.seances[rang % 2 - 2].pk)

    def personne(self, nom, camp=None):
        """A person as they are now: roles change during the game."""
        return Utilisateur.objects.get(pk=getattr(camp or self.acteurs, nom).pk)

    def acteur_de(self, acte, objet):
        """Somebody who holds a role that this verb wants, None when nobody does."""
        if "metier" in acte.roles:
            invitation = objet.evaluation.invitations.filter(revoquee_le=None).first()
            return invitation and Invite(invitation)
        for nom in ROLES:
            personne = self.personne(nom)
            if objet.roles_de(personne).intersection(acte.roles):
                return personne
        return None

    def agir(self, acte, objet, acteur, donnees) -> bool:
        """One act; a refusal leaves everything as it was, and anything but a refusal is a fault of ours."""
        avant = photo(objet)
        cle = f"cle-{EntreeJournal.objects.count()}"
        try:
            executer(acte.modele, acte.nom, objet, acteur, donnees, cle)
        except Refus as refus:
            assert refus.phrases and photo(objet) == avant
            return False
        self.dernier = (acte, objet, acteur, donnees, cle)
        if acte.nom == "deliberer":
            self.nul_ne_vote_en_conflit(objet)
        return True

    def donnees(self, acte, objet, rang) -> dict | None:
        """What the form would give; None when it would offer no choice."""
        saisies = Saisies(self.seance(rang), None)
        donnees = saisies.de(acte.nom, objet, self.acteurs)
        return None if any(valeur is None for valeur in donnees.values()) else donnees

    @rule(rang=RANGS, seance=RANGS, pas=st.integers(1, 8))
    def avancer(self, rang, seance, pas):
        """Do what the dossier waits for, as « À faire » would show it."""
        for _ in range(pas):
            dossier = self.dossier(rang)
            attente = attente_de(dossier)
            if not attente or attente["verbe"].nom == "deliberer":
                return
            for prealable in PREALABLES.get(attente["verbe"].nom, ()):
                self.faire_faire(VERBES[f.MODELE, prealable], dossier, seance)
            if not self.faire_faire(attente["verbe"], dossier, seance):
                return

    def faire_faire(self, acte, dossier, seance) -> bool:
        acteur, donnees = self.acteur_de(acte, dossier), self.donnees(acte, dossier, seance)
        return acteur is not None and donnees is not None and self.agir(acte, dossier, acteur, donnees)

    @rule(
        seance=RANGS,
        presents=st.sampled_from((("presidente", "vice_president"), ("vice_president", "presidente"), ("presidente",))),
        acquis=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=3, max_size=3),
        issue=st.sampled_from((*Inscription.Issue.values, "decidee", "decidee")),
        motif=st.sampled_from(["", "Le jury a entendu la personne.", "Le jury a entendu la personne."]),
        scelle=st.booleans(),
    )
    def tenir_le_jury(self, seance, presents, acquis, issue, motif, scelle):
        """The day of a jury: lists, signatures, opening, a decision on each dossier, and perhaps the minutes."""
        self._inscrire_les_dossiers_prets(seance)
        for qui in presents:
            self.agir(VERBES[f.SESSION, "emarger"], self.seance(seance), self.personne(qui), {})
        self.agir(VERBES[f.SESSION, "ouvrir_session"], self.seance(seance), self.personne(presents[0]), {})
        for rang, oui in zip(range(len(self.dossiers)), acquis, strict=False):
            dossier = self.dossier(rang)
            blocs = {bloc.pk: (acquis, motif) for bloc, acquis in zip(dossier.blocs_a_evaluer(), oui, strict=True)}
            acte = VERBES[f.MODELE, "deliberer"]
            self.agir(acte, dossier, self.personne(presents[rang % len(presents)]), {"issue": issue, "blocs": blocs})
        if scelle:
            self._sceller(seance, presents[0])

    def _inscrire_les_dossiers_prets(self, seance):
        acte = VERBES[f.MODELE, "inscrire_au_jury"]
        for rang in range(len(self.dossiers)):
            dossier = self.dossier(rang)
            if dossier.etat in acte.de:
                self.agir(acte, dossier, self.personne("employeur"), self.donnees(acte, dossier, seance))

    def _sceller(self, rang, qui):
        seance = self.seance(rang)
        if self.agir(VERBES[f.SESSION, "clore_seance"], seance, self.personne(qui), {}):
            for place in places_de(seance, seance.pv):
                self._signer(self.seance(rang), place.membres[0].utilisateur)

    def _signer(self, seance, personne):
        texte = {"empreinte": seance.pv.empreinte if seance.pv else "", "preuve": f.preuve(personne)}
        self.agir(VERBES[f.SESSION, "signer_pv"], seance, personne, texte)

    @rule(
        rang=RANGS,
        cle=st.sampled_from(sorted(JOUABLES)),
        qui=st.sampled_from(ROLES),
        seance=RANGS,
        ailleurs=st.booleans(),
    )
    def tenter(self, rang, cle, qui, seance, ailleurs):
        """Anybody tries anything, on a dossier or on a session, from this porteur or from another one."""
        acte = VERBES[cle]
        objet = self.dossier(rang) if acte.modele == f.MODELE else self.seance(seance)
        donnees = self.donnees(acte, objet, seance)
        if acte.nom == "clore_seance":
            self._sceller(seance, qui)
        elif acte.nom == "signer_pv":
            self._signer(objet, self.personne(qui))
        elif donnees is not None:
            self.agir(acte, objet, self.personne(qui, self.etrangers if ailleurs else None), donnees)

    @rule(
        quoi=st.sampled_from(("renvoyer", "se_presenter", "recruter", "quitter", "publier", "arriver")),
        rang=RANGS,
        qui=st.sampled_from(("evaluateur", "presidente", "vice_president")),
    )
    def troubler(self, quoi, rang, qui):
        """What nobody planned."""
        getattr(self, quoi)(rang, qui)

    def renvoyer(self, rang, qui):
        """The back button, then the same form again and again."""
        if self.dernier:
            acte, objet, acteur, donnees, cle = self.dernier
            avant = photo(objet)
            for _ in range(3):
                try:
                    executer(acte.modele, acte.nom, objet, acteur, donnees, cle)
                except Refus as refus:
                    # What was done took the object out of this person's sight, or their role has ended since.
                    assert refus.statut in {403, 404}
            assert photo(objet) == avant

    def se_presenter(self, rang, qui):
        """The same person, the same certification: refused while a dossier lives, whoever refuses."""
        ancien = self.dossier(rang)
        nouvelle = Candidature(
            version=ancien.version, etablissement=ancien.etablissement, modalite_acces=ancien.modalite_acces
        )
        try:
            with transaction.atomic():
                self.accueillir(f.ouvrir(self.personne("employeur"), ancien.titulaire, nouvelle))
        except (Refus, IntegrityError):
            pass

    def arriver(self, rang, qui):
        """Another person comes, and another session is planned once the minutes of the first are sealed."""
        if len(self.dossiers) < 6:
            self.accueillir(f.brouillon(self.acteurs))
        if self.seance(0).etat == SessionJury.Etat.SCELLEE:
            self.seances.append(f.session(self.acteurs))

    def recruter(self, rang, qui):
        """A conflict is born: this person now belongs to the employer of the candidates."""
        Role.objects.get_or_create(
            utilisateur=self.personne(qui), nom="employeur", organisme=self.acteurs.etablissement
        )

    def quitter(self, rang, qui):
        self.personne(qui).roles.filter(nom="employeur").delete()

    def publier(self, rang, qui):
        """New rules for the dossiers to come; those under way keep theirs."""
        siens = self.acteurs.certification.parcours
        siens.filter(etat="publie").update(etat="remplace", retire_le=timezone.now())
        numero = siens.count() + 1
        f.ParcoursFactory(
            certification=self.acteurs.certification, numero=numero, recevabilite_active=False, metier_requis=False
        )


def jouer(parties: int, graine: int | None = None, pas: int = PAS) -> None:
    """Play this many lives of so many steps: invented anew each time, or always those of this seed.

    Shrinking a long life takes longer than the whole suite: the seed that a failure prints plays it again.
    """
    run_state_machine_as_test(
        Vie if graine is None else seed(graine)(type("VieConnue", (Vie,), {})),
        settings=settings(
            max_examples=parties,
            stateful_step_count=pas,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("graine", [1, *(pytest.param(g, marks=pytest.mark.une_base) for g in range(2, GRAINES + 1))])
def test_les_neuf_invariants_tiennent_quoi_que_fassent_les_gens(graine):
    """Five hundred steps, in nine lives, three of them where rows are locked for real.

    Always the same ones, so that a red suite speaks of the change; the drill invents its lives anew.
    """
    jouer(PARTIES, graine)
