// Choosing rows: all of a page, from one to another with Shift, and the count. What is chosen stands in the form; without scripts the
// same boxes and buttons work.

/** @param {HTMLElement} grid set up once */
export default function setUpGrid(grid) {
  const all = grid.querySelector("[data-grid-all]")
  const form = grid.querySelector(".grid-form")
  if (!form || !all) return
  const rows = [...form.querySelectorAll("[data-grid-row]")]
  const words = form.querySelector(".grid-chosen")
  const text = form.querySelector("[data-grid-chosen]")
  const match = form.querySelector("[data-grid-match]")
  let last = null

  const tell = () => {
    const here = rows.filter((row) => row.checked).length
    all.checked = here === rows.length
    all.indeterminate = here > 0 && here < rows.length
    // All who match are those of this page too.
    if (match && here < rows.length) match.checked = false
    const chosen = match?.checked ? Number(match.dataset.gridMatch) : here
    const unit = chosen === 1 ? words.dataset.one : words.dataset.many
    const said = chosen === 0 ? "" : `${chosen.toLocaleString("en")} ${unit} selected`
    if (text.textContent !== said) text.textContent = said
  }
  all.addEventListener("change", () => {
    for (const row of rows) row.checked = all.checked
    tell()
  })
  form.addEventListener("click", ({ target, shiftKey }) => {
    const at = rows.indexOf(target)
    if (at < 0) return
    if (shiftKey && last !== null)
      for (const row of rows.slice(Math.min(at, last), Math.max(at, last) + 1)) row.checked = target.checked
    last = at
  })
  form.addEventListener("change", ({ target }) => {
    if (target === match && match.checked) for (const row of rows) row.checked = true
    tell()
  })
  // The boxes are empty only after the event.
  form.addEventListener("reset", () => setTimeout(tell))
  // The question opens in a dialog, as every question does; the focus comes back to the button that asked.
  const link = form.querySelector("[data-dialog]")
  let asked = null
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    asked = event.submitter
    // What the dialog is called until it is there.
    link.textContent = asked?.textContent.trim() ?? ""
    link.href = `${form.action}?${new URLSearchParams(new FormData(form, asked))}`
    link.click()
  })
  link.addEventListener("focus", () => asked?.focus())
  // Back from another page: browsers keep what was chosen.
  addEventListener("pageshow", tell)
  tell()
}
