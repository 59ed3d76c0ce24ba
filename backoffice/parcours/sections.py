"""The pages of a draft, in the order of the ten steps, with the help and the ground of each rule."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """One page: the steps it speaks of, the fields it holds, and the kind of lines it holds when it does."""

    cle: str
    etape: str
    titre: str
    chapo: str
    champs: tuple[str, ...] = ()
    lignes: str = ""


SECTIONS = (
    Section(
        "ouverture",
        "Étape 2",
        "Ouverture du dossier",
        "Qui ouvre une candidature, et par quelles voies d’accès.",
        ("employeur_ouvre", "porteur_ouvre", "modalites"),
    ),
    Section(
        "pieces",
        "Étape 2",
        "Pièces demandées",
        "Ce que le dossier contient quand il est déposé. Ne demandez que ce que quelqu’un vérifie.",
        lignes="pieces",
    ),
    Section(
        "recevabilite",
        "Étape 3",
        "Recevabilité",
        "Le porteur dit si la candidature peut être évaluée, avec ses raisons.",
        ("recevabilite_active", "modalites_sans_recevabilite"),
    ),
    Section(
        "prerequis",
        "Étape 3",
        "Prérequis",
        "Ce qui est vérifié un par un avant d’admettre à l’évaluation, et sur quelle preuve.",
        lignes="prerequis",
    ),
    Section(
        "positionnement",
        "Étape 4",
        "Positionnement",
        "Le porteur fixe les blocs visés et reprend ceux que la personne a déjà acquis.",
        ("positionnement_actif",),
    ),
    Section(
        "evaluateurs",
        "Étape 5",
        "Évaluateurs",
        "Qui se prononce sur les compétences.",
        ("nombre_evaluateurs", "metier_requis", "validite_invitation"),
    ),
    Section(
        "evaluation",
        "Étape 6",
        "Résultats de l’évaluation",
        "Comment une compétence, puis un bloc, sont acquis.",
        ("mode_evaluation", "note_maximale", "seuil_competence", "seuil_bloc", "concordance", "guide_requis"),
    ),
    Section(
        "coefficients",
        "Étape 6",
        "Coefficients",
        "Le poids de chaque compétence dans la note de son bloc. Sans coefficient, une compétence compte pour 1.",
        lignes="ponderations",
    ),
    Section(
        "inscription",
        "Étape 7",
        "Inscription au jury",
        "Jusqu’à quand un dossier peut rejoindre une session, et quand les membres le reçoivent.",
        ("delai_inscription_jury", "delai_envoi_dossiers"),
    ),
    Section(
        "jury",
        "Étapes 8 et 9",
        "Jurys",
        "Qui siège, qui propose, qui décide.",
        (
            "jurys_fusionnes",
            "sieges_par_college",
            "un_siege_par_organisation",
            "membres_minimum_par_college",
            "quorum_represente",
            "parite_stricte",
            "procurations_par_membre",
            "procuration_meme_college",
            "presidence_alternee",
            "alternance_annuelle",
        ),
    ),
    Section(
        "deliberation",
        "Étapes 8 et 9",
        "Délibération",
        "Comment un bloc est acquis, et ce que le jury peut accorder.",
        (
            "mode_decision",
            "majorite",
            "voix_preponderante",
            "vote_secret",
            "rattrapage_permis",
            "validation_partielle",
        ),
    ),
    Section(
        "suites",
        "Étape 10",
        "Après la décision",
        "Quand le résultat est dit, ce que vaut un résultat partiel, quand on peut contester ou revenir.",
        (
            "delai_notification",
            "delai_notification_vae",
            "validite_blocs_mois",
            "delai_nouvelle_candidature_mois",
            "delai_recours",
            "delai_reponse_recours",
        ),
    ),
    Section(
        "delais",
        "Toutes les étapes",
        "Rappels et délais",
        "Quand la plateforme rappelle, relance, et clôt ce qui n’avance plus.",
        (
            "relance_avant_jours",
            "relance_apres_jours",
            "relance_inactivite_jours",
            "cloture_inactivite_jours",
            "contestation_jours",
        ),
    ),
)
PAR_CLE = {section.cle: section for section in SECTIONS}
SECTION_DU_CHAMP = {champ: section for section in SECTIONS for champ in section.champs}

_CPNE = "Décision de la CPNE"
_PARITE = "Art. L. 6113-4 du code du travail"
# Field → (what it means for people, on which ground it rests).
AIDES = {
    "employeur_ouvre": ("L’établissement saisit l’état civil, joint les pièces et dépose.", _CPNE),
    "porteur_ouvre": (
        "Le gestionnaire du porteur saisit à la place de l’employeur, qui reste nommé au dossier.",
        _CPNE,
    ),
    "modalites": (
        "Rien de coché\u00a0: toutes les voies que la fiche ouvre. La VAE n’est ouverte qu’aux certifications du RNCP.",
        "Art. L. 6113-5 et L. 6411-1 du code du travail",
    ),
    "delai_nouvelle_candidature_mois": ("0\u00a0: la personne peut se représenter tout de suite.", _CPNE),
    "recevabilite_active": (
        "Sans cet examen, un dossier complet passe directement aux évaluateurs, et aucun prérequis n’est vérifié.",
        _CPNE,
    ),
    "modalites_sans_recevabilite": (
        "Ces candidatures passent directement à l’étape suivante une fois déposées.",
        _CPNE,
    ),
    "positionnement_actif": (
        "Utile quand on vise quelques blocs, ou quand une version précédente en a déjà donné.",
        "Art. L. 6113-1 du code du travail, blocs de compétences",
    ),
    "metier_requis": ("Une personne du métier, invitée par courriel, répond avant l’évaluateur habilité.", _CPNE),
    "nombre_evaluateurs": (
        "1 ou 2. Ils sont habilités par la CPNE et indépendants de l’employeur et du formateur.",
        "Art. R. 6113-9 du code du travail, contrôle des modalités d’évaluation",
    ),
    "mode_evaluation": ("Par note, une compétence est acquise à partir du seuil ci-dessous.", _CPNE),
    "note_maximale": ("Ne sert que si les compétences sont notées.", _CPNE),
    "seuil_competence": ("Ne sert que si les compétences sont notées.", _CPNE),
    "seuil_bloc": (
        "100\u00a0: tout le bloc. 70\u00a0: un bloc est acquis avec 70 % de ses compétences, ou de sa note.",
        "Art. L. 6113-1 du code du travail\u202f; " + _CPNE,
    ),
    "concordance": ("Ce qui vaut quand deux avis sur une même compétence sont contraires.", _CPNE),
    "guide_requis": (
        "Le guide d’évaluation signé (outil n° 4) prouve que l’évaluation a eu lieu.",
        "Art. R. 6113-9 du code du travail, contrôle des modalités d’évaluation",
    ),
    "jurys_fusionnes": (
        "Sinon, un jury paritaire d’évaluation propose, puis le jury de certification de la CPNE décide.",
        _PARITE,
    ),
    "membres_minimum_par_college": ("Le quorum. En dessous, la séance ne s’ouvre pas et dit pourquoi.", _PARITE),
    "parite_stricte": ("Chaque collège pèse autant que l’autre dans toute décision.", _PARITE),
    "sieges_par_college": ("Par exemple 3 et 3, ou un par organisation signataire.", "Accord de branche"),
    "quorum_represente": (
        "Un membre absent qui a donné procuration compte alors parmi les présents. Chaque collège garde au moins une "
        "personne dans la salle.",
        "Règlement de la CPNE",
    ),
    "un_siege_par_organisation": (
        "Chaque organisation signataire tient un siège\u202f; les employeurs en ont autant que les salariés.",
        "Accord de branche",
    ),
    "procurations_par_membre": (
        "0\u00a0: aucune procuration. Un suppléant peut toujours siéger.",
        "Règlement de la CPNE",
    ),
    "procuration_meme_college": ("La voix reste dans son collège, et la parité avec elle.", _PARITE),
    "alternance_annuelle": (
        "Le collège qui a présidé l’an dernier ne préside pas cette année.",
        "Accord de branche",
    ),
    "mode_decision": (
        "Par consensus, la présidence constate l’accord\u202f; elle peut toujours ouvrir un vote.",
        "Règlement de la CPNE",
    ),
    "majorite": ("Un siège, une voix. Une abstention compte parmi les présents.", "Règlement de la CPNE"),
    "vote_secret": (
        "Personne ne voit le sens d’un vote\u202f; le PV n’en donne jamais que le compte.",
        "Règlement de la CPNE",
    ),
    "validation_partielle": (
        "Sinon, la certification s’obtient en entier ou pas du tout.",
        "Art. L. 6113-1 du code du travail\u202f; " + _CPNE,
    ),
    "delai_notification": ("Compté du jour du jury. Le PV doit être scellé avant.", "Règlement de la CPNE"),
    "delai_notification_vae": ("La VAE laisse quinze jours pour dire le résultat.", "Règlement de la CPNE"),
    "delai_recours": (
        "Pendant ce temps, la personne peut contester la décision depuis son espace.",
        "Droit au recours",
    ),
    "delai_reponse_recours": (
        "La plateforme rappelle l’échéance à ceux qui instruisent.",
        "Droit au recours",
    ),
    "voix_preponderante": ("En cas de partage des voix, celle de la présidence l’emporte.", "Règlement de la CPNE"),
    "rattrapage_permis": ("Le motif est obligatoire et figure au PV.", "Souveraineté du jury\u202f; " + _CPNE),
    "presidence_alternee": ("L’une vient des employeurs, l’autre des salariés.", "Règlement de la CPNE"),
    "delai_inscription_jury": ("Au moins le délai de remise des dossiers aux membres.", "Règlement de la CPNE"),
    "delai_envoi_dossiers": ("Les branches laissent de quinze jours à un mois.", "Règlement de la CPNE"),
    "validite_invitation": ("Passé ce délai, le lien n’ouvre plus\u202f; il peut être renvoyé.", "Sécurité des accès"),
    "validite_blocs_mois": (
        "Vide\u00a0: acquis pour toujours. Beaucoup de branches disent cinq ans (60 mois).",
        "Art. L. 6113-1 du code du travail\u202f; " + _CPNE,
    ),
    "relance_avant_jours": ("Un courriel rappelle l’échéance à qui doit agir.", "Règles de la plateforme"),
    "relance_apres_jours": ("Sans réponse après tant de jours, la demande repart.", "Règles de la plateforme"),
    "relance_inactivite_jours": (
        "Après tant de jours sans acte, on demande si le dossier continue.",
        "RGPD, article 5",
    ),
    "cloture_inactivite_jours": (
        "Comptés après la relance. Au total, pas plus d’un an\u00a0: une candidature inachevée est ensuite détruite.",
        "RGPD, article 5",
    ),
    "contestation_jours": ("La personne peut rouvrir son dossier pendant ce délai.", "Droit au recours"),
}
