// The page turns at once; the server hears of it after, for the next page.
import { each } from "./parts.js"

function changeTheme(form, theme) {
  document.documentElement.dataset.theme = theme
  document.querySelector('meta[name="color-scheme"]').content = theme === "system" ? "light dark" : theme
  const { backgroundColor } = getComputedStyle(document.body)
  each(document, 'meta[name="theme-color"]', (meta) => {
    meta.content = backgroundColor
  })
  each(document, ".theme button", (button) => button.setAttribute("aria-pressed", button.value === theme))
  const body = new URLSearchParams(new FormData(form))
  body.set("theme", theme)
  fetch(form.action, { method: "POST", body, redirect: "manual" })
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".theme")) return
  event.preventDefault()
  changeTheme(event.target, event.submitter.value)
})
