"""The probes of an outside checker: what an attacker would try, and the answer they must get."""

import io
import struct
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, String

from backoffice.candidatures.fichiers import controler

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
