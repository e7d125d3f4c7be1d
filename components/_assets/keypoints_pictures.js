// The picture with the keypoints of one side or of both.
const POINT_PX = 4.6
const LIT_PX = 7.5
const PICK_PX = 24

// Two shapes as well as two colours: the left side's points are discs, the right side's squares.
const SHAPES = {
  left: "M-1 0a1 1 0 1 1 2 0a1 1 0 1 1-2 0z",
  // Smaller, so that both show where they lie on top of each other.
  right: "M-.62-.62H.62V.62H-.62z",
}

function skeleton(person, side, data, isChosen) {
  const group = svg("g", { class: `person ${side}${isChosen ? "" : " other"}` })
  for (const kind of ["halo", "bone"]) {
    for (const [a, b] of data.edges) {
      if (!person[a] || !person[b]) continue
      const [[x1, y1], [x2, y2]] = [person[a], person[b]]
      group.append(svg("line", { x1, y1, x2, y2, class: kind }))
    }
  }
  return group
}

function pointsOf(person, side, data) {
  return data.names.flatMap(({ name }, i) => {
    if (!person[i]) return []
    const [x, y] = person[i]
    return [{ name, x, y, node: svg("path", { d: SHAPES[side], class: `point ${side}`, "data-joint": name }) }]
  })
}

// One stage: the picture, and over it the skeletons of the given sides.
function stage(data, names, label) {
  const root = svg("svg", { viewBox: `0 0 ${data.width} ${data.height}`, class: "stage", role: "img", "aria-label": label })
  root.append(svg("image", { href: data.image, width: data.width, height: data.height }))
  const drawing = svg("g", { class: "drawing" })
  const points = []
  for (const side of names) {
    const { people, chosen } = data.sides[side]
    const layer = svg("g", { class: `layer ${side}` })
    people.forEach((person, i) => {
      const isChosen = chosen === null || chosen === i
      layer.append(skeleton(person, side, data, isChosen))
      if (!isChosen) return
      const own = pointsOf(person, side, data)
      layer.append(...own.map(({ node }) => node))
      points.push(...own)
    })
    drawing.append(layer)
  }
  root.append(drawing)
  return { root, points }
}

// Points keep their size on the screen.
function placePoints({ root, points }, lit) {
  const unit = 1 / (root.getScreenCTM()?.a || 1)
  for (const { name, x, y, node } of points) {
    const isLit = lit.has(name)
    node.setAttribute("transform", `translate(${x} ${y}) scale(${(isLit ? LIT_PX : POINT_PX) * unit})`)
  }
}

// The joint nearest to the pointer, so that small points are easy to hit.
function nearestJoint({ root, points }, event) {
  const onScreen = root.getScreenCTM()
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(onScreen.inverse())
  let best = null
  for (const { name, x, y } of points) {
    const away = Math.hypot(x - at.x, y - at.y) * onScreen.a
    if (away < PICK_PX && (!best || away < best.away)) best = { name, away }
  }
  return best?.name ?? null
}

function sideKey(side, label) {
  const line = svg("svg", { viewBox: "0 0 40 14", class: "swatch", "aria-hidden": "true" })
  line.append(
    svg("rect", { width: 40, height: 14, rx: 3, class: "ground" }),
    svg("g", { class: `person ${side}` }, svg("line", { x1: 5, x2: 35, y1: 7, y2: 7, class: "bone" })),
    svg("path", { d: SHAPES[side], class: `point ${side}`, transform: "translate(20 7) scale(4)" }),
  )
  return html("span", { class: "key" }, line, label)
}
