"""The guides that people read, and which part of them speaks of which screen.

A section of a guide names the screens it helps with: `<section id="deposer" data-ecrans="candidatures:dossier …">`.
There is no second list: the link « Aide » of a screen is found from there.
"""

import re
from dataclasses import dataclass
from functools import cache

from django.template.loader import get_template
from django.urls import reverse


@dataclass(frozen=True)
class Guide:
    """One page for one role: its address, its icon, its title, what the person will be able to do after reading it."""

    slug: str
    icone: str
    role: str
    titre: str
    promesse: str

    @property
    def gabarit(self) -> str:
        return f"aide/guides/{self.slug}.html"

    def get_absolute_url(self) -> str:
        return reverse("aide:guide", args=[self.slug])


GUIDES = (
    Guide(
        "employeur",
        "organisme",
        "employeur",
        "Employeur",
        "Ouvrir un dossier, le compléter, inscrire votre salarié au jury.",
    ),
    Guide("candidat", "personne", "candidat", "Candidat", "Suivre votre dossier et télécharger votre parchemin."),
    Guide(
        "evaluateur",
        "evaluation",
        "evaluateur",
        "Évaluateur habilité",
        "Inviter le professionnel du métier, évaluer, transmettre.",
    ),
    Guide("evaluateur-metier", "outil", "metier", "Évaluateur métier", "Répondre à une invitation reçue par courriel."),
    Guide(
        "gestionnaire",
        "document",
        "gestionnaire",
        "Gestionnaire d’un porteur",
        "Instruire les dossiers et préparer les jurys.",
    ),
    Guide("jury", "jury", "jury", "Membre de jury", "Lire les dossiers, délibérer, signer le procès-verbal."),
    Guide(
        "certificateur", "sceau", "certificateur", "Certificateur", "Fixer les règles, délivrer, transmettre au SI CPF."
    ),
    Guide("signataire", "parchemin", "signataire", "Signataire habilité", "Contrôler et approuver chaque délivrance."),
    Guide("auditeur", "journal", "auditeur", "Auditeur", "Lire les dossiers et le journal, sans rien modifier."),
    Guide("editeur", "editer", "editeur", "Éditeur du site", "Écrire les pages et les actualités, les soumettre."),
    Guide("publicateur", "valide", "publicateur", "Publicateur du site", "Relire, publier, programmer, rediriger."),
)
PAR_SLUG = {guide.slug: guide for guide in GUIDES}

_SECTION = re.compile(r'<section id="(?P<ancre>[a-z-]+)" data-ecrans="(?P<ecrans>[a-z_:\s-]*)"')


@cache
def sections(slug: str) -> dict[str, str]:
    """For one guide, the anchor that helps with each screen, by URL name."""
    texte = get_template(PAR_SLUG[slug].gabarit).template.source
    return {
        ecran: section["ancre"]
        for section in reversed(list(_SECTION.finditer(texte)))
        for ecran in section["ecrans"].split()
    }


def adresse_de_l_aide(utilisateur, nom_url: str) -> str:
    """The part of the guides to read on this screen, for the first role of this person that has one."""
    siens = [guide for guide in GUIDES if utilisateur.a_role(guide.role)]
    for guide in siens:
        if ancre := sections(guide.slug).get(nom_url):
            return f"{guide.get_absolute_url()}#{ancre}"
    return siens[0].get_absolute_url() if siens else reverse("aide:sommaire")
