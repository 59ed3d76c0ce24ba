// Keeps what is typed in a form marked data-brouillon="key" in the session storage of the tab, and gives it back
// when the page is loaded again after a lost connection or an expired session. Never files, passwords nor hidden
// fields. Erased once the server holds the same values, once it answers a send with another page, and at sign-out.
(function () {
  "use strict";
  var ENVOYE = "brouillon-envoye";

  function champs(formulaire) {
    return Array.prototype.filter.call(formulaire.elements, function (champ) {
      return champ.name && !/^(file|password|hidden|submit|button|reset)$/.test(champ.type);
    });
  }

  function lire(formulaire) {
    return champs(formulaire).map(function (champ) {
      var coche = champ.type === "checkbox" || champ.type === "radio";
      return [champ.name, champ.value, coche ? champ.checked : null];
    });
  }

  function rendre(formulaire, valeurs) {
    champs(formulaire).forEach(function (champ, rang) {
      var gardee = valeurs[rang];
      if (!gardee || gardee[0] !== champ.name) return;
      if (gardee[2] === null) champ.value = gardee[1];
      else champ.checked = gardee[2];
    });
  }

  function annoncer(formulaire, cle) {
    var avis = document.createElement("div");
    avis.className = "alerte alerte-info";
    avis.setAttribute("role", "status");
    var texte = document.createElement("p");
    texte.textContent = "Votre saisie, qui n’avait pas pu être envoyée, a été retrouvée. Vérifiez-la avant d’enregistrer. ";
    var bouton = document.createElement("button");
    bouton.type = "button";
    bouton.className = "bouton bouton-discret";
    bouton.textContent = "Effacer cette saisie";
    bouton.addEventListener("click", function () {
      sessionStorage.removeItem(cle);
      window.location.reload();
    });
    texte.appendChild(bouton);
    avis.appendChild(texte);
    formulaire.insertBefore(avis, formulaire.firstChild);
  }

  function oublierTout() {
    Object.keys(sessionStorage).forEach(function (cle) {
      if (cle.indexOf("brouillon") === 0) sessionStorage.removeItem(cle);
    });
  }

  function suivre(formulaire, envoye) {
    var cle = "brouillon:" + window.location.pathname + ":" + formulaire.dataset.brouillon;
    var gardees = JSON.parse(sessionStorage.getItem(cle));
    var enregistre = envoye === cle && document.querySelector(".messages .alerte-valide");
    if (gardees && (enregistre || JSON.stringify(gardees) === JSON.stringify(lire(formulaire)))) {
      sessionStorage.removeItem(cle);
    } else if (gardees) {
      rendre(formulaire, gardees);
      annoncer(formulaire, cle);
    }
    formulaire.addEventListener("input", function () {
      sessionStorage.setItem(cle, JSON.stringify(lire(formulaire)));
    });
    formulaire.addEventListener("submit", function () {
      sessionStorage.setItem(ENVOYE, cle);
    });
    return cle;
  }

  try {
    var envoye = sessionStorage.getItem(ENVOYE);
    var suivis = Array.prototype.map.call(document.querySelectorAll("form[data-brouillon]"), function (formulaire) {
      return suivre(formulaire, envoye);
    });
    // The sign-in page proves nothing: it is where an expired session lands.
    if (envoye && !document.body.classList.contains("compte")) {
      sessionStorage.removeItem(ENVOYE);
      if (suivis.indexOf(envoye) < 0) sessionStorage.removeItem(envoye);
    }
    document.addEventListener("submit", function (evenement) {
      if (evenement.target.hasAttribute("data-deconnexion")) oublierTout();
    });
  } catch (erreur) {
    // No storage in this browser, or a draft that cannot be read: the form simply works without it.
    return;
  }
})();
