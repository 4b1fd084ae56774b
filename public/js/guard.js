// Asks before what was typed into a long form is lost: by the browser where it leaves the document, by a question of ours where a script
// is about to take it away: a page in its place, the way back, a dialog that closes (`purser:leave`, which that script can be told to drop). Not on the way of the form itself.
const WORDS = "You have changes here that are not saved. Leave without saving?"
/** What each form held when it came; null where that was typed already. */
const came = new WeakMap()
const textOf = (form) => new URLSearchParams(new FormData(form)).toString()

export default function watch(form) {
  came.set(form, form.dataset.guard === "typed" ? null : textOf(form))
}

const isUnsaved = (root) =>
  [...root.querySelectorAll("form[data-guard]:not([data-sent])")].some(
    (form) => came.has(form) && came.get(form) !== textOf(form),
  )

addEventListener("beforeunload", (event) => {
  if (isUnsaved(document)) event.preventDefault()
})
document.addEventListener("purser:leave", (event) => {
  if (isUnsaved(event.target) && !confirm(WORDS)) event.preventDefault()
})
