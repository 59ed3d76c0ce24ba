"""What a QR code answers: three separate verdicts, six texts, and never more than the paper in hand."""

import base64
import gzip
import json
import re
import secrets
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from registre import cles, jetons
from registre.models import Parchemin
from registre.transparence import journal_public
from tests.fabriques import TitulaireFactory
from tests.registre.exemples import attestation, de_branche, enregistrement
from verification import limites, views
from verification.constat import Constat, Statut, constater, lire_jeton
from verification.verdicts import ATTESTATION_VALIDE, TEXTES

from .fabrique import document, document_partiel

pytestmark = pytest.mark.django_db


def adresse(jeton: str) -> str:
    return reverse("verification:jeton", kwargs={"jeton": jeton})


def lire(client, jeton: str) -> str:
    reponse = client.get(adresse(jeton))
    assert reponse.status_code == 200
    return page(reponse)


def page(reponse) -> str:
    """Return the visible text of the main part, spaces folded."""
    principal = re.search(r"<main.*?</main>", reponse.content.decode(), re.S).group()
    return " ".join(re.sub(r"<[^>]+>", " ", principal).split())


def verdict(reponse_ou_texte) -> str:
    """Return the sentence of the verdict: one of the known ones, and one only."""
    texte = reponse_ou_texte if isinstance(reponse_ou_texte, str) else page(reponse_ou_texte)
    (trouvee,) = (phrase(statut) for statut in TEXTES if phrase(statut) in texte)
    return trouvee


def phrase(statut: Statut) -> str:
    return " ".join(TEXTES[statut][2].split())


def test_un_document_valable_montre_ses_mentions(client):
    """Names as printed, title, number of the fiche, certificateur, date, number, and the three checks."""
    texte = lire(client, document().jeton)
    assert verdict(texte) == phrase(Statut.VALIDE)
    for mention in (
        "Authentique",
        "Élodie Marie DUPONT",
        "Conducteur(trice) de ligne de conditionnement",
        "RNCP41346",
        "Commission paritaire nationale de l’emploi des industries du thé et du café",
        "22 novembre 2026",
        "FTC-2026-00001",
        "Mentions intactes",
        "Valable",
        "Reconnu",
        "Ce que cette page ne prouve pas",
        "Contrôlé le",
        "heure de Paris",
    ):
        assert mention in texte, mention


@pytest.mark.parametrize("etat", ["valide", "annule", "remplace"])
def test_la_page_ne_dit_jamais_plus_que_le_papier(client, etat, admin_user):
    """No birth, jury, access, employer, reason, author of a cancellation, nor any other certificate."""
    champs = {}
    if etat != "valide":
        champs = {"annule_le": timezone.now(), "annule_par": admin_user, "motif_annulation": "Fraude manifeste"}
    parchemin = document(**champs)
    if etat == "remplace":
        autre = document(enregistrement(numero="FTC-2026-00099"))
        Parchemin.objects.filter(pk=parchemin.pk).update(remplace_par=autre)
    texte = client.get(adresse(parchemin.jeton)).content.decode()
    for secret in (
        *("1985", "Lyon", "69383", "69003", "mai 1985", "née le"),
        *("10 novembre", "PV-2026-004", "EMPLOYEUR", "CONTINUE", "Jeanne Lefèvre"),
        *("Fraude", "admin", "elodie@exemple.fr", "FTC-2026-00099"),
    ):
        assert secret not in texte, secret


def test_chaque_etat_a_son_texte(client, admin_user):
    """Valid, cancelled, replaced, unknown, altered, expired: nobody can mistake one for another."""
    annule, remplace, bon = (document(enregistrement(numero=f"FTC-2026-0000{n}")) for n in (1, 2, 3))
    annulation = {"annule_le": timezone.now(), "annule_par": admin_user}
    Parchemin.objects.filter(pk=annule.pk).update(**annulation)
    Parchemin.objects.filter(pk=remplace.pk).update(**annulation, remplace_par=bon)
    expiree = document_partiel()
    expiree.enregistrement["blocs"][0]["valide_jusqu_au"] = "2026-11-21"
    expiree.save()
    inconnu = jetons.signer(enregistrement(), secrets.token_hex(16))
    altere = bon.jeton[:-1] + ("A" if bon.jeton[-1] != "A" else "B")
    trouves = [
        verdict(lire(client, jeton))
        for jeton in (bon.jeton, annule.jeton, remplace.jeton, inconnu, altere, expiree.jeton)
    ]
    assert trouves == [
        phrase(statut)
        for statut in (Statut.VALIDE, Statut.ANNULE, Statut.REMPLACE, Statut.INCONNU, Statut.ALTERE, Statut.EXPIRE)
    ]
    assert len(set(trouves)) == 6


