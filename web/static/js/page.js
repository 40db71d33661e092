// What the server told this page: texts in its language, the systems, the addresses. Nothing here is made up by the script.

export const page = JSON.parse(document.body.dataset.page ?? "{}");

/** The text for `key`, with `{name}` replaced by the values given. A missing key shows itself. */
export function t(key, values = {}) {
  const text = page.texts?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const COLOURS = 14;

function colourOf(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % COLOURS;
}

function titled(id) {
  const words = id.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function initials(name) {
  const words = name.split(" ").filter(Boolean);
  return (words.length > 1 ? words[0][0] + words[1][0] : name.slice(0, 2)).toUpperCase();
}

/** The name, code, colour, standard and small words of a lane; for a stranger what can be told from its id. */
export function lane(id) {
  const known = page.systems?.[id];
  if (known) return { id, ...known };
  const name = titled(id);
  return { id, name, code: initials(name), colour: colourOf(id), does: "", standard: "" };
}

/** What stands between a sender and a receiver: it points onward in the direction of reading. */
export const onward = document.documentElement.dir === "rtl" ? "←" : "→";

/** Numbers as this page's language writes them, with the digits that stand in the messages. */
export function number(value, digits = 0) {
  return new Intl.NumberFormat(document.documentElement.lang || "en", {
    numberingSystem: "latn",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** Machine time: seconds with two digits, milliseconds where that would read 0.00. */
export function machineTime(ms) {
  if (ms >= 10) return t("js-seconds", { n: number(ms / 1000, 2) });
  return t("js-milliseconds", { n: number(ms, ms >= 1 || ms === 0 ? 0 : 1) });
}

/** How long one answer took. */
export function duration(us) {
  return us >= 1000
    ? t("js-milliseconds", { n: number(us / 1000, us >= 10000 ? 0 : 1) })
    : t("js-microseconds", { n: number(us) });
}
