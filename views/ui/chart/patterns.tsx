// Eight hues and eight patterns. Screens show the hue; paper, forced colours, more contrast and whoever asks for it show the pattern,
// which the mark carries as its `fill`. Ids begin with the chart's id.

/** More parts than these cannot be told apart; the rest is summed up. */
export const HUES = 8

/** The classes of a mark of the series at `index`. */
export const toneOf = (index: number): string => `tone-${(index % HUES) + 1}`

/** Its pattern; the first is solid everywhere. */
export const fillOf = (id: string, index: number): string | undefined =>
  index % HUES === 0 ? undefined : `url(#${id}-p${index % HUES})`

const SHAPES: readonly JSX.Element[] = [
  // Rising stripes, dots, level stripes, nothing, falling stripes, grid, upright stripes.
  <path class="p-line" d="M-2 2L2 -2M-2 10L10 -2M6 10L10 6" />,
  <path
    class="p-dot"
    d="M1.2 2a1.3 1.3 0 1 0 2.6 0a1.3 1.3 0 1 0 -2.6 0M5.2 6a1.3 1.3 0 1 0 2.6 0a1.3 1.3 0 1 0 -2.6 0"
  />,
  <path class="p-line" d="M0 2H8M0 6H8" />,
  "",
  <path class="p-line" d="M-2 6L2 10M-2 -2L10 10M6 -2L10 2" />,
  <path class="p-line" d="M0 4H8M4 0V8" />,
  <path class="p-line" d="M2 0V8M6 0V8" />,
]

/** The patterns that `count` parts need; goes inside one SVG of the chart and serves the others. */
export function Patterns({ id, count }: { id: string; count: number }): JSX.Element {
  return (
    <defs>
      {SHAPES.slice(0, Math.max(0, count - 1)).map((shape, index) => (
        <pattern
          id={`${id}-p${index + 1}`}
          class={toneOf(index + 1)}
          width="8"
          height="8"
          patternUnits="userSpaceOnUse"
        >
          <rect class="p-back" width="8" height="8" />
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
      <rect class={`drawn ${toneOf(index)}`} fill={fillOf(id, index)} x="1" y="1" width="14" height="14" rx="3" />
    </svg>
  )
}

/** The same for a line. */
export function LineSwatch({ index }: { index: number }): JSX.Element {
  return (
    <svg class="swatch" width="28" height="10" aria-hidden="true">
      <path class={`line line-${index + 1} ${toneOf(index)}`} d="M0 5H28" />
    </svg>
  )
}
