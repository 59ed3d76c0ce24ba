// Draws the figures of graphique.html. The figure comes as JSON in the page: the content policy forbids inline scripts.
(function () {
  "use strict";
  if (!window.Plotly) return;
  var style = getComputedStyle(document.documentElement);
  // Plotly does not read light-dark(): a probe element gives the computed colour.
  function couleur(jeton) {
    var sonde = document.createElement("span");
    sonde.hidden = true;
    document.body.appendChild(sonde);
    sonde.style.color = "var(" + jeton + ")";
    var toile = document.createElement("canvas").getContext("2d");
    toile.fillStyle = getComputedStyle(sonde).color;
    toile.fillRect(0, 0, 1, 1);
    var p = toile.getImageData(0, 0, 1, 1).data;
    sonde.remove();
    return "rgb(" + p[0] + "," + p[1] + "," + p[2] + ")";
  }
  document.querySelectorAll("[data-graphique]").forEach(function (zone) {
    var cadre = zone.closest(".graphique");
    // On a telephone the names of the bars would leave them no room: the table below says it all, and stays open.
    if (cadre.clientWidth < 420) return;
    var figure = JSON.parse(cadre.querySelector('script[type="application/json"]').textContent);
    var encre = couleur("--encre-2");
    var filet = couleur("--pierre-1");
    var axe = { gridcolor: filet, linecolor: filet, zerolinecolor: filet, automargin: true, fixedrange: true };
    var donnee = figure.layout || {};
    var layout = Object.assign({}, donnee, {
      template: null,
      title: undefined,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      separators: ",\u202f",
      colorway: ["--encre-2", "--ocre-trait", "--valide", "--info", "--refus", "--pierre-2"].map(couleur),
      font: { family: style.getPropertyValue("--sans"), size: 15, color: encre },
      margin: Object.assign({ l: 8, r: 8, t: 8, b: 8 }, donnee.margin),
      xaxis: Object.assign({}, axe, { showgrid: false }, donnee.xaxis),
      yaxis: Object.assign({}, axe, donnee.yaxis),
    });
    // A series that has its colour everywhere else keeps it here.
    figure.data.forEach(function (serie) {
      if (serie.meta) serie.marker = Object.assign({}, serie.marker, { color: couleur(serie.meta) });
    });
    zone.hidden = false;
    var donnees = cadre.querySelector(".graphique-donnees");
    if (donnees) donnees.open = false;
    window.Plotly.newPlot(zone, figure.data, layout, {
      displayModeBar: false, displaylogo: false, responsive: true, plotlyServerURL: "", scrollZoom: false,
    });
  });
})();
