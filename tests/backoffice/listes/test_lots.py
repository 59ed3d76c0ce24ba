"""One verb on many rows: what would happen is shown, one bad row blocks no other, the report stays."""

import pytest
from django import forms as formulaires
from django.utils import timezone

from backoffice.candidatures.models import Candidature
from backoffice.listes import lots
from backoffice.listes.models import ActeGroupe
from registre.models import EntreeJournal
from registre.transitions import VERBES
from tests import fabriques as f
from tests.ouvrier import travailler

LOTS = "/gestion/listes/actes/"
MOTIF = {"motif": "Le diplôme joint n’est pas lisible."}


def preparer(client, verbe, dossiers=(), portee="choix", parametres=""):
    demande = {"liste": "candidatures:liste", "verbe": verbe, "portee": portee, "parametres": parametres}
    return client.post(LOTS, {**demande, "lignes": [d.pk for d in dossiers]}, follow=True)


def test_on_voit_avant_ce_qui_serait_refuse(acteurs, chez):
    """The page names each row that would be refused and why; nothing has changed yet."""
    deposee, recevable = f.deposee(acteurs), f.recevable(acteurs)
    page = preparer(chez("gestionnaire"), "declarer_recevable", [deposee, recevable])
    apercu = page.context["apercu"]
    assert apercu.prets == [deposee] and [objet for objet, _ in apercu.refuses] == [recevable]
    assert "n’est pas possible maintenant" in page.text and recevable.reference in page.text
    deposee.refresh_from_db()
    assert deposee.etat == "deposee"


def test_une_ligne_refusee_n_arrete_pas_les_autres(acteurs, chez):
    """Two done, one refused since: the report says it with the link, and is found again."""
    premiere, deuxieme, troisieme = (f.deposee(acteurs) for _ in range(3))
    client = chez("gestionnaire")
    preparer(client, "declarer_incomplete", [premiere, deuxieme, troisieme])
    lot = ActeGroupe.objects.get()
    f.faire(deuxieme, "declarer_recevable", acteurs.gestionnaire)
    assert client.post(lot.get_absolute_url(), {"motif": "court"}).status_code == 422
    page = client.post(lot.get_absolute_url(), MOTIF, follow=True)
    assert (page.context["faites"], page.context["refusees"]) == (2, 1)
    assert deuxieme.get_absolute_url() in page.text and "n’est pas possible maintenant" in page.text
    etats = dict(Candidature.objects.values_list("pk", "etat"))
    assert [etats[d.pk] for d in (premiere, deuxieme, troisieme)] == ["incomplete", "recevable", "incomplete"]
    lot.refresh_from_db()
    assert lot.fini_le and lot.saisie == {}, "le motif n’est plus gardé là"
    assert "Demander des compléments" in client.get(LOTS).text


def test_un_dossier_ne_recoit_pas_les_raisons_d_un_autre(acteurs, chez):
    """What one dossier lacks, or what was found in it, fills no field of a request made to many."""
    dossiers = [f.deposee(acteurs), f.deposee(acteurs)]
    acteurs.parcours.pieces.create(code="photo", libelle="Photographie")
    client = chez("gestionnaire")
    seul = client.get(f"/gestion/actes/candidatures.candidature/{dossiers[0].pk}/declarer_incomplete/")
    assert "Cette pièce manque" in seul.text, "dossier par dossier, le texte est préparé"
    page = preparer(client, "declarer_incomplete", dossiers)
    assert "Photographie" in page.text and "Cette pièce manque" not in page.text
    lot = ActeGroupe.objects.get()
    client.post(lot.get_absolute_url(), MOTIF)
    assert [r.texte for d in dossiers for r in d.reserves.all()] == [MOTIF["motif"]] * 2


def test_vingt_fois_le_meme_envoi_n_ont_qu_un_effet(acteurs, chez):
    """Launched once; and a worker that starts again after a cut does nothing twice."""
    dossiers = [f.deposee(acteurs), f.deposee(acteurs)]
    client = chez("gestionnaire")
    preparer(client, "declarer_recevable", dossiers)
    lot = ActeGroupe.objects.get()
    for _ in range(20):
        client.post(lot.get_absolute_url())
    entrees = EntreeJournal.objects.filter(verbe="declarer_recevable")
    assert entrees.count() == 2
    # The cut: rows done, nothing of it noted.
    lot.lignes.update(faite_le=None)
    ActeGroupe.objects.update(fini_le=None)
    lots.derouler.call(lot.pk)
    assert entrees.count() == 2 and lot.lignes.exclude(faite_le=None).count() == 2


