"""Starting texts for those who make a certification happen: VAE candidates, évaluateurs, members of a jury."""

from home.depart.blocs import appel, arguments, etapes, faq, texte

VAE = {
    "title": "Valider son expérience (VAE)",
    "slug": "valider-son-experience",
    "chapo": "Vous exercez déjà le métier ? La validation des acquis de l’expérience peut vous mener au CQP sans "
    "passer par toute la formation.",
    "search_description": "VAE et CQP : pour quels CQP, comment faire le lien avec votre expérience, ce que regarde "
    "le jury, ce que devient une validation partielle.",
    "corps": [
        texte("""
            <h2>Pour quels CQP ?</h2>
            <p>La VAE est ouverte pour les CQP inscrits au répertoire national des certifications professionnelles
            (RNCP). Elle ne l’est ni pour ceux du répertoire spécifique, ni pour ceux que reconnaît la branche seule :
            d’autres voies y mènent. La fiche de chaque CQP indique les voies ouvertes.</p>
            <h2>Ce que l’on vous demande</h2>
            <p>Un rapport direct entre ce que vous faites et les compétences du CQP. Peu importe où et sous quel
            statut : salarié, artisan, intérimaire ou bénévole, c’est l’activité réelle qui compte.</p>
        """),
        etapes(
            "Comment vous y prendre",
            (
                "Lisez les compétences du CQP",
                "Elles sont toutes sur sa fiche. Notez, pour chacune, une situation de travail où vous l’avez exercée.",
            ),
            ("Parlez-en au porteur", "Il vous dit comment déposer votre demande et quels justificatifs réunir."),
            (
                "Rassemblez des preuves",
                "Attestations d’emploi, photographies de vos ouvrages, comptes rendus : ce qui montre votre travail.",
            ),
            (
                "Faites-vous accompagner si vous le souhaitez",
                "Un accompagnement aide à décrire son travail avec précision. Il n’est pas obligatoire.",
            ),
            (
                "Passez l’évaluation et le jury",
                "Les mêmes que pour tous : la VAE est une autre route, pas un autre CQP.",
            ),
        ),
        faq(
            "Questions sur la VAE",
            (
                "Le parchemin mentionne-t-il la VAE ?",
                "Non. Le parchemin est le même, quelle que soit la voie par laquelle vous y êtes arrivé.",
            ),
            (
                "Et si je n’obtiens qu’une partie des blocs ?",
                "Vous recevez une attestation de réussite partielle. Les blocs acquis se gardent pour la durée fixée "
                "par la commission paritaire, et vous pouvez revenir valider les autres.",
            ),
        ),
        appel(
            "Quel CQP ressemble à votre travail ?",
            "Cherchez par métier, par geste ou par matière.",
            "Trouver un CQP",
            "/cqp/",
        ),
    ],
}

