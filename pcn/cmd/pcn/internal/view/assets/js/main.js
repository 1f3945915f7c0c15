let state = emptyState();
let connection = "connecting";
let due = false;

function draw() {
  due = false;
  const v = view(state);
  showHead(v, connection);
  showFigures(v);
  showSheets(v);
}

// redraw draws once for all changes since the last picture, and not at all
// while nobody looks.
function redraw() {
  if (!due) requestAnimationFrame(draw);
  due = true;
}

const report = document.getElementById("report");
if (report) {
  connection = "report";
  apply(state, JSON.parse(report.textContent));
  redraw();
} else {
  document.body.classList.add("live");
  redraw();
  follow(
    (update, first) => {
      if (first) state = emptyState();
      apply(state, update);
      redraw();
    },
    (now) => {
      connection = now;
      redraw();
    },
  );
}
