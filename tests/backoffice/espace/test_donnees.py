"""« Mes données »: complete, one's own, and nothing of the others."""

import json

import pytest
from django.apps import apps
from django.urls import reverse
from wagtail.models import Site

from backoffice.candidatures.models import Candidature
from backoffice.espace.donnees import RUBRIQUES
from home.models import IdentiteDuSite
from registre.models import CourrielSortant, EntreeJournal, Titulaire

from ... import fabriques as f

pytestmark = pytest.mark.django_db

# Rows that hang on a person or a dossier and are not given back, with the reason why.
SANS_RUBRIQUE = {
    "candidatures.LigneSaisie": "the row of the employer's spreadsheet, purged with it: the dossier is given back",
    "delivrances.Delivrance": "who prepared and who approved: the document itself is given back",
    "delivrances.DelivranceDeBloc": "the same, for the attestation of a bloc",
    "delivrances.LigneLot": "its place in a batch of documents: the document itself is given back",
    "espace.VerificationEtatCivil": "a link that was sent: what it led to, a correction, is given back",
    "evaluations.LienDeclare": "what an évaluateur declared of their own links",
}


def export(client):
    reponse = client.get(reverse("espace:exporter_donnees"))
    assert reponse.status_code == 200 and "attachment" in reponse.headers["Content-Disposition"]
    return json.loads(reponse.content)


def test_l_export_est_complet_et_ne_dit_rien_des_autres(acteurs, chez):
    """After the decision: civil status, evaluation, decision, document, messages; no vote, no other person's row."""
    autre = f.delivree(acteurs)
    candidature = f.delivree(acteurs)
    f.faire(candidature, "ecrire", acteurs.employeur, texte="Entre nous, employeur et porteur.")
    moi = Titulaire.objects.get(pk=candidature.titulaire_id).utilisateur
    f.faire(candidature, "ecrire", moi, texte="Merci pour tout.")
    client = chez(moi)
    contenu = export(client)
    texte = json.dumps(contenu, ensure_ascii=False)
    for present in (
        candidature.titulaire.nom_naissance,
        candidature.reference,
        candidature.delivrance.parchemin.numero,
        "Évaluation menée sur chantier.",
        "Compétence 1.1",
        "Merci pour tout.",
    ):
        assert present in texte, present
    for absent in (autre.reference, autre.titulaire.nom_naissance, "Entre nous", acteurs.presidente.email):
        assert absent not in texte, absent
    assert all(r["finalite"] and r["conservation"] for r in contenu["donnees"])
    lu = client.get(reverse("espace:lire_donnees")).content.decode()
    assert "Merci pour tout." in lu and "Évaluation menée sur chantier." in lu
    assert Titulaire.finalite.split("(")[0] in client.get(reverse("espace:donnees")).content.decode()
    assert EntreeJournal.objects.filter(acteur=moi, verbe="lire_ses_donnees").count() == 2


def test_avant_la_decision_l_evaluation_n_est_pas_communiquee(acteurs, chez):
    """What the évaluateurs wrote is given once the jury has decided, not before."""
    candidature = f.evaluee(acteurs)
    moi = Titulaire.objects.get(pk=candidature.titulaire_id).utilisateur
    assert "Évaluation menée sur chantier." not in json.dumps(export(chez(moi)), ensure_ascii=False)


def test_chacun_a_droit_a_ses_donnees(acteurs, chez):
    """An employer reads their account and their roles; nothing of the candidates."""
    candidature = f.recevable(acteurs)
    contenu = export(chez("employeur"))
    assert {r["nom"]: len(r["lignes"]) for r in contenu["donnees"]}["titulaires"] == 0
    assert candidature.titulaire.nom_naissance not in json.dumps(contenu, ensure_ascii=False)


def test_chaque_donnee_d_une_personne_a_sa_rubrique():
    """A model that hangs on a person or on a dossier is given back, or the reason why not is said here."""
    rendus = {r.modele for r in RUBRIQUES}
    oublies = {
        modele._meta.label
        for modele in apps.get_models()
        if modele.__module__.split(".")[0] in {"registre", "backoffice", "cpf"}
        for champ in modele._meta.get_fields()
        if champ.is_relation and champ.concrete and champ.related_model in {Titulaire, Candidature}
        if modele not in rendus and not modele._meta.auto_created
    }
    assert oublies == set(SANS_RUBRIQUE)


def test_chaque_notice_dit_a_qui_ecrire(acteurs, chez, client):
    """The address that the certificateur has set, where data are first taken; a page that tells failing it."""
    f.invitee(acteurs)
    jeton = CourrielSortant.objects.get(modele="invitation_metier").secret
    notices = [reverse("demande_compte"), reverse("invitation:repondre", args=[jeton])]
    pages = [client.get(adresse).content.decode() for adresse in notices]
    pages.append(chez("employeur").get(reverse("espace:donnees")).content.decode())
    assert all('href="/donnees-personnelles/">Données personnelles</a>.' in page for page in pages)
    IdentiteDuSite.objects.filter(site=Site.objects.get()).update(courriel_donnees="dpo@example.org")
    pages = [client.get(adresse).content.decode() for adresse in notices]
    pages.append(chez("employeur").get(reverse("espace:donnees")).content.decode())
    assert all('href="mailto:dpo@example.org"' in page for page in pages)
