// The menu of phones closes on Escape and gives the focus back; beside a page its place in the menu is in sight, however far down it stands.
import { part } from "./parts.js"

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? document.querySelector("details.menu[open]") : null
  if (!menu) return
  menu.open = false
  menu.querySelector("summary").focus()
})

/** Of what stands above and below the current place, so much stays in sight. */
const AROUND_PX = 80

part(".sidebar", (bar) => {
  const here = bar.querySelector("nav [aria-current]")?.getBoundingClientRect()
  if (!here?.height) return
  const { top, bottom } = bar.getBoundingClientRect()
  if (here.bottom > bottom) bar.scrollTop += here.bottom - bottom + AROUND_PX
  else if (here.top < top) bar.scrollTop -= top - here.top + AROUND_PX
})
