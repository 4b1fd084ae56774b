// Opens the confirm page of a link in a dialog; any surprise falls back to the page itself.
import { setUp } from "./parts.js"

async function openDialog(link) {
  try {
    const answer = await fetch(link.href)
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const confirm = page.querySelector("#confirm")
    if (!answer.ok || !confirm) throw new Error("not a confirm page")
    const dialog = document.createElement("dialog")
    dialog.setAttribute("aria-labelledby", "confirm-title")
    dialog.append(document.adoptNode(confirm))
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
  const link = event.target.closest?.("a[data-dialog]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  openDialog(link)
})
