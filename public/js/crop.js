// A picture before it is sent: chosen, dropped or pasted; cut by pointer, touch and keyboard; made small, so that a photo of 8 MB is not what goes
// over a slow line; sent with its progress. Words stand in the page (views/ui/upload.tsx). The server believes none of it.

const SIDE_MAX = 2048
const BYTES_MAX = 8 * 1024 * 1024
const ZOOM_MAX = 4
const clamp = (value, least, most) => Math.min(Math.max(value, least), most)

/** A picture as the crop shows it, upright, on a canvas: the page may load images of its own only. @throws DOMException */
async function canvasOf(file) {
  const bitmap = await createImageBitmap(file)
  const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return canvas
}

/** What is sent: the smaller of the file and of the same picture drawn again, which also leaves out where it was taken. */
async function smallest(canvas, file) {
  const isPhoto = file.type === "image/jpeg"
  const drawn = await new Promise((done) => canvas.toBlob(done, isPhoto ? "image/jpeg" : "image/png", 0.92))
  return drawn && (isPhoto || drawn.size < file.size) ? drawn : file
}

export default function setUpUpload(root) {
  const input = root.querySelector("input[type=file]")
  const area = root.querySelector(".crop-area")
  const zoom = root.querySelector("input[type=range]")
  const error = root.querySelector("[data-error]")
  const { form } = input
  const aspect = root.classList.contains("wide") ? 16 / 9 : 1
  /** The part that is kept: fractions of the picture. */
  const part = { x: 0, y: 0, width: 1, height: 1 }
  let canvas = null
  let sent = null

  const over = root.querySelector("[data-over]")
  const complain = (words) => {
    over.hidden = true
    error.hidden = !words
    error.lastElementChild.textContent = words ?? ""
    input.toggleAttribute("aria-invalid", Boolean(words))
  }

  function draw() {
    const percent = (fraction) => `${Math.round(fraction * 1000) / 10}%`
    canvas.style.width = `${100 / part.width}%`
    canvas.style.left = `${(-100 * part.x) / part.width}%`
    canvas.style.top = `${(-100 * part.y) / part.height}%`
    zoom.setAttribute("aria-valuetext", `${zoom.value}%`)
    root.querySelector("output").textContent =
      `From the left ${percent(part.x)}, from the top ${percent(part.y)}, zoom ${zoom.value}%`
    const field = form?.elements.crop
    if (field) field.value = [part.x, part.y, part.width].map((each) => Math.min(each, 0.999999).toFixed(6)).join(" ")
  }

  function move(dx, dy) {
    part.x = clamp(part.x + dx, 0, 1 - part.width)
    part.y = clamp(part.y + dy, 0, 1 - part.height)
    draw()
  }

  /** Keeps the middle where it is. */
  function zoomTo(percent) {
    zoom.value = clamp(percent, 100, ZOOM_MAX * 100)
    const width = (Math.min(canvas.width, canvas.height * aspect) / canvas.width) * (100 / zoom.value)
    const height = (width * canvas.width) / aspect / canvas.height
    const [dx, dy] = [(part.width - width) / 2, (part.height - height) / 2]
    Object.assign(part, { width, height })
    move(dx, dy)
  }

  async function choose() {
    const [file] = input.files
    canvas?.remove()
    canvas = null
    const crop = root.querySelector(".crop")
    const isTaken = file && root.dataset.types.includes(file.type)
    complain(!file ? null : !isTaken ? root.dataset.wrong : file.size > BYTES_MAX * 4 ? root.dataset.large : null)
    // Its room is there at once: nothing moves when the picture comes.
    crop.hidden = !file || !error.hidden
    if (crop.hidden) return
    try {
      const made = await canvasOf(file)
      const small = await smallest(made, file)
      // Somebody chose another one meanwhile.
      if (input.files[0] !== file) return
      canvas = made
      sent = small
      area.replaceChildren(canvas)
      Object.assign(part, { x: 0, y: 0, width: 1, height: 1 })
      zoomTo(100)
    } catch {
      crop.hidden = true
      complain(root.dataset.broken)
    }
  }

  const take = (transfer, event) => {
    if (!transfer?.files.length) return
    event.preventDefault()
    input.files = transfer.files
    input.dispatchEvent(new Event("change", { bubbles: true }))
  }
  input.addEventListener("change", choose)
  // On a slow line one may be chosen before this script is here.
  if (input.files.length > 0) choose()
  zoom.addEventListener("input", () => canvas && zoomTo(zoom.value))
  root.addEventListener("dragover", (event) => {
    event.preventDefault()
    root.dataset.over = ""
  })
  root.addEventListener("dragleave", () => delete root.dataset.over)
  root.addEventListener("drop", (event) => {
    delete root.dataset.over
    take(event.dataTransfer, event)
  })
  document.addEventListener("paste", (event) => {
    // Of several, the first is meant; one that a swap took away is none.
    if (document.querySelector("[data-upload]") === root) take(event.clipboardData, event)
  })
  area.addEventListener("keydown", (event) => {
    if (!canvas) return
    const step = part.width * (event.shiftKey ? 0.2 : 0.04)
    const tall = (step * part.height) / part.width
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -tall], ArrowDown: [0, tall] }
    const by = moves[event.key]
    const zooms = { "+": 10, "=": 10, "-": -10 }[event.key]
    if (!by && !zooms) return
    event.preventDefault()
    if (by) move(...by)
    else zoomTo(Number(zoom.value) + zooms)
  })
  dragging(area, {
    move: (dx, dy) => canvas && move((-dx / area.clientWidth) * part.width, (-dy / area.clientHeight) * part.height),
    pinch: (ratio) => canvas && zoomTo(zoom.value * ratio),
  })
  form?.addEventListener("submit", (event) => {
    if (!canvas || event.defaultPrevented) return
    event.preventDefault()
    // Two quick clicks are one.
    if (form.hasAttribute("data-sent")) return
    const data = new FormData(form, event.submitter)
    data.set(input.name, sent, "picture")
    send(form, event.submitter, data, { root, complain, input })
  })
}

