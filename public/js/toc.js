// Marks in "On this page" which heading the reader has reached.
const LINE = 0.25

function mark() {
  for (const list of document.querySelectorAll(".on-page")) {
    const links = [...list.querySelectorAll('a[href^="#"]')]
    const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))))
    const isEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2
    let reached = headings.findLastIndex((one) => one && one.getBoundingClientRect().top <= innerHeight * LINE)
    if (isEnd && scrollY > 0) reached = links.length - 1
    links.forEach((link, index) => {
      if (index === reached) link.setAttribute("aria-current", "true")
      else link.removeAttribute("aria-current")
    })
  }
}

let waits = false
function later() {
  if (waits) return
  waits = true
  requestAnimationFrame(() => {
    waits = false
    mark()
  })
}

addEventListener("scroll", later, { passive: true })
addEventListener("resize", later)

/** Once for each list, also one that a swap brings. */
export default later
