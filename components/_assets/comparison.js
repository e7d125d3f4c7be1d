// Two results of one person: their skeletons over each other, and the changes from most improved to most worsened.
const MARKS = {
  improved: "M8 13V3.2M3.8 7.4L8 3l4.2 4.4",
  worsened: "M8 3v9.8M3.8 8.6L8 13l4.2-4.4",
  unchanged: "M3.5 6h9M3.5 10h9",
  shifted: "M2.8 8h10.4M5.6 5L2.6 8l3 3M10.4 5l3 3l-3 3",
  unknown: "M5 8h6",
}

const track = (points) => points.map((point) => point.join(",")).join(" ")

function skeleton(bones, name) {
  return svg(
    "g",
    { class: name },
    ...bones.map((points) => svg("polyline", { points: track(points), class: "halo" })),
    ...bones.map((points) => svg("polyline", { points: track(points), class: "bone" })),
  )
}

function overlay(entry, text) {
  const figure = html("figure", {}, html("figcaption", {}, entry.title))
  if (entry.missing) {
    figure.append(html("p", { class: "muted" }, entry.missing))
    return figure
  }
  const [x, y, width, height] = entry.frame
  const root = svg("svg", { viewBox: entry.frame.join(" "), class: "stage", role: "img", "aria-label": entry.title })
  root.append(svg("rect", { x, y, width, height, class: "ground" }))
  if (entry.photo) {
    root.append(svg("image", { href: entry.photo.uri, width: entry.photo.width, height: entry.photo.height, class: "photo" }))
  }
  root.append(skeleton(entry.before, "before"), skeleton(entry.after, "after"))
  figure.append(root)
  if (entry.note) figure.append(html("p", { class: "muted" }, entry.note))
  return figure
}

function swatch(name, label) {
  const line = svg("svg", { viewBox: "0 0 34 12", class: `swatch ${name}`, "aria-hidden": "true" })
  line.append(svg("rect", { width: 34, height: 12, rx: 3, class: "ground" }), svg("line", { x1: 4, x2: 30, y1: 6, y2: 6, class: "bone" }))
  return html("span", { class: "key" }, line, label)
}

function overlays(data) {
  const row = html("div", { class: "overlays" }, ...data.overlays.map((entry) => overlay(entry, data.text)))
  const legend = html("p", { class: "legend" }, swatch("before", data.text.before), swatch("after", data.text.after))
  legend.append(html("span", { class: "muted" }, data.overlay_note))
  return [row, legend]
}

function cell(name, role, ...children) {
  return html("div", { class: `cell ${name}`, role }, ...children)
}

function measured(name, title, entry) {
  const grade = html("span", { class: "grade" }, symbol(entry.level), html("span", {}, entry.grade))
  return cell(name, "cell", html("span", { class: "title", "aria-hidden": "true" }, title), html("span", { class: "number" }, entry.value), grade)
}

function bar(row, limit) {
  const at = (value) => `${(50 * (value + limit)) / limit}%`
  const root = svg("svg", { class: "chart", role: "img", "aria-label": row.label })
  const [low, high] = [Math.max(row.bar - 1, -limit), Math.min(row.bar + 1, limit)]
  root.append(
    svg("line", { x1: at(-1), x2: at(-1), y1: 2, y2: 26, class: "bound" }),
    svg("line", { x1: at(1), x2: at(1), y1: 2, y2: 26, class: "bound" }),
    svg("line", { x1: "50%", x2: "50%", y1: 0, y2: 28, class: "zero" }),
    svg("line", { x1: at(low), x2: at(high), y1: 14, y2: 14, class: `whisker ${row.verdict}` }),
    svg("circle", { cx: at(row.bar), cy: 14, r: 5, class: `dot ${row.verdict}` }),
  )
  return root
}

function verdict(row) {
  const mark = svg("svg", { viewBox: "0 0 16 16", class: `arrow ${row.verdict}`, "aria-hidden": "true" }, svg("path", { d: MARKS[row.verdict] }))
  return html("span", { class: "grade" }, mark, html("span", {}, row.verdict_text))
}

function drawRow(row, data) {
  const { text } = data
  const line = html("div", { class: `row metric${row.grade_changed ? " regraded" : ""}`, role: "row", "data-metric": row.key })
  const change = cell("change", "cell", html("span", { class: "title", "aria-hidden": "true" }, text.change))
  change.append(html("span", { class: "number" }, row.change ?? "–"))
  if (row.margin) change.append(html("span", { class: "muted" }, row.margin))
  line.append(
    cell("name", "rowheader", row.name),
    measured("before", text.before, row.before),
    measured("after", text.after, row.after),
    change,
    cell("verdict", "cell", verdict(row)),
    row.change ? cell("bar", "cell", bar(row, data.limit)) : cell("bar", "cell"),
  )
  return line
}

function table(data) {
  const { text } = data
  const root = html("div", { class: "table", role: "table", "aria-label": text.table })
  const head = html("div", { class: "row head", role: "row" })
  for (const name of ["metric", "before", "after", "change", "verdict"]) {
    head.append(cell(name === "metric" ? "name" : name, "columnheader", text[name]))
  }
  const ends = html("span", { class: "ends", "aria-hidden": "true" }, html("span", {}, `← ${text.nearer}`), html("span", {}, `${text.further} →`))
  head.append(cell("bar", "columnheader", html("span", { class: "hidden" }, text.chart), ends))
  root.append(html("div", { role: "rowgroup" }, head), html("div", { role: "rowgroup" }, ...data.rows.map((row) => drawRow(row, data))))
  return root
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".comparison")
  return drawOnce(parentElement, data, {}, () => {
    root.replaceChildren(
      html("p", { class: "summary" }, data.summary),
      html("p", { class: "muted" }, data.roll),
      table(data),
      html("p", { class: "muted note" }, data.text.legend),
      ...overlays(data),
    )
    return () => {}
  })
}
