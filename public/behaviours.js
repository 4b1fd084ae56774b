// Small helpers on top of pages that already work: copy, countdown, slider and number, dialogs, theme, one submit at a time, and
// signs that something slow is under way. Owns no state and no markup; everything hangs on data attributes, and parts that htmx
// puts into the page work like those that came with it.

const each = (root, selector, act) => {
  for (const element of root.querySelectorAll(selector)) act(element)
}

/** Copies the text of the element named by `data-copy`, and says so for two seconds. */
async function copy(button) {
  const words = button.querySelector("span")
  const source = document.getElementById(button.dataset.copy)
  button.dataset.label ??= words.textContent
  try {
    await navigator.clipboard.writeText(source.textContent)
    words.textContent = "Copied"
  } catch {
    getSelection().selectAllChildren(source)
    words.textContent = "Press Ctrl+C"
  }
  setTimeout(() => {
    words.textContent = button.dataset.label
  }, 2000)
}

/** One timer per countdown, also when a swap has set it anew. */
const countdowns = new WeakMap()

/** Ticks `data-countdown` (ms left when the page was made) and frees the button `data-enables` at the end. */
function setUpCountdown(element) {
  const end = performance.now() + Number(element.dataset.countdown)
  const tick = () => {
    if (!element.isConnected) return
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000))
    const all = seconds >= 3600 ? Math.ceil(seconds / 60) : Math.floor(seconds / 60)
    const hours = Math.floor(all / 60)
    const minutes = all % 60
    element.textContent =
      hours > 0
        ? `${hours} h${minutes > 0 ? ` ${minutes} min` : ""}`
        : minutes > 0
          ? `${minutes} min ${seconds % 60} s`
          : `${seconds} s`
    if (seconds > 0) {
      countdowns.set(element, setTimeout(tick, 1000))
      return
    }
    element.textContent = "now"
    const button = document.getElementById(element.dataset.enables)
    if (button) button.disabled = false
  }
  clearTimeout(countdowns.get(element))
  tick()
}

/** Keeps a slider and the number field `data-sync` names at the same value; the field is what is sent. */
function setUpSlider(slider) {
  const field = document.getElementById(slider.dataset.sync)
  const about = document.querySelector(`[data-about="${slider.dataset.sync}"]`)
  const say = () => {
    if (about) about.textContent = Math.floor(Number(field.value) / Number(about.dataset.each)).toLocaleString("en")
  }
  slider.addEventListener("input", () => {
    field.value = slider.value
    say()
  })
  field.addEventListener("input", () => {
    slider.value = field.value
    say()
  })
}

/** Adds up the ticked limits of a form, whose fields begin with `data-total`; unticked scopes cost nothing. */
function setUpTotal(total) {
  const { form } = document.querySelector(`input[name^="${total.dataset.total}"]`)
  const say = () => {
    let sum = 0
    each(form, `input[name^="${total.dataset.total}"]`, (field) => {
      const box = form.querySelector(`input[name="scope"][value="${field.name.slice(total.dataset.total.length)}"]`)
      if (!box || box.checked) sum += Math.max(0, Number(field.value) || 0)
    })
    total.textContent = `${sum.toLocaleString("en")} ${sum === 1 ? "credit" : "credits"}`
  }
  form.addEventListener("input", say)
  total.closest("[hidden]")?.removeAttribute("hidden")
  say()
}

/** Opens the confirm page of a link in a dialog; any surprise falls back to the page itself. */
async function openDialog(link) {
  try {
    const answer = await fetch(link.href)
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const part = page.querySelector("#confirm")
    if (!answer.ok || !part) throw new Error("not a confirm page")
    const dialog = document.createElement("dialog")
    dialog.setAttribute("aria-labelledby", "confirm-title")
    dialog.append(document.adoptNode(part))
    dialog.addEventListener("click", (event) => {
      if (!event.target.closest("[data-close]") && event.target !== dialog) return
      event.preventDefault()
      dialog.close()
    })
    dialog.addEventListener("close", () => {
      dialog.remove()
      link.focus()
    })
    document.body.append(dialog)
    setUp(dialog)
    dialog.showModal()
    const field = dialog.querySelector("input:not([type=hidden]), select, textarea")
    ;(field ?? dialog.querySelector("[data-close]")).focus()
  } catch {
    location.assign(link.href)
  }
}

