// The people of an app as its developer may see them: what each of them allows, and of themselves no more than the scopes they gave.
import type { ClientId, Nano } from "../../app/index.ts"
import type { AiScope, Scope } from "../../oauth/index.ts"
import type { Place } from "../../store/index.ts"

export interface AppUser {
  /** `usr_…`, the `sub` of tokens. */
  userId: string
  /** When they last said what the app may do. */
  authorizedMs: number
  scopes: Scope[]
  /** n$ a UTC day; a scope without a limit is not there. */
  limits: Partial<Record<AiScope, Nano>>
  /** Only with the scope `profile`; null: they gave no name. */
  profile: { name: string | null } | null
  /** Only with the scope `email`. */
  email: { address: string; verified: boolean } | null
}

export interface AppUsersQuery {
  clientId: ClientId
  limit: number
  place: Place | null
  /** Only who gave this scope. */
  scope?: Scope | undefined
  /** ms, first moment included. */
  fromMs?: number | undefined
  /** ms, excluded. */
  toMs?: number | undefined
  /** Part of an id, or of a name or an address that the person lets the app see. */
  search?: string | undefined
}
