// Ticks `data-countdown` (ms left when the page was made) and frees the button `data-enables` at the end.

/** One timer per countdown, also when a swap has set it anew. */
const countdowns = new WeakMap()

export default function setUp(element) {
  const end = performance.now() + Number(element.dataset.countdown)
  const tick = () => {
    if (!element.isConnected) return
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000))
    element.textContent = leftWords(seconds)
    if (seconds > 0) {
      countdowns.set(element, setTimeout(tick, 1000))
      return
    }
    const button = document.getElementById(element.dataset.enables)
    if (button) button.disabled = false
  }
  clearTimeout(countdowns.get(element))
  tick()
}

function leftWords(seconds) {
  if (seconds === 0) return "now"
  const all = seconds >= 3600 ? Math.ceil(seconds / 60) : Math.floor(seconds / 60)
  const hours = Math.floor(all / 60)
  const minutes = all % 60
  if (hours > 0) return `${hours} h${minutes > 0 ? ` ${minutes} min` : ""}`
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}

// A morph may change one that ticks.
document.addEventListener("htmx:after:swap", (event) => {
  for (const element of event.target.querySelectorAll("[data-countdown]")) setUp(element)
})
