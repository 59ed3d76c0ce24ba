// Keeps what is typed in a form marked data-brouillon="key" in the session storage of the tab, and gives it back
// when the page is reloaded after a lost connection. Never files, passwords nor hidden fields; erased once sent.
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

  document.querySelectorAll("form[data-brouillon]").forEach(function (formulaire) {
    var cle = "brouillon:" + window.location.pathname + ":" + formulaire.dataset.brouillon;
    var gardees = null;
    try {
      // The page that follows a form really sent erases its draft; a page with errors carries the values itself.
      if (sessionStorage.getItem(ENVOYE) === cle) sessionStorage.removeItem(cle);
      gardees = JSON.parse(sessionStorage.getItem(cle));
    } catch (erreur) {
      return;
    }
    var initiales = JSON.stringify(lire(formulaire));
    if (gardees && JSON.stringify(gardees) !== initiales) {
      rendre(formulaire, gardees);
      annoncer(formulaire, cle);
    }
    formulaire.addEventListener("input", function () {
      sessionStorage.setItem(cle, JSON.stringify(lire(formulaire)));
    });
    formulaire.addEventListener("submit", function () {
      sessionStorage.setItem(ENVOYE, cle);
    });
  });

  // Reached only when the server answered: what was sent under this key is safe.
  try {
    var envoye = sessionStorage.getItem(ENVOYE);
    if (envoye) {
      sessionStorage.removeItem(ENVOYE);
      if (!document.querySelector("form[data-brouillon]")) sessionStorage.removeItem(envoye);
    }
  } catch (erreur) {
    return;
  }
})();