def test_une_annulation_se_voit_aussitot_avec_sa_date(client, admin_user):
    """Valid, then cancelled: the next reading says so, with the day."""
    parchemin = document()
    assert verdict(lire(client, parchemin.jeton)) == phrase(Statut.VALIDE)
    Parchemin.objects.filter(pk=parchemin.pk).update(annule_le=timezone.now(), annule_par=admin_user)
    texte = lire(client, parchemin.jeton)
    assert verdict(texte) == phrase(Statut.ANNULE)
    assert f"annulé le {timezone.localdate().day}" in texte


def test_un_document_valable_coute_une_requete(client, django_assert_num_queries):
    """The register is opened once."""
    jeton = document().jeton
    lire(client, jeton)
    with django_assert_num_queries(1):
        lire(client, jeton)


def test_un_jeton_forge_ne_coute_aucune_requete(client, django_assert_num_queries):
    """Bits of a good token flipped in turn, and 200 invented ones: altered, with no query at all."""
    octets = base64.b32decode(document().jeton)
    forges = [base64.b32encode(secrets.token_bytes(105)).decode() for _ in range(200)]
    for rang in range(0, 840, 7):
        change = bytearray(octets)
        change[rang // 8] ^= 1 << rang % 8
        forges.append(base64.b32encode(bytes(change)).decode())
    with django_assert_num_queries(0):
        reponses = [client.get(adresse(forge)) for forge in forges]
    assert {reponse.status_code for reponse in reponses} == {200}
    assert all(verdict(reponse) == phrase(Statut.ALTERE) for reponse in reponses)


@pytest.mark.parametrize("texte", ["ABC", "0" * 168, "A" * 167, "A" * 169, "é" * 168, "%00" * 5, "A" * 400])
def test_un_code_illisible_a_sa_reponse(client, django_assert_num_queries, texte):
    """Cut, too long, or with other letters: the same page as an altered token, no error, no query."""
    with django_assert_num_queries(0):
        reponse = client.get(f"/V/{texte}")
    assert reponse.status_code == 200
    assert verdict(reponse) == phrase(Statut.ALTERE)


def test_la_casse_de_l_adresse_est_libre(client):
    """Readers of QR codes write addresses as they like: capitals, small letters, or both."""
    jeton = document().jeton
    for chemin in (f"/V/{jeton}", f"/v/{jeton.lower()}", f"/V/{jeton[:80].lower()}{jeton[80:]}", f"/v/{jeton}/"):
        reponse = client.get(chemin)
        assert verdict(reponse) == phrase(Statut.VALIDE), chemin


def test_l_adresse_imprimee_mene_a_la_page(settings):
    """What the QR code holds is an address of this site."""
    settings.ADRESSE_PUBLIQUE = "https://certificats.exemple.fr"
    imprimee = jetons.adresse(jetons.signer(enregistrement(), secrets.token_hex(16)))
    assert imprimee.startswith("HTTPS://CERTIFICATS.EXEMPLE.FR/V/")
    assert resolve(imprimee.removeprefix("HTTPS://CERTIFICATS.EXEMPLE.FR")).view_name == "verification:jeton"


def test_un_registre_modifie_apres_coup_ne_certifie_plus_rien(client):
    """Someone edits the row by hand: the page says that the register disagrees, and shows no name."""
    parchemin = document()
    parchemin.enregistrement["titulaire"]["nom_naissance"] = "USURPATEUR"
    parchemin.save()
    texte = lire(client, parchemin.jeton)
    assert "Altéré" in texte and "Registre discordant" in texte and "Reconnu" in texte
    assert "USURPATEUR" not in texte and "Authentique" not in texte


def test_le_jeton_d_un_autre_document_ne_passe_pas(client):
    """A token signed for other words under the same identifier is refused."""
    parchemin = document()
    autre = jetons.signer(enregistrement(titulaire__nom_naissance="DURAND"), parchemin.identifiant)
    texte = lire(client, autre)
    assert "Registre discordant" in texte and "DUPONT" not in texte and "DURAND" not in texte


def test_une_attestation_dit_qu_elle_n_est_pas_un_certificat(client):
    """Only the acquired blocs, with their validity, under the name of what it is."""
    texte = lire(client, document_partiel().jeton)
    assert "Attestation de réussite partielle" in texte and "ne vaut pas certificat" in texte
    assert "RNCP41346BC01" in texte and "22 novembre 2031" in texte
    assert "RNCP41346BC02" not in texte
    assert " ".join(ATTESTATION_VALIDE.split()) in texte and phrase(Statut.VALIDE) not in texte
    assert "Préparer la ligne" not in lire(client, document(enregistrement(numero="FTC-2026-00005")).jeton)


def test_une_attestation_reste_valable_tant_qu_un_bloc_l_est(client):
    """Expired only when every acquired bloc is; without date a bloc never expires."""
    fiche = attestation()
    fiche["blocs"][1]["acquis"] = True
    fiche["blocs"][0]["valide_jusqu_au"] = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert ATTESTATION_VALIDE in lire(client, document(fiche).jeton)


def test_un_cqp_de_branche_n_a_pas_de_fiche(client):
    """No empty line where there is nothing to say."""
    texte = lire(client, document(de_branche()).jeton)
    assert "Fiche" not in texte and "Nom d’usage" not in texte


def test_la_page_ne_laisse_aucune_trace(client):
    """No cookie, nothing cached, indexed, nor sent as referrer; strict policy; light; readable without script."""
    parchemin = document()
    for jeton in (parchemin.jeton, "A" * 168):
        reponse = client.get(adresse(jeton))
        assert not reponse.cookies
        assert "no-store" in reponse.headers["Cache-Control"]
        assert "noindex" in reponse.headers["X-Robots-Tag"]
        assert reponse.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in reponse.headers["Content-Security-Policy"]
        assert len(reponse.content) < 30_000
        assert "<script>" not in reponse.content.decode()


def test_la_page_pese_trente_kilo_octets_au_plus(client):
    """Page, style sheet and drawings, as they are sent (static files compressed); the fonts come after the text."""
    page = client.get(adresse(document_partiel().jeton)).content
    noms = {nom for nom in re.findall(rb'/static/([^"#]+)', page) if not nom.endswith(b"woff2")}
    style = Path(finders.find("css/site.css")).read_bytes()
    noms |= {b"css/" + n for n in re.findall(rb'url\("(\.\./img/(?:sceau|frise)[^"]+)"\)', style)}
    fixes = [gzip.compress(Path(finders.find(nom.decode())).read_bytes()) for nom in noms]
    assert len(page) < 10_000 and len(page) + sum(map(len, fixes)) < 30_000
    assert style.count(b"font-display: swap") == style.count(b"@font-face")


def test_une_annulation_change_le_titre_des_mentions(client, admin_user):
    """What a cancelled document said is no longer certified."""
    parchemin = document()
    assert "Ce que le registre certifie" in lire(client, parchemin.jeton)
    Parchemin.objects.filter(pk=parchemin.pk).update(annule_le=timezone.now(), annule_par=admin_user)
    texte = lire(client, parchemin.jeton)
    assert "Ce que disait ce document" in texte and "registre certifie" not in texte


def test_seule_la_lecture_est_permise(client):
    """POST, PUT and DELETE have no meaning here; HEAD reads."""
    chemin = adresse(document().jeton)
    assert [getattr(client, verbe)(chemin).status_code for verbe in ("post", "put", "delete")] == [405] * 3
    assert client.head(chemin).status_code == 200


def test_une_adresse_trop_curieuse_attend(client, monkeypatch):
    """Beyond the allowance: 429 in French, with the delay, without cookie; another address is not disturbed."""
    monkeypatch.setitem(limites.TOLERANCES, "jeton", 3)
    chemin = adresse(document().jeton)
    assert [client.get(chemin).status_code for _ in range(4)] == [200, 200, 200, 429]
    refus = client.get(chemin)
    assert refus.headers["Retry-After"] == "600" and "no-store" in refus.headers["Cache-Control"]
    assert "Trop de tentatives" in page(refus) and not refus.cookies
    assert client.get(chemin, REMOTE_ADDR="192.0.2.7").status_code == 200


def de_chaque_verdict(auteur) -> list[str]:
    """The tokens of documents in every state, with every part that a page may have, twice for some."""
    annulation = {"annule_le": timezone.now(), "annule_par": auteur}
    piege = enregistrement(numero="FTC-2026-00003")
    piege["titulaire"] |= {"nom_naissance": '<b>D’Or & "Fils"', "nom_usage": "QQQQ" * 42}
    piege["certification"]["option"] = "Conditionnement"
    bon, annule = document(), document(enregistrement(numero="FTC-2026-00002"), **annulation)
    remplace, discordant = (
        document(enregistrement(numero="FTC-2026-00004")),
        document(de_branche(numero="FTC-2026-00006")),
    )
    Parchemin.objects.filter(pk=discordant.pk).update(enregistrement=enregistrement())
    expiree, permanente = document_partiel(), document_partiel(numero="FTC-A-2026-00002")
    expiree.enregistrement["blocs"][0]["valide_jusqu_au"] = "2026-11-21"
    permanente.enregistrement["blocs"][0]["valide_jusqu_au"] = ""
    for partiel in (expiree, permanente):
        partiel.save()
    inconnu = jetons.signer(enregistrement(), secrets.token_hex(16))
    inscrit = document(enregistrement(numero="FTC-2026-00005"))
    journal_public.inscrire_emission(inscrit)
    Parchemin.objects.filter(pk=remplace.pk).update(**annulation, remplace_par=inscrit)
    # Longer than a register would take: what is printed is the record, whatever it holds.
    hors_norme = document(piege, titulaire=TitulaireFactory())
    codes = [p.jeton for p in (bon, annule, remplace, discordant, expiree, permanente, hors_norme, inscrit, bon)]
    return [*codes, inconnu, "A" * 168]


def test_une_page_preparee_est_celle_du_gabarit(client, admin_client, admin_user, monkeypatch):
    """Byte for byte what the ordinary rendering gives, for every verdict, whatever was read before, whoever asks."""
    vus, codes = set(), de_chaque_verdict(admin_user)
    for jeton in [*codes, None, codes[0]]:
        if jeton is None:
            coupees = {kid: replace(c, coupure=cles.Coupure(0, date.today())) for kid, c in cles.publiques().items()}
            monkeypatch.setattr(cles, "publiques", lambda coupees=coupees: coupees)
            continue
        constat = lire_ou_constater(jeton)
        demande = RequestFactory().get(adresse(jeton))
        attendu = render_to_string("verification/parchemin.html", views._contexte(constat), demande)
        for visiteur in (admin_client, client):
            assert sans_heure(visiteur.get(adresse(jeton)).text) == sans_heure(attendu)
        vus.add((constat.statut, constat.registre_concorde))
    assert {statut for statut, _ in vus} == set(Statut) and (Statut.ALTERE, False) in vus


def sans_heure(texte: str) -> str:
    return re.sub(r"\d+\W?h\W?\d\d", "", texte)


def lire_ou_constater(jeton: str) -> Constat:
    lu = lire_jeton(jeton)
    return lu if isinstance(lu, Constat) else constater(lu)


def test_compter_un_code_ne_coute_rien_a_la_base(client, settings, django_assert_num_queries):
    """With the shared counters of a real instance in the database, the reading of a code is still one query."""
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    }
    jeton = document().jeton
    lire(client, jeton)
    with django_assert_num_queries(1):
        lire(client, jeton)


