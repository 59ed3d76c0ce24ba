"""The page of a dossier: steps, waiting, next action, and what each role may read."""

import pytest

from backoffice.candidatures.models import Candidature
from backoffice.candidatures.presentation import Lecture
from tests import fabriques as f

ONGLETS = ("dossier", "evaluation", "jury", "documents", "echanges", "journal")


def page(client, candidature, onglet="dossier"):
    reponse = client.get(candidature.get_absolute_url(), {"onglet": onglet})
    assert reponse.status_code == 200
    return reponse.text


def lire(candidature, acteur):
    """The dossier as this person, freshly logged in, reads it."""
    acteur = type(acteur).objects.get(pk=acteur.pk)
    return Lecture(Candidature.objects.all().completes().get(pk=candidature.pk), acteur)


def etats(candidature, acteurs):
    return {e["numero"]: e["etat"] for e in lire(candidature, acteurs.certificateur).etapes}


def test_les_etapes_suivent_le_dossier(acteurs):
    """Done before, in course, to come; steps the parcours does not have are said to be so; dates of what is done."""
    candidature = f.repondue(acteurs)
    assert etats(candidature, acteurs) == {
        **dict.fromkeys((1, 2, 3, 5), "faite"),
        **dict.fromkeys((4, 9), "sans_objet"),
        6: "en_cours",
        **dict.fromkeys((7, 8, 10), "a_venir"),
    }
    for etape in lire(candidature, acteurs.certificateur).etapes:
        assert bool(etape["date"]) == (etape["etat"] == "faite"), etape


@pytest.mark.parametrize("acquis, attendu", [(True, "faite"), (lambda c: c.bloc.ordre == 1, "faite"), (False, None)])
def test_la_fin_du_chemin(acteurs, acquis, attendu):
    """Delivered: the tenth step is done. Nothing validated: there is nothing to deliver."""
    candidature = f.delivree(acteurs, acquis=acquis) if attendu else f.decidee(acteurs, acquis=acquis)
    dossier = lire(candidature, acteurs.certificateur)
    assert etats(candidature, acteurs)[10] == (attendu or "sans_objet")
    assert etats(candidature, acteurs)[8] == "faite"
    assert dossier.attente is None and dossier.prochaine is None


def test_un_dossier_abandonne_garde_ce_qui_a_ete_fait(acteurs):
    """No step in course any more; those done keep their dates."""
    candidature = f.recevable(acteurs)
    f.faire(candidature, "desister", acteurs.employeur, motif="La personne a changé de métier.")
    vus = etats(candidature, acteurs)
    assert "en_cours" not in vus.values() and vus[3] == "faite" and vus[5] == "a_venir"


@pytest.mark.parametrize("etat, role, verbe", [
    ("brouillon", "employeur", "modifier"),
    ("deposee", "gestionnaire", "declarer_recevable"),
    ("deposee", "employeur", None),
    ("recevable", "employeur", "confirmer_evaluateur"),
    ("affectee", "evaluateur", "inviter_metier"),
    ("affectee", "employeur", None),
    ("invitee", "evaluateur", None),
    ("repondue", "evaluateur", "enregistrer_evaluation"),
    ("evaluee", "employeur", "inscrire_au_jury"),
    ("decidee", "certificateur", "preparer_delivrance"),
    ("decidee", "signataire", None),
    ("delivree", "certificateur", None),
])  # fmt: skip
def test_l_action_suivante_est_offerte_a_qui_elle_revient(acteurs, chez, etat, role, verbe):
    """One primary button, for the person the dossier waits for; everybody reads why it waits."""
    candidature = getattr(f, etat)(acteurs)
    dossier = lire(candidature, getattr(acteurs, role))
    assert (dossier.prochaine or {}).get("nom") == verbe
    texte = page(chez(role), candidature)
    assert ("bouton-principal" in texte) == (verbe is not None)
    assert ("Pourquoi ce dossier attend" in texte) == (etat != "delivree")


