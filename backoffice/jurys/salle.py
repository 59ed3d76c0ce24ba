"""What the room shows to one person, and the short reading that tells which part of it has changed."""

import hashlib
import secrets
from functools import cached_property

from django.core.cache import cache
from django.db.models import Max

from backoffice.parcours.models import ModeDecision

from .composition import Assemblee, empechements, tete
from .composition import corps as corps_de
from .feuilles import tient_la_plume
from .forms_salle import BulletinForm, ClotureForm
from .models import Deport, Inscription, Procuration, Scrutin, SessionJury, Voix
from .votes import aux_voix, decision_du_vote, dernier, en_cours, evalues, hors_de_portee
from .workflow import AVANT_CLOTURE

# The parts of the page that change under one's eyes, in the order of their versions.
FRAGMENTS = ("annonce", "liste", "bulletins", "scrutin", "composition")
PLUMES = {"secretaire", "gestionnaire", "certificateur"}
UNE_JOURNEE = 12 * 3600


def _cle(session_pk: int) -> str:
    return f"jurys:salle:{session_pk}"


def suivre_la_presidence(session: SessionJury, inscription: Inscription) -> None:
    """Remember the dossier that the chair looks at: members who wish follow. Nothing of it is kept after the day."""
    if cache.get(_cle(session.pk)) != inscription.pk:
        cache.set(_cle(session.pk), inscription.pk, UNE_JOURNEE)


def dossier_de_la_presidence(session: SessionJury) -> int | None:
    return cache.get(_cle(session.pk))


class Releve:
    """The room in a few rows: enough to tell what changed since it was last shown, in seven small queries."""

    def __init__(self, session: SessionJury, inscription_pk: int, utilisateur):
        inscriptions = session.inscriptions.filter(retiree_le=None).order_by("pk")
        self.inscriptions = list(inscriptions.values_list("pk", "issue", "deliberee_le"))
        scrutins = Scrutin.objects.filter(inscription__session=session).order_by("pk")
        self.scrutins = list(scrutins.values_list("inscription", "pk", "clos_le", "annule_le"))
        self.ouverts = [s for s in self.scrutins if s[2] is None and s[3] is None]
        self.membres = list(session.membres.order_by("pk").values_list("pk", "utilisateur", "present_le", "parti_le"))
        procurations = Procuration.objects.filter(mandant__session=session, retiree_le=None).order_by("pk")
        self.procurations = list(procurations.values_list("pk", "mandataire"))
        self.deports = list(
            Deport.objects.filter(inscription__session=session).order_by("pk").values_list("inscription", "membre")
        )
        voix = Voix.objects.filter(scrutin__in=[s[1] for s in self.ouverts if s[0] == inscription_pk])
        self.voix = list(
            voix.order_by("membre").values_list("membre", "portee_par").annotate(derniere=Max("exprimee_le"))
        )
        self.position = dossier_de_la_presidence(session)
        self.moment, self.pk, self.utilisateur = session.etat, inscription_pk, utilisateur.pk

    @cached_property
    def versions(self) -> list[str]:
        """One short fingerprint per fragment; it is this person's own."""
        siens = {m[0] for m in self.membres if m[1] == self.utilisateur}
        ici = [s for s in self.scrutins if s[0] == self.pk]
        sienne = [i for i in self.inscriptions if i[0] == self.pk]
        salle = [self.membres, self.procurations, [d for d in self.deports if d[0] == self.pk], self.moment]
        parts = {
            "annonce": [self.position, self.ouverts, sienne],
            "liste": [self.inscriptions, self.ouverts, [d for d in self.deports if d[1] in siens]],
            "scrutin": [salle, ici, sienne, [v[0] for v in self.voix]],
            "bulletins": [salle, ici, sienne, [v for v in self.voix if siens & {v[0], v[1]}]],
            "composition": salle,
        }
        return [
            hashlib.sha256(repr((self.utilisateur, self.pk, parts[nom])).encode()).hexdigest()[:12] for nom in FRAGMENTS
        ]


