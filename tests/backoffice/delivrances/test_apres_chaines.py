"""Chains of replacements: whatever is asked, in whatever order."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Count, F
from hypothesis import given, settings
from hypothesis import strategies as st

from backoffice.delivrances import comparaison
from registre import apres, delivrance
from registre.models import Parchemin
from tests import fabriques as f

MOTIF = "Un motif assez long pour être lu."
GESTES = st.sampled_from(["remplacer", "annuler", "emettre"])


def emettre(acteurs, titulaire) -> Parchemin:
    """A parchemin of the register alone, for this person."""
    modele = f.attestation(acteurs, f.TitulaireFactory()).enregistrement
    return delivrance.delivrer(
        certificateur=acteurs.cpne,
        nature="parchemin",
        titulaire=titulaire,
        version=acteurs.version,
        **{cle: modele[cle] for cle in ("lieu", "jury", "blocs", "acces", "signataires")},
    )


def verifier_les_chaines():
    """One live parchemin per person and version; each chain goes forward, without a fork, and ends."""
    vivants = Parchemin.objects.vivants().filter(nature="parchemin").values("titulaire", "version")
    assert not vivants.annotate(n=Count("pk")).filter(n__gt=1)
    assert not Parchemin.objects.filter(remplace_par__lte=F("pk"))
    suivants = list(Parchemin.objects.exclude(remplace_par=None).values_list("remplace_par", flat=True))
    assert len(suivants) == len(set(suivants))
    assert not Parchemin.objects.filter(annule_le=None).exclude(remplace_par=None)


@pytest.fixture(scope="module")
def acteurs(scene):
    return f.Acteurs()


@pytest.mark.django_db
class TestChaines:
    @settings(max_examples=12, deadline=None)
    @given(gestes=st.lists(st.tuples(GESTES, st.integers(0, 9)), max_size=8))
    def test_jamais_deux_vivants_jamais_de_fourche(self, acteurs, gestes):
        """Any order of acts, on any document of the person, live or dead: refused, or the rules hold after it."""
        with transaction.atomic():
            titulaire = f.TitulaireFactory()
            documents = [emettre(acteurs, titulaire)]
            for geste, rang in gestes:
                document = documents[rang % len(documents)]
                morte = Parchemin.objects.get(pk=document.pk).annule_le is not None
                try:
                    with transaction.atomic():
                        if geste == "annuler":
                            delivrance.annuler(document, acteurs.certificateur, "certificateur", MOTIF)
                        elif geste == "remplacer":
                            fiche = document.enregistrement
                            nouveau, _ = apres.remplacer(document, acteurs.signataire, "signataire", MOTIF, fiche)
                            documents.append(nouveau)
                        else:
                            documents.append(emettre(acteurs, titulaire))
                except (delivrance.AnnulationImpossible, IntegrityError):
                    assert morte or geste == "emettre"
                else:
                    assert geste == "emettre" or not morte
                verifier_les_chaines()
            transaction.set_rollback(True)

    def test_la_base_refuse_une_boucle_et_une_fourche(self, acteurs):
        """Whatever the code does one day."""
        premier, second, tiers = (f.attestation(acteurs, f.TitulaireFactory()) for _ in range(3))
        delivrance.annuler(second, acteurs.certificateur, "certificateur", MOTIF)
        with pytest.raises(IntegrityError), transaction.atomic():
            Parchemin.objects.filter(pk=second.pk).update(remplace_par=premier)
        delivrance.annuler(premier, acteurs.certificateur, "certificateur", MOTIF)
        Parchemin.objects.filter(pk=premier.pk).update(remplace_par=tiers)
        with pytest.raises(IntegrityError), transaction.atomic():
            Parchemin.objects.filter(pk=second.pk).update(remplace_par=tiers)


def test_la_comparaison_ne_touche_pas_au_document():
    """What is corrected is a copy: the frozen record stays as it was signed."""
    fige = {"titulaire": {}, "lieu": "Paris", "certification": {"option": "", "niveau": 3}, "jury": {}}
    titulaire = f.TitulaireFactory.build()
    nouveau = comparaison.corriger(fige, titulaire, "Lyon")
    assert fige["titulaire"] == {} and fige["lieu"] == "Paris" and nouveau["lieu"] == "Lyon"
