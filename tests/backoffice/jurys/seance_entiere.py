"""The story of a session, prepared, held, signed and notified in the browser, each person in their own (J5).

The suite tells it with eight dossiers (`test_seance_entiere.py`), the drill with sixty (`drill_soixante_dossiers.py`).
"""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from backoffice.jurys.models import DecisionBloc, Inscription, SessionJury
from registre import journal
from registre.models import CourrielSortant, EntreeJournal
from tests import fabriques as f
from tests.connexion import connecter
from tests.navigateur import regarder, suivre

from .outils import mandate, page, salle, seance

# Places of the dossiers that are not simply agreed upon; the sheets on paper begin after them.
VOTE, PARTAGE, DEPORT, ABSENT, AJOURNE, RATTRAPE, PAPIER = range(7)
MEMBRES = (("Carole", "employeurs"), ("Driss", "salaries"), ("Elsa", "employeurs"))
# A grouped act on sixty dossiers is one request.
LONGTEMPS = 120_000


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


class SeanceEntiere:
    """The cast, the evaluated dossiers in the order of the list, and a browser for each person."""

    def __init__(self, ouvrir_navigateur, adresse, nombre):
        rien = {"metier_requis": False, "recevabilite_active": False, "guide_requis": False, "parite_stricte": False}
        self.acteurs = a = f.Acteurs(**rien)
        a.parcours.pieces.all().delete()
        # The long game looks at each screen again, full of dossiers; the suite has looked at them elsewhere.
        self.nombre, self.longue = nombre, nombre > 20
        self.papiers = 3 if self.longue else 1
        # Who writes works for the porteur; it is not who prepares.
        self.secretaire = f.UtilisateurFactory(role=("gestionnaire", a.porteur), prenom="Sacha")
        autres = [mandate(a.cpne, college, personne={"prenom": prenom}).personne for prenom, college in MEMBRES]
        self.membres = [a.vice_president, *autres]
        self.dossiers = [
            evaluee(a, lambda c, rang=rang: rang != RATTRAPE or c.bloc.ordre == 1) for rang in range(nombre)
        ]
        self.ouvrir, self.adresse = ouvrir_navigateur, adresse

    @property
    def session(self) -> SessionJury:
        return SessionJury.objects.get()

    def entrer(self, personne):
        """This person's own browser, logged in."""
        ecran, cookie = self.ouvrir(), settings.SESSION_COOKIE_NAME
        valeur = connecter(Client(), personne).cookies[cookie].value
        ecran.context.add_cookies([{"name": cookie, "value": valeur, "url": self.adresse}])
        return ecran

    def regarder(self, ecran):
        if self.longue:
            regarder(ecran)

    def agir(self, ecran, nom, libelle):
        """A verb of the session, by its page."""
        ecran.goto(f"/gestion/actes/jurys.sessionjury/{self.session.pk}/{nom}/")
        bouton(ecran, libelle)

    def adresse_de(self, rang):
        return salle(self.dossiers[rang])

    def issue(self, rang):
        return Inscription.objects.get(candidature=self.dossiers[rang])


def bouton(ecran, libelle):
    with ecran.expect_navigation(timeout=LONGTEMPS):
        ecran.get_by_role("button", name=libelle, exact=True).click()


def voter(ecran, touche):
    """Answer both blocs and send, by the keyboard alone."""
    ecran.get_by_role("heading", name="Votre voix").wait_for()
    ecran.keyboard.press(touche)
    ecran.keyboard.press(touche)
    with ecran.expect_navigation():
        ecran.keyboard.press("Enter")
    ecran.get_by_text("Elle se change jusqu’à la clôture").wait_for()


def raconter(ouvrir_navigateur, adresse, nombre: int) -> None:
    """Planned, composed, filled and convened; voted, agreed, split then settled, recused, absent, postponed, made good,
    on paper: all in a morning; then signed, sealed and told to each candidate.
    """
    s = SeanceEntiere(ouvrir_navigateur, adresse, nombre)
    preparer(s, s.entrer(s.acteurs.gestionnaire))
    le_jour_vient(s)
    presidente, secretaire = s.entrer(s.acteurs.presidente), s.entrer(s.secretaire)
    membres = [s.entrer(m) for m in s.membres]
    ouvrir(s, presidente, membres)
    voter_puis_departager(s, presidente, membres)
    cas_particuliers(s, presidente, membres, secretaire)
    for ecran in (*membres, secretaire):
        ecran.goto("about:blank")
    consensus(s, presidente)
    signer(s, presidente)
    verifier(s)


def preparer(s, ecran):
    """The organiser plans the session, gives the seats, names the chair, places the dossiers, convenes everybody."""
    ecran.goto("/gestion/jurys/nouvelle/")
    ecran.get_by_label(str(s.acteurs.certification)).check()
    jour = timezone.localtime() + timedelta(days=40)
    ecran.get_by_label("Date et heure").fill(f"{jour:%Y-%m-%dT09:30}")
    ecran.get_by_label("Lieu", exact=True).fill("Mende")
    ecran.get_by_label("Nombre de dossiers au plus").fill(str(s.nombre))
    ecran.get_by_label("Dossiers ouverts aux membres avant le jury").fill("60")
    ecran.get_by_label("Secrétaire de séance").select_option(str(s.secretaire.pk))
    bouton(ecran, "Planifier la session")
    s.agir(ecran, "convoquer_titulaires", "Donner leur siège aux titulaires")
    ecran.goto(f"/gestion/actes/jurys.sessionjury/{s.session.pk}/designer_presidence/")
    for champ, personne in (("president", s.acteurs.presidente), ("vice_president", s.acteurs.vice_president)):
        ecran.locator(f"[name={champ}]").select_option(str(s.session.membres.get(utilisateur=personne).pk))
    bouton(ecran, "Désigner la présidence")
    ecran.goto("/gestion/jurys/planning/")
    s.regarder(ecran)
    bouton(ecran, "Inscrire les dossiers cochés")
    ecran.goto(page(s.session))
    suivre(ecran.get_by_role("link", name="Envoyer les convocations"))
    bouton(ecran, "Envoyer les convocations")
    ecran.get_by_text("Tout est prêt").wait_for()
    assert list(s.session.inscriptions.values_list("candidature", flat=True)) == [d.pk for d in s.dossiers]
    convoques = Counter(CourrielSortant.objects.values_list("modele", flat=True))
    assert (convoques["convocation_jury"], convoques["convocation_candidat"]) == (5, s.nombre)


