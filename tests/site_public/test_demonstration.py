"""The demonstration: what it says of the registers is true, what it invents is seen to be invented."""

import itertools
import re
from collections import Counter
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from stdnum.fr import siren, siret

from backoffice.comptes.models import Role
from backoffice.jurys.models import Inscription
from home.models import PageCQP
from registre.models import (
    Bloc,
    Certification,
    Competence,
    Organisme,
    RoleCertification,
    Titulaire,
    VersionCertification,
)
from registre.referentiels import FRANCE, communes, pays
from site_public.demonstration import (
    atelier,
    certifications,
    distribution,
    inventions,
    personnes,
    portail,
    regles,
    scenario,
)
from site_public.demonstration.dossiers import Dossier
from site_public.demonstration.horloge import horloge

CHIMIE = {
    "Opérateur(trice) de fabrication des Industries Chimiques",
    "Conducteur(trice) d’équipement de fabrication des Industries Chimiques",
    "Pilote d’installation de fabrication (H/F) des Industries Chimiques",
    "Animateur(trice) d’équipe de fabrication des Industries Chimiques",
    "Conducteur(trice) de ligne de conditionnement des Industries Chimiques",
    "Pilote de ligne de conditionnement (H/F) des Industries Chimiques",
    "Animateur(trice) d’équipe de conditionnement des Industries Chimiques",
    "Agent logistique des Industries Chimiques (H/F)",
    "Animateur(trice) d’équipe de logistique des Industries Chimiques",
    "Opérateur(trice) de maintenance industrielle des Industries Chimiques",
    "Technicien(ne) de maintenance Industrielle des Industries Chimiques",
    "Animateur(trice) d’équipe de maintenance des Industries Chimiques",
    "Technico-commercial(e) des Industries Chimiques",
    "Vente conseil en magasin",
    "Technicien de la Qualité",
    "Responsable de secteur industriel des Industries Chimiques (H/F)",
}
# Number, level, end of registration: as published by France compétences (None: not confirmed).
PUBLIES = {
    "RNCP41346": (3, date(2030, 9, 24)),
    "RNCP41345": (3, date(2030, 9, 24)),
    "RNCP36506": (4, date(2027, 6, 1)),
    "RNCP35654": (3, date(2026, 6, 17)),
    "RNCP34370": (3, date(2024, 12, 16)),
    "RNCP36402": (4, date(2025, 4, 25)),
    "RNCP40283": (4, date(2030, 2, 28)),
    "RNCP36585": (3, date(2027, 7, 1)),
    "RNCP36722": (3, date(2027, 7, 20)),
    "RNCP36913": (3, date(2027, 9, 29)),
    "RNCP37644": (4, date(2028, 5, 31)),
    "RS5478": (None, date(2024, 8, 28)),
}


@pytest.fixture
def registre(db):
    return certifications.charger()


@pytest.fixture(scope="module")
def cinq_cents():
    return list(itertools.islice(inventions.personnes(1), 500))


