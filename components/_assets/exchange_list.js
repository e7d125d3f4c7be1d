// The list of exchanges: a listbox that arrow keys move through. It is filled anew with every change, but stays itself,
// so that focus and scroll position outlive what happens around them.
const TICK_MS = 100
const PAGE_ROWS = 8
const lists = new WeakMap()

const tookText = (ms) => (ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)
const outcomeLevel = { answered: 0, failed: 2, running: null }

function cell(name, label, ...children) {
  return html("span", { class: `cell ${name}`, title: label }, ...children)
}

function rowNode(row, data, since) {
  const { columns, text } = data
  const running = row.running_ms !== null
  const mark = running ? html("span", { class: "spinner", "aria-hidden": "true" }) : symbol(outcomeLevel[row.outcome_kind])
  const took = cell("took", columns.ms, running ? "" : tookText(row.took_ms))
  const findings = row.findings === null ? "" : String(row.findings)
  const coin = row.costs ? [html("span", { class: "coin", title: text.costs, role: "img", "aria-label": text.costs }, "¤")] : []
  const call = cell("call", `${row.method} ${row.path}`, html("b", {}, row.method), ` ${row.path}`, ...coin)
  const node = html(
    "div",
    { class: "row", role: "option", id: `exchange-${row.id}` },
    html("span", { class: "cell mark" }, mark),
    cell("time", columns.time, row.time),
    cell("who", columns.vendor, `${row.vendor} · ${row.source}`),
    call,
    cell("outcome", columns.outcome, row.outcome),
    took,
    cell("sent", columns.sent, "↑ ", row.sent),
    cell("received", columns.received, row.received === null ? "" : `↓ ${row.received}`),
    cell(`findings${row.findings ? " some" : ""}`, columns.findings, findings && html("span", { class: "word" }, `${columns.findings} `), findings),
  )
  const begun = since - (row.running_ms ?? 0)
  const tick = running ? () => (took.textContent = tookText(performance.now() - begun)) : null
  tick?.()
  return { node, tick }
}

function makeList(root, choose) {
  const box = html("div", { class: "list", role: "listbox", tabindex: 0 })
  const head = html("div", { class: "row head", "aria-hidden": "true" })
  const hint = html("p", { class: "hint" })
  root.replaceChildren(head, box, hint)
  let ids = []
  let ticks = []
  let active = null
  let selected = null

  function mark() {
    for (const node of box.children) {
      const id = node.id.slice("exchange-".length)
      node.setAttribute("aria-selected", String(id === selected))
      node.classList.toggle("active", id === active)
    }
    if (active) box.setAttribute("aria-activedescendant", `exchange-${active}`)
  }
  function move(to) {
    if (!ids.length) return
    active = ids[Math.max(0, Math.min(ids.length - 1, to))]
    mark()
    box.querySelector(".active")?.scrollIntoView({ block: "nearest" })
  }
  function open(id) {
    active = selected = id
    mark()
    choose(id)
  }
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_ROWS, PageUp: -PAGE_ROWS, Home: -Infinity, End: Infinity }
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key in steps) move(Math.max(ids.indexOf(active), 0) + steps[event.key])
    else if ((event.key === "Enter" || event.key === " ") && active) open(active)
    else return
    event.preventDefault()
  })
  box.addEventListener("click", (event) => {
    const row = event.target.closest(".row")
    if (row) open(row.id.slice("exchange-".length))
  })
  const timer = setInterval(() => ticks.forEach((tick) => tick()), TICK_MS)
  return {
    show(data) {
      const now = performance.now()
      const made = data.rows.map((row) => rowNode(row, data, now))
      ids = data.rows.map((row) => row.id)
      ticks = made.map(({ tick }) => tick).filter(Boolean)
      // Whoever has chosen another row is not thrown back by an answer that was on its way.
      if (data.selected !== selected || !ids.includes(active)) active = data.selected
      selected = data.selected
      const { columns, text } = data
      const names = ["mark", "time", "who", "call", "outcome", "took", "sent", "received", "findings"]
      const titles = ["", columns.time, columns.vendor, columns.call, columns.outcome, columns.ms, columns.sent, columns.received, columns.findings]
      head.replaceChildren(...names.map((name, place) => html("span", { class: `cell ${name}` }, titles[place])))
      box.setAttribute("aria-label", text.alt)
      hint.textContent = text.hint
      const place = box.scrollTop
      box.replaceChildren(...made.map(({ node }) => node))
      box.scrollTop = place
      mark()
    },
    stop: () => clearInterval(timer),
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".exchanges")
  let list = lists.get(root)
  if (!list) {
    list = makeList(root, (id) => list.choose(id))
    lists.set(root, list)
  }
  list.choose = (id) => setTriggerValue("chosen", id)
  const text = JSON.stringify(data)
  if (list.text !== text) list.show(data)
  list.text = text
  return () => {
    if (root.isConnected) return
    list.stop()
    lists.delete(root)
  }
}