/** One pointer moves, two zoom. */
function dragging(area, { move, pinch }) {
  const pointers = new Map()
  const spread = () => {
    const [a, b] = [...pointers.values()]
    return Math.hypot(a.x - b.x, a.y - b.y)
  }
  area.addEventListener("pointerdown", (event) => {
    area.setPointerCapture(event.pointerId)
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
  })
  area.addEventListener("pointermove", (event) => {
    const from = pointers.get(event.pointerId)
    if (!from) return
    const before = pointers.size === 2 ? spread() : 0
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y]
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    if (pointers.size === 1) move(dx, dy)
    else if (before > 0) pinch(spread() / before)
  })
  for (const end of ["pointerup", "pointercancel"])
    area.addEventListener(end, (event) => pointers.delete(event.pointerId))
}

/** By XMLHttpRequest: `fetch` does not say how much of a body has left. Success leads on; errors come beside the field. */
function send(form, submitter, data, { root, complain, input }) {
  const sending = root.querySelector(".sending")
  const busy = (is) => {
    sending.hidden = !is
    form.toggleAttribute("data-sent", is)
    submitter?.[is ? "setAttribute" : "removeAttribute"]("aria-busy", "true")
  }
  const request = new XMLHttpRequest()
  const { action } = form
  request.open("POST", action)
  request.setRequestHeader("x-swap", "1")
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    sending.firstElementChild.value = loaded / total
    sending.lastElementChild.textContent = `${Math.floor((100 * loaded) / total)}%`
  })
  request.addEventListener("load", () => {
    const to = request.getResponseHeader("x-location") ?? (request.responseURL === action ? null : request.responseURL)
    const isOver = to && new URL(to, location).pathname === "/console/login"
    if (to && !isOver) return location.assign(to)
    busy(false)
    // The page stays, and with it the picture: its form counts again once the same person has signed in.
    if (isOver) {
      root.querySelector("[data-over]").hidden = false
      return
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html")
    const said = page.getElementById(`${input.id}-error`) ?? page.querySelector("[role=alert]:not([hidden]), h1 + p")
    complain(said?.textContent.trim() || root.dataset.unreached)
  })
  request.addEventListener("error", () => {
    busy(false)
    complain(root.dataset.unreached)
  })
  complain(null)
  busy(true)
  request.send(data)
}
