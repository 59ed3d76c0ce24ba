"""The probes of an outside checker: what an attacker would try, and the answer they must get."""

import io
import json
import logging
import os
import struct
import subprocess
import sys
import zlib

import pikepdf
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from pikepdf import Array, Dictionary, Name, String

from backoffice.candidatures.fichiers import controler
from backoffice.candidatures.forms import MotifForm, VerbeForm
from backoffice.delivrances.forms import PreparationForm
from backoffice.evaluations.forms import InvitationForm
from backoffice.jurys.forms_mandats import MandatForm
from backoffice.jurys.forms_sessions import SessionForm
from registre.models import EntreeJournal
from site_public import traces

from . import fabriques as f

ANNOTATION = {"Type": Name.Annot, "Subtype": Name.Link, "Rect": [0, 0, 500, 500]}


def pdf(modifier=lambda document: None, **options) -> bytes:
    document, sortie = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    modifier(document)
    document.save(sortie, **options)
    return sortie.getvalue()


def annote(**action):
    """A link of the first page, its action written inside it as most programs do."""

    def modifier(document):
        document.pages[0].obj.Annots = Array([Dictionary(**ANNOTATION, **action)])

    return modifier


def avec_fichier(document):
    joint = document.make_stream(b"MZ")
    annote(FS=Dictionary(Type=Name.Filespec, F=String("a.exe"), EF=Dictionary(F=joint)))(document)


def page_qui_agit(document):
    document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def champ_qui_calcule(document):
    touche = Dictionary(K=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))
    document.Root.AcroForm = Dictionary(Fields=Array([Dictionary(FT=Name.Tx, T=String("a"), AA=touche)]))


def formulaire_xfa(document):
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=document.make_stream(b"<script/>"))


LANCER = Dictionary(S=Name.Launch, F=String("cmd.exe"))
ACTIFS = {
    "lancement dans l’annotation": pdf(annote(A=LANCER)),
    "lancement après un lien": pdf(annote(A=Dictionary(S=Name.URI, URI=String("http://a"), Next=LANCER))),
    "lancement dans un flux d’objets": pdf(annote(A=LANCER), object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "javascript dans l’annotation": pdf(annote(A=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))),
    "partage de fichiers distant": pdf(annote(A=Dictionary(S=Name.GoToR, F=String("\\\\hote\\a.pdf")))),
    "fichier joint sans type": pdf(avec_fichier),
    "page qui agit": pdf(page_qui_agit),
    "champ qui calcule": pdf(champ_qui_calcule),
    "formulaire XFA": pdf(formulaire_xfa),
}


@pytest.mark.parametrize("contenu", ACTIFS.values(), ids=ACTIFS.keys())
def test_un_pdf_qui_agit_est_refuse_ou_que_soit_l_action(contenu):
    """An action is refused wherever it is written: in its own object, inside another, in a compressed one."""
    with pytest.raises(ValidationError, match="contient du code ou des fichiers joints"):
        controler(SimpleUploadedFile("diplome.pdf", contenu))


def bombe_pdf(taille: int, cacher_les_noms: bool) -> bytes:
    """A PDF of some hundred bytes whose object stream unpacks to `taille` bytes, deflated twice."""
    flux = zlib.compress(zlib.compress(b"4 0 <</A(x)>> " + b" " * taille, 9), 9)
    sortie = b"%PDF-1.5\n"
    objets = {
        1: b"<</Type/Catalog/Pages 2 0 R/Z 4 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
        5: b"<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream "
        % (len(flux), flux),
    }
    places = {}
    for numero, corps in objets.items():
        places[numero] = len(sortie)
        sortie += b"%d 0 obj%sendobj\n" % (numero, corps)
    places[6] = len(sortie)
    lignes = struct.pack(">BIH", 0, 0, 65535)
    for numero in range(1, 7):
        lignes += struct.pack(">BIH", 2, 5, 0) if numero == 4 else struct.pack(">BIH", 1, places[numero], 0)
    sortie += b"6 0 obj<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(lignes)
    sortie += lignes + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % places[6]
    if cacher_les_noms:
        sortie = sortie.replace(b"/ObjStm", b"/#4fbjStm").replace(b"/XRef", b"/#58Ref")
    return sortie


