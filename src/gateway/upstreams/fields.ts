// The rules of an upstream's fields: name, address, key, models. Shared by adding and editing.
import { AppError, withoutTrailing } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { Provider } from "../providers/index.ts"
import { nameTaken } from "./store.ts"

export const modelNames = (names: readonly string[]): string[] =>
  [...new Set(names.map((name) => name.trim()))]
    .filter((name) => name !== "" && name.length <= GATEWAY_LIMITS.modelCharsMax)
    .slice(0, GATEWAY_LIMITS.modelsPerUpstreamMax)

export function nameProblem(tx: Tx, name: string): string | null {
  if (!/^[a-z0-9][a-z0-9._-]{0,39}$/i.test(name)) {
    return "Give a name of 1 to 40 letters, digits, dots, dashes or underscores."
  }
  return nameTaken(tx, name) ? "Another provider has this name. Choose a different one." : null
}

/** @returns null when none was typed */
export const apiKeyOf = (text: string | null | undefined): string | null => text?.trim() || null

/** @param account of the kind of upstream: its keys may be more than a word */
export function apiKeyProblem(text: string | null | undefined, account: Provider["account"]): string | null {
  const key = apiKeyOf(text)
  if (account?.keyProblem) return account.keyProblem(key ?? "")
  return /[^\x21-\x7e]/.test(key ?? "") ? "A key has no spaces or special characters. Copy it again." : null
}

/** For an address without a problem. */
export function baseUrlOf(text: string): string {
  const url = new URL(text.trim())
  return `${url.origin}${withoutTrailing(url.pathname, "/")}`
}

/** @param example of an address of this kind of upstream */
export function baseUrlProblem(text: string, example = "https://api.openai.com/v1"): string | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) {
    return `Enter a full base URL, such as ${example}.`
  }
  if (url.username || url.password || url.search || url.hash) {
    return "Enter the base URL alone, without key, query or fragment."
  }
  return null
}

/** Everything that is wrong at once, in the order of the form. */
export function refuseWrong(problems: Readonly<Record<string, string | null>>): void {
  const wrong = Object.entries(problems).filter((pair): pair is [string, string] => pair[1] !== null)
  const [first] = wrong
  if (first)
    throw new AppError("validation_failed", first[1], { param: first[0], formErrors: Object.fromEntries(wrong) })
}
