"""From the draft to « recevable », through the screens: what works, what is refused, what is written."""

import pytest
from django.urls import reverse

from backoffice.candidatures.models import Candidature, Piece
from registre.models import CourrielSortant, EntreeJournal, Titulaire
from tests import fabriques as f

from . import entree

MOTIF = "Il manque la seconde page du diplôme : renvoyez-le entier."


def acte(candidature, nom):
    return f"/gestion/actes/candidatures.candidature/{candidature.pk}/{nom}/"


def piece(acteurs, **autres):
    return {"requise": acteurs.parcours.pieces.get().pk, "fichier": f.fichier_pdf(), **autres}


def test_un_dossier_va_du_brouillon_a_la_recevabilite_par_les_ecrans(acteurs, chez, saisie):
    """Draft, pièce, declaration, request for more with its reason shown, correction, declaration, « recevable »."""
    employeur, porteur = chez("employeur"), chez("gestionnaire")
    candidature = entree.saisir(employeur, saisie)
    reponse = employeur.get(reverse("candidatures:modifier", args=[candidature.pk]), follow=True)
    assert reponse.redirect_chain == [(entree.page(candidature, "pieces"), 302)]
    assert (candidature.etat, candidature.porteur, candidature.version) == (
        "brouillon",
        acteurs.porteur,
        acteurs.version,
    )
    assert "Il manque une pièce" in reponse.text

    requise = acteurs.parcours.pieces.get()
    employeur.post(entree.page(candidature, "pieces"), {f"piece-{requise.pk}": f.fichier_pdf(), "cle": "q" * 32})
    assert "Déposer la candidature" in employeur.get(entree.page(candidature, "relecture")).text
    reponse = employeur.post(acte(candidature, "deposer"), follow=True)
    candidature.refresh_from_db()
    assert candidature.etat == "deposee" and "Le porteur" in reponse.text

    assert porteur.post(acte(candidature, "declarer_incomplete"), {"motif": MOTIF}).status_code == 302
    page = employeur.get(candidature.get_absolute_url()).text
    assert "Le porteur demande des compléments" in page and MOTIF in page

    corrigee = {**saisie, "titulaire-prenom2": "Œdipa"}
    assert entree.dire_la_personne(employeur, candidature, corrigee).status_code == 302
    assert Titulaire.objects.get().prenom2 == "Œdipa"

    employeur.post(acte(candidature, "deposer"))
    porteur.post(acte(candidature, "declarer_recevable"))
    candidature.refresh_from_db()
    assert candidature.etat == "recevable" and candidature.recevable_le
    assert MOTIF in employeur.get(f"{candidature.get_absolute_url()}?onglet=journal").text
    verbes = list(EntreeJournal.objects.de(candidature).values_list("verbe", flat=True))
    assert verbes == [
        "ouvrir",
        "modifier",
        "joindre_piece",
        "deposer",
        "declarer_incomplete",
        "modifier",
        "deposer",
        "declarer_recevable",
    ]


def test_chaque_courriel_a_sa_cause_et_un_sujet_sans_nom(acteurs, chez):
    """Mails are queued with the act that caused them; a subject, seen on locked screens, names nobody."""
    candidature = f.deposee(acteurs)
    chez("gestionnaire").post(acte(candidature, "declarer_incomplete"), {"motif": MOTIF})
    courriels = CourrielSortant.objects.filter(cause__objet_id=candidature.pk)
    assert {(c.cause.verbe, c.destinataire) for c in courriels} == {
        ("deposer", acteurs.gestionnaire.email),
        ("declarer_incomplete", acteurs.employeur.email),
    }
    assert MOTIF in courriels.get(modele="candidature_incomplete").corps
    interdits = {candidature.titulaire.nom_naissance, candidature.titulaire.prenom1}
    assert not any(mot in c.sujet for c in courriels for mot in interdits)


