// A photo with its keypoints, bones and measured lines. All controls but the editing ones work without a rerun.
function toggle(name, data, state, apply) {
  const button = html("button", { type: "button", class: "toggle", "aria-pressed": String(state[name]), "data-focus": name })
  button.append(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "tick" }, svg("path", { d: "M3 8.5l3.2 3.2L13 5" })), data.text[name])
  button.onclick = () => {
    state[name] = !state[name]
    button.setAttribute("aria-pressed", String(state[name]))
    apply()
  }
  return button
}

function slider(name, data, state, apply, [min, max, step], print) {
  const output = html("output", {}, print(state[name]))
  const input = html("input", { type: "range", min, max, step, "aria-label": data.text[name], "data-focus": name })
  input.value = state[name]
  input.setAttribute("aria-valuetext", print(state[name]))
  input.oninput = () => {
    state[name] = Number(input.value)
    output.textContent = print(state[name])
    input.setAttribute("aria-valuetext", print(state[name]))
    apply()
  }
  return html("label", { class: "slider" }, html("span", {}, data.text[name]), input, output)
}

function viewControls(data, state, apply) {
  const percent = (value) => `${Math.round(value * 100)} %`
  const controls = html("div", { class: "controls", role: "group", "aria-label": data.text.controls })
  controls.append(toggle("bones", data, state, apply), toggle("points", data, state, apply))
  if (data.lines.length) controls.append(toggle("angles", data, state, apply))
  controls.append(slider("opacity", data, state, apply, [0.1, 1, 0.05], percent))
  if (data.points.some((point) => point.score !== null)) {
    controls.append(slider("least", data, state, apply, [0, 1, 0.05], (value) => value.toFixed(2)))
  }
  if (data.edit) controls.append(toggle("edit", data, state, apply))
  return controls
}

function editControls(data, state, edit, choose) {
  const action = (name, run) => {
    const button = html("button", { type: "button", class: "toggle", "data-focus": name }, data.text[name])
    button.onclick = run
    return button
  }
  const list = html("select", { "aria-label": data.text.point_list, "data-focus": "list" })
  list.append(html("option", { value: "" }, data.text.point_list))
  data.points.forEach((point) => list.append(html("option", { value: point.name }, point.title)))
  list.onchange = () => choose(list.value || null)
  const [undo, reset] = [action("undo", edit.undo), action("reset", edit.reset)]
  const bar = html("div", { class: "controls", role: "group", "aria-label": data.text.edit }, list, undo, reset)
  const refresh = () => {
    // Not "disabled": a button that is disabled while it has the focus loses it.
    undo.setAttribute("aria-disabled", String(!state.moves.length && !state.draft))
    reset.setAttribute("aria-disabled", String(!foldMoves(state.moves).size))
    list.value = state.selected ?? ""
    bar.hidden = !state.edit
  }
  return { bar, refresh }
}

