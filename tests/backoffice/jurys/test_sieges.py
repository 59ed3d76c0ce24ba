"""Who gets a seat in a session: a mandate that runs that day, a seat left, one per organisation, the chair (J2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.jurys.models import MembreJury, SessionJury
from registre.models import CourrielSortant
from registre.transitions import Refus, RoleInsuffisant
from tests import fabriques as f

from .outils import mandate, nommer, seance

pytestmark = pytest.mark.django_db


def asseoir(acteurs, session, mandat, fonction="membre"):
    return seance(session, "nommer_membre", acteurs.gestionnaire, mandat=mandat, fonction=fonction)


def test_seul_un_organisateur_nomme(acteurs):
    """A member does not seat another member."""
    session = f.session(acteurs)
    with pytest.raises(RoleInsuffisant):
        seance(session, "nommer_membre", acteurs.presidente, mandat=mandate(acteurs.cpne, "salaries"))


class TestMandatDuJour:
    def test_le_siege_est_celui_du_mandat(self, acteurs):
        """Collège, organisation, quality and body are those of the mandate; the convocation leaves later."""
        session, ici = f.session(acteurs), f.OrganismeFactory()
        champs = {"organisation": "Union des métiers", "qualite": "représentante", "organisme": ici}
        mandat = mandate(acteurs.cpne, "salaries", **champs)
        asseoir(acteurs, session, mandat)
        siege = session.membres.get(mandat=mandat)
        assert (siege.college, siege.organisation, siege.qualite, siege.organisme) == ("salaries", *champs.values())
        assert session.membres.get(utilisateur=mandat.personne).convoque_le is None

    @pytest.mark.parametrize(
        ("decalage", "phrase"),
        [({"debut": 21}, "ne commence que le"), ({"fin": 19}, "a pris fin le"), ({"retire": 0}, "a été retiré le")],
    )
    def test_un_mandat_qui_ne_court_pas_ce_jour_la_ne_donne_pas_de_siege(self, acteurs, decalage, phrase):
        """It must run on the day of the session, in twenty days, whatever it does today: the refusal says the dates."""
        session = f.session(acteurs)
        jour = timezone.localdate()
        dates = {nom: jour + timedelta(days=n) for nom, n in decalage.items() if nom != "retire"}
        if "retire" in decalage:
            dates["retire_le"] = timezone.now()
        with pytest.raises(Refus, match=f"{phrase} .*la session se tient le {jour + timedelta(days=20):%d/%m/%Y}"):
            asseoir(acteurs, session, mandate(acteurs.cpne, "salaries", **dates))

    def test_un_mandat_d_un_autre_jury_ne_vaut_pas_ici(self, acteurs):
        """Another body, another certification, a person without the role: each has its sentence."""
        session = f.session(acteurs)
        with pytest.raises(Refus, match="pas pour celui-ci"):
            asseoir(acteurs, session, mandate(f.OrganismeFactory(), "salaries"))
        ailleurs = mandate(acteurs.cpne, "salaries")
        ailleurs.certifications.add(f.CertificationFactory())
        with pytest.raises(Refus, match="aucune certification de cette session"):
            asseoir(acteurs, session, ailleurs)
        sans_role = f.mandat(f.UtilisateurFactory(), acteurs.cpne, "salaries")
        with pytest.raises(Refus, match="n’a pas le rôle de membre de jury"):
            asseoir(acteurs, session, sans_role)

    def test_un_siege_une_voix(self, acteurs):
        """The same person does not sit twice."""
        with pytest.raises(Refus, match="un siège, une voix"):
            asseoir(acteurs, f.session(acteurs), acteurs.presidente.mandats.get())


class TestPlaces:
    def test_les_sieges_d_un_college_sont_comptes(self):
        """Two seats: the third titulaire is refused with the numbers, a suppléant is not."""
        acteurs = f.Acteurs(sieges_par_college=2)
        session = f.session(acteurs)
        nommer(acteurs, session, "salaries")
        with pytest.raises(Refus, match="le collège salariés en a 2, 2 déjà pourvus, 1 de plus"):
            nommer(acteurs, session, "salaries")
        titulaire = acteurs.vice_president.mandats.get()
        suppleant = mandate(acteurs.cpne, "salaries", suppleant=True, suppleant_de=titulaire)
        asseoir(acteurs, session, suppleant)
        assert session.membres.get(mandat=suppleant).remplace == session.membres.get(mandat=titulaire)

    @pytest.mark.parametrize("regle", [True, False])
    def test_une_organisation_un_siege_quand_la_regle_le_dit(self, regle):
        """Accents and case do not make another organisation; her suppléant is no second seat."""
        acteurs = f.Acteurs(un_siege_par_organisation=regle)
        session = f.session(acteurs)
        asseoir(acteurs, session, mandate(acteurs.cpne, "salaries", organisation="Union des Métiers"))
        meme = mandate(acteurs.cpne, "salaries", organisation="union des metiers")
        if regle:
            with pytest.raises(Refus, match="«\u202funion des metiers\u202f» a déjà un siège"):
                asseoir(acteurs, session, meme)
        else:
            asseoir(acteurs, session, meme)
        asseoir(acteurs, session, mandate(acteurs.cpne, "salaries", organisation="Union des métiers", suppleant=True))

    def test_tous_les_titulaires_ont_leur_siege_d_un_coup(self, acteurs):
        """Titulaires whose mandate runs, not the suppléants nor those seated already; then all are convened."""
        session = f.session(acteurs)
        valables = [mandate(acteurs.cpne, college) for college in ("salaries", "employeurs", "employeurs")]
        mandate(acteurs.cpne, "salaries", suppleant=True)
        mandate(acteurs.cpne, "salaries", fin=timezone.localdate())
        CourrielSortant.objects.all().delete()
        seance(session, "convoquer_titulaires", acteurs.gestionnaire)
        assert set(session.membres.filter(mandat__in=valables).values_list("mandat", flat=True)) == {
            m.pk for m in valables
        }
        assert session.membres.count() == 5
        assert not CourrielSortant.objects.filter(modele="convocation_jury").exists()
        seance(session, "convoquer", acteurs.gestionnaire)
        partis = CourrielSortant.objects.filter(modele="convocation_jury").values_list("destinataire", flat=True)
        assert {m.personne.email for m in valables} < set(partis)
        with pytest.raises(Refus, match="siègent déjà"):
            seance(session, "convoquer_titulaires", acteurs.gestionnaire)

    def test_plus_de_titulaires_que_de_sieges_se_choisissent_un_par_un(self):
        """Nobody is left out silently."""
        acteurs = f.Acteurs(sieges_par_college=1)
        session = f.session(acteurs)
        mandate(acteurs.cpne, "employeurs")
        with pytest.raises(Refus, match="le collège employeurs en a 1, 1 déjà pourvu, 1 de plus"):
            seance(session, "convoquer_titulaires", acteurs.gestionnaire)

    def test_un_siege_se_libere_avant_l_ouverture(self, acteurs):
        """The member is told; who has signed in keeps the seat."""
        session = f.session(acteurs)
        nommer(acteurs, session, "salaries")
        siege = session.membres.last()
        seance(session, "retirer_membre", acteurs.gestionnaire, membre=siege, motif="Vacances")
        assert not MembreJury.objects.filter(pk=siege.pk).exists()
        courriel = CourrielSortant.objects.get(modele="retrait_jury")
        assert courriel.destinataire == siege.utilisateur.email and "Vacances" in courriel.corps
        seance(session, "emarger", acteurs.presidente)
        present = session.membres.get(utilisateur=acteurs.presidente)
        with pytest.raises(Refus, match="a émargé"):
            seance(session, "retirer_membre", acteurs.gestionnaire, membre=present)


class TestPresidence:
    def test_les_deux_fonctions_viennent_des_deux_colleges(self, acteurs):
        """From the nomination on, and when they are designated; a function has one holder, never a suppléant."""
        session = f.session(acteurs)
        with pytest.raises(Refus, match="déjà tenue"):
            asseoir(acteurs, session, mandate(acteurs.cpne, "salaries"), "president")
        nommer(acteurs, session, "salaries")
        salarie, vice = session.membres.last(), session.membres.get(fonction="vice_president")
        with pytest.raises(Refus, match="viennent de collèges différents"):
            self.designer(acteurs, session, salarie, vice)
        self.designer(acteurs, session, vice, session.membres.get(fonction="president"))
        assert session.membres.get(fonction="president") == vice
        session.membres.filter(fonction="vice_president").update(fonction="membre")
        with pytest.raises(Refus, match="ne préside pas"):
            asseoir(acteurs, session, mandate(acteurs.cpne, "employeurs", suppleant=True), "vice_president")

    def designer(self, acteurs, session, president, vice_president=None):
        donnees = {"president": president, "vice_president": vice_president}
        return seance(session, "designer_presidence", acteurs.gestionnaire, **donnees)

    def test_la_regle_des_deux_colleges_est_une_configuration(self):
        """A parcours may do without it."""
        acteurs = f.Acteurs(presidence_alternee=False)
        session = f.session(acteurs)
        nommer(acteurs, session, "salaries")
        self.designer(acteurs, session, session.membres.last(), session.membres.get(fonction="vice_president"))
        assert session.membres.filter(fonction="president", college="salaries").exists()

    def test_la_presidence_change_de_college_chaque_annee_quand_la_regle_le_dit(self):
        """Last year's sealed sessions say whose turn it is; a session sealed this year settles it for the year."""
        acteurs = f.Acteurs(alternance_annuelle=True)
        jour = timezone.now().replace(month=6, day=15)
        self.tenue(acteurs, jour.replace(year=jour.year - 1))
        champs = {"certificateur": acteurs.cpne, "debut": jour, "limite_inscription": jour.date()}
        session = SessionJury.objects.create(**champs)
        session.certifications.add(acteurs.certification)
        presidente, vice = (p.mandats.get() for p in (acteurs.presidente, acteurs.vice_president))
        phrase = rf"employeurs a présidé en {jour.year - 1}\u00a0: la présidence revient au collège salariés"
        with pytest.raises(Refus, match=phrase):
            asseoir(acteurs, session, presidente, "president")
        with pytest.raises(Refus, match="la vice-présidence revient à l’autre"):
            asseoir(acteurs, session, vice, "vice_president")
        asseoir(acteurs, session, vice, "president")
        asseoir(acteurs, session, presidente, "vice_president")
        self.tenue(acteurs, jour.replace(month=1), president="salaries")
        employeur, salarie = session.membres.get(college="employeurs"), session.membres.get(college="salaries")
        with pytest.raises(Refus, match=f"salariés préside en {jour.year}"):
            self.designer(acteurs, session, employeur, salarie)
        self.designer(acteurs, session, salarie, employeur)

    @staticmethod
    def tenue(acteurs, jour, president="employeurs"):
        """A session sealed that day, chaired from this collège."""
        champs = {"certificateur": acteurs.cpne, "debut": jour, "limite_inscription": jour.date()}
        session = SessionJury.objects.create(**champs)
        session.certifications.add(acteurs.certification)
        personne = acteurs.presidente if president == "employeurs" else acteurs.vice_president
        MembreJury.objects.create(session=session, utilisateur=personne, college=president, fonction="president")
        SessionJury.objects.filter(pk=session.pk).update(etat="scellee", close_le=jour)
