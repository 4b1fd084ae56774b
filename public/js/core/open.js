// What people opened stays open: through swaps, and on the way back to a page that the browser must fetch again.

/** Which of the rows it is: the nearest id, and its number there; without an id of its own row, its words too. */
function keyOf(details) {
  const host = details.parentElement.closest("[id]")
  const words = host === details.parentElement ? "" : details.firstElementChild.textContent
  return `${host.id}:${[...host.querySelectorAll("details")].indexOf(details)}:${words}`
}
const detailsOf = (root) => [...root.querySelectorAll("#main details")]
const openIn = (root) =>
  detailsOf(root)
    .filter((details) => details.open)
    .map(keyOf)

/** Opens in `root` what is open now. @returns what to call once it is in the page */
export const opened = () => openIn(document)
export function openAgain(keys) {
  for (const details of detailsOf(document)) if (keys.includes(keyOf(details))) details.open = true
}

document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.localName === "details") history.replaceState({ ...history.state, open: opened() }, "")
  },
  true,
)
if (history.state?.open) openAgain(history.state.open)
