// A price of one unit as people and programs write it: dollars with up to twelve decimals, or n$ with up to three. Exact both ways.

/** p$ in a dollar. */
const DOLLAR_PLACES = 12
const NANO_PLACES = 3

/** "$0.000015" → p$. @returns null for what is no such decimal */
export const picoOfDollars = (text: string): number | null => decimalOf(text.trim().replace(/^\$/, ""), DOLLAR_PLACES)

/** "1500.25" n$ → p$. */
export const picoOfNano = (text: string): number | null => decimalOf(text.trim(), NANO_PLACES)

export const dollarsOfPico = (pico: number): string => textOf(pico, DOLLAR_PLACES)
export const nanoOfPico = (pico: number): string => textOf(pico, NANO_PLACES)

function decimalOf(text: string, places: number): number | null {
  const match = new RegExp(`^(\\d{1,15})(?:\\.(\\d{1,${places}}))?$`).exec(text.replaceAll(",", ""))
  if (!match) return null
  const pico = BigInt(match[1]!) * 10n ** BigInt(places) + BigInt((match[2] ?? "").padEnd(places, "0"))
  return pico <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(pico) : null
}

function textOf(pico: number, places: number): string {
  const digits = String(pico).padStart(places + 1, "0")
  const fraction = digits.slice(-places).replace(/0{1,12}$/, "")
  const whole = digits.slice(0, -places)
  return fraction === "" ? whole : `${whole}.${fraction}`
}
