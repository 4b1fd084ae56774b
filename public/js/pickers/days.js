// Days of the UTC calendar as "2026-03-31": what date fields hold and servers read. No time zone of the reader takes part.
const DAY_MS = 86_400_000

const isoOf = (ms) => new Date(ms).toISOString().slice(0, 10)
export const today = () => isoOf(Date.now())
export const plusDays = (day, count) => isoOf(Date.parse(day) + count * DAY_MS)
export const earlier = (one, other) => [one, other].sort()[0]
export const later = (one, other) => [one, other].sort()[1]
/** 0 is Monday. */
export const weekdayOf = (day) => (new Date(day).getUTCDay() + 6) % 7
export const monthOf = (day) => day.slice(0, 7)

/** The same day of another month, or its last one. */
export function plusMonths(day, count) {
  const date = new Date(day)
  const last = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count + 1, 0)
  return isoOf(Math.min(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, date.getUTCDate()), last))
}

const words = (options) => {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options })
  return (day) => format.format(new Date(day))
}
export const dayWords = words({ weekday: "long", day: "numeric", month: "long", year: "numeric" })
export const monthWords = words({ month: "long", year: "numeric" })

/** Weeks of a month, from Monday; null where a week belongs to the months beside. */
export function weeksOf(month) {
  const first = `${month}-01`
  const weeks = []
  for (let day = plusDays(first, -weekdayOf(first)); day < plusMonths(first, 1); day = plusDays(day, 7))
    weeks.push(
      Array.from({ length: 7 }, (_, index) => plusDays(day, index)).map((one) => (monthOf(one) === month ? one : null)),
    )
  return weeks
}
