// One submit at a time, and signs that something slow is under way: a busy button, a bar at the top after 300 ms.
import { each } from "./parts.js"
import "./theme.js"

const bar = document.createElement("div")
bar.className = "loading"
/** What is under way. */
let running = 0

/** Something that a person waits for has begun; `ended` says when it is over. */
export function started() {
  running++
  setTimeout(() => {
    if (running > 0) document.body.append(bar)
  }, 300)
}
export function ended() {
  running = Math.max(0, running - 1)
  if (running === 0) bar.remove()
}

document.addEventListener("submit", (event) => {
  const form = event.target
  if (event.defaultPrevented) return
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
