"""Load the demonstration once; print its accounts."""

import json

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backoffice.comptes.models import Utilisateur
from site_public.demonstration import chargement, personnes
from site_public.demonstration.scenario import ExemplesEchus

GRAINE = 2026


class Command(BaseCommand):
    help = (
        "Charge la démonstration\u00a0: certifications véritables, personnes inventées, dossiers à toutes les étapes. "
        "Une seconde exécution ne change rien."
    )

    def add_arguments(self, parser):
        parser.add_argument("--graine", type=int, default=GRAINE, help="nombre dont tout le hasard découle")
        parser.add_argument("--part", type=float, default=1.0, help="fraction des 300 dossiers, pour charger plus vite")
        parser.add_argument("--json", action="store_true", help="imprimer les comptes en JSON")
        parser.add_argument("--code", metavar="COURRIEL", help="imprimer le code à six chiffres d’un compte")

    def handle(self, *args, graine, part, code, **options):
        if not settings.PAGES_DE_DEVELOPPEMENT:
            raise CommandError(
                "La démonstration crée des comptes dont les mots de passe sont publics\u202f: "
                "elle ne se charge pas sur un site de production."
            )
        if code:
            return self._code(code)
        charges = self._charger(graine, part)
        if options["json"]:
            return json.dumps(personnes.presentation(graine), ensure_ascii=False, indent=2)
        self.stdout.write("Démonstration chargée." if charges else "La démonstration est déjà chargée.")
        for compte in personnes.presentation(graine):
            self.stdout.write(f"{compte['courriel']}  {compte['mot_de_passe']}  {compte['role']}")
        return None

    def _charger(self, graine: int, part: float) -> bool:
        """Load what is missing; False when nothing was."""
        temoin = Utilisateur.objects.filter(email=personnes.PROFILS[-1].courriel).first()
        if temoin is not None:
            if not temoin.check_password(personnes.mot_de_passe(graine, temoin.email)):
                raise CommandError(
                    "Une démonstration est déjà chargée, avec une autre graine ou d’autres mots de passe. "
                    "Pour en changer, repartez d’une base vide."
                )
            return False
        try:
            chargement.charger(graine, part)
        except ExemplesEchus as erreur:
            raise CommandError(str(erreur)) from erreur
        return True

    def _code(self, courriel: str) -> str:
        try:
            return personnes.code_du_moment(courriel)
        except Authenticator.DoesNotExist as erreur:
            raise CommandError(f"Le compte «\u202f{courriel}\u202f» n’a pas de second facteur.") from erreur
