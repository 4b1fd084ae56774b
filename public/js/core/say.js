export const UNREACHED = "The server cannot be reached. Nothing here is lost; try again in a moment."

/** Says over the page what went wrong: nothing moves, and what was typed stays. Gone with the next try, or when it is pressed. */
export function say(text) {
  hush()
  const note = document.createElement("p")
  note.className = "notice bad say"
  note.role = "alert"
  note.textContent = text
  note.addEventListener("click", hush)
  // Among the toasts, whose place it shares: it waits for somebody, as an error among them does.
  note.dataset.stays = ""
  ;(document.querySelector("dialog[open]") ?? document.querySelector("body > #flash") ?? document.body).append(note)
}
export const hush = () => document.querySelector(".say")?.remove()
