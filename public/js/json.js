// The JSON viewer: arrows move through what is open, the row with the focus says its path, and path and value can be copied. The value
// is taken from the whole text, so nothing that the tree cuts short is lost, and numbers keep their digits.

/** All listen on the document, so a viewer that a swap brings works at once. */
export default function setUp(viewer) {
  viewer.querySelector("output").textContent = pathOf([])
}

const rowsOf = (viewer) =>
  [...viewer.querySelectorAll(".json-tree .json-row")].filter((row) => row.checkVisibility?.() ?? row.offsetParent)
const current = new WeakMap()
const rowOf = (viewer) => current.get(viewer) ?? viewer.querySelector(".json-row")

/** Keys from the top down; positions in arrays are numbers. */
function keysOf(row) {
  const keys = []
  for (let item = row.closest("li"); item; item = item.parentElement.closest("li"))
    if (item.dataset.key !== undefined)
      keys.unshift("item" in item.dataset ? Number(item.dataset.key) : item.dataset.key)
  return keys
}

const pathOf = (keys) =>
  keys.reduce((path, key) => {
    if (typeof key === "number") return `${path}[${key}]`
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
  }, "$")

function valueAt(viewer, keys) {
  const keep = (_, value, context) =>
    typeof value === "number" && context?.source && JSON.rawJSON ? JSON.rawJSON(context.source) : value
  let value = JSON.parse(viewer.querySelector("pre code").textContent, keep)
  for (const key of keys) value = value[key]
  return typeof value === "string" ? value : JSON.stringify(value, null, 2)
}

document.addEventListener("focusin", ({ target }) => {
  const row = target.closest?.(".json-tree .json-row")
  if (!row) return
  const viewer = row.closest(".json")
  current.set(viewer, row)
  for (const one of viewer.querySelectorAll(".json-row[data-current]")) delete one.dataset.current
  row.dataset.current = ""
  viewer.querySelector("output").textContent = pathOf(keysOf(row))
})

document.addEventListener("click", async ({ target }) => {
  const leaf = target.closest?.("span.json-row")
  if (leaf && getSelection().isCollapsed) leaf.focus()
  const button = target.closest?.("[data-json]")
  if (!button) return
  const viewer = button.closest(".json")
  const keys = keysOf(rowOf(viewer))
  const words = button.querySelector("span")
  button.dataset.label ??= words.textContent
  try {
    await navigator.clipboard.writeText(button.dataset.json === "path" ? pathOf(keys) : valueAt(viewer, keys))
    words.textContent = "Copied"
  } catch {
    words.textContent = "Copy it from the text"
  }
  setTimeout(() => {
    words.textContent = button.dataset.label
  }, 2000)
})

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.(".json-tree .json-row")
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return
  const branch = row.matches("summary") ? row.parentElement : null
  const viewer = row.closest(".json")
  const all = rowsOf(viewer)
  const at = all.indexOf(row)
  const rtl = getComputedStyle(row).direction === "rtl"
  const key = rtl ? ({ ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[event.key] ?? event.key) : event.key
  const parent = row.closest("ul").closest("details")?.querySelector("summary")
  const act = {
    ArrowDown: () => all[at + 1],
    ArrowUp: () => all[at - 1],
    Home: () => all[0],
    End: () => all.at(-1),
    ArrowRight() {
      if (branch?.open) return all[at + 1]
      if (branch) branch.open = true
    },
    ArrowLeft() {
      if (!branch?.open) return parent
      branch.open = false
    },
  }[key]
  if (!act) return
  event.preventDefault()
  act()?.focus()
})
