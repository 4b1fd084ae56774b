// Toasts: what was done, in the page's one live region. It leaves `main`, so that swaps leave it alone, and takes in the messages that
// they bring. A toast goes after 8 s unless somebody is at it; Escape closes it, Ctrl or ⌘ with Z is its undo.
import { part } from "./parts.js"

const SHOWN_MS = 8_000
const AGAIN_MS = 2_000
const SHOWN_MAX = 4
let region = null
/** Where the focus was before it came to a toast. */
let focusedBefore = null

function closeToast(toast) {
  const isIn = toast.contains(document.activeElement)
  toast.remove()
  if (isIn)
    (focusedBefore?.isConnected ? focusedBefore : document.getElementById("main")).focus({ preventScroll: true })
}

function leaveLater(toast, ms) {
  setTimeout(() => {
    if (document.hidden || toast.matches(":hover, :focus-within")) leaveLater(toast, AGAIN_MS)
    else closeToast(toast)
  }, ms)
}

/** Whether something that can be pressed lies under the toasts. */
function covers() {
  const box = region.getBoundingClientRect()
  return [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")].some((each) => {
    const { top, bottom, width } = each.getBoundingClientRect()
    return width && bottom > box.top && top < box.bottom
  })
}

/** Where windows are narrow, toasts stand at the top while they would lie on something below, unless they would there too. */
function standClear() {
  const { classList } = region
  classList.remove("above")
  if (covers()) classList.add("above")
  if (covers()) classList.remove("above")
}

const arrivals = new MutationObserver((changes) => {
  for (const { addedNodes } of changes)
    for (const toast of addedNodes) if (toast.dataset?.stays === undefined) leaveLater(toast, SHOWN_MS)
  while (region.children.length > SHOWN_MAX) closeToast(region.firstElementChild)
  standClear()
})

part("#flash:not(.inline)", (flash) => {
  if (region?.isConnected) {
    region.append(...flash.children)
    flash.remove()
    return
  }
  region = flash
  document.body.append(region)
  standClear()
  arrivals.observe(region, { childList: true })
  // What was there when the page came is not read out; what is put in after is.
  setTimeout(() => region.append(...region.children), 100)
})

document.addEventListener("focusin", ({ target, relatedTarget }) => {
  if (region?.contains(target) && !region.contains(relatedTarget)) focusedBefore = relatedTarget
})

document.addEventListener("click", ({ target }) => {
  if (target.closest?.(".toast-close")) closeToast(target.closest(".toast"))
})

document.addEventListener("submit", ({ target }) => {
  if (target.matches(".toast-undo")) setTimeout(() => closeToast(target.closest(".toast")))
})

// Before others hear of the key: what is open on top closes first, and alone.
addEventListener(
  "keydown",
  (event) => {
    const toast = document.activeElement?.closest("#flash > .toast") ?? region?.lastElementChild
    if (!toast || document.querySelector("dialog[open], details.menu[open], :is(:popover-open)")) return
    if (event.key === "Escape") closeToast(toast)
    const isUndo = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey
    const undo = toast.querySelector(".toast-undo button")
    if (!isUndo || !undo || event.target.matches("input, textarea, select")) return
    event.preventDefault()
    undo.click()
  },
  true,
)