class TestCertifications:
    def test_les_seize_certifications_de_la_chimie_sont_des_cqp_de_branche_sans_numero(self, registre):
        versions = VersionCertification.objects.filter(certification__porteur=registre.organismes["france-chimie"])
        assert {v.intitule for v in versions} == CHIMIE
        assert {(v.repertoire, v.numero, v.niveau) for v in versions} == {("branche", "", None)}

    def test_les_deux_cqpi_et_les_deux_options_de_la_chimie_sont_la(self, registre):
        assert set(Certification.objects.filter(nature="CQPI").values_list("intitule_usuel", flat=True)) == {
            "Vente conseil en magasin",
            "Technicien de la qualité",
        }
        version = registre.certifications["responsable-de-secteur-industriel"].versions.get()
        assert {o.libelle for o in version.options.all()} == {"Production", "Logistique"}
        assert {b.option.libelle for b in version.blocs.exclude(option=None)} == {"Production", "Logistique"}

    def test_les_fiches_du_btp_portent_le_niveau_et_l_echeance_publies(self, registre):
        lues = {v.numero: v for v in VersionCertification.objects.exclude(numero="")}
        assert {n: (lues[n].niveau, lues[n].date_fin_enregistrement) for n in PUBLIES} == PUBLIES
        assert all(v.niveau_cec == v.niveau for v in lues.values())

    def test_le_couvreur_lauzier_schiste_a_ses_quatre_certificateurs_dont_un_sans_siret(self, registre):
        version = VersionCertification.objects.get(numero="RNCP41346")
        assert [o.siret for o in version.certificateurs] == ["", "84799299700027", "77611511500037", "78466965700016"]

    @pytest.mark.parametrize(
        ("nouvelle", "ancienne"),
        [("RNCP35654", "RNCP27062"), ("RS6610", "RNCP34370"), ("RS6550", "RS5478"), ("RNCP40283", "RNCP36402")],
    )
    def test_chaque_renouvellement_succede_a_sa_fiche_dans_la_meme_famille(self, registre, nouvelle, ancienne):
        version = VersionCertification.objects.get(numero=nouvelle)
        assert [v.numero for v in version.succede_a.all()] == [ancienne]
        assert version.succede_a.get().certification == version.certification

    def test_une_fiche_echue_ne_se_delivre_plus_et_la_version_actuelle_est_la_nouvelle(self, registre):
        jour = date(2026, 11, 22)
        delivrables = set(VersionCertification.objects.delivrables(jour).values_list("numero", flat=True))
        assert delivrables.isdisjoint({"RNCP35654", "RNCP34370", "RS5478", "RNCP36402", "RNCP27062", "RNCP15075"})
        assert registre.certifications["travailler-sur-cordes"].version_actuelle(jour).numero == "RS6610"
        assert registre.certifications["technicien-protection-risques-naturels"].version_actuelle(jour).numero == (
            "RNCP40283"
        )

    def test_chaque_version_est_valide_et_dit_d_ou_elle_vient(self, registre):
        for version in VersionCertification.objects.all():
            version.full_clean()
            assert version.source
            assert version.certificateurs

    def test_ce_qui_est_donne_en_exemple_est_dit(self, registre):
        decidees = VersionCertification.objects.exclude(date_decision=None)
        assert decidees.exists()
        assert all("donné en exemple" in v.source and "date de décision" in v.source for v in decidees)
        assert not VersionCertification.objects.filter(blocs_exemple=False, blocs__isnull=False).exists()

    def test_la_branche_seule_ne_parle_ni_de_niveau_ni_de_decision(self, registre):
        branche = VersionCertification.objects.filter(repertoire="branche")
        assert branche.filter(intitule__contains="pierre sèche").exists()
        assert not branche.exclude(niveau=None, date_decision=None).exists()

    def test_au_moins_dix_certifications_ont_trois_blocs_ou_plus_de_trois_a_cinq_competences(self, registre):
        fournies = 0
        for version in VersionCertification.objects.prefetch_related("blocs__competences"):
            tailles = [len(b.competences.all()) for b in version.blocs.all()]
            assert all(2 <= taille <= 5 for taille in tailles)
            fournies += sum(taille >= 3 for taille in tailles) >= 3
        assert fournies >= 10

    def test_aucune_competence_ne_se_repete_dans_une_certification(self, registre):
        for version in VersionCertification.objects.all():
            libelles = Counter(Competence.objects.filter(bloc__version=version).values_list("libelle", flat=True))
            assert not [libelle for libelle, nombre in libelles.items() if nombre > 1]

    def test_il_y_a_trois_porteurs_au_moins(self, registre):
        assert len({c.porteur_id for c in registre.certifications.values()}) >= 3

    def test_charger_deux_fois_ne_cree_rien_de_plus_et_ne_defait_rien(self, registre):
        Organisme.objects.filter(siret="79457083800019").update(commune="Corrigée à la main")
        modeles = (Organisme, Certification, VersionCertification, Bloc, Competence, RoleCertification)
        avant = [m.objects.count() for m in modeles]
        certifications.charger()
        assert [m.objects.count() for m in modeles] == avant
        assert Organisme.objects.get(siret="79457083800019").commune == "Corrigée à la main"

    def test_chaque_certification_a_son_texte_pour_le_portail(self, registre):
        textes = certifications.textes()
        assert set(textes) == set(registre.certifications)
        for texte in textes.values():
            assert len(texte.pourquoi) > 80 and len(texte.pour_qui) > 40 and texte.accroche.endswith(".")

    def test_les_textes_suivent_la_typographie_francaise(self, registre):
        """Typographic apostrophes; a no-break space before : ; ! ? and inside « »."""
        for texte in certifications.textes().values():
            for phrase in (texte.accroche, texte.pourquoi, texte.pour_qui, texte.emplois):
                assert "'" not in phrase
                assert not re.search(r"[ \w][;!?»]| :|« ", phrase), phrase
        for libelle in Competence.objects.values_list("libelle", flat=True):
            assert "'" not in libelle and not re.search(r"[ \w][;!?»]| :|« ", libelle), libelle