@pytest.mark.parametrize("cacher_les_noms", [False, True])
def test_une_bombe_pdf_ne_se_deplie_pas(cacher_les_noms):
    """A thousand bytes that announce a hundred megabytes of objects are refused, not unpacked in the server."""
    bombe = bombe_pdf(100_000_000, cacher_les_noms)
    assert len(bombe) < 2_000
    with pytest.raises(ValidationError, match="abîmé"):
        controler(SimpleUploadedFile("diplome.pdf", bombe))
    assert controler(SimpleUploadedFile("diplome.pdf", bombe_pdf(1_000, cacher_les_noms)))


def test_un_pdf_honnete_entre_tel_quel():
    """The same structures without action enter: a link, objects in streams; the bytes are kept."""
    lien = Dictionary(S=Name.URI, URI=String("https://www.francecompetences.fr/"))
    for mode in (pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate):
        contenu = pdf(annote(A=lien), object_stream_mode=mode)
        assert controler(SimpleUploadedFile("diplome.pdf", contenu)).contenu == contenu


ENTETES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def verifier_entetes(reponse, code):
    assert reponse.status_code == code
    for entete, valeur in ENTETES.items():
        assert reponse.headers[entete] == valeur, entete
    assert "camera=()" in reponse.headers["Permissions-Policy"]
    politique = reponse.headers["Content-Security-Policy"]
    assert "object-src 'none'" in politique and "base-uri 'none'" in politique
    return politique


@pytest.mark.django_db
class TestLesPagesDErreur:
    """Whatever refuses a request, the answer is a French page, with every header, that tells nothing of the inside."""

    def refusee(self, reponse, code, titre):
        politique = verifier_entetes(reponse, code)
        assert "default-src 'none'" in politique and "unsafe" not in politique
        assert '<html lang="fr"' in reponse.text and titre in reponse.text
        for mot in ("Traceback", "Exception", "site-packages", str(settings.BASE_DIR)):
            assert mot not in reponse.text

    def test_un_nom_d_hote_inconnu(self, client, settings):
        """A forged Host is refused before any page is made."""
        settings.ALLOWED_HOSTS = ["cqp.example.org"]
        self.refusee(client.get("/", headers={"host": "pirate.example"}), 400, "illisible")

    def test_un_corps_trop_lourd(self, client):
        """Fields beyond Django's ceiling: too heavy, not unreadable."""
        self.refusee(client.post("/verifier/", {"numero": "x" * 3_000_000}), 413, "trop lourd")

    def test_une_requete_demesuree_n_est_pas_lue(self, client):
        """The announced length is enough: the body stays where it is, even for who may upload."""
        corps = client.generic("POST", "/verifier/", b"x", "text/plain", CONTENT_LENGTH="999999999999")
        self.refusee(corps, 413, "trop lourd")

    def test_trop_de_champs(self, client):
        """Ten thousand fields and one."""
        self.refusee(client.post("/verifier/", {f"c{n}": "1" for n in range(10_001)}), 400, "illisible")

    def test_une_page_qui_n_existe_pas(self, client):
        """The portal's 404."""
        self.refusee(client.get("/gestion-inconnue/"), 404, "")

    def test_une_panne(self, client, monkeypatch):
        """A fault of ours: the person reads a sentence, the trace goes to the log."""

        def panne(*args, **kwargs):
            raise RuntimeError("secret-de-la-panne")

        monkeypatch.setattr("site_public.views.connection.cursor", panne)
        client.raise_request_exception = False
        reponse = client.get("/sante/")
        self.refusee(reponse, 500, "")
        assert "secret-de-la-panne" not in reponse.text


