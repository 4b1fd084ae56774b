// What swaps of htmx owe the person: a busy button, the focus where it was, parts that work, and what they opened stays open. Comes with
// htmx, just before it (see live.js). Polling (`every 3s`) and live figures (`moved`) show nothing, because nobody waits for them.

const isWaitedFor = (ctx) => ctx.sourceEvent && !["every", "moved"].includes(ctx.sourceEvent.type)
/** Tells core's line at the top that something began (1) or is over (-1). */
const tellBusy = (by) => document.dispatchEvent(new CustomEvent("purser:busy", { detail: by }))

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!isWaitedFor(ctx)) return
  const button = ctx.sourceEvent.submitter ?? ctx.sourceElement
  ctx.busy = button.matches("button, .button") ? button : null
  ctx.busy?.setAttribute("aria-busy", "true")
  tellBusy(1)
})
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (!isWaitedFor(ctx)) return
  ctx.busy?.removeAttribute("aria-busy")
  tellBusy(-1)
})

// After a swap the focus stays where the person is: on the element of the same id, else on what took its place.
let focused = null
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail
  // An error page is no figure.
  if (event.target.closest?.("[data-live]") && ctx.response.raw.status !== 200) return event.preventDefault()
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
})

// What core puts in place may be htmx's too; what htmx has put there itself it knows.
document.addEventListener("purser:new", ({ target }) => {
  if (target !== document) globalThis.htmx?.process(target)
})

// Loads do not bubble. Between this and the moment when htmx looks at the page there is time to tell it how.
document.addEventListener(
  "load",
  ({ target }) => {
    if (!target.src?.includes("/htmx.min.js")) return
    // What people opened stays open, and what they sent stays sent, when the part around it is swapped.
    htmx.config.morphIgnore.push("open", "data-sent", "aria-busy")
    // Back and forward are those of core.
    htmx.config.history = false
  },
  true,
)
