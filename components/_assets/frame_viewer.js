// Clips of the same frames, stepped through together. Nothing here asks the server for a rerun.
const SPEEDS = [1, 0.5, 0.25, 0.1]
// How often charts that were drawn anew get their cursor back.
const CHARTS_MS = 400

function frameClock(times) {
  const start = times[0]
  const last = times.length - 1
  const usual = last > 0 ? (times[last] - start) / last : 1 / 30
  const until = (frame) => (frame < last ? times[frame + 1] : times[last] + usual)
  return {
    last,
    // The middle of the frame's time: a seek there cannot land on its neighbour by rounding.
    seek: (frame) => (times[frame] + until(frame)) / 2 - start,
    at: (seconds) => Math.max(0, times.findLastIndex((time) => time - start <= seconds + 1e-4)),
    nearest: (time) => times.reduce((best, each, frame) => (Math.abs(each - time) < Math.abs(times[best] - time) ? frame : best), 0),
    // Where a frame begins, as a share of the whole; the frame behind the last one ends it.
    share: (frame) => ((frame > last ? until(last) : times[frame]) - start) / (until(last) - start),
  }
}

function clipNodes(data) {
  return data.clips.map((clip) => {
    const video = html("video", { "aria-label": clip.alt, preload: "auto", playsinline: true, muted: true })
    video.muted = true
    const broken = html("p", { class: "broken", role: "alert", hidden: true }, data.text.broken)
    video.onerror = () => (broken.hidden = false)
    video.src = clip.src
    const people = clipPeople(clip.people)
    const picture = html("div", { class: "picture" }, ...[video, people.node].filter(Boolean))
    return { video, people, figure: html("figure", {}, html("figcaption", {}, clip.title), picture, broken) }
  })
}

function controls(data) {
  const button = (name, text) => html("button", { type: "button", class: "control", "aria-label": data.text[name], title: data.text[name] }, text)
  const speed = html("select", { "aria-label": data.text.speed, title: data.text.speed }, ...SPEEDS.map((each) => html("option", { value: each }, `${each}×`)))
  const slider = html("input", { type: "range", min: 0, max: data.times_s.length - 1, step: 1, "aria-label": data.text.slider })
  const where = html("output", { class: "where" })
  const parts = { previous: button("previous", "‹"), play: button("play", "▶"), next: button("next", "›"), speed, slider, where }
  return { ...parts, node: html("div", { class: "controls" }, parts.previous, parts.play, parts.next, slider, where, speed) }
}

function draw(root, data, state) {
  const clock = frameClock(data.times_s)
  const clips = clipNodes(data)
  const lead = clips[0].video
  const bar = controls(data)
  const cursors = chartCursors(data.charts, (time) => go(clock.nearest(time)))
  const strip = phaseStrip(data, clock.share, (frame) => go(frame))
  const marks = markButtons(data, (frame) => go(frame))
  state.frame = Math.min(state.frame, clock.last)
  let playing = false

  function show() {
    const time = data.times_s[state.frame]
    const text = data.text.where.replace("{frame}", state.frame + 1).replace("{frames}", clock.last + 1).replace("{time}", time.toFixed(3))
    bar.where.textContent = text
    bar.slider.value = state.frame
    bar.slider.setAttribute("aria-valuetext", text)
    for (const { people } of clips) people.show(state.frame)
    strip.show(state.frame)
    marks.show(state.frame)
    cursors.show(time)
  }
  function seek() {
    for (const { video } of clips) video.currentTime = clock.seek(state.frame)
  }
  function stop() {
    playing = false
    for (const { video } of clips) video.pause()
    bar.play.textContent = "▶"
    bar.play.setAttribute("aria-label", data.text.play)
  }
  function go(frame) {
    if (playing) stop()
    state.frame = Math.max(0, Math.min(clock.last, frame))
    seek()
    show()
  }
  function follow(_now, { mediaTime }) {
    if (!playing) return
    state.frame = clock.at(mediaTime)
    show()
    lead.requestVideoFrameCallback(follow)
  }
  function play() {
    if (state.frame === clock.last) go(0)
    playing = true
    bar.play.textContent = "❚❚"
    bar.play.setAttribute("aria-label", data.text.pause)
    for (const { video } of clips) {
      video.playbackRate = Number(bar.speed.value)
      // A browser that refuses to play leaves the frames to be stepped through.
      video.play().catch(stop)
    }
    lead.requestVideoFrameCallback(follow)
  }
  const toggle = () => (playing ? go(state.frame) : play())

  // A seek to the last frame can end the clip as well, later than the next step.
  lead.onended = () => playing && go(clock.last)
  for (const { video } of clips) video.onloadedmetadata = () => playing || seek()
  bar.previous.onclick = () => go(state.frame - 1)
  bar.next.onclick = () => go(state.frame + 1)
  bar.play.onclick = toggle
  bar.slider.oninput = () => go(Number(bar.slider.value))
  bar.speed.onchange = () => clips.forEach(({ video }) => (video.playbackRate = Number(bar.speed.value)))

  const steps = { ArrowLeft: () => -1, ArrowRight: () => 1, Home: () => -clock.last, End: () => clock.last }
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    const path = event.composedPath()
    const ours = path[0] === document.body || path.includes(root)
    if (!ours && (!event.key.startsWith("Arrow") || takesArrows(event))) return
    if (event.key === " " && path[0].tagName !== "BUTTON") {
      event.preventDefault()
      toggle()
    } else if (steps[event.key]) {
      event.preventDefault()
      go(state.frame + steps[event.key]() * (event.shiftKey ? 10 : 1))
    }
  }
  document.addEventListener("keydown", onKey)
  const timer = setInterval(() => cursors.show(data.times_s[state.frame]), CHARTS_MS)

  root.replaceChildren(
    html("div", { class: "clips", role: "group", "aria-label": data.text.label, tabindex: 0 }, ...clips.map(({ figure }) => figure)),
    ...[strip.node, bar.node, marks.node, html("p", { class: "hint" }, data.text.hint)].filter(Boolean),
  )
  show()
  return () => {
    clearInterval(timer)
    document.removeEventListener("keydown", onKey)
    stop()
    cursors.forget()
    for (const { video } of clips) video.removeAttribute("src")
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".frames")
  return drawOnce(parentElement, data, { frame: 0 }, (state) => draw(root, data, state))
}
