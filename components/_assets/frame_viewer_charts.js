// The cursor in Plotly's charts. They are drawn by Streamlit outside this component, and drawn anew by every rerun.
// A press that moves further than this is a zoom.
const CLICK_PX = 5

function chartCursors(key, onTime) {
  const known = new Map()

  const charts = () => (key ? [...document.querySelectorAll(`.st-key-${CSS.escape(key)} .js-plotly-plot`)] : [])

  function adopt(chart) {
    const line = html("div", { class: "posedeck-frame-cursor", "aria-hidden": "true" })
    // The chart lies outside our styles.
    Object.assign(line.style, { position: "absolute", width: "2px", marginLeft: "-1px", pointerEvents: "none", background: "currentColor", opacity: "0.75" })
    chart.style.position = "relative"
    chart.append(line)
    // Plotly tells of clicks on points only, and takes the mouse between press and release.
    const pressed = (down) => {
      const released = (up) => {
        if (Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY) < CLICK_PX) goTo(chart, up)
      }
      if (down.button === 0) window.addEventListener("pointerup", released, { capture: true, once: true })
    }
    chart.addEventListener("pointerdown", pressed, true)
    known.set(chart, { line, pressed })
  }

  function goTo(chart, { clientX, clientY }) {
    const { xaxis: axis, _size: size } = chart._fullLayout ?? {}
    const box = chart.getBoundingClientRect()
    if (axis?.type !== "linear") return
    const [x, y] = [clientX - box.left - axis?._offset, clientY - box.top - size?.t]
    if (x >= 0 && x <= axis?._length && y >= 0 && y <= size?.h) onTime(axis.p2l(x))
  }

  function draw(chart, line, time) {
    const layout = chart._fullLayout
    const axis = layout?.xaxis
    // A chart of names or bars in the same container has no place for a moment.
    const at = axis?.type === "linear" ? axis.l2p(time) : NaN
    const visible = at >= 0 && at <= axis?._length
    line.hidden = !visible
    line.style.display = visible ? "block" : "none"
    if (!visible) return
    line.style.left = `${axis._offset + at}px`
    line.style.top = `${layout._size.t}px`
    line.style.height = `${layout._size.h}px`
  }

  return {
    show(time) {
      for (const [chart] of known) if (!chart.isConnected) known.delete(chart)
      for (const chart of charts()) {
        // Plotly replaces what is inside the chart when it draws anew.
        if (!known.has(chart)) adopt(chart)
        else if (!known.get(chart).line.isConnected) chart.append(known.get(chart).line)
        draw(chart, known.get(chart).line, time)
      }
    },
    forget() {
      for (const [chart, { line, pressed }] of known) {
        line.remove()
        chart.removeEventListener("pointerdown", pressed, true)
      }
      known.clear()
    },
  }
}
