"""The rule sets seen in the branches, each held on the same four dossiers by the same jury, through the real verbs."""

from datetime import date

import pytest
from django.utils import timezone

from backoffice.evaluations.models import ResultatCompetence
from backoffice.jurys.models import MembreJury, SessionJury
from backoffice.jurys.votes import aux_voix, evalues
from backoffice.parcours.models import Parcours, Prerequis
from backoffice.parcours.validite import fin_de_validite
from registre.transitions import Refus
from tests import fabriques as f

from .outils import mandate, seance
from .regles_de_branche import BRANCHES

pytestmark = pytest.mark.django_db

PREMIER = lambda competence: competence.bloc.ordre == 1  # noqa: E731
MOTIF = "Le jury a lu le livret et entendu la personne."


class Jury:
    """The stage: six members, a planned session with the four dossiers."""

    def __init__(self):
        a = self.acteurs = f.Acteurs()
        a.presidente.mandats.update(organisation="E1")
        a.vice_president.mandats.update(organisation="S1")
        self.session = f.session(a)
        for college in ("employeurs", "salaries"):
            for rang in (2, 3):
                mandat = mandate(a.cpne, college, organisation=f"{college[0].upper()}{rang}")
                seance(self.session, "nommer_membre", a.gestionnaire, mandat=mandat)
        acquis = {"complet": True, "premier_bloc": PREMIER, "aucun": False, "divergent": PREMIER}
        self.dossiers = {nom: f.inscrite(a, self.session, acquis=oui) for nom, oui in acquis.items()}
        ResultatCompetence.objects.filter(acquis=True).update(note=16)
        ResultatCompetence.objects.filter(acquis=False).update(note=6)
        du_divergent = ResultatCompetence.objects.filter(evaluation__candidature=self.dossiers["divergent"])
        du_divergent.filter(acquis=False).update(note=13)
        du_divergent.filter(source="metier").update(acquis=True)


@pytest.fixture(scope="module")
def jury(scene):
    return Jury()


class Tenue:
    """One holding of the session under the rules of a branch."""

    def __init__(self, jury: Jury, regles: dict):
        self.acteurs, self.session = jury.acteurs, SessionJury.objects.get(pk=jury.session.pk)
        Parcours.objects.filter(pk=jury.acteurs.parcours.pk).update(**regles)
        self.dossiers = {nom: f.Candidature.objects.get(pk=dossier.pk) for nom, dossier in jury.dossiers.items()}
        membres = self.session.membres.order_by("college", "pk").select_related("utilisateur")
        self.sieges = list(membres)  # ranks 0 to 2: employeurs, the chair first; 3 to 5: salariés

    def emarger(self, employeurs: int, salaries: int):
        venus = self.sieges[:employeurs] + self.sieges[3 : 3 + salaries]
        seance(self.session, "marquer_present", self.acteurs.secretaire, membres=venus)

    def ouvrir(self):
        return seance(self.session, "ouvrir_session", self.acteurs.gestionnaire)

    def representer(self, procurations):
        for mandant, mandataire in procurations:
            donnees = {"mandant": self.sieges[mandant], "mandataire": self.sieges[mandataire]}
            seance(self.session, "donner_procuration", self.acteurs.secretaire, **donnees)

    def voter(self, dossier, voix: dict):
        """Everybody votes, proxies included; the first bloc is agreed on."""
        f.faire(dossier, "ouvrir_scrutin", self.acteurs.presidente)
        blocs = aux_voix(dossier.inscriptions.get())
        portees = {p.mandant_id: p.mandataire for s in self.sieges for p in s.procurations_donnees.all()}
        for rang, choix in voix.items():
            siege = self.sieges[rang]
            porteur = portees.get(siege.pk, siege)
            donnees = {bloc.pk: choix if bloc.ordre == 2 else "pour" for bloc in blocs}
            f.faire(dossier, "voter", porteur.utilisateur, siege=siege, choix=donnees)
        f.faire(dossier, "clore_scrutin", self.acteurs.presidente, sans_attendre=True)

    def conclure(self, dossier, accorde=False):
        """Along the evaluation and the votes; a bloc that nothing settled postpones the dossier."""
        inscription = dossier.inscriptions.get()
        if inscription.issue:
            return
        rendus = inscription.scrutins.values_list("depouillement", flat=True)
        votes = {int(bloc): compte["acquis"] for rendu in rendus for bloc, compte in rendu.items()}
        blocs = {bloc: votes.get(bloc, True if accorde else oui) for bloc, oui in evalues(dossier).items()}
        issue = "ajournee" if None in blocs.values() else "decidee"
        blocs = {bloc: (oui, MOTIF) for bloc, oui in blocs.items()}
        f.faire(dossier, "deliberer", self.acteurs.presidente, issue=issue, blocs=blocs, motif=MOTIF)


