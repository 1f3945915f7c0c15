// What the figures of a run show.
const figures = {
  accuracy: new Chart("accuracy", "Accuracy"),
  loss: new Chart("loss", "Loss"),
  relaxation: new HeatMap("relaxation", "Energy while relaxing"),
  history: new HeatMap("history", "Energy over training"),
  throughput: new Chart("throughput", "Throughput"),
};

const waiting = "Waiting for the first batch.";

function showFigures(v) {
  showAccuracy(v);
  showLoss(v);
  showRelaxation(v);
  showHistory(v);
  showThroughput(v);
}

// mostEpochs is how far the horizontal axis reaches: to the end of the run, or
// as often half of that as leaves what there is in the right half. So the axis
// changes seldom and is never nearly empty.
function mostEpochs(v) {
  const seen = Math.max(v.points.at(-1)?.epoch ?? 0, v.epochs.at(-1)?.epoch ?? 0, v.others.at(-1)?.at(-1)?.epoch ?? 0);
  let most = v.total;
  while (most / 2 >= seen && most > 1e-3) most /= 2;
  return most;
}

// lines are the series of a figure of the batches and of the epochs, whose mean
// stands in the middle of the epoch.
function lines(v, ofPoint, ofEpoch, name) {
  const pairs = (list, of, shift) => list.map((e) => [e.epoch - shift, of(e)]).filter(([, y]) => isNumber(y));
  return [
    ...v.others.map((list) => ({ kind: "other", points: pairs(list, ofEpoch, 0.5), dots: list.length === 1 })),
    { kind: "train", faint: true, points: pairs(v.points, ofPoint, 0), name: v.epochs.length ? "" : name },
    { kind: "train", dots: true, points: pairs(v.epochs, ofEpoch, 0.5), name },
  ];
}

const valuesOf = (series) => series.flatMap((s) => s.points.map(([, y]) => y));

// othersCaption says what the grey lines are.
const othersCaption = (v) => (v.others.length ? `Seed ${v.seed}; in grey the seeds before it.` : "");

function showAccuracy(v) {
  const series = lines(v, (p) => 100 * p.accuracy, (e) => 100 * e.train_accuracy, "training");
  const held = v.epochs.filter((e) => isNumber(e.validation_accuracy)).map((e) => [e.epoch, 100 * e.validation_accuracy]);
  series.push({ kind: "held", dots: true, points: held, name: "validation" });
  if (isNumber(v.test)) series.push({ kind: "test", dots: true, points: [[v.total, 100 * v.test]], name: "test" });
  const values = valuesOf(series);
  if (values.length === 0) return figures.accuracy.show(null, waiting);
  const [lo, hi] = roundOut(lowest(series, values), Math.max(...values), 5);
  figures.accuracy.show({
    label: "Accuracy over epochs", unit: "% correct", most: mostEpochs(v), series,
    range: [Math.max(lo === hi ? lo - 1 : lo, 0), Math.min(lo === hi ? hi + 1 : hi, 100)],
    format: (y) => `${y.toFixed(2)}\u202f%`, caption: othersCaption(v),
  });
}

// lowest is the lower end of the accuracies: that of the epochs but the first of
// several, or the first tenth of many. What lies below would press the rest
// against the upper edge; lines rise from there.
function lowest(series, values) {
  const epochs = series.filter((s) => !s.faint).flatMap(({ points }) => {
    const skip = Math.max(Math.ceil(points.length / 10) - 1, points.length > 3 ? 1 : 0);
    return points.slice(skip).map(([, y]) => y);
  });
  return Math.min(...(epochs.length ? epochs : values));
}

function showLoss(v) {
  const series = lines(v, (p) => p.loss, (e) => e.loss, "training");
  const values = valuesOf(series).filter((y) => y > 0);
  if (values.length === 0) return figures.loss.show(null, waiting);
  const lo = Math.min(...values), hi = Math.max(...values), log = hi / lo > 8;
  for (const s of series) if (log) s.points = s.points.filter(([, y]) => y > 0);
  figures.loss.show({
    label: "Loss over epochs", unit: `${lossName(v)}, per sample`, most: mostEpochs(v), series, log,
    range: log ? [lo * 0.9, hi * 1.1] : roundOut(lo, hi === lo ? lo * 1.1 : hi, 5), format: short, caption: "",
  });
}

const lossName = (v) => ({ se: "half the squared error", ce: "cross-entropy" })[v.settings.loss] ?? "loss";

function showThroughput(v) {
  const series = lines(v, (p) => p.speed, (e) => e.samples_per_second, "training");
  const values = valuesOf(series);
  if (values.length === 0) return figures.throughput.show(null, waiting);
  figures.throughput.show({
    label: "Samples a second over epochs", unit: "samples/s", most: mostEpochs(v), series,
    range: roundOut(0, Math.max(...values), 4), format: grouped, caption: "Training alone; evaluation is left out.",
  });
}

// noEnergy says why there is no energy to see.
const noEnergy = (v) => (v.settings.rule === "bp"
  ? "Backpropagation does not relax, so it has no energies."
  : "Energies are measured at the end of each epoch.");

function showHistory(v) {
  figures.history.section.hidden = v.settings.rule === "bp"; // one empty figure says it
  const columns = v.epochs.filter((e) => e.energy?.length).map((e) => ({ name: e.epoch, values: e.energy }));
  if (columns.length === 0) return figures.history.show(null, noEnergy(v));
  figures.history.show({
    label: "Energy of each level at the end of each epoch", across: "epochs", column: "epoch", columns,
    key: JSON.stringify([v.seed, columns.length, columns.at(-1)]),
    caption: "After relaxing the last batch of each epoch. Level 0 is next to the input; the highest is the output.",
  });
}

// The relaxation that the slider chose: a place in the list, or null for the
// newest.
let chosen = null;

function showRelaxation(v) {
  const figure = figures.relaxation, list = v.relaxations;
  figure.section.classList.toggle("wide", v.settings.rule === "bp");
  const shown = list[Math.min(chosen ?? Infinity, list.length - 1)];
  if (!shown) {
    figure.below.replaceChildren();
    return figure.show(null, v.settings.rule === "bp" ? noEnergy(v) : waiting);
  }
  const zeros = shown.energy.some((levels) => levels.includes(0)), when = `epoch ${shown.epoch}`;
  const batch = shown.batch === shown.batches ? "The last batch" : `Batch ${grouped(shown.batch)}`;
  figure.show({
    label: `Energy of each level in each step of the relaxation, ${when}`, across: "relaxation steps", column: "step",
    key: JSON.stringify([shown.seed, shown.epoch, shown.batch, shown.energy.at(-1)]),
    columns: shown.energy.map((values, t) => ({ name: t, values })),
    caption: `${batch} of ${when}.${zeros ? " Grey: no energy at all, the error of the output has not come down that far." : ""}`,
  });
  showSlider(v, shown);
}

function showSlider(v, shown) {
  const figure = figures.relaxation, last = v.relaxations.length - 1;
  if (last < 1) return figure.below.replaceChildren();
  let input = figure.below.querySelector("input");
  if (!input) {
    input = element("input", { type: "range", min: 0, step: 1, "aria-label": "Epoch of the relaxation" });
    figure.below.replaceChildren(element("label", { class: "slider" }, element("span"), input));
  }
  input.max = last;
  input.value = Math.min(chosen ?? last, last);
  input.oninput = () => {
    chosen = Number(input.value) === Number(input.max) ? null : Number(input.value);
    redraw();
  };
  setText(figure.below.querySelector("span"), `epoch ${shown.epoch}`);
}
