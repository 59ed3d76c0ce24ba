"""One parchemin of the queue: what will be declared, what was said of it, what was answered."""

from django.views.generic import DetailView

from registre.models import Parchemin

from .accrochage import adresse_preuve, enregistrement_declare
from .accuses import conseil
from .file_attente import etat_de, hors_declaration, rafraichir
from .instantane import instantane
from .liste_file import LIBELLES, causes, echeance_de, lire, ou_corriger
from .views import EcranCPF


def _naissance(personne: dict) -> str:
    """« 03/05/1990 », « ?/05/1990 »."""
    jour, mois = (f"{n:02d}" if n else "?" for n in (personne["jour_naissance"], personne["mois_naissance"]))
    return f"{jour}/{mois}/{personne['annee_naissance'] or '?'}"


def _acces(passage: dict) -> str:
    """The codes of the format, in words."""
    codes = [passage["modalite_acces"], passage["voie_vae"]]
    mots = [code.replace("_", " ").capitalize() if code != "VAE" else code for code in codes if code]
    return ", ".join(mots) or "Inconnu"


class UnParchemin(EcranCPF, DetailView):
    """What goes out about one holder, its faults one click from where they are put right, its lots."""

    model = Parchemin
    template_name = "cpf/parchemin.html"
    context_object_name = "parchemin"

    def get_queryset(self):
        return lire(Parchemin.objects.filter(certificateur__in=self.organismes()))

    def get_object(self, queryset=None):
        rafraichir([super().get_object(queryset).certificateur])
        return super().get_object(queryset)

    def get_context_data(self, **kwargs):
        parchemin, etat = self.object, etat_de(self.object)
        passage = instantane(enregistrement_declare(parchemin), parchemin.identifiant, adresse_preuve(parchemin))
        passages = list(parchemin.passages_cpf.select_related("lot").order_by("-pk"))
        for declare in passages:
            declare.conseils = list(dict.fromkeys(conseil(message) for message in declare.messages))
        return super().get_context_data(
            etat=etat,
            libelle=LIBELLES[etat],
            hors=hors_declaration(parchemin),
            delai=echeance_de(parchemin),
            anomalies=causes(parchemin),
            passage=passage,
            personne=passage["titulaire"],
            naissance=_naissance(passage["titulaire"]),
            acces=_acces(passage),
            passages=passages,
            etat_civil=ou_corriger(parchemin, "etat_civil"),
            fiche=ou_corriger(parchemin, "document"),
            **kwargs,
        )
