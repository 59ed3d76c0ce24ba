"""Every verb × every state × every person: what is allowed is what the registration says, and nothing else.

The list of verbs, their states and their roles come from `VERBES`; the people and what they hold come from
`tests/monde.py`. A verb without a cell where it succeeds fails too: give its data in `monde.Monde`.
"""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client

from backoffice.actes import adresse
from backoffice.candidatures.inactivite import Horloge
from registre.models import EntreeJournal
from registre.transitions import VERBES, HorsPortee, Refus, RoleInsuffisant, executer

from .connexion import connecter
from .monde import MODELES, Monde, photo, photo_de_tous

pytestmark = pytest.mark.django_db

VERBES_D_UN_OBJET = [acte for acte in VERBES.values() if not acte.creation]
PUBLICS = [acte for acte in VERBES_D_UN_OBJET if not acte.interne]


def _sans_compte(personne) -> bool:
    """Who acts by a link, or the platform itself: no list and no screen is theirs."""
    return hasattr(personne, "invitation") or isinstance(personne, Horloge)


def nom(acte):
    return f"{acte.modele}-{acte.nom}"


@pytest.fixture(scope="module")
def monde(scene):
    return Monde()


@pytest.fixture(scope="module")
def clients(monde, django_db_blocker):
    """One logged-in browser per person of the world."""
    personnes = {
        personne.pk: personne for s in monde.situations for personne, _ in s.gens.values() if getattr(personne, "pk", 0)
    }
    with django_db_blocker.unblock():
        return {pk: connecter(Client(), personne) for pk, personne in personnes.items()}


def cellules(monde, acte):
    """Each (situation, who, person, roles held there) of the model of this verb."""
    for situation in monde.situations:
        if situation.objet._meta.label_lower == acte.modele:
            for qui, (personne, roles) in situation.gens.items():
                yield situation, qui, personne, roles


def _tentation(acte, qui, personne) -> str:
    """Among those for whom the object does not exist, each one who does this elsewhere counts for themselves."""
    return qui if getattr(personne, "pk", 0) and personne.a_role(*acte.roles) else "dehors"


def attendu(acte, etat, roles):
    """The kind of answer that the declaration of the verb promises to this person in this state; None: it may go."""
    if not roles:
        return HorsPortee
    if not roles.intersection(acte.roles):
        return RoleInsuffisant
    return None if etat in acte.de else Refus


def test_le_monde_contient_chaque_etat_de_chaque_modele(monde):
    """A state added to a model comes into the matrix, or this fails."""
    assert {modele for modele, _ in VERBES} == set(MODELES)
    for modele in MODELES:
        etats = {valeur for valeur, _ in apps.get_model(modele)._meta.get_field("etat").choices}
        assert {s.objet.etat for s in monde.situations if s.objet._meta.label_lower == modele} == etats


def test_chacun_tient_les_roles_que_l_on_dit(monde):
    """`roles_de` and `visibles_par` agree with the plain words of the world, for everybody on everything."""
    faux = []
    for s in monde.situations:
        for qui, (personne, roles) in s.gens.items():
            if s.objet.roles_de(personne) != roles:
                faux.append(f"{s.nom}, {qui} : {sorted(s.objet.roles_de(personne))} au lieu de {sorted(roles)}")
            visible = _sans_compte(personne) or (
                type(s.objet).objects.all().visibles_par(personne).filter(pk=s.objet.pk).exists()
            )
            if visible != bool(roles) and not _sans_compte(personne):
                faux.append(f"{s.nom}, {qui} : visible {visible}, rôles {sorted(roles)}")
    assert not faux