def test_un_abonne_ipv6_est_une_seule_adresse(rf, monkeypatch):
    """All the addresses of a /64 count together, and another network apart."""
    monkeypatch.setitem(limites.TOLERANCES, "jeton", 2)
    demandes = [rf.get("/", REMOTE_ADDR=ip) for ip in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1")]
    assert [limites.depassee(demande, "jeton") for demande in demandes] == [False, False, True, False]


def test_le_compteur_ne_garde_pas_l_adresse(rf, monkeypatch):
    """What is stored is a keyed hash: the cache tells nobody who looked."""
    poses = []
    monkeypatch.setattr(limites.cache, "add", lambda cle, *a, **k: poses.append(cle))
    monkeypatch.setattr(limites.cache, "incr", lambda cle: 1)
    limites.depassee(rf.get("/", REMOTE_ADDR="192.0.2.7"), "saisie")
    assert re.fullmatch(r"verification:[0-9a-f]{64}", poses[0])


def test_les_cles_publiees_suffisent_a_verifier(client):
    """From the JSON alone, without our code, the signature of a token verifies."""
    reponse = client.get("/.well-known/cqp-cles.json")
    assert reponse.headers["Content-Type"] == "application/json" and not reponse.cookies
    assert reponse.headers["Access-Control-Allow-Origin"] == "*"
    publiees = {cle["kid"]: cle for cle in json.loads(reponse.content)["keys"]}
    assert set(publiees) == {str(kid) for kid in cles.publiques()}
    octets = base64.b32decode(jetons.signer(enregistrement(), secrets.token_hex(16)))
    x = publiees[str(octets[1])]["x"]
    publique = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4)))
    publique.verify(octets[41:], b"cqp-jeton-1\x00" + octets[:41])
    assert "PRIVATE" not in reponse.content.decode() and '"d"' not in reponse.content.decode()