class TestInventions:
    def test_la_meme_graine_rend_les_memes_personnes(self, cinq_cents):
        assert list(itertools.islice(inventions.personnes(1), 500)) == cinq_cents
        assert list(itertools.islice(inventions.personnes(2), 500)) != cinq_cents

    def test_chaque_etat_civil_serait_accepte_par_le_registre(self, cinq_cents):
        for personne in cinq_cents:
            try:
                Titulaire(**personne.champs()).clean_fields(exclude=["utilisateur"])
            except ValidationError as erreur:
                pytest.fail(f"{personne}\u202f: {erreur.message_dict}")
            Titulaire(**personne.champs()).clean()

    def test_les_adresses_sont_uniques_et_en_example_org(self, cinq_cents):
        assert len({p.courriel for p in cinq_cents}) == 500
        assert all(p.courriel.endswith("@example.org") and p.courriel.isascii() for p in cinq_cents)

    def test_les_telephones_sont_dans_la_plage_de_la_fiction(self, cinq_cents):
        assert all(p.telephone.startswith("06 39 98 ") for p in cinq_cents)

    def test_les_naissances_en_france_ont_un_code_commune_et_celles_d_ailleurs_un_code_pays(self, cinq_cents):
        codes = {c.code_insee: c for c in communes()}
        ailleurs = [p for p in cinq_cents if p.pays_naissance != FRANCE]
        assert 30 < len(ailleurs) < 100
        for personne in cinq_cents:
            assert pays()[personne.pays_naissance].libelle == personne.libelle_pays_naissance
            if personne.pays_naissance == FRANCE:
                assert codes[personne.code_insee_naissance].libelle == personne.commune_naissance
            else:
                assert personne.code_insee_naissance == ""

    def test_quelques_personnes_ne_connaissent_que_leur_annee_de_naissance(self, cinq_cents):
        assert 0 < sum(p.mois_naissance is None for p in cinq_cents) < 40

    def test_les_etablissements_ont_un_siret_juste_unique_et_hors_de_toute_plage_attribuee(self):
        lus = inventions.etablissements(1, [f"Atelier d’exemple n° {n}" for n in range(200)])
        assert len({e.siret for e in lus}) == 200
        for etablissement in lus:
            assert siret.is_valid(etablissement.siret) and siren.is_valid(etablissement.siret[:9])
            assert etablissement.siret.startswith("999")
        assert lus == inventions.etablissements(1, [f"Atelier d’exemple n° {n}" for n in range(200)])


def lancer(*arguments) -> str:
    sortie = StringIO()
    call_command("demonstration", *arguments, stdout=sortie)
    return sortie.getvalue()


@pytest.fixture
def sans_dossiers(db):
    """The registry and the accounts only: enough to speak of passwords and second factors."""
    registre = certifications.charger()
    return personnes.creer_comptes(7, registre.organismes | personnes.lieux(7))


class TestComptes:
    def test_chaque_role_a_un_compte(self, sans_dossiers):
        assert set(Role.objects.values_list("nom", flat=True)) == set(Role.Nom.values)

    def test_les_mots_de_passe_imprimes_ouvrent_les_comptes_et_respectent_la_regle(self, sans_dossiers):
        for compte in personnes.presentation(7):
            utilisateur = sans_dossiers[compte["courriel"]]
            assert utilisateur.check_password(compte["mot_de_passe"])
            validate_password(compte["mot_de_passe"], utilisateur)

    def test_un_second_facteur_est_pose_la_ou_le_role_l_exige_et_la_seulement(self, sans_dossiers):
        for compte in personnes.presentation(7):
            utilisateur = sans_dossiers[compte["courriel"]]
            facteurs = Authenticator.objects.filter(user=utilisateur, type="totp")
            assert facteurs.exists() == utilisateur.exige_double_authentification == bool(compte["totp"])

    def test_le_code_du_moment_est_celui_que_la_connexion_accepte(self, sans_dossiers):
        facteur = Authenticator.objects.get(user=sans_dossiers["certificateur@example.org"])
        assert TOTP(facteur).validate_code(personnes.code_du_moment("certificateur@example.org"))

    def test_les_secrets_decoulent_de_la_graine(self):
        assert personnes.presentation(7) == personnes.presentation(7)
        un, autre = personnes.presentation(7), personnes.presentation(8)
        assert all(a["mot_de_passe"] != b["mot_de_passe"] for a, b in zip(un, autre, strict=True))

    def test_le_code_d_un_compte_sans_second_facteur_est_refuse_par_une_phrase(self, sans_dossiers):
        with pytest.raises(CommandError, match="n’a pas de second facteur"):
            lancer("--code", "candidat@example.org")


