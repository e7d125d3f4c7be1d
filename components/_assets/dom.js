// Small helpers and the status symbols that our components share. Text goes in as text nodes only.
const SVG = "http://www.w3.org/2000/svg"

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value)
  }
  node.append(...children)
  return node
}

const html = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children)
const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children)

// Shapes differ as well as colours: a ticked circle, a triangle, an octagon; a bar where there is no grade.
const SYMBOLS = {
  0: { shape: "M8 1.2a6.8 6.8 0 1 1 0 13.6a6.8 6.8 0 1 1 0-13.6z", mark: "M4.9 8.3l2.2 2.2l4.1-4.6" },
  1: { shape: "M8 1.6L15.2 14.4H0.8z", mark: "M8 6v4M8 12v.3" },
  2: { shape: "M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z", mark: "M8 4.4v4.2M8 11v.3" },
  none: { shape: "M8 1.2a6.8 6.8 0 1 1 0 13.6a6.8 6.8 0 1 1 0-13.6z", mark: "M5 8h6" },
}

function symbol(level, attributes = {}) {
  const { shape, mark } = SYMBOLS[level ?? "none"]
  return svg(
    "svg",
    { viewBox: "0 0 16 16", class: `symbol level-${level ?? "none"}`, "aria-hidden": "true", ...attributes },
    svg("path", { d: shape, class: "shape" }),
    svg("path", { d: mark, class: "mark" }),
  )
}

// Keys work wherever the focus is, but never while something is typed or chosen. A switch keeps the focus once it was
// clicked, and takes no letters.
const LETTERLESS = ["checkbox", "radio", "button"]

function isTyping(event) {
  const target = event.composedPath()[0]
  if (target.tagName === "INPUT") return !LETTERLESS.includes(target.type)
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName)
}

// Whether what has the focus does something of its own on arrow keys.
const TAKES_ARROWS = "input[type=radio], input[type=range], [role=slider], [role=tab], [role=radio], [role=option], [role=grid], video"
const takesArrows = (event) => event.composedPath()[0].matches?.(TAKES_ARROWS) ?? false

// A component's script runs again on every change of data or theme; what it drew is kept when the data is the same.
const mounted = new WeakMap()

function drawOnce(parentElement, data, initialState, draw) {
  const before = mounted.get(parentElement)
  const text = JSON.stringify(data)
  if (before?.text === text) return before.cleanup
  before?.cleanup()
  const state = before?.state ?? initialState
  const stop = draw(state)
  const cleanup = () => {
    stop()
    mounted.delete(parentElement)
  }
  mounted.set(parentElement, { text, state, cleanup })
  return cleanup
}
