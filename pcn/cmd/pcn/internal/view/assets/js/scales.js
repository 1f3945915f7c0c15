// A scale maps values to places: from lo to hi, along a line from start to end.
// Its ticks are pairs of a value and its label.

// niceStep is a step of 1, 2 or 5 times a power of ten that fits about count
// times into a span.
function niceStep(span, count) {
  const unit = 10 ** Math.floor(Math.log10(span / count));
  return unit * [1, 2, 5, 10].find((m) => m * unit * count >= span * 0.999);
}

function linearScale(lo, hi, start, end, { count = 5, label = plain, whole = false } = {}) {
  if (!(hi > lo)) [lo, hi] = [lo - 0.5, lo + 0.5];
  const step = whole ? Math.max(1, niceStep(hi - lo, count)) : niceStep(hi - lo, count);
  const ticks = [];
  for (let i = Math.ceil(lo / step - 1e-9); i * step <= hi + step * 1e-9; i++) {
    const v = Number((i * step).toPrecision(12));
    ticks.push([v, label(v)]);
  }
  return {
    lo, hi, ticks,
    at: (v) => start + ((v - lo) / (hi - lo)) * (end - start),
    value: (place) => lo + ((place - start) / (end - start)) * (hi - lo),
  };
}

// roundOut widens a range to whole steps.
function roundOut(lo, hi, count) {
  if (!(hi > lo)) return [lo, hi];
  const step = niceStep(hi - lo, count);
  return [Math.floor(lo / step + 1e-9) * step, Math.ceil(hi / step - 1e-9) * step];
}

// A logarithmic scale over less than two decades also has ticks at 2 and 5.
function logScale(lo, hi, start, end) {
  const first = Math.floor(Math.log10(lo) + 1e-9), last = Math.ceil(Math.log10(hi) - 1e-9);
  const inner = linearScale(Math.log10(lo), Math.log10(hi), start, end);
  const every = Math.max(1, Math.ceil((last - first) / 6));
  const ticks = [];
  for (let e = first; e <= last; e++) {
    if ((e - first) % every === 0) ticks.push([10 ** e, times(1, e)]);
    if (last - first <= 2) for (const m of [2, 5]) ticks.push([m * 10 ** e, times(m, e)]);
  }
  return {
    lo, hi,
    ticks: ticks.filter(([v]) => v >= lo * 0.999 && v <= hi * 1.001),
    at: (v) => inner.at(Math.log10(v)),
    value: (place) => 10 ** inner.value(place),
  };
}

// viridis: colours of growing lightness, evenly spread for the eye; also in
// grey, and for people who see few colours, more is lighter.
const viridis = [
  [0x44, 0x01, 0x54], [0x47, 0x2d, 0x7b], [0x3b, 0x52, 0x8b], [0x2c, 0x72, 0x8e], [0x21, 0x91, 0x8c],
  [0x28, 0xae, 0x80], [0x5e, 0xc9, 0x62], [0xad, 0xdc, 0x30], [0xfd, 0xe7, 0x25],
];

// shade is the colour at a share from 0 to 1.
function shade(share) {
  const place = Math.min(Math.max(share, 0), 1) * (viridis.length - 1);
  const i = Math.min(Math.floor(place), viridis.length - 2);
  const mix = viridis[i].map((c, k) => Math.round(c + (place - i) * (viridis[i + 1][k] - c)));
  return `rgb(${mix.join(" ")})`;
}
