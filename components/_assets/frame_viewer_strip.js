// The strip of phases and the buttons of the marked frames.
function phaseStrip(data, share, go) {
  if (!data.phases.length) return { node: null, show: () => {} }
  const node = html("div", { class: "strip", role: "group", "aria-label": data.text.phases })
  const cursor = html("div", { class: "now", "aria-hidden": "true" })
  const parts = data.phases.map((phase, number) => {
    const part = html("button", { type: "button", class: `phase tone-${number % 2}`, title: phase.title }, phase.title)
    part.style.left = `${100 * share(phase.start)}%`
    part.style.width = `${100 * (share(phase.stop) - share(phase.start))}%`
    part.onclick = () => go(phase.start)
    return part
  })
  node.append(...parts, cursor)
  return {
    node,
    show(frame) {
      cursor.style.left = `${100 * share(frame)}%`
      parts.forEach((part, number) => {
        const { start, stop } = data.phases[number]
        part.setAttribute("aria-current", String(start <= frame && frame < stop))
      })
    },
  }
}

function markButtons(data, go) {
  if (!data.marks.length) return { node: null, show: () => {} }
  const buttons = data.marks.map((mark) => {
    const button = html("button", { type: "button", class: "chip" }, mark.title)
    button.onclick = () => go(mark.frame)
    return button
  })
  return {
    node: html("div", { class: "marks", role: "group", "aria-label": data.text.marks }, ...buttons),
    show: (frame) => buttons.forEach((button, number) => button.setAttribute("aria-pressed", String(data.marks[number].frame === frame))),
  }
}
