// The tables below the figures.

function showSheets(v) {
  showEpochs(v);
  showResults(v);
  showSettings(v);
}

// table makes a table of columns { name, of: what a row has there, kind }.
function table(columns, rows) {
  const head = element("tr", {}, ...columns.map((c) => element("th", { scope: "col" }, c.name)));
  const body = rows.map((row) => element("tr", {}, ...columns.map((c) => element("td", { class: c.kind ?? "" }, c.of(row)))));
  return element("div", { class: "scroll", tabindex: 0, role: "group" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
}

// fill replaces what a section shows, unless that is the same as before, so that
// one can copy from it. Tables stay where they were scrolled to, and at their
// end if that is where they were.
function fill(section, key, make) {
  if (section.dataset.key === key) return;
  section.dataset.key = key;
  const before = section.querySelector(".scroll");
  const top = before && before.scrollTop + before.clientHeight < before.scrollHeight - 4 ? before.scrollTop : Infinity;
  section.replaceChildren(...make());
  const after = section.querySelector(".scroll");
  if (after) after.scrollTop = Math.min(top, after.scrollHeight);
}

function showEpochs(v) {
  const rows = v.allEpochs, last = rows.at(-1);
  const several = v.settings.seeds > 1, held = rows.some((e) => isNumber(e.validation_accuracy)), energy = rows.some((e) => e.energy?.length);
  const columns = [
    ...(several ? [{ name: "seed", of: (e) => e.seed }] : []),
    { name: "epoch", of: (e) => e.epoch },
    { name: "loss", of: (e) => short(e.loss) },
    { name: "training accuracy", of: (e) => percent(e.train_accuracy) },
    ...(held ? [{ name: "validation accuracy", of: (e) => percent(e.validation_accuracy) }] : []),
    ...(energy ? [{ name: "energy, level 0", of: (e) => short(e.energy?.[0]) }, { name: "energy, output", of: (e) => short(e.energy?.at(-1)) }] : []),
    { name: "training time", of: (e) => seconds(e.seconds) },
    { name: "samples/s", of: (e) => grouped(e.samples_per_second) },
  ];
  fill(document.getElementById("epochs"), JSON.stringify([rows.length, last]), () => [
    element("h2", {}, "Epochs"),
    rows.length ? table(columns, rows) : element("p", { class: "caption" }, "None is over yet."),
  ]);
}

// showResults lists the seeds, or what a single run came to.
function showResults(v) {
  const section = document.getElementById("results");
  const rows = v.runs.length ? v.runs : v.end?.event === "done" ? [{ seed: v.seed, ...v.end }] : [];
  section.hidden = rows.length === 0;
  const columns = [
    { name: "seed", of: (r) => r.seed },
    { name: "test accuracy", of: (r) => percent(r.test_accuracy) },
    { name: "time", of: (r) => duration(r.seconds) },
    { name: "weights (sha256)", of: (r) => r.weights_sha256.slice(0, 16), kind: "hash" },
  ];
  fill(section, JSON.stringify(rows), () => [element("h2", {}, "Results"), table(columns, rows)]);
}

function showSettings(v) {
  const { machine: m, code } = v.start ?? {};
  const origin = m ? [`${m.os}/${m.arch}`, m.isa, code?.go, code?.version, code?.revision?.slice(0, 12)].filter(Boolean).join(" \u00b7 ") : "";
  fill(document.getElementById("settings"), JSON.stringify([v.settings, origin]), () => [
    element("h2", {}, "Settings"),
    element("dl", { class: "settings" }, ...Object.entries(v.settings).map(([name, value]) =>
      element("div", {}, element("dt", {}, name.replaceAll("_", "-")), element("dd", {}, settingText(value))))),
    element("p", { class: "caption" }, origin),
  ]);
}

const settingText = (value) => (value === true ? "yes" : value === false ? "no" : value === "" ? dash : String(value));
