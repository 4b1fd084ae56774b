// The confirm page of a link in a dialog: opened at once, one at a time, with an entry of the history so that Back closes it. Any
// surprise falls back to the page itself.
import { linkOf } from "./busy.js"
import { ask, bring, firstOf, leave, mayLeave, successor } from "./page.js"
import { setUp } from "./parts.js"
import { say, UNREACHED } from "./say.js"

/** A second press of a hurried double click must not close what the first opened. */
const HURRY_MS = 500

let dialog = null
let opener = null
let loading = null
/** An entry that is not needed any more is being left; the next one waits for that. */
let leaving = false

const enter = () => history.pushState({ ...history.state, dialog: true }, "")

function make() {
  const made = document.createElement("dialog")
  const openedAt = performance.now()
  let outside = false
  let typed = false
  made.setAttribute("aria-labelledby", "confirm-title")
  made.addEventListener("input", () => {
    typed = true
  })
  made.addEventListener("pointerdown", ({ target, clientX, clientY }) => {
    const { left, right, top, bottom } = made.getBoundingClientRect()
    outside = target === made && (clientX < left || clientX > right || clientY < top || clientY > bottom)
  })
  made.addEventListener("click", (event) => {
    const closes = event.target.closest("[data-close]")
    const isHurried = performance.now() - openedAt < HURRY_MS
    if (!closes && (!outside || typed || isHurried)) return
    event.preventDefault()
    // By keys (no clicks counted) the second press comes to the button that waits to be the way back.
    if (isHurried && !event.detail) return
    if (!isSending() && mayLeave(made)) shut()
  })
  made.addEventListener("cancel", (event) => {
    if (event.target === made && (isSending() || !mayLeave(made))) event.preventDefault()
  })
  made.addEventListener("close", () => {
    if (made === dialog) shut()
  })
  return made
}

const isSending = () => dialog?.querySelector("form[data-sent]")

function stand() {
  if (dialog?.open) return
  // Closed by the browser, which has not said so yet.
  shut()
  dialog = make()
  document.body.append(dialog)
  dialog.showModal()
  if (!leaving) enter()
}

/** Puts the question or the form into the dialog, which opens for it. @param from where the focus goes afterwards */
export function fill(confirm, from = opener) {
  stand()
  opener = from
  dialog.replaceChildren(confirm)
  dialog.removeAttribute("aria-busy")
  setUp(confirm)
  const fields = "input:not([type=hidden]), select, textarea, [data-close]"
  ;(firstOf(confirm) ?? confirm.querySelector(fields))?.focus()
}

function wait(name) {
  const confirm = document.createElement("section")
  confirm.className = "confirm"
  confirm.innerHTML =
    '<h1 id="confirm-title"></h1><p class="quiet">Loading…</p><div class="actions"><button type="button" class="button plain" data-close>Cancel</button></div>'
  confirm.firstChild.textContent = name
  fill(confirm)
  dialog.setAttribute("aria-busy", "true")
}

async function open(link) {
  loading?.abort()
  opener = link
  wait((link.getAttribute("aria-label") ?? link.textContent).trim())
  const mine = new AbortController()
  loading = mine
  try {
    const { ok, page } = await ask(link.href, { signal: mine.signal })
    const confirm = ok && page?.getElementById("confirm")
    if (!confirm) throw new Error("not a confirm page")
    await bring(page)
    if (mine === loading) fill(confirm)
  } catch (error) {
    if (mine !== loading) return
    // Browsers say so when there is no connection.
    if (!(error instanceof TypeError)) return leave(link.href)
    shut()
    say(UNREACHED)
  }
}

/** Closes the dialog, if one is open; the focus goes back to the link that opened it, or to what took its place. */
export function shut() {
  if (!dialog) return
  const old = dialog
  dialog = null
  loading?.abort()
  loading = null
  old.close()
  old.remove()
  if (history.state?.dialog) {
    leaving = true
    history.back()
  }
  const place = opener?.isConnected ? opener : opener && successor(opener, document)
  // From a menu that closed meanwhile.
  const menu = place?.checkVisibility() === false && place.closest("[popover]")
  ;(menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : place)?.focus({ preventScroll: true })
}

addEventListener("popstate", () => {
  if (leaving) {
    leaving = false
    if (dialog) enter()
  } else if (dialog && !history.state?.dialog) mayLeave(dialog) ? shut() : enter()
})

document.addEventListener("click", (event) => {
  const link = linkOf(event, "a[data-dialog]")
  if (!link) return
  event.preventDefault()
  open(link)
})
