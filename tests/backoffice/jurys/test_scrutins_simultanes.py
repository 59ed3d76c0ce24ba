"""Two members vote in the second when the chair closes: each voice is counted or refused, and kept or not at all."""

import threading
from collections import Counter

import pytest
from django.db import connection
from django.db.models import QuerySet

from backoffice.candidatures.models import Candidature
from backoffice.jurys.models import Voix
from registre.models import EntreeJournal
from registre.transitions import Refus
from tests.test_concurrence import en_meme_temps

from .bureau import Bureau

pytestmark = pytest.mark.django_db(transaction=True)


def ecarts(b: Bureau) -> list[str]:
    """Where the counts of the last ballot are not those of the voices kept."""
    faux = []
    for bloc, compte in b.scrutin.depouillement.items():
        gardees = Counter(b.scrutin.voix.filter(bloc=bloc).values_list("choix", flat=True))
        muettes = compte["corps"] - sum(gardees.values())
        attendu = (gardees["pour"], gardees["contre"], gardees["abstention"] + muettes)
        if (compte["pour"], compte["contre"], compte["abstentions"]) != attendu:
            faux.append(f"bloc {bloc} : {compte} pour {gardees}")
    return faux


def test_chaque_voix_est_comptee_ou_refusee():
    """Five ballots closed in the middle of two votes; then the same requests again change nothing."""
    b = Bureau()
    retardataires = (b.troisieme, b.quatrieme)
    for tour in range(5):
        b.faire("ouvrir_scrutin")
        for personne in b.membres[:2]:
            b.voter(personne)
        *votes, cloture = en_meme_temps(
            *(lambda p=p, t=tour: b.voter(p, cle=f"{t}-{p.pk}") for p in retardataires),
            lambda: b.faire("clore_scrutin", sans_attendre=True),
        )
        assert not isinstance(cloture, Exception), cloture
        for personne, resultat in zip(retardataires, votes, strict=True):
            gardee = b.scrutin.voix.filter(membre=b.siege(personne)).exists()
            assert gardee is not isinstance(resultat, Refus), resultat
            assert not isinstance(resultat, Exception) or "Le vote est clos" in str(resultat)
        assert ecarts(b) == []
        avant = (list(b.scrutin.voix.values_list("pk", "choix")), b.scrutin.depouillement)
        entrees = EntreeJournal.objects.count()
        for personne, resultat in zip(retardataires, votes, strict=True):
            if isinstance(resultat, Refus):
                with pytest.raises(Refus, match="Le vote est clos"):
                    b.voter(personne, "contre", cle=f"{tour}-{personne.pk}")
            else:
                b.voter(personne, "contre", cle=f"{tour}-{personne.pk}")  # the same request: done already
        assert avant == (list(b.scrutin.voix.values_list("pk", "choix")), b.scrutin.depouillement)
        assert EntreeJournal.objects.count() == entrees
        b.faire("annuler_scrutin", motif="Un autre essai")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite : la base entière est le verrou")
def test_sans_le_verrou_du_dossier_une_voix_echappe_au_compte(monkeypatch):
    """Positive control: the lock on the dossier taken off, a voice is kept that the close did not count."""
    vrai_verrou, vraie_voix, clos = QuerySet.select_for_update, Voix.save, threading.Event()
    b = Bureau()
    b.faire("ouvrir_scrutin")
    for personne in b.membres[:3]:
        b.voter(personne)

    def sans_verrou(self, *args, **kwargs):
        return self if self.model is Candidature else vrai_verrou(self, *args, **kwargs)

    def apres_la_cloture(self, *args, **kwargs):
        clos.wait(timeout=5)
        return vraie_voix(self, *args, **kwargs)

    def clore():
        try:
            return b.faire("clore_scrutin", sans_attendre=True)
        finally:
            clos.set()

    monkeypatch.setattr(QuerySet, "select_for_update", sans_verrou)
    monkeypatch.setattr(Voix, "save", apres_la_cloture)
    en_meme_temps(lambda: b.voter(b.quatrieme), clore)
    assert ecarts(b)
