// What a form would come to while it is edited: the server counts, and its words take the place of the element. Nothing is saved.
// `data-preview` is the address that counts; the form is the one of the element's `data-form`. What
// the answer marks with `data-sum` stands in the element of that id too, which stays in sight.
const WAIT_MS = 250

export default function preview(element) {
  const form = document.querySelector(element.dataset.form)
  let timer = 0
  let newest = new AbortController()
  const ask = async () => {
    newest.abort()
    newest = new AbortController()
    const typed = new FormData(form)
    typed.delete("csrf")
    try {
      const answer = await fetch(`${element.dataset.preview}?${new URLSearchParams(typed)}`, { signal: newest.signal })
      if (!answer.ok || answer.redirected) return
      const text = await answer.text()
      element.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes)
      const sum = document.getElementById(element.dataset.sum)
      if (sum) sum.replaceChildren(element.querySelector("[data-sum]").cloneNode(true))
    } catch {
      // The next key asks again; what stands there is what was true before.
    }
  }
  // Typed before this was here, or kept by the browser.
  if ([...form.elements].some((field) => field.value !== (field.defaultValue ?? field.value))) ask()
  form.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(ask, WAIT_MS)
  })
}
