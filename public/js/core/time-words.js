// How a time reads, in the reader's zone; the server says it the same way (views/ui/time.tsx). Pure.
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")
const SPANS = [
  [86_400_000, "day"],
  [3_600_000, "h"],
  [60_000, "min"],
]
const two = (number) => String(number).padStart(2, "0")

/** "14 Mar 2026, 09:05", or one half of it when `kind` is "day" or "clock". */
export function localWords(kind, at) {
  const day = `${at.getDate()} ${MONTHS[at.getMonth()]} ${at.getFullYear()}`
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`
  return kind === "day" ? day : kind === "clock" ? clock : `${day}, ${clock}`
}

/** "just now", "in a moment", "3 min ago", "in 5 h" for an age in ms; null from a week on, where the date says more. */
export function agoWords(age) {
  const size = Math.abs(age)
  if (size >= 7 * SPANS[0][0]) return null
  const span = SPANS.find(([ms]) => size >= ms)
  if (!span) return age < -1_000 ? "in a moment" : "just now"
  const count = Math.floor(size / span[0])
  const words = `${count} ${span[1]}${span[1] === "day" && count > 1 ? "s" : ""}`
  return age >= 0 ? `${words} ago` : `in ${words}`
}
