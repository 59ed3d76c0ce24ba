"""The whole life of a dossier, told in one page. Read this file first."""

import pytest
from django.core import mail

from registre import jetons, journal
from registre.models import CourrielSortant, EntreeJournal, Parchemin
from registre.transitions import Refus

from . import fabriques as f
from .ouvrier import travailler

pytestmark = pytest.mark.django_db


def test_une_candidature_va_de_son_ouverture_au_parchemin_verifiable():
    """The employer opens, the porteur examines, two évaluateurs judge, the jury decides, a signataire approves."""
    acteurs = f.Acteurs()

    candidature = f.brouillon(acteurs)
    assert candidature.etat == "brouillon"
    with pytest.raises(Refus, match="Il manque une pièce"):
        f.faire(candidature, "deposer", acteurs.employeur)

    diplome = f.controler(f.fichier_pdf())
    f.faire(candidature, "joindre_piece", acteurs.employeur, requise=acteurs.parcours.pieces.get(), fichier=diplome)
    candidature = f.faire(candidature, "deposer", acteurs.employeur)
    assert candidature.etat == "deposee"

    candidature = f.faire(candidature, "declarer_recevable", acteurs.gestionnaire)
    assert candidature.etat == "recevable"

    candidature = f.faire(candidature, "confirmer_evaluateur", acteurs.employeur, evaluateur=acteurs.evaluateur)
    candidature = f.faire(
        candidature,
        "inviter_metier",
        acteurs.evaluateur,
        nom="Dominique Métier",
        fonction="tuteur",
        courriel="metier@example.org",
    )
    assert candidature.etat == "en_evaluation"
    avis = f.reponses(candidature)
    saisie = {"resultats": avis, "date_evaluation": f.timezone.localdate(), "sans_observation": True}
    with pytest.raises(Refus, match="L’évaluateur métier répond d’abord"):
        f.faire(candidature, "enregistrer_evaluation", acteurs.evaluateur, **saisie)

    invite = f.Invite(candidature.evaluation.invitations.get())
    f.faire(candidature, "repondre_metier", invite, resultats=avis)
    f.faire(candidature, "enregistrer_evaluation", acteurs.evaluateur, **saisie)
    with pytest.raises(Refus, match="guide d’évaluation signé"):
        f.faire(candidature, "transmettre_evaluation", acteurs.evaluateur)
    f.faire(candidature, "joindre_guide", acteurs.evaluateur, fichier=f.controler(f.fichier_pdf("guide.pdf")))
    candidature = f.faire(candidature, "transmettre_evaluation", acteurs.evaluateur)
    assert candidature.etat == "evaluee"

    seance = f.session(acteurs)
    candidature = f.faire(candidature, "inscrire_au_jury", acteurs.employeur, session=seance)
    with pytest.raises(Refus, match="Quorum\u00a0: 0 membre"):
        f.executer(f.SESSION, "ouvrir_session", seance, acteurs.presidente)
    f.ouvrir_seance(acteurs, seance)
    f.deliberer(acteurs, candidature)
    f.sceller(acteurs, seance)
    candidature.refresh_from_db()
    assert candidature.etat == "validee"

    f.faire(candidature, "preparer_delivrance", acteurs.certificateur, lieu="Paris")
    candidature = f.faire(candidature, "approuver_delivrance", acteurs.signataire)
    parchemin = candidature.delivrance.parchemin
    assert parchemin.nature == "parchemin"
    assert parchemin.rang == 1
    assert jetons.lire(parchemin.jeton).concorde_avec(parchemin.enregistrement)

    assert travailler() > 5
    parchemin.refresh_from_db()
    with parchemin.fichier.open() as document:
        assert document.read(5) == b"%PDF-"
    assert len(mail.outbox) == CourrielSortant.objects.exclude(envoye_le=None).count() > 5
    assert not any(candidature.titulaire.nom_naissance in m.subject for m in mail.outbox)
    assert list(journal.verifier()) == []
    entrees = EntreeJournal.objects.de(candidature)
    assert [e.verbe for e in entrees][:3] == ["ouvrir", "joindre_piece", "deposer"]
    assert entrees.last().verbe == "approuver_delivrance"


def test_une_reussite_partielle_donne_une_attestation_et_jamais_un_parchemin():
    """One bloc of two acquired: « Partiel », and the document says so."""
    acteurs = f.Acteurs(validite_blocs_mois=60)
    candidature = f.delivree(acteurs, acquis=lambda competence: competence.bloc.ordre == 1)
    document = Parchemin.objects.get()
    assert candidature.etat == "partielle"
    assert document.nature == "attestation"
    assert [b["acquis"] for b in document.enregistrement["blocs"]] == [True, False]
    assert document.enregistrement["blocs"][0]["valide_jusqu_au"]


def test_nul_ne_delivre_seul():
    """The person who prepared cannot approve, even with both roles; nothing is issued."""
    acteurs = f.Acteurs()
    candidature = f.decidee(acteurs)
    f.Role.objects.create(utilisateur=acteurs.signataire, nom="certificateur", organisme=acteurs.cpne)
    deux_roles = f.Utilisateur.objects.get(pk=acteurs.signataire.pk)
    f.faire(candidature, "preparer_delivrance", deux_roles, lieu="Paris")
    with pytest.raises(Refus, match="une autre personne l’approuve"):
        f.faire(candidature, "approuver_delivrance", deux_roles)
    assert not Parchemin.objects.exists()
