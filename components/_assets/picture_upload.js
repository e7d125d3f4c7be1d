// Pictures, a folder or a ZIP file, sent straight from the browser to the pose server with its progress.
const PICTURE = /\.(jpe?g|png|webp|hei[cf])$/i
const ARCHIVE = /\.zip$/i
const ANNOTATIONS = /\.json$/i
const mega = (bytes) => (bytes / 1e6).toFixed(1)
const filled = (text, values) => Object.entries(values).reduce((done, [name, value]) => done.replaceAll(`{${name}}`, value), text)

// Files below an entry that was dropped, with their paths.
async function filesOf(entry, folder = "") {
  if (entry.isFile) return [[folder + entry.name, await new Promise((resolve, reject) => entry.file(resolve, reject))]]
  const reader = entry.createReader()
  const found = []
  for (;;) {
    // It gives a hundred at a time.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    if (!some.length) return found
    for (const each of some) found.push(...await filesOf(each, `${folder}${entry.name}/`))
  }
}

function draw(root, data, state, tell) {
  const { text } = data
  const message = html("p", { class: "message", role: "status" })
  const bar = html("progress", { max: 1, value: 0, hidden: true, "aria-label": text.label })
  const hidden = { type: "file", multiple: true, class: "visually-hidden", tabindex: -1, "aria-hidden": "true" }
  const files = html("input", { ...hidden, accept: "image/*,.zip,.json,.heic,.heif" })
  const folder = html("input", { ...hidden, webkitdirectory: true })
  const chooseFiles = html("button", { type: "button", class: "choose" }, text.files)
  const chooseFolder = html("button", { type: "button", class: "choose" }, text.folder)
  const stop = html("button", { type: "button", class: "choose", hidden: true }, text.cancel)
  const zone = html("div", { class: "zone" }, chooseFiles, chooseFolder, stop, html("span", { class: "drop" }, text.drop), files, folder)
  chooseFiles.onclick = () => files.click()
  chooseFolder.onclick = () => folder.click()

  const busy = (on) => {
    bar.hidden = stop.hidden = !on
    chooseFiles.hidden = chooseFolder.hidden = on
    if (on) bar.value = 0
  }
  const say = (words, kind = "") => {
    message.textContent = words
    message.dataset.kind = kind
  }
  const settle = (words, kind) => {
    busy(false)
    say(words, kind)
  }
  stop.onclick = () => {
    state.stopped = true
    state.request?.abort()
    settle("")
  }

  const send = (archive, name) => {
    if (archive.size > data.max_bytes) return settle(filled(text.too_large, { size: mega(archive.size) }), "error")
    const request = new XMLHttpRequest()
    state.request = request
    request.upload.onprogress = (event) => {
      bar.value = event.total ? event.loaded / event.total : 0
      say(filled(text.progress, { done: mega(event.loaded), total: mega(event.total) }))
    }
    request.onerror = () => settle(text.failed, "error")
    request.onload = () => {
      state.request = null
      if (request.status !== 200) return settle(text.failed, "error")
      settle("")
      tell({ upload: JSON.parse(request.responseText).upload, name, size: archive.size })
    }
    request.open("PUT", data.url)
    request.setRequestHeader("Content-Type", "application/zip")
    request.send(archive)
  }

  const take = async (chosen) => {
    if (!chosen.length) return
    state.stopped = false
    busy(true)
    const [only] = chosen
    if (chosen.length === 1 && ARCHIVE.test(only[0])) return only[1].size ? send(only[1], only[0]) : settle(text.empty, "error")
    const wanted = chosen.filter(([path]) => PICTURE.test(path) || ANNOTATIONS.test(path))
    const pictures = wanted.filter(([path]) => PICTURE.test(path)).length
    if (!pictures) return settle(text.no_pictures, "error")
    if (pictures > data.max_pictures) return settle(filled(text.too_many, { count: pictures, most: data.max_pictures }), "error")
    const size = wanted.reduce((sum, [, file]) => sum + file.size, 0)
    if (size > data.max_bytes) return settle(filled(text.too_large, { size: mega(size) }), "error")
    try {
      const archive = await zipOf(wanted, (done) => {
        bar.value = done / wanted.length
        say(filled(text.packing, { done, total: wanted.length }))
      }, () => state.stopped)
      if (archive) send(archive, wanted[0][0].includes("/") ? wanted[0][0].split("/")[0] : wanted[0][0])
    } catch {
      // A file that was moved or changed since it was chosen.
      settle(text.failed, "error")
    }
  }

  files.onchange = () => { take([...files.files].map((file) => [file.name, file])); files.value = "" }
  folder.onchange = () => { take([...folder.files].map((file) => [file.webkitRelativePath || file.name, file])); folder.value = "" }
  zone.ondragover = (event) => { event.preventDefault(); zone.classList.add("over") }
  zone.ondragleave = () => zone.classList.remove("over")
  zone.ondrop = async (event) => {
    event.preventDefault()
    zone.classList.remove("over")
    // Entries must be taken before anything is awaited: afterwards the browser has emptied the list.
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean)
    const lists = await Promise.all(entries.map((entry) => filesOf(entry)))
    take(lists.flat())
  }
  root.replaceChildren(html("span", { class: "label" }, text.label), zone, bar, message)
  return () => {
    state.stopped = true
    state.request?.abort()
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".upload")
  const start = { request: null, stopped: false }
  return drawOnce(parentElement, data, start, (state) => draw(root, data, state, (archive) => setTriggerValue("archive", archive)))
}
