"""Starting texts of the pages that the law asks for. They say what the software does; the publisher adds who it is."""

from home.depart.blocs import texte

MENTIONS_LEGALES = {
    "title": "Mentions légales",
    "slug": "mentions-legales",
    "chapo": "Qui publie ce site, d’où viennent ses informations, ce que vous pouvez en faire.",
    "search_description": "Éditeur, hébergeur, sources des données, réutilisation et signalement d’une erreur.",
    "montrer_identite": True,
    "corps": [
        texte("""
            <h2>Objet du site</h2>
            <p>Ce site présente des certificats de qualification professionnelle, permet de conduire les dossiers des
            candidats et de vérifier les parchemins délivrés. Il est exploité par un certificateur ou par l’organisme
            qu’il a chargé de la gestion de ses certifications. Ce n’est pas un site de l’État.</p>
            <h2>D’où viennent les informations</h2>
            <p>Les intitulés, numéros, niveaux et dates des certifications inscrites aux répertoires viennent des
            données ouvertes de France compétences (« Répertoire national des certifications professionnelles et
            répertoire spécifique », Licence Ouverte 2.0). La page de chaque CQP donne la source et sa date. En cas
            d’écart, la fiche publiée par France compétences fait foi.</p>
            <p>Les blocs signalés comme donnés en exemple illustrent la présentation d’un CQP. Ils n’ont pas de valeur
            réglementaire.</p>
            <h2>Réutilisation</h2>
            <p>Les données du registre des certifications, qui ne contiennent aucune donnée personnelle, sont
            réutilisables selon les termes de la Licence Ouverte 2.0, à condition d’en citer la source et la date. Les
            textes et les images de l’éditeur restent soumis au droit d’auteur.</p>
            <p>Le logiciel est libre : il est publié sous la licence publique de l’Union européenne (EUPL 1.2). Les
            polices Source Serif et Source Sans sont diffusées sous la licence SIL Open Font.</p>
            <h2>Valeur d’une vérification</h2>
            <p>La vérification d’un parchemin atteste que le document a été délivré par le certificateur et qu’il est
            valable au moment de la consultation. Elle ne prouve pas l’identité de la personne qui le présente.</p>
            <h2>Signaler une erreur</h2>
            <p>Écrivez à l’éditeur du site ou au porteur du CQP concerné, dont l’adresse figure sur la page de ce
            CQP.</p>
        """)
    ],
}

ACCESSIBILITE = {
    "title": "Accessibilité",
    "slug": "accessibilite",
    "chapo": "Ce site doit pouvoir servir à tous : au clavier, au lecteur d’écran, sur un petit téléphone, sans "
    "JavaScript.",
    "search_description": "Déclaration d’accessibilité : état de conformité, essais menés, contact et voies de "
    "recours.",
    "corps": [
        texte("""
            <h2>État de conformité</h2>
            <p>Ce site est conçu pour respecter le niveau AA des règles internationales WCAG 2.2 et le référentiel
            général d’amélioration de l’accessibilité (RGAA). <strong>Aucun audit complet n’a encore été mené par un
            tiers : au sens du RGAA, il doit donc être tenu pour non conforme</strong> tant que cet audit n’a pas eu
            lieu.</p>
            <h2>Ce que nous vérifions</h2>
            <ul>
            <li>À chaque évolution, un outil automatique contrôle les pages, sur écran large et sur un écran de
            320 pixels.</li>
            <li>Les pages publiques s’utilisent au clavier et sans JavaScript.</li>
            <li>Les contrastes respectent les seuils, en affichage clair et en affichage sombre.</li>
            <li>Un état n’est jamais indiqué par la couleur seule : un mot et un pictogramme l’accompagnent.</li>
            <li>Aucune animation ne se déclenche si vous avez demandé à les réduire.</li>
            </ul>
            <h2>Ce qui peut encore vous gêner</h2>
            <p>Un contrôle automatique ne voit qu’une partie des difficultés. Les textes des compétences, repris des
            fiches officielles, sont parfois longs et peu structurés. Les fiches de France compétences vers lesquelles
            nous renvoyons ne dépendent pas de nous.</p>
            <h2>Nous écrire</h2>
            <p>Si une page vous résiste, écrivez à l’éditeur du site, dont les coordonnées figurent dans les
            <a href="/mentions-legales/">mentions légales</a>, ou au porteur du CQP. Dites-nous la page, ce que vous
            vouliez faire et votre matériel : nous vous donnerons l’information sous une autre forme et nous
            corrigerons la page.</p>
            <h2>Voies de recours</h2>
            <p>Si vous n’obtenez pas de réponse, vous pouvez saisir le Défenseur des droits : par son formulaire en
            ligne, par l’intermédiaire d’un délégué près de chez vous, ou par courrier gratuit, sans timbre, à
            l’adresse « Défenseur des droits, Libre réponse 71120, 75342 Paris Cedex 07 ».</p>
        """)
    ],
}

