"""Starting texts for those who look for a CQP, want one, or employ someone who deserves one."""

from home.depart.blocs import appel, arguments, etapes, faq, texte

ACCUEIL = {
    "title": "Faites reconnaître votre métier",
    "promesse": "Votre métier, reconnu par ceux qui l’exercent.",
    "chapo": "Le certificat de qualification professionnelle (CQP) prouve ce que vous savez faire. Des employeurs et "
    "des salariés de votre branche l’ont conçu ; ensemble, ils vous le délivrent.",
    "search_description": "Trouver un certificat de qualification professionnelle (CQP), savoir comment l’obtenir, "
    "vérifier un parchemin : le registre de la branche, ouvert à tous.",
    "corps": [
        arguments(
            "Ce qu’un CQP change",
            (
                "Pour vous",
                "Une preuve écrite de votre savoir-faire, valable d’une entreprise à l’autre. Pas d’examen "
                "scolaire : on vous évalue sur votre travail, avec vos gestes et vos mots.",
            ),
            (
                "Pour votre entreprise",
                "Des compétences décrites, évaluées, signées. Vous répondez aux clients qui les exigent, vous faites "
                "grandir vos équipes et vous les gardez.",
            ),
            (
                "Pour le métier",
                "Un référentiel écrit par ceux qui l’exercent, le même pour tous, et un registre où chaque parchemin "
                "se vérifie en quelques secondes.",
            ),
        ),
        etapes(
            "De votre métier à votre parchemin",
            ("Choisissez votre CQP", "Comparez ce qu’il demande avec ce que vous faites chaque jour."),
            (
                "Ouvrez votre dossier",
                "Avec votre employeur ou le porteur du CQP, en ligne, sans rien saisir deux fois.",
            ),
            ("Montrez ce que vous savez faire", "Un évaluateur habilité et un professionnel du métier vous évaluent."),
            ("Le jury décide", "Employeurs et salariés y siègent à parts égales."),
            ("Recevez votre parchemin", "Il est numéroté ; son code permet à chacun de vérifier qu’il est vrai."),
        ),
        faq(
            "Vous vous demandez peut-être",
            (
                "Faut-il un diplôme pour passer un CQP ?",
                "Rarement. Chaque CQP dit ses prérequis sur sa page : souvent une expérience du métier, parfois rien "
                "d’autre que l’envie de l’apprendre.",
            ),
            (
                "Est-ce un vrai diplôme ?",
                "C’est une certification professionnelle, délivrée par la branche et non par l’État. Beaucoup de CQP "
                "sont inscrits au répertoire national des certifications professionnelles (RNCP) avec un niveau "
                "reconnu en France et en Europe. La page de chaque CQP dit ce qu’il en est.",
            ),
            (
                "Et si je ne réussis pas tout ?",
                "Quand le CQP se compose de blocs de compétences, ceux que vous réussissez vous restent acquis : une "
                "attestation le prouve, et vous reviendrez pour le reste.",
            ),
            (
                "Combien cela coûte-t-il ?",
                "Cela dépend du CQP et de votre voie. L’employeur, l’opérateur de compétences (OPCO) de la branche "
                "ou votre compte personnel de formation (CPF) peuvent financer tout ou partie. Le porteur vous "
                "renseigne.",
            ),
        ),
        appel(
            "Trouvez le CQP qui vous ressemble",
            "Cherchez par métier, par filière ou par voie d’accès.",
            "Parcourir les CQP",
            "/cqp/",
        ),
    ],
}

CATALOGUE = {
    "title": "Trouver un CQP",
    "slug": "cqp",
    "chapo": "Chaque fiche dit ce que l’on évalue, qui le délivre et comment l’obtenir.",
    "search_description": "Tous les certificats de qualification professionnelle du registre : filière, niveau, "
    "porteur, voies d’accès, dates d’enregistrement.",
    "corps": [],
}