@pytest.mark.une_base
@pytest.mark.parametrize("acte", VERBES_D_UN_OBJET, ids=nom)
def test_un_verbe_refuse_tout_ce_que_sa_declaration_ne_permet_pas(monde, acte):
    """Out of scope, wrong role, wrong state: the right refusal each time, with a sentence, and nothing has changed."""
    fautes, vues, avant = [], set(), photo_de_tous(acte.modele)
    for situation, qui, personne, roles in cellules(monde, acte):
        promis, etat = attendu(acte, situation.objet.etat, roles), situation.objet.etat
        cellule = (etat, frozenset(roles) or _tentation(acte, qui, personne))
        if promis is None or cellule in vues:
            continue
        vues.add(cellule)
        try:
            with transaction.atomic():
                executer(acte.modele, acte.nom, situation.objet, personne, monde.donnees(acte.nom, situation))
            fautes.append(f"{situation.nom}, {qui} : fait au lieu de {promis.__name__}")
        except Refus as refus:
            if type(refus) is not promis or not str(refus).strip().endswith("."):
                fautes.append(f"{situation.nom}, {qui} : {type(refus).__name__} « {refus} »")
    assert vues and not fautes
    assert photo_de_tous(acte.modele) == avant, "un refus a laissé une trace"


@pytest.mark.parametrize("acte", VERBES_D_UN_OBJET, ids=nom)
def test_un_verbe_permis_a_un_seul_effet(monde, acte):
    """Where role and state allow it: done once along its declaration, or refused by a condition and nothing changes.

    The same key sent again changes nothing. Every situation is tried until the verb succeeds from its state for that
    role; at least one succeeds, for each role that the verb names.
    """
    fautes, reussis = [], set()
    for situation, qui, personne, roles in cellules(monde, acte):
        etat, siens = situation.objet.etat, frozenset(roles.intersection(acte.roles))
        if attendu(acte, etat, roles) is not None or (etat, siens) in reussis:
            continue
        avant, ici = photo(situation.objet), f"{situation.nom}, {qui}"
        try:
            with transaction.atomic():
                donnees = monde.donnees(acte.nom, situation)
                frais = executer(acte.modele, acte.nom, situation.objet, personne, donnees, "cle-unique")
                apres = photo(situation.objet)
                entree = EntreeJournal.objects.filter(verbe=acte.nom, cle="cle-unique").last()
                if frais.etat not in (acte.vers or (etat,)):
                    fautes.append(f"{ici} : arrive à {frais.etat}")
                if apres[1] <= avant[1] or (entree.etat_avant, entree.etat_apres) != (etat, frais.etat):
                    fautes.append(f"{ici} : le journal ne dit pas ce qui s’est passé")
                if entree.role not in siens:
                    fautes.append(f"{ici} : le journal dit « {entree.role} »")
                if _encore(acte, situation, personne, donnees) != apres:
                    fautes.append(f"{ici} : la même demande a eu deux effets")
                reussis |= {(etat, siens), entree.role}
                transaction.set_rollback(True)
        except Refus as refus:
            if refus.statut != 409 or not refus.phrases or photo(situation.objet) != avant:
                fautes.append(f"{ici} : {refus}")
    assert not fautes
    assert reussis >= set(acte.roles), f"aucune réussite par {set(acte.roles) - reussis}"


def _encore(acte, situation, personne, donnees):
    try:
        executer(acte.modele, acte.nom, situation.objet, personne, donnees, "cle-unique")
    except HorsPortee:
        pass  # what was done took the object out of this person's sight: nothing more can happen
    return photo(situation.objet)


