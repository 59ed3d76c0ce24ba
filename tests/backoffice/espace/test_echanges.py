"""Messages on a dossier: two threads that do not meet, a porteur who answers, an end."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from backoffice.espace.models import Message
from backoffice.pilotage.a_faire import taches_de
from registre.models import CourrielSortant, Titulaire
from registre.transitions import Refus

from ... import fabriques as f

pytestmark = pytest.mark.django_db

QUESTION, ANSWER, PLAINTE = "Quand serai-je évaluée ?", "Mardi prochain, à Mende.", "Mon salarié a changé d’équipe."


@pytest.fixture
def candidature(acteurs):
    return f.recevable(acteurs)


def echanges(client, candidature):
    return client.get(candidature.get_absolute_url(), {"onglet": "echanges"}).content.decode()


def test_chacun_ecrit_au_porteur_et_ne_lit_que_son_echange(acteurs, candidature, chez):
    """The porteur reads both threads and answers in « À faire »; neither side reads the other; mails quote nothing."""
    moi = Titulaire.objects.get(pk=candidature.titulaire_id).utilisateur
    mien, porteur, page = chez(moi), chez("gestionnaire"), reverse("espace:dossier", args=[candidature.pk])
    ecrire = f"/gestion/actes/{f.MODELE}/{candidature.pk}/ecrire/"
    assert ecrire in mien.get(page).content.decode()
    for _ in range(2):
        assert mien.post(ecrire, {"texte": QUESTION, "cle": "un"}).status_code == 302
    f.faire(candidature, "ecrire", acteurs.employeur, texte=PLAINTE)
    assert Message.objects.count() == 2
    courriels = CourrielSortant.objects.filter(modele="message_recu")
    assert {c.destinataire for c in courriels} == {acteurs.gestionnaire.email}
    assert not [c for c in courriels if QUESTION in c.corps or moi.nom in c.corps + c.sujet]
    assert [t.titre for t in taches_de(acteurs.gestionnaire) if t.compte] == ["Répondre à un message"]
    tout = echanges(porteur, candidature)
    assert QUESTION in tout and PLAINTE in tout
    assert QUESTION not in echanges(chez("employeur"), candidature)
    f.faire(candidature, "repondre", acteurs.gestionnaire, fil="candidat", texte=ANSWER)
    assert Message.objects.get(attend_reponse=True).fil == "employeur"
    assert "Un message vous attend" in mien.get("/gestion/mon-espace/").content.decode()
    texte = mien.get(page).content.decode()
    assert ANSWER in texte and PLAINTE not in texte
    assert "Un message vous attend" not in mien.get("/gestion/mon-espace/").content.decode()
    f.faire(candidature, "classer_messages", acteurs.gestionnaire)
    assert not [t for t in taches_de(acteurs.gestionnaire) if t.compte]


def test_les_echanges_finissent_avec_le_dossier(acteurs, candidature, chez, settings):
    """Some weeks after the end, one reads and no longer writes; the refusal says since when, and what remains."""
    f.faire(candidature, "desister", acteurs.employeur, motif="La personne a changé de métier.")
    f.faire(candidature, "ecrire", acteurs.employeur, texte=PLAINTE)
    passe = timezone.now() - timedelta(days=settings.JOURS_D_ECHANGE_APRES_LA_FIN + 1)
    type(candidature).objects.filter(pk=candidature.pk).update(etat_depuis=passe)
    with pytest.raises(Refus, match="clos depuis le"):
        f.faire(candidature, "ecrire", acteurs.employeur, texte=PLAINTE)
    moi = Titulaire.objects.get(pk=candidature.titulaire_id).utilisateur
    texte = chez(moi).get(reverse("espace:dossier", args=[candidature.pk])).content.decode()
    assert "sont clos depuis le" in texte and "/ecrire/" not in texte


def test_on_n_ecrit_pas_a_qui_ne_peut_pas_lire(acteurs):
    """No account yet: the porteur is told, and nothing is sent."""
    candidature = f.deposee(acteurs)
    with pytest.raises(Refus, match="pas encore de compte"):
        f.faire(candidature, "repondre", acteurs.gestionnaire, fil="candidat", texte=ANSWER)
    assert not Message.objects.exists()
