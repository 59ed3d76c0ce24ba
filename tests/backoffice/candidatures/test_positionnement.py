"""Step 4: blocs already acquired are credited with their validity, and partial + rest = total."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backoffice.candidatures.credits import blocs_credites, memes_personnes, sources_au_registre
from backoffice.candidatures.models import Etat
from backoffice.candidatures.models_instruction import BlocAcquis
from backoffice.jurys.resultats import resultat_du_jury
from backoffice.parcours.models import Equivalence
from registre.transitions import Refus
from tests import fabriques as f

JOUR = timezone.localdate


@pytest.fixture
def acteurs(db):
    return f.Acteurs(positionnement_actif=True, metier_requis=False, validite_blocs_mois=60)


def ecran(dossier):
    return reverse("candidatures:positionnement", args=[dossier.pk])


def acte(dossier, nom):
    return f"/gestion/actes/candidatures.candidature/{dossier.pk}/{nom}/"


def connue(acteurs, fin=None, **autres):
    """A person who holds the first bloc, and the same person as another employer types her."""
    personne = f.TitulaireFactory(**autres)
    f.attestation(acteurs, personne, fin)
    return f.TitulaireFactory.build(**personne.etat_civil())


def jusqu_au_jury(acteurs, dossier):
    """Évaluateur, grid, guide, transmission, place in a session: what remains is evaluated and found acquired."""
    f.faire(dossier, "confirmer_evaluateur", acteurs.employeur, evaluateur=acteurs.evaluateur)
    f.faire(dossier, "commencer_evaluation", acteurs.evaluateur)
    saisie = {"resultats": f.reponses(dossier), "date_evaluation": JOUR(), "sans_observation": True}
    f.faire(dossier, "enregistrer_evaluation", acteurs.evaluateur, **saisie)
    f.faire(dossier, "joindre_guide", acteurs.evaluateur, fichier=f.controler(f.fichier_pdf("guide.pdf")))
    f.faire(dossier, "transmettre_evaluation", acteurs.evaluateur)
    seance = f.session(acteurs)
    return f.faire(dossier, "inscrire_au_jury", acteurs.employeur, session=seance), seance


def juger(acteurs, dossier, seance):
    f.ouvrir_seance(acteurs, seance)
    f.deliberer(acteurs, dossier)
    f.sceller(acteurs, seance)
    dossier.refresh_from_db()
    return dossier


class TestReprise:
    def test_partiel_plus_le_reste_font_un_parchemin(self, acteurs, chez):
        """The registry proposes the bloc, somebody confirms, only the rest is evaluated, and the whole is certified."""
        fin = JOUR() + timedelta(days=400)
        dossier, porteur = f.recevable(acteurs, connue(acteurs, fin)), chez("gestionnaire")
        premier, second = acteurs.version.blocs.all()
        assert "Le registre propose" in porteur.get(ecran(dossier)).text
        (source,) = sources_au_registre(dossier)
        sans_voir = porteur.post(acte(dossier, "reprendre_bloc"), {"source": source.cle})
        assert sans_voir.status_code == 422 and "Comparez l’état civil" in sans_voir.text
        porteur.post(acte(dossier, "reprendre_bloc"), {"source": source.cle, "meme_personne": "on"})
        porteur.post(acte(dossier, "positionner"), {"blocs_vises": [second.pk]})
        assert dossier.blocs_a_evaluer() == [second]
        page = chez("employeur").get(ecran(dossier)).text
        assert "Acquis, repris" in page and "attestation de réussite partielle" in page

        dossier, seance = jusqu_au_jury(acteurs, dossier)
        grille = chez("evaluateur").get(reverse("evaluations:grille", args=[dossier.pk])).text
        assert "Acquis, repris" in grille and "Compétence 1.1" not in grille
        dossier = juger(acteurs, dossier, seance)
        assert dossier.etat == Etat.VALIDEE
        seance.refresh_from_db()
        assert [b["code"] for b in seance.pv.contenu["dossiers"][0]["repris"]] == [premier.code]
        assert premier.code in porteur.get(reverse("jurys:pv", args=[seance.pk])).text
        f.faire(dossier, "preparer_delivrance", acteurs.certificateur, lieu="Paris")
        dossier = f.faire(dossier, "approuver_delivrance", acteurs.signataire)
        document = dossier.delivrance.parchemin
        assert document.nature == "parchemin"
        repris, obtenu = document.enregistrement["blocs"]
        assert repris["repris"]["valide_jusqu_au"] == fin.isoformat() and repris["repris"]["acquis_le"] == "2025-06-12"
        assert repris["acquis"] and obtenu["acquis"] and "repris" not in obtenu

    def test_un_credit_qui_expire_avant_le_jury_ne_compte_pas(self, acteurs):
        """Refused when crediting; refused at the registration; and even then it would not count."""
        fin = JOUR() + timedelta(days=10)
        dossier = f.recevable(acteurs, connue(acteurs, fin))
        (source,) = sources_au_registre(dossier)
        f.faire(dossier, "reprendre_bloc", acteurs.gestionnaire, source=source)
        f.faire(dossier, "positionner", acteurs.gestionnaire, blocs_vises=[acteurs.version.blocs.last()])
        with pytest.raises(Refus, match="choisissez une session qui se tient avant"):
            jusqu_au_jury(acteurs, dossier)
        assert blocs_credites(dossier, fin) and not blocs_credites(dossier, fin + timedelta(days=1))
        # A session is planned now: another dossier of the same kind hears it at once.
        autre = f.recevable(acteurs, connue(acteurs, fin))
        with pytest.raises(Refus, match=f"valable jusqu’au {fin:%d/%m/%Y}.*ne compterait plus au jury"):
            f.faire(autre, "reprendre_bloc", acteurs.gestionnaire, source=sources_au_registre(autre)[0])

    def test_un_bloc_perime_est_refuse_avec_sa_date(self, acteurs, chez):
        """The screen says it beside the proposal, and offers no button."""
        hier = JOUR() - timedelta(days=1)
        dossier = f.recevable(acteurs, connue(acteurs, hier))
        with pytest.raises(Refus, match=f"plus valable depuis le {hier:%d/%m/%Y}"):
            f.faire(dossier, "reprendre_bloc", acteurs.gestionnaire, source=sources_au_registre(dossier)[0])
        page = chez("gestionnaire").get(ecran(dossier)).text
        assert "n’est plus valable" in page and "Reprendre ce bloc" not in page

    def test_une_equivalence_declaree_fait_passer_d_une_version_a_l_autre(self, acteurs):
        """The bloc of the old version is worth nothing by itself; declared equivalent, it is proposed."""
        ancienne = f.VersionFactory(certification=acteurs.certification)
        personne = f.TitulaireFactory()
        f.attestation(acteurs, personne, version=ancienne)
        dossier = f.recevable(acteurs, f.TitulaireFactory.build(**personne.etat_civil()))
        assert sources_au_registre(dossier) == []
        ancien, vise = ancienne.blocs.first(), acteurs.version.blocs.first()
        preuve = {"bloc": vise, "acquis": ancien, "organisme": "CPNE", "acquis_le": date(2025, 6, 12)}
        preuve["piece"] = dossier.pieces.get()
        with pytest.raises(Refus, match="Aucune équivalence n’est déclarée"):
            f.faire(dossier, "admettre_preuve", acteurs.gestionnaire, **preuve)
        Equivalence.objects.create(acquis=ancien, vise=vise, source="CPNE du 3 mai 2025")
        (source,) = sources_au_registre(dossier)
        f.faire(dossier, "reprendre_bloc", acteurs.gestionnaire, source=source)
        credit = BlocAcquis.objects.get()
        assert (credit.bloc, credit.acquis, credit.equivalence.source) == (vise, ancien, "CPNE du 3 mai 2025")

    def test_une_decision_sans_document_est_connue_aussi(self, acteurs):
        """Sealed minutes are enough: the bloc counts from the day of the jury, for as long as the parcours says."""
        premier = f.recevable(acteurs)
        f.faire(premier, "positionner", acteurs.gestionnaire, blocs_vises=[acteurs.version.blocs.first()])
        partielle = juger(acteurs, *jusqu_au_jury(acteurs, premier))
        assert partielle.etat == Etat.PARTIELLE, "who aims at some blocs only is at best « partiel »"
        dossier = f.recevable(acteurs, f.TitulaireFactory.build(**partielle.titulaire.etat_civil()))
        (source,) = sources_au_registre(dossier)
        assert source.origine == "decision" and partielle.reference in source.libelle
        assert source.valide_jusqu_au.year == JOUR().year + 5

    def test_on_ne_reprend_pas_tout_ni_deux_fois(self, acteurs):
        """Something must remain to evaluate; a bloc credited is not proposed again."""
        dossier = f.recevable(acteurs, connue(acteurs))
        (source,) = sources_au_registre(dossier)
        f.faire(dossier, "reprendre_bloc", acteurs.gestionnaire, source=source)
        assert sources_au_registre(dossier) == []
        with pytest.raises(Refus, match="déjà repris"):
            f.faire(dossier, "reprendre_bloc", acteurs.gestionnaire, source=source)
        preuve = {"bloc": acteurs.version.blocs.last(), "organisme": "CPNE", "acquis_le": JOUR()}
        with pytest.raises(Refus, match="gardez-en au moins un à évaluer"):
            f.faire(dossier, "admettre_preuve", acteurs.gestionnaire, piece=dossier.pieces.get(), **preuve)

    def test_une_preuve_prend_la_validite_du_parcours_et_se_retire(self, acteurs, chez):
        """Five years after its date when the form says nothing; withdrawn, the bloc is evaluated again."""
        dossier, porteur = f.recevable(acteurs), chez("gestionnaire")
        premier, second = acteurs.version.blocs.all()
        saisie = {"bloc": premier.pk, "organisme": "Autre branche", "acquis_le": "2025-02-28"}
        sans_piece = porteur.post(acte(dossier, "admettre_preuve"), saisie)
        assert sans_piece.status_code == 422
        porteur.post(acte(dossier, "admettre_preuve"), {**saisie, "piece": dossier.pieces.get().pk})
        credit = BlocAcquis.objects.get()
        assert (credit.valide_jusqu_au, credit.provenance) == (date(2030, 2, 28), "preuve délivrée par Autre branche")
        f.faire(dossier, "positionner", acteurs.gestionnaire, blocs_vises=[second])
        porteur.post(acte(dossier, "retirer_reprise"), {"credit": credit.pk})
        assert set(dossier.blocs_a_evaluer()) == {premier, second} and not BlocAcquis.objects.exists()


def test_un_document_annule_ne_compte_plus(acteurs):
    """Cancelled after it was credited: it counts no more, and is not proposed again."""
    dossier = f.recevable(acteurs, connue(acteurs))
    f.faire(dossier, "reprendre_bloc", acteurs.gestionnaire, source=sources_au_registre(dossier)[0])
    document = dossier.blocs_acquis.get().parchemin
    assert blocs_credites(dossier, JOUR())
    document.annule_le = timezone.now()
    document.save()
    assert not blocs_credites(dossier, JOUR())
    dossier.blocs_acquis.all().delete()
    assert sources_au_registre(dossier) == []


def test_la_meme_personne_se_reconnait_a_son_nom_et_a_sa_naissance_entiere(db):
    """Accents and case do not count; one day apart or an unknown day, and it is somebody else."""
    personne = f.TitulaireFactory(nom_naissance="Lefèvre", prenom1="Zoé")
    civil = personne.etat_civil()
    meme = f.TitulaireFactory(**{**civil, "nom_naissance": "LEFEVRE"})
    f.TitulaireFactory(**{**civil, "jour_naissance": 4})
    inconnue = f.TitulaireFactory(**{**civil, "jour_naissance": None})
    f.TitulaireFactory(**{**civil, "prenom1": "Zoélie"})
    assert set(memes_personnes(personne)) == {personne.pk, meme.pk}
    assert memes_personnes(inconnue) == [inconnue.pk]


@given(
    credits=st.lists(st.one_of(st.none(), st.integers(-400, 400), st.just("aucun")), min_size=1, max_size=6),
    decisions=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_partiel_et_reste_font_le_tout_et_un_credit_perime_ne_compte_jamais(credits, decisions):
    """« Validé » if and only if each bloc is acquired now, or credited by a bloc valid on the day of the jury."""
    jury = JOUR()
    portes = [
        BlocAcquis(bloc_id=rang, acquis_le=date(2020, 1, 1), valide_jusqu_au=fin and jury + timedelta(days=fin))
        for rang, fin in enumerate(credits)
        if fin != "aucun" and fin != 0
    ]
    blocs = [SimpleNamespace(pk=rang, facultatif=False, option_id=None) for rang in range(len(credits))]
    dossier = SimpleNamespace(
        version=SimpleNamespace(blocs=SimpleNamespace(all=lambda: blocs)),
        option_id=None,
        blocs_acquis=SimpleNamespace(all=lambda: portes),
    )
    repris = {c.bloc_id for c in portes}
    dites = {b.pk: decisions[b.pk] for b in blocs if b.pk not in repris}
    valables = {c.bloc_id for c in portes if c.valide_jusqu_au is None or c.valide_jusqu_au >= jury}
    assert blocs_credites(dossier, jury) == valables
    tenus = valables | {pk for pk, oui in dites.items() if oui}
    resultat = resultat_du_jury(dossier, dites, blocs_credites(dossier, jury))
    assert (resultat == Etat.VALIDEE) is (tenus == {b.pk for b in blocs})
    if resultat == Etat.NON_VALIDEE:
        assert not any(dites.values())
