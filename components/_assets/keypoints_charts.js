// Charts of one person: the body as a heat map, and two values per line as slopes.
// Shapes and words beside every colour: each verdict has its own mark.
const VERDICTS = {
  good: { level: "0", shape: SYMBOLS[0].shape, mark: SYMBOLS[0].mark },
  jitter: { level: "1", shape: SYMBOLS[1].shape, mark: SYMBOLS[1].mark },
  inversion: { level: "2", shape: SYMBOLS[2].shape, mark: "M4.3 6.2h7.2M9.3 4l2.2 2.2l-2.2 2.2M11.7 10.2H4.5M6.7 8l-2.2 2.2l2.2 2.2" },
  swap: { level: "2", shape: "M1.5 3.5h13v9h-13z", mark: "M5.4 6.3v3.4M10.6 6.3v3.4M7 8h2" },
  miss: { level: "2", shape: SYMBOLS[2].shape, mark: "M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4" },
  absent: { level: "none", shape: SYMBOLS.none.shape, mark: SYMBOLS.none.mark },
}

function verdictSymbol(verdict, attributes = {}) {
  const { level, shape, mark } = VERDICTS[verdict]
  return svg(
    "svg",
    { viewBox: "0 0 16 16", class: `symbol level-${level}`, "aria-hidden": "true", ...attributes },
    svg("path", { d: shape, class: "shape" }),
    svg("path", { d: mark, class: "mark" }),
  )
}

// The figure faces the viewer, so the subject's left is on the right. Hands and face are drawn apart for their labels.
const FIGURE = {
  nose: [180, 62], left_eye: [206, 40], right_eye: [154, 40], left_ear: [236, 58], right_ear: [124, 58],
  left_shoulder: [232, 126], right_shoulder: [128, 126], left_elbow: [272, 194], right_elbow: [88, 194],
  left_wrist: [298, 262], right_wrist: [62, 262], left_hip: [212, 250], right_hip: [148, 250],
  left_knee: [218, 338], right_knee: [142, 338], left_ankle: [222, 424], right_ankle: [138, 424],
}
// Where a joint's number stands: beside it, away from the body.
const BESIDE = { nose: [0, 24, "middle"], left_eye: [0, -14, "middle"], right_eye: [0, -14, "middle"] }
// Steps of the heat map in shares of the torso; the disc grows with the step too.
const STEPS = [0.02, 0.05, 0.1, 0.2]
const stepOf = (distance) => STEPS.filter((edge) => distance >= edge).length

function beside(name) {
  return BESIDE[name] ?? (name.startsWith("left") ? [18, 4, "start"] : [-18, 4, "end"])
}

function bodyMap(charts, data) {
  const { text } = data
  const root = svg("svg", { viewBox: "0 0 360 452", class: "body", role: "img", "aria-label": text["body.alt"] })
  root.append(svg("ellipse", { cx: 180, cy: 50, rx: 46, ry: 40, class: "figure" }))
  for (const [a, b] of data.edges) {
    const [from, to] = [FIGURE[data.names[a].name], FIGURE[data.names[b].name]]
    if (Math.max(from[1], to[1]) < 100) continue
    root.append(svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: "figure" }))
  }
  for (const joint of charts.joints) {
    const [x, y] = FIGURE[joint.name]
    const group = svg("g", { class: "spot", "data-joint": joint.name }, svg("title", {}, joint.label))
    group.append(svg("circle", { cx: x, cy: y, r: 22, class: "reach" }))
    if (joint.distance === null) {
      group.append(svg("circle", { cx: x, cy: y, r: 6, class: "heat none" }))
    } else {
      const step = stepOf(joint.distance)
      group.append(svg("circle", { cx: x, cy: y, r: 6 + 2 * step, class: `heat step-${step}` }))
    }
    const [dx, dy, anchor] = beside(joint.name)
    group.append(svg("text", { x: x + dx, y: y + dy, "text-anchor": anchor }, joint.distance_text))
    root.append(group)
  }
  const scale = html("p", { class: "legend" })
  const edges = ["", ...STEPS.map((edge) => `${100 * edge} %`)]
  edges.forEach((edge, step) => {
    const disc = svg("svg", { viewBox: "0 0 30 30", class: "disc", "aria-hidden": "true" }, svg("circle", { cx: 15, cy: 15, r: 6 + 2 * step, class: `heat step-${step}` }))
    scale.append(html("span", { class: "key" }, disc, step ? `≥ ${edge}` : `< ${edges[1]}`))
  })
  return panel(text["body.title"], text["body.note"], root, scale)
}