@pytest.mark.parametrize(
    "nom, role", [("ouvrir", "employeur"), ("deposer", "employeur"), ("joindre_piece", "employeur")]
)
def test_vingt_envois_identiques_ont_un_seul_effet(acteurs, chez, saisie, nom, role):
    """The same request, twenty times: one dossier, one pièce, one declaration, one entry of the journal."""
    client = chez(role)
    candidature = None if nom == "ouvrir" else f.brouillon(acteurs)
    if nom == "deposer":
        client.post(acte(candidature, "joindre_piece"), piece(acteurs))
    for _ in range(20):
        if nom == "ouvrir":
            reponse = entree.ouvrir(client, saisie)
        else:
            donnees = piece(acteurs) if nom == "joindre_piece" else {}
            reponse = client.post(acte(candidature, nom), {**donnees, "cle": "c" * 32})
        assert reponse.status_code == 302
    assert Candidature.objects.count() == Titulaire.objects.count() == 1
    assert Piece.objects.count() == (0 if nom == "ouvrir" else 1)
    assert EntreeJournal.objects.filter(verbe=nom).count() == 1
    assert Candidature.objects.get().reference.endswith("00001")


def test_vingt_modifications_identiques_ont_un_seul_effet(acteurs, chez, saisie):
    """Saving the draft again with the same key writes one entry."""
    candidature = f.brouillon(acteurs)
    client = chez("employeur")
    for _ in range(20):
        reponse = entree.dire_la_personne(client, candidature, saisie)
        assert reponse.status_code == 302
    assert EntreeJournal.objects.filter(verbe="modifier").count() == 1


def test_une_etape_sautee_dit_ou_en_est_le_dossier(acteurs, chez):
    """The page of a refusal names the present state and whose act it is."""
    candidature = f.recevable(acteurs)
    page = chez("gestionnaire").post(acte(candidature, "declarer_recevable"))
    assert page.status_code == 409
    assert candidature.get_etat_display() in page.text and "Rien n’a été modifié" in page.text
    page = chez("employeur").post(acte(candidature, "declarer_recevable"))
    assert page.status_code == 403 and "gestionnaire du porteur" in page.text


def test_un_dossier_incomplet_ne_se_depose_pas(acteurs, chez):
    """Each missing thing is named; nothing changes."""
    titulaire = f.TitulaireFactory.build(jour_naissance=None, commune_naissance="", code_insee_naissance="")
    candidature = f.brouillon(acteurs, titulaire)
    reponse = chez("employeur").post(acte(candidature, "deposer"))
    assert reponse.status_code == 409
    for manque in ("Diplôme ou titre le plus élevé", "date de naissance", "commune de naissance", "code INSEE"):
        assert manque in reponse.text
    candidature.refresh_from_db()
    assert candidature.etat == "brouillon"


def test_la_page_d_un_acte_ne_se_plaint_pas_avant_la_saisie(acteurs, chez):
    """Opening « Joindre une pièce » shows its form, ready, with the pièce still missing chosen."""
    candidature = f.brouillon(acteurs)
    page = chez("employeur").get(acte(candidature, "joindre_piece"))
    assert "pas encore possible" not in page.text
    assert page.context["form"]["requise"].initial == acteurs.parcours.pieces.get()
    assert 'enctype="multipart/form-data"' in page.text and 'name="cle"' in page.text


def test_supprimer_un_brouillon_demande_son_nom(acteurs, chez):
    """A destructive act names the dossier and its person before it is done."""
    candidature = f.brouillon(acteurs)
    page = chez("employeur").get(acte(candidature, "annuler")).text
    assert "bouton-danger" in page
    assert f"<strong>{candidature.reference}</strong>" in page and candidature.titulaire.nom_complet in page


def test_sans_examen_le_candidat_recoit_aussi_son_espace(acteurs):
    """Where the parcours asks for no examination, the deposit itself opens the account and writes to the person."""
    acteurs.parcours.recevabilite_active = False
    acteurs.parcours.save(update_fields=["recevabilite_active"])
    candidature = f.deposee(acteurs)
    candidature.titulaire.refresh_from_db()
    assert candidature.etat == "recevable" and candidature.titulaire.utilisateur_id
    courriels = CourrielSortant.objects.filter(cause__verbe="deposer", modele="candidat_recevable")
    assert [c.destinataire for c in courriels] == [candidature.titulaire.courriel]
