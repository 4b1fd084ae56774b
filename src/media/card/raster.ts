// Shapes of glyphs as coverage of pixels: each edge adds the area that lies to its right, a sum along the line makes it whole. Exact to a
// 256th of a pixel, and linear in the length of the outlines. Pure.

/** One way a point may go on; as fonts tell it. */
export interface PathCommand {
  command: string
  args: readonly number[]
}

export interface Canvas {
  width: number
  height: number
  /** What edges added so far, a number a pixel and one more a line. */
  cover: Float32Array
}

/** Straight pieces of a curve: at the sizes of a headline nobody sees them. */
const PIECES = 8

export const canvasOf = (width: number, height: number): Canvas => ({
  width,
  height,
  cover: new Float32Array((width + 2) * height),
})

/** Where a point of the outline lies on the canvas: y grows downwards there. */
export interface Spot {
  x: number
  baseline: number
  scale: number
}

export function fillPath(canvas: Canvas, commands: readonly PathCommand[], { x, baseline, scale }: Spot): void {
  const at = (px: number, py: number): [number, number] => [x + px * scale, baseline - py * scale]
  let [fromX, fromY] = [0, 0]
  let [startX, startY] = [0, 0]
  const to = (px: number, py: number) => {
    edge(canvas, at(fromX, fromY), at(px, py))
    ;[fromX, fromY] = [px, py]
  }
  for (const { command, args } of commands) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args
    const [x0, y0] = [fromX, fromY]
    if (command === "moveTo") {
      to(startX, startY)
      ;[startX, startY, fromX, fromY] = [a, b, a, b]
    } else if (command === "lineTo") to(a, b)
    else if (command === "quadraticCurveTo")
      along((t, s) => to(s * s * x0 + 2 * s * t * a + t * t * c, s * s * y0 + 2 * s * t * b + t * t * d))
    else if (command === "bezierCurveTo")
      along((t, s) =>
        to(
          s ** 3 * x0 + 3 * s * s * t * a + 3 * s * t * t * c + t ** 3 * e,
          s ** 3 * y0 + 3 * s * s * t * b + 3 * s * t * t * d + t ** 3 * f,
        ),
      )
    else to(startX, startY)
  }
  to(startX, startY)
}

function along(point: (t: number, rest: number) => void): void {
  for (let piece = 1; piece <= PIECES; piece++) point(piece / PIECES, 1 - piece / PIECES)
}

/** One straight edge, line by line; what lies outside of the canvas is cut. */
function edge(canvas: Canvas, [ax, ay]: [number, number], [bx, by]: [number, number]): void {
  if (ay === by) return
  const sign = ay < by ? 1 : -1
  const [topX, topY, endX, endY] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay]
  const slope = (endX - topX) / (endY - topY)
  const last = Math.min(canvas.height, Math.ceil(endY))
  for (let row = Math.max(0, Math.floor(topY)); row < last; row++) {
    const [y0, y1] = [Math.max(row, topY), Math.min(row + 1, endY)]
    if (y1 <= y0) continue
    const [x0, x1] = [topX + (y0 - topY) * slope, topX + (y1 - topY) * slope]
    span(canvas, row, Math.min(x0, x1), Math.max(x0, x1), (y1 - y0) * sign)
  }
}

/** An edge within one line: what it covers is shared out among the pixels it passes. */
function span({ width, cover }: Canvas, row: number, left: number, right: number, area: number): void {
  const [x0, x1] = [Math.min(Math.max(left, 0), width), Math.min(Math.max(right, 0), width)]
  const line = row * (width + 2)
  const [first, last] = [Math.floor(x0), Math.floor(x1)]
  if (first === last) {
    const middle = (x0 + x1) / 2 - first
    cover[line + first]! += area * (1 - middle)
    cover[line + first + 1]! += area * middle
    return
  }
  const each = area / (x1 - x0)
  for (let at = first; at <= last; at++) {
    const [from, to] = [Math.max(at, x0), Math.min(at + 1, x1)]
    const part = (to - from) * each
    const middle = (from + to) / 2 - at
    cover[line + at]! += part * (1 - middle)
    cover[line + at + 1]! += part * middle
  }
}

/** How much of each pixel is inside, 0 to 1, given one after the other. */
export function eachCovered({ width, height, cover }: Canvas, paint: (index: number, share: number) => void): void {
  for (let row = 0; row < height; row++) {
    let sum = 0
    for (let column = 0; column < width; column++) {
      sum += cover[row * (width + 2) + column]!
      const share = Math.min(1, Math.abs(sum))
      if (share > 1 / 512) paint(row * width + column, share)
    }
  }
}
