"""A session of sixty dossiers, prepared, held, signed and notified in the browser, each person in their own (J5)."""

from collections import Counter

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from backoffice.jurys.models import DecisionBloc, Inscription
from backoffice.jurys.places import besoin_de, offre_de
from backoffice.jurys.planning import placer
from registre import journal
from registre.models import CourrielSortant, EntreeJournal
from tests import fabriques as f
from tests.connexion import connecter
from tests.navigateur import regarder, suivre

from .outils import nommer, page, salle, seance

NOMBRE = 60
# Places of the dossiers that are not simply agreed upon.
VOTE, PARTAGE, DEPORT, ABSENT, AJOURNE, RATTRAPE, PAPIER = 0, 1, 2, 3, 4, 5, (6, 7, 8)


def evaluee(acteurs, acquis):
    """An evaluated dossier by the shortest path that a parcours allows: five verbs."""
    dossier = f.brouillon(acteurs)
    for nom, acteur, donnees in (
        ("deposer", acteurs.employeur, {}),
        ("confirmer_evaluateur", acteurs.employeur, {"evaluateur": acteurs.evaluateur}),
        ("commencer_evaluation", acteurs.evaluateur, {}),
    ):
        dossier = f.faire(dossier, nom, acteur, **donnees)
    grille = {"date_evaluation": timezone.localdate(), "sans_observation": True}
    f.faire(dossier, "enregistrer_evaluation", acteurs.evaluateur, resultats=f.reponses(dossier, acquis), **grille)
    return f.faire(dossier, "transmettre_evaluation", acteurs.evaluateur)


class Soixante:
    """The session, its dossiers in the order of the list, and a browser for each person."""

    def __init__(self, ouvrir_navigateur, adresse):
        rien = {"metier_requis": False, "recevabilite_active": False, "guide_requis": False, "parite_stricte": False}
        self.acteurs = a = f.Acteurs(**rien)
        a.parcours.pieces.all().delete()
        self.session = f.session(a, capacite=NOMBRE)
        self.membres = [
            a.vice_president,
            *(nommer(a, self.session, college, prenom=prenom) for prenom, college in MEMBRES),
        ]
        self.dossiers = [
            evaluee(a, lambda c, rang=rang: rang != RATTRAPE or c.bloc.ordre == 1) for rang in range(NOMBRE)
        ]
        self._placer()
        self.ouvrir, self.adresse = ouvrir_navigateur, adresse

    def _placer(self):
        """Each dossier goes where the planning aid says."""
        plan = placer([besoin_de(d) for d in self.dossiers], [offre_de(self.session)], timezone.localdate())
        assert plan.inexpliques == {} and set(plan.placements.values()) == {self.session.pk}
        for dossier in self.dossiers:
            f.faire(dossier, "inscrire_au_jury", self.acteurs.gestionnaire, session=self.session)

    def entrer(self, personne):
        """This person's own browser, logged in."""
        ecran, cookie = self.ouvrir(), settings.SESSION_COOKIE_NAME
        valeur = connecter(Client(), personne).cookies[cookie].value
        ecran.context.add_cookies([{"name": cookie, "value": valeur, "url": self.adresse}])
        return ecran

    def agir(self, ecran, nom, libelle):
        """A verb of the session, by its page."""
        ecran.goto(f"/gestion/actes/jurys.sessionjury/{self.session.pk}/{nom}/")
        suivre(ecran.get_by_role("button", name=libelle))

    def adresse_de(self, rang):
        return salle(self.dossiers[rang])

    def issue(self, rang):
        return Inscription.objects.get(candidature=self.dossiers[rang])


MEMBRES = (("Carole", "employeurs"), ("Driss", "salaries"), ("Elsa", "employeurs"))


def bouton(ecran, libelle):
    suivre(ecran.get_by_role("button", name=libelle, exact=True))


def voter(ecran, touche):
    """Answer both blocs and send, by the keyboard alone."""
    ecran.get_by_role("heading", name="Votre voix").wait_for()
    ecran.keyboard.press(touche)
    ecran.keyboard.press(touche)
    with ecran.expect_navigation():
        ecran.keyboard.press("Enter")
    ecran.get_by_text("Elle se change jusqu’à la clôture").wait_for()


@pytest.fixture
def soixante(transactional_db, ouvrir_navigateur, live_server):
    return Soixante(ouvrir_navigateur, live_server.url)


