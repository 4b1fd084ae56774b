// The reader's time zone while one page is made. Views are synchronous, so it holds from the first element to the last and no longer;
// it is kept here so that a time deep in a page need not have it handed down. Owns: clock and calendar of a zone.

export interface LocalTime {
  /** "14 Mar 2026" */
  day: string
  /** "09:05" */
  clock: string
}

let current: string | null = null

/** Makes a page for a reader in this zone; null when nobody knows it. */
export function inZone<T>(zone: string | null, make: () => T): T {
  const before = current
  current = zone === "UTC" ? null : zone
  try {
    return make()
  } finally {
    current = before
  }
}

/** A moment as the reader's clock shows it, null when the zone is not known or is UTC itself. */
export function localTime(ms: number): LocalTime | null {
  const format = current === null ? null : formatOf(current)
  if (!format) return null
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  return { day: `${parts.day} ${parts.month} ${parts.year}`, clock: `${parts.hour}:${parts.minute}` }
}

/** True for names that this runtime has rules for, such as "Europe/Berlin". */
export const isZone = (name: string): boolean => formatOf(name) !== null

/** Each holds some kilobytes; readers of one house are rarely in more zones. */
const FORMATS_MAX = 64
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone)
  if (known) return known
  // Offsets such as "+01:00" are no zones: they know no summer.
  if (!/^[A-Za-z][\w+/-]{1,63}$/.test(zone)) return null
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
    if (formats.size >= FORMATS_MAX) formats.clear()
    formats.set(zone, format)
    return format
  } catch {
    return null
  }
}
