"""In Debian's chromium: the civil status of a holder without account is put right, from the link to the lot."""

import re
from datetime import date

import pytest
from django.urls import reverse

from backoffice.delivrances.apres_remplacement import REMPLACEMENT
from cpf.accrochage import a_declarer
from registre.models import CourrielSortant
from registre.transitions import executer

from .. import fabriques as f
from ..connexion import activer_totp, se_connecter
from ..navigateur import regarder, suivre
from ..ouvrier import travailler

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_du_lien_au_passage_pret(ouvrir_navigateur, tmp_path):
    """Sent at a desk, corrected on a phone without account, accepted, document renewed, and the passage may go."""
    acteurs = f.Acteurs()
    document = f.delivree(acteurs, titulaire=f.TitulaireFactory(prenom1="Helene")).delivrance.parchemin
    travailler()
    titulaire = document.titulaire
    titulaire.utilisateur = None
    titulaire.save()
    secret = activer_totp(acteurs.certificateur)
    bureau = se_connecter(ouvrir_navigateur(), "", acteurs.certificateur.email, f.MOT_DE_PASSE, secret)
    bureau.goto(reverse("cpf:file"))
    regarder(bureau)
    suivre(bureau.get_by_role("link", name="Faire vérifier l’état civil"))
    bureau.get_by_label("Ce qui est à vérifier").fill("Votre prénom porte-t-il un accent ?")
    regarder(bureau)
    suivre(bureau.get_by_role("button", name="Envoyer le lien"))
    regarder(bureau)

    corps = CourrielSortant.objects.get(modele="verification_demandee").corps
    telephone = ouvrir_navigateur(viewport={"width": 320, "height": 640})
    telephone.goto(re.search(r"/etat-civil/[^/\s]+/", corps)[0])
    regarder(telephone)
    naissance = date(titulaire.annee_naissance, titulaire.mois_naissance, titulaire.jour_naissance)
    telephone.get_by_label("Votre date de naissance").fill(naissance.isoformat())
    suivre(telephone.get_by_role("button", name="Continuer"))
    regarder(telephone)
    telephone.get_by_label("Premier prénom").fill("Hélène")
    telephone.get_by_label("Commune ou pays de naissance").fill("Mende")
    acte = tmp_path / "acte.pdf"
    acte.write_bytes(f.fichier_pdf("acte.pdf").read())
    telephone.get_by_label("Justificatif").set_input_files(acte)
    suivre(telephone.get_by_role("button", name="Envoyer ma correction"))
    assert telephone.get_by_role("heading", name="Votre demande est envoyée").is_visible()
    regarder(telephone)

    bureau.goto("/gestion/")
    regarder(bureau)
    bureau.goto(titulaire.corrections.get().get_absolute_url())
    regarder(bureau)
    suivre(bureau.get_by_role("link", name="Accepter la correction"))
    suivre(bureau.get_by_role("button", name="Accepter la correction"))
    bureau.goto(reverse("cpf:parchemin", args=[document.pk]))
    assert bureau.get_by_text("Ce document attend son remplacement").is_visible()
    regarder(bureau)
    remplacement = executer(
        REMPLACEMENT, "approuver_remplacement", document.demanderemplacements.get(), acteurs.signataire
    )
    travailler()
    bureau.goto(reverse("cpf:file"))
    suivre(bureau.get_by_role("link", name=remplacement.nouveau.numero))
    assert bureau.get_by_text("ce passage partira dans le prochain lot").is_visible()
    assert [p.enregistrement["titulaire"]["prenom1"] for p in a_declarer(document.certificateur)] == ["Hélène"]
