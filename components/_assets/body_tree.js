// A JSON value as a tree of native disclosures; children are made when they are first unfolded.
const OPEN_DEPTH = 2
const SMALL = 12

function leaf(node) {
  return html("span", { class: `value ${node.kind}` }, node.kind === "string" ? `"${node.text}"` : node.text)
}

function entry(name, node, depth, place, data) {
  const here = place?.length === 0
  const label = html("span", { class: "key" }, String(name))
  if (!node.entries) return html("div", { class: "entry", "data-here": here }, label, ": ", leaf(node))
  const size = node.kind === "array" ? `[${node.count}]` : `{${node.count}}`
  const fold = html("details", { "data-here": here }, html("summary", {}, label, html("span", { class: "count" }, ` ${size}`)))
  unfolding(fold, node, depth, place, data)
  return fold
}

function unfolding(fold, node, depth, place, data) {
  let made = false
  const fill = () => {
    if (made || !fold.open) return
    made = true
    fold.append(children(node, depth + 1, place, data))
  }
  fold.addEventListener("toggle", fill)
  fold.open = place?.length > 0 || (depth < OPEN_DEPTH && node.count <= SMALL ** (OPEN_DEPTH - depth))
  fill()
}

function children(node, depth, place, data) {
  const body = html("div", { class: "entries" })
  for (const [name, child] of node.entries) {
    const leads = place?.length > 0 && place[0] === name
    body.append(entry(name, child, depth, leads ? place.slice(1) : null, data))
  }
  const left = node.count - node.entries.length
  if (left > 0) body.append(html("div", { class: "more" }, data.text.more.replace("{count}", left)))
  return body
}

function draw(root, data) {
  const place = data.place.length ? data.place : null
  root.setAttribute("role", "group")
  root.setAttribute("aria-label", data.text.label)
  root.replaceChildren(data.tree.entries ? children(data.tree, 0, place, data) : leaf(data.tree))
  const here = root.querySelector("[data-here]")
  if (here) {
    here.tabIndex = -1
    requestAnimationFrame(() => here.scrollIntoView({ block: "center" }))
  }
  return () => {}
}

export default function ({ data, parentElement }) {
  return drawOnce(parentElement, data, {}, () => draw(parentElement.querySelector(".tree"), data))
}
