// `<time data-time>`: written in UTC by the server, or in the reader's zone once this browser has said which one it is. The title keeps
// UTC. Words such as "3 min ago" stay true while the page is open: `data-ago` is the age in ms when the page was made, so that a clock
// that is wrong does not matter.
import { each, part } from "./parts.js"
import { agoWords, localWords } from "./time-words.js"

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
/** Since when this element says this age. */
const since = new WeakMap()

if (zone) {
  const secure = location.protocol === "https:"
  const name = secure ? "__Host-zone" : "purser_zone"
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not there in every browser, and this is one write
  document.cookie = `${name}=${encodeURIComponent(zone)};path=/;max-age=31536000;samesite=lax${secure ? ";secure" : ""}`
}

function localise(element) {
  const { time, ago } = element.dataset
  const words = localWords(time, new Date(element.dateTime))
  if (ago) {
    since.set(element, [ago, Date.now()])
    // Far away it is a date already.
    if (agoWords(+ago) === null) element.textContent = words.split(",")[0]
    element.title = `${words} · ${element.title.split(" · ").at(-1)}`
  } else element.textContent = words
}

if (zone && zone !== "UTC") part("time[data-time]", localise)

function refresh() {
  each(document, "time[data-ago]", (element) => {
    const { ago } = element.dataset
    const known = since.get(element)
    // A morph may have given it another age.
    const start = known?.[0] === ago ? known[1] : Date.now()
    since.set(element, [ago, start])
    const words = agoWords(+ago + Date.now() - start)
    if (words && words !== element.textContent) element.textContent = words
  })
}
part("time[data-ago]", (element) => since.set(element, [element.dataset.ago, Date.now()]))
setInterval(refresh, 20_000)
addEventListener("pageshow", refresh)
