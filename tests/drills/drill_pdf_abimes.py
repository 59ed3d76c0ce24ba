"""Five hundred copies of sealed documents, each with something wrong: never « authentique »."""

import io
import random
from collections import Counter

import pikepdf
import pytest
from django.utils import timezone
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from registre import certificats, sceau
from registre.fabrication import fabriquer
from registre.scelleur import _Signataire
from tests.verification.fabrique import document
from tests.verification.test_depot import abimer, reenregistre, sans_sceau
from verification import depot

pytestmark = pytest.mark.django_db


def dans_le_trou(octets, hasard):
    """Only in what the signature does not cover: the place of the signature itself."""
    (trou,) = sceau._trous(octets)
    rang = hasard.randrange(trou.debut + 1, trou.fin - 1)
    return octets[:rang] + bytes([hasard.choice(b"0123456789ABCDEFabcdef")]) + octets[rang + 1 :]


def retouche(octets, hasard):
    """What an editor writes: another title, a blank page."""
    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        pdf.docinfo["/Title"] = f"Parchemin {hasard.random()}"
        pdf.add_blank_page()
        pdf.save(sortie)
    return sortie.getvalue()


def mise_a_jour(octets, hasard):
    """An increment after ours, well formed."""
    ecriture = IncrementalPdfFileWriter(io.BytesIO(octets))
    ecriture.root["/Retouche"] = generic.NumberObject(hasard.randrange(10**9))
    ecriture.update_root()
    sortie = io.BytesIO()
    ecriture.write(sortie)
    return sortie.getvalue()


def deux_sceaux(octets, hasard):
    """Sealed again by somebody who ignores that no change is allowed."""
    ecriture = IncrementalPdfFileWriter(io.BytesIO(octets))
    signataire = PdfSigner(PdfSignatureMetadata(field_name="Autre"), signer=hasard.signataire)
    return signataire.sign_pdf(ecriture).getvalue()


def autre_sceau(octets, hasard):
    """Our seal taken off, another one put, under the same names."""
    nu = IncrementalPdfFileWriter(io.BytesIO(sans_sceau(octets)))
    return PdfSigner(PdfSignatureMetadata(field_name="Sceau"), signer=hasard.signataire).sign_pdf(nu).getvalue()


def rescelle(octets, hasard):
    """Sealed once more by us: a good seal, and not the file of the register."""
    return sceau.sceller(sans_sceau(octets), timezone.now())


FACONS = {
    "octets changés, coupés, ajoutés, déplacés": (abimer, 250),
    "chiffres changés dans la place du sceau": (dans_le_trou, 100),
    "ajout après la fin": (lambda octets, hasard: octets + hasard.randbytes(hasard.randrange(1, 3000)), 40),
    "réenregistré": (lambda octets, hasard: reenregistre(octets), 10),
    "retouché": (retouche, 30),
    "sceau ôté": (lambda octets, hasard: sans_sceau(octets) + b"\n" * hasard.randrange(20), 20),
    "mise à jour incrémentale": (mise_a_jour, 20),
    "second sceau par-dessus": (deux_sceaux, 10),
    "sceau d’un autre à la place": (autre_sceau, 10),
    "scellé de nouveau par nous": (rescelle, 10),
}


def test_cinq_cents_copies_ne_sont_jamais_authentiques(settings, tmp_path, monkeypatch):
    """And the original is, before and after."""
    parchemin = document()
    fabriquer.call(parchemin.pk)
    parchemin.refresh_from_db()
    with parchemin.fichier.open() as fichier:
        octets = fichier.read()
    monkeypatch.setattr(PdfSigner, "_enforce_certification_constraints", lambda self, lecteur: None)
    hasard, notres = random.Random(7), settings.DOSSIER_CLES
    settings.DOSSIER_CLES = tmp_path
    certificats.creer()
    hasard.signataire = _Signataire(certificats.actif())
    settings.DOSSIER_CLES = notres
    assert depot.examiner(octets).cas is depot.Cas.AUTHENTIQUE
    total = 0
    for nom, (facon, combien) in FACONS.items():
        cas = Counter()
        while cas.total() < combien:
            copie = facon(octets, hasard)
            if copie != octets:
                cas[depot.examiner(copie).cas] += 1
        total += cas.total()
        print(f"{nom} : {dict(cas)}")
        assert depot.Cas.AUTHENTIQUE not in cas and depot.Cas.MAL_SCELLE not in cas
    print(f"{total} copies, 0 authentique")
    assert total == 500 and depot.examiner(octets).cas is depot.Cas.AUTHENTIQUE
