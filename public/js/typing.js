// A search that answers while somebody types: the form of this part is sent a moment after the last letter. Without scripts its button does.
const WAIT_MS = 250

export default function setUp(part) {
  const form = part.querySelector("form")
  const field = part.querySelector('input[type="search"]')
  let timer = 0
  let sent = field.value
  field.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (field.value === sent || !part.isConnected) return
      sent = field.value
      form.requestSubmit()
      // What follows in the same search takes the place of this entry, so that Back leads out of it.
      form.dataset.again = ""
    }, WAIT_MS)
  })
  field.addEventListener("blur", () => delete form.dataset.again)
}