def le_jour_vient(s):
    """Forty days pass: everybody is in front of their screen on the day of the session."""
    SessionJury.objects.update(debut=timezone.now())


def ouvrir(s, presidente, membres):
    """Everybody signs in; a member recuses herself from one dossier; the chair opens."""
    seance(s.session, "declarer_deport", s.membres[1], inscription=s.issue(DEPORT), raison="Lien familial")
    for ecran in (presidente, *membres):
        s.agir(ecran, "emarger", "Émarger")
    s.agir(presidente, "ouvrir_session", "Ouvrir la séance")
    presidente.goto(f"{page(s.session)}salle/")
    presidente.wait_for_url(f"**{s.adresse_de(VOTE)}")
    s.regarder(presidente)
    for ecran in membres:
        ecran.goto(f"{page(s.session)}salle/")
        ecran.get_by_label("Suivre la présidence").check()


def tour(presidente, membres, touches):
    for ecran, touche in zip((presidente, *membres), touches, strict=True):
        voter(ecran, touche)
    bouton(presidente, "Clore le vote")


def voter_puis_departager(s, presidente, membres):
    """The ballot papers come by themselves; a split decides nothing, the second ballot does; members follow."""
    bouton(presidente, "Mettre aux voix")
    membres[0].get_by_text("Le vote est ouvert sur ce dossier").wait_for()
    s.regarder(membres[0])
    tour(presidente, membres, "aaana")
    membres[0].get_by_text("4 pour, 1 contre, 0 abstention").first.wait_for()
    suivre(presidente.locator("#suivant"))
    for ecran in membres:
        ecran.wait_for_url(f"**{s.adresse_de(PARTAGE)}")
    bouton(presidente, "Mettre aux voix")
    tour(presidente, membres, "aannb")
    presidente.get_by_text("Les voix se partagent").first.wait_for()
    assert s.issue(PARTAGE).issue == ""
    bouton(presidente, "Ouvrir un autre tour")
    tour(presidente, membres, "aaann")
    assert s.issue(PARTAGE).issue == "decidee"


def cas_particuliers(s, presidente, membres, secretaire):
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
    secretaire.goto(s.adresse_de(PAPIER))
    s.regarder(secretaire)
    for bloc in s.dossiers[PAPIER].blocs_a_evaluer():
        secretaire.locator(f"[name=pour{bloc.pk}]").fill("5")
    for _ in range(s.papiers):
        bouton(secretaire, "Enregistrer la feuille")
    presidente.get_by_text(f"{PAPIER + s.papiers} dossiers sur {s.nombre}").wait_for()


def consensus(s, presidente):
    """The rest is agreed upon, one click each."""
    presidente.goto(s.adresse_de(PAPIER + s.papiers))
    for _ in range(s.nombre - PAPIER - s.papiers):
        bouton(presidente, "Enregistrer la décision")
    presidente.wait_for_url(f"**{page(s.session)}")


def signer(s, presidente):
    """The minutes are closed, signed by chair and vice-chair, sealed by the second signature."""
    s.agir(presidente, "clore_seance", "Clore la séance")
    # The signature asks for a recent proof of who one is: they come back from a long morning.
    for ecran in (s.entrer(s.acteurs.presidente), s.entrer(s.acteurs.vice_president)):
        ecran.goto(f"/gestion/actes/jurys.sessionjury/{s.session.pk}/signer_pv/")
        ecran.get_by_label("J’ai lu ce procès-verbal").check()
        bouton(ecran, "Signer le PV")
    assert s.session.etat == "scellee"


def verifier(s):
    """Outcomes, minutes, mails, journal: each dossier once."""
    etats = Counter(f.Candidature.objects.values_list("etat", flat=True))
    assert etats == {"validee": s.nombre - 2, "ajournee": 2}
    contenu = s.session.pv.contenu
    assert len(contenu["dossiers"]) == s.nombre
    decisions = DecisionBloc.objects.filter(inscription__session=s.session)
    assert decisions.filter(rattrapage=True).count() == 1
    comptes = {
        rang: set(s.issue(rang).decisions.values_list("pour", "contre"))
        for rang in (VOTE, PARTAGE, PAPIER, s.nombre - 1)
    }
    assert comptes == {VOTE: {(4, 1)}, PARTAGE: {(3, 2)}, PAPIER: {(5, 0)}, s.nombre - 1: {(None, None)}}
    prevenus = CourrielSortant.objects.filter(modele="decision_candidat").values_list("destinataire", flat=True)
    assert Counter(prevenus) == Counter(d.titulaire.courriel for d in s.dossiers)
    faits = Counter(EntreeJournal.objects.values_list("verbe", flat=True))
    assert (faits["decider"], faits["ajourner"], faits["saisir_feuille"]) == (s.nombre - 2, 2, s.papiers)
    assert (faits["voter"], faits["clore_scrutin"], faits["signer_pv"]) == (15, 3, 2)
    assert list(journal.verifier()) == []
