"""The screens of the rules: written page by page without losing anything, read by all, compared, simulated."""

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.parcours.models import ModeEvaluation, Parcours
from backoffice.parcours.sections import SECTIONS
from backoffice.parcours.workflow import enregistrer, preparer
from registre.models import Bloc, EntreeJournal

from ... import fabriques as f
from ...connexion import connecter
from .situations import brouillon, publie

pytestmark = pytest.mark.django_db


@pytest.fixture
def acteurs():
    return f.Acteurs()


@pytest.fixture
def gestion(acteurs):
    return connecter(Client(), acteurs.gestionnaire)


def page(parcours, section):
    return reverse("parcours:modifier", args=[parcours.pk, section])


def champs(reponse) -> dict:
    """What the form of this page would send back, untouched."""
    contexte = reponse.context
    formulaires = [contexte["form"]] if contexte["form"] else []
    if contexte["coefficients"]:
        formulaires = [contexte["coefficients"]]
    if contexte["jeu"] is not None:
        formulaires = [contexte["jeu"].management_form, *contexte["jeu"].forms]
    envoi = {}
    for formulaire in formulaires:
        for champ in formulaire:
            valeur = champ.value()
            if valeur is not None and valeur is not False and valeur != "":
                envoi[champ.html_name] = valeur
    return envoi


class TestRedaction:
    def test_un_brouillon_s_ouvre_depuis_la_version_en_vigueur(self, acteurs, gestion):
        """The page of the version leads to a copy; sent twice, one draft only."""
        regles = publie(acteurs)
        envoi = {"certification": regles.certification_id, "source": regles.pk, "cle": "une-fois"}
        reponses = [gestion.post(reverse("parcours:nouveau"), envoi) for _ in range(2)]
        assert {r.url for r in reponses} == {page(Parcours.objects.get(etat="brouillon", numero=2), "ouverture")}
        refus = gestion.post(reverse("parcours:nouveau"), envoi | {"cle": "autre"})
        assert refus.status_code == 409 and "déjà en préparation" in refus.text

    @pytest.mark.parametrize("section", [s.cle for s in SECTIONS])
    def test_une_page_renvoyee_telle_quelle_ne_change_aucune_regle(self, acteurs, gestion, section):
        """What a page shows is what it saves, on each of the pages."""
        parcours = brouillon(acteurs, {"modalites": ["VAE"], "validite_blocs_mois": 60})
        piece = parcours.pieces.create(code="cv", libelle="Curriculum vitæ")
        parcours.prerequis.create(code="exp", libelle="Expérience", nature="seuil", seuil=36, unite="mois", piece=piece)
        avant = Parcours.objects.filter(pk=parcours.pk).values().get()
        reponse = gestion.post(page(parcours, section), champs(gestion.get(page(parcours, section))) | {"cle": section})
        assert reponse.status_code == 302, reponse.context["form"] and reponse.context["form"].errors
        apres = Parcours.objects.filter(pk=parcours.pk).values().get()
        assert {nom for nom in avant if avant[nom] != apres[nom]} <= {"redige_le"}
        assert [p.piece_id for p in parcours.prerequis.all()] == [piece.pk]

    def test_ce_qui_ne_tient_pas_s_enregistre_et_se_dit(self, acteurs, gestion):
        """A draft is saved at any time: the page then says what the control refuses, and the menu where."""
        parcours = brouillon(acteurs)
        envoi = champs(gestion.get(page(parcours, "evaluation"))) | {"seuil_competence": "25", "suite": "jury"}
        assert gestion.post(page(parcours, "evaluation"), envoi).url == page(parcours, "jury")
        relue = gestion.get(page(parcours, "evaluation"))
        assert "au-dessus de la note maximale" in relue.text and "à corriger" in relue.text
        controle = gestion.get(reverse("parcours:controle", args=[parcours.pk]))
        assert f"{page(parcours, 'evaluation')}#id_seuil_competence" in controle.text

    def test_une_mauvaise_saisie_revient_avec_ce_qui_a_ete_tape(self, acteurs, gestion):
        """Nothing half done: the sentence beside the field, the words typed kept, nothing stored."""
        parcours = brouillon(acteurs)
        envoi = champs(gestion.get(page(parcours, "pieces")))
        envoi |= {"lignes-0-libelle": "", "lignes-0-aide": "Une page suffit", "lignes-0-ordre": "3"}
        reponse = gestion.post(page(parcours, "pieces"), envoi)
        assert reponse.status_code == 422 and "Une page suffit" in reponse.text
        assert not parcours.pieces.exists()

    def test_les_lignes_s_ajoutent_s_ordonnent_et_se_retirent(self, acteurs, gestion):
        """Two pièces added one after the other, put in another order, then one removed with the proof it was."""
        parcours = brouillon(acteurs)
        for libelle in ("Diplôme", "Photographies"):
            envoi = champs(gestion.get(page(parcours, "pieces")))
            rang = int(envoi["lignes-TOTAL_FORMS"]) - 1
            gestion.post(page(parcours, "pieces"), envoi | {f"lignes-{rang}-libelle": libelle})
        assert [(p.code, p.ordre) for p in parcours.pieces.all()] == [("diplome", 1), ("photographies", 2)]
        envoi = champs(gestion.get(page(parcours, "pieces")))
        gestion.post(page(parcours, "pieces"), envoi | {"lignes-0-ordre": "9"})
        assert [p.code for p in parcours.pieces.all()] == ["photographies", "diplome"]
        envoi = champs(gestion.get(page(parcours, "prerequis")))
        envoi |= {"lignes-0-libelle": "Titre", "lignes-0-piece": parcours.pieces.get(code="diplome").pk}
        assert gestion.post(page(parcours, "prerequis"), envoi).status_code == 302
        envoi = champs(gestion.get(page(parcours, "pieces")))
        gestion.post(page(parcours, "pieces"), envoi | {"lignes-1-DELETE": "on"})
        assert parcours.prerequis.get().piece is None
        assert "aucune pièce ne le prouve" in gestion.get(page(parcours, "prerequis")).text

    def test_les_coefficients_se_donnent_competence_par_competence(self, acteurs, gestion):
        """Grouped by version and bloc; an emptied one counts for one again."""
        parcours = brouillon(acteurs, {"mode_evaluation": ModeEvaluation.NOTES})
        contexte = gestion.get(page(parcours, "coefficients")).context["coefficients"]
        premier, second = list(contexte.fields)[:2]
        gestion.post(page(parcours, "coefficients"), {premier: "2.5", second: "3"})
        gestion.post(page(parcours, "coefficients"), {premier: "2.5", second: ""})
        assert [str(p.coefficient) for p in parcours.ponderations.all()] == ["2.50"]

    def test_une_version_publiee_n_ouvre_aucune_page_de_redaction(self, acteurs, gestion):
        """Her pages lead back to what is read; a form kept open is refused."""
        parcours = publie(acteurs)
        assert gestion.get(page(parcours, "jury")).url == parcours.get_absolute_url()
        refus = gestion.post(
            page(parcours, "inscription"), {"delai_inscription_jury": "3", "delai_envoi_dossiers": "3"}
        )
        assert refus.status_code == 409 and "ne se modifie plus" in refus.text


