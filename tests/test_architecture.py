"""The rules of the house, held by the code itself: who imports whom, who writes the state, how things are named."""

import ast
import re
from io import StringIO

import pytest
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from importlinter.cli import lint_imports
from wagtail.models import Page

from . import maison, typographie

NOMS_VAGUES = {"utils", "helpers", "services", "core", "misc", "common", "divers", "outils"}
# Written as typed on a keyboard without accents, or left in English: what a French reader must never meet.
MOTS_FAUTIFS = re.compile(
    r"\b(numero|etat|prenom|libelle|delivre|cree|depose|duree|annee|societe|telephone|intitule|evaluation|reference|"
    r"competence|competences|qualite|date of|name|status|created|updated|user|file|type of)\b|['_]",
    re.I,
)
NOMS_PROPRES = {"Message-ID"}
# Held on one object only: the chair and the secretary of a session, the person invited to one evaluation, who asks for
# an account or is offered a role; and the platform itself, at its hour.
ROLES_D_UN_OBJET = {"president", "secretaire", "metier", "demandeur", "invite", "passant", "plateforme", "titulaire"}
TEXTES = (models.CharField, models.TextField, models.FileField)


class TestImports:
    def test_chacun_n_importe_que_ce_qui_est_sous_lui(self, capsys):
        """The contracts of pyproject.toml hold: ground floor, siblings, order of the rooms."""
        assert lint_imports(no_cache=True) == 0, capsys.readouterr().out

    def test_aucun_fichier_n_a_un_nom_vague(self):
        """A function without a home tells that a noun is missing."""
        noms = {c: {c.stem, *c.relative_to(maison.RACINE).parts} for c in maison.fichiers_python()}
        assert not [maison.relatif(chemin) for chemin, parties in noms.items() if NOMS_VAGUES & parties]

    def test_aucun_fichier_n_est_trop_long(self):
        """A file is split before it is too long to be read in one go."""
        longs = {maison.relatif(c): n for c in maison.fichiers_python() if (n := len(c.read_text().splitlines())) > 400}
        assert not longs


class TestEtat:
    MODELES = frozenset(m.__name__ for m in maison.nos_modeles() if any(f.name == "etat" for f in m._meta.get_fields()))

    def test_l_etat_ne_change_que_dans_le_mecanisme(self):
        """`etat` is given a value in registre/transitions.py and nowhere else."""
        ecrits = {
            f"{maison.relatif(chemin)}:{ligne}"
            for chemin in maison.fichiers_python()
            for ligne in maison.affectations_d_etat(chemin.read_text(), self.MODELES)
        }
        assert {lieu.split(":")[0] for lieu in ecrits} == {"registre/transitions.py"}, sorted(ecrits)

    @pytest.mark.parametrize(
        "source",
        [
            "dossier.etat = 'validee'",
            "a, dossier.etat = 1, 'validee'",
            "dossier.etat: str = 'validee'",
            "setattr(dossier, 'etat', 'validee')",
            "Candidature.objects.filter(pk=1).update(etat='validee')",
            "Candidature.objects.bulk_update(lot, ['etat'])",
            "Candidature.objects.create(etat='validee')",
            "Candidature.objects.update_or_create(pk=1, defaults={'etat': 'validee'})",
            "Candidature(etat='validee')",
            "Candidature(**{'etat': 'validee'})",
        ],
    )
    def test_le_lecteur_voit_chaque_facon_d_ecrire(self, source):
        """Positive control: every way of writing a state is seen."""
        assert maison.affectations_d_etat(source, frozenset({"Candidature"})) == [1]

    @pytest.mark.parametrize("source", ["dossier.etat == 'x'", "Q(etat='x')", "f(dossier.etat)", "etat = 'x'"])
    def test_lire_un_etat_n_est_pas_l_ecrire(self, source):
        """Reading or filtering by a state stays free."""
        assert maison.affectations_d_etat(source, frozenset({"Candidature"})) == []


