// The command palette: a dialog with a combobox (WAI-ARIA APG) over what the server finds for this person. Words stand in the page's template
// (views/layout/palette.tsx). Late answers are dropped; places that were gone to stand there first, for this tab and this person.

const WAIT_MS = 90
const RECENT_MAX = 6

let dialog = null

/** @param {string} typed what was typed until it was here */
export default function openPalette(link, typed = "") {
  // One dialog at a time.
  if (dialog?.isConnected || document.querySelector("dialog[open]")) return
  const template = document.getElementById("palette-template")
  if (!template) return location.assign(link.href)
  dialog = document.importNode(template.content, true).firstElementChild
  document.body.append(dialog)
  dialog.querySelector("input").value = typed
  setUp(dialog)
  dialog.showModal()
}

function setUp(dialog) {
  const input = dialog.querySelector("input")
  const list = dialog.querySelector("#palette-list")
  list.role = "listbox"
  list.ariaLabel = list.dataset.label
  const status = dialog.querySelector("[role=status]")
  const words = dialog.dataset
  let newest = new AbortController()
  let timer = 0
  let at = -1

  const options = () => [...list.querySelectorAll("[role=option]")]
  function select(index) {
    const all = options()
    at = all.length === 0 ? -1 : (index + all.length) % all.length
    for (const [each, option] of all.entries()) option.setAttribute("aria-selected", each === at)
    all[at]?.scrollIntoView({ block: "nearest" })
    if (at < 0) input.removeAttribute("aria-activedescendant")
    else input.setAttribute("aria-activedescendant", all[at].id)
  }
  function show(results, said) {
    list.replaceChildren(...results.map(optionOf))
    input.setAttribute("aria-expanded", results.length > 0)
    status.textContent = said
    select(0)
  }
  const begin = () => {
    const recent = recentOf(words.user)
    show(recent, recent.length > 0 ? words.recent : words.begin)
  }
  async function ask() {
    newest.abort()
    newest = new AbortController()
    const { signal } = newest
    const query = input.value.trim()
    if (query === "") return begin()
    const busy = setTimeout(() => list.setAttribute("aria-busy", "true"), 300)
    try {
      const answer = await fetch(`${words.find}?${new URLSearchParams({ q: query })}`, { signal })
      if (!answer.ok) throw new Error("no answer")
      const { results } = await answer.json()
      if (!signal.aborted) show(results, results.length > 0 ? `${results.length} ${words.found}` : words.nothing)
    } catch {
      if (!signal.aborted) show([], words.unreached)
    } finally {
      clearTimeout(busy)
      if (!signal.aborted) list.removeAttribute("aria-busy")
    }
  }
  function go(option, apart) {
    const { href } = option.dataset
    remember(words.user, { href, title: option.dataset.title, text: option.dataset.text, kind: option.dataset.kind })
    if (apart) return open(href, "_blank", "noopener")
    dialog.close()
    location.assign(href)
  }

  input.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(ask, WAIT_MS)
  })
  input.addEventListener("keydown", (event) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      select(to)
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault()
      go(options()[at], event.ctrlKey || event.metaKey)
    } else if (event.key === "Escape") {
      // A field of searches takes the first for itself.
      event.preventDefault()
      dialog.close()
    }
  })
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]")
    if (option) go(option, event.ctrlKey || event.metaKey)
  })
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close())
  dialog.addEventListener("close", () => {
    newest.abort()
    clearTimeout(timer)
    // The browser has given the focus back to where it was.
    dialog.remove()
  })
  ask()
}

function optionOf({ href, title, text, kind }, index) {
  const option = document.createElement("div")
  Object.assign(option, { id: `palette-${index}` })
  option.setAttribute("role", "option")
  Object.assign(option.dataset, { href, title, text, kind })
  for (const [className, words] of [
    ["title", title],
    ["quiet", text],
    ["kind", kind],
  ]) {
    const part = document.createElement(className === "title" ? "bdi" : "span")
    part.className = className
    part.textContent = words
    option.append(part)
  }
  return option
}

const keyOf = (user) => `recent:${user}`
function recentOf(user) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(user))) ?? []
  } catch {
    return []
  }
}
function remember(user, place) {
  const others = recentOf(user).filter(({ href }) => href !== place.href)
  try {
    sessionStorage.setItem(keyOf(user), JSON.stringify([place, ...others].slice(0, RECENT_MAX)))
  } catch {
    // A browser that keeps nothing has no recent places.
  }
}