class TestLecture:
    def test_qui_travaille_sous_ces_regles_les_lit(self, acteurs):
        """Employers and évaluateurs read the version in force in words, without its control nor its draft."""
        regles = publie(acteurs, {"mode_evaluation": ModeEvaluation.NOTES, "seuil_bloc": 70, "guide_requis": False})
        for personne in (acteurs.employeur, acteurs.evaluateur):
            client = connecter(Client(), personne)
            lue = client.get(regles.get_absolute_url())
            assert "notée sur 20" in lue.text and "70 % de sa note" in lue.text
            assert client.get(reverse("parcours:controle", args=[regles.pk])).status_code == 403
            assert client.get(brouillon(acteurs).get_absolute_url()).status_code == 404
            assert str(regles.certification) in client.get(reverse("parcours:liste")).text

    def test_la_liste_coute_autant_pour_une_certification_que_pour_vingt(
        self, acteurs, gestion, django_assert_max_num_queries
    ):
        """A constant number of queries, with the figure of open dossiers on each line."""
        f.brouillon(acteurs)
        with django_assert_max_num_queries(60) as une:
            reponse = gestion.get(reverse("parcours:liste"))
        assert [ligne["dossiers"] for ligne in reponse.context["lignes"]] == [0]
        f.deposee(acteurs)
        for _ in range(8):
            publie(acteurs)
        with django_assert_max_num_queries(len(une.captured_queries)):
            reponse = gestion.get(reverse("parcours:liste"))
        assert sorted(ligne["dossiers"] for ligne in reponse.context["lignes"])[-1] == 1
        assert len(reponse.context["lignes"]) == 9

    def test_on_ne_compare_qu_avec_ce_que_l_on_voit(self, acteurs, gestion):
        """A version of another porteur is not found, an invented one neither."""
        regles = publie(acteurs)
        ailleurs = f.Acteurs().parcours
        url = reverse("parcours:comparer", args=[regles.pk])
        assert [gestion.get(url, {"avec": x}).status_code for x in ("", ailleurs.pk, "abc")] == [200, 404, 404]


