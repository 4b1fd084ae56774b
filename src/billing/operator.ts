// Whom people ask where nothing can be paid for here: the address that stands on invoices.
import type { Settings } from "../settings/index.ts"
import { SELLER_ADDRESS, SELLER_EMAIL, SELLER_NAME } from "./invoices/settings.ts"

/** Empty = none is set. */
export const operatorEmail = (settings: Pick<Settings, "get">): string => settings.get(SELLER_EMAIL)

/** Name and address as on invoices, a line each; empty = nobody said. */
export const operatorLines = (settings: Pick<Settings, "get">): string[] => {
  const name = settings.get(SELLER_NAME)
  return name === "" ? [] : [name, ...settings.get(SELLER_ADDRESS).split(/\r?\n/)].filter((line) => line.trim() !== "")
}
