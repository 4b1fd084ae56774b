// A signed-in browser as its owner knows it.

/** "Firefox on Linux" from a user agent; rough on purpose, it only has to be recognised by its owner. */
export function deviceName(userAgent: string): string {
  const find = (names: [string, RegExp][]) => names.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const browser = find([
    ["Edge", /Edg\//],
    ["Opera", /OPR\//],
    ["Firefox", /Firefox\//],
    ["Chrome", /Chrom(e|ium)\//],
    ["Safari", /Safari\//],
  ])
  const system = find([
    ["iPhone", /iPhone/],
    ["iPad", /iPad/],
    ["Android", /Android/],
    ["Windows", /Windows/],
    ["macOS", /Mac OS X/],
    ["Linux", /Linux/],
  ])
  if (!browser && !system) return "Unknown device"
  return [browser ?? "A browser", system].filter(Boolean).join(" on ")
}
