// Two pictures of one size under a dividing line. Dragging, keys and the choice of view need no rerun.
const VIEWS = ["split", "before", "after", "difference"]
const STEPS = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 }

function arrows() {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: "M9 6l-5 6l5 6M15 6l5 6l-5 6" }))
}

function viewButtons(data, choose) {
  const group = html("div", { class: "choice", role: "group", "aria-label": data.text.view })
  const buttons = VIEWS.map((view) => {
    const button = html("button", { type: "button", class: "toggle", "data-view": view }, data.text[view])
    button.onclick = () => choose(view)
    group.append(button)
    return button
  })
  return { group, buttons }
}

function draw(root, data, state) {
  const picture = (name) => html("img", { src: data[name], alt: data.alt[name], class: name, draggable: "false", width: data.width, height: data.height })
  const handle = html("div", { class: "handle", role: "slider", tabindex: 0, "aria-label": data.text.label, "aria-valuemin": 0, "aria-valuemax": 100 }, arrows())
  const tags = ["before", "after"].map((name) => html("span", { class: `tag ${name}`, "aria-hidden": "true" }, data.text[name]))
  const stage = html("div", { class: "stage" }, picture("before"), picture("after"), html("div", { class: "line" }), ...tags, handle)
  stage.style.maxWidth = `${Math.round((data.max_height_px * data.width) / data.height)}px`

  const apply = () => {
    stage.dataset.view = state.view
    stage.style.setProperty("--at", `${state.at}%`)
    handle.setAttribute("aria-valuenow", Math.round(state.at))
    handle.setAttribute("aria-valuetext", data.text.position.replace("{percent}", Math.round(state.at)))
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.view === state.view)))
  }
  const move = (at) => {
    state.at = Math.max(0, Math.min(100, at))
    state.view = "split"
    apply()
  }
  const choose = (view) => {
    state.view = view
    apply()
  }
  const { group, buttons } = viewButtons(data, choose)

  const follow = (event) => {
    const box = stage.getBoundingClientRect()
    move((100 * (event.clientX - box.left)) / box.width)
  }
  stage.onpointerdown = (event) => {
    if (event.button !== 0) return
    stage.setPointerCapture(event.pointerId)
    handle.focus({ preventScroll: true })
    follow(event)
  }
  // Else the browser takes the focus from the handle right after.
  stage.onmousedown = (event) => event.preventDefault()
  stage.onpointermove = (event) => stage.hasPointerCapture(event.pointerId) && follow(event)
  handle.onkeydown = (event) => {
    const step = STEPS[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    move(state.at + step)
  }
  const shortcut = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    // Upright arrows scroll the page.
    if (["ArrowLeft", "ArrowRight"].includes(event.key) && !takesArrows(event)) {
      event.preventDefault()
      move(state.at + STEPS[event.key])
    }
    if (event.repeat) return
    const key = event.key.toLowerCase()
    if (key === "b") choose(state.view === "before" ? "after" : "before")
    if (key === "d") choose(state.view === "difference" ? "split" : "difference")
  }
  document.addEventListener("keydown", shortcut)
  root.replaceChildren(group, stage, html("p", { class: "hint" }, data.text.hint))
  apply()
  return () => document.removeEventListener("keydown", shortcut)
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".before-after")
  return drawOnce(parentElement, data, { view: "split", at: 50 }, (state) => draw(root, data, state))
}
