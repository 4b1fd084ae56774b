// Colours as people see them: OKLCH as in the style sheets, contrast (WCAG 2), colour blindness (Machado, Oliveira and Fernandes 2009,
// whole severity) and the distance that is seen (CIEDE2000). For tests of the palette.

type Triple = readonly [number, number, number]
export type Vision = "normal" | "protan" | "deutan" | "tritan"

/** Rows of matrices over linear sRGB. */
const SEEN: Record<Exclude<Vision, "normal">, readonly Triple[]> = {
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

const times = (rows: readonly Triple[], [x, y, z]: Triple): Triple =>
  rows.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Triple
const clipped = (color: Triple): Triple => color.map((one) => Math.min(1, Math.max(0, one))) as unknown as Triple

/** OKLCH (lightness 0–1, chroma, hue in degrees) to linear sRGB; parts below 0 or above 1 are outside of the gamut. */
export function linearOf(lightness: number, chroma: number, hue: number): Triple {
  const angle = (hue * Math.PI) / 180
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)]
  const cubes = [
    lightness + 0.3963377774 * a + 0.2158037573 * b,
    lightness - 0.1055613458 * a - 0.0638541728 * b,
    lightness - 0.0894841775 * a - 1.291485548 * b,
  ].map((one) => one ** 3) as unknown as Triple
  return times(
    [
      [4.0767416621, -3.3077115913, 0.2309699292],
      [-1.2684380046, 2.6097574011, -0.3413193965],
      [-0.0041960863, -0.7034186147, 1.707614701],
    ],
    cubes,
  )
}

export const isInGamut = (color: Triple): boolean => color.every((one) => one >= -0.0005 && one <= 1.0005)

export const seenBy = (vision: Vision, color: Triple): Triple =>
  vision === "normal" ? clipped(color) : clipped(times(SEEN[vision], color))

const luminance = ([r, g, b]: Triple): number => 0.2126 * r + 0.7152 * g + 0.0722 * b

/** 1 to 21. */
export function contrast(one: Triple, other: Triple): number {
  const [low = 0, high = 0] = [luminance(clipped(one)), luminance(clipped(other))].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

/** CIE L*a*b*, D65. */
export function labOf(color: Triple): Triple {
  const [x, y, z] = times(
    [
      [0.4123908, 0.3575843, 0.1804808],
      [0.212639, 0.7151687, 0.0721923],
      [0.0193308, 0.1191948, 0.9505322],
    ],
    color,
  )
  const f = (part: number): number => (part > 216 / 24389 ? Math.cbrt(part) : ((24389 / 27) * part + 16) / 116)
  const [fx, fy, fz] = [f(x / 0.95047), f(y), f(z / 1.08883)]
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** CIEDE2000 (Sharma, Wu and Dalal 2005). 1 is just to be seen side by side. */
export function distance([l1, a1, b1]: Triple, [l2, a2, b2]: Triple): number {
  const mean7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7
  const stretch = 1.5 - 0.5 * Math.sqrt(mean7 / (mean7 + 25 ** 7))
  const [p1, p2] = [a1 * stretch, a2 * stretch]
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)]
  const hueOf = (a: number, b: number): number => ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360
  const [h1, h2] = [hueOf(p1, b1), hueOf(p2, b2)]
  const grey = c1 * c2 === 0
  const turn = grey ? 0 : ((h2 - h1 + 540) % 360) - 180
  const hue = grey ? h1 + h2 : Math.abs(h1 - h2) <= 180 ? (h1 + h2) / 2 : ((h1 + h2 + 360) / 2) % 360
  const [lMean, cMean] = [(l1 + l2) / 2, (c1 + c2) / 2]
  const t =
    1 -
    0.17 * Math.cos(radians(hue - 30)) +
    0.24 * Math.cos(radians(2 * hue)) +
    0.32 * Math.cos(radians(3 * hue + 6)) -
    0.2 * Math.cos(radians(4 * hue - 63))
  const light = (l2 - l1) / (1 + (0.015 * (lMean - 50) ** 2) / Math.sqrt(20 + (lMean - 50) ** 2))
  const chroma = (c2 - c1) / (1 + 0.045 * cMean)
  const turned = (2 * Math.sqrt(c1 * c2) * Math.sin(radians(turn) / 2)) / (1 + 0.015 * cMean * t)
  const rotation =
    -Math.sin(radians(60 * Math.exp(-(((hue - 275) / 25) ** 2)))) * 2 * Math.sqrt(cMean ** 7 / (cMean ** 7 + 25 ** 7))
  return Math.sqrt(light ** 2 + chroma ** 2 + turned ** 2 + rotation * chroma * turned)
}
