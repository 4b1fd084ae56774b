// Tabs of languages: whoever chose one sees it wherever it is offered, on this page and the next ones.
const KEY = "language"

/** A browser that keeps nothing still shows tabs. */
function kept(act) {
  try {
    return act(localStorage)
  } catch {}
}

let chosen = kept((store) => store[KEY])

export default function show(tabs) {
  for (const label of tabs.querySelectorAll("label")) if (label.textContent === chosen) label.control.checked = true
  tabs.onchange = ({ target }) => {
    const top = target.getBoundingClientRect().top
    chosen = target.labels[0].textContent
    document.querySelectorAll(".code-tabs").forEach(show)
    // What was pressed stays under the finger, though blocks above it may change their height.
    scrollBy(0, target.getBoundingClientRect().top - top)
    kept((store) => {
      store[KEY] = chosen
    })
  }
}
