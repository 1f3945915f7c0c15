// A figure has a title, a legend, a plot and a caption. What it shows is drawn
// again when its width or the colours change.
class Figure {
  constructor(id, title) {
    this.section = document.getElementById(id);
    this.legend = element("p", { class: "legend" });
    this.plot = element("div", { class: "plot" });
    this.below = element("div");
    this.caption = element("p", { class: "caption" });
    const head = element("div", { class: "figure-head" }, element("h2", {}, title), this.legend);
    this.section.append(head, this.plot, this.below, this.caption);
    new ResizeObserver(() => this.resized()).observe(this.plot);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  resized() {
    if (this.width !== this.plot.clientWidth) this.draw();
  }

  // show takes what there is to see; without a model it says why there is
  // nothing. A model with the key of the last one is that model.
  show(model, why = "") {
    if (model?.key && model.key === this.model?.key) return;
    if (!model && !this.model && why === this.why) return;
    this.model = model;
    this.why = why;
    this.draw();
  }

  draw() {
    this.width = this.plot.clientWidth;
    if (this.width === 0) return;
    if (this.model) {
      this.drawModel(this.model);
      return;
    }
    this.legend.replaceChildren();
    const empty = element("p", { class: "empty" }, this.why);
    empty.style.height = `${this.height()}px`;
    this.plot.replaceChildren(empty);
    setText(this.caption, "");
  }

  // canvas makes the drawing, which follows the pointer if there is anything
  // to read off.
  newDrawing(height, label) {
    const svg = drawn("svg", { width: this.width, height, role: "img", "aria-label": label });
    svg.addEventListener("pointermove", (e) => this.point(e.offsetX, e.offsetY));
    svg.addEventListener("pointerdown", (e) => this.point(e.offsetX, e.offsetY));
    svg.addEventListener("pointerleave", () => this.point(null));
    return svg;
  }
}
