// Skeletons over a clip, in the clip's own pixels whatever size it is shown at.
const PEOPLE_TONES = 6

function clipPeople(people) {
  if (!people) return { node: null, show: () => {} }
  const [width, height] = people.size
  const radius = Math.max(width, height) / 220
  const drawings = people.tracks.map((track, number) => {
    const bones = people.edges.map(() => svg("line"))
    const joints = Array.from({ length: (track.frames.find(Boolean)?.length ?? 0) / 2 }, () => svg("circle", { r: radius, "stroke-width": radius / 3 }))
    const name = svg("text", { "font-size": radius * 7 }, String(track.name))
    return { track, bones, joints, name, group: svg("g", { class: `person tone-${number % PEOPLE_TONES}` }, ...bones, ...joints, name) }
  })
  // Like the clip itself, the drawing keeps its proportions inside whatever box it gets.
  const node = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "people", "aria-hidden": "true", "stroke-width": radius },
    ...drawings.map(({ group }) => group),
  )
  const place = (element, values) => {
    const known = values.every((value) => value !== null)
    element.style.display = known ? "" : "none"
    return known
  }
  return {
    node,
    show(frame) {
      for (const { track, bones, joints, name, group } of drawings) {
        const points = track.frames[frame]
        group.style.display = points ? "" : "none"
        if (!points) continue
        const at = (joint) => points.slice(2 * joint, 2 * joint + 2).map((tenths) => tenths === null ? null : tenths / 10)
        people.edges.forEach(([a, b], number) => {
          const [x1, y1, x2, y2] = [...at(a), ...at(b)]
          if (place(bones[number], [x1, x2])) fill(bones[number], { x1, y1, x2, y2 }, [])
        })
        joints.forEach((joint, number) => {
          const [cx, cy] = at(number)
          if (place(joint, [cx])) fill(joint, { cx, cy }, [])
        })
        const highest = joints.map((_, number) => at(number)).filter(([x]) => x !== null).reduce((best, each) => (each[1] < best[1] ? each : best))
        fill(name, { x: highest[0], y: highest[1] - 3 * radius }, [])
      }
    },
  }
}