def test_ce_qui_manque_se_lit_avec_qui_le_donne_et_ou(acteurs, chez):
    """Each missing thing leads its author to its field; the others read who gives it, without a link."""
    candidature = f.brouillon(acteurs, f.TitulaireFactory.build(commune_naissance=""))
    manques = lire(candidature, acteurs.employeur).attente["manques"]
    saisie, requise = f"/gestion/candidatures/{candidature.pk}/saisie", acteurs.parcours.pieces.get()
    assert [m["url"] for m in manques] == [
        f"{saisie}/personne/?manques=1#id_titulaire-lieu_naissance",
        f"{saisie}/pieces/?manques=1#id_piece-{requise.pk}",
    ]
    assert {m["qui"] for m in manques} == {"L’employeur"}
    assert {m["url"] for m in lire(candidature, acteurs.auditeur).attente["manques"]} == {""}
    sain = f.controler(f.fichier_pdf())
    f.faire(candidature, "joindre_piece", acteurs.employeur, requise=requise, fichier=sain)
    candidature.titulaire.commune_naissance = "Mende"
    candidature.titulaire.save()
    assert lire(candidature, acteurs.employeur).prochaine["nom"] == "deposer"


def test_chaque_bouton_mene_a_une_page_qui_s_ouvre(acteurs, chez):
    """At every state and for every role, the primary button and the menu lead somewhere that answers 200."""
    roles = ("employeur", "gestionnaire", "certificateur", "evaluateur", "signataire")
    for faire in (f.brouillon, f.deposee, f.recevable, f.affectee, f.invitee, f.repondue, f.evaluee, f.decidee):
        candidature = faire(acteurs)
        for role in roles:
            dossier = lire(candidature, getattr(acteurs, role))
            for acte in [a for a in dossier.actes if not a["manques"]]:
                assert chez(role).get(acte["url"], follow=True).status_code == 200, (faire.__name__, role, acte["nom"])


@pytest.mark.parametrize("role, lit", [
    ("gestionnaire", True),
    ("certificateur", True),
    ("evaluateur", True),
    ("employeur", False),
    ("candidat", False),
])  # fmt: skip
def test_les_commentaires_des_evaluateurs_ont_leurs_lecteurs(acteurs, chez, role, lit):
    """The employer and the candidate read the state of the evaluation, not what the évaluateurs wrote."""
    candidature = f.evaluee(acteurs)
    qui = candidature.titulaire.utilisateur if role == "candidat" else role
    texte = page(chez(qui), candidature, "evaluation")
    assert ("Évaluation menée sur chantier." in texte) == lit
    assert ("Compétence 1.1" in texte) == lit and ("Dominique Métier" in texte) == lit
    assert "Évaluateur habilité" in texte


def test_la_decision_se_lit_une_fois_le_pv_scelle(acteurs, chez):
    """Before the minutes are sealed only the jury reads it; then all, each with what concerns them."""
    seance = f.session(acteurs)
    candidature = f.inscrite(acteurs, seance)
    f.ouvrir_seance(acteurs, seance)
    f.deliberer(acteurs, candidature)
    seance.inscriptions.update(recommandations="Refaire un stage de taille.")
    candidat = candidature.titulaire.utilisateur
    tous = ("employeur", "gestionnaire", candidat)
    assert "Acquis" in page(chez("presidente"), candidature, "jury")
    assert all("Acquis" not in page(chez(qui), candidature, "jury") for qui in tous)
    f.sceller(acteurs, seance)
    seance.refresh_from_db()
    for qui, conseils in (("employeur", False), ("gestionnaire", True), (candidat, True)):
        texte = page(chez(qui), candidature, "jury")
        assert "Acquis" in texte and seance.pv.numero in texte
        assert ("Refaire un stage" in texte) == conseils, qui
    assert chez("presidente").get(candidature.get_absolute_url()).status_code == 404


def test_le_document_delivre_se_trouve_sur_le_dossier(acteurs, chez):
    """Number, verification link; the employer reads the number, the holder downloads the document once it is made."""
    candidature = f.delivree(acteurs)
    parchemin = candidature.delivrance.parchemin
    candidat = type(acteurs.employeur).objects.get(titulaire=candidature.titulaire_id)
    attente = page(chez(candidat), candidature, "documents")
    assert "en cours de fabrication" in attente and parchemin.jeton in attente
    type(parchemin).objects.filter(pk=parchemin.pk).update(sha256="a" * 64)
    lien = f"/gestion/delivrances/documents/{parchemin.pk}/"
    assert lien in page(chez(candidat), candidature, "documents")
    employeur = page(chez("employeur"), candidature, "documents")
    assert parchemin.numero in employeur and lien not in employeur


