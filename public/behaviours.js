// Small helpers on top of pages that already work: copy, countdown, slider and number, dialogs, one submit at a time.
// Owns no state and no markup; everything hangs on data attributes.

const each = (root, selector, act) => {
  for (const element of root.querySelectorAll(selector)) act(element)
}

/** Copies the text of the element named by `data-copy`. */
function setUpCopy(button) {
  button.hidden = false
  const words = button.querySelector("span")
  const label = words.textContent
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy)
    try {
      await navigator.clipboard.writeText(source.textContent)
      words.textContent = "Copied"
    } catch {
      getSelection().selectAllChildren(source)
      words.textContent = "Press Ctrl+C"
    }
    setTimeout(() => {
      words.textContent = label
    }, 2000)
  })
}

/** Ticks `data-countdown` (ms left when the page was made) and frees the button `data-enables` at the end. */
function setUpCountdown(element) {
  const end = performance.now() + Number(element.dataset.countdown)
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000))
    const all = seconds >= 3600 ? Math.ceil(seconds / 60) : Math.floor(seconds / 60)
    const hours = Math.floor(all / 60)
    const minutes = all % 60
    element.textContent =
      hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
    if (seconds > 0) {
      setTimeout(tick, 1000)
      return
    }
    element.textContent = "now"
    const button = document.getElementById(element.dataset.enables)
    if (button) button.disabled = false
  }
  tick()
}

/** Keeps a slider and the number field `data-sync` names at the same value; the field is what is sent. */
function setUpSlider(slider) {
  const field = document.getElementById(slider.dataset.sync)
  const about = document.querySelector(`[data-about="${slider.dataset.sync}"]`)
  const say = () => {
    if (about) about.textContent = Math.floor(Number(field.value) / Number(about.dataset.each)).toLocaleString("en")
  }
  slider.hidden = false
  slider.addEventListener("input", () => {
    field.value = slider.value
    say()
  })
  field.addEventListener("input", () => {
    slider.value = field.value
    say()
  })
}

/** Opens the confirm page of a link in a dialog; any surprise falls back to the page itself. */
async function openDialog(link) {
  try {
    const answer = await fetch(link.href)
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const part = page.querySelector("#confirm")
    if (!answer.ok || !part) throw new Error("not a confirm page")
    const dialog = document.createElement("dialog")
    dialog.setAttribute("aria-labelledby", "confirm-title")
    dialog.append(document.adoptNode(part))
    dialog.addEventListener("click", (event) => {
      if (!event.target.closest("[data-close]") && event.target !== dialog) return
      event.preventDefault()
      dialog.close()
    })
    dialog.addEventListener("close", () => {
      dialog.remove()
      link.focus()
    })
    document.body.append(dialog)
    dialog.showModal()
    dialog.querySelector("[data-close]").focus()
  } catch {
    location.assign(link.href)
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-dialog]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  openDialog(link)
})

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return
  if (event.target.dataset.sent) {
    event.preventDefault()
    return
  }
  event.target.dataset.sent = "yes"
  event.submitter?.setAttribute("aria-busy", "true")
})

// Back from the cache: forms can be sent again.
addEventListener("pageshow", () => {
  each(document, "form[data-sent]", (form) => {
    delete form.dataset.sent
  })
  each(document, "[aria-busy]", (button) => button.removeAttribute("aria-busy"))
})

// The phone menu closes on Escape and gives the focus back.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" ? document.querySelector("details.menu[open]") : null
  if (!menu) return
  menu.open = false
  menu.querySelector("summary").focus()
})

function setUp(root) {
  each(root, "[data-copy][hidden]", setUpCopy)
  each(root, "[data-countdown]", setUpCountdown)
  each(root, "input[data-sync][hidden]", setUpSlider)
}
setUp(document)