class Salle:
    """What one person sees and may do in the room, on one dossier."""

    def __init__(self, session: SessionJury, inscription: Inscription, utilisateur, dossiers: list[dict]):
        self.session, self.inscription, self.utilisateur = session, inscription, utilisateur
        self.candidature, self.dossiers = inscription.candidature, dossiers
        # The dossier carries its session: what is read of one is read of the other.
        inscription.session = session
        self.assemblee = Assemblee.de(session)
        self.corps = corps_de(session, inscription, self.assemblee)
        self.ouverte = session.etat == SessionJury.Etat.OUVERTE
        self.scrutin = en_cours(inscription) if self.ouverte else None

    @cached_property
    def preside(self) -> bool:
        meneur = tete(self.corps.presents)
        return self.ouverte and meneur is not None and meneur.utilisateur_id == self.utilisateur.pk

    @cached_property
    def tient_la_plume(self) -> bool:
        """Does this person enter the sheet? Not who chairs: the decision is theirs already."""
        roles = self.candidature.roles_de(self.utilisateur)
        return (
            self.ouverte
            and not self.preside
            and bool(roles & PLUMES)
            and tient_la_plume(self.session, self.utilisateur)
        )

    @cached_property
    def manques(self) -> list[str]:
        if self.session.etat not in AVANT_CLOTURE:
            return []
        return empechements(self.session, self.inscription, self.assemblee)

    def annonce(self) -> dict:
        """Where the chair is, which vote is open elsewhere; what has just been concluded here."""
        par_pk = {d["inscription"].pk: d for d in self.dossiers}
        ouverts = Scrutin.objects.filter(inscription__session=self.session, clos_le=None, annule_le=None)
        votes = [par_pk[pk] for pk in ouverts.order_by("pk").values_list("inscription", flat=True) if pk in par_pk]
        return {
            "position": None if self.preside else par_pk.get(dossier_de_la_presidence(self.session)),
            "votes": votes,
            "vote_ici": self.scrutin,
        }

    def liste(self) -> dict:
        """The dossiers, with their neighbours and how many are done."""
        lisibles = [d["inscription"].pk for d in self.dossiers if not d["deport"]]
        rang = lisibles.index(self.inscription.pk) if self.inscription.pk in lisibles else 0
        return {
            "dossiers": self.dossiers,
            "faits": sum(bool(d["inscription"].issue) for d in self.dossiers),
            "precedent": lisibles[rang - 1] if rang > 0 else None,
            "suivant": lisibles[rang + 1] if rang + 1 < len(lisibles) else None,
        }

    def tour(self) -> dict:
        """The ballot: who has voted while it is open (never what), what was counted once it is closed."""
        dernier_tour = dernier(self.inscription)
        votes = set(dernier_tour.voix.values_list("membre", flat=True)) if dernier_tour else set()
        blocs = {str(b.pk): b for b in self.candidature.blocs_a_evaluer()}
        comptes = dernier_tour.depouillement if dernier_tour and dernier_tour.clos_le else {}
        noms = {m.pk: m.utilisateur for m in self.assemblee.membres}
        return {
            "dernier": dernier_tour,
            "appeles": [{"siege": s, "a_vote": s.membre.pk in votes} for s in self.corps.voix],
            "voix": sum(s.membre.pk in votes for s in self.corps.voix),
            "comptes": [
                {"bloc": blocs[pk], **compte, "nominatif": self._nominatif(dernier_tour, int(pk), noms)}
                for pk, compte in comptes.items()
                if pk in blocs
            ],
            "en_suspens": aux_voix(self.inscription) if comptes else [],
            "motif_attendu": bool(comptes) and not self.inscription.issue and self._tout_est_vote(),
        }

    def _nominatif(self, scrutin, bloc: int, noms) -> list[dict]:
        """Who voted what, after the close of an open ballot; never in a secret one."""
        if self.candidature.parcours.vote_secret:
            return []
        voix = [v for v in scrutin.voix.all() if v.bloc_id == bloc]
        return [{"qui": noms.get(v.membre_id), "choix": v.get_choix_display()} for v in voix]

    def _tout_est_vote(self) -> bool:
        return set(decision_du_vote(self.inscription)) == set(evalues(self.candidature))

    def bulletins(self) -> list[dict]:
        """One ballot paper per voice that this person casts, with what it says so far."""
        if self.scrutin is None:
            return []
        siennes = self.corps.portees_par(self.utilisateur)
        dites = list(self.scrutin.voix.filter(membre__in=[s.membre.pk for s in siennes])) if siennes else []
        return [
            self._bulletin(siege, {v.bloc_id: v.choix for v in dites if v.membre_id == siege.membre.pk})
            for siege in siennes
        ]

    def _bulletin(self, siege, dit: dict[int, str]) -> dict:
        form = BulletinForm(
            objet=self.candidature,
            acteur=self.utilisateur,
            auto_id=f"id_s{siege.membre.pk}_%s",
            initial={f"b{bloc}": choix for bloc, choix in dit.items()},
        )
        return {
            "siege": siege,
            "form": form,
            "champs": [form[f"b{bloc.pk}"] for bloc in form.blocs],
            "a_vote": bool(dit),
            "cle": secrets.token_hex(16),
        }

    def vote(self) -> dict:
        """What the chair may do with the vote now."""
        reste = aux_voix(self.inscription)
        return {
            "ouvrable": self.preside and not self.scrutin and not self.inscription.issue and bool(reste),
            "par_vote": self.candidature.parcours.mode_decision == ModeDecision.VOTE,
            "hors_de_portee": [
                b for b in self.candidature.blocs_a_evaluer() if b.pk in hors_de_portee(self.candidature)
            ],
            "cloture": ClotureForm(objet=self.candidature, acteur=self.utilisateur) if self.scrutin else None,
        }

    def membres(self) -> list[dict]:
        """Each seat: votes, is represented, has no voice here, is recused."""
        voix = {s.membre.pk: s for s in self.corps.voix}
        recuses = {d.membre_id for d in self.inscription.deports.all()}
        return [
            {"membre": m, "vote": m.pk in voix, "voix": voix.get(m.pk), "deporte": m.pk in recuses, "la": m.est_la}
            for m in sorted(self.assemblee.membres, key=lambda m: (m.college, m.suppleant, m.pk))
        ]

    def fragments(self) -> dict:
        """Everything that the live parts of the page read."""
        return {
            "session": self.session,
            "inscription": self.inscription,
            "candidature": self.candidature,
            "preside": self.preside,
            "annonce": self.annonce(),
            "liste": self.liste(),
            "tour": self.tour(),
            "vote": self.vote(),
            "bulletins": self.bulletins(),
            "membres": self.membres(),
            "manques": self.manques,
            "decisions": list(self.inscription.decisions.all()),
            "scrutin": self.scrutin,
        }
