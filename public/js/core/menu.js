// The phone menu closes on Escape and gives the focus back.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? document.querySelector("details.menu[open]") : null
  if (!menu) return
  menu.open = false
  menu.querySelector("summary").focus()
})
