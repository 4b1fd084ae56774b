// A password field's button shows what stands in it, until it is sent; the field says so while Caps Lock is on.

function reveal(button, isShown) {
  button.setAttribute("aria-pressed", isShown)
  const field = document.getElementById(button.dataset.reveal)
  field.type = isShown ? "text" : "password"
  field.autocapitalize = "none"
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-reveal]")
  if (button) reveal(button, button.getAttribute("aria-pressed") !== "true")
})
// Captured, so that it is hidden before anybody reads the form, and password managers see a password.
document.addEventListener(
  "submit",
  ({ target }) => {
    for (const button of target.querySelectorAll("[data-reveal]")) reveal(button, false)
  },
  true,
)

const sayCaps = (event) => {
  const hint = event.target.closest?.(".password")?.querySelector(".caps")
  if (hint) hint.textContent = event.getModifierState?.("CapsLock") ? "Caps Lock is on" : ""
}
for (const kind of ["keydown", "keyup", "focusout"]) document.addEventListener(kind, sayCaps)

/** Listens for all of them, from the first on. */
export default () => {}
