// Amounts of storage in words: "1.2 GB", in powers of 1,000 as disks are sold.
const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const

export function bytesText(bytes: number): string {
  let value = Math.abs(bytes)
  let unit = 0
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000
    unit++
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1
  return `${bytes < 0 ? "−" : ""}${value.toFixed(digits)} ${UNITS[unit]}`
}

/** "340 ms", "12.4 s", "3 min". */
export const tookText = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`

const DAY = 86_400_000

/** "every 30 s", "every 5 min", "every 6 h", "every day", "every 7 days". */
export function everyText(ms: number): string {
  if (ms === DAY) return "every day"
  if (ms % DAY === 0) return `every ${ms / DAY} days`
  if (ms < 60_000) return `every ${Math.round(ms / 1_000)} s`
  return ms < 3_600_000 ? `every ${Math.round(ms / 60_000)} min` : `every ${Math.round(ms / 3_600_000)} h`
}
