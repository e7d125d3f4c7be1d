// A ZIP file of files as they are (stored, not compressed): pictures are compressed already. The parts stay files of
// the browser, so nothing but one file at a time is in memory.
const CRC = new Uint32Array(256).map((_, n) => {
  let value = n
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value
})

function crc32(bytes) {
  let value = 0xffffffff
  for (let i = 0; i < bytes.length; i++) value = CRC[(value ^ bytes[i]) & 0xff] ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

// Numbers as little-endian fields, two or four bytes each.
function fields(...pairs) {
  const size = pairs.reduce((sum, [bytes]) => sum + bytes, 0)
  const view = new DataView(new ArrayBuffer(size))
  let at = 0
  for (const [bytes, value] of pairs) {
    if (bytes === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += bytes
  }
  return new Uint8Array(view.buffer)
}

const UTF8_NAMES = 0x0800
const JANUARY_1980 = 0x21

// Gives the archive as a Blob. `files` are pairs of path and File; `tell` hears how many are packed; `stopped` ends it.
async function zipOf(files, tell, stopped) {
  const parts = []
  const directory = []
  let offset = 0
  for (const [index, [path, file]] of files.entries()) {
    if (stopped()) return null
    const name = new TextEncoder().encode(path)
    const crc = crc32(new Uint8Array(await file.arrayBuffer()))
    const common = [[2, 20], [2, UTF8_NAMES], [2, 0], [2, 0], [2, JANUARY_1980], [4, crc], [4, file.size], [4, file.size], [2, name.length], [2, 0]]
    parts.push(fields([4, 0x04034b50], ...common), name, file)
    directory.push(fields([4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), name)
    offset += 30 + name.length + file.size
    tell(index + 1)
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0)
  const end = fields([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, length], [4, offset], [2, 0])
  return new Blob([...parts, ...directory, end], { type: "application/zip" })
}