class TestGabarits:
    def test_rien_que_la_politique_de_contenu_interdit(self):
        """No inline style, script nor event handler (a printed document is not served by the site)."""
        servis = {nom: chemin.read_text() for nom, chemin in maison.gabarits() if not maison.est_imprime(nom)}
        assert not {nom: fautes for nom, texte in servis.items() if (fautes := maison.fautes_de_gabarit(texte))}

    @pytest.mark.parametrize(
        "fautif",
        [
            '<p style="color:red">',
            "<style>p{}</style>",
            "<script>alert(1)</script>",
            '<button onclick="x()">',
            '<a href="javascript:x">',
        ],
    )
    def test_le_lecteur_voit_chaque_faute(self, fautif):
        """Positive control: each forbidden construct is seen."""
        assert len(maison.fautes_de_gabarit(fautif)) == 1

    def test_chaque_gabarit_sert(self):
        """A template named by no code and no other template is dead: delete it."""
        textes, motifs = set(), []
        for chemin in [*maison.fichiers_python(), *sorted((maison.RACINE / "tests").rglob("*.py"))]:
            siens, patrons = maison.textes_du_code(chemin.read_text())
            textes |= siens
            motifs += patrons
        sources = {nom: chemin.read_text() for nom, chemin in maison.gabarits()}
        pages = {m.template for m in maison.nos_modeles() if issubclass(m, Page)}
        morts = [
            nom
            for nom in sources
            if nom not in textes | pages
            and not any(motif.fullmatch(nom) for motif in motifs)
            and not any(nom in contenu for autre, contenu in sources.items() if autre != nom)
            and not maison.surcharge_un_paquet(nom)
            and not re.fullmatch(r"(400|403|403_csrf|404|500)\.html", nom)
        ]
        assert not morts

    def test_les_gabarits_restent_courts(self):
        """Over 150 lines, a template holds a component that wants its own file; a printed document may be longer."""
        longs = {
            nom: lignes
            for nom, chemin in maison.gabarits()
            if not maison.est_imprime(nom) and (lignes := len(chemin.read_text().splitlines())) > 150
        }
        assert not longs


class TestTypographie:
    def test_les_gabarits_gardent_la_ponctuation_avec_son_mot(self):
        """No plain space before « : ; ! ? » nor inside quotes: the mark would begin the next line."""
        lus = {nom: list(typographie.fautes_de_gabarit(c.read_text())) for nom, c in maison.gabarits()}
        assert not {nom: lignes for nom, lignes in lus.items() if lignes}

    def test_les_phrases_du_code_aussi(self):
        """The same of what Python and the scripts say: U+00A0 before a colon, U+202F before the others."""
        lus = {maison.relatif(c): list(typographie.fautes_de_code(c.read_text())) for c in maison.fichiers_python()}
        scripts = sorted((maison.RACINE / "site_public" / "static" / "js").glob("*.js"))
        lus |= {maison.relatif(c): list(typographie.fautes_de_script(c.read_text())) for c in scripts}
        assert scripts and not {nom: lignes for nom, lignes in lus.items() if lignes}

    @pytest.mark.parametrize(
        ("genre", "fautif", "juste"),
        [
            ("gabarit", "<p>Motif : {{ motif }}</p>", '<a class="a ; b" href="x : y">Motif\u00a0: x</a>{% if a : b %}'),
            (
                "gabarit",
                "<p>« {{ nom }} »</p>",
                "<p>«\u202f{{ nom }}\u202f»</p><style>a :hover { color : red }</style>",
            ),
            ("code", "f'{nom} : absent'", "'''Doc : lue ici seulement.'''\nf'{n:>5}, {n if n else 0}'\n{'a': 1}"),
            ("code", "raise Refus('Quoi ?')", "raise Refus('Quoi\u202f?')"),
            ("script", 'dire("Envoi : " + n);', 'x = a ? "b" : "c"; // « d »'),
        ],
    )
    def test_le_lecteur_entend_les_phrases_seules(self, genre, fautif, juste):
        """Positive control: each fault is seen; code, styles, addresses and comments are not read as French."""
        lire = getattr(typographie, f"fautes_de_{genre}")
        assert list(lire(fautif)) == [1] and not list(lire(juste))


class TestModeles:
    CHAMPS = [champ for modele in maison.nos_modeles() for champ in maison.champs_a_nous(modele)]

    def test_chaque_champ_est_nomme_en_francais(self):
        """Labels are given, begin in lower case (acronyms apart) and carry their accents."""
        fautifs = []
        for champ in self.CHAMPS:
            nom = str(champ._verbose_name or "")
            majuscule = nom[:1].isupper() and not nom.split()[0].isupper() and nom not in NOMS_PROPRES
            if not nom or majuscule or MOTS_FAUTIFS.search(nom):
                fautifs.append(f"{champ} : « {nom} »")
        assert not fautifs

    def test_chaque_modele_a_un_nom_lisible(self):
        """A model names itself, in the singular and in the plural."""
        noms = {"verbose_name", "verbose_name_plural"}
        assert not [m._meta.label for m in maison.nos_modeles() if not noms <= set(m._meta.original_attrs)]

    def test_la_finalite_et_la_duree_de_conservation_sont_dites(self):
        """Why we keep these data, and for how long (RGPD, article 30)."""
        assert not [
            f"{modele._meta.label}.{attribut}"
            for modele in maison.nos_modeles()
            for attribut in ("finalite", "conservation")
            if not str(getattr(modele, attribut, "")).strip().endswith(".")
        ]

    def test_un_texte_absent_est_un_texte_vide(self):
        """No null on text: two ways to say nothing would make every filter lie."""
        assert not [str(champ) for champ in self.CHAMPS if isinstance(champ, TEXTES) and champ.null]

    def test_aucun_lien_generique(self):
        """A link names its table: the database then keeps it true."""
        liens = [champ for modele in maison.nos_modeles() for champ in modele._meta.private_fields]
        assert not [str(champ) for champ in liens if isinstance(champ, GenericForeignKey)]

    def test_rien_n_efface_un_parchemin_ni_le_journal(self):
        """No CASCADE to or from what must last fifty years."""
        from registre.models import EntreeJournal, Parchemin

        durables = {Parchemin, EntreeJournal}
        fautifs = [
            str(champ)
            for modele in maison.apps.get_models()
            for champ in modele._meta.get_fields()
            if isinstance(champ, models.ForeignKey)
            and champ.remote_field.on_delete is models.CASCADE
            and (champ.remote_field.model in durables or modele in durables)
        ]
        assert not fautifs