class TestCommande:
    def test_elle_se_refuse_sur_un_site_de_production(self, db, settings):
        settings.PAGES_DE_DEVELOPPEMENT = False
        with pytest.raises(CommandError, match="production"):
            lancer()
        assert not Certification.objects.exists()

    def test_chaque_certification_a_sa_page_avec_ses_textes(self, registre):
        assert portail.ouvrir() == len(registre.certifications)
        assert portail.ouvrir() == 0
        page = PageCQP.objects.get(certification__slug="couvreur-lauzier-schiste")
        assert "La lauze de schiste" in str(page.corps)


class TestPlan:
    """The full plan: what `manage.py demonstration` loads without option."""

    groupes = [g for s in distribution.SEANCES for g in s.groupes]

    def test_trois_cents_dossiers_et_dix_sessions(self):
        assert sum(g.nombre for g in [*self.groupes, *distribution.EN_COURS]) == 300
        assert len(distribution.SEANCES) + sum(bool(s.vers_la_cpne) for s in distribution.SEANCES) == 10

    def test_cent_parchemins_sont_delivres(self):
        scellees = [s for s in distribution.SEANCES if s.jours < 0]
        valides = sum(
            g.nombre for s in scellees for g in s.groupes if not g.lacunes and g.issue == Inscription.Issue.DECIDEE
        )
        laisses = sum(s.vers_la_cpne.laisses for s in scellees if s.vers_la_cpne)
        # The dossiers that wait for a preparation or an approval are the last of their session: six are « validés ».
        assert valides - laisses - 6 == 100

    def test_une_fraction_garde_un_dossier_de_chaque_sorte(self):
        seances, en_cours = distribution.repartir(0.01)
        assert {g.but for g in en_cours} == {g.but for g in distribution.EN_COURS}
        assert all(g.nombre == 1 for g in en_cours)
        assert len(seances) == len(distribution.SEANCES)

    def test_la_meme_graine_le_meme_jour_fait_le_meme_plan(self, db):
        maintenant = timezone.now()
        plans = []
        for graine in (5, 5, 6):
            with transaction.atomic():
                registre = certifications.charger()
                organismes = registre.organismes | personnes.lieux(5)
                comptes = personnes.creer_comptes(5, organismes)
                monde = scenario.Monde(
                    registre=registre,
                    comptes=comptes,
                    organismes=organismes,
                    employeurs=regles.employeurs(organismes, comptes),
                    membres=regles.membres_du_jury(organismes, comptes),
                    atelier=None,
                    graine=graine,
                    maintenant=maintenant,
                )
                scenario.ecrire(monde, 0.05)
                gens = [getattr(a.func, "__self__", None) for _, _, a in monde.actes]
                gens = [o.personne for o in gens if isinstance(o, Dossier)]
                plans.append(([instant for instant, _, _ in monde.actes], gens))
                transaction.set_rollback(True)
        assert plans[0] == plans[1]
        assert plans[0] != plans[2]

    def test_des_enregistrements_tous_echus_se_disent_par_une_phrase(self, db):
        with horloge(timezone.now() + timedelta(days=10 * 365)), pytest.raises(CommandError, match="sont échus"):
            lancer("--part", "0.01")


class TestAtelier:
    def test_un_document_se_fait_meme_quand_aucun_processus_ne_peut_vivre(self, monkeypatch):
        """A child killed for want of memory slows the loading down, and does not stop it."""
        faits = []
        monkeypatch.setattr(atelier.processus, "demarrer", exit)
        fausse = SimpleNamespace(fabriquer=SimpleNamespace(call=faits.append), composer=len)
        monkeypatch.setattr(atelier, "fabrication", fausse)
        monkeypatch.setattr(atelier, "images_de", lambda fiche: {})
        with atelier.Atelier() as notre:
            notre.commander(SimpleNamespace(pk=1, enregistrement={}, jeton=""))
            notre.livrer()
            notre.commander(SimpleNamespace(pk=2, enregistrement={}, jeton=""))
            notre.livrer()
        assert faits == [1, 2]
