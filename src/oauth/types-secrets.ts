// The nouns of client secrets.
import type { OwnerFilter } from "./types.ts"

export interface ClientSecret {
  publicId: string
  /** "" when its maker gave none. */
  name: string
  /** Last characters, to tell secrets apart. */
  hint: string
  createdMs: number
  /** It is refused from then on; null: until it is revoked. */
  expiresMs: number | null
  /** May be behind by `secretUsesEveryMs`. */
  usedMs: number | null
}

export interface AddSecret extends Partial<Pick<ClientSecret, "name" | "expiresMs">> {
  ownerId: OwnerFilter
  clientPublicId: string
}