@pytest.mark.parametrize("nom", BRANCHES)
def test_chaque_branche_tient_le_meme_jury_sur_les_memes_dossiers(jury, nom):
    """Who may open, what the voices give, what becomes of each dossier: as the agreement of the branch says."""
    branche = BRANCHES[nom]
    tenue = Tenue(jury, branche.regles)
    if branche.insuffisants:
        presents, phrase = branche.insuffisants
        tenue.emarger(*presents)
        with pytest.raises(Refus, match=phrase):
            tenue.ouvrir()
        MembreJury.objects.filter(session=tenue.session).update(present_le=None)
    tenue.representer(branche.procurations)
    tenue.emarger(*branche.presents)
    assert tenue.ouvrir().etat == "ouverte"
    divergent = tenue.dossiers["divergent"]
    if branche.voix:
        tenue.voter(divergent, branche.voix)
    if branche.refus_d_accorder:
        with pytest.raises(Refus, match=branche.refus_d_accorder):
            tenue.conclure(divergent, accorde=True)
    for cle, dossier in tenue.dossiers.items():
        tenue.conclure(dossier, accorde=branche.accorde and cle == "divergent")
    f.sceller(tenue.acteurs, tenue.session)
    etats = {cle: f.Candidature.objects.get(pk=dossier.pk).etat for cle, dossier in tenue.dossiers.items()}
    assert etats == branche.attendus
    if branche.accorde:
        assert divergent.inscriptions.get().decisions.get(rattrapage=True).motif == MOTIF


def test_une_presidence_par_annee_et_par_college(jury):
    """Chaired by the employers last year: the same collège may not open this year's session, the other one may."""
    tenue = Tenue(jury, {"alternance_annuelle": True})
    passee = timezone.localtime().replace(year=timezone.localdate().year - 1, day=15)
    ancienne = f.session(jury.acteurs)
    SessionJury.objects.filter(pk=ancienne.pk).update(etat="scellee", debut=passee, close_le=passee)
    tenue.emarger(3, 3)
    with pytest.raises(Refus, match="la présidence revient cette année au collège salariés"):
        tenue.ouvrir()
    presidence = {"president": tenue.sieges[3], "vice_president": tenue.sieges[0]}
    seance(tenue.session, "designer_presidence", jury.acteurs.gestionnaire, **presidence)
    assert tenue.ouvrir().etat == "ouverte"


def test_un_siege_par_organisation_se_compte_aussi_a_la_seance(jury):
    """Two titulaires of one union, seated before the rule: the session says which organisation has two voices."""
    tenue = Tenue(jury, {"un_siege_par_organisation": True})
    MembreJury.objects.filter(pk=tenue.sieges[5].pk).update(organisation="S2")
    tenue.emarger(3, 3)
    with pytest.raises(Refus, match="2 voix pour «\u202fS2\u202f», chaque organisation en a une"):
        tenue.ouvrir()


def test_le_jury_propose_puis_la_cpne_decide():
    """Two instances: nothing is decided by the first, the second hears what it proposed."""
    acteurs = f.Acteurs(jurys_fusionnes=False)
    premiere = f.session(acteurs, instance="evaluation")
    dossier = f.inscrite(acteurs, premiere, acquis=PREMIER)
    f.ouvrir_seance(acteurs, premiere)
    f.deliberer(acteurs, dossier, lambda bloc: bloc.ordre == 1)
    f.sceller(acteurs, premiere)
    dossier.refresh_from_db()
    assert dossier.etat == "proposee"
    cpne = f.session(acteurs, instance="certification")
    dossier = f.faire(dossier, "presenter_a_la_cpne", acteurs.certificateur, session=cpne)
    f.ouvrir_seance(acteurs, cpne)
    f.deliberer(acteurs, dossier, lambda bloc: bloc.ordre == 1)
    f.sceller(acteurs, cpne)
    dossier.refresh_from_db()
    assert dossier.etat == "partielle"


def test_la_theorie_a_12_donne_acces_a_la_pratique_a_14():
    """The theory is a prerequisite with its threshold, the practice the mark of the bloc: no dossier passes without."""
    acteurs = f.Acteurs(mode_evaluation="notes", seuil_bloc=70)
    theorie = Prerequis.objects.create(
        parcours=acteurs.parcours, code="theorie", libelle="Note de théorie", nature="seuil", seuil=12, unite="sur 20"
    )
    dossier = f.deposee(acteurs)
    with pytest.raises(Refus, match="Note de théorie"):
        f.faire(dossier, "declarer_recevable", acteurs.gestionnaire)
    assert theorie.seuil == 12


@pytest.mark.parametrize(("mois", "fin"), [(60, date(2031, 11, 22)), (24, date(2028, 11, 22))])
def test_les_blocs_se_gardent_ce_que_dit_la_branche(mois, fin):
    """Five years, two years; for life where nothing is said (the delivery writes no end)."""
    assert fin_de_validite(date(2026, 11, 22), mois) == fin


def test_pas_de_nouvelle_candidature_avant_six_mois():
    """After a failure, the same person waits; another one does not."""
    acteurs = f.Acteurs(delai_nouvelle_candidature_mois=6)
    echec = f.decidee(acteurs, acquis=False)
    assert echec.etat == "non_validee"
    with pytest.raises(Refus, match=f"{fin_de_validite(timezone.localdate(), 6):%d/%m/%Y}"):
        f.deposee(acteurs, f.meme_personne(echec.titulaire))
    assert f.deposee(acteurs).etat == "deposee"
