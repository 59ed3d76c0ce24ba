// Menus are <details>: they open without script. This closes them on Escape, on a click elsewhere, and takes the
// reader of a refused form straight to the summary of its errors.
(function () {
  "use strict";
  var SELECTEUR = "details.menu-deroulant[open], details.tiroir[open]";
  document.addEventListener("click", function (evenement) {
    document.querySelectorAll(SELECTEUR).forEach(function (menu) {
      if (!menu.contains(evenement.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (evenement) {
    if (evenement.key !== "Escape") return;
    document.querySelectorAll(SELECTEUR).forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  var resume = document.querySelector(".resume-erreurs");
  if (resume) resume.focus();
})();
