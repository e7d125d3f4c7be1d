// Two answers about one picture. Views, blinking and lighting a joint need no rerun.
const BLINK_MS = 900

function choice(name, options, state, apply, text) {
  const group = html("div", { class: "choice", role: "group", "aria-label": text[name] })
  const buttons = options.map((option) => {
    const button = html("button", { type: "button", class: "toggle" }, text[option])
    button.onclick = () => {
      state[name] = option
      apply()
    }
    group.append(button)
    return [option, button]
  })
  const refresh = () => buttons.forEach(([option, button]) => button.setAttribute("aria-pressed", String(state[name] === option)))
  return { node: group, refresh }
}

function toggle(name, state, apply, text) {
  const tick = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "tick" }, svg("path", { d: "M3 8.5l3.2 3.2L13 5" }))
  const node = html("button", { type: "button", class: "toggle" }, tick, text[name])
  node.onclick = () => {
    state[name] = !state[name]
    apply()
  }
  return { node, refresh: () => node.setAttribute("aria-pressed", String(state[name])) }
}

function opacitySlider(state, apply, text) {
  const input = html("input", { type: "range", min: 0.1, max: 1, step: 0.05, "aria-label": text.opacity })
  const output = html("output")
  input.oninput = () => {
    state.opacity = Number(input.value)
    apply()
  }
  const refresh = () => {
    const words = `${Math.round(100 * state.opacity)} %`
    input.value = state.opacity
    input.setAttribute("aria-valuetext", words)
    output.textContent = words
  }
  return { node: html("label", { class: "slider" }, html("span", {}, text.opacity), input, output), refresh }
}

function stages(data, state) {
  const names = Object.keys(data.sides)
  const groups = state.view === "overlaid" ? [names] : names.map((name) => [name])
  return groups.map((group) => {
    const drawn = stage(data, group, group.map((name) => data.sides[name].alt).join(" "))
    const keys = group.map((name) => sideKey(name, `${data.text[name]}: ${data.sides[name].title}`))
    return { ...drawn, figure: html("figure", {}, html("figcaption", {}, ...keys), drawn.root) }
  })
}

// Joints of rows and marks: lights what shares one with what is pointed at or focused.
function lighting(root, state, data, place) {
  const tip = html("p", { class: "tip" })
  const light = (names) => {
    const lit = new Set(names)
    if (lit.size === state.lit.size && names.every((name) => state.lit.has(name))) return
    state.lit = lit
    show()
  }
  const show = () => {
    for (const node of root.querySelectorAll("[data-joint]")) {
      node.classList.toggle("lit", node.dataset.joint.split(" ").some((name) => state.lit.has(name)))
    }
    const joints = data.charts?.joints ?? data.names
    const about = joints.filter(({ name }) => state.lit.has(name)).map((joint) => joint.label ?? joint.title)
    tip.textContent = about.join(" · ") || data.text.hint
    place()
  }
  const jointsOf = (node) => node.closest?.("[data-joint]")?.dataset.joint.split(" ").filter(Boolean) ?? []
  const focused = () => jointsOf(root.getRootNode().activeElement ?? root)
  root.onpointerover = (event) => event.target.closest(".stage") || light(jointsOf(event.target))
  root.onpointerleave = () => light(focused())
  root.addEventListener("focusin", (event) => light(jointsOf(event.target)))
  root.addEventListener("focusout", () => light([]))
  return { tip, light, show }
}

// One stop of the tab key for all joints; arrows go from row to row.
function roving(root) {
  const rows = [...root.querySelectorAll(".joints [data-joint]")]
  if (!rows.length) return
  rows[0].setAttribute("tabindex", "0")
  root.onkeydown = (event) => {
    const at = rows.indexOf(event.target)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key]
    if (at < 0 || to === undefined || !rows[to]) return
    event.preventDefault()
    rows[at].setAttribute("tabindex", "-1")
    rows[to].setAttribute("tabindex", "0")
    rows[to].focus()
  }
}

function chartPanels(data) {
  const { charts, text } = data
  if (!charts) return []
  return [
    html("div", { class: "split" }, bodyMap(charts, data), jointTable(charts, text)),
    metricTable(charts, text),
    html("div", { class: "split even" }, rankChart(charts, text), angleChart(charts, text)),
    html("div", { class: "split even" }, boneTable(charts, text), numberPanel(charts, text)),
  ]
}

function draw(root, data, state) {
  const hasBoth = Object.keys(data.sides).length === 2
  const place = () => drawn.forEach((one) => placePoints(one, state.lit))
  const row = html("div", { class: "stages" })
  let drawn = []
  const observer = new ResizeObserver(place)
  // Fresh with every drawing, and its listeners with it.
  const frame = html("div")
  const lights = lighting(frame, state, data, place)

  const redraw = () => {
    drawn = stages(data, state)
    row.className = `stages ${state.view}`
    row.replaceChildren(...drawn.map(({ figure }) => figure))
    observer.disconnect()
    for (const one of drawn) {
      observer.observe(one.root)
      one.root.onpointermove = (event) => {
        const name = nearestJoint(one, event)
        lights.light(name ? [name] : [])
      }
      one.root.onpointerdown = one.root.onpointermove
      one.root.onpointerleave = () => lights.light([])
    }
  }
  let shown = null
  let timer = null
  const apply = () => {
    if (shown !== state.view) redraw()
    shown = state.view
    controls.forEach(({ refresh }) => refresh())
    row.style.setProperty("--opacity", state.opacity)
    row.classList.toggle("no-bones", !state.bones)
    clearInterval(timer)
    row.classList.remove("hide-left", "hide-right")
    blink.node.hidden = state.view !== "overlaid"
    if (state.blink && state.view === "overlaid") {
      row.classList.add("hide-right")
      timer = setInterval(() => ["hide-left", "hide-right"].forEach((name) => row.classList.toggle(name)), BLINK_MS)
    }
    lights.show()
  }
  const blink = toggle("blink", state, apply, data.text)
  const controls = [blink, toggle("bones", state, apply, data.text), opacitySlider(state, apply, data.text)]
  if (hasBoth) controls.unshift(choice("view", ["side_by_side", "overlaid"], state, apply, data.text))
  else state.view = "side_by_side"

  const bar = html("div", { class: "controls", role: "group", "aria-label": data.text.controls }, ...controls.map(({ node }) => node))
  frame.append(bar, row, lights.tip, ...chartPanels(data))
  root.replaceChildren(frame)
  roving(frame)
  apply()
  return () => {
    clearInterval(timer)
    observer.disconnect()
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".keypoints")
  const start = { view: "side_by_side", blink: false, bones: true, opacity: 1, lit: new Set() }
  return drawOnce(parentElement, data, start, (state) => draw(root, data, state))
}
