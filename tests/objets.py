"""One object of each kind, as the database wants it, with what it cannot live without."""

from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from backoffice.comptes.models import Role, Utilisateur
from backoffice.parcours.models import Parcours, PieceRequise
from registre.models import (
    Bloc,
    Certification,
    CodeNomenclature,
    Competence,
    Filiere,
    Organisme,
    RoleCertification,
    Titulaire,
    VersionCertification,
)

MOT_DE_PASSE = "une-phrase-longue-pour-les-tests"


class OrganismeFactory(DjangoModelFactory):
    class Meta:
        model = Organisme

    raison_sociale = factory.Sequence(lambda n: f"Entreprise {n}")
    commune = "Mende"


class UtilisateurFactory(DjangoModelFactory):
    class Meta:
        model = Utilisateur
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@example.org")
    prenom = "Camille"
    nom = factory.Sequence(lambda n: f"Exemple{n}")

    @factory.post_generation
    def mot_de_passe(self, create, extracted, **kwargs):
        self.set_password(extracted or MOT_DE_PASSE)
        self.save()

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        """role=("employeur", organisme) or role="certificateur"."""
        if extracted:
            nom, organisme = extracted if isinstance(extracted, tuple) else (extracted, None)
            if organisme is None and nom not in {"candidat", "editeur", "publicateur", "auditeur"}:
                organisme = OrganismeFactory()
            Role.objects.create(utilisateur=self, nom=nom, organisme=organisme)


class FiliereFactory(DjangoModelFactory):
    class Meta:
        model = Filiere
        django_get_or_create = ("slug",)

    libelle = "Couverture"
    slug = "couverture"


class CertificationFactory(DjangoModelFactory):
    class Meta:
        model = Certification

    slug = factory.Sequence(lambda n: f"couvreur-{n}")
    intitule_usuel = factory.Sequence(lambda n: f"CQP Couvreur {n}")
    filiere = factory.SubFactory(FiliereFactory)
    porteur = factory.SubFactory(OrganismeFactory, raison_sociale=factory.Sequence(lambda n: f"Porteur {n}"))


class VersionFactory(DjangoModelFactory):
    """A RNCP version with two blocs of two compétences, its CPNE, its NSF code."""

    class Meta:
        model = VersionCertification
        skip_postgeneration_save = True

    certification = factory.SubFactory(CertificationFactory)
    repertoire = "rncp"
    numero = factory.Sequence(lambda n: f"RNCP{90000 + n}")
    intitule = factory.LazyAttribute(lambda v: v.certification.intitule_usuel)
    niveau = 3
    niveau_cec = 3
    date_decision = date(2025, 9, 24)
    duree_enregistrement = 5
    date_fin_enregistrement = date(2035, 9, 24)

    @factory.post_generation
    def contenu(self, create, extracted, **kwargs):
        cpne = OrganismeFactory(raison_sociale=f"CPNE {self.pk}", sigle=f"CPNE{self.pk}", commune="Paris")
        RoleCertification.objects.create(version=self, organisme=cpne, role="cpne")
        RoleCertification.objects.create(version=self, organisme=self.certification.porteur, role="porteur", ordre=1)
        CodeNomenclature.objects.create(version=self, nomenclature="nsf", code="232", libelle="Bâtiment")
        for rang in (1, 2):
            bloc = Bloc.objects.create(
                version=self, code=f"{self.numero}BC0{rang}", libelle=f"Bloc numéro {rang}", ordre=rang
            )
            for c in (1, 2):
                Competence.objects.create(bloc=bloc, code=f"C{rang}.{c}", libelle=f"Compétence {rang}.{c}", ordre=c)


class ParcoursFactory(DjangoModelFactory):
    """A published parcours that asks for one pièce; juries of one member per collège at least."""

    class Meta:
        model = Parcours
        skip_postgeneration_save = True

    etat = "publie"
    publie_le = factory.LazyFunction(timezone.now)
    delai_inscription_jury = 0

    @factory.post_generation
    def piece(self, create, extracted, **kwargs):
        PieceRequise.objects.create(parcours=self, code="diplome", libelle="Diplôme ou titre le plus élevé")


def lettres(rang: int) -> str:
    """A word per rank, without digits: two people of the same name and birth would be one person."""
    return (lettres(rang // 26 - 1) if rang >= 26 else "") + "abcdefghijklmnopqrstuvwxyz"[rang % 26]


class TitulaireFactory(DjangoModelFactory):
    class Meta:
        model = Titulaire

    sexe = "F"
    nom_naissance = factory.Sequence(lambda n: f"Modèle{lettres(n)}")
    prenom1 = "Élodie"
    annee_naissance = 1990
    mois_naissance = 5
    jour_naissance = 3
    code_insee_naissance = "48095"
    code_postal_naissance = "48000"
    commune_naissance = "Mende"
    courriel = factory.Sequence(lambda n: f"candidate{n}@example.org")
