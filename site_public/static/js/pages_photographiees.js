// Sends the signed guide from a phone: photos taken one after the other are listed in order, made lighter before they
// leave, and sent with a progress bar; a lost connection keeps them in the page, ready to be sent again.
// Without this script the form is a plain one, with several files at once.
(function () {
  "use strict";
  var COTE = 2400;
  var formulaire = document.querySelector("form[data-pages]");
  var champ = formulaire && formulaire.elements.fichier;
  if (!champ || !window.DataTransfer) return;
  var liste = formulaire.querySelector("[data-liste-pages]");
  var avance = formulaire.querySelector("[data-avance]");
  var etat = formulaire.querySelector("[data-etat-pages]");
  var pages = [];

  function alleger(fichier) {
    if (!/^image\/(jpeg|png)$/.test(fichier.type) || !window.createImageBitmap) return Promise.resolve(fichier);
    return createImageBitmap(fichier).then(function (image) {
      var echelle = COTE / Math.max(image.width, image.height);
      if (echelle >= 1) return fichier;
      var toile = document.createElement("canvas");
      toile.width = Math.round(image.width * echelle);
      toile.height = Math.round(image.height * echelle);
      toile.getContext("2d").drawImage(image, 0, 0, toile.width, toile.height);
      return new Promise(function (resoudre) {
        toile.toBlob(function (blob) {
          resoudre(blob ? new File([blob], fichier.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : fichier);
        }, "image/jpeg", 0.85);
      });
    }).catch(function () { return fichier; });
  }

  function ranger() {
    var transfert = new DataTransfer();
    pages.forEach(function (page) { transfert.items.add(page); });
    champ.files = transfert.files;
    liste.textContent = "";
    pages.forEach(function (page, rang) {
      var ligne = document.createElement("li");
      ligne.textContent = page.name + " (" + Math.max(1, Math.round(page.size / 1024)) + " ko) ";
      var retirer = document.createElement("button");
      retirer.type = "button";
      retirer.className = "bouton bouton-discret";
      retirer.textContent = "Retirer la page " + (rang + 1);
      retirer.addEventListener("click", function () {
        pages.splice(rang, 1);
        ranger();
      });
      ligne.appendChild(retirer);
      liste.appendChild(ligne);
    });
  }

  function ajouter(fichiers) {
    etat.textContent = "Préparation des pages…";
    return Promise.all(Array.prototype.map.call(fichiers, alleger)).then(function (prets) {
      pages = pages.concat(prets);
      ranger();
      etat.textContent = pages.length > 1 ? pages.length + " pages prêtes à partir." : "Une page prête à partir.";
    });
  }

  var appareil = formulaire.querySelector("[data-appareil]");
  if (appareil) {
    appareil.hidden = false;
    appareil.querySelector("input").addEventListener("change", function (evenement) {
      ajouter(evenement.target.files).then(function () { evenement.target.value = ""; });
    });
  }
  champ.addEventListener("change", function () { ajouter(champ.files); });

  function montrer(page) {
    var recue = new DOMParser().parseFromString(page, "text/html").querySelector("main");
    var ici = document.querySelector("main");
    if (recue && ici) ici.replaceWith(document.adoptNode(recue));
    window.scrollTo(0, 0);
  }

  function liberer(phrase) {
    formulaire.removeAttribute("data-envoye");
    formulaire.querySelectorAll("[aria-busy]").forEach(function (bouton) {
      bouton.removeAttribute("aria-busy");
      bouton.removeAttribute("aria-disabled");
    });
    avance.hidden = true;
    etat.textContent = phrase;
  }

  formulaire.addEventListener("submit", function (evenement) {
    if (!pages.length || formulaire.hasAttribute("data-envoye")) return;
    evenement.preventDefault();
    formulaire.setAttribute("data-envoye", "");
    var requete = new XMLHttpRequest();
    requete.open("POST", formulaire.getAttribute("action") || window.location.href);
    requete.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    requete.upload.addEventListener("progress", function (progres) {
      if (!progres.lengthComputable) return;
      avance.value = progres.loaded / progres.total;
      etat.textContent = "Envoi\u00a0: " + Math.round(avance.value * 100) + "\u00a0%";
    });
    requete.addEventListener("load", function () {
      if (requete.status < 300) {
        etat.textContent = "Le guide est joint.";
        window.location.assign(requete.getResponseHeader("X-Suite") || requete.responseURL);
      } else if (requete.status === 409 || requete.status === 422) montrer(requete.responseText);
      else liberer("L’envoi n’a pas abouti. Vos pages sont toujours là\u00a0: réessayez.");
    });
    requete.addEventListener("error", function () {
      liberer("Le réseau manque\u00a0: vos pages sont toujours là. Réessayez dès qu’il revient.");
    });
    avance.hidden = false;
    avance.value = 0;
    requete.send(new FormData(formulaire));
  });
})();
