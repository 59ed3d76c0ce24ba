// Passkeys: the button is shown where the browser can use one, and a refusal is told in words.
(function () {
  "use strict";
  var messages = {
    NotAllowedError: "Aucune clé n’a été présentée. Recommencez, ou choisissez une autre façon de vous connecter.",
    InvalidStateError: "Cette clé est déjà enregistrée pour votre compte.",
    SecurityError: "Cette adresse ne permet pas d’utiliser une clé d’accès.",
  };
  if (window.PublicKeyCredential) {
    document.querySelectorAll("[data-cle-acces]").forEach(function (zone) { zone.hidden = false; });
    document.querySelectorAll("[data-sans-cle-acces]").forEach(function (zone) { zone.hidden = true; });
  }
  document.addEventListener("allauth.error", function (evenement) {
    var zone = document.getElementById("cle-acces-message");
    if (!zone) return;
    evenement.preventDefault();
    zone.textContent = messages[evenement.detail.exception.name] || "La clé n’a pas pu être lue. Recommencez.";
    zone.hidden = false;
  });
})();
