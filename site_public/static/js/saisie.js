// The grid of the évaluateur, on a building site: what is typed is kept on the server as one goes, in this tab while
// the network is away, and sent again when it comes back. Totals are previewed; the server alone concludes.
// Session storage only: nothing outlives the tab on a shared device, and signing out erases it (brouillon.js).
// A sending whose answer was lost is sent again under the same key, before anything newer: the server counts it once.
(function () {
  "use strict";
  var PREFIXE = "brouillon-grille:";
  var ENVOYEE = "brouillon-grille-envoyee";
  var PAUSE = 1500;
  var REPRISE = 8000;
  var formulaire = document.querySelector("form[data-saisie]");
  if (!formulaire) return;
  var etat = formulaire.querySelector("[data-etat-saisie]");
  var champVersion = formulaire.elements.version;
  var cleLocale = PREFIXE + window.location.pathname + ":" + formulaire.dataset.saisie;
  var minuterie = null;
  var enVol = false;
  var arretee = false;
  var apresEnvoi = null;
  var modifiee = false;
  var attente = null;

  function heure() {
    var maintenant = new Date();
    return maintenant.getHours() + "\u00a0h\u00a0" + String(maintenant.getMinutes()).padStart(2, "0");
  }

  function dire(texte) {
    etat.textContent = texte;
  }

  function cleNeuve() {
    var octets = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(octets, function (o) { return o.toString(16).padStart(2, "0"); }).join("");
  }

  function lire() {
    return Array.prototype.filter.call(formulaire.elements, function (champ) {
      if (!champ.name || /^(hidden|submit|button|fieldset)$/.test(champ.type)) return false;
      return !/^(radio|checkbox)$/.test(champ.type) || champ.checked;
    }).map(function (champ) { return [champ.name, champ.value]; });
  }

  function rendre(valeurs) {
    var parNom = new Map(valeurs);
    Array.prototype.forEach.call(formulaire.elements, function (champ) {
      if (!champ.name || /^(hidden|submit|button|fieldset)$/.test(champ.type)) return;
      if (champ.type === "radio") champ.checked = parNom.get(champ.name) === champ.value;
      else if (champ.type === "checkbox") champ.checked = parNom.has(champ.name);
      else champ.value = parNom.has(champ.name) ? parNom.get(champ.name) : "";
    });
    compter();
  }

  function retenir() {
    try {
      sessionStorage.setItem(cleLocale, JSON.stringify({ version: champVersion.value, valeurs: lire(), attente: attente }));
    } catch (erreur) {
      dire("Cet appareil ne peut rien garder\u00a0: enregistrez souvent.");
    }
  }

  function oublier() {
    try { sessionStorage.removeItem(cleLocale); } catch (erreur) { /* nothing was kept */ }
  }

  function planifier(delai) {
    clearTimeout(minuterie);
    minuterie = setTimeout(envoyer, delai);
  }

  function envoyer() {
    if (enVol || arretee) return;
    if (!attente) {
      if (!modifiee) return finir();
      attente = { cle: cleNeuve(), version: champVersion.value, valeurs: lire() };
      modifiee = false;
      retenir();
    }
    var corps = new URLSearchParams(attente.valeurs);
    corps.set("csrfmiddlewaretoken", formulaire.elements.csrfmiddlewaretoken.value);
    corps.set("version", attente.version);
    corps.set("envoi", attente.cle);
    enVol = true;
    fetch(formulaire.dataset.garder, { method: "POST", body: corps, credentials: "same-origin", redirect: "manual" })
      .then(recevoir, coupure)
      .then(function () {
        enVol = false;
        if (arretee) return;
        if (attente) planifier(REPRISE);
        else if (modifiee) planifier(apresEnvoi ? 0 : PAUSE);
        else finir();
      });
  }

  function coupure() {
    apresEnvoi = null;
    dire("Hors connexion\u00a0: votre saisie est gardée dans cet onglet et partira au retour du réseau.");
  }

  function recevoir(reponse) {
    if (reponse.ok) {
      return reponse.json().then(function (corps) {
        champVersion.value = corps.version;
        attente = null;
        if (modifiee) retenir();
        else oublier();
        dire("Brouillon enregistré à " + heure() + ".");
      });
    }
    if (reponse.status >= 500) return coupure();
    arretee = true;
    apresEnvoi = null;
    if (reponse.status === 409 || reponse.status === 422) {
      return reponse.json().then(function (corps) { dire(corps.phrase + " Votre saisie reste dans cet onglet."); });
    }
    dire("Votre session est fermée\u00a0: rechargez la page pour vous reconnecter. Votre saisie est gardée dans cet onglet.");
    return null;
  }

  function finir() {
    if (!apresEnvoi) return;
    var suite = apresEnvoi;
    apresEnvoi = null;
    suite();
  }

  // Totals -----------------------------------------------------------------------------------------------------------

  function centiemes(texte) {
    var lu = /^\s*(\d+)(?:[.,](\d{1,2}))?\s*$/.exec(texte || "");
    return lu ? Number(lu[1]) * 100 + Number((lu[2] || "").padEnd(2, "0")) : null;
  }

  function ecrire(valeur) {
    return String(Math.floor(valeur) / 100).replace(".", ",");
  }

  function pluriel(nombre) {
    return nombre > 1 ? "s" : "";
  }

  function compterNotes(competences, sur) {
    var points = 0, poids = 0, dites = 0;
    competences.forEach(function (competence) {
      var note = centiemes(competence.querySelector("input[inputmode=decimal]").value);
      var coefficient = centiemes(competence.dataset.competence);
      if (note === null || !coefficient) return;
      dites += 1;
      points += note * coefficient;
      poids += coefficient;
    });
    if (!dites) return "pas de note sur " + sur;
    var reste = competences.length - dites;
    return ecrire(points / poids) + (reste ? ", " + reste + " note" + pluriel(reste) + " à venir" : "") + " sur " + sur;
  }

  function compterAcquis(competences) {
    var acquises = competences.filter(function (competence) {
      return competence.querySelector("input[value=oui]:checked");
    }).length;
    var part = Math.floor((100 * acquises) / competences.length);
    var s = pluriel(acquises);
    return acquises + " compétence" + s + " acquise" + s + " sur " + competences.length + " (" + part + "\u00a0%)";
  }

  function compter() {
    formulaire.querySelectorAll("[data-bloc]").forEach(function (bloc) {
      var competences = Array.prototype.slice.call(bloc.querySelectorAll("[data-competence]"));
      var notes = formulaire.dataset.notes;
      bloc.querySelector("[data-total]").textContent = notes ? compterNotes(competences, notes) : compterAcquis(competences);
    });
  }

  // What was kept ----------------------------------------------------------------------------------------------------

  function bouton(libelle, action) {
    var element = document.createElement("button");
    element.type = "button";
    element.className = "bouton bouton-discret";
    element.textContent = libelle;
    element.addEventListener("click", action);
    return element;
  }

  function proposer(gardee) {
    arretee = true;
    dire("Cette grille a été modifiée ailleurs depuis votre saisie, qui est gardée dans cet onglet. ");
    etat.appendChild(bouton("Reprendre ma saisie", function () {
      arretee = false;
      rendre(gardee.valeurs);
      modifiee = true;
      retenir();
      dire("Votre saisie est reprise\u00a0: vérifiez-la.");
      planifier(0);
    }));
    etat.appendChild(bouton("L’effacer", function () {
      oublier();
      arretee = false;
      dire("La version enregistrée est affichée.");
    }));
  }

  function retrouver() {
    var gardee = JSON.parse(sessionStorage.getItem(cleLocale));
    var enregistree = sessionStorage.getItem(ENVOYEE) === cleLocale && document.querySelector(".messages .alerte-valide");
    sessionStorage.removeItem(ENVOYEE);
    if (!gardee) return;
    var refusee = formulaire.hasAttribute("data-refusee");
    if (enregistree || (!refusee && JSON.stringify(gardee.valeurs) === JSON.stringify(lire()))) return oublier();
    if (refusee) return;
    var recue = gardee.attente && gardee.attente.cle === formulaire.dataset.cle;
    if (!recue && gardee.version !== champVersion.value) return proposer(gardee);
    attente = recue ? null : gardee.attente;
    modifiee = true;
    rendre(gardee.valeurs);
    dire("Votre saisie, gardée dans cet onglet, a été retrouvée.");
    planifier(0);
  }

  formulaire.addEventListener("input", function () {
    modifiee = true;
    retenir();
    compter();
    if (!arretee) planifier(PAUSE);
  });
  formulaire.addEventListener("submit", function (evenement) {
    clearTimeout(minuterie);
    if (navigator.onLine === false) {
      evenement.preventDefault();
      coupure();
      return;
    }
    if (enVol || attente) {
      evenement.preventDefault();
      apresEnvoi = function () { formulaire.requestSubmit(); };
      envoyer();
      return;
    }
    retenir();
    try { sessionStorage.setItem(ENVOYEE, cleLocale); } catch (erreur) { /* no storage: the form simply goes */ }
  });
  window.addEventListener("online", function () { planifier(0); });
  window.addEventListener("offline", coupure);
  compter();
  try {
    retrouver();
  } catch (erreur) {
    oublier();
  }
})();
