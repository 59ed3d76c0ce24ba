"""Reading accusés: tolerant with their form, deaf to hostile files, never silent on what they say."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpf.accuses import (
    SANS_MESSAGE,
    TAILLE_MAXIMALE,
    Accuse,
    AccuseIllisible,
    conseil,
    lire,
)

from . import fabrique

FLUX = "6e3c7378-bda4-497a-9bd6-dc203f903ed9"
AUCUN = "Aucun titulaire ne correspond aux critères obligatoires"
DEJA = "Le passage certification avec le bcr émetteur 03VML243 et l'id technique partenaire 1559735 existe déjà en base"


def rapport(contenu: str, entete: str = f"<idFlux>{FLUX}</idFlux>") -> bytes:
    return f"<rapport>{entete}{contenu}</rapport>".encode()


def test_l_accuse_reel_est_lu_en_entier():
    """The form seen from the Caisse des dépôts: flux, processing number, file, accepted and refused passages."""
    lu = lire(fabrique.accuse(FLUX, acceptes=["a1", "a2"], refuses={"r1": [AUCUN, "Autre motif"]}))
    assert lu == Accuse(FLUX, "67598", "flux.xml", {"a1", "a2"}, {"r1": [AUCUN, "Autre motif"]})


@pytest.mark.parametrize(
    "contenu",
    [
        "<passagesOK><passage><idTechnique>a1</idTechnique></passage></passagesOK>"
        "<passagesKO><passage><idTechnique>r1</idTechnique><codeErreur>E12</codeErreur>"
        f"<messageErreur>{AUCUN}</messageErreur></passage></passagesKO>",
        f"<PASSAGESKO><idTechnique>r1</idTechnique><codeErreur>E12</codeErreur><messageErreur>{AUCUN}</messageErreur>"
        "</PASSAGESKO><PASSAGESOK><idTechnique> a1\n</idTechnique></PASSAGESOK>",
        "<resultat><n:passagesOK xmlns:n='urn:x'><n:idTechnique>a<!-- c -->1</n:idTechnique></n:passagesOK>"
        "<passagesKO><passage><codeErreur>E12</codeErreur>"
        f"<messageErreur><![CDATA[{AUCUN}]]></messageErreur><idTechnique>r1</idTechnique></passage></passagesKO></resultat>",
    ],
)
def test_les_variantes_de_forme_disent_la_meme_chose(contenu):
    """Case, namespace, wrapper, error code, order, comments: the same answer is read."""
    lu = lire(rapport(contenu))
    assert (lu.acceptes, lu.refuses) == ({"a1"}, {"r1": [f"E12\u00a0: {AUCUN}"]})


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("autonome", ["", ' standalone="no"', ' standalone="yes"'])
def test_les_encodages_usuels_sont_lus(encodage, autonome):
    """Whatever the encoding and the declaration, accents arrive whole."""
    declare = "utf-8" if encodage == "utf-8-sig" else encodage
    texte = (
        f'<?xml version="1.0" encoding="{declare}"{autonome}?>'
        + rapport(
            f"<PassagesKO><passage><idTechnique>r1</idTechnique><messageErreur>{AUCUN}</messageErreur></passage></PassagesKO>"
        ).decode()
    )
    assert lire(texte.encode(encodage)).refuses == {"r1": [AUCUN]}


def test_des_listes_vides_ou_absentes_sont_admises():
    """An accusé may refuse nothing, accept nothing, or both."""
    for contenu in ("", "<PassagesOK/>", "<PassagesKO/><PassagesOK/>", "<PassagesKO> \n </PassagesKO>"):
        lu = lire(rapport(contenu))
        assert (lu.acceptes, lu.refuses, lu.orphelins) == (set(), {}, [])


def test_deja_en_base_vaut_acceptation():
    """A refusal because the passage is already registered is a success, even among other messages."""
    lu = lire(fabrique.accuse(FLUX, acceptes=["a1"], refuses={"d1": [DEJA], "d2": ["Doublon", DEJA], "r1": [AUCUN]}))
    assert lu.acceptes == {"a1", "d1", "d2"}
    assert lu.deja_en_base == {"d1", "d2"}
    assert set(lu.refuses) == {"r1"}


def test_un_passage_accepte_et_refuse_reste_refuse():
    """Contradiction: refused wins, since declaring it again can do no harm."""
    lu = lire(fabrique.accuse(FLUX, acceptes=["x"], refuses={"x": [AUCUN]}))
    assert (lu.acceptes, lu.refuses) == (set(), {"x": [AUCUN]})


def test_un_refus_sans_message_ou_sans_identifiant_n_est_pas_perdu():
    """No message: said so. No identifier: the message is reported apart. Repeated lines are told once."""
    lu = lire(
        rapport(
            "<PassagesKO><passage><idTechnique>r1</idTechnique></passage>"
            f"<passage><messageErreur>{AUCUN}</messageErreur></passage>"
            f"<passage><idTechnique>r2</idTechnique><messageErreur>{AUCUN}</messageErreur></passage>"
            f"<passage><idTechnique>r2</idTechnique><messageErreur>{AUCUN}</messageErreur></passage></PassagesKO>"
        )
    )
    assert lu.refuses == {"r1": [SANS_MESSAGE], "r2": [AUCUN]}
    assert lu.orphelins == [AUCUN]


HOSTILES = {
    "entité externe": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r><idFlux>&x;</idFlux></r>',
    "milliard de rires": '<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;&a;">]><r><idFlux>&b;</idFlux></r>',
    "DTD distante": '<!DOCTYPE rapport SYSTEM "http://localhost:9/x.dtd"><rapport><idFlux>1</idFlux></rapport>',
    "DTD paramétrée": '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://localhost:9/"> %p;]><rapport/>',
}


@pytest.mark.parametrize("cas", HOSTILES)
@pytest.mark.parametrize("encodage", ["utf-8", "utf-16"])
def test_tout_doctype_est_refuse(cas, encodage):
    """Any DOCTYPE, in any encoding: refused before anything of it is used."""
    with pytest.raises(AccuseIllisible, match="DOCTYPE"):
        lire(HOSTILES[cas].encode(encodage))


@pytest.mark.parametrize(
    ("octets", "phrase"),
    [
        (b"", "vide"),
        (b"  \n ", "vide"),
        (b"%PDF-1.7 ...", "pas un fichier XML"),
        (b"PK\x03\x04\x00\x00", "pas un fichier XML"),
        (b"<rapport><idFlux>1</idFlux>", "pas un fichier XML"),
        (b"<rapport>&x;</rapport>", "pas un fichier XML"),
        (b'<?xml version="1.0" encoding="x-rien"?><rapport/>', "pas un fichier XML"),
        (b"<rapport>\xff\xfe</rapport>", "pas un fichier XML"),
        (b"<html><body/></html>", "pas un accus"),
        (b"<rapport/>", "identifiant du flux"),
        (rapport("<PassagesOK/>", entete="<idFlux>  </idFlux>"), "identifiant du flux"),
        (rapport(f"<PassagesOK><idTechnique>{'x' * 256}</idTechnique></PassagesOK>"), "255"),
        (b"<a>" * 5_000, "n’a pas la forme".encode().decode()),
        (b"<rapport>" + b" " * TAILLE_MAXIMALE, "64"),
        (
            b'<cpf:flux xmlns:cpf="urn:cdc:cpf:pc5:schema:1.0.0"><cpf:idFlux>1</cpf:idFlux></cpf:flux>',
            "flux déposé",
        ),
    ],
)
def test_ce_qui_n_est_pas_un_accuse_est_refuse_en_francais(octets, phrase):
    """Empty, other formats, broken, too large, our own flux: one French sentence, never another exception."""
    with pytest.raises(AccuseIllisible, match=phrase):
        lire(octets)


MORCEAUX = [
    b"<rapport>", b"</rapport>", b"<idFlux>", b"</idFlux>", b"<PassagesKO>", b"</PassagesKO>", b"<passage>",
    b"</passage>", b"<idTechnique>", b"</idTechnique>", b"<messageErreur>", b"</messageErreur>", b"<PassagesOK>",
    b"</PassagesOK>", b"<!DOCTYPE r>", b"&amp;", b"&x;", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?p x?>", b"\x00",
    b'<?xml version="1.0" encoding="UTF-16"?>', b'<a xmlns:a="u" a:b="', b"x1", "é".encode(),
]  # fmt: skip


OCTETS = st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(MORCEAUX), max_size=30).map(b"".join))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OCTETS)
def test_aucun_octet_ne_fait_autre_chose_qu_un_accuse_ou_un_refus(octets):
    """Any bytes at all: an accusé with a flux, or a refusal in French. The drill tries a hundred thousand."""
    juger(octets)


def juger(octets: bytes) -> None:
    """Read these bytes: an accusé that says what it is for, or a sentence; nothing else."""
    try:
        lu = lire(octets)
    except AccuseIllisible as refus:
        assert str(refus).endswith(".")
    else:
        assert lu.id_flux and not lu.acceptes & lu.refuses.keys()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_un_accuse_abime_ne_change_jamais_de_sens_en_silence(donnees):
    """A real accusé cut anywhere is refused: half an answer is never taken for a whole one."""
    entier = fabrique.accuse(FLUX, acceptes=["a1", "a2"], refuses={"r1": [AUCUN]})
    coupe = donnees.draw(st.integers(0, len(entier) - 1))
    with pytest.raises(AccuseIllisible):
        lire(entier[:coupe])


@pytest.mark.parametrize(
    ("message", "extrait"),
    [
        (AUCUN, "nom de naissance"),
        (AUCUN + " enrichis du jour et du mois de naissance", "jour et ce mois"),
        (AUCUN.replace("obligatoires", "optionnels de réconciliation"), "lieu de naissance"),
        ("PLUSIEURS TITULAIRES ONT ETE IDENTIFIES", "troisième"),
        (DEJA, "déjà enregistré"),
        ("Motif jamais vu", "pièce d’identité"),
    ],
)
def test_chaque_message_connu_a_son_conseil(message, extrait):
    """Known wordings get their own advice, whatever case and accents; unknown ones a general one."""
    assert extrait in conseil(message)
