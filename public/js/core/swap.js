// Filters, ranges, tabs, sort and pagers: the parts named by `data-swap` are fetched and put in place.
import { linkOf, started } from "./busy.js"
import { mayLeave, visit } from "./page.js"

function swap(element, url, keeps = true) {
  const ids = element.dataset.swap.split(" ")
  if (!ids.includes("main") || mayLeave()) visit(url, { ids, keeps, replaces: "again" in element.dataset })
}

document.addEventListener("click", (event) => {
  const link = linkOf(event, "a[data-swap]")
  if (!link) return
  event.preventDefault()
  // The next page of a list is read from its head. By keyboard (no clicks counted) the pager keeps the focus, and so the view.
  swap(link, link.href, event.detail && link.closest(".pager") ? "head" : true)
})

document.addEventListener("submit", (event) => {
  const form = event.target
  if (event.defaultPrevented || (form.getAttribute("method") ?? "get") !== "get") return
  if (form.dataset.swap === undefined) return started()
  event.preventDefault()
  const url = new URL(form.getAttribute("action") ?? "", location.href)
  // What is left empty says nothing.
  url.search = new URLSearchParams([...new FormData(form, event.submitter)].filter(([, value]) => value))
  swap(form, url)
})

// A choice is the whole of what such a field says: no button is needed.
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-auto]")) target.form.requestSubmit()
})
