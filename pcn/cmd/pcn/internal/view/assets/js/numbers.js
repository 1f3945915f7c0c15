// Numbers as people read them. What is not there is a dash.
const dash = "\u2013";
const isNumber = (v) => typeof v === "number" && Number.isFinite(v);

const grouped = (v) => (isNumber(v) ? Math.round(v).toLocaleString("en-US") : dash);

const percent = (v) => (isNumber(v) ? `${(100 * v).toFixed(2)}\u202f%` : dash);

// short is a number of three significant digits.
function short(v) {
  if (!isNumber(v)) return dash;
  if (v === 0) return "0";
  const e = Math.floor(Math.log10(Math.abs(v)));
  if (e >= -3 && e < 5) return v.toPrecision(3).includes("e") ? grouped(v) : v.toPrecision(3);
  const [digits, power] = v.toExponential(1).split("e");
  return `${digits}\u202f\u00d7\u202f10${raised(Number(power))}`;
}

// plain is a round number, as at a tick.
const plain = (v) => (v === 0 || (Math.abs(v) >= 1e-3 && Math.abs(v) < 1e7) ? v.toLocaleString("en-US", { maximumSignificantDigits: 6 }) : short(v));

// raised is an exponent.
const raised = (e) => [...String(e)].map((c) => (c === "-" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[c])).join("");

// times is a small whole number times a power of ten, as at a tick.
function times(m, e) {
  if (e >= -2 && e <= 4) return Number(`${m}e${e}`).toLocaleString("en-US");
  return m === 1 ? `10${raised(e)}` : `${m}\u202f\u00d7\u202f10${raised(e)}`;
}

// seconds is a time in which nobody waits for long.
const seconds = (v) => (!isNumber(v) ? dash : v < 1 ? `${Math.round(1000 * v)}\u202fms` : `${v.toFixed(1)}\u202fs`);

// duration is minutes and seconds, with hours and days where there are any.
function duration(time) {
  if (!isNumber(time)) return dash;
  const s = Math.round(time);
  const two = (v) => String(v).padStart(2, "0");
  const days = Math.floor(s / 86400), hours = Math.floor(s / 3600) % 24, minutes = Math.floor(s / 60) % 60;
  if (days > 0) return `${days}\u202fd ${hours}:${two(minutes)}:${two(s % 60)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}