QU_EST_CE_QU_UN_CQP = {
    "title": "Qu’est-ce qu’un CQP ?",
    "slug": "qu-est-ce-qu-un-cqp",
    "chapo": "Un certificat créé par une branche professionnelle, pour un métier, et délivré par ceux qui le "
    "connaissent.",
    "search_description": "Ce qu’est un certificat de qualification professionnelle, qui le crée, qui le délivre, ce "
    "que changent le RNCP, le répertoire spécifique et la reconnaissance de branche.",
    "corps": [
        texte("""
            <h2>Un certificat de métier</h2>
            <p>Le certificat de qualification professionnelle, ou CQP, atteste qu’une personne maîtrise les compétences
            d’un métier. Il n’évalue pas des matières : il évalue un travail, décrit activité par activité dans un
            référentiel.</p>
            <p>Il est créé par une commission paritaire nationale de l’emploi (CPNE), où siègent à égalité les
            représentants des employeurs et ceux des salariés de la branche (article L. 6113-4 du code du travail). Un
            CQPI est un CQP partagé par plusieurs branches : on l’obtient dans l’une, il vaut dans les autres.</p>
        """),
        arguments(
            "Qui fait quoi",
            ("La CPNE", "Elle crée le CQP, en fixe les règles, désigne le jury et délivre le parchemin."),
            (
                "Le porteur",
                "Organisation du métier, elle fait vivre le CQP au quotidien : elle informe, reçoit les dossiers, "
                "habilite les évaluateurs avec la CPNE, organise les sessions.",
            ),
            (
                "L’évaluateur habilité",
                "Il observe, questionne, conclut pour chaque compétence. Il ne dépend ni de votre employeur ni de "
                "votre organisme de formation.",
            ),
            ("Le jury paritaire", "Employeurs et salariés y décident ensemble, à parts égales, au vu de l’évaluation."),
        ),
        texte("""
            <h2>Trois formes de reconnaissance</h2>
            <h3>Inscrit au RNCP</h3>
            <p>Le CQP figure au répertoire national des certifications professionnelles, tenu par France compétences.
            Il a un niveau dans le
            cadre national et dans le cadre européen. Il se compose de blocs de
            compétences et peut s’obtenir par la validation des acquis de l’expérience (VAE).</p>
            <h3>Inscrit au répertoire spécifique</h3>
            <p>Le CQP atteste de compétences qui complètent un métier : une technique, une habilitation, une
            responsabilité. Il n’a pas de niveau.</p>
            <h3>Reconnu par la branche</h3>
            <p>Le CQP n’est inscrit dans aucun des deux répertoires. Il vaut dans la branche qui l’a créé, qui en fixe
            la portée. Il n’a pas de niveau national.</p>
            <p>Une inscription a une durée. Quand elle se renouvelle, le numéro de fiche change, et parfois le titre ou
            le niveau. Un parchemin déjà remis garde sa valeur : il atteste de ce
            qui a été acquis, dans la version du jour où il a été délivré.</p>
            <h2>« Délivrable jusqu’au »</h2>
            <p>Quand une inscription prend fin, les candidats déjà engagés disposent parfois d’un délai : un jury peut
            encore leur délivrer le CQP jusqu’à une date limite. La page de chaque CQP indique les deux dates.</p>
            <h2>Des blocs que l’on garde</h2>
            <p>Un bloc de compétences est une partie du CQP qui a un sens à elle seule. Un candidat qui réussit une
            partie des blocs reçoit une attestation de réussite partielle, bien distincte du parchemin. Il conserve ces
            blocs, pour la durée fixée par la CPNE, et peut revenir valider les autres.</p>
        """),
        appel(
            "Et le vôtre ?", "Il existe peut-être un CQP pour le métier que vous exercez.", "Trouver un CQP", "/cqp/"
        ),
    ],
}

OBTENIR_UN_CQP = {
    "title": "Obtenir un CQP",
    "slug": "obtenir-un-cqp",
    "chapo": "Salarié, en reconversion ou expérimenté sans diplôme : voici le chemin, étape par étape.",
    "search_description": "Comment obtenir un CQP : prérequis, formation ou VAE, dossier, évaluation, jury "
    "paritaire, parchemin, réussite partielle et recours.",
    "corps": [
        arguments(
            "Trois façons d’y arriver",
            (
                "En vous formant",
                "En formation continue ou en alternance, selon ce que le CQP prévoit. Un positionnement évite de "
                "réapprendre ce que vous savez déjà.",
            ),
            (
                "Par votre expérience (VAE)",
                "Si votre activité est en rapport avec un CQP inscrit au RNCP, la validation des acquis de "
                "l’expérience vous y mène sans passer par une formation complète.",
            ),
            (
                "En candidat individuel",
                "Certains CQP vous évaluent directement sur ce que vous savez faire. La fiche de chaque CQP dit "
                "quelles voies sont ouvertes.",
            ),
        ),
        etapes(
            "Le chemin d’un dossier",
            (
                "L’inscription",
                "Votre employeur ou le porteur ouvre le dossier : votre état civil, exactement comme sur votre pièce "
                "d’identité, vos justificatifs, le CQP et les blocs que vous visez.",
            ),
            (
                "La recevabilité",
                "Le porteur vérifie les prérequis. S’il manque quelque chose, on vous dit quoi ; un refus est "
                "toujours motivé.",
            ),
            (
                "Le positionnement",
                "On fixe avec vous les blocs à évaluer et l’on tient compte de ceux que vous avez déjà acquis.",
            ),
            (
                "L’évaluation",
                "Un professionnel du métier donne son avis, puis l’évaluateur habilité conclut pour chaque "
                "compétence. Vous pouvez écrire vos observations.",
            ),
            (
                "Le jury",
                "Il lit votre dossier et décide : CQP entier, réussite partielle ou non-validation. Toute personne "
                "liée à vous ou à votre employeur quitte la salle.",
            ),
            (
                "Le parchemin",
                "Vous le téléchargez dans votre espace. Si vous n’avez validé qu’une partie des blocs, une "
                "attestation le dit.",
            ),
        ),
        faq(
            "Questions de candidats",
            (
                "Combien de temps cela prend-il ?",
                "L’évaluation tient le plus souvent en un à quelques jours. Le délai dépend surtout de la formation, "
                "si vous en suivez une, et de la date du prochain jury.",
            ),
            (
                "Comment préparer une VAE ?",
                "Commencez par lire les compétences du CQP et notez, pour chacune, une situation de travail où vous "
                "l’avez exercée. Demandez ensuite au porteur comment se déroule la recevabilité. Un accompagnement "
                "est possible.",
            ),
            (
                "Je suis en situation de handicap. Puis-je demander un aménagement ?",
                "Oui. Parlez-en au porteur dès l’inscription : les conditions de l’évaluation s’adaptent, les "
                "compétences attendues restent les mêmes.",
            ),
            (
                "Puis-je contester une décision ?",
                "Oui. Écrivez au porteur en expliquant ce que vous contestez. D’autres personnes que celles qui ont "
                "décidé examinent votre demande et vous répondent.",
            ),
            (
                "J’ai perdu mon parchemin.",
                "Il reste dans votre espace. Sinon, demandez un duplicata au porteur : il porte le même numéro et se "
                "vérifie de la même façon.",
            ),
            (
                "Pourquoi demandez-vous mon lieu de naissance ?",
                "La loi impose de déclarer les CQP inscrits aux répertoires au système d’information du compte "
                "personnel de formation, qui vous reconnaît par votre état civil exact (article L. 6113-8 du code du "
                "travail).",
            ),
        ),
        appel(
            "Commencez par lire une fiche",
            "Vous saurez en cinq minutes si ce CQP est fait pour vous.",
            "Trouver un CQP",
            "/cqp/",
        ),
    ],
}

