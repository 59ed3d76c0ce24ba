"""A full session keeps a queue; a dossier changes session in one act (J1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.candidatures.models import BlocAcquis, Candidature
from backoffice.jurys.models import DemandeDePlace
from registre.models import CourrielSortant, EntreeJournal
from registre.quotidien import accomplir
from registre.transitions import Refus
from tests import fabriques as f
from tests.connexion import connecter
from tests.ouvrier import travailler

from .outils import seance, texte

pytestmark = pytest.mark.django_db
MOTIF = {"motif": "Report à la demande du candidat."}


def etat(candidature) -> str:
    return Candidature.objects.get(pk=candidature.pk).etat


class TestFile:
    @pytest.fixture
    def pleine(self, acteurs):
        """(session of one place, who has it, two who wait)."""
        session = f.session(acteurs, capacite=1)
        dedans = f.inscrite(acteurs, session)
        attendent = [f.evaluee(acteurs) for _ in range(2)]
        for dossier in attendent:
            f.faire(dossier, "demander_place", acteurs.employeur, session=session)
        return session, dedans, attendent

    def test_la_plus_ancienne_demande_prend_la_place_et_le_dit(self, acteurs, pleine):
        """Freed by a withdrawal, then by a larger capacity; the candidate and who asked are told each time."""
        session, dedans, (ancien, recent) = pleine
        f.faire(dedans, "desinscrire_du_jury", acteurs.employeur, **MOTIF)
        travailler()
        assert (etat(ancien), etat(recent)) == ("inscrite_jury", "evaluee")
        assert [c.destinataire for c in CourrielSortant.objects.filter(modele="place_obtenue")] == [
            acteurs.employeur.email
        ]
        assert CourrielSortant.objects.filter(modele="inscrit_au_jury", destinataire=ancien.titulaire.courriel).exists()
        seance(session, "modifier_session", acteurs.gestionnaire, capacite=2)
        travailler()
        assert etat(recent) == "inscrite_jury"
        assert not DemandeDePlace.objects.filter(placee_le=None, retiree_le=None).exists()

    def test_on_ne_double_pas(self, acteurs, pleine):
        """A place is free but two wait for it: whoever comes now is sent to the queue, before any worker ran."""
        session, dedans, (ancien, recent) = pleine
        f.faire(dedans, "desinscrire_du_jury", acteurs.employeur, **MOTIF)
        for dossier in (f.evaluee(acteurs), recent):
            with pytest.raises(Refus, match="attend(ent)? déjà une place"):
                f.faire(dossier, "inscrire_au_jury", acteurs.employeur, session=session)
        assert f.faire(ancien, "inscrire_au_jury", acteurs.employeur, session=session).etat == "inscrite_jury"

    def test_une_demande_qui_ne_tient_plus_laisse_passer_la_suivante(self, acteurs, pleine):
        """A credited bloc that ends before the jury: passed over, its rank kept; the nightly run would do the same."""
        session, dedans, (ancien, recent) = pleine
        f.faire(dedans, "desinscrire_du_jury", acteurs.employeur, **MOTIF)
        BlocAcquis.objects.create(
            candidature=ancien,
            bloc=acteurs.version.blocs.first(),
            acquis=acteurs.version.blocs.first(),
            origine=BlocAcquis.Origine.PREUVE,
            organisme="Un organisme",
            acquis_le=timezone.localdate() - timedelta(days=400),
            valide_jusqu_au=timezone.localdate(session.debut) - timedelta(days=1),
            repris_par=acteurs.gestionnaire,
            repris_le=timezone.now(),
        )
        accomplir(["servir_les_listes_d_attente"])
        assert (etat(ancien), etat(recent)) == ("evaluee", "inscrite_jury")
        assert DemandeDePlace.objects.get(candidature=ancien).retiree_le is None

    def test_on_ne_demande_que_ce_qui_manque(self, acteurs, pleine):
        """Not twice, not where there is room, not where the dossier could not go; one may give up."""
        session, _, (ancien, _) = pleine
        with pytest.raises(Refus, match="attend déjà une place à la session du"):
            f.faire(ancien, "demander_place", acteurs.employeur, session=session)
        libre, autre = f.session(acteurs), f.evaluee(acteurs)
        with pytest.raises(Refus, match="Il reste de la place"):
            f.faire(autre, "demander_place", acteurs.employeur, session=libre)
        cpne = f.session(acteurs, instance="certification", capacite=1)
        with pytest.raises(Refus, match="instance attendue"):
            f.faire(autre, "demander_place", acteurs.employeur, session=cpne)
        f.faire(ancien, "retirer_demande_de_place", acteurs.employeur)
        with pytest.raises(Refus, match="n’attend de place dans aucune"):
            f.faire(ancien, "retirer_demande_de_place", acteurs.employeur)
        f.faire(ancien, "inscrire_au_jury", acteurs.employeur, session=libre)

    def test_les_formulaires_disent_les_places(self, acteurs, pleine, client):
        """What is full says so, in the list of sessions; the page of the session shows the queue by reference."""
        session, _, (ancien, _) = pleine
        dossier = f.evaluee(acteurs)
        connecter(client, acteurs.gestionnaire)
        url = f"/gestion/actes/candidatures.candidature/{dossier.pk}/inscrire_au_jury/"
        assert "complète, inscriptions jusqu’au" in texte(client.get(url))
        assert "demandez une place" in texte(client.post(url, {"session": session.pk, "cle": "k"}))
        contenu = texte(client.get(session.get_absolute_url()))
        assert "Liste d’attente" in contenu and ancien.reference in contenu


class TestTransfert:
    def test_une_entree_deux_places(self, acteurs):
        """One act, one entry: the old place is free, the queue there is served, the candidate knows the new date."""
        ici, ailleurs = f.session(acteurs, capacite=1), f.session(acteurs)
        dossier = f.inscrite(acteurs, ici)
        attend = f.faire(f.evaluee(acteurs), "demander_place", acteurs.employeur, session=ici)
        dossier = f.faire(dossier, "transferer_de_session", acteurs.employeur, session=ailleurs)
        travailler()
        assert dossier.etat == "inscrite_jury"
        assert dossier.inscriptions.get(retiree_le=None).session == ailleurs
        assert etat(attend) == "inscrite_jury"
        assert EntreeJournal.objects.de(dossier).last().verbe == "transferer_de_session"
        assert CourrielSortant.objects.get(modele="transfert_de_jury").destinataire == dossier.titulaire.courriel

    def test_les_memes_conditions_qu_a_l_inscription(self, acteurs):
        """Full, closed, another kind of jury, the same session, begun: refused, and the old place is kept."""
        ici = f.session(acteurs)
        dossier = f.inscrite(acteurs, ici)
        pleine = f.session(acteurs, capacite=1)
        f.inscrite(acteurs, pleine)
        close = f.session(acteurs, limite_inscription=timezone.localdate() - timedelta(days=1))
        for session, phrase in (
            (pleine, "complète"),
            (close, "closes depuis"),
            (f.session(acteurs, "evaluation"), "autre type de jury"),
            (ici, "déjà inscrit à cette session"),
        ):
            with pytest.raises(Refus, match=phrase):
                f.faire(dossier, "transferer_de_session", acteurs.gestionnaire, session=session)
        f.ouvrir_seance(acteurs, ici)
        with pytest.raises(Refus, match="La session a commencé"):
            f.faire(dossier, "transferer_de_session", acteurs.gestionnaire, session=f.session(acteurs))
        assert dossier.inscriptions.get(retiree_le=None).session_id == ici.pk
