// Reads charts (views/ui/chart): the words of the place under the pointer, the finger or the keys, at once; a key that brings a series
// forward or takes it away. What there is to say stands in the page: each `.hit` has its words, a line per series.

/** @type {Set<Chart>} */
const charts = new Set()
/** @type {Chart | null} The one that shows something. */
let open = null

// What a live page has changed is drawn as it was before; what a swap took away is forgotten.
document.addEventListener("purser:new", () => {
  for (const chart of charts) chart.figure.isConnected ? chart.draw() : charts.delete(chart)
})
document.addEventListener("pointerdown", ({ target }) => {
  if (open && !open.probe.contains(target)) open.hide()
})

/** Marks of the key and of the words look the same. */
const DRAWING = ".plot .stage > svg"
const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text })
const toneOf = (mark) => /tone-(\d)/.exec(mark.getAttribute("class"))
const put = ({ style }, x, y) => Object.assign(style, { left: `${x}px`, top: `${y}px` })
const two = (number) => String(number).padStart(2, "0")

/** What the reader's clock shows at a full hour of the UTC day: "15", and in some places "15:30". */
function localHour(at, hour) {
  const date = new Date(at)
  date.setUTCHours(hour, 0)
  const minutes = date.getMinutes()
  return two(date.getHours()) + (minutes ? `:${two(minutes)}` : "")
}

/** Patterns beside hues, for all charts from now on. @param wanted when somebody has just chosen */
function showPatterns(wanted) {
  try {
    if (wanted !== undefined) localStorage.setItem("patterns", wanted ? "1" : "")
    const isOn = localStorage.getItem("patterns") === "1"
    document.documentElement.toggleAttribute("data-patterns", isOn)
    for (const button of document.querySelectorAll("button[data-patterns]")) button.setAttribute("aria-pressed", isOn)
  } catch {
    // A browser that keeps nothing shows hues.
  }
}

class Chart {
  /** Places of series in the key that were taken away. */
  off = new Set()
  /** Place that is shown; -1 = none. */
  at = -1

  constructor(probe) {
    this.probe = probe
    this.figure = probe.closest(".chart, .donut")
    this.input = probe.children[0]
    this.cross = probe.children[1]
    this.tip = probe.children[2]
    this.columns = Number(probe.dataset.columns)
  }

  all(selector) {
    return [...this.figure.querySelectorAll(selector)]
  }
  get names() {
    return this.all(".key button:not([data-patterns])")
  }

  /** The head of a place, and its lines that are not taken away; those of a series with its place in the key. */
  linesOf(hit, index) {
    const [head, ...rows] = (hit.querySelector("title")?.textContent ?? hit.title).split("\n")
    const lines = rows.map((text, place) => ({ text, place })).filter(({ place }) => !this.off.has(place))
    // A sum of all is none of some.
    if (this.off.size > 0 && rows.length > this.names.length) lines.pop()
    const hour = this.columns ? this.all("[data-hour]")[index % this.columns].dataset : null
    if (hour && new Date(Number(hour.at)).getTimezoneOffset()) {
      const [from, to] = [0, 1].map((more) => localHour(Number(hour.at), Number(hour.hour) + more))
      lines.push({ text: `On your clock: ${from} to ${to}` })
    }
    return [head, lines]
  }

  lineOf({ text, place }) {
    const cut = text.lastIndexOf(": ")
    const line = make("p")
    const swatch = this.names[place]?.querySelector("svg")
    if (swatch) line.append(swatch.cloneNode(true))
    if (cut >= 0) line.append(make("bdi", text.slice(0, cut)))
    line.append(make("b", cut < 0 ? text : text.slice(cut + 2)))
    return line
  }

  /** What keys have come to, for whoever listens; a passing pointer is silent. */
  say(index) {
    const hit = this.all(".hit")[index]
    if (!hit) return
    const [head, lines] = this.linesOf(hit, index)
    this.input.value = index
    this.input.setAttribute("aria-valuetext", [head, ...lines.map(({ text }) => text)].join(", "))
  }

  show(index) {
    const hits = this.all(".hit")
    const hit = hits[index]
    if (!hit) return this.hide()
    if (open !== this) open?.hide()
    open = this
    this.at = index
    this.input.max = hits.length - 1
    const [head, lines] = this.linesOf(hit, index)
    this.tip.replaceChildren(make("p", head), ...lines.map((line) => this.lineOf(line)))
    this.place(hit)
    this.dots(hits.length)
    this.dim(hit)
  }

  place(hit) {
    const { probe, cross, tip } = this
    const box = probe.getBoundingClientRect()
    const { left, right, top, bottom, width, height } = hit.getBoundingClientRect()
    cross.hidden = tip.hidden = false
    put(cross, left - box.left, top - box.top)
    Object.assign(cross.style, { width: `${width}px`, height: `${height}px` })
    const after = right - box.left + 8
    const x = after + tip.offsetWidth > box.width ? left - box.left - 8 - tip.offsetWidth : after
    const above = top - box.top - tip.offsetHeight - 8
    const y = this.figure.dataset.kind ? 0 : above < 0 ? bottom - box.top + 8 : above
    put(tip, Math.max(0, Math.min(x, box.width - tip.offsetWidth)), y)
  }

