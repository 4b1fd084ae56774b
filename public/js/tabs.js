// Tabs of languages: whoever chose one sees it wherever it is offered, on this page and the next ones.
const KEY = "purser-language"
const said = (label) => label.textContent.trim()

function show(language) {
  for (const label of document.querySelectorAll(".code-tabs > label"))
    if (said(label) === language) label.querySelector("input").checked = true
}

export default function setUp(tabs) {
  let chosen = null
  try {
    chosen = localStorage.getItem(KEY)
  } catch {
    // A browser that keeps nothing still shows tabs.
  }
  if (chosen) show(chosen)
  tabs.addEventListener("change", ({ target }) => {
    const language = said(target.closest("label"))
    // What was pressed stays under the finger, though blocks above it may change their height.
    const before = target.closest("label").getBoundingClientRect().top
    show(language)
    scrollBy(0, target.closest("label").getBoundingClientRect().top - before)
    try {
      localStorage.setItem(KEY, language)
    } catch {
      // For this page alone, then.
    }
  })
}
