// Narrows a tree of links as words are typed into the field above it: all words must stand in a link, its hint, or the groups it is in.
const said = (item) => `${item.textContent} ${item.dataset.words ?? ""}`.toLowerCase()

export default function setUp(box) {
  const field = box.querySelector('input[type="search"]')
  const status = box.querySelector("[role=status]")
  const groups = [...box.querySelectorAll(".tree details")]
  const items = [...box.querySelectorAll(".tree li")].filter((item) => !item.querySelector("li"))
  const names = new Map(items.map((item) => [item, said(item)]))
  const open = new Map(groups.map((group) => [group, group.open]))

  function filter() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean)
    let count = 0
    for (const [item, name] of names) {
      item.hidden = !words.every((word) => name.includes(word))
      if (!item.hidden) count++
    }
    for (const group of groups) {
      const hasSome = group.querySelector("li:not([hidden]):not(:has(li))") !== null
      group.parentElement.hidden = !hasSome
      group.open = words.length > 0 ? hasSome : open.get(group)
    }
    status.textContent = words.length === 0 ? "" : count === 1 ? "1 operation" : `${count} operations`
  }
  field.addEventListener("input", filter)
  if (field.value) filter()
}
