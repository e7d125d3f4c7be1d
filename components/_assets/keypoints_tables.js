// Tables of one person: joints, bones, posture grades, and the numbers of agreement.
function cell(name, role, ...children) {
  return html("div", { class: `cell ${name}`, role }, ...children)
}

// What a cell is about, where the row stacks and its heading is out of sight.
const about = (words) => html("span", { class: "about", "aria-hidden": "true" }, words)

function table(kind, label, columns, rows) {
  const head = html("div", { class: "row head", role: "row" }, ...columns.map(([name, title]) => cell(name, "columnheader", title)))
  const body = html("div", { role: "rowgroup" }, ...rows)
  return html("div", { class: `table ${kind}`, role: "table", "aria-label": label }, html("div", { role: "rowgroup" }, head), body)
}

// The left side's point is the zero; the right side's lies where it is off to. What is further off than the scale shows
// is an arrow at its end.
function dumbbell(offset, limit) {
  const root = svg("svg", { class: "dumbbell", "aria-hidden": "true" })
  const at = (value) => `${50 + (46 * value) / limit}%`
  root.append(svg("line", { x1: "4%", x2: "96%", y1: 12, y2: 12, class: "axis" }))
  if (offset === null) return root
  const held = Math.max(-limit, Math.min(limit, offset))
  root.append(svg("line", { x1: at(0), x2: at(held), y1: 12, y2: 12, class: "bar" }), svg("circle", { cx: at(0), cy: 12, r: 4, class: "end left" }))
  const shape = Math.abs(offset) > limit ? (offset > 0 ? "M-3-6L5 0L-3 6z" : "M3-6L-5 0L3 6z") : "M-3.8-3.8H3.8V3.8H-3.8z"
  root.append(svg("svg", { x: at(held), y: 12, overflow: "visible" }, svg("path", { d: shape, class: "end right" })))
  return root
}

function jointRow(joint, charts, text) {
  const verdict = html("span", { class: "grade" }, verdictSymbol(joint.verdict), html("span", {}, joint.verdict_text))
  const row = html("div", { class: "row", role: "row", tabindex: "-1", "data-joint": joint.name, "data-verdict": joint.verdict })
  const last = cell("verdict", "cell", verdict)
  if (joint.outlier) last.append(html("span", { class: "muted outlier" }, joint.outlier))
  row.append(
    cell("name", "rowheader", joint.title),
    cell("across", "cell", about(text["column.across"]), dumbbell(joint.dx, charts.offset_limit)),
    cell("down", "cell", about(text["column.down"]), dumbbell(joint.dy, charts.offset_limit)),
    cell("distance", "cell", joint.distance_text),
    last,
  )
  return row
}

function jointTable(charts, text) {
  const columns = ["joint", "across", "down", "distance", "verdict"].map((name) => [name === "joint" ? "name" : name, text[`column.${name}`]])
  const rows = charts.joints.map((joint) => jointRow(joint, charts, text))
  return panel(text["joints.title"], charts.joints_note, table("joints", text["joints.title"], columns, rows))
}

function boneRow(bone) {
  const row = html("div", { class: "row", role: "row", "data-joint": bone.joints.join(" ") })
  const bar = svg("svg", { class: "dumbbell", "aria-hidden": "true" }, svg("line", { x1: "50%", x2: "50%", y1: 2, y2: 22, class: "axis" }))
  if (bone.percent !== null) {
    const width = (46 * Math.min(Math.abs(bone.percent), bone.limit)) / bone.limit
    bar.append(svg("rect", { x: `${bone.percent < 0 ? 50 - width : 50}%`, width: `${width}%`, y: 7, height: 10, rx: 2, class: "ratio" }))
  }
  row.append(cell("name", "rowheader", bone.title), cell("chart", "cell", bar), cell("ratio", "cell", bone.text))
  return row
}

function boneTable(charts, text) {
  const columns = [["name", text["column.bone"]], ["chart", text["column.chart"]], ["ratio", text["column.ratio"]]]
  return panel(text["bones.title"], text["bones.note"], table("bones", text["bones.title"], columns, charts.bones.map(boneRow)))
}

function metricRow(metric, text) {
  const row = html("div", { class: `row${metric.flips ? " flips" : ""}`, role: "row", "data-joint": metric.joints.join(" "), "data-metric": metric.key })
  row.append(cell("name", "rowheader", metric.title))
  metric.cells.forEach((entry, i) => {
    const side = i ? "right" : "left"
    const grade = html("span", { class: "grade" }, symbol(entry.level), html("span", {}, entry.grade))
    row.append(cell(side, "cell", about(text[side]), html("span", { class: "number" }, entry.value), grade))
  })
  const change = html("span", { class: "change-word" }, metric.change)
  row.append(cell("change", "cell", change), cell("cause", "cell", metric.cause))
  return row
}

function metricTable(charts, text) {
  if (!charts.metrics.length) return panel(text["metrics.title"], text["metrics.none"])
  const columns = [["name", text["column.metric"]], ["left", text.left], ["right", text.right], ["change", text["column.change"]], ["cause", text["column.cause"]]]
  const rows = charts.metrics.map((metric) => metricRow(metric, text))
  return panel(text["metrics.title"], charts.metrics_note, table("metrics", text["metrics.title"], columns, rows))
}

function numberPanel(charts, text) {
  const list = html("dl", { class: "numbers" })
  for (const { title, value, note } of charts.numbers) {
    list.append(html("div", {}, html("dt", {}, title), html("dd", {}, html("span", { class: "number" }, value), html("span", { class: "muted" }, note))))
  }
  return panel(text["numbers.title"], text["numbers.note"], list)
}
