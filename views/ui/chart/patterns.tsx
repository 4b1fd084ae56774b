// Five fills that differ in pattern and not only in colour: solid, stripes, dots, bars, empty. Ids begin with the chart's id.

/** More parts than these cannot be told apart; the rest is summed up. */
export const FILLS = 5

/** The `fill` of the part at `index`; 0 is solid and styled by its class. */
export const fillOf = (id: string, index: number): string | undefined =>
  index === 0 ? undefined : `url(#${id}-p${Math.min(index, FILLS - 1)})`

const SHAPES: readonly JSX.Element[] = [
  <path class="p-line" d="M-2 2L2 -2M-2 10L10 -2M6 10L10 6" />,
  <path
    class="p-dot"
    d="M1.2 2a1.3 1.3 0 1 0 2.6 0a1.3 1.3 0 1 0 -2.6 0M5.2 6a1.3 1.3 0 1 0 2.6 0a1.3 1.3 0 1 0 -2.6 0"
  />,
  <path class="p-line" d="M0 2H8M0 6H8" />,
  "",
]

/** The patterns that `count` parts need; goes inside one SVG of the chart and serves the others. */
export function Patterns({ id, count }: { id: string; count: number }): JSX.Element {
  return (
    <defs>
      {SHAPES.slice(0, Math.max(0, count - 1)).map((shape, index) => (
        <pattern id={`${id}-p${index + 1}`} width="8" height="8" patternUnits="userSpaceOnUse">
          <rect class={`p-back p-back-${index + 1}`} width="8" height="8" />
          {shape}
        </pattern>
      ))}
    </defs>
  )
}

/** The key beside a word. */
export function Swatch({ id, index }: { id: string; index: number }): JSX.Element {
  return (
    <svg class="swatch" width="16" height="16" aria-hidden="true">
      <rect class={`tone-${index + 1}`} fill={fillOf(id, index)} x="1" y="1" width="14" height="14" rx="3" />
    </svg>
  )
}