class TestSoixanteDossiers:
    def test_la_seance_se_tient(self, soixante):
        """Voted, agreed, split then settled, recused, absent, postponed, made good, on paper: all in a morning."""
        s, a = soixante, soixante.acteurs
        presidente, secretaire = s.entrer(a.presidente), s.entrer(a.secretaire)
        membres = [s.entrer(m) for m in s.membres]
        self.ouvrir(s, presidente, membres)
        self.voter_puis_departager(s, presidente, membres)
        self.cas_particuliers(s, presidente, membres, secretaire)
        for ecran in (*membres, secretaire):
            ecran.goto("about:blank")
        self.consensus(s, presidente)
        self.signer(s, presidente)
        self.verifier(s)

    def ouvrir(self, s, presidente, membres):
        """Everybody signs in; a member recuses herself from one dossier; the chair opens."""
        seance(s.session, "declarer_deport", s.membres[1], inscription=s.issue(DEPORT), raison="Lien familial")
        for ecran in (presidente, *membres):
            s.agir(ecran, "emarger", "Émarger")
        s.agir(presidente, "ouvrir_session", "Ouvrir la séance")
        presidente.goto(f"{page(s.session)}salle/")
        presidente.wait_for_url(f"**{s.adresse_de(VOTE)}")
        regarder(presidente)
        for ecran in membres:
            ecran.goto(f"{page(s.session)}salle/")
            ecran.get_by_label("Suivre la présidence").check()

    def tour(self, presidente, membres, touches):
        for ecran, touche in zip((presidente, *membres), touches, strict=True):
            voter(ecran, touche)
        bouton(presidente, "Clore le vote")

    def voter_puis_departager(self, s, presidente, membres):
        """The ballot papers come by themselves; a split decides nothing, the second ballot does; members follow."""
        bouton(presidente, "Mettre aux voix")
        membres[0].get_by_text("Le vote est ouvert sur ce dossier").wait_for()
        regarder(membres[0])
        self.tour(presidente, membres, "aaana")
        membres[0].get_by_text("4 pour, 1 contre, 0 abstention").first.wait_for()
        suivre(presidente.locator("#suivant"))
        for ecran in membres:
            ecran.wait_for_url(f"**{s.adresse_de(PARTAGE)}")
        bouton(presidente, "Mettre aux voix")
        self.tour(presidente, membres, "aannb")
        presidente.get_by_text("Les voix se partagent").first.wait_for()
        assert s.issue(PARTAGE).issue == ""
        bouton(presidente, "Ouvrir un autre tour")
        self.tour(presidente, membres, "aaann")
        assert s.issue(PARTAGE).issue == "decidee"

    def cas_particuliers(self, s, presidente, membres, secretaire):
        """Recused, absent, postponed, made good; then the secretary enters three sheets."""
        suivre(presidente.locator("#suivant"))
        membres[1].get_by_text("dont vous êtes déporté(e)").wait_for()
        membres[2].wait_for_url(f"**{s.adresse_de(DEPORT)}")
        bouton(presidente, "Enregistrer la décision")
        presidente.get_by_label("Absent", exact=True).check()
        bouton(presidente, "Enregistrer la décision")
        presidente.get_by_label("Ajourné", exact=True).check()
        bouton(presidente, "Enregistrer la décision")
        presidente.get_by_text("Dites pourquoi").wait_for()
        motif = presidente.get_by_label("Motif de l’ajournement")
        motif.press_sequentially("jan bk")  # the keys of the room say nothing in a text field
        assert motif.input_value() == "jan bk"
        motif.fill("Une pièce est attendue.")
        bouton(presidente, "Enregistrer la décision")
        second = s.dossiers[RATTRAPE].blocs_a_evaluer()[1]
        presidente.locator(f"[name=b{second.pk}][value=oui]").check()
        presidente.locator(f"[name=m{second.pk}]").fill("Gestes montrés à l’entretien")
        bouton(presidente, "Enregistrer la décision")
        secretaire.goto(s.adresse_de(PAPIER[0]))
        regarder(secretaire)
        for bloc in s.dossiers[PAPIER[0]].blocs_a_evaluer():
            secretaire.locator(f"[name=pour{bloc.pk}]").fill("5")
        for _ in PAPIER:
            bouton(secretaire, "Enregistrer la feuille")
        presidente.get_by_text("9 dossiers sur 60").wait_for()

    def consensus(self, s, presidente):
        """The rest is agreed upon, one click each."""
        presidente.goto(s.adresse_de(PAPIER[-1] + 1))
        for _ in range(NOMBRE - PAPIER[-1] - 1):
            bouton(presidente, "Enregistrer la décision")
        presidente.wait_for_url(f"**{page(s.session)}")

    def signer(self, s, presidente):
        """The minutes are closed, signed by chair and vice-chair, sealed by the second signature."""
        s.agir(presidente, "clore_seance", "Clore la séance")
        # The signature asks for a recent proof of who one is: they come back from a long morning.
        for ecran in (s.entrer(s.acteurs.presidente), s.entrer(s.acteurs.vice_president)):
            ecran.goto(f"/gestion/actes/jurys.sessionjury/{s.session.pk}/signer_pv/")
            ecran.get_by_label("J’ai lu ce procès-verbal").check()
            bouton(ecran, "Signer le PV")
        s.session.refresh_from_db()
        assert s.session.etat == "scellee"

    def verifier(self, s):
        """Outcomes, minutes, mails, journal: each dossier once."""
        etats = Counter(f.Candidature.objects.values_list("etat", flat=True))
        assert etats == {"validee": NOMBRE - 2, "ajournee": 2}
        contenu = s.session.pv.contenu
        assert len(contenu["dossiers"]) == NOMBRE
        decisions = DecisionBloc.objects.filter(inscription__session=s.session)
        assert decisions.filter(rattrapage=True).count() == 1
        comptes = {rang: set(s.issue(rang).decisions.values_list("pour", "contre")) for rang in (VOTE, PARTAGE, 6, 9)}
        assert comptes == {VOTE: {(4, 1)}, PARTAGE: {(3, 2)}, 6: {(5, 0)}, 9: {(None, None)}}
        prevenus = CourrielSortant.objects.filter(modele="decision_candidat").values_list("destinataire", flat=True)
        assert Counter(prevenus) == Counter(d.titulaire.courriel for d in s.dossiers)
        faits = Counter(EntreeJournal.objects.values_list("verbe", flat=True))
        assert (faits["decider"], faits["ajourner"], faits["saisir_feuille"]) == (NOMBRE - 2, 2, 3)
        assert (faits["voter"], faits["clore_scrutin"], faits["signer_pv"]) == (15, 3, 2)
        assert list(journal.verifier()) == []