function draw(root, data, state, send) {
  adopt(data, state)
  const index = new Map(data.points.map((point, i) => [point.name, i]))
  const drawing = build(data)
  const tip = html("div", { class: "tip", hidden: true, "aria-hidden": "true" })
  if (state.picture?.getAttribute("src") !== data.image) state.picture = html("img", { src: data.image })
  fill(state.picture, { alt: data.alt, width: data.width, height: data.height, draggable: "false" }, [])
  const stage = html("div", { class: "stage" }, state.picture, drawing.root, tip)
  stage.style.maxWidth = `${Math.round((data.max_height_px * data.width) / data.height)}px`
  const hint = html("p", { class: "hint" })
  state.live ??= html("div", { class: "live", role: "status" })
  let unit = 1
  let active = null

  const shown = (i) => state.points && visible(data.points[i], state)
  const current = () => places(data, state)
  const near = (i) => {
    const [x, y] = current().at(data.points[i].name)
    return { x, y }
  }
  const label = (i) => {
    const corrected = current().corrected(data.points[i].name)
    return corrected ? `${data.points[i].label} · ${data.text.corrected}` : data.points[i].label
  }
  const activate = (i) => {
    active = i
    tip.hidden = i === null
    refreshPoints()
    if (i === null) return
    tip.textContent = label(i)
    const point = near(i)
    const [x, y] = [point.x / unit, point.y / unit]
    tip.style.left = `${Math.max(4, Math.min(x - tip.offsetWidth / 2, data.width / unit - tip.offsetWidth - 4))}px`
    tip.style.top = `${y > tip.offsetHeight + 20 ? y - tip.offsetHeight - 14 : y + 16}px`
  }
  const refreshPoints = () => {
    const { at, corrected } = current()
    drawing.marks.forEach((mark, i) => {
      const { name } = data.points[i]
      const [x, y] = at(name)
      const big = i === active || (state.edit && name === state.selected)
      mark.setAttribute("d", corrected(name) ? (big ? BIG_DIAMOND : DIAMOND) : big ? BIG_DOT : DOT)
      mark.setAttribute("transform", `translate(${x} ${y}) scale(${unit})`)
      mark.setAttribute("aria-label", label(i))
      mark.classList.toggle("active", big)
    })
  }
  // Everything that follows the keypoints.
  const refresh = () => {
    const { at, way } = current()
    drawing.boneNodes.forEach(({ lines }, i) => {
      const [[x1, y1], [x2, y2]] = data.bones[i].slice(0, 2).map((end) => at(data.points[end].name))
      lines.forEach((line) => fill(line, { x1, y1, x2, y2 }, []))
    })
    drawing.lines.forEach((line) => placeLine(line, way))
    const xs = data.points.map((point) => point.x)
    placeLabels(drawing.lines, data, unit, (Math.min(...xs) + Math.max(...xs)) / 2)
    activate(active)
    tools?.refresh()
  }
  const order = () => data.points.map((_, i) => i).filter(shown)
  const rove = () => {
    const all = order()
    const wanted = index.get(state.selected) ?? active
    drawing.marks.forEach((mark) => mark.setAttribute("tabindex", "-1"))
    if (all.length) drawing.marks[all.includes(wanted) ? wanted : all[0]].setAttribute("tabindex", "0")
    return all
  }
  const select = (i) => {
    if (state.draft && state.draft.name !== data.points[i]?.name) edit.settle()
    state.selected = i === null ? null : data.points[i].name
    activate(i)
    tools?.refresh()
    rove()
  }
  const say = (text) => (state.live.textContent = text)
  const edit = editor(data, state, send, refresh, say)
  const tools = data.edit ? editControls(data, state, edit, (name) => select(name === null ? null : index.get(name))) : null

  const apply = () => {
    if (!state.edit) {
      edit.settle()
      state.selected = null
    }
    drawing.root.style.opacity = state.opacity
    drawing.bones.style.display = state.bones ? "" : "none"
    drawing.points.style.display = state.points ? "" : "none"
    for (const layer of [drawing.angles, drawing.labels]) layer.style.display = state.angles ? "" : "none"
    drawing.marks.forEach((mark, i) => (mark.style.display = shown(i) ? "" : "none"))
    drawing.boneNodes.forEach(({ node }, i) => {
      const [a, b] = data.bones[i]
      node.style.display = visible(data.points[a], state) && visible(data.points[b], state) ? "" : "none"
    })
    stage.classList.toggle("editing", state.edit)
    hint.textContent = state.edit ? data.text.edit_hint : data.text.hint
    if (active !== null && !shown(active)) activate(null)
    refreshPoints()
    tools?.refresh()
    rove()
  }
  const resize = () => {
    if (!stage.clientWidth) return
    unit = data.width / stage.clientWidth
    refresh()
  }
  const nearest = (event) => {
    const box = stage.getBoundingClientRect()
    const [x, y] = [(event.clientX - box.left) * unit, (event.clientY - box.top) * unit]
    const distance = (i) => Math.hypot(near(i).x - x, near(i).y - y)
    const reach = order().filter((i) => distance(i) < PICK_PX * unit)
    if (!reach.length) return null
    const best = reach.reduce((a, b) => (distance(b) < distance(a) ? b : a))
    // Of points on top of each other, the one chosen in the list is meant.
    const chosen = index.get(state.selected)
    return state.edit && reach.includes(chosen) && distance(chosen) < distance(best) + POINT_PX * unit ? chosen : best
  }
  const view = { data, drawing, edit, near, nearest, activate, select, rove, unit: () => unit }
  pointing(root, stage, state, view)
  keys(root, state, view)

  const focused = root.getRootNode().activeElement?.getAttribute("data-focus")
  root.replaceChildren(viewControls(data, state, apply), ...(tools ? [tools.bar] : []), stage, legend(data), hint, state.live)
  apply()
  resize()
  if (focused) root.querySelector(`[data-focus="${focused}"]`)?.focus({ preventScroll: true })
  const about = drawing.lines.filter(({ line }) => line.preview?.keypoints.some(({ name }) => name === state.last))
  if (state.last && data.edit?.seq === state.seq && !state.draft) {
    say(about.map(({ line }) => line.label).join(", "))
    state.last = null
  }
  const observer = new ResizeObserver(resize)
  observer.observe(stage)
  return () => observer.disconnect()
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".overlay")
  const start = { bones: true, points: true, angles: true, opacity: 1, least: 0, edit: false, selected: null, draft: null, subject: null, seq: 0, moves: [] }
  return drawOnce(parentElement, data, start, (state) => draw(root, data, state, (edit) => setStateValue("edit", edit)))
}
