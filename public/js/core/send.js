// POST forms without a reload: errors and questions come in place, so that Back never asks to send again; success leads on. A form is
// sent once, however often its button is pressed.
import { lock, started } from "./busy.js"
import { fill, shut } from "./dialog.js"
import { ask, fits, leave, showPage, visit } from "./page.js"
import { say, UNREACHED } from "./say.js"
import "./theme.js"

const NO_PAGE = "That did not work. What you typed is still here; try again in a moment."

/** What an error page says. */
function wordsOf(page) {
  const words = [page?.querySelector("h1"), page?.querySelector("h1 + p")]
  return (
    words
      .map((each) => each?.textContent.trim().replace(/\.?$/, "."))
      .join(" ")
      .trim() || NO_PAGE
  )
}

async function send(form, submitter) {
  const data = new FormData(form, submitter)
  const url = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data)
  let answer
  try {
    answer = await ask(url, { method: "POST", body })
  } catch {
    lock(form, submitter, false)
    return say(UNREACHED)
  }
  const { to } = answer
  // Sign-in leads out of the page, often to another site; the button stays busy until then.
  if (to && (to.origin !== location.origin || document.body.className !== "console")) return leave(to.href)
  const stays = to ? await visit(to, { before: shut }) : await stay(answer, form, submitter)
  if (stays) lock(form, submitter, false)
}

/** The answer is a page of the same address: errors, a question, or the way on to an app. @returns false when this document is left */
async function stay({ ok, page }, form, submitter) {
  const confirm = page?.getElementById("confirm")
  if (confirm && form.closest("dialog")) fill(confirm)
  // A question about the form of a page: that stays behind it as it was filled in.
  else if (confirm && ok && form.isConnected) fill(confirm, submitter)
  // Somebody who went on meanwhile is told; what they look at stays.
  else if (!page || !form.isConnected) say(wordsOf(page))
  else {
    const onward = page.querySelector("meta[http-equiv=refresh]") && page.querySelector("main a.button").href
    const isFit = fits(page, ["main"])
    // On the way to a page to pay on, from the console: another kind of page, which is only passed through.
    if (!isFit && onward) return leave(onward)
    if (!isFit) say(wordsOf(page))
    else {
      shut()
      await showPage(page)
      if (onward) return leave(onward)
    }
  }
  return true
}

document.addEventListener("submit", (event) => {
  const form = event.target
  const { submitter } = event
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return
  if (form.hasAttribute("data-sent")) return event.preventDefault()
  lock(form, submitter)
  if (form.hasAttribute("target") || form.hasAttribute("data-native")) return started()
  event.preventDefault()
  send(form, submitter)
})
