// Building elements without markup strings, so that nothing a message carries is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An HTML element. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * Keeps the children of `list`, newest first, as `make` draws them. What is drawn already stays where it is, so that
 * nobody loses the focus and a screen reader tells only what is new. What it gives takes all of them, and says whether
 * something came.
 */
export function keep(list, make) {
  let shown = null;
  return (wanted) => {
    const now = wanted.map((one) => JSON.stringify(one));
    if (shown === null || now.length < shown.length) {
      list.replaceChildren();
      shown = [];
    }
    let came = false;
    now.forEach((text, index) => {
      if (text === shown[index]) return;
      came = true;
      const node = make(wanted[index]);
      if (index < shown.length) list.children[list.children.length - 1 - index].replaceWith(node);
      else list.prepend(node);
    });
    shown = now;
    return came;
  };
}

export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** A lane's roundel: its code in its colour. The name is said elsewhere. */
export function roundel(lane, small = false) {
  return el("span", { class: `roundel c${lane.colour}${small ? " small" : ""}`, "aria-hidden": "true", text: lane.code });
}

const LOCKS = {
  valid: ["M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4", "M9.5 16l2 2 3.5-4"],
  unsigned: ["M5 11h14v10H5zM8 11V7a4 4 0 0 1 7.5-2"],
  invalid: ["M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4", "M10 14l4 4M14 14l-4 4"],
};

/** The lock that shows a signature's verdict, or nothing where a standard signs nothing. */
export function lock(verdict) {
  if (!LOCKS[verdict]) return null;
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: `lock ${verdict}`, "aria-hidden": "true" },
    ...LOCKS[verdict].map((d) => svg("path", { d })),
  );
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const narrow = () => matchMedia("(max-width: 559px), (max-width: 760px) and (min-height: 521px)").matches;
