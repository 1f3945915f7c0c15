// A HeatMap draws a table of energies: levels upwards, columns to the right,
// colours on a logarithmic scale. Its model:
//
//   label      what it shows, for those who do not see it
//   columns    lists of { name, values: one for each level, from 0 on }
//   across     what columns are
//   caption    how to read it
class HeatMap extends Figure {
  constructor(id, title) {
    super(id, title);
    this.plot.addEventListener("keydown", (e) => this.key(e));
  }

  levels() { return this.model ? this.model.columns[0].values.length : 0; }

  height() {
    if (this.section.classList.contains("wide")) return 90; // and nothing to see
    return Math.min(Math.max(this.levels() * 20, 180), 360) + 58;
  }

  drawModel(model) {
    const height = this.height(), top = 24, bottom = height - 34;
    const levels = this.levels(), columns = model.columns.length;
    const start = 34, end = Math.max(this.width - 76, start + 1);
    const left = (c) => start + ((end - start) * c) / columns, floor = (l) => bottom - ((bottom - top) * l) / levels;
    const scale = energyScale(model.columns, bottom, top);
    this.place = { left, floor, start, end, top, bottom, levels, columns };

    const ratio = devicePixelRatio || 1;
    const canvas = element("canvas", { width: Math.round(this.width * ratio), height: Math.round(height * ratio) });
    canvas.style.width = `${this.width}px`;
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext("2d");
    // Edges lie between pixels, so that nothing shines through.
    const fill = (style, x0, y0, x1, y1) => {
      const [a, b, c, d] = [x0, y0, x1, y1].map((v) => Math.round(v * ratio));
      pen.fillStyle = style;
      pen.fillRect(a, b, c - a, d - b);
    };
    model.columns.forEach(({ values }, c) => values.forEach((v, l) => fill(scale.color(v), left(c), floor(l + 1), left(c + 1), floor(l))));
    const bar = end + 18, shades = 64;
    for (let i = 0; i < shades && scale.ticks.length > 0; i++) {
      const y = (k) => bottom - ((bottom - top) * k) / shades;
      fill(shade((i + 0.5) / shades), bar, y(i + 1), bar + 10, y(i));
    }

    const svg = this.newDrawing(height, model.label);
    svg.setAttribute("tabindex", "0");
    svg.append(drawn("text", { x: 0, y: 11 }, "level"), drawn("text", { x: this.width, y: 11, "text-anchor": "end" }, "energy per sample"));
    const rows = linearScale(0, levels - 1, 0, 1, { count: (bottom - top) / 24, whole: true }).ticks;
    for (const [l] of rows) svg.append(drawn("text", { x: start - 8, y: floor(l + 0.5) + 4, "text-anchor": "end" }, l));
    const names = model.columns.map((c) => c.name);
    for (const [name] of linearScale(names[0], names.at(-1), 0, 1, { count: (end - start) / 42, whole: true }).ticks) {
      const c = names.indexOf(name);
      if (c >= 0) svg.append(drawn("text", { x: (left(c) + left(c + 1)) / 2, y: bottom + 18, "text-anchor": "middle" }, grouped(name)));
    }
    svg.append(drawn("text", { x: end, y: height - 3, "text-anchor": "end" }, model.across));
    for (const [v, label] of scale.ticks) {
      svg.append(drawn("line", { class: "axis", x1: bar + 10, x2: bar + 14, y1: scale.at(v), y2: scale.at(v) }));
      svg.append(drawn("text", { x: bar + 18, y: scale.at(v) + 4 }, label));
    }
    this.mark = drawn("g");
    svg.append(this.mark);
    const focused = this.plot.contains(document.activeElement);
    this.plot.replaceChildren(canvas, svg);
    if (focused) svg.focus();
    setText(this.caption, model.caption);
    this.markCell();
  }

  point(x, y) {
    const { start, end, top, bottom, levels, columns } = this.place;
    const inside = x !== null && x >= start && x < end && y > top && y <= bottom;
    this.cell = inside ? [Math.floor(((x - start) / (end - start)) * columns), Math.floor(((bottom - y) / (bottom - top)) * levels)] : null;
    this.markCell();
  }

  key(event) {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!move || !this.model) return;
    event.preventDefault();
    const [c, l] = this.cell ?? [0, this.place.levels - 1];
    this.cell = this.cell ? [c + move[0], l + move[1]] : [c, l];
    this.markCell();
  }

  // markCell frames the cell that is pointed at and writes its value.
  markCell() {
    this.mark.replaceChildren();
    this.legend.replaceChildren();
    if (!this.cell) return;
    const { left, floor, levels, columns } = this.place;
    const c = Math.min(Math.max(this.cell[0], 0), columns - 1), l = Math.min(Math.max(this.cell[1], 0), levels - 1);
    this.cell = [c, l];
    const { name, values } = this.model.columns[c];
    const frame = { x: left(c), y: floor(l + 1), width: left(c + 1) - left(c), height: floor(l) - floor(l + 1) };
    this.mark.append(drawn("rect", { class: "cell", ...frame }), drawn("rect", { class: "cell-edge", ...frame }));
    this.legend.append(`${this.model.column} ${name}, level ${l} `, element("b", {}, short(values[l])));
  }
}

// energyScale fits the values above zero of all columns, over at most twelve
// powers of ten. Zero has the colour of nothing, and what is not a number that
// of trouble.
function energyScale(columns, start, end) {
  let lo = Infinity, hi = 0;
  for (const { values } of columns) {
    for (const v of values) {
      if (v > 0) [lo, hi] = [Math.min(lo, v), Math.max(hi, v)];
    }
  }
  const zero = color("--zero"), bad = color("--bad");
  if (hi === 0) return { ticks: [], color: (v) => (v === 0 ? zero : bad) };
  lo = 10 ** Math.floor(Math.log10(Math.max(lo, hi / 1e12)));
  hi = 10 ** Math.ceil(Math.log10(hi));
  if (lo === hi) hi *= 10;
  const scale = logScale(lo, hi, start, end);
  const share = (v) => Math.log(v / lo) / Math.log(hi / lo);
  return { ...scale, color: (v) => (v > 0 ? shade(share(v)) : v === 0 ? zero : bad) };
}
