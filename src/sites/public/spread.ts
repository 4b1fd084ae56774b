// Some of a long list, for a page that has room for a few. Pure.

/** So many of a sorted list, from its first to its last at equal steps, so that the whole range of prices is seen. */
export function spread<T>(all: readonly T[], count: number): { shown: T[]; more: number } {
  if (all.length <= count) return { shown: [...all], more: 0 }
  const shown = Array.from({ length: count }, (_, index) => all[Math.round((index * (all.length - 1)) / (count - 1))]!)
  return { shown, more: all.length - count }
}
