// What few people ask for comes with the first click: `data-load` names a module whose default export is given the element. The palette
// has keys, too.
import { linkOf } from "./busy.js"

/** What is typed on the way to a module; null when none is on its way. */
let typed = null

document.addEventListener("click", (event) => {
  const element = linkOf(event, "[data-load]")
  if (!element) return
  if (element.href) event.preventDefault()
  typed = ""
  import(element.dataset.load)
    .then((module) => module.default(element, typed))
    .finally(() => {
      typed = null
    })
})

document.addEventListener("keydown", (event) => {
  const { key, target } = event
  if (typed !== null && key.length === 1 && !event.ctrlKey && !event.metaKey) {
    typed += key
    return event.preventDefault()
  }
  const isFree = !target.closest("input, select, textarea, dialog, [contenteditable]")
  const isAsked = key === "k" ? event.ctrlKey || event.metaKey : key === "/" && isFree
  const link = isAsked && document.querySelector("[data-palette]")
  if (!link) return
  event.preventDefault()
  link.click()
})
