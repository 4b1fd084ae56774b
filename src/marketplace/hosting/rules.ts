// When hosting is charged, and under which key: pure. A month is UTC.

/** `2026-12` */
export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7)

export function monthStart(ms: number): number {
  const at = new Date(ms)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)
}

export function nextMonth(ms: number): number {
  const at = new Date(ms)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)
}

/** Once for a product and month, whatever restarts. */
export const keyOf = (product: string, month: string): string => `hosting:${product}:${month}`
