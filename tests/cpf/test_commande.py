"""`manage.py cpf`: dry by default, the same verbs as the screens, French refusals."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cpf.models import LotCPF

from ..fabriques import UtilisateurFactory
from . import fabrique
from .test_accuses import AUCUN

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    bureau = fabrique.Bureau()
    bureau.organisme.sigle = "CPNE-C"
    bureau.organisme.save()
    return bureau


def lancer(bureau, *arguments, reel=False) -> str:
    sortie = StringIO()
    options = ["--acteur", bureau.personne.email, *(["--reel"] if reel else [])]
    call_command("cpf", *map(str, arguments), *options, stdout=sortie)
    return sortie.getvalue().replace("\xa0", " ")


def test_sans_reel_rien_n_est_ecrit(bureau, tmp_path):
    """Each gesture tells what it would do, and does nothing."""
    lot = bureau.lot_depose(1)
    bureau.parchemin(), bureau.parchemin(sexe="")
    accuse = tmp_path / "accuse.xml"
    accuse.write_bytes(fabrique.accuse(str(lot.id_flux), fabrique.identifiants(lot)))
    for arguments, phrase in (
        (("constituer", "CPNE-C"), "Prêts à partir : 1."),
        (("exporter", lot.id_flux, tmp_path), lot.nom_fichier),
        (("integrer_accuse", accuse), "Acceptés : 1."),
    ):
        sortie = lancer(bureau, *arguments)
        assert phrase in sortie and "Essai à blanc" in sortie
    lot.refresh_from_db()
    assert (LotCPF.objects.count(), lot.etat, list(tmp_path.glob(f"{lot.nom_fichier}"))) == (1, "depose", [])


def test_avec_reel_la_commande_agit_comme_les_ecrans(bureau, tmp_path):
    """A lot, its file, the answer to its passages."""
    bureau.parchemin(), bureau.parchemin()
    lancer(bureau, "constituer", "cpne-c", reel=True)
    lot = LotCPF.objects.get()
    lancer(bureau, "exporter", lot.id_flux, tmp_path, reel=True)
    assert (tmp_path / lot.nom_fichier).stat().st_size == lot.taille
    lot = bureau.faire(lot, "declarer_depot", jour=fabrique.timezone.localdate())
    un, deux = fabrique.identifiants(lot)
    accuse = tmp_path / "accuse.xml"
    accuse.write_bytes(fabrique.accuse(str(lot.id_flux), [un], {deux: [AUCUN]}))
    sortie = lancer(bureau, "integrer_accuse", accuse, reel=True)
    assert AUCUN in sortie and "Vérifiez l’orthographe" in sortie and "Traité" in sortie


def test_les_refus_sont_des_phrases(bureau, tmp_path):
    """Unknown person, foreign body, unknown flux, broken file: each refusal says so."""
    lot = bureau.lot(1)
    autre = UtilisateurFactory(role=("gestionnaire", bureau.organisme))
    casse = tmp_path / "casse.xml"
    casse.write_bytes(b"<rapport>")
    for personne, arguments, phrase in (
        ("inconnue@example.org", ("constituer", "CPNE-C"), "compte actif"),
        (autre.email, ("constituer", "CPNE-C"), "pas certificateur"),
        (autre.email, ("exporter", str(lot.id_flux), str(tmp_path)), "Aucun lot"),
        (bureau.personne.email, ("exporter", "rien", str(tmp_path)), "Aucun lot"),
        (bureau.personne.email, ("integrer_accuse", str(casse)), "casse.xml.*XML lisible"),
        (bureau.personne.email, ("integrer_accuse", str(tmp_path / "absent.xml")), "inaccessible.*absent.xml"),
        (bureau.personne.email, ("exporter", str(lot.id_flux), str(tmp_path / "absent"), "--reel"), "inaccessible"),
        (bureau.personne.email, ("constituer", "CPNE-C", "--reel"), "rien à déclarer"),
    ):
        with pytest.raises(CommandError, match=phrase):
            call_command("cpf", *arguments, "--acteur", personne, stdout=StringIO())


def test_plusieurs_accuses_une_periode_une_suppression(bureau, tmp_path):
    """Good accusés are integrated though one is broken, and the exit says so; period and suppression are heard."""
    lots = [bureau.lot_depose(1), bureau.lot_depose(1)]
    fichiers = [tmp_path / f"{rang}.xml" for rang in range(3)]
    fichiers[0].write_bytes(b"<rapport>")
    for lot, fichier in zip(lots, fichiers[1:], strict=True):
        fichier.write_bytes(fabrique.accuse(str(lot.id_flux), fabrique.identifiants(lot)))
    with pytest.raises(CommandError, match="0.xml"):
        lancer(bureau, "integrer_accuse", *fichiers, reel=True)
    assert {lot.etat for lot in LotCPF.objects.all()} == {"traite"}
    bureau.annuler(lots[0].passages.get().parchemin)
    lancer(bureau, "constituer", "CPNE-C", "--suppression", reel=True)
    lot = LotCPF.objects.get(action="SUPPRESSION")
    assert "À déposer" in lancer(bureau, "transmettre", lot.id_flux, reel=True)
    bureau.parchemin()
    with pytest.raises(CommandError, match="ne répond à ce choix"):
        lancer(bureau, "constituer", "CPNE-C", "--au", "2021-07-02")