def test_chacun_lit_ses_courriels_et_ceux_qui_instruisent_les_lisent_tous(acteurs, chez):
    """The porteur sees every mail of the dossier with its state; the employer and the candidate their own."""
    candidature = f.repondue(acteurs)
    candidat = candidature.titulaire.utilisateur
    tout = page(chez("gestionnaire"), candidature, "echanges")
    for adresse in (acteurs.employeur.email, acteurs.evaluateur.email, candidat.email, "metier@example.org"):
        assert adresse in tout
    assert "En attente d’envoi" in tout
    sien = page(chez(candidat), candidature, "echanges")
    assert candidat.email in sien and "metier@example.org" not in sien and acteurs.evaluateur.email not in sien
    employeur = page(chez("employeur"), candidature, "echanges")
    assert acteurs.employeur.email in employeur and candidat.email not in employeur


def test_le_journal_nomme_les_actes_et_garde_les_noms_pour_ceux_qui_instruisent(acteurs, chez):
    """Who, what, when: the porteur reads names, the employer reads roles and their own name."""
    candidature = f.repondue(acteurs)
    complet = page(chez("gestionnaire"), candidature, "journal")
    assert str(acteurs.evaluateur) in complet and "Inviter l’évaluateur métier" in complet
    reduit = page(chez("employeur"), candidature, "journal")
    assert str(acteurs.evaluateur) not in reduit and "L’évaluateur habilité" in reduit
    assert str(acteurs.employeur) in reduit


def test_un_motif_entre_professionnels_n_est_pas_lu_par_l_employeur(acteurs, chez):
    """Reopening an evaluation is between the porteur and the évaluateur."""
    candidature = f.evaluee(acteurs)
    f.faire(candidature, "rouvrir_evaluation", acteurs.gestionnaire, motif="Le bloc 2 est à reprendre.")
    lecteurs = {qui: page(chez(qui), candidature, "journal") for qui in ("employeur", "gestionnaire")}
    assert "à reprendre" in lecteurs["gestionnaire"] and "à reprendre" not in lecteurs["employeur"]
    assert "à reprendre" not in page(chez("employeur"), candidature)


def test_l_etat_civil_complet_n_est_pas_pour_les_evaluateurs(acteurs, chez):
    """Évaluateurs read the name; birth and address are for those who declare and issue."""
    candidature = f.affectee(acteurs)
    assert "48095" in page(chez("employeur"), candidature)
    texte = page(chez("evaluateur"), candidature)
    assert candidature.titulaire.nom_naissance in texte
    assert "48095" not in texte and candidature.titulaire.courriel not in texte


def test_toutes_les_rubriques_s_ouvrent_a_chaque_etat(acteurs, chez):
    """No rubric fails, whatever the state; an unknown one is 404; the jury has neither mails nor journal."""
    client = chez("certificateur")
    for faire in (f.brouillon, f.deposee, f.affectee, f.invitee, f.evaluee, f.inscrite, f.decidee, f.delivree):
        candidature = faire(acteurs)
        for onglet in ONGLETS:
            page(client, candidature, onglet)
    assert client.get(candidature.get_absolute_url(), {"onglet": "../liste"}).status_code == 404
    inscrite = Candidature.objects.get(etat="inscrite_jury")
    assert chez("presidente").get(inscrite.get_absolute_url(), {"onglet": "journal"}).status_code == 404


def test_un_texte_hostile_reste_un_texte(acteurs, chez):
    """What people typed is escaped wherever it is shown."""
    hostile = "<script>alert(1)</script>"
    candidature = f.deposee(acteurs, f.TitulaireFactory.build(nom_usage=hostile, nom_naissance="Essai"))
    f.faire(candidature, "declarer_incomplete", acteurs.gestionnaire, motif=hostile)
    adresses = ["/gestion/candidatures/", f"/gestion/candidatures/{candidature.pk}/modifier/"]
    adresses += [f"{candidature.get_absolute_url()}?onglet={o}" for o in ONGLETS]
    for adresse in adresses:
        texte = chez("employeur").get(adresse).text
        assert "<script>alert" not in texte
