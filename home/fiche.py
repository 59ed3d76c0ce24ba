"""What the registry says of one CQP, arranged for its page. Nothing is copied: each visit reads it again."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Case, CharField, F, Prefetch, Q, Value, When, prefetch_related_objects
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.formats import date_format

from home.catalogue import DELIVRABLE, ECHU, EN_COURS, adresse, etat
from home.chiffres import ChiffresCQP, chiffres_du_cqp
from home.criteres import Criteres
from home.effectifs import tableau_publie
from registre.correspondances import correspondances
from registre.models import (
    Bloc,
    Certification,
    CodeNomenclature,
    OptionCertification,
    RoleCertification,
    VersionCertification,
    VoieAcces,
)
from registre.secret_statistique import Tableau

Lignee = VersionCertification.succede_a.through


def en_lettres(jour: date) -> str:
    """« 1er juin 2030 »."""
    return date_format(jour, "j F Y")


@dataclass(frozen=True)
class FicheCQP:
    """The facts of a CQP on a given day, in the shape the components of the page take."""

    certification: Certification
    version: VersionCertification
    versions: list[VersionCertification]
    lignee: list
    reperes_lus: dict[str, list[tuple[str, str]]]
    tableau: Tableau
    jour: date

    @property
    def est_rncp(self) -> bool:
        return self.version.repertoire == VersionCertification.Repertoire.RNCP

    @property
    def est_de_branche(self) -> bool:
        return self.version.repertoire == VersionCertification.Repertoire.BRANCHE

    @property
    def est_ouvert(self) -> bool:
        """May one still engage in it? Only while its registration runs."""
        return etat(self.version, self.jour) == EN_COURS

    @property
    def est_delivrable(self) -> bool:
        """May a jury still award it? Then the way to obtain it is worth telling."""
        return self.version.est_delivrable(self.jour)

    @property
    def voies(self) -> list[str]:
        return [libelle for voie, libelle in VoieAcces.Voie.choices if voie in self.codes_des_voies]

    @property
    def codes_des_voies(self) -> set[str]:
        return {code for code, _ in self.reperes_lus["voie"]}

    @property
    def options(self) -> list[str]:
        return [libelle for _, libelle in self.reperes_lus["option"]]

    @property
    def codes(self) -> list[tuple[str, str]]:
        """The codes of the official lists: name of the list, code."""
        return [
            (libelle, code)
            for nomenclature, libelle in CodeNomenclature.Nomenclature.choices
            for code, _ in self.reperes_lus[nomenclature]
        ]

    @property
    def ouvre_la_vae(self) -> bool:
        return VoieAcces.Voie.VAE in self.codes_des_voies

    @property
    def reconnaissance(self) -> str:
        """One sentence: what recognises this CQP, since when, for how long."""
        version = self.version
        decision = f" par décision du {en_lettres(version.date_decision)}" if version.date_decision else ""
        duree = version.duree_enregistrement
        annees = f", pour {duree} an{'s' if duree > 1 else ''}" if duree else ""
        if self.est_de_branche:
            depuis = f", en vigueur depuis le {en_lettres(version.date_effet)}" if version.date_effet else ""
            return (
                "CQP de branche, créé et délivré par la commission paritaire nationale de l’emploi"
                f"{decision or depuis}."
            )
        verbe = "Inscrit" if version.est_en_vigueur(self.jour) else "Il a été inscrit"
        repertoire = (
            "répertoire national des certifications professionnelles (RNCP)"
            if self.est_rncp
            else "répertoire spécifique (RS)"
        )
        return f"{verbe} au {repertoire} sous le numéro {version.numero}{decision}{annees}."

    @property
    def en_bref(self) -> list[dict]:
        """The boxed facts. A branch-only CQP has neither level nor register, and says neither."""
        version, certification = self.version, self.certification
        niveau = ""
        if version.niveau:
            niveau = f"{version.niveau} du cadre national"
            niveau += f", {version.niveau_cec} du cadre européen" if version.niveau_cec else ""
        lignes = [
            ("Fiche officielle", version.numero, version.url_france_competences),
            ("Niveau", niveau, ""),
            ("Repère de la branche", version.ancien_niveau, ""),
            (
                "Filière",
                certification.filiere.libelle,
                Criteres("", {"filiere": (certification.filiere.slug,)}).adresse(),
            ),
            ("Voies d’accès", ", ".join(self.voies).capitalize(), ""),
            *self._echeances(),
            ("Porteur", certification.porteur.raison_sociale, ""),
            ("Par blocs", "Oui, un bloc acquis se garde" if version.validation_partielle and self.blocs else "", ""),
        ]
        return [{"libelle": mots, "valeur": valeur, "url": url} for mots, valeur, url in lignes if valeur]

    def _echeances(self) -> list[tuple]:
        """End of registration and last day of delivery: two lines only when they differ."""
        fin, limite = self.version.date_fin_enregistrement, self.version.delivrable_jusqu_au
        if fin and fin == limite:
            return [("Enregistré et délivrable jusqu’au", en_lettres(fin), "")]
        lignes = [("Enregistré jusqu’au", fin), ("Délivrable jusqu’au", limite)]
        return [(libelle, en_lettres(jour), "") for libelle, jour in lignes if jour]

    @property
    def etat(self) -> dict:
        """The parameters of the status component."""
        cle, libelle, ton = etat(self.version, self.jour)
        if cle == EN_COURS[0]:
            libelle = "CQP de branche en cours" if self.est_de_branche else "Enregistrement en cours"
        return {"libelle": libelle, "ton": ton, "icone": "valide" if ton == "valide" else "horloge"}

    @property
    def reperes(self) -> list[str]:
        """What one recognises it by, under its title."""
        version = self.version
        niveau = f"Niveau {version.niveau}" if version.niveau else ""
        interbranches = "CQPI, commun à plusieurs branches" if self.certification.nature == "CQPI" else ""
        return [repere for repere in (version.numero, niveau, interbranches) if repere]

    @property
    def romes(self) -> str:
        """The trades of the national list (ROME), code and name."""
        return ", ".join(f"{code} {libelle}".strip() for code, libelle in self.reperes_lus["rome"])

    @property
    def certificateurs(self) -> list[str]:
        """Legal names, with the commercial name when there is one; the CPNE first."""
        return [
            nom for role in ("cpne", "certificateur") for celui_ci, nom in self.reperes_lus["role"] if celui_ci == role
        ]

    @property
    def blocs(self) -> list[Bloc]:
        return list(self.version.blocs.all())

    @property
    def successeurs(self) -> list[VersionCertification]:
        """Versions which replace the current one, in this family or in another."""
        return [lien.from_versioncertification for lien in self.lignee if lien.to_versioncertification == self.version]

    @property
    def avertissement(self) -> dict:
        """The notice of a registration that has ended; empty while it runs."""
        version, etat_actuel = self.version, etat(self.version, self.jour)
        if etat_actuel == EN_COURS:
            return {}
        fin, limite = version.date_fin_enregistrement, version.delivrable_jusqu_au
        texte = f"Son enregistrement a pris fin le {en_lettres(fin)}." if fin else "Son enregistrement a pris fin."
        if etat_actuel == DELIVRABLE:
            texte += f" Un jury peut encore le délivrer jusqu’au {en_lettres(limite)}, aux candidats déjà engagés."
        elif etat_actuel == ECHU and limite:
            texte += (
                f" Il n’est plus délivré depuis le {en_lettres(limite)}. Les parchemins déjà remis restent valables."
            )
        avis = {
            "ton": "partiel",
            "titre": "Ce CQP n’accueille plus de nouveaux candidats",
            "texte": texte,
            "url": "",
            "lien": "",
        }
        for suivante in self.successeurs[:1]:
            avis["texte"] += f" Il est remplacé par « {suivante.intitule} »."
            if suivante.certification_id != self.certification.pk:
                avis |= {"url": adresse(suivante.certification), "lien": "Voir le CQP qui le remplace"}
        return avis

    @cached_property
    def chiffres(self) -> ChiffresCQP:
        """What may be said of those it certified."""
        return chiffres_du_cqp(self.certification.pk, self.tableau, self.jour)

    @cached_property
    def correspondances(self) -> list[dict]:
        """For each neighbouring version, the blocs one keeps from it, or that it keeps of this one."""
        noms = {v.pk: f"{v.intitule} ({v.numero})" if v.numero else v.intitule for v in self._voisines()}
        tableaux: dict[tuple, list] = {}
        for lien in correspondances({self.version.pk}):
            vers_ici = lien.version_visee == self.version.pk
            autre = lien.version_acquise if vers_ici else lien.version_visee
            if autre in noms:
                tableaux.setdefault((vers_ici, noms[autre]), []).append((lien.acquis, lien.vise))
        return [
            {"vers_ici": vers_ici, "version": nom, "blocs": blocs}
            for (vers_ici, nom), blocs in sorted(tableaux.items())
        ]

    def _voisines(self) -> list[VersionCertification]:
        """The other versions of the family, and those of others that it comes from or leads to."""
        des_liens = [v for lien in self.lignee for v in (lien.from_versioncertification, lien.to_versioncertification)]
        return [v for v in {v.pk: v for v in [*self.versions, *des_liens]}.values() if v != self.version]

    @property
    def adresse_pdf(self) -> str:
        return f"{adresse(self.certification)}fiche.pdf"

    @property
    def adresse_comparer(self) -> str:
        """The catalogue of the same trade, this CQP being put aside."""
        return Criteres(
            "", {"filiere": (self.certification.filiere.slug,)}, compares=(self.certification.slug,)
        ).adresse()

    @property
    def adresse_voisins(self) -> str:
        """The list of the CQPs of the same trade that welcome candidates."""
        filiere = self.certification.filiere.slug
        return Criteres("", {"filiere": (filiere,), "etat": (EN_COURS[0],)}).adresse()

    @property
    def frise(self) -> list[dict]:
        """Every version of the family and those it comes from or leads to, newest first."""
        points = [self.version, *self._voisines()]
        points.sort(
            key=lambda v: (self._debut(v) or date.min, v.date_fin_enregistrement or date.max, v.pk), reverse=True
        )
        return [self._point(version) for version in points]

    @staticmethod
    def _debut(version) -> date | None:
        return version.date_effet or version.date_decision

    def _point(self, version) -> dict:
        morceaux = []
        if version.niveau:
            morceaux.append(f"Niveau {version.niveau}.")
        if version.date_fin_enregistrement:
            morceaux.append(f"Enregistrement jusqu’au {en_lettres(version.date_fin_enregistrement)}.")
        if version.date_limite_delivrance:
            morceaux.append(f"Délivrable jusqu’au {en_lettres(version.date_limite_delivrance)}.")
        ailleurs = version.certification_id != self.certification.pk
        return {
            "date": self._debut(version),
            "titre": f"{version.intitule} ({version.numero})" if version.numero else version.intitule,
            "texte": " ".join(morceaux),
            "ton": {"en-cours": "valide", "delivrable": "partiel"}.get(etat(version, self.jour)[0], ""),
            "url": adresse(version.certification) if ailleurs else "",
        }

    @property
    def etapes(self) -> list[dict]:
        """How to obtain it, in the order one lives it, after what this version asks."""
        prerequis = self.version.prerequis_entree or self.version.prerequis_validation
        certificateur = f" ({self.certificateurs[0]})" if self.certificateurs else ""
        debut = [
            {
                "titre": "Vérifiez que ce CQP est fait pour vous",
                "texte": "Lisez les prérequis ci-dessus et les compétences attendues : ce sont elles qui seront "
                "évaluées."
                if prerequis
                else "Lisez les compétences attendues : ce sont elles, et elles seules, qui seront évaluées.",
            },
            {"titre": "Choisissez votre voie", "texte": self._texte_des_voies()},
            {
                "titre": "Ouvrez votre dossier",
                "texte": "Votre employeur ou le porteur l’ouvre en ligne avec vous. "
                f"{self.certification.porteur} vérifie qu’il est complet et vous dit s’il est recevable.",
            },
        ]
        suite = [
            {
                "titre": "Montrez ce que vous savez faire",
                "texte": "Un évaluateur habilité, indépendant de votre employeur et de votre formateur, "
                "examine chaque compétence. Un professionnel du métier donne aussi son avis.",
            },
            {
                "titre": "Le jury paritaire décide",
                "texte": "Autant de représentants des employeurs que des salariés : "
                "votre travail est jugé par des gens du métier.",
            },
            {
                "titre": "Recevez votre parchemin",
                "texte": f"Il est numéroté, signé au nom du certificateur{certificateur}, et porte un code que chacun "
                "peut vérifier.",
            },
        ]
        return debut + suite

    def _texte_des_voies(self) -> str:
        if not self.voies:
            return "Le porteur vous indique les voies ouvertes et celle qui convient à votre situation."
        if len(self.voies) == 1:
            return f"Ce CQP s’obtient par une seule voie : {self.voies[0]}."
        return f"Ce CQP s’obtient par {', '.join(self.voies[:-1])} ou {self.voies[-1]}."


def lire_fiche(certification: Certification, jour: date | None = None) -> FicheCQP | None:
    """Read the facts of `certification`; None while it has no version."""
    return next(iter(lire_fiches([certification], jour)), None)


def lire_fiches(certifications: list[Certification], jour: date | None = None) -> list[FicheCQP]:
    """Read the facts of these certifications in a constant number of queries; those without a version are left out.

    Each should come with its filière and its porteur.
    """
    jour = jour or timezone.localdate()
    prefetch_related_objects(certifications, "versions")
    actuelles = {c.pk: version for c in certifications if (version := c.version_actuelle(jour))}
    prefetch_related_objects(
        list(actuelles.values()),
        Prefetch("blocs", queryset=Bloc.objects.select_related("option").prefetch_related("competences")),
    )
    toutes = {c.pk: list(c.versions.all()) for c in certifications}
    voulues = {version.pk for siennes in toutes.values() for version in siennes}
    lignee = Lignee.objects.filter(
        Q(from_versioncertification__in=voulues) | Q(to_versioncertification__in=voulues)
    ).select_related("from_versioncertification__certification", "to_versioncertification__certification")
    liens, reperes, tableau = list(lignee), _lire_reperes(list(actuelles.values())), tableau_publie()
    return [
        FicheCQP(c, actuelles[c.pk], toutes[c.pk], _siens(liens, c), reperes[actuelles[c.pk].pk], tableau, jour)
        for c in certifications
        if c.pk in actuelles
    ]


def _siens(liens: list, certification: Certification) -> list:
    bouts = ("from_versioncertification", "to_versioncertification")
    return [lien for lien in liens if any(getattr(lien, b).certification_id == certification.pk for b in bouts)]


def _lire_reperes(versions: list[VersionCertification]) -> dict[int, dict[str, list[tuple[str, str]]]]:
    """The short lists of each version (access modes, official codes, options, roles) in one query instead of four."""

    def lignes(modele, **colonnes):
        return (
            modele.objects.filter(version__in=versions)
            .order_by()
            .annotate(**colonnes)
            .values_list("version", "genre", "place", "cle", "texte")
        )

    voies = lignes(VoieAcces, genre=Value("voie"), place=F("pk"), cle=F("voie"), texte=Value(""))
    nomme = F("organisme__raison_sociale")
    nom = Case(
        When(organisme__nom_commercial="", then=nomme),
        default=Concat(nomme, Value(" ("), F("organisme__nom_commercial"), Value(")")),
        output_field=CharField(),
    )
    roles = lignes(RoleCertification, genre=Value("role"), place=F("ordre"), cle=F("role"), texte=nom)
    codes = lignes(CodeNomenclature, genre=F("nomenclature"), place=F("rang"), cle=F("code"), texte=F("libelle"))
    options = lignes(OptionCertification, genre=Value("option"), place=F("pk"), cle=F("code"), texte=F("libelle"))
    lus = defaultdict(lambda: defaultdict(list))
    for version, genre, _, cle, texte in sorted(voies.union(codes, options, roles, all=True)):
        lus[version][genre].append((cle, texte))
    return lus