document.addEventListener("click", (event) => {
  const copier = event.target.closest?.("[data-copy]")
  if (copier) return copy(copier)
  const link = event.target.closest?.("a[data-dialog]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  openDialog(link)
})

/** The bar at the top, for what takes longer than 300 ms. Counts what is under way. */
const bar = document.createElement("div")
bar.className = "loading"
let running = 0
function started() {
  running++
  setTimeout(() => {
    if (running > 0) document.body.append(bar)
  }, 300)
}
function ended() {
  running = Math.max(0, running - 1)
  if (running === 0) bar.remove()
}

/** The page turns at once; the server hears of it after, for the next page. */
function changeTheme(form, theme) {
  document.documentElement.dataset.theme = theme
  document.querySelector('meta[name="color-scheme"]').content = theme === "system" ? "light dark" : theme
  each(document, ".theme button", (button) => button.setAttribute("aria-pressed", button.value === theme))
  const body = new URLSearchParams(new FormData(form))
  body.set("theme", theme)
  fetch(form.action, { method: "POST", body, redirect: "manual" })
}

document.addEventListener("submit", (event) => {
  const form = event.target
  if (event.defaultPrevented) return
  if (form.matches(".theme")) {
    event.preventDefault()
    changeTheme(form, event.submitter.value)
    return
  }
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  // A filter or a search may be sent again; what changes something may not.
  if (form.method === "post") form.dataset.sent = "yes"
  event.submitter?.setAttribute("aria-busy", "true")
  started()
})

// Back from the cache: forms can be sent again, and nothing is under way.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return
  each(document, "form[data-sent]", (form) => {
    delete form.dataset.sent
  })
  each(document, "button[aria-busy]", (button) => button.removeAttribute("aria-busy"))
  running = 0
  bar.remove()
})

// htmx: the pressed button is busy while its request runs. Polling (`every 3s`) and live figures (`moved`) show nothing, because
// nobody waits for them.
const waitedFor = (ctx) => ctx.sourceEvent && !["every", "moved"].includes(ctx.sourceEvent.type)
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!waitedFor(ctx)) return
  const button = ctx.sourceEvent.submitter ?? ctx.sourceElement
  ctx.busy = button.matches("button, .button") ? button : null
  ctx.busy?.setAttribute("aria-busy", "true")
  started()
})
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!waitedFor(ctx)) return
  ctx.busy?.removeAttribute("aria-busy")
  ended()
})

// After a swap the focus stays where the person is: on the element of the same id, else on what took its place.
let focused = null
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const target = typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target
  const inside = target?.contains(document.activeElement) && document.activeElement !== document.body
  focused = inside ? { id: document.activeElement.id, around: target.id } : null
})
document.addEventListener("htmx:after:swap", () => {
  if (focused && document.activeElement === document.body) {
    const place = document.getElementById(focused.id) ?? document.getElementById(focused.around)
    if (place && !place.matches("a, button, input, select, textarea, [tabindex]")) place.tabIndex = -1
    place?.focus({ preventScroll: true })
  }
  focused = null
  setUp(document)
})

// The phone menu closes on Escape and gives the focus back.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? document.querySelector("details.menu[open]") : null
  if (!menu) return
  menu.open = false
  menu.querySelector("summary").focus()
})

// A swap may bring a countdown, or change one that ticks.
document.addEventListener("htmx:after:swap", (event) => each(event.target, "[data-countdown]", setUpCountdown))

/** Sets up what is new below `root`; what was set up before is left alone. */
function setUp(root) {
  const once = (selector, act) =>
    each(root, selector, (element) => {
      if (element.ready) return
      element.ready = true
      act(element)
    })
  once("[data-countdown]", setUpCountdown)
  once("input[data-sync]", setUpSlider)
  once("[data-total]", setUpTotal)
}
setUp(document)
