// Which labels of the x axis are shown at which width, so that two never touch. Pure; widths are estimates that err on the wide side.

/** px per character of a tick at 13 px, wider than any digit of the typeface. */
const CHARACTER = 8.2
/** px that stay free between two labels. */
const GAP = 10

/** A container at least this wide gives a plot of at least `plot` px; CSS shows the labels of the widest that fits. */
export const TIERS = [
  { name: "s", plot: 190 },
  { name: "m", plot: 380 },
  { name: "l", plot: 620 },
] as const
export type TierName = (typeof TIERS)[number]["name"]

export type Anchor = "start" | "middle" | "end"

export interface Label {
  index: number
  text: string
  anchor: Anchor
  tiers: readonly TierName[]
}

/** An M is half as wide again as a digit. */
export const textWidth = (text: string): number =>
  [...text].reduce((width, letter) => width + (letter === "M" ? CHARACTER * 1.5 : CHARACTER), 0)

/** Where the text stands, px, in a plot of this width; slots are equal and a label belongs to the middle of its own. */
export function boxOf(label: Pick<Label, "index" | "text" | "anchor">, slots: number, plot: number): [number, number] {
  const width = textWidth(label.text)
  const slot = plot / slots
  if (label.anchor === "start") return [label.index * slot, label.index * slot + width]
  if (label.anchor === "end") return [(label.index + 1) * slot - width, (label.index + 1) * slot]
  const middle = (label.index + 0.5) * slot
  return [middle - width / 2, middle + width / 2]
}

/** Everybody's charts end today, so the same few rows of days are asked for again and again. */
const MEMORY = 32
const remembered = new Map<string, readonly Label[]>()

/** The last label always, then every so many backwards; a tier may show none of its own but never two that touch. */
export function axisLabels(texts: readonly string[]): readonly Label[] {
  const key = texts.join("\n")
  const known = remembered.get(key)
  if (known) return known
  const labels = placed(texts)
  if (remembered.size >= MEMORY) remembered.clear()
  remembered.set(key, labels)
  return labels
}

function placed(texts: readonly string[]): Label[] {
  const shown = new Map<number, Label & { tiers: TierName[] }>()
  for (const { name, plot } of TIERS) {
    for (const index of chosen(texts, plot, shown)) {
      const known = shown.get(index)
      if (known) known.tiers.push(name)
      else shown.set(index, { index, text: texts[index]!, anchor: anchorOf(texts, index, plot), tiers: [name] })
    }
  }
  return [...shown.values()].sort((a, b) => a.index - b.index)
}

function chosen(texts: readonly string[], plot: number, known: ReadonlyMap<number, Label>): number[] {
  const last = texts.length - 1
  for (let step = 1; step <= texts.length; step++) {
    const indexes: number[] = []
    for (let index = last; index >= 0; index -= step) indexes.push(index)
    const boxes = indexes.map((index) => {
      const anchor = known.get(index)?.anchor ?? anchorOf(texts, index, plot)
      return boxOf({ index, text: texts[index]!, anchor }, texts.length, plot)
    })
    if (boxes.every(([start], at) => at + 1 >= boxes.length || boxes[at + 1]![1] + GAP <= start)) {
      // One that leans would stand under the wrong day once the plot is wider; at the ends its day is right there.
      return indexes.filter((index) => index === 0 || index === last || anchorOf(texts, index, plot) === "middle")
    }
  }
  return []
}

/** A label that would stick out of the plot leans inwards. */
function anchorOf(texts: readonly string[], index: number, plot: number): Anchor {
  const [start, end] = boxOf({ index, text: texts[index]!, anchor: "middle" }, texts.length, plot)
  if (end > plot) return "end"
  return start < 0 ? "start" : "middle"
}
