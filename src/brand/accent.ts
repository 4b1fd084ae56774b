// The accent of an operator in both themes: their colour, made darker for light pages and lighter for dark ones until every text in it
// can be read. Pure; colours in oklch, as tokens.css has them.

/** WCAG 2.2, 1.4.3; a little above, since browsers round. */
const CONTRAST_MIN = 4.6
const STEP = 0.005
/** More is outside of what screens show, or shouts. */
const CHROMA_MAX = 0.2

interface Oklch {
  l: number
  c: number
  h: number
}
type Rgb = readonly [number, number, number]

/** Colour in light, or dark: as it is used, and how well it can be read where that is worst. */
export interface ThemeAccent {
  accent: string
  strong: string
  soft: string
  on: string
  contrast: number
  /** It is not as it was given: it could not be read so. */
  isMoved: boolean
}

/** "#0B6AA2" or "#06a". */
export const isColour = (text: string): boolean => /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text)

export function accentOf(hex: string): { light: ThemeAccent; dark: ThemeAccent } {
  const given = toOklch(rgbOf(hex))
  const c = Math.min(given.c, CHROMA_MAX)
  const tinted = (l: number, chroma: number): Oklch => ({ l, c: Math.min(chroma, c), h: given.h })
  const themed = (way: -1 | 1, grounds: readonly Oklch[], on: Oklch, soft: Oklch): ThemeAccent => {
    const worst = (l: number) => {
      const colour = toRgb({ l, c, h: given.h })
      return Math.min(...[...grounds, soft, on].map((each) => contrast(colour, toRgb(each))))
    }
    let l = given.l
    while ((way < 0 ? l > 0 : l < 1) && worst(l) < CONTRAST_MIN) l += way * STEP
    const colour = { l, c, h: given.h }
    const strong = { ...colour, l: Math.min(0.97, Math.max(0.05, l + way * 0.07)) }
    return {
      accent: hexOf(toRgb(colour)),
      strong: hexOf(toRgb(strong)),
      soft: hexOf(toRgb(soft)),
      on: hexOf(toRgb(on)),
      contrast: Math.floor(worst(l) * 10) / 10,
      isMoved: l !== given.l,
    }
  }
  return {
    light: themed(-1, [PAPER.sunkenLight, PAPER.light], { l: 1, c: 0, h: 0 }, tinted(0.955, 0.02)),
    dark: themed(1, [PAPER.sunkenDark, PAPER.dark], tinted(0.2, 0.04), tinted(0.29, 0.045)),
  }
}

/** `--paper` and `--sunken` of tokens.css. */
const PAPER = {
  light: { l: 0.986, c: 0.005, h: 85 },
  sunkenLight: { l: 0.962, c: 0.007, h: 85 },
  dark: { l: 0.185, c: 0.012, h: 255 },
  sunkenDark: { l: 0.255, c: 0.015, h: 255 },
} as const

/** What the tokens become: a style sheet of its own, after the others. */
export function sheetOf(hex: string): string {
  const { light, dark } = accentOf(hex)
  const both = (key: "accent" | "strong" | "soft" | "on") => `light-dark(${light[key]}, ${dark[key]})`
  return `@layer tokens {
  :root {
    --accent: ${both("accent")};
    --accent-strong: ${both("strong")};
    --accent-soft: ${both("soft")};
    --on-accent: ${both("on")};
  }
}
`
}

/** How much brighter one is than the other, 1 to 21 (WCAG). */
export function contrast(one: Rgb, other: Rgb): number {
  const [bright, dim] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number]
  return (bright + 0.05) / (dim + 0.05)
}

export function rgbOf(hex: string): Rgb {
  const digits = hex.slice(1)
  const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255) as unknown as Rgb
}

const hexOf = (rgb: Rgb): string =>
  `#${rgb
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const gamma = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055)
const luminance = (rgb: Rgb): number => {
  const [r, g, b] = rgb.map(linear) as unknown as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

// https://bottosson.github.io/posts/oklab/
function toOklch(rgb: Rgb): Oklch {
  const [r, g, b] = rgb.map(linear) as unknown as Rgb
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const A = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const B = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  const h = (Math.atan2(B, A) * 180) / Math.PI
  return { l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, c: Math.hypot(A, B), h: (h + 360) % 360 }
}

/** Cut to what screens show. */
function toRgb({ l: lightness, c, h }: Oklch): Rgb {
  const A = c * Math.cos((h * Math.PI) / 180)
  const B = c * Math.sin((h * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * A + 0.2158037573 * B) ** 3
  const m = (lightness - 0.1055613458 * A - 0.0638541728 * B) ** 3
  const s = (lightness - 0.0894841775 * A - 1.291485548 * B) ** 3
  const raw = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return raw.map((value) => gamma(Math.min(1, Math.max(0, value)))) as unknown as Rgb
}