@pytest.mark.une_base
@pytest.mark.usefixtures("refus_abreges")
class TestParLesEcrans:
    """The same promises through the one POST address: 404, 403, 409, login, and never an effect."""

    @pytest.mark.parametrize("acte", PUBLICS, ids=nom)
    def test_le_refus_a_son_statut(self, monde, clients, acte):
        """One person per kind of refusal, in a state that allows the verb and in one that does not; an empty form."""
        siennes = [s for s in monde.situations if s.objet._meta.label_lower == acte.modele]
        permis = next(s for s in siennes if s.objet.etat in acte.de)
        interdit = next(s for s in siennes if s.objet.etat not in acte.de and s.objet.etat != "brouillon")
        fautes, avant = [], photo_de_tous(acte.modele)
        for situation in (permis, interdit):
            url, vus = adresse(situation.objet, acte), set()
            for qui, (personne, roles) in situation.gens.items():
                promis = attendu(acte, situation.objet.etat, roles)
                sorte = qui if qui in {"anonyme", "éditeur"} else promis
                if promis is None or _sans_compte(personne) or sorte in vus:
                    continue
                vus.add(sorte)
                # Who is refused whatever the state is asked for the page once; nobody's form is read anywhere.
                for methode in ("get", "post") if situation is permis or promis is Refus else ("post",):
                    if isinstance(personne, AnonymousUser):
                        reponse, statut = getattr(Client(), methode)(url), 302
                    else:
                        reponse = getattr(clients[personne.pk], methode)(url)
                        # Who holds no role of the back office is not received there at all.
                        statut = 403 if qui == "éditeur" else promis.statut
                    if reponse.status_code != statut:
                        fautes.append(f"{methode} {situation.nom}, {qui} : {reponse.status_code} au lieu de {statut}")
        assert not fautes
        assert photo_de_tous(acte.modele) == avant, "un refus a laissé une trace"

    def test_un_verbe_interne_n_a_pas_d_adresse(self, monde, clients):
        """What another verb carries out, and what creates an object, cannot be posted, even by the right person."""
        internes = [acte for acte in VERBES.values() if acte.interne or acte.creation]
        assert internes
        for acte in internes:
            siennes = [s for s in monde.situations if s.objet._meta.label_lower == acte.modele]
            # Where its state allows it, when there is such a state: no state has an address.
            situation = next((s for s in siennes if s.objet.etat in acte.de), siennes[0])
            for role in acte.roles:
                personne = situation.avec(role)
                if getattr(personne, "pk", None):  # who holds a link has no account to post with
                    reponse = clients[personne.pk].post(adresse(situation.objet, acte))
                    assert reponse.status_code == 404, (acte.nom, situation.nom)

    def test_un_verbe_ou_un_modele_inconnu_n_existe_pas(self, monde, clients):
        """Neither an invented verb, nor a verb of another model, nor a model without verbs."""
        s = monde.situations[0]
        client = clients[s.avec("employeur").pk]
        for chemin in (
            f"{s.objet._meta.label_lower}/{s.objet.pk}/devenir_valide/",
            f"jurys.sessionjury/{s.objet.pk}/deposer/",
            f"comptes.utilisateur/{s.objet.pk}/deposer/",
            f"n.importe.quoi/{s.objet.pk}/deposer/",
        ):
            assert client.post(f"/gestion/actes/{chemin}").status_code == 404, chemin

    def test_les_champs_en_trop_sont_ignores(self, monde, clients):
        """`etat`, `porteur`, `numero`, `is_staff`… sent with a verb change nothing by themselves."""
        s = next(s for s in monde.situations if s.nom == "déposée")
        ligne = photo(s.objet)[0]
        intrus = {
            "etat": "validee",
            "porteur": "1",
            "reference": "X-1",
            "decision": "oui",
            "is_staff": "on",
            "cle": "k",
        }
        acte = VERBES[s.objet._meta.label_lower, "declarer_recevable"]
        reponse = clients[s.avec("gestionnaire").pk].post(adresse(s.objet, acte), intrus)
        assert reponse.status_code == 302
        apres = photo(s.objet)[0]
        assert {champ for champ in ligne if ligne[champ] != apres[champ]} == {"etat", "etat_depuis", "recevable_le"}
        assert apres["etat"] == "recevable"
        assert not s.avec("gestionnaire").__class__.objects.get(pk=s.avec("gestionnaire").pk).is_staff

    def test_une_demande_renvoyee_mene_au_dossier(self, monde, clients):
        """The back button, then the same form again: one effect, and no error page."""
        s = next(s for s in monde.situations if s.nom == "brouillon avec sa pièce")
        acte = VERBES[s.objet._meta.label_lower, "retirer_piece"]
        envoi = {"piece": s.objet.pieces.get().pk, "cle": "deux-fois"}
        reponses = [clients[s.avec("employeur").pk].post(adresse(s.objet, acte), envoi) for _ in range(2)]
        assert [r.status_code for r in reponses] == [302, 302]
        assert EntreeJournal.objects.de(s.objet).filter(verbe="retirer_piece").count() == 1