class TestMigrations:
    @pytest.mark.django_db
    def test_les_migrations_disent_tout_des_modeles(self):
        """`makemigrations` has nothing to add."""
        call_command("makemigrations", check=True, dry_run=True, verbosity=0, stdout=StringIO())

    def test_une_migration_ne_depend_pas_du_code_vivant(self):
        """A migration still runs the day the code it was written with is gone."""
        lues = {
            maison.relatif(c): maison.imports_vivants(c.read_text()) for c in maison.fichiers_python(migrations=True)
        }
        assert not {chemin: trouves for chemin, trouves in lues.items() if trouves}

    def test_le_lecteur_voit_le_code_vivant(self):
        """Positive control: an import and a class of ours are seen, a validator or a storage passes."""
        source = "from cpf.flux import x\nimport registre.models.parchemins\nregistre.models.parchemins.stockage_prive"
        assert maison.imports_vivants(source) == ["from cpf.flux import …"]
        assert maison.imports_vivants("registre.models.parchemins.Parchemin") == [
            "registre.models.parchemins.Parchemin"
        ]


def adresses(resolveur=None, prefixe=""):
    for motif in (resolveur or get_resolver()).url_patterns:
        chemin = prefixe + str(motif.pattern)
        if isinstance(motif, URLResolver):
            yield from adresses(motif, chemin)
        elif isinstance(motif, URLPattern):
            yield chemin, motif


class TestEcrans:
    def test_chaque_ecran_de_gestion_declare_ses_roles(self):
        """Under /gestion/, a view is a class that says who may open it, with known roles only."""
        from backoffice.acces import TOUS_ET_LE_SITE, Ecran

        ecrans = [(chemin, motif) for chemin, motif in adresses() if chemin.startswith("gestion/")]
        assert ecrans
        fautifs = []
        for chemin, motif in ecrans:
            vue = getattr(motif.callback, "view_class", None)
            if not (vue and issubclass(vue, Ecran) and vue.roles and set(vue.roles) <= set(TOUS_ET_LE_SITE)):
                fautifs.append(chemin)
        assert not fautifs

    def test_chaque_adresse_de_gestion_a_un_nom(self):
        """Links go by name: an address without one could only be written by hand."""
        assert not [c for c, motif in adresses() if c.startswith("gestion/") and not motif.name]


class TestVerbes:
    def test_la_documentation_est_celle_des_verbes(self):
        """docs/parcours.md is what the generator writes from the registered verbs."""
        call_command("documenter_parcours", "--verifier", stdout=StringIO())

    def test_chaque_verbe_est_documente(self):
        """Every registered verb has its line."""
        from registre.transitions import VERBES

        texte = (maison.RACINE / "docs" / "parcours.md").read_text()
        assert VERBES
        assert not [nom for _, nom in VERBES if f"`{nom}`" not in texte]

    def test_un_verbe_nomme_les_etats_et_les_roles_de_son_modele(self):
        """No verb speaks of a state or a role that does not exist."""
        from backoffice.acces import TOUS
        from registre.transitions import VERBES

        for verbe in VERBES.values():
            etats = {valeur for valeur, _ in maison.apps.get_model(verbe.modele)._meta.get_field("etat").choices}
            assert set(verbe.de) | set(verbe.vers) <= etats, verbe.nom
            assert set(verbe.roles) <= {*TOUS, *ROLES_D_UN_OBJET}, verbe.nom
            assert verbe.libelle and not MOTS_FAUTIFS.search(verbe.libelle), verbe.nom


def test_les_fonctions_restent_courtes():
    """A function of more than forty lines (docstring apart) hides a noun; tests and migrations are not counted."""
    longues = {}
    for chemin in maison.fichiers_python():
        for noeud in ast.walk(ast.parse(chemin.read_text())):
            if isinstance(noeud, ast.FunctionDef):
                corps = noeud.body[1:] if ast.get_docstring(noeud) else noeud.body
                lignes = (noeud.end_lineno - corps[0].lineno + 1) if corps else 0
                if lignes > 45:
                    longues[f"{maison.relatif(chemin)}:{noeud.name}"] = lignes
    assert not longues