  /** Where the lines are at that place. */
  dots(slots) {
    for (const dot of this.all(".dot")) dot.remove()
    const box = this.probe.getBoundingClientRect()
    const x = ((this.at + 0.5) * 1000) / slots
    for (const path of this.at < 0 ? [] : this.all(`${DRAWING} .line:not(.off)`)) {
      const points = path.getAttribute("d").matchAll(/([\d.]+),([\d.]+)/g)
      const point = [...points].find(([, from]) => Math.abs(from - x) < 0.1)
      if (!point) continue
      const { a, d, e, f } = path.getScreenCTM()
      const dot = make("i")
      dot.className = `dot ${toneOf(path)[0]}`
      put(dot, e + a * x - box.left, f + d * point[2] - box.top)
      this.probe.append(dot)
    }
  }

  /** In a ring the others step back. */
  dim(hit) {
    if (!this.figure.matches(".donut")) return
    for (const one of this.all(".hit")) one.classList.toggle("dim", Boolean(hit) && one !== hit)
  }

  hide() {
    this.at = -1
    open = null
    this.cross.hidden = this.tip.hidden = true
    this.dots(0)
    this.dim()
  }

  /** Shows which series are there. @param lit the one that is brought forward */
  draw(lit = -1) {
    for (const [place, button] of this.names.entries()) button.setAttribute("aria-pressed", !this.off.has(place))
    const { zero } = this.figure.dataset
    const tops = {}
    for (const mark of this.all(`${DRAWING} :is(.drawn, .line, .point)`)) {
      const place = toneOf(mark)[1] - 1
      mark.classList.toggle("off", this.off.has(place))
      mark.classList.toggle("dim", lit >= 0 && lit !== place)
      // What stood on a part that is gone comes down.
      if (!zero || this.off.has(place) || !mark.matches("rect")) continue
      const x = mark.getAttribute("x")
      tops[x] = (tops[x] ?? Number(zero)) - mark.getAttribute("height")
      mark.setAttribute("y", Math.round(tops[x] * 100) / 100)
    }
    for (const head of this.all("[data-hour]"))
      head.textContent = localHour(Number(head.dataset.at), Number(head.dataset.hour))
    showPatterns()
    if (this.at >= 0) this.show(this.at)
  }

  press(button) {
    if (button.matches("[data-patterns]")) return showPatterns(button.getAttribute("aria-pressed") !== "true")
    const place = this.names.indexOf(button)
    if (!this.off.delete(place)) this.off.add(place)
    // With none left there is nothing to see: all come back.
    if (this.off.size === this.names.length) this.off.clear()
    this.say(Number(this.input.value))
    this.draw(this.off.has(place) ? -1 : place)
  }

  /** Under the pointer or the finger. */
  read({ clientX, clientY, pointerType }) {
    const under = document.elementsFromPoint(clientX, clientY)
    const index = this.all(".hit").findIndex((hit) => under.includes(hit))
    if (index >= 0) this.show(index)
    else if (pointerType === "mouse") this.rest()
  }

  /** Back to where the keys are, if they are here. */
  rest() {
    if (this.input.matches(":focus-visible")) this.show(Number(this.input.value))
    else this.hide()
  }

  key(event) {
    const rows = { ArrowUp: -this.columns, ArrowDown: this.columns }[event.key]
    const next = Number(this.input.value) + rows
    if (event.key === "Escape" && this.at >= 0) this.hide()
    else if (!rows) return
    else if (next >= 0 && next <= Number(this.input.max)) {
      this.say(next)
      this.show(next)
    }
    event.preventDefault()
    event.stopPropagation()
  }

  listen() {
    const { probe, input, figure } = this
    const keyed = () => {
      this.say(Number(input.value))
      this.show(Number(input.value))
    }
    probe.addEventListener("pointermove", (event) => this.read(event))
    probe.addEventListener("pointerdown", (event) => this.read(event))
    // A finger that is lifted leaves what it has found; one that scrolls has found nothing.
    probe.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.rest())
    probe.addEventListener("pointercancel", () => this.hide())
    input.addEventListener("input", keyed)
    input.addEventListener("focus", () => input.matches(":focus-visible") && keyed())
    input.addEventListener("blur", () => this.hide())
    input.addEventListener("keydown", (event) => this.key(event))
    figure.addEventListener("click", ({ target }) => {
      const button = target.closest(".key button")
      if (button) this.press(button)
    })
    for (const kind of ["pointerover", "pointerout", "focusin", "focusout"])
      figure.addEventListener(kind, ({ target }) => {
        const place = this.names.indexOf(target.closest(".key button"))
        if (place >= 0) this.draw(/(in|over)$/.test(kind) && !this.off.has(place) ? place : -1)
      })
  }
}

/** @param probe the `.probe` of a chart */
export default function setUpChart(probe) {
  const chart = new Chart(probe)
  charts.add(chart)
  chart.listen()
  chart.say(Number(chart.input.value))
  chart.draw()
}
