// A file sent straight from the browser to the pose server, with its progress. The page learns its name when it is there.
const MEGABYTE = 1e6
const mega = (bytes) => (bytes / MEGABYTE).toFixed(1)
const filled = (text, values) => Object.entries(values).reduce((done, [name, value]) => done.replaceAll(`{${name}}`, value), text)

function draw(root, data, state, tell) {
  const { text } = data
  const message = html("p", { class: "message", role: "status" })
  const bar = html("progress", { max: 1, value: 0, hidden: true, "aria-label": text.label })
  const input = html("input", { type: "file", accept: "video/*", class: "visually-hidden", tabindex: -1, "aria-hidden": "true" })
  const choose = html("button", { type: "button", class: "choose" }, text.choose)
  const stop = html("button", { type: "button", class: "choose", hidden: true }, text.cancel)
  const zone = html("div", { class: "zone" }, choose, stop, html("span", { class: "drop" }, text.drop), input)
  choose.onclick = () => input.click()

  const settle = (words, kind = "") => {
    message.textContent = words
    message.dataset.kind = kind
    bar.hidden = true
    stop.hidden = true
    choose.hidden = false
  }
  const send = (file) => {
    if (!file) return
    if (file.size === 0) return settle(text.empty, "error")
    if (file.size > data.max_bytes) return settle(text.too_large, "error")
    const request = new XMLHttpRequest()
    state.request = request
    choose.hidden = true
    stop.hidden = false
    bar.hidden = false
    bar.value = 0
    stop.onclick = () => request.abort()
    request.upload.onprogress = (event) => {
      bar.value = event.total ? event.loaded / event.total : 0
      message.textContent = filled(text.progress, { done: mega(event.loaded), total: mega(event.total) })
      message.dataset.kind = ""
    }
    request.onabort = () => settle("")
    request.onerror = () => settle(text.failed, "error")
    request.onload = () => {
      state.request = null
      if (request.status !== 200) return settle(text.failed, "error")
      const answer = JSON.parse(request.responseText)
      settle(filled(text.done, { name: file.name, size: mega(file.size) }))
      tell({ upload: answer.upload, name: file.name, size: file.size })
    }
    request.open("PUT", data.url)
    request.setRequestHeader("Content-Type", "application/octet-stream")
    request.send(file)
  }
  input.onchange = () => { send(input.files[0]); input.value = "" }
  zone.ondragover = (event) => { event.preventDefault(); zone.classList.add("over") }
  zone.ondragleave = () => zone.classList.remove("over")
  zone.ondrop = (event) => { event.preventDefault(); zone.classList.remove("over"); send(event.dataTransfer.files[0]) }
  root.replaceChildren(html("span", { class: "label" }, text.label), zone, bar, message)
  return () => state.request?.abort()
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".upload")
  return drawOnce(parentElement, data, { request: null }, (state) => draw(root, data, state, (clip) => setTriggerValue("clip", clip)))
}
