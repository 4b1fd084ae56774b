import { describe, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { HUES } from "./patterns.tsx"
import { contrast, distance, isInGamut, labOf, linearOf, seenBy, type Vision } from "./vision.ts"

const TOKENS = readFileSync(join(import.meta.dir, "../../../public/css/tokens.css"), "utf8")
const THEMES = { light: 0, dark: 1 } as const
const VISIONS: readonly Vision[] = ["normal", "protan", "deutan", "tritan"]
/** CIEDE2000: two that are looked at apart from each other, in a chart and in its key, are told apart from about 10 on. */
const APART = 14

/** Linear sRGB of `--name: light-dark(oklch(…), oklch(…))`. */
function token(name: string, theme: keyof typeof THEMES) {
  const value = new RegExp(`--${name}: light-dark\\(([^;]*)\\);`).exec(TOKENS)?.[1] ?? ""
  const [lightness = "", chroma, hue] = [...value.matchAll(/oklch\(([^)]*)\)/g)][THEMES[theme]]![1]!.split(" ")
  return linearOf(Number.parseFloat(lightness) / 100, Number(chroma), Number(hue))
}
const hues = (theme: keyof typeof THEMES) => Array.from({ length: HUES }, (_, at) => token(`hue-${at + 1}`, theme))

describe("the measure", () => {
  test("is CIEDE2000, by pairs of its authors", () => {
    const pairs: [readonly [number, number, number], readonly [number, number, number], number][] = [
      [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
      [[50, -1, 2], [50, 0, 0], 2.3669],
      [[50, 2.5, 0], [73, 25, -18], 27.1492],
      [[50, 2.5, 0], [50, 3.2592, 0.335], 1],
      [[60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644],
      [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
    ]
    for (const [one, other, far] of pairs) {
      expect(distance(one, other)).toBeCloseTo(far, 3)
      expect(distance(other, one)).toBeCloseTo(far, 3)
    }
  })

  test("sees red and green as one where people do", () => {
    const [red, green] = [linearOf(0.6, 0.15, 25), linearOf(0.6, 0.12, 140)]
    const far = (vision: Vision) => distance(labOf(seenBy(vision, red)), labOf(seenBy(vision, green)))
    expect(far("normal")).toBeGreaterThan(3 * far("deutan"))
    expect(contrast(linearOf(1, 0, 0), linearOf(0, 0, 0))).toBeCloseTo(21, 3)
  })
})

describe.each(["light", "dark"] as const)("eight hues, %s", (theme) => {
  test("stand out from the paper by 3:1 and exist on screens", () => {
    for (const hue of hues(theme)) {
      expect(isInGamut(hue)).toBe(true)
      for (const ground of ["paper", "surface", "sunken"])
        expect(contrast(hue, token(ground, theme))).toBeGreaterThanOrEqual(3)
    }
  })

  test.each(VISIONS)("any two differ with %s sight", (vision) => {
    const seen = hues(theme).map((hue) => labOf(seenBy(vision, hue)))
    const near = seen.flatMap((one, at) =>
      seen.slice(at + 1).flatMap((other, more) => {
        const far = distance(one, other)
        return far < APART ? [`hue ${at + 1} and ${at + more + 2}: ${far.toFixed(1)}`] : []
      }),
    )
    expect(near).toEqual([])
  })
})
