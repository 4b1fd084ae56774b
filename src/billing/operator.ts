// Whom people ask where nothing can be paid for here: the address that stands on invoices.
import type { Settings } from "../settings/index.ts"
import { SELLER_EMAIL } from "./invoices/settings.ts"

/** Empty = none is set. */
export const operatorEmail = (settings: Pick<Settings, "get">): string => settings.get(SELLER_EMAIL)