@pytest.mark.django_db
def test_l_editeur_a_sa_politique_a_lui(client):
    """Under /admin/ scripts may stand in the page; they never come from elsewhere, and nobody frames it."""
    politique = verifier_entetes(client.get("/admin/"), 302)
    assert "script-src 'self' 'unsafe-inline';" in politique and "frame-ancestors 'self'" in politique
    assert "http" not in politique


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("proxys", "relais", "freinee"),
    [(1, "9.9.9.9, 10.0.0.{}", False), (1, "10.0.0.{}, 9.9.9.9", True), (0, "{}", True)],
)
def test_le_frein_compte_par_visiteur_et_ne_croit_que_nos_proxys(client, settings, proxys, relais, freinee):
    """Behind our proxy each visitor has a count of their own; what a visitor writes in the header buys nothing."""
    settings.PROXYS_DE_CONFIANCE = proxys
    codes = {
        client.post(
            "/verifier/",
            {"numero": "A-1", "nom_naissance": "B"},
            headers={"x-forwarded-for": relais.format(rang)},
            REMOTE_ADDR=f"127.0.{proxys}.{len(relais)}",
        ).status_code
        for rang in range(21)
    }
    assert (429 in codes) is freinee


@pytest.mark.parametrize(
    "suite", ["https://pirate.example/", "//pirate.example", "/\\pirate.example", "javascript:alert(1)"]
)
@pytest.mark.django_db
def test_la_connexion_ne_mene_pas_ailleurs(client, suite):
    """The page asked for before the login is one of ours, or the home of the back office."""
    employeur = f.UtilisateurFactory(role="employeur")
    saisie = {"login": employeur.email, "password": f.MOT_DE_PASSE, "next": suite}
    reponse = client.post("/compte/login/", saisie, query_params={"next": suite})
    assert (reponse.status_code, reponse.url) == (302, "/gestion/")


@pytest.mark.django_db
def test_remplacer_une_entree_du_journal_est_refuse():
    """« INSERT OR REPLACE » would slip under the triggers that refuse to change and to delete."""
    f.brouillon(f.Acteurs())
    table = EntreeJournal._meta.db_table
    if connection.vendor != "sqlite":
        pytest.skip("la forme n’existe qu’en SQLite")
    with pytest.raises(IntegrityError, match="ne se modifie pas"), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE sequence = 1")


