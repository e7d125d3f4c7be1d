// Mouse, touch, pen and keys on the overlay. A drag lives in the state, not in a node: a redraw cannot lose it.
// Points this close on the screen count as being on top of each other.
const POINT_PX = 5

function pointing(root, stage, state, view) {
  const { edit } = view
  const dragging = (event) => state.draft?.pointer?.id === event.pointerId
  root.onpointermove = (event) => {
    if (dragging(event)) {
      const { pointer } = state.draft
      edit.drag([(event.clientX - pointer.x) * view.unit(), (event.clientY - pointer.y) * view.unit()])
    } else if (!state.draft?.pointer) {
      view.activate(stage.contains(event.target) ? view.nearest(event) : null)
    }
  }
  root.onpointerdown = (event) => {
    if (!stage.contains(event.target) || state.draft?.pointer) return
    const i = view.nearest(event)
    if (!state.edit || i === null || event.button !== 0) return view.activate(i)
    event.preventDefault()
    view.select(i)
    view.drawing.marks[i].focus({ preventScroll: true })
    const { x, y } = view.near(i)
    edit.grab(view.data.points[i].name, [x, y], { id: event.pointerId, x: event.clientX, y: event.clientY })
    root.setPointerCapture(event.pointerId)
  }
  root.onpointerup = (event) => dragging(event) && edit.settle()
  root.onpointercancel = (event) => dragging(event) && edit.cancel()
  root.onpointerleave = () => state.draft?.pointer || view.activate(null)
  // A finger on a keypoint drags it; elsewhere it scrolls the page.
  const hold = (event) => state.edit && view.nearest(event.touches[0]) !== null && event.preventDefault()
  stage.addEventListener("touchstart", hold, { passive: false })
}

function keys(root, state, view) {
  const { edit, drawing, data } = view
  const jump = (event, i) => {
    const order = view.rove()
    const [at, last] = [order.indexOf(i), order.length - 1]
    const arrows = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 }
    const to = { ...(state.edit ? {} : arrows), PageDown: at + 1, PageUp: at - 1, Home: 0, End: last }[event.key]
    if (to === undefined || at < 0) return
    event.preventDefault()
    drawing.marks[order[(to + order.length) % order.length]].focus()
  }
  root.onkeydown = (event) => {
    // The page has hotkeys of its own, and choosing in a list by its first letter is typing.
    if (event.target.matches("select, input")) event.stopPropagation()
    if (state.edit && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault()
      return edit.undo()
    }
    if (event.key === "Escape" && edit.cancel()) return event.stopPropagation()
    const i = drawing.marks.indexOf(event.target)
    if (i < 0) return
    const step = state.edit && STEPS[event.key]
    if (!step) return jump(event, i)
    event.preventDefault()
    const far = event.shiftKey ? 10 : 1
    const { x, y } = view.near(i)
    edit.nudge(data.points[i].name, [x, y], [step[0] * far, step[1] * far])
  }
  drawing.points.addEventListener("focusin", (event) => {
    const i = drawing.marks.indexOf(event.target)
    if (state.edit) view.select(i)
    else view.activate(i)
    view.rove()
  })
  drawing.points.addEventListener("focusout", () => {
    if (!state.draft?.pointer) edit.settle()
    view.activate(null)
  })
}