EMPLOYEURS = {
    "title": "Employeurs",
    "slug": "employeurs",
    "chapo": "Vos équipes ont les compétences. Le CQP les rend visibles à vos clients, à vos recrues et à elles-mêmes.",
    "search_description": "Employeurs : pourquoi et comment inscrire un salarié à un CQP, votre rôle pendant "
    "l’évaluation, le jury, le financement.",
    "corps": [
        arguments(
            "Ce que vous y gagnez",
            (
                "Des compétences prouvées",
                "Un parchemin vérifiable en ligne, à joindre à vos réponses aux marchés qui exigent du personnel "
                "qualifié.",
            ),
            (
                "Des équipes qui restent",
                "Reconnaître un savoir-faire, c’est dire à quelqu’un qu’il compte, et lui ouvrir la suite.",
            ),
            (
                "Une évaluation utile",
                "Compétence par compétence, vous voyez ce qui est acquis et ce qui reste à transmettre.",
            ),
        ),
        etapes(
            "Votre rôle, du premier jour au parchemin",
            (
                "Demandez votre compte, une fois par établissement",
                "Munissez-vous du numéro SIRET. Le porteur du CQP ouvre l’accès après vérification.",
            ),
            (
                "Ouvrez le dossier de votre salarié",
                "Saisissez son état civil, choisissez le CQP, déposez ses justificatifs. Le brouillon s’enregistre, "
                "vous revenez quand vous voulez.",
            ),
            (
                "Confirmez l’évaluateur habilité",
                "Il ne peut appartenir ni à votre établissement ni à l’organisme qui a formé le candidat : le site "
                "le vérifie avec vous.",
            ),
            (
                "Préparez l’évaluation",
                "Prévoyez le poste, le chantier ou l’atelier où votre salarié pourra montrer son travail, et le "
                "temps pour le faire.",
            ),
            (
                "Inscrivez le dossier au jury",
                "Une fois l’évaluation terminée, choisissez une session. Vous suivez la décision dans le même espace.",
            ),
        ),
        faq(
            "Questions d’employeurs",
            (
                "Qui finance ?",
                "Selon la voie choisie : votre plan de développement des compétences, l’OPCO de votre branche, un "
                "contrat en alternance ou le compte personnel de formation du salarié. Le porteur connaît les règles "
                "en cours.",
            ),
            (
                "Puis-je faire évaluer un salarié qui n’a suivi aucune formation ?",
                "Oui, quand le CQP l’admet : la fiche indique les voies ouvertes et les prérequis.",
            ),
            (
                "Puis-je siéger au jury ?",
                "Oui, dans le collège des employeurs. Vous vous retirez lorsque le jury examine le dossier de l’un "
                "de vos salariés.",
            ),
            (
                "Puis-je vérifier le CQP d’un candidat à l’embauche ?",
                'Oui, avec le code de son parchemin ou le numéro et le nom : <a href="/verifier/">vérifier un '
                "parchemin</a>. C’est gratuit et sans compte.",
            ),
        ),
        appel(
            "Un salarié mérite un CQP ?",
            "Ouvrez son dossier en quelques minutes.",
            "Entrer dans l’espace professionnel",
            "/gestion/",
        ),
    ],
}
