"""What the publication promises: under rules that the control lets pass, a complete dossier reaches the jury."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.parcours.controle import controler, refus
from backoffice.parcours.models import Concordance
from backoffice.parcours.releve import relever
from backoffice.parcours.workflow import PARCOURS
from registre.transitions import Refus, executer

from ... import fabriques as f
from .situations import brouillon

# Rules that a walk of one évaluateur may meet; marks, second évaluateur and prerequisites have walks of their own.
REGLES = st.fixed_dictionaries(
    {
        "porteur_ouvre": st.booleans(),
        "recevabilite_active": st.booleans(),
        "positionnement_actif": st.booleans(),
        "metier_requis": st.booleans(),
        "jurys_fusionnes": st.booleans(),
        "seuil_bloc": st.sampled_from([0, 1, 50, 100]),
        "concordance": st.sampled_from(Concordance.values),
        "membres_minimum_par_college": st.integers(0, 3),
        "validite_invitation": st.sampled_from([0, 7, 30, 120]),
        "delai_inscription_jury": st.sampled_from([10, 15, 21, 60, 200]),
        "cloture_inactivite_jours": st.sampled_from([0, 30, 400]),
        "validite_blocs_mois": st.sampled_from([None, 0, 60]),
    }
)


def mener_au_jury(acteurs, regles):
    """Every verb from the opening of a dossier to its place in a session, as these rules want them."""
    acteurs.parcours = regles
    dossier = f.deposee(acteurs)
    if dossier.etat == "deposee":
        dossier = f.faire(dossier, "declarer_recevable", acteurs.gestionnaire)
    if regles.positionnement_actif:
        f.faire(dossier, "positionner", acteurs.gestionnaire, blocs_vises=list(acteurs.version.blocs.all()))
    f.faire(dossier, "confirmer_evaluateur", acteurs.employeur, evaluateur=acteurs.evaluateur)
    if regles.metier_requis:
        personne = {"nom": "Dominique Métier", "fonction": "tuteur", "courriel": "metier@example.org"}
        dossier = f.faire(dossier, "inviter_metier", acteurs.evaluateur, **personne)
        invite = f.Invite(dossier.evaluation.invitations.get(revoquee_le=None))
        f.faire(dossier, "repondre_metier", invite, resultats=f.reponses(dossier))
    else:
        dossier = f.faire(dossier, "commencer_evaluation", acteurs.evaluateur)
    saisie = {"resultats": f.reponses(dossier), "date_evaluation": timezone.localdate(), "sans_observation": True}
    f.faire(dossier, "enregistrer_evaluation", acteurs.evaluateur, commentaire="Sur chantier.", **saisie)
    f.faire(dossier, "joindre_guide", acteurs.evaluateur, fichier=f.controler(f.fichier_pdf("guide.pdf")))
    dossier = f.faire(dossier, "transmettre_evaluation", acteurs.evaluateur)
    loin = {"debut": timezone.now() + timedelta(days=regles.delai_inscription_jury + 5)}
    seance = f.session(acteurs, instance="unique" if regles.jurys_fusionnes else "evaluation", **loin)
    return f.faire(dossier, "inscrire_au_jury", acteurs.employeur, session=seance)


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(valeurs=REGLES)
def test_un_parcours_publie_mene_un_dossier_complet_au_jury(valeurs):
    """Either the publication is refused with its reasons, or the walk goes to the end, whatever the rules."""
    with transaction.atomic():
        acteurs = f.Acteurs()
        parcours = brouillon(acteurs, valeurs, source=acteurs.parcours)
        empeche = refus(controler(relever(parcours)))
        try:
            executer(PARCOURS, "publier", parcours, acteurs.certificateur)
        except Refus as refuse:
            assert len(refuse.phrases) == len(empeche) > 0
        else:
            assert not empeche
            assert mener_au_jury(acteurs, parcours).etat == "inscrite_jury"
        transaction.set_rollback(True)
