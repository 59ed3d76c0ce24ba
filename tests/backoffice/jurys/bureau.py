"""An open session of two members per collège on one dossier, and what they do there."""

from django.utils import timezone

from backoffice.jurys.models import DecisionBloc, Inscription, Procuration, Scrutin
from registre.transitions import executer
from tests import fabriques as f

from .outils import nommer, seance


class Bureau:
    """An open session of two members per collège on one dossier, under a parcours that votes unless told otherwise."""

    def __init__(self, acquis=True, procuration=False, **parcours):
        self.acteurs = a = f.Acteurs(**{"mode_decision": "vote", "sieges_par_college": 2, **parcours})
        session = f.session(a)
        self.troisieme = nommer(a, session, "employeurs", prenom="Carole")
        self.quatrieme = nommer(a, session, "salaries", prenom="Driss")
        self.dossier = f.inscrite(a, session, acquis=acquis)
        for membre in (self.troisieme, *([] if procuration else [self.quatrieme])):
            seance(session, "emarger", membre)
        if procuration:
            mandant, mandataire = self.siege(self.quatrieme, session), self.siege(a.vice_president, session)
            Procuration.objects.create(mandant=mandant, mandataire=mandataire, donnee_le=timezone.now())
        self.session = f.ouvrir_seance(a, session)
        self.membres = (a.presidente, a.vice_president, self.troisieme, self.quatrieme)

    def siege(self, personne, session=None):
        return (session or self.session).membres.get(utilisateur=personne)

    @property
    def inscription(self) -> Inscription:
        return Inscription.objects.get(candidature=self.dossier)

    @property
    def scrutin(self) -> Scrutin:
        return self.inscription.scrutins.last()

    def faire(self, nom, acteur=None, cle="", **donnees):
        return executer(f.MODELE, nom, self.dossier, acteur or self.acteurs.presidente, donnees, cle)

    def voter(self, personne, choix="pour", siege=None, cle=""):
        """`choix`: one for all blocs, or one per bloc in their order."""
        blocs = self.dossier.blocs_a_evaluer()
        choix = [choix] * len(blocs) if isinstance(choix, str) else choix
        dit = {bloc.pk: c for bloc, c in zip(blocs, choix, strict=True)}
        return self.faire("voter", personne, cle, siege=siege or self.siege(personne), choix=dit)

    def tour(self, *choix):
        """A whole ballot: opened, voted by the four members in their order, closed."""
        self.faire("ouvrir_scrutin")
        for personne, dit in zip(self.membres, choix, strict=True):
            self.voter(personne, dit)
        return self.faire("clore_scrutin", sans_attendre=False)

    def decisions(self):
        champs = ("acquis", "rattrapage", "pour", "contre", "abstentions", "motif")
        return list(DecisionBloc.objects.filter(inscription=self.inscription).values_list(*champs))
