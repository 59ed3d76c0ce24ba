"""Starting texts that answer: frequent questions, whom to ask, the first news."""

from home.depart.blocs import appel, arguments, faq, texte

QUESTIONS = {
    "title": "Questions fréquentes",
    "slug": "questions-frequentes",
    "chapo": "Ce que l’on nous demande le plus souvent sur les CQP, le parchemin et le compte personnel de formation.",
    "search_description": "Questions fréquentes sur les CQP : reconnaissance, durée, financement, parchemin, "
    "vérification, données personnelles.",
    "corps": [
        faq(
            "Le CQP",
            (
                "Un CQP est-il un diplôme ?",
                "Non. Un diplôme est délivré au nom de l’État ; un CQP l’est par la branche professionnelle. Tous deux "
                "peuvent être inscrits au RNCP, où ils ont alors un niveau.",
            ),
            (
                "Qu’est-ce qu’un CQPI ?",
                "Un CQP commun à plusieurs branches. On l’obtient dans l’une, il vaut dans les autres.",
            ),
            (
                "Pourquoi certains CQP n’ont-ils pas de niveau ?",
                "Seule l’inscription au RNCP donne un niveau. Un CQP inscrit au répertoire spécifique, ou reconnu par "
                "la branche seule, n’en a pas : ce n’est pas une question de valeur, mais de registre.",
            ),
            (
                "Le CQP que j’ai obtenu n’est plus inscrit. Vaut-il encore quelque chose ?",
                "Oui. Un parchemin déjà délivré garde sa valeur : il atteste de ce que vous avez acquis, dans la "
                "version du jour de sa délivrance.",
            ),
            (
                "Le nombre qui figure dans certains titres est-il le niveau ?",
                "Non. « Niveau 1 » ou « N2 » dans un titre est un repère de la branche, différent du niveau du cadre "
                "national. La fiche du CQP donne les deux quand ils existent.",
            ),
        ),
        faq(
            "Le parcours",
            (
                "Qui ouvre mon dossier ?",
                'Votre employeur ou le porteur du CQP. La page <a href="/obtenir-un-cqp/">Obtenir un CQP</a> décrit '
                "chaque étape.",
            ),
            (
                "Puis-je passer un CQP sans suivre de formation ?",
                "Quand le CQP l’admet : par la VAE s’il est inscrit au RNCP, ou en candidat individuel. Sa fiche dit "
                "quelles voies sont ouvertes.",
            ),
            (
                "Puis-je utiliser mon compte personnel de formation ?",
                "Le compte finance des actions qui mènent à une certification inscrite au RNCP ou au répertoire "
                "spécifique. Un CQP reconnu par la branche seule n’y ouvre pas droit.",
            ),
            (
                "Combien de personnes obtiennent un CQP chaque année ?",
                "De quelques-unes à plusieurs centaines selon le métier. La fiche de chaque CQP donne ses chiffres ; "
                "les plus petits sont masqués, pour que personne ne soit reconnaissable.",
            ),
        ),
        faq(
            "Le parchemin",
            (
                "Comment vérifie-t-on un parchemin ?",
                "En lisant le code imprimé, ou avec son numéro et le nom du titulaire, sur la page <a "
                'href="/verifier/">Vérifier un parchemin</a>. C’est gratuit et sans compte.',
            ),
            (
                "Il y a une erreur dans mon nom. Que faire ?",
                "Écrivez au porteur de votre CQP. Un document corrigé remplace le premier ; la vérification montre les "
                "deux.",
            ),
            (
                "Qui voit que j’ai obtenu un CQP ?",
                "Vous, le certificateur et le porteur. Une autre personne doit avoir le code de votre parchemin, ou "
                "son numéro et votre nom.",
            ),
        ),
        appel(
            "Votre question n’y est pas ?",
            "Écrivez-nous : nous répondons à l’adresse que vous laissez.",
            "Nous écrire",
            "/nous-ecrire/",
        ),
    ],
}

CONTACTS = {
    "title": "Contacts",
    "slug": "contacts",
    "chapo": "La bonne personne, du premier coup.",
    "search_description": "À qui s’adresser : porteur d’un CQP, certificateur, OPCO, accessibilité, données "
    "personnelles.",
    "montrer_identite": True,
    "corps": [
        arguments(
            "À qui s’adresser",
            (
                "Sur un CQP ou un dossier",
                'Au porteur du CQP : ses coordonnées sont au bas de <a href="/cqp/">sa fiche</a>. Il informe, reçoit '
                "les dossiers et organise les sessions.",
            ),
            (
                "Sur un financement",
                "À l’opérateur de compétences (OPCO) dont dépend votre entreprise, ou à votre employeur.",
            ),
            (
                "Sur un document douteux",
                'Par la page <a href="/verifier/signaler/">Signaler un document</a> : le certificateur en est prévenu '
                "et l’examine.",
            ),
            (
                "Sur vos données personnelles",
                'La page <a href="/donnees-personnelles/">Données personnelles</a> dit à qui écrire et sous quel délai '
                "une réponse vous est due.",
            ),
        ),
        appel(
            "Pour tout le reste",
            "Un formulaire court. Votre message ne sert qu’à vous répondre.",
            "Nous écrire",
            "/nous-ecrire/",
        ),
    ],
}

ACTUALITES = {
    "title": "Actualités",
    "slug": "actualites",
    "chapo": "Ce qui change pour les CQP, leurs candidats et leurs employeurs.",
    "search_description": "Actualités des certificats de qualification professionnelle : nouveautés, "
    "renouvellements, sessions.",
    "corps": [],
}

PREMIERE_ACTUALITE = {
    "title": "Le registre des CQP est ouvert à tous",
    "slug": "le-registre-des-cqp-est-ouvert-a-tous",
    "chapo": "Chaque CQP a désormais sa page, ses dates et ses compétences ; chaque parchemin se vérifie en ligne.",
    "search_description": "Un registre public des CQP : une page par certification, la vérification des parchemins, "
    "des données réutilisables.",
    "corps": [
        texte("""
            <h2>Une page par CQP, pour longtemps</h2>
            <p>Intitulé exact, numéro de fiche, niveau, blocs et compétences viennent du registre et se mettent à jour
            avec lui. L’adresse d’une page ne change pas quand l’inscription est renouvelée : vous pouvez l’imprimer.
            </p>
            <h2>Des parchemins que l’on vérifie</h2>
            <p>Le code imprimé sur un parchemin répond aussitôt : valable, remplacé ou annulé. La vérification est
            gratuite, sans compte, et ne laisse pas de trace de qui a vérifié.</p>
            <h2>Une branche qui s’adresse à ses métiers</h2>
            <p>Salariés, employeurs, évaluateurs et membres de jury trouvent ici chacun leur page, et le mode d’emploi
            de leurs écrans.</p>
        """),
        appel("Commencez par votre métier", "", "Trouver un CQP", "/cqp/"),
    ],
}
