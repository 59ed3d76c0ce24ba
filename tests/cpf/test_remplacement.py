"""A parchemin replaced after it was declared: the corrected one is declared again, the first is to take out."""

import pytest
from django.utils import timezone

from backoffice.delivrances.models import DemandeRemplacement
from cpf.accrochage import a_declarer, a_supprimer, adresse_preuve, examiner
from cpf.instantane import instantane
from registre import apres
from registre.models import SerieNumeros

from .fabrique import Bureau

pytestmark = pytest.mark.django_db
MOTIF = "État civil corrigé."


def complete(parchemin, **titulaire) -> dict:
    """The record of this document with every mandatory mention, which those of the accrochage do without."""
    fiche = parchemin.enregistrement
    cpne = {"raison_sociale": "CPNE", "sigle": "", "nom_commercial": "", "siret": "", "role": "cpne"}
    return fiche | {
        "certification": fiche["certification"] | {"nsf": [{"code": "232", "libelle": "Bâtiment"}]},
        "certificateurs": [cpne],
        "signataires": [{"college": "employeurs", "nom": "Anne Exemple", "qualite": "présidente de la CPNE"}],
        "titulaire": fiche["titulaire"] | titulaire,
    }


def remplacer(bureau, ancien, **titulaire):
    """The document that replaces this one, as if its file were made."""
    # Those of the bureau are written by hand: the counter is brought to where they are.
    SerieNumeros.objects.filter(pk=ancien.serie_id).update(dernier=ancien.rang)
    nouveau, _ = apres.remplacer(ancien, bureau.personne, "signataire", MOTIF, complete(ancien, **titulaire))
    type(nouveau).objects.filter(pk=nouveau.pk).update(sha256="0" * 64)
    return nouveau


def test_le_remplacant_est_a_declarer_et_l_ancien_a_supprimer():
    """Another technical identifier, the corrected civil status; the old one never goes into a lot again."""
    bureau = Bureau()
    lot = bureau.lot_depose(1)
    ancien = lot.passages.get().parchemin
    assert not a_declarer(lot.certificateur) and not a_supprimer(lot.certificateur)
    nouveau = remplacer(bureau, ancien, nom_naissance="Corrigé")
    assert [p.pk for p in a_declarer(lot.certificateur)] == [nouveau.pk]
    assert [p.pk for p in a_supprimer(lot.certificateur)] == [ancien.pk]
    avant, declare = (instantane(p.enregistrement, p.identifiant, adresse_preuve(p)) for p in (ancien, nouveau))
    assert declare["titulaire"]["nom_naissance"] == "Corrigé"
    assert declare["id_technique"] != avant["id_technique"] and declare["url_preuve"] != avant["url_preuve"]
    assert (declare["debut_examen"], declare["fin_examen"]) == (avant["debut_examen"], avant["fin_examen"])


def test_un_parchemin_jamais_declare_ne_laisse_rien_a_supprimer():
    """Replaced before any lot: only the new one is due."""
    bureau = Bureau()
    ancien = bureau.parchemin()
    nouveau = remplacer(bureau, ancien)
    assert [p.pk for p in a_declarer(ancien.certificateur)] == [nouveau.pk]
    assert not a_supprimer(ancien.certificateur)


def corriger(parchemin, **champs):
    for champ, valeur in champs.items():
        setattr(parchemin.titulaire, champ, valeur)
    parchemin.titulaire.save()


def seul(bureau):
    return next(examiner(a_declarer(bureau.organisme)))


def test_ce_qui_ne_s_imprime_pas_se_corrige_sans_refaire_le_document():
    """Another INSEE code: the document stands, and the passage carries the code of the register."""
    bureau = Bureau()
    parchemin = bureau.parchemin()
    corriger(parchemin, code_insee_naissance="31001", code_postal_naissance="")
    assert (seul(bureau).instantane["titulaire"]["code_insee"], seul(bureau).anomalies) == ("31001", [])
    parchemin.refresh_from_db()
    assert parchemin.enregistrement["titulaire"]["code_insee_naissance"] == "31555"


def test_ce_qui_s_imprime_fait_remplacer_le_document():
    """Another name: the old passage goes on saying what the document says, with a doubt; prepared, it waits."""
    bureau = Bureau()
    parchemin = bureau.parchemin()
    avant = parchemin.titulaire.nom_naissance
    corriger(parchemin, nom_naissance="Corrigé")
    assert seul(bureau).instantane["titulaire"]["nom_naissance"] == avant
    assert [(a.champ, a.ecran, a.bloquante) for a in seul(bureau).anomalies] == [("document", "document", False)]
    DemandeRemplacement.objects.create(
        parchemin=parchemin,
        motif="etat_civil",
        enregistrement=complete(parchemin, nom_naissance="Corrigé"),
        demandee_par=bureau.personne,
        demandee_le=timezone.now(),
    )
    assert [(a.champ, a.bloquante) for a in seul(bureau).anomalies] == [("document", True)]
