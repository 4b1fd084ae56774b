// Keys of a queue: j and k go through its list, Escape closes what is open. Enter is the link's own.

export default function setUp(root) {
  const links = [...root.querySelectorAll(".queue-list a[data-swap]")]
  function onKey(event) {
    // A swap puts another in its place.
    if (!root.isConnected) return document.removeEventListener("keydown", onKey)
    const { key, target } = event
    const isTyping = target.closest("input, select, textarea, dialog, [contenteditable]")
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return
    if (key === "Escape") return root.querySelector("[data-queue-close]")?.click()
    if (key !== "j" && key !== "k") return
    event.preventDefault()
    const focused = links.indexOf(document.activeElement)
    const at = focused < 0 ? links.findIndex((link) => link.ariaCurrent) : focused
    const next = at < 0 ? 0 : at + (key === "j" ? 1 : -1)
    links[Math.min(Math.max(next, 0), links.length - 1)]?.focus()
  }
  document.addEventListener("keydown", onKey)
}
