// A Chart draws lines over epochs. Its model:
//
//   label            what it shows, for those who do not see it
//   most             epochs along the horizontal axis
//   unit             of the vertical axis
//   log              whether that is logarithmic
//   range            [lo, hi] of it
//   format           how a value is written
//   series           lists of { name, kind, points: [[epoch, value]...], dots, faint, silent }
//
// A kind is a class of the style sheet; silent lines have no entry in the
// legend.
class Chart extends Figure {
  height() { return this.section.classList.contains("wide") ? 180 : 250; }

  point(x) {
    const inside = this.axis && x !== null && x >= this.axis.start - 8 && x <= this.axis.end + 8;
    this.cursor = inside ? Math.min(Math.max(this.axis.x.value(x), 0), this.model.most) : null;
    this.draw();
  }

  drawModel(model) {
    const height = this.height(), top = 24, bottom = height - 34;
    const y = (model.log ? logScale : linearScale)(...model.range, bottom, top);
    const start = 12 + 7 * Math.max(...y.ticks.map(([, label]) => label.length)), end = this.width - 10;
    const x = linearScale(0, model.most, start, end, { count: Math.max(3, Math.floor(this.width / 90)), whole: model.most >= 3 });
    this.axis = { x, start, end };

    const svg = this.newDrawing(height, model.label);
    svg.append(drawn("text", { x: 0, y: 11 }, model.unit));
    for (const [v, label] of y.ticks) {
      svg.append(drawn("line", { class: "grid", x1: start, x2: end, y1: y.at(v), y2: y.at(v) }));
      svg.append(drawn("text", { x: start - 8, y: y.at(v) + 4, "text-anchor": "end" }, label));
    }
    svg.append(drawn("line", { class: "axis", x1: start, x2: end, y1: bottom, y2: bottom }));
    for (const [v, label] of x.ticks) {
      svg.append(drawn("line", { class: "axis", x1: x.at(v), x2: x.at(v), y1: bottom, y2: bottom + 4 }));
      svg.append(drawn("text", { x: x.at(v), y: bottom + 18, "text-anchor": "middle" }, label));
    }
    svg.append(drawn("text", { x: end, y: height - 3, "text-anchor": "end" }, "epochs"));

    const clip = `clip-${this.section.id}`;
    svg.append(drawn("clipPath", { id: clip }), drawn("g", { "clip-path": `url(#${clip})` }));
    svg.querySelector("clipPath").append(drawn("rect", { x: start - 6, width: end - start + 12, y: top - 6, height: bottom - top + 8 }));
    const group = svg.querySelector("g");
    for (const s of model.series) this.drawSeries(group, s, x, y);
    if (isNumber(this.cursor)) {
      group.append(drawn("line", { class: "cursor", x1: x.at(this.cursor), x2: x.at(this.cursor), y1: top, y2: bottom }));
    }
    this.plot.replaceChildren(svg);
    this.drawLegend(model);
    setText(this.caption, model.caption ?? "");
  }

  drawSeries(group, { kind, points, dots, faint }, x, y) {
    const places = points.map(([e, v]) => `${x.at(e).toFixed(1)} ${y.at(v).toFixed(1)}`);
    if (places.length > 1) {
      group.append(drawn("path", { class: `line ${kind}${faint ? " faint" : ""}`, d: `M${places.join("L")}` }));
    }
    // Many dots are a line by themselves.
    if (!dots || points.length > (x.at(x.hi) - x.at(x.lo)) / 20) return;
    for (const [e, v] of points) {
      group.append(drawn("circle", { class: `dot ${kind}`, cx: x.at(e), cy: y.at(v), r: kind === "other" ? 2 : 4 }));
    }
  }

  // drawLegend names the lines, with their values under the cursor, or else
  // the last ones.
  drawLegend(model) {
    const entries = model.series.filter((s) => s.name && s.points.length > 0).map((s) => {
      const [, v] = isNumber(this.cursor) ? nearest(s.points, this.cursor) : s.points.at(-1);
      return element("span", {}, element("span", { class: `swatch ${s.kind}` }), `${s.name} `, element("b", {}, model.format(v)));
    });
    if (isNumber(this.cursor)) entries.unshift(element("span", {}, `epoch ${this.cursor.toFixed(1)}`));
    this.legend.replaceChildren(...entries);
  }
}

// nearest is the point that lies next to an epoch.
const nearest = (points, epoch) => points.reduce((best, p) => (Math.abs(p[0] - epoch) <= Math.abs(best[0] - epoch) ? p : best));