class TestSimulation:
    @pytest.fixture
    def suivante(self, acteurs):
        """A draft that asks for more than the rules in force."""
        parcours = preparer(acteurs.gestionnaire, acteurs.certification, source=acteurs.parcours)
        parcours.pieces.create(code="photos", libelle="Photographies")
        return enregistrer(acteurs.gestionnaire, parcours, {"seuil_bloc": 50, "modalites": ["VAE"]})

    def test_elle_dit_a_qui_on_aurait_demande_autre_chose(self, acteurs, gestion, suivante):
        """A pièce that lacks, a way not admitted any more, a bloc that changes; what is decided is not touched."""
        depose = f.deposee(acteurs)
        evalue = f.evaluee(acteurs, acquis=lambda c: c.ordre == 1)
        f.decidee(acteurs)
        reponse = gestion.get(reverse("parcours:simulation", args=[suivante.pk]))
        effets = {t.dossier.pk: [e.genre for e in t.effets] for t in reponse.context["page_obj"]}
        assert effets == {depose.pk: ["piece", "voie"], evalue.pk: ["piece", "voie", "resultat", "resultat"]}
        assert [c["valeur"] for c in reponse.context["chiffres"]] == [2, 2, 1]
        filtree = gestion.get(reverse("parcours:simulation", args=[suivante.pk]), {"genre": "resultat"})
        assert [t.dossier.pk for t in filtree.context["page_obj"]] == [evalue.pk]

    def test_elle_reste_dans_la_portee_et_a_un_cout_constant(
        self, acteurs, gestion, suivante, django_assert_max_num_queries
    ):
        """One dossier or four: the same queries; a draft of an employer is not shown to the porteur."""
        url = reverse("parcours:simulation", args=[suivante.pk])
        f.deposee(acteurs)
        f.brouillon(acteurs)
        gestion.get(url)
        with django_assert_max_num_queries(80) as une:
            assert gestion.get(url).context["total"] == 1
        for _ in range(3):
            f.deposee(acteurs)
        with django_assert_max_num_queries(len(une.captured_queries)):
            assert gestion.get(url).context["total"] == 4

    def test_les_memes_regles_ne_touchent_personne(self, acteurs, gestion):
        """A copy without a change: nobody is named."""
        copie = preparer(acteurs.gestionnaire, acteurs.certification, source=acteurs.parcours)
        f.deposee(acteurs)
        page_ = gestion.get(reverse("parcours:simulation", args=[copie.pk]))
        assert page_.context["total"] == 0 and "Aucun dossier ouvert" in page_.text


class TestEquivalences:
    def test_la_filiation_suggere_une_personne_confirme(self, acteurs, gestion):
        """Same name from a version to its successor: suggested; confirmed with its decision, journalled, taken back."""
        nouvelle = f.VersionFactory(certification=acteurs.certification)
        nouvelle.succede_a.add(acteurs.version)
        url = reverse("parcours:equivalences", args=[acteurs.certification.pk])
        premiere = gestion.get(url).context["suggestions"][0]
        envoi = {"acquis": premiere.acquis.pk, "vise": premiere.vise.pk, "source": "Décision du 3 mars.", "cle": "k"}
        assert gestion.post(url, envoi | {"source": ""}).status_code == 422
        for _ in range(2):
            assert gestion.post(url, envoi).status_code == 302
        relue = gestion.get(url).context
        assert len(relue["suggestions"]) == 1 and relue["confirmees"].get().source == "Décision du 3 mars."
        assert EntreeJournal.objects.de(acteurs.certification).filter(verbe="confirmer_equivalence").count() == 1
        lien = relue["confirmees"].get()
        assert "Retirer cette équivalence" in gestion.get(url, {"retirer": lien.pk}).text
        gestion.post(url, {"retirer": lien.pk})
        assert not gestion.get(url).context["confirmees"]

    def test_un_bloc_d_ailleurs_ne_se_choisit_pas(self, acteurs, gestion):
        """A bloc of a certification out of scope is not a choice; two blocs of others neither."""
        url = reverse("parcours:equivalences", args=[acteurs.certification.pk])
        ailleurs = Bloc.objects.filter(version=f.VersionFactory()).first()
        ici = Bloc.objects.filter(version=acteurs.version).first()
        envoi = {"acquis": ailleurs.pk, "vise": ici.pk, "source": "Décision."}
        assert gestion.post(url, envoi).status_code == 422
        assert gestion.post(url, envoi | {"acquis": ici.pk}).status_code == 409