DONNEES_PERSONNELLES = {
    "title": "Données personnelles",
    "slug": "donnees-personnelles",
    "chapo": "Vous pouvez lire ce site sans laisser de trace publicitaire. Si vous êtes candidat, voici ce que nous "
    "faisons de vos données, et pourquoi.",
    "search_description": "Données traitées, raisons, durées de conservation, destinataires et droits des personnes.",
    "corps": [
        texte("""
            <h2>Si vous visitez le site</h2>
            <p>Aucun traceur, aucune mesure d’audience par un tiers, aucun contenu chargé depuis un autre site. Il n’y
            a donc rien à accepter ni à refuser. Les seuls cookies sont ceux qui gardent ouverte la session d’une
            personne connectée et protègent l’envoi des formulaires : ils sont indispensables au service que vous
            demandez.</p>
            <h2>Si vous vérifiez un document</h2>
            <p>Aucun cookie, aucun compte. Nous comptons combien de fois chaque document est vérifié, par mois : un
            nombre, rien de vous. Si vous signalez un faux document, ce que vous écrivez sert à le rechercher ; le
            certificateur et ses auditeurs le lisent, et tout est effacé un an après la clôture.</p>
            <h2>Si vous nous écrivez</h2>
            <p>Votre adresse électronique et votre message servent à vous répondre, et à rien d’autre. Le porteur du CQP
            concerné ou le certificateur les lit ; ils sont effacés six mois après la réponse.</p>
            <h2>Si vous êtes candidat ou titulaire</h2>
            <h3>Ce que nous traitons</h3>
            <p>Votre état civil (noms, prénoms, date et lieu de naissance), vos coordonnées, votre établissement, les
            justificatifs demandés par le CQP, les résultats de votre évaluation, la décision du jury et votre
            parchemin.</p>
            <h3>Pourquoi</h3>
            <ul>
            <li>Organiser l’évaluation et délivrer la certification : c’est la mission du certificateur.</li>
            <li>Déclarer votre certification au système d’information du compte personnel de formation, quand elle est
            inscrite aux répertoires : c’est une obligation légale (article L. 6113-8 du code du travail), qui ne
            repose pas sur votre accord.</li>
            <li>Permettre à un tiers de vérifier qu’un parchemin est authentique : c’est ce qui fait sa valeur, et la
            vôtre.</li>
            </ul>
            <h3>Qui les voit</h3>
            <p>Chacun ne voit que ce que sa fonction demande : votre employeur pour les dossiers qu’il a ouverts, le
            porteur de votre CQP, l’évaluateur, les membres du jury pendant la session, le certificateur. Le
            professionnel du métier invité à donner son avis ne voit que votre nom et les compétences à évaluer. La
            personne qui vérifie un parchemin doit d’abord en avoir le code, ou le numéro et le nom.</p>
            <p>Le système d’information du compte personnel de formation est tenu par la Caisse des dépôts. Aucune
            donnée n’est vendue ni transmise à des fins commerciales.</p>
            <h3>Combien de temps</h3>
            <ul>
            <li>Le registre des parchemins : cinquante ans, parce qu’une carrière est longue.</li>
            <li>Une adresse postale donnée pour recevoir un parchemin : trente jours après l’envoi.</li>
            <li>Un lien de partage : trente jours après sa fermeture ou son dernier jour.</li>
            <li>Un dossier sans certification : un an après la dernière action.</li>
            <li>Le journal des actes, qui prouve qui a fait quoi : avec le registre.</li>
            </ul>
            <h2>Vos droits</h2>
            <p>Vous pouvez demander à voir vos données, à les faire corriger, à en limiter l’usage ou, lorsque la loi le
            permet, à les faire effacer. Une erreur d’état civil sur un parchemin se corrige par un nouveau document,
            qui remplace l’ancien au vu de tous. Écrivez au porteur de votre CQP ou à l’éditeur du site (voir les
            <a href="/mentions-legales/">mentions légales</a>) : une réponse vous est due dans le mois.</p>
            <p>Si la réponse ne vous convient pas, vous pouvez saisir la Commission nationale de l’informatique et des
            libertés (CNIL), <a href="https://www.cnil.fr/fr/plaintes">cnil.fr/fr/plaintes</a>.</p>
        """)
    ],
}
