// What swaps of htmx owe the person: a busy button, the focus where it was, parts that work. Polling (`every 3s`) and live figures
// (`moved`) show nothing, because nobody waits for them.
import { ended, started } from "./busy.js"
import { setUp } from "./parts.js"

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
