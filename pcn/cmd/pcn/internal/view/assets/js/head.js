// The head of the page: what the run is, how it fares, its figures now.

function showHead(v, connection) {
  const name = v.settings.data ? `${v.settings.model} on ${v.settings.data}` : "pcn";
  setText(document.getElementById("title"), name);
  setText(document.getElementById("subtitle"), subtitle(v));
  const [state, text] = status(v, connection);
  const place = document.getElementById("status");
  place.dataset.state = state;
  setText(place, text);
  document.title = v.settings.data ? `${isNumber(v.progress?.share) && !v.end ? `${Math.floor(100 * v.progress.share)} % ` : ""}${name}` : "pcn";
  const share = v.end?.event === "done" ? 1 : v.progress?.share ?? 0;
  const bar = document.getElementById("progress");
  bar.setAttribute("aria-valuenow", Math.floor(100 * share));
  bar.firstElementChild.style.transform = `scaleX(${share})`;
  document.getElementById("readouts").replaceChildren(...readouts(v));
  showNotes(v);
}

function subtitle(v) {
  if (!v.start) return "";
  const { settings: s, levels, parameters, train_images } = v.start;
  const how = s.rule === "bp" ? "backpropagation" : `${{ pc: "predictive coding", ipc: "incremental predictive coding" }[s.rule] ?? s.rule}, ${s.precision} precision, ${s.update} update`;
  return `${how} \u00b7 ${grouped(levels)} levels, ${grouped(parameters)} parameters \u00b7 ${grouped(train_images)} images`;
}

// status is a state for the style sheet, and how people call it.
function status(v, connection) {
  const over = { done: ["finished", "Finished"], failed: ["failed", "Failed"], interrupted: ["stopped", "Interrupted"] }[v.end?.event];
  if (over) return over;
  if (connection === "lost") return ["lost", "No connection, trying again"];
  if (connection === "connecting") return ["waiting", "Connecting"];
  if (connection === "report") return ["stopped", "Not finished"];
  return v.progress ? ["training", "Training"] : ["waiting", "Starting"];
}

function readouts(v) {
  const { progress: p, end } = v, last = v.epochs.at(-1), point = v.points.at(-1);
  const list = [];
  const add = (name, value, unit, under) => {
    const dd = element("dd", {}, value, unit && value !== dash ? element("span", { class: "unit" }, ` ${unit}`) : null);
    if (under) dd.append(element("div", { class: "under" }, under));
    list.push(element("div", {}, element("dt", {}, name), dd));
  };
  const share = (x) => (isNumber(x) ? (100 * x).toFixed(2) : dash);
  if (end?.event === "done") {
    add("Test accuracy", share(end.test_accuracy), "%", v.summary ? `mean of ${v.summary.seeds.length} seeds, \u00b1 ${share(v.summary.test_accuracy_std)}` : v.best ? `best epoch ${v.best.epoch}: ${percent(v.best.test_accuracy)}` : "after the last epoch");
  } else {
    const seeds = v.settings.seeds > 1 && p ? `seed ${p.seed}, ` : "";
    add("Epoch", grouped(p?.epoch), p ? `of ${grouped(p.epochs)}` : "", p ? `${seeds}batch ${grouped(p.batch)} of ${grouped(p.batches)}` : "");
  }
  const held = isNumber(last?.validation_accuracy) ? `validation ${percent(last.validation_accuracy)}` : last && !end ? `epoch ${last.epoch}: ${percent(last.train_accuracy)}` : "";
  add("Training accuracy", share(end ? last?.train_accuracy : point?.accuracy ?? last?.train_accuracy), "%", held);
  add("Loss", short(end ? last?.loss : point?.loss ?? last?.loss), "", last && !end ? `epoch ${last.epoch}: ${short(last.loss)}` : "");
  const speed = end?.samples_per_second ?? point?.speed ?? last?.samples_per_second;
  const machine = v.start?.machine;
  add("Throughput", grouped(speed), "samples/s", machine ? `${machine.isa}, ${machine.workers} ${machine.workers === 1 ? "worker" : "workers"}` : "");
  if (end) {
    add("Time", duration(end.seconds ?? p?.elapsed), "", end.event === "done" ? "training and evaluation" : "");
  } else {
    add("Time left", duration(p?.left), "", p ? `${duration(p.elapsed)} so far` : "");
  }
  return list;
}

// showNotes lists what the run warns of, and why it ended before its time.
function showNotes(v) {
  const notes = v.warnings.map((w) => ["", w.message]);
  if (v.end?.event === "failed") notes.push(["bad", v.end.message]);
  if (v.end?.event === "interrupted") notes.push(["", `Interrupted after ${grouped(v.end.batches)} batches of epoch ${v.end.epoch}.`]);
  const list = document.getElementById("notes");
  list.hidden = notes.length === 0;
  list.replaceChildren(...notes.map(([kind, text]) => element("li", { class: kind }, text)));
}
