// A slider for amounts that people think of in sizes, not in units: 0, 1, 2, 5, 10, 20, 50 … The number field it is tied to is what is
// sent, and takes any value; the slider has no name.

/** The amount at a position: 0, 1, 2, 5, 10 … `public/js/core/slider.js` counts the same. */
export const amountAt = (position: number): number =>
  position > 0 ? [1, 2, 5][(position - 1) % 3]! * 10 ** Math.floor((position - 1) / 3) : 0

/** The highest position whose amount is not above this one. */
export function positionOf(amount: number): number {
  let position = 0
  while (amountAt(position + 1) <= amount) position++
  return position
}

export interface SliderProps {
  /** Id of the number field. */
  field: string
  /** Read out in place of a label: "At most per day for: chat". */
  label: string
  value: number
  /** Amount at the right end, rounded up to the scale. */
  max: number
  /** Read out after the amount: "credits". */
  unit: string
}

/** Only where scripts run; without them the number field alone does. */
export function Slider({ field, label, value, max, unit }: SliderProps): JSX.Element {
  const end = positionOf(max)
  return (
    <input
      type="range"
      class="js"
      min="0"
      max={String(amountAt(end) < max ? end + 1 : end)}
      step="1"
      value={String(positionOf(value))}
      data-sync={field}
      data-unit={unit}
      aria-label={label}
      aria-valuetext={`${value.toLocaleString("en")} ${unit}`}
    />
  )
}
