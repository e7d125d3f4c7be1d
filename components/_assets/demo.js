// The presenter's bar: keys, and the guided tour's clock. What is to happen goes to the page as one command at a time.
function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen()
  else document.documentElement.requestFullscreen()
}

function pageKeys(data, send) {
  const group = html("div", { class: "keys", role: "group", "aria-label": data.text.bar })
  for (const page of data.pages) {
    const button = html("button", { type: "button", class: "page", "aria-current": page.name === data.page ? "page" : null }, html("kbd", {}, page.key), page.title)
    button.onclick = () => send(`page:${page.name}`)
    group.append(button)
  }
  return group
}

function action(name, data, run) {
  const button = html("button", { type: "button", class: "action", "data-action": name }, data.text[name])
  button.onclick = run
  return button
}

function tourControls(data, send) {
  if (data.step === null) return [action("start", data, () => send("toggle"))]
  return [
    action("back", data, () => send("back")),
    action(data.running ? "pause" : "resume", data, () => send("toggle")),
    action("next", data, () => send("next")),
    action("stop", data, () => send("stop")),
  ]
}

function clock(data, send) {
  const bar = html("div", { class: "clock", "aria-hidden": "true" }, html("div"))
  if (!data.running) return { bar, stop: () => {} }
  const fillBar = bar.firstChild
  const begun = (1000 * (data.total_s - data.left_s)) / data.total_s
  fillBar.animate([{ width: `${begun / 10}%` }, { width: "100%" }], { duration: 1000 * data.left_s, fill: "forwards" })
  const timer = setTimeout(() => send("next"), 1000 * data.left_s)
  return { bar, stop: () => clearTimeout(timer) }
}

// "host >>> inner" looks into the component that the host holds.
function findAnchor(anchor) {
  const [host, inner] = anchor.split(" >>> ")
  const found = document.querySelector(host)
  if (!found || !inner) return found
  const component = [...found.querySelectorAll("*")].find((element) => element.shadowRoot?.querySelector(inner))
  return component?.shadowRoot.querySelector(inner)
}

const UNDER_HEADER_PX = 70
const NEAR_PX = 12
const TICK_MS = 250

// What the step speaks of may still be on its way, or be pushed away by what comes before it: it is followed for some
// seconds, until the presenter scrolls himself.
function bringIntoView(anchor, root) {
  const scroller = document.querySelector('[data-testid="stMain"]')
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"
  let ticks = 40
  let before = null
  const look = setInterval(() => {
    const found = findAnchor(anchor)
    if (found) {
      const { top, height } = found.getBoundingClientRect()
      // Above the bar; what is taller begins under the page's header.
      const room = root.getBoundingClientRect().top - UNDER_HEADER_PX
      const away = top - UNDER_HEADER_PX - Math.max(0, (room - height) / 2)
      // Not while it still moves.
      if (Math.abs(away) > NEAR_PX && (before === null || Math.abs(top - before) < 1)) scroller.scrollBy({ top: away, behavior })
      before = top
    }
    if (!--ticks) stop()
  }, TICK_MS)
  const stop = () => {
    clearInterval(look)
    for (const name of ["wheel", "touchmove"]) scroller.removeEventListener(name, stop)
  }
  for (const name of ["wheel", "touchmove"]) scroller.addEventListener(name, stop, { passive: true })
  return stop
}

function draw(root, data, send) {
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event)) return
    const page = data.pages.find(({ key }) => key === event.key)
    if (page) send(`page:${page.name}`)
    else if (event.key.toLowerCase() === "f") fullScreen()
    else if (event.key.toLowerCase() === "t") send("toggle")
  }
  document.addEventListener("keydown", onKey)
  const { bar, stop } = clock(data, send)
  const words = html("p", { class: "words", role: "status" })
  if (data.step === null) words.append(data.text.keys)
  else words.append(html("strong", {}, data.text.progress.replace("{step}", data.step + 1).replace("{count}", data.count)), " ", data.words)
  root.replaceChildren(bar, words, html("div", { class: "row" }, pageKeys(data, send), html("div", { class: "actions" }, ...tourControls(data, send))))
  const rest = data.anchor ? bringIntoView(data.anchor, root) : () => {}
  return () => {
    document.removeEventListener("keydown", onKey)
    stop()
    rest()
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".demo")
  return drawOnce(parentElement, data, {}, () => draw(root, data, (command) => setTriggerValue("command", command)))
}