LIGNES = {
    "lieu imprimé sur le parchemin": (PreparationForm, "lieu", {}),
    "nom lu dans le courriel d’invitation": (
        InvitationForm,
        "nom",
        {"fonction": "tuteur", "courriel": "a@example.org"},
    ),
    "fonction lue dans ce courriel": (InvitationForm, "fonction", {"nom": "Ada", "courriel": "a@example.org"}),
    "qualité imprimée sur le PV": (MandatForm, "qualite", {}),
    "organisation imprimée sur le PV": (MandatForm, "organisation", {}),
    "lieu de la séance, imprimé et envoyé": (SessionForm, "lieu", {}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("cas", LIGNES.values(), ids=LIGNES.keys())
@pytest.mark.parametrize("piege", ["Paris\u202esirap", "Pa\u200bris", "Paris\n\nCliquez ici", "Paris\x07"])
def test_une_ligne_imprimee_ne_cache_rien(cas, piege):
    """Turned, hidden or forged lines never reach a document, the minutes or a mail."""
    formulaire, champ, reste = cas
    acteurs = f.Acteurs()
    contexte = {"acteur": acteurs.certificateur}
    if issubclass(formulaire, VerbeForm):
        contexte["objet"] = f.brouillon(acteurs)
    saisie = formulaire({champ: piege, **reste}, **contexte)
    assert any("caractère invisible" in erreur for erreur in saisie.errors[champ])


@pytest.mark.django_db
def test_un_texte_de_plusieurs_lignes_garde_ses_lignes_et_ne_cache_rien():
    """Every form of an act: line breaks pass, what turns or hides words does not."""
    contexte = {"objet": f.brouillon(f.Acteurs()), "acteur": None}
    assert MotifForm({"motif": "Il manque :\n\t- le diplôme ;\r\n- le CV."}, **contexte).is_valid()
    for piege in ("Recevable\u202eelbaveceri", "Il man\u200bque le diplôme", "Il manque\x1b[2J le diplôme"):
        assert "caractère invisible" in str(MotifForm({"motif": piege}, **contexte).errors["motif"])


class TestLesTraces:
    """What the processes write helps to repair, and opens nothing."""

    def ligne(self, message, *args, exc_info=None, **extra):
        fait = logging.LogRecord("django.request", logging.ERROR, "", 1, message, args, exc_info)
        fait.__dict__.update(extra)
        return json.loads(traces.LigneJson().format(fait))

    @pytest.mark.parametrize(
        "secret",
        [
            "/invitation/dGhpcyBpcyBhIHNlY3JldC10b2tlbi0xMjM0NTY3ODkw/",
            "/V/" + "AB2CD3EF" * 21,
            "/compte/password/reset/key/1f-c8x2ab-0123/",
            "jeanne.doe@example.org",
        ],
    )
    def test_ni_jeton_ni_adresse(self, secret):
        """A refused address is logged with its path: its key is not."""
        ligne = self.ligne("Not Found: %s", secret, status_code=404)
        assert traces.MASQUE in ligne["message"] and ligne["code"] == 404
        assert not any(mot in ligne["message"] for mot in secret.split("/") if len(mot) > 10)

    def test_ni_ce_que_la_base_cite(self):
        """The database quotes the value that it refuses, in the trace too."""
        try:
            raise IntegrityError("duplicate key\nDETAIL:  Key (nom_naissance)=(Doeuf) already exists.")
        except IntegrityError:
            ligne = self.ligne("panne", exc_info=sys.exc_info())
        assert "IntegrityError" in ligne["trace"] and "Doeuf" not in ligne["trace"]

    def test_les_mots_restent_lisibles(self):
        """Paths and sentences of ours are whole: one can still repair."""
        texte = "Forbidden: /gestion/actes/candidatures.candidature/12/approuver_delivrance/"
        assert self.ligne(texte)["message"] == texte


PRODUCTION = {
    "SECRET_KEY": "k3Y-" * 5 + "abcdefghijklmnopqrstuvwxyz0123456789",
    "HOTES": "cqp.example.org",
    "ADRESSE_PUBLIQUE": "https://cqp.example.org",
    "DJANGO_SETTINGS_MODULE": "site_public.settings.production",
}


def demarrer(tmp_path, code="print('prêt')", **variables):
    environnement = {**os.environ, **PRODUCTION, "DOSSIER_DONNEES": str(tmp_path), "PYTHONUTF8": "1", **variables}
    environnement.pop("DATABASE_URL", None)
    commande = [sys.executable, "-c", f"import django; django.setup()\nfrom django.conf import settings as s\n{code}"]
    return subprocess.run(commande, env=environnement, cwd=settings.BASE_DIR, capture_output=True, text=True)


def test_en_production_les_temoins_sont_fermes_et_les_pages_d_essai_absentes(tmp_path):
    """Cookies bound to our host and to HTTPS, no debug, no page of development."""
    noms = "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY CSRF_COOKIE_NAME CSRF_COOKIE_SECURE"
    noms += " DEBUG PAGES_DE_DEVELOPPEMENT SECURE_SSL_REDIRECT PROXYS_DE_CONFIANCE"
    code = f"import json; print(json.dumps([getattr(s, n) for n in {noms!r}.split()]))"
    attendu = ["__Host-session", True, True, "__Host-csrf", True, False, False, True, 1]
    assert json.loads(demarrer(tmp_path, code).stdout) == attendu


@pytest.mark.parametrize(
    ("variables", "mot"),
    [
        ({"SECRET_KEY": "courte"}, "SECRET_KEY"),
        ({"ADRESSE_PUBLIQUE": "http://cqp.example.org"}, "ADRESSE_PUBLIQUE"),
        ({"DJANGO_SETTINGS_MODULE": "site_public.settings.dev", "DEBUG": "1"}, "DEBUG"),
    ],
)
def test_un_demarrage_dangereux_est_refuse(tmp_path, variables, mot):
    """A short key, an address in clear, the debugger under a public name: nothing starts, and the reason is said."""
    essai = demarrer(tmp_path, **variables)
    assert essai.returncode != 0 and mot in essai.stderr.splitlines()[-1]
