// What lies over the photo: bones, keypoints, measured lines and their labels.
const LABEL_PX = 12.5
// Shapes in screen pixels about the keypoint; a corrected one is a diamond.
const DOT = "M-3.6 0a3.6 3.6 0 1 1 7.2 0a3.6 3.6 0 1 1-7.2 0z"
const BIG_DOT = "M-6.5 0a6.5 6.5 0 1 1 13 0a6.5 6.5 0 1 1-13 0z"
const DIAMOND = "M0-6L6 0L0 6L-6 0z"
const BIG_DIAMOND = "M0-9L9 0L0 9L-9 0z"

const visible = (point, state) => point.score === null || point.score >= state.least

function build(data) {
  const root = svg("svg", {
    viewBox: `0 0 ${data.width} ${data.height}`,
    role: "group",
    "aria-label": data.text.keypoints,
    class: "drawing",
  })
  const bones = svg("g", { class: "bones" })
  const boneNodes = data.bones.map(([, , side]) => {
    const lines = [svg("line", { class: "halo" }), svg("line", { class: `bone ${side}` })]
    const node = svg("g", {}, ...lines)
    bones.append(node)
    return { node, lines }
  })
  const angles = svg("g", { class: "angles" })
  const labels = svg("g", { class: "labels" })
  const lines = data.lines.map((line) => drawLine(line, angles, labels))
  const points = svg("g", { class: "points" })
  const marks = data.points.map((point) => {
    const node = svg("path", { class: `point ${point.side}`, role: "img", tabindex: "-1", "data-focus": `point-${point.name}` })
    points.append(node)
    return node
  })
  root.append(bones, angles, points, labels)
  return { root, bones, boneNodes, angles, labels, lines, points, marks }
}

function drawLine(line, parent, labels) {
  const [halo, reference] = [svg("polyline", { class: "halo thin" }), svg("polyline", { class: "reference" })]
  const [edge, measured] = [svg("polyline", { class: "halo" }), svg("polyline", { class: "measured" })]
  const leader = svg("line", { class: "leader" })
  const box = svg("rect", { class: "box" })
  const icon = symbol(line.level, line.borderline ? { class: `symbol borderline level-${line.level ?? "none"}` } : {})
  const text = svg("text")
  const label = svg("g", { class: "label" }, box, icon, text)
  parent.append(halo, reference, edge, measured)
  labels.append(leader, label)
  return { line, tracks: { points: [edge, measured], reference: [halo, reference] }, leader, label, box, icon, text }
}

// Direction of a straight line, or the bend of a bent one, in degrees.
function turn(points) {
  const directions = points.slice(1).map(([x, y], i) => (Math.atan2(y - points[i][1], x - points[i][0]) * 180) / Math.PI)
  return directions.length > 1 ? directions[1] - directions[0] : directions[0]
}

const wrap = (angle) => angle - 360 * Math.round(angle / 360)

// How a line looks while keypoints are away from where it was measured: it moves by its slopes times their way.
function followed(line, way) {
  const outline = [...line.points, ...line.reference, line.anchor].map(([x, y]) => [x, y])
  let moved = false
  for (const { name, slope } of line.preview?.keypoints ?? []) {
    const [dx, dy] = way(name)
    if (!dx && !dy) continue
    moved = true
    outline.forEach((point, k) => [0, 1].forEach((axis) => (point[axis] += dx * slope[0][k][axis] + dy * slope[1][k][axis])))
  }
  const count = line.points.length
  const points = outline.slice(0, count)
  const look = { points, reference: outline.slice(count, count + 2), anchor: outline[count + 2], label: line.label, moved }
  if (!moved) return look
  const value = line.preview.value + line.preview.turn_sign * wrap(turn(points) - turn(line.points))
  return { ...look, label: `${line.name} ≈ ${signed(value)}` }
}

function signed(value) {
  const text = Math.abs(value).toFixed(1)
  return `${text === "0.0" ? "" : value < 0 ? "−" : "+"}${text}°`
}

function placeLine(drawn, way) {
  const look = followed(drawn.line, way)
  for (const [kind, nodes] of Object.entries(drawn.tracks)) {
    const track = look[kind].map(([x, y]) => `${x},${y}`).join(" ")
    nodes.forEach((node) => node.setAttribute("points", track))
  }
  drawn.anchor = look.anchor
  drawn.text.textContent = look.label
  drawn.icon.style.visibility = look.moved ? "hidden" : ""
}

// Labels keep their size on the screen, stay inside the picture and give way to each other downwards.
function placeLabels(lines, data, unit, centre) {
  const height = LABEL_PX * 1.7 * unit
  const icon = LABEL_PX * 1.05 * unit
  const placed = []
  // Those below must come later in the document too, so that a label is never covered by a later line.
  const sorted = [...lines].sort((a, b) => a.anchor[1] - b.anchor[1])
  for (const line of sorted) {
    line.label.parentNode.append(line.leader, line.label)
    line.text.setAttribute("font-size", LABEL_PX * unit)
  }
  // All are measured before any is placed: a measure after a change lays the whole page out again.
  const lengths = sorted.map((line) => line.text.getComputedTextLength())
  for (const [index, line] of sorted.entries()) {
    const width = icon + lengths[index] + 15 * unit
    const [ax, ay] = line.anchor
    let x = ax >= centre ? ax + 12 * unit : ax - width - 12 * unit
    x = Math.max(2 * unit, Math.min(x, data.width - width - 2 * unit))
    let y = Math.max(2 * unit, Math.min(ay - height / 2, data.height - height - 2 * unit))
    for (const other of placed) {
      const apart = x > other.x + other.width || x + width < other.x || y > other.y + height || y + height < other.y
      if (!apart) y = other.y + height + 3 * unit
    }
    placed.push({ x, y, width })
    placed.sort((a, b) => a.y - b.y)
    fill(line.box, { x, y, width, height, rx: height / 2 }, [])
    fill(line.icon, { x: x + 5 * unit, y: y + (height - icon) / 2, width: icon, height: icon }, [])
    fill(line.text, { x: x + icon + 9 * unit, y: y + height / 2 }, [])
    const end = x > ax ? x : Math.min(ax, x + width)
    fill(line.leader, { x1: ax, y1: ay, x2: end, y2: y + height / 2 }, [])
  }
}

function legend(data) {
  const sample = (child) =>
    svg("svg", { viewBox: "0 0 34 12", class: "swatch", "aria-hidden": "true" }, svg("rect", { width: 34, height: 12, rx: 3, class: "ground" }), child)
  const line = (kind) => sample(svg("line", { x1: 4, y1: 6, x2: 30, y2: 6, class: kind }))
  const kinds = [["left", line("bone left")], ["right", line("bone right")], ["centre", line("bone centre")]]
  if (data.lines.length) kinds.push(["line", line("measured")], ["reference", line("reference")])
  const diamond = svg("path", { d: DIAMOND, transform: "translate(17 6) scale(0.8)", class: "point centre" })
  if (Object.keys(data.edits).length) kinds.push(["corrected", sample(diamond)])
  return html("ul", { class: "legend" }, ...kinds.map(([name, mark]) => html("li", {}, mark, data.text.legend[name])))
}
