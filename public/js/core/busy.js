// Signs that something slow is under way: a line at the top after 300 ms, also for links, until the next page is here.
import { each } from "./parts.js"

const bar = document.createElement("div")
bar.className = "loading"
/** What is under way; scripts outside of the core read it as `data-busy` of the body. */
let running = 0
const tell = () => document.body.toggleAttribute("data-busy", running > 0)

/** Something that a person waits for has begun; `ended` says when it is over. */
export function started() {
  running++
  tell()
  setTimeout(() => {
    if (running > 0) (document.querySelector("dialog[open]") ?? document.body).append(bar)
  }, 300)
}
export function ended() {
  running = Math.max(0, running - 1)
  tell()
  if (running === 0) bar.remove()
}

// Modules of their own say it by an event.
document.addEventListener("purser:busy", ({ detail }) => (detail > 0 ? started() : ended()))

/** Left to the browser: it opens another window, saves a file, or stays on the page. */
const staysHere = (link, event) =>
  event.ctrlKey ||
  event.metaKey ||
  event.shiftKey ||
  event.altKey ||
  event.button !== 0 ||
  link.target ||
  link.hasAttribute("download")

/** The link that a plain click follows, if it is one of `selector`. */
export function linkOf(event, selector) {
  const link = event.target.closest?.(selector)
  return link && !event.defaultPrevented && !staysHere(link, event) ? link : null
}

// On the window: whatever follows links in its own way has been asked before.
addEventListener("click", (event) => {
  const link = linkOf(event, "a[href]")
  if (!link || link.origin !== location.origin) return
  // Files stay on the page, and so do places on it.
  if (/\.\w+$/.test(link.pathname) || (link.hash && link.href.split("#")[0] === location.href.split("#")[0])) return
  started()
  // A stopped navigation tells nobody.
  setTimeout(ended, 15_000)
})

/** The form is under way, or, with false, can be sent again. */
export function lock(form, submitter, isSent = true) {
  form.toggleAttribute("data-sent", isSent)
  if (isSent) submitter?.setAttribute("aria-busy", "true")
  else submitter?.removeAttribute("aria-busy")
}

// Back from the cache: forms can be sent again, and nothing is under way.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return
  each(document, "form[data-sent]", (form) => form.removeAttribute("data-sent"))
  each(document, "button[aria-busy]", (button) => button.removeAttribute("aria-busy"))
  running = 0
  tell()
  bar.remove()
})
