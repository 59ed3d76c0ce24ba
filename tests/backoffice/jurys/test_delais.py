"""By when results are told: the delay of the parcours, that of the VAE, its reminder, what is late (J7)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backoffice.candidatures.models import Candidature
from backoffice.jurys.delais import limite_de_notification, limites_de, notification_de
from backoffice.jurys.models import Inscription, SessionJury
from backoffice.parcours.models import ModaliteAcces, Parcours
from registre.models import CourrielSortant
from registre.quotidien import accomplir
from site_public.demonstration.horloge import horloge
from tests import fabriques as f
from tests.connexion import connecter

from .outils import ouverte, page, seance, texte

PARIS = ZoneInfo("Europe/Paris")
AUTRES = [modalite for modalite in ModaliteAcces.values if modalite != ModaliteAcces.VAE]


def limite(ouverte_le, modalite, **delais) -> date:
    """The last day for a dossier heard then, without a database."""
    candidature = Candidature(modalite_acces=modalite, parcours=Parcours(**delais))
    return limite_de_notification(Inscription(session=SessionJury(ouverte_le=ouverte_le), candidature=candidature))


class TestLaLimite:
    def test_une_vae_se_notifie_en_quinze_jours(self):
        """Unless its parcours says otherwise, and whatever the delay of the other ways is."""
        jury = datetime(2026, 6, 10, 9, 30, tzinfo=PARIS)
        assert limite(jury, ModaliteAcces.VAE) == date(2026, 6, 25)
        assert limite(jury, ModaliteAcces.VAE, delai_notification=60) == date(2026, 6, 25)
        assert limite(jury, ModaliteAcces.VAE, delai_notification_vae=10) == date(2026, 6, 20)

    @pytest.mark.parametrize("modalite", AUTRES)
    def test_les_autres_voies_suivent_le_parcours(self, modalite):
        """Thirty days by default, another number where the parcours gives one."""
        jury = datetime(2026, 6, 10, 9, 30, tzinfo=PARIS)
        assert limite(jury, modalite) == date(2026, 7, 10)
        assert limite(jury, modalite, delai_notification=8, delai_notification_vae=3) == date(2026, 6, 18)

    @pytest.mark.parametrize(
        ("jury", "attendue"),
        [
            # Late in the evening before the night of the summer hour, and of the winter hour.
            (datetime(2026, 3, 28, 23, 30, tzinfo=PARIS), date(2026, 4, 12)),
            (datetime(2026, 10, 24, 23, 30, tzinfo=PARIS), date(2026, 11, 8)),
            # In the hour that happens twice, and right after the one that does not exist.
            (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 11, 9)),
            (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), date(2026, 4, 13)),
            # Over the end of the year; already the next day, and the next year, in Paris.
            (datetime(2026, 12, 20, 14, 0, tzinfo=PARIS), date(2027, 1, 4)),
            (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 16)),
            (datetime(2028, 2, 14, 10, 0, tzinfo=PARIS), date(2028, 2, 29)),
        ],
    )
    def test_le_calendrier_de_paris_fait_foi(self, jury, attendue):
        """Nights of the hour change, end of the year, leap day: days are counted, not hours."""
        assert limite(jury, ModaliteAcces.VAE) == attendue

    @given(
        st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
        st.integers(0, 400),
        st.integers(0, 400),
    )
    def test_le_nombre_de_jours_est_toujours_celui_de_la_regle(self, jury, delai, en_vae):
        """Whatever the hour: so many days after the day of Paris."""
        jour, delais = jury.astimezone(PARIS).date(), {"delai_notification": delai, "delai_notification_vae": en_vae}
        assert limite(jury, ModaliteAcces.VAE, **delais) - jour == timedelta(days=en_vae)
        assert limite(jury, AUTRES[0], **delais) - jour == timedelta(days=delai)


@pytest.mark.django_db
class TestLeRappel:
    @pytest.fixture
    def tenue(self, acteurs):
        """An open session with a VAE and a dossier of another way, both decided, minutes not closed."""
        session, vae, autre = ouverte(acteurs, True, True)
        Candidature.objects.filter(pk=vae.pk).update(modalite_acces=ModaliteAcces.VAE)
        for dossier in (vae, autre):
            f.deliberer(acteurs, dossier)
        return session, vae, autre

    def nuit(self, jour: date) -> list[str]:
        """The nightly run of that day, ten past midnight in Paris; to whom the reminder went."""
        avant = set(CourrielSortant.objects.values_list("pk", flat=True))
        with horloge(datetime(jour.year, jour.month, jour.day, 0, 10, tzinfo=PARIS)):
            accomplir(["envoyer_relances"])
        recus = CourrielSortant.objects.filter(modele="relance_notification_jury").exclude(pk__in=avant)
        return sorted(recus.values_list("destinataire", flat=True))

    def test_il_part_le_jour_dit_une_fois(self, acteurs, tenue):
        """Counted from the most urgent result: a VAE told within 15 days is reminded 14 days before its last one."""
        session, _, _ = tenue
        jour = session.tenue_le
        gens = sorted({acteurs.presidente.email, acteurs.vice_president.email, acteurs.gestionnaire.email})
        assert self.nuit(jour) == []
        assert self.nuit(jour + timedelta(days=1)) == gens
        assert self.nuit(jour + timedelta(days=2)) == []

    @pytest.mark.parametrize("jour", [date(2027, 3, 20), date(2027, 10, 20), date(2026, 12, 20)])
    def test_ni_l_heure_d_ete_ni_l_an_neuf_ne_le_decalent(self, acteurs, tenue, jour):
        """Thirty days after a jury held then, less fourteen: the sixteenth night, not the one before."""
        session, vae, _ = tenue
        Candidature.objects.filter(pk=vae.pk).update(modalite_acces=AUTRES[0])
        SessionJury.objects.filter(pk=session.pk).update(
            ouverte_le=datetime(jour.year, jour.month, jour.day, 23, 45, tzinfo=PARIS)
        )
        assert self.nuit(jour + timedelta(days=15)) == []
        assert len(self.nuit(jour + timedelta(days=16))) == 3

    def test_le_retard_se_montre_puis_disparait_avec_les_resultats(self, acteurs, tenue, client):
        """In time: the date. Late: which dossiers. Sealed: everything is told, nothing is due."""
        session, vae, autre = tenue
        dit = notification_de(session)
        assert (dit["avant"], dit["restants"], dit["tardifs"]) == (session.tenue_le + timedelta(days=15), 2, [])
        assert [i.candidature for i, _ in limites_de(session)] == [vae, autre]
        connecter(client, acteurs.gestionnaire)
        assert "Au plus tard le" in texte(client.get(page(session)))
        SessionJury.objects.filter(pk=session.pk).update(ouverte_le=timezone.now() - timedelta(days=16))
        session.refresh_from_db()
        assert notification_de(session)["tardifs"] == [vae.reference]
        contenu = texte(client.get(page(session)))
        assert "En retard" in contenu and "Le délai est passé pour 1 dossier" in contenu
        SessionJury.objects.filter(pk=session.pk).update(ouverte_le=timezone.now() - timedelta(days=15))
        session.refresh_from_db()
        assert notification_de(session)["tardifs"] == []
        seance(session, "clore_seance", acteurs.presidente)
        session.refresh_from_db()
        assert notification_de(session)["restants"] == 2
        for membre in (acteurs.presidente, acteurs.vice_president):
            session = f.signer_pv(session, membre)
        assert notification_de(session) is None
        assert self.nuit(session.tenue_le + timedelta(days=3)) == []