function panel(title, note, ...children) {
  return html("section", { class: "panel" }, html("h3", {}, title), html("p", { class: "muted" }, note), ...children)
}

// Labels of a column keep their order and a line's height between them.
function spread(places, gap, low, high) {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b])
  const at = [...places]
  order.forEach((i, k) => (at[i] = Math.max(at[i], k ? at[order[k - 1]] + gap : low)))
  order.reverse().forEach((i, k) => (at[i] = Math.min(at[i], k ? at[order[k - 1]] - gap : high)))
  return at
}

const ROW = 20
const [SLOPE_LEFT, SLOPE_RIGHT, SLOPE_WIDTH] = [206, 320, 526]

// Left and right value of each row, joined by a line: rows are {joints, title, values, texts}, low values at the top.
function slopes(rows, { text, label }) {
  const height = rows.length * ROW + 30
  const root = svg("svg", { viewBox: `0 0 ${SLOPE_WIDTH} ${height}`, class: "slopes", role: "img", "aria-label": label })
  const all = rows.flatMap((row) => row.values)
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const y = (value) => 34 + ((value - low) / (high - low || 1)) * (height - 46)
  const columns = [0, 1].map((side) => spread(rows.map((row) => y(row.values[side])), ROW, 34, height - 12))
  root.append(
    svg("text", { x: SLOPE_LEFT, y: 14, class: "head", "text-anchor": "end" }, text.left),
    svg("text", { x: SLOPE_RIGHT, y: 14, class: "head" }, text.right),
  )
  rows.forEach((row, i) => {
    const [from, to] = row.values.map(y)
    const group = svg("g", { class: "slope", "data-joint": row.joints.join(" ") }, svg("title", {}, row.label))
    group.append(
      svg("line", { x1: SLOPE_LEFT - 2, y1: columns[0][i], x2: SLOPE_LEFT + 12, y2: from, class: "leader" }),
      svg("line", { x1: SLOPE_RIGHT + 2, y1: columns[1][i], x2: SLOPE_RIGHT - 12, y2: to, class: "leader" }),
      svg("line", { x1: SLOPE_LEFT + 12, y1: from, x2: SLOPE_RIGHT - 12, y2: to, class: "track" }),
      svg("line", { x1: SLOPE_LEFT + 12, y1: from, x2: SLOPE_RIGHT - 12, y2: to, class: "reach" }),
      svg("circle", { cx: SLOPE_LEFT + 12, cy: from, r: 4, class: "end left" }),
      svg("rect", { x: SLOPE_RIGHT - 15.5, y: to - 3.5, width: 7, height: 7, class: "end right" }),
      svg("text", { x: SLOPE_LEFT - 6, y: columns[0][i] + 4, "text-anchor": "end" }, `${row.title}  ${row.texts[0]}`),
      svg("text", { x: SLOPE_RIGHT + 6, y: columns[1][i] + 4 }, `${row.texts[1]}  `, svg("tspan", { class: "again" }, row.title)),
    )
    root.append(group)
  })
  return root
}

function rankChart(charts, text) {
  const both = charts.joints.filter(({ ranks }) => ranks[0] && ranks[1])
  const rows = both.map(({ name, title, ranks, scores }) => ({
    joints: [name],
    title,
    values: ranks,
    texts: scores.map((score, side) => `${ranks[side]}. (${score})`),
    label: `${title}: ${ranks.map((rank, side) => `${rank}. (${scores[side]})`).join(" → ")}`,
  }))
  const missing = charts.joints.filter(({ ranks }) => !ranks[0] || !ranks[1]).map(({ title }) => title)
  const rest = missing.length ? [html("p", { class: "muted" }, `${text["rank.absent"]} ${missing.join(", ")}`)] : []
  return panel(text["rank.title"], text["rank.note"], slopes(rows, { text, label: text["rank.alt"] }), ...rest)
}

function angleChart(charts, text) {
  const rows = charts.angles.map((angle) => ({ ...angle, texts: [angle.texts[0], `${angle.texts[1]} (${angle.difference})`], label: `${angle.title}: ${angle.texts.join(" → ")} (${angle.difference})` }))
  return panel(text["angles.title"], text["angles.note"], slopes(rows, { text, label: text["angles.alt"] }))
}
