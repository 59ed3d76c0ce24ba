"""The queue: who stands in it, until when, why not; and the alerts, once per step."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backoffice.rappels import rappels_de
from cpf.accrochage import a_declarer, echeance
from cpf.alertes import controler_file_cpf, prevenir_echeances_cpf
from cpf.echeances import BANDES, delivre_au_plus_tard
from cpf.file_attente import ETATS, annoter, etat_de, rafraichir
from cpf.models import ControleCPF, DemandeCDC
from registre.models import CourrielSortant, EntreeJournal, Parchemin

from ..connexion import connecter
from ..fabriques import UtilisateurFactory, VersionFactory
from . import fabrique
from .test_ecrans import REGLAGES, texte

FILE = "/gestion/cpf/file/"


@pytest.fixture
def bureau(db):
    return fabrique.Bureau()


@pytest.fixture
def ecran(client, bureau):
    return connecter(client, bureau.personne)


def il_reste(jours: int) -> date:
    """A day of issue whose term comes in that many days, or the nearest before."""
    return delivre_au_plus_tard(timezone.localdate() + timedelta(days=jours))


@given(st.dates(date(2021, 7, 1), date(2090, 1, 1)))
def test_le_dernier_jour_de_delivrance_est_le_bon(limite):
    """Its term is not after the limit, that of the next day is: months of any length, leap years."""
    jour = delivre_au_plus_tard(limite)
    assert echeance(jour) <= limite < echeance(jour + timedelta(days=1))


@given(st.dates(date(2021, 7, 1), date(2030, 1, 1)), st.dates(date(2021, 7, 1), date(2030, 1, 1)))
def test_chaque_parchemin_est_dans_une_bande_et_une_seule(delivre_le, jour):
    """The condition on the day of issue says the same as the days left, whatever the two dates."""
    reste = (echeance(delivre_le) - jour).days
    for bande in BANDES:
        dedans = (bande.debut is None or reste >= bande.debut) and (bande.fin is None or reste <= bande.fin)
        bornes = dict(bande.condition(jour).children)
        par_la_date = delivre_le <= bornes.get("delivre_le__lte", date.max)
        assert dedans == (par_la_date and delivre_le > bornes.get("delivre_le__gt", date.min))


def tout(bureau) -> dict:
    """One parchemin in each state, by name."""
    lot = bureau.lot_depose(2)
    un, deux = fabrique.identifiants(lot)
    bureau.repondre(lot, [un], {deux: ["Aucun titulaire ne correspond aux critères obligatoires"]})
    acceptes = {p.id_technique: p.parchemin for p in lot.passages.all()}
    parchemins = {"accepte": acceptes[un], "refuse": acceptes[deux], "en_lot": bureau.parchemin()}
    bureau.lot_a_part = bureau.faire(bureau.lot(), "declarer_depot", jour=timezone.localdate())
    # The refused one went with it: it is refused again.
    rang = {p.parchemin_id: p.id_technique for p in bureau.lot_a_part.passages.all()}
    bureau.repondre(bureau.lot_a_part, [], {rang[parchemins["refuse"].pk]: ["Plusieurs titulaires"]})
    branche = VersionFactory(repertoire="branche", numero="", niveau=None, niveau_cec=None)
    return parchemins | {
        "pret": bureau.parchemin(),
        "reserve": bureau.parchemin(prenom1="Jean Pierre"),
        "bloque": bureau.parchemin(sexe=""),
        "fabrication": bureau.parchemin(champs={"sha256": ""}),
        "hors": bureau.parchemin(champs={"delivre_le": date(2021, 6, 30)}),
        "partielle": bureau.parchemin(champs={"nature": "attestation"}),
        "branche": bureau.parchemin(version=branche),
    }


def test_chacun_est_dans_un_etat_et_un_seul(bureau, ecran):
    """Each condition of the list finds what the sentence of the line says, nothing is found twice or lost."""
    parchemins = tout(bureau)
    rafraichir([bureau.organisme])
    annotes = annoter(Parchemin.objects.all())
    trouves = {etat: set(annotes.filter(condition).values_list("pk", flat=True)) for etat, _, condition in ETATS}
    assert sum(map(len, trouves.values())) == Parchemin.objects.count()
    attendus = {nom: "hors" if nom in ("partielle", "branche") else nom for nom in parchemins}
    for nom, parchemin in parchemins.items():
        assert parchemin.pk in trouves[attendus[nom]], nom
        assert etat_de(annotes.select_related("controle_cpf", "version").get(pk=parchemin.pk)) == attendus[nom]
    page = texte(ecran.get(FILE))
    assert parchemins["bloque"].numero in page and "Le sexe à l’état civil manque." in page
    assert parchemins["accepte"].numero not in page and parchemins["hors"].numero not in page
    hors = texte(ecran.get(f"{FILE}?etat=hors"))
    for phrase in ("avant le 1er juillet 2021", "réussite partielle n’est pas transmise", "ni au RNCP ni au"):
        assert phrase in hors


def test_chaque_cause_mene_a_l_ecran_qui_la_corrige(bureau, ecran):
    """The civil status to the page that asks its holder, the double to the document; both one click away."""
    sans_sexe = bureau.parchemin(sexe="")
    page = texte(ecran.get(FILE))
    assert reverse("espace:demander_verification", args=[sans_sexe.titulaire_id]) in page
    doubles = [bureau.parchemin(nom_naissance="Double") for _ in range(2)]
    page = texte(ecran.get(FILE))
    assert all(reverse("delivrances:fiche", args=[p.pk]) in page for p in doubles)
    fiche = texte(ecran.get(reverse("cpf:parchemin", args=[sans_sexe.pk])))
    assert "Le sexe à l’état civil manque." in fiche and "RNCP" in fiche and "Jamais déclaré" in fiche
    assert ecran.get(reverse("espace:demander_verification", args=[sans_sexe.titulaire_id])).status_code == 200


def test_une_correction_acceptee_fait_controler_de_nouveau(bureau, ecran):
    """What was decided since the last check is read again; nothing else is."""
    parchemin = bureau.parchemin(code_insee_naissance="96001")
    ecran.get(FILE)
    ControleCPF.objects.update(fait_le=timezone.now() - timedelta(hours=2))
    parchemin.titulaire.code_insee_naissance = "31555"
    parchemin.titulaire.save()
    ecran.get(FILE)
    assert ControleCPF.objects.get().gravite == "bloquante", "rien ne dit encore qu’il a changé"
    instant = timezone.now()
    valeurs = {"etat": "acceptee", "valeurs": {"code_insee_naissance": "31555"}, "decidee_le": instant}
    parchemin.titulaire.corrections.create(**valeurs)
    ecran.get(FILE)
    assert ControleCPF.objects.get().gravite == "saine" and ControleCPF.objects.get().fait_le > instant


def test_les_filtres_et_les_exports_disent_la_meme_chose(bureau, ecran):
    """By urgency, by certification, by place of correction; a body of somebody else is not offered."""
    autre = fabrique.Bureau()
    etranger = autre.parchemin()
    presse = bureau.parchemin(champs={"delivre_le": il_reste(5)})
    loin = bureau.parchemin(champs={"delivre_le": il_reste(60)}, sexe="")
    for parametres, dedans, dehors in (
        ("echeance=j7", presse, loin),
        ("echeance=loin", loin, presse),
        ("ecran=etat_civil", loin, presse),
        ("etat=pret", presse, loin),
        (f"certification={bureau.version.certification_id}", presse, etranger),
        (f"certificateur={autre.organisme.pk}", None, etranger),
    ):
        page = texte(ecran.get(f"{FILE}?{parametres}"))
        assert dedans is None or dedans.numero in page, parametres
        assert dehors.numero not in page, parametres


def test_la_file_coute_autant_pour_un_que_pour_vingt(bureau, ecran, django_assert_max_num_queries):
    """As many queries for one line as for twenty, once checked."""
    comptes = []
    for _ in range(2):
        bureau.parchemin(sexe="")
        for _ in range(2):
            with django_assert_max_num_queries(80) as lues:
                assert ecran.get(FILE).status_code == 200
        comptes.append(len(lues))
        for _ in range(19):
            bureau.parchemin()
    assert comptes[0] == comptes[1]


@pytest.mark.parametrize("role", ["employeur", "gestionnaire", "evaluateur", "jury", "signataire", "auditeur"])
def test_la_file_est_au_certificateur_et_a_sa_portee(client, bureau, role):
    """Every other role of the same body: 403; another certificateur: nothing of it, 404 on its page."""
    parchemin = bureau.parchemin()
    page = reverse("cpf:parchemin", args=[parchemin.pk])
    autre = connecter(client, UtilisateurFactory(role=(role, bureau.organisme)))
    assert {autre.get(FILE).status_code, autre.get(page).status_code} == {403}
    if role == "employeur":
        ailleurs = connecter(client, fabrique.Bureau().personne)
        assert ailleurs.get(page).status_code == 404 and parchemin.numero not in texte(ailleurs.get(FILE))


def test_une_correction_demandee_par_la_caisse_se_voit_partout(bureau, ecran):
    """In the queue, on the page of the parchemin, among the terms and in « À faire », until it is closed."""
    lot = bureau.lot_depose(1)
    bureau.repondre(lot, fabrique.identifiants(lot))
    parchemin = lot.passages.get().parchemin
    terme = timezone.localdate() + timedelta(days=20)
    demande = DemandeCDC.objects.create(
        certificateur=bureau.organisme,
        parchemin=parchemin,
        recue_le=terme - timedelta(days=90),
        echeance=terme,
        objet="Le prénom est à vérifier.",
    )
    phrase = f"à traiter avant le {terme:%d/%m/%Y}"
    (dit,) = rappels_de(bureau.personne)
    assert phrase in dit.texte and parchemin.numero in texte(ecran.get(dit.url))
    for page in (dit.url, reverse("cpf:parchemin", args=[parchemin.pk])):
        lue = texte(ecran.get(page))
        assert phrase in lue and reverse("cpf:demande_cdc", args=[demande.pk]) in lue
    tuiles = {t["titre"]: t["compte"] for t in ecran.get(reverse("cpf:tableau")).context["tuiles"]}
    assert tuiles["Corrections demandées"] == 1
    demande.close_le, demande.suite = timezone.localdate(), "corrigee"
    demande.save()
    assert rappels_de(bureau.personne) == [] and phrase not in texte(ecran.get(f"{FILE}?etat=accepte"))


def test_les_reglages_disent_ou_trouver_chaque_identifiant_et_pour_qui_l_on_depose(bureau, ecran):
    """Eight characters in any case; where each one is found; the other bodies, and whether theirs are complete."""
    autre = fabrique.Bureau(parametres=False)
    bureau.personne.roles.create(nom="certificateur", organisme=autre.organisme)
    page = texte(ecran.get(reverse("cpf:reglages", args=[bureau.organisme.pk])))
    assert "Où les trouver" in page and "MCFCER" in page
    assert autre.organisme.raison_sociale in page and "À compléter" in page
    adresse = reverse("cpf:reglages", args=[autre.organisme.pk])
    assert (
        ecran.post(adresse, {**REGLAGES, "id_client": "12abc345", "id_client_emetteur": "12abc345"}).status_code == 302
    )
    assert autre.organisme.parametres_cpf.id_client == "12ABC345"


class TestAlertes:
    def test_chaque_etape_previent_une_fois(self, bureau):
        """Run twenty times the same day: one mail with counts only; the next step, one more; declared: none."""
        bureau.parchemin(champs={"delivre_le": il_reste(25)}, nom_naissance="Nompersonnel")
        bureau.parchemin(champs={"delivre_le": il_reste(6)}), bureau.parchemin(champs={"delivre_le": il_reste(-3)})
        bureau.parchemin(champs={"delivre_le": il_reste(80)})
        controler_file_cpf()
        for _ in range(3):
            prevenir_echeances_cpf()
        courriel = CourrielSortant.objects.get(modele="echeances_cpf")
        assert courriel.destinataire == bureau.personne.email and "Nompersonnel" not in courriel.corps
        corps = courriel.corps.replace("\u00a0", " ")
        assert all(f"1 parchemin : échéance {quoi}" in corps for quoi in ("passée", "sous 7 jours", "sous 30 jours"))
        assert "15 jours" not in corps.split("- 1")[1] and bureau.personne.email not in courriel.sujet
        assert EntreeJournal.objects.get(verbe="alerter_echeances").details == {"retard": 1, "j7": 1, "j30": 1}

    def test_l_etape_suivante_previent_de_nouveau_et_la_declaration_fait_taire(self, bureau):
        """The same parchemin at 30 then 15 days: two mails; in a lot, none, even when late."""
        parchemin = bureau.parchemin(champs={"delivre_le": il_reste(29)})
        controler_file_cpf()
        prevenir_echeances_cpf()
        Parchemin.objects.filter(pk=parchemin.pk).update(delivre_le=il_reste(14))
        prevenir_echeances_cpf(), prevenir_echeances_cpf()
        assert CourrielSortant.objects.filter(modele="echeances_cpf").count() == 2
        Parchemin.objects.filter(pk=parchemin.pk).update(delivre_le=il_reste(6))
        bureau.lot()
        prevenir_echeances_cpf()
        assert CourrielSortant.objects.filter(modele="echeances_cpf").count() == 2
        assert not a_declarer(bureau.organisme)

    def test_a_faire_dit_le_plus_urgent(self, bureau, ecran):
        """One line per body, with what is late first, that opens the queue narrowed to it; nothing for others."""
        bureau.parchemin(champs={"delivre_le": il_reste(6)}), bureau.parchemin(champs={"delivre_le": il_reste(-3)})
        (dit,) = rappels_de(bureau.personne)
        assert "1 parchemin, échéance passée" in dit.titre and "echeance=retard" in dit.url
        assert "échéance passée" in texte(ecran.get("/gestion/"))
        assert ecran.get(dit.url).context["total"] == 1
        assert rappels_de(UtilisateurFactory(role=("gestionnaire", bureau.organisme))) == []

    def test_un_controle_s_oublie_apres_l_acceptation(self, bureau):
        """Accepted: the check of the parchemin goes; refused: it stays for the next lot."""
        lot = bureau.lot_depose(2)
        un, deux = fabrique.identifiants(lot)
        rafraichir([bureau.organisme])
        for passage in lot.passages.all():
            ControleCPF.objects.create(parchemin=passage.parchemin, gravite="saine", fait_le=timezone.now())
        bureau.repondre(lot, [un], {deux: ["Plusieurs titulaires"]})
        controler_file_cpf()
        assert [c.parchemin.identifiant for c in ControleCPF.objects.all()] == [deux]
