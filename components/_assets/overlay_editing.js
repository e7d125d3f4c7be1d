// Keypoints moved by hand. Python keeps the moves; what is not yet answered, or still being dragged, is shown from here.
const PICK_PX = 24
const NUDGE_WAIT_MS = 600
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

const foldMoves = (moves) => {
  const places = new Map()
  for (const move of moves) {
    if (move === null) places.clear()
    else places.set(move[0], [move[1], move[2]])
  }
  return places
}

// Take over what Python says, unless it has not seen our latest move yet.
function adopt(data, state) {
  if (data.edit && data.edit.subject === state.subject && data.edit.seq < state.seq) return
  const { subject, seq, moves } = data.edit ?? { subject: null, seq: 0, moves: Object.entries(data.edits).map(([name, at]) => [name, ...at]) }
  if (subject !== state.subject) Object.assign(state, { draft: null, selected: null })
  Object.assign(state, { subject, seq, moves })
}

// Where each keypoint is drawn, and how far that is from where the lines were measured.
function places(data, state) {
  const found = new Map(data.points.map((point) => [point.name, [point.x, point.y]]))
  const moved = foldMoves(state.moves)
  const at = (name) => (state.draft?.name === name ? state.draft.at : (moved.get(name) ?? found.get(name)))
  return {
    at,
    corrected: (name) => moved.has(name) || state.draft?.name === name,
    way: (name) => {
      const [from, to] = [data.edits[name] ?? found.get(name), at(name)]
      return [to[0] - from[0], to[1] - from[1]]
    },
  }
}

function editor(data, state, send, refresh, say) {
  const clamp = ([x, y]) => [Math.min(Math.max(x, 0), data.width), Math.min(Math.max(y, 0), data.height)]
  const round = (x) => Math.round(x * 100) / 100
  const label = (name) => data.points.find((point) => point.name === name).title
  const tell = (text, name, [x, y]) => say(text.replace("{name}", label(name)).replace("{x}", Math.round(x)).replace("{y}", Math.round(y)))

  const emit = (moves) => {
    Object.assign(state, { moves, seq: state.seq + 1 })
    refresh()
    send({ subject: state.subject, seq: state.seq, moves })
  }
  const settle = () => {
    clearTimeout(state.timer)
    const draft = state.draft
    state.draft = null
    if (!draft) return
    const [x, y] = draft.at.map(round)
    if (x === round(draft.from[0]) && y === round(draft.from[1])) return refresh()
    state.last = draft.name
    emit([...state.moves, [draft.name, x, y]])
  }
  const cancel = () => {
    clearTimeout(state.timer)
    if (!state.draft) return false
    const { name, from } = state.draft
    state.draft = null
    refresh()
    tell(data.text.cancelled, name, from)
    return true
  }
  const undo = () => {
    if (cancel() || !state.moves.length) return
    const move = state.moves.at(-1)
    state.last = move?.[0] ?? null
    emit(state.moves.slice(0, -1))
    say(data.text.undone)
  }
  const reset = () => {
    cancel()
    if (!foldMoves(state.moves).size) return
    state.last = null
    emit([...state.moves, null])
    say(data.text.was_reset)
  }
  const grab = (name, from, pointer) => {
    settle()
    state.draft = { name, from, at: from, pointer }
    refresh()
  }
  const drag = (by) => {
    const { from } = state.draft
    state.draft.at = clamp([from[0] + by[0], from[1] + by[1]])
    refresh()
  }
  const nudge = (name, from, step) => {
    if (state.draft && (state.draft.name !== name || state.draft.pointer)) settle()
    state.draft ??= { name, from, at: from, pointer: null }
    state.draft.at = clamp([state.draft.at[0] + step[0], state.draft.at[1] + step[1]])
    refresh()
    tell(data.text.moved, name, state.draft.at)
    clearTimeout(state.timer)
    // The newest drawing settles: an answer that comes in between has replaced this one.
    state.timer = setTimeout(() => state.settle(), NUDGE_WAIT_MS)
  }
  state.settle = settle
  return { settle, cancel, undo, reset, grab, drag, nudge }
}