EVALUATEURS = {
    "title": "Évaluateurs habilités",
    "slug": "evaluateurs",
    "chapo": "Vous regardez un professionnel travailler et vous concluez, compétence par compétence. Le jury décide "
    "d’après ce que vous écrivez.",
    "search_description": "Guide de l’évaluateur habilité : rôle, indépendance, déroulement d’une évaluation, "
    "rédaction des conclusions, habilitation.",
    "corps": [
        arguments(
            "Ce que l’on attend de vous",
            (
                "Connaître le métier",
                "Vous êtes habilité pour un CQP donné, parce que vous en connaissez les gestes et les exigences.",
            ),
            (
                "Être indépendant",
                "Vous ne dépendez ni de l’employeur du candidat, ni de l’organisme qui l’a formé. En cas de lien, "
                "même ancien, dites-le et laissez la place.",
            ),
            ("Écrire ce que vous avez vu", "Un fait observé vaut mieux qu’un adjectif. Le jury n’était pas là."),
        ),
        etapes(
            "Une évaluation, pas à pas",
            (
                "Préparez",
                "Relisez le référentiel dans la version du dossier. Convenez du lieu, du jour et du poste avec "
                "l’employeur.",
            ),
            (
                "Recueillez l’avis du professionnel du métier",
                "Vous l’invitez par un lien personnel. Il répond sans créer de compte, et ne voit que le nom du "
                "candidat et les compétences à évaluer.",
            ),
            ("Observez et questionnez", "En situation de travail ou dans les conditions prévues par le CQP."),
            (
                "Concluez",
                "Pour chaque compétence : acquise ou non, et pourquoi. Une conclusion défavorable se motive toujours.",
            ),
            ("Laissez la parole au candidat", "Il lit vos conclusions et peut y joindre ses observations."),
            ("Transmettez", "Le dossier part au jury. Après cela, plus rien ne se modifie."),
        ),
        texte("""
            <h2>Être habilité, le rester</h2>
            <p>L’habilitation est personnelle. Elle porte sur un ou plusieurs CQP, commence et finit à une date : une
            évaluation signée hors de ces dates n’est pas recevable. Le porteur peut la renouveler, la suspendre ou la
            retirer, et vous en dit la raison.</p>
            <h2>Discrétion</h2>
            <p>Ce que vous apprenez d’un candidat ne sert qu’à son évaluation. Ne gardez pas de copie du dossier : il
            reste dans l’espace professionnel, où vous le retrouvez.</p>
        """),
        appel(
            "Le mode d’emploi de vos écrans",
            "Inviter, évaluer, transmettre : un guide d’une page.",
            "Lire le guide de l’évaluateur",
            "/aide/evaluateur/",
        ),
    ],
}

JURY = {
    "title": "Membres de jury",
    "slug": "membres-de-jury",
    "chapo": "Employeurs et salariés y siègent à égalité et décident ensemble : c’est ce qui fait la valeur d’un CQP.",
    "search_description": "Guide du membre de jury paritaire : composition, parité, quorum, conflits d’intérêts, "
    "délibération, décision et procès-verbal.",
    "corps": [
        arguments(
            "Un jury paritaire",
            (
                "Deux collèges",
                "Autant de représentants des employeurs que des salariés, désignés par la commission paritaire.",
            ),
            (
                "Une présidence partagée",
                "La présidence et la vice-présidence reviennent à des collèges différents. Beaucoup de branches les "
                "échangent chaque année.",
            ),
            (
                "Une décision souveraine",
                "Le jury lit l’évaluation, il n’est pas lié par elle. Il décide au vu du dossier, et de lui seul.",
            ),
        ),
        etapes(
            "Une séance",
            ("Avant", "Lisez les dossiers dans votre espace. Signalez tout lien avec un candidat ou son employeur."),
            ("À l’ouverture", "On constate les présents de chaque collège et le quorum. Sans quorum, pas de décision."),
            (
                "Pour chaque dossier",
                "CQP entier, réussite partielle ou non-validation. Si un lien vous unit au candidat ou à son "
                "employeur, vous quittez la salle pour ce dossier.",
            ),
            (
                "À la clôture",
                "Le procès-verbal est relu, signé par la présidence et la vice-présidence, puis scellé. Il ne change "
                "plus.",
            ),
        ),
        faq(
            "Questions de jurés",
            (
                "Que faire quand les évaluateurs ne sont pas d’accord ?",
                "C’est précisément là que le jury examine le dossier de près : compétence par compétence, au vu des "
                "faits écrits.",
            ),
            (
                "Puis-je parler d’un dossier après la séance ?",
                "Non. Les délibérations et les votes sont confidentiels. Seule la décision est communiquée, par le "
                "certificateur.",
            ),
            (
                "Comment les voix égales se départagent-elles ?",
                "Selon la règle que la commission paritaire a fixée pour ce CQP. Tant qu’elle n’est pas satisfaite, il "
                "n’y a pas de décision.",
            ),
        ),
        appel(
            "Le mode d’emploi de la salle",
            "Convocation, séance, vote, procès-verbal : un guide d’une page.",
            "Lire le guide du juré",
            "/aide/jury/",
        ),
    ],
}
