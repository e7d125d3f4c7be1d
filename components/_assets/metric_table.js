// The table of metrics: one row each, its bands as a bullet chart, what it means on demand.
function cell(name, role, ...children) {
  return html("div", { class: `cell ${name}`, role }, ...children)
}

function grade(row) {
  if (row.level === null) return html("span", { class: "muted" }, row.grade)
  return html("span", { class: "grade" }, symbol(row.level), html("span", {}, row.grade))
}

function borderline(text) {
  const half = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" })
  half.append(svg("circle", { cx: 8, cy: 8, r: 6.2, class: "ring" }), svg("path", { d: "M8 1.8a6.2 6.2 0 0 1 0 12.4z" }))
  return html("span", { class: "tag", title: text.borderline_help }, half, text.borderline)
}

function whisker({ from, to, cut_low, cut_high }) {
  const node = svg("g", { class: "whisker" }, svg("line", { x1: `${from}%`, x2: `${to}%`, y1: 16, y2: 16 }))
  if (!cut_low) node.append(svg("line", { x1: `${from}%`, x2: `${from}%`, y1: 11, y2: 21 }))
  if (!cut_high) node.append(svg("line", { x1: `${to}%`, x2: `${to}%`, y1: 11, y2: 21 }))
  return node
}

function chart(row) {
  const root = svg("svg", { class: "chart", role: "img", "aria-label": row.chart.label })
  for (const zone of row.chart.zones) {
    const place = { x: `${zone.from}%`, width: `${zone.to - zone.from}%`, y: 9, height: 14 }
    root.append(svg("rect", { ...place, class: `zone level-${zone.level}` }))
  }
  for (const tick of row.chart.ticks) {
    root.append(
      svg("line", { x1: `${tick.at}%`, x2: `${tick.at}%`, y1: 7, y2: 26, class: "tick" }),
      svg("text", { x: `${tick.at}%`, y: 39, class: "edge" }, tick.label),
    )
  }
  // A nested svg places the marker by percent while its own shape stays in pixels.
  const { at, beyond } = row.chart
  const shape = { low: "M7 3v26L-2 16z", high: "M-7 3v26L2 16z" }[beyond]
  const marker = shape
    ? svg("path", { d: shape, class: "marker" })
    : svg("circle", { cy: 16, r: 5.5, class: "marker" })
  root.append(whisker(row.chart.whisker))
  root.append(svg("svg", { x: `${at}%`, y: 0, overflow: "visible" }, marker))
  return root
}

// The probability of each grade: one bar, and the same in words.
function odds({ title, parts }) {
  const bar = html("div", { class: "odds", "aria-hidden": "true" })
  const list = html("ul", { class: "odds-list" })
  for (const part of parts) {
    const piece = html("span", { class: `level-${part.level}` })
    piece.style.flexGrow = part.share
    bar.append(piece)
    list.append(html("li", {}, symbol(part.level), part.label))
  }
  return html("div", {}, html("dt", {}, title), html("dd", {}, bar, list))
}

function about(row, text, state) {
  const id = `about-${row.key}`
  const panel = html("div", { class: "row panel", role: "row", id })
  const list = html("dl")
  if (row.odds) list.append(odds(row.odds))
  if (row.interval) list.append(html("div", {}, html("dt", {}, text.interval), html("dd", {}, row.interval)))
  for (const [term, words] of row.about) list.append(html("div", {}, html("dt", {}, term), html("dd", {}, words)))
  panel.append(html("div", { class: "cell", role: "cell", "aria-colspan": 5 }, list))
  const button = html(
    "button",
    { type: "button", class: "more", "aria-controls": id, "aria-label": row.about_label },
    html("span", {}, text.more),
    svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: "M3.5 6l4.5 4.5L12.5 6" })),
  )
  const apply = () => {
    button.setAttribute("aria-expanded", String(state.open.has(row.key)))
    panel.hidden = !state.open.has(row.key)
  }
  button.onclick = () => {
    if (!state.open.delete(row.key)) state.open.add(row.key)
    apply()
  }
  apply()
  return { button, panel }
}

function drawRow(row, text, state) {
  const { button, panel } = about(row, text, state)
  const name = cell("name", "rowheader", row.name)
  const value = cell("value", "cell")
  const verdict = cell("verdict", "cell", grade(row))
  const bands = cell("bands", "cell")
  const note = (place, words) => words && place.append(html("span", { class: "muted" }, words))
  if (row.value === null) {
    value.append("–")
    note(bands, row.missing)
  } else {
    value.append(html("span", { class: "number" }, row.value), " ", html("span", { class: "half" }, row.half))
    note(value, row.raw)
    if (row.corrected) name.append(html("span", { class: "corrected" }, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: "M8 1.5L14.5 8L8 14.5L1.5 8z" })), row.corrected))
    if (row.borderline) verdict.append(borderline(text))
    note(verdict, row.direction)
    note(verdict, row.answered)
    row.chart ? bands.append(chart(row)) : note(bands, `${text.interval}: ${row.interval}`)
  }
  const line = html("div", { class: "row metric", role: "row", "data-metric": row.key })
  line.append(name, value, verdict, bands, cell("about", "cell", button))
  return [line, panel]
}

function head(text) {
  const names = [["name", "metric"], ["value", "value"], ["verdict", "grade"], ["bands", "bands"], ["about", "more"]]
  const row = html("div", { class: "row head", role: "row" })
  row.append(...names.map(([place, name]) => cell(place, "columnheader", text[name])))
  return html("div", { role: "rowgroup" }, row)
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".metrics")
  return drawOnce(parentElement, data, { open: new Set() }, (state) => {
    const table = html("div", { class: "table", role: "table", "aria-label": data.text.title })
    table.append(head(data.text))
    for (const group of data.groups) {
      const body = html("div", { role: "rowgroup", class: "group" })
      const title = html("div", { class: "row title", role: "row" }, html("div", { class: "cell", role: "columnheader", "aria-colspan": 5 }, group.title))
      body.append(title, ...group.rows.flatMap((row) => drawRow(row, data.text, state)))
      table.append(body)
    }
    const legend = html("p", { class: "legend" }, html("span", {}, data.text.legend))
    for (const entry of data.levels) {
      legend.append(html("span", { class: "key" }, html("span", { class: `chip level-${entry.level}` }), symbol(entry.level), entry.label))
    }
    const sample = svg("svg", { viewBox: "0 0 34 22", class: "sample", "aria-hidden": "true" }, whisker({ from: 10, to: 90 }), svg("circle", { cx: 17, cy: 16, r: 5, class: "marker" }))
    legend.append(html("span", { class: "key" }, sample, data.text.interval))
    root.replaceChildren(table, legend, html("p", { class: "legend" }, borderline(data.text), data.text.borderline_help))
    return () => {}
  })
}
