// Filters, ranges, tabs, sort and pagers: the parts named by `data-swap` are fetched and put in place.
import { linkOf, started } from "./busy.js"
import { visit } from "./page.js"

/** Whoever guards what was typed may hold back what would replace it: `purser:leave`, cancelable. */
function swap(element, url) {
  const ids = element.dataset.swap.split(" ")
  const isHeld = ids.includes("main") && !document.dispatchEvent(new Event("purser:leave", { cancelable: true }))
  if (!isHeld) visit(url, { ids, keeps: true })
}

document.addEventListener("click", (event) => {
  const link = linkOf(event, "a[data-swap]")
  if (!link) return
  event.preventDefault()
  swap(link, link.href)
})

document.addEventListener("submit", (event) => {
  const form = event.target
  if (event.defaultPrevented || (form.getAttribute("method") ?? "get") !== "get") return
  if (form.dataset.swap === undefined) return started()
  event.preventDefault()
  const url = new URL(form.getAttribute("action") ?? "", location.href)
  url.search = new URLSearchParams(new FormData(form, event.submitter))
  swap(form, url)
})

// A choice is the whole of what such a field says: no button is needed.
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-auto]")) target.form.requestSubmit()
})
