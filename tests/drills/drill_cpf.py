"""Ten thousand invented holders with hard names and births, through our checks, in both profiles: all valid.

`script/test --drills -k cpf` (PASSAGES=10000 by default). The suite plays the same on a handful.
"""

import os

from hypothesis import HealthCheck, Phase, given, settings
from lxml import etree

from cpf import flux
from cpf.controles import bloquantes, controler
from cpf.instantane import instantane
from tests.cpf import fabrique

# Dictionary of the CDC, docs/cpf.md: what a passage of ours may hold, and nothing else.
PERMIS = set(
    "passageCertification idTechnique urlPreuve libelleOption obtentionCertification donneeCertifiee dateDebutExamen "
    "dateFinExamen dateDebutValidite dateFinValidite presenceNiveauLangueEuro presenceNiveauNumeriqueEuro scoring "
    "mentionValidee modalitesInscription modaliteAcces voieAccessVAE initiativeInscription dateInscription "
    "identificationTitulaire titulaire nomNaissance nomUsage prenom1 prenom2 prenom3 anneeNaissance moisNaissance "
    "jourNaissance sexe codeCommuneNaissance codeInseeNaissance codeInsee codePostalNaissance codePostal "
    "libelleCommuneNaissance codePaysNaissance libellePaysNaissance".split()
)


def titulaires(nombre: int) -> list[dict]:
    """As many snapshots as asked that our checks let go."""
    retenus = []

    @settings(
        max_examples=nombre * 2,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(fabrique.enregistrements())
    def inventer(enregistrement):
        if len(retenus) < nombre:
            passage = instantane(enregistrement, f"{len(retenus):032x}", "https://registre.example.org/V/1")
            if not bloquantes(controler(passage, fabrique.JOUR)):
                retenus.append(passage)

    inventer()
    return sorted(retenus, key=lambda passage: (passage["type"], passage["code"]))


def test_dix_mille_titulaires_difficiles_sont_tous_valides(tmp_path, capsys):
    """No error of the schema in either profile, no element outside the list, each name as it was given."""
    nombre = int(os.environ.get("PASSAGES", "10000"))
    passages = titulaires(nombre)
    for profil in flux.PROFILS:
        chemin = tmp_path / f"{profil}.xml"
        assert flux.ecrire(chemin, fabrique.emission(profil), passages) == len(passages)
        assert flux.valider(chemin, profil) == []
        lus = etree.parse(chemin).getroot().iter(flux.PASSAGE)
        for passage, element in zip(passages, lus, strict=True):
            assert {etree.QName(e).localname for e in element.iter()} <= PERMIS
            assert element.findtext(f".//{flux._nom('nomNaissance')}") == passage["titulaire"]["nom_naissance"]
    with capsys.disabled():
        print(f"\n{len(passages)} titulaires, deux profils, aucune erreur de schéma")
    assert len(passages) >= nombre * 0.9