def test_ce_que_l_on_ne_voit_pas_ne_se_choisit_pas(acteurs, chez):
    """Ids of others, an unsuitable verb, a role that lacks: refused with a sentence, nothing kept."""
    etranger = f.deposee(f.Acteurs())
    client = chez("gestionnaire")
    assert "Cochez au moins une ligne" in preparer(client, "declarer_recevable", [etranger]).text
    assert "dossier par dossier" in preparer(client, "joindre_piece", [f.deposee(acteurs)]).text
    assert "Choisissez ce qu’il faut faire" in preparer(client, "declarer_recevable_vite", []).text
    assert "Choisissez ce qu’il faut faire" in preparer(chez("employeur"), "declarer_recevable", []).text
    assert not ActeGroupe.objects.exists()


def test_toute_la_liste_filtree_et_rien_qu_elle(acteurs, chez, monkeypatch):
    """« Toute la liste » is what the filters hold; beyond the threshold the worker does it, with its progress."""
    deposees, recevable = [f.deposee(acteurs) for _ in range(3)], f.recevable(acteurs)
    monkeypatch.setattr(lots, "SEUIL", 2)
    client = chez("gestionnaire")
    page = preparer(client, "abandonner", portee="tout", parametres="etat=deposee")
    assert len(page.context["apercu"].prets) == 2 and page.context["apercu"].non_examines == 1
    lot = ActeGroupe.objects.get()
    page = client.post(lot.get_absolute_url(), MOTIF, follow=True)
    assert "En cours" in page.text and 'hx-trigger="every 3s"' in page.text
    travailler()
    assert client.get(lot.get_absolute_url()).context["faites"] == 3
    assert set(Candidature.objects.filter(pk__in=[d.pk for d in deposees]).values_list("etat", flat=True)) == {
        "abandonnee"
    }
    recevable.refresh_from_db()
    assert recevable.etat == "recevable"


def test_le_compte_rendu_est_a_son_auteur(acteurs, chez):
    """A colleague of the same porteur does not read one's selections."""
    preparer(chez("gestionnaire"), "declarer_recevable", [f.deposee(acteurs)])
    lot = ActeGroupe.objects.get()
    assert chez("certificateur").get(lot.get_absolute_url()).status_code == 404
    assert chez("certificateur").post(lot.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("verbe", [v for v in VERBES.values() if v.par_lot], ids=lambda v: f"{v.modele}-{v.nom}")
def test_un_verbe_par_lot_n_a_qu_une_saisie_commune(verbe):
    """No file: what is typed once is judged again for each row, by the conditions of the verb."""
    champs = verbe.formulaire.base_fields.values() if verbe.formulaire else ()
    permis = {formulaires.CharField, formulaires.BooleanField, formulaires.DateField, formulaires.ModelChoiceField}
    assert all(type(champ) in permis for champ in champs)
    assert verbe.conditions or formulaires.ModelChoiceField not in map(type, champs)
    assert not verbe.interne and not verbe.creation


def test_une_session_choisie_pour_plusieurs_se_juge_dossier_par_dossier(acteurs, chez):
    """One place left for two dossiers: the first has it, the other is refused with the reason, and stays as it was."""
    session, dossiers = f.session(acteurs, capacite=1), [f.evaluee(acteurs), f.evaluee(acteurs)]
    client = chez("gestionnaire")
    preparer(client, "inscrire_au_jury", dossiers)
    page = client.post(ActeGroupe.objects.get().get_absolute_url(), {"session": session.pk}, follow=True)
    assert (page.context["faites"], page.context["refusees"]) == (1, 1)
    assert "complète" in page.text
    assert sorted(Candidature.objects.values_list("etat", flat=True)) == ["evaluee", "inscrite_jury"]


def test_un_choix_perime_n_est_pas_devine(acteurs, chez):
    """The session is cancelled before the worker comes: each row says so, nothing is done."""
    session, dossiers = f.session(acteurs), [f.evaluee(acteurs), f.evaluee(acteurs)]
    client = chez("gestionnaire")
    preparer(client, "inscrire_au_jury", dossiers)
    lot = ActeGroupe.objects.get()
    f.executer(f.SESSION, "annuler_session", session, acteurs.gestionnaire, {"motif": "La salle n’est plus libre."})
    ActeGroupe.objects.update(lance_le=timezone.now(), saisie={"session": [str(session.pk)]})
    lots.derouler.call(lot.pk)
    assert [ligne.refus for ligne in lot.lignes.all()] == [lots.PERIME] * 2
