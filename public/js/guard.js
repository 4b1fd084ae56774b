// Asks before what was typed into a long form is lost: by the browser where it leaves the document, by a question of ours where a script
// is about to put another page in its place (`purser:leave`, which the script that does so can be told to drop). Not on the way of the form itself.
const WORDS = "You have changes here that are not saved. Leave without saving?"
/** What each form held when it came; null where that was typed already. */
const came = new WeakMap()
const textOf = (form) => new URLSearchParams(new FormData(form)).toString()

export default function watch(form) {
  came.set(form, form.dataset.guard === "typed" ? null : textOf(form))
}

const isUnsaved = () =>
  [...document.querySelectorAll("form[data-guard]:not([data-sent])")].some(
    (form) => came.has(form) && came.get(form) !== textOf(form),
  )

addEventListener("beforeunload", (event) => {
  if (isUnsaved()) event.preventDefault()
})
document.addEventListener("purser:leave", (event) => {
  if (isUnsaved() && !confirm(WORDS)) event.preventDefault()
})
