// The nouns of the catalogue: servers that the operator recommends.
import type { UserId } from "../../app/index.ts"
import type { WriteContext } from "../../store/index.ts"
import type { AuthKind, KeyPlace, Server } from "../types.ts"

export interface Recommended {
  id: number
  /** What addresses call it, and what its server is named after; never changed. */
  slug: string
  title: string
  /** What it is good for, plain text. */
  words: string
  url: string
  /** `oauth`: its person signs in there. */
  auth: AuthKind
  keyIn: KeyPlace | null
  keyName: string | null
  active: boolean
  createdMs: number
  updatedMs: number
}

export interface RecommendedTerms {
  title: string
  words: string
  url: string
  auth: AuthKind
  keyIn?: KeyPlace | null
  keyName?: string | null
}

export interface AddRecommended {
  userId: UserId
  slug: string
  /** Null: a group is made where the person has none, else the first. */
  group: string | null
  credential?: string | null
}

export interface CatalogueVerbs {
  /** In the order in which they are shown; those that are off too. */
  all(): Recommended[]
  bySlug(slug: string): Recommended | null
  /** @throws AppError validation_failed with formErrors, conflict above the most */
  recommend(ctx: WriteContext, input: RecommendedTerms & { slug: string }): Promise<Recommended>
  /** @throws AppError not_found, validation_failed with formErrors */
  change(ctx: WriteContext, slug: string, terms: RecommendedTerms): Promise<Recommended>
  turn(ctx: WriteContext, slug: string, active: boolean): Promise<Recommended>
  /** One place up. */
  raise(ctx: WriteContext, slug: string): Promise<Recommended>
  remove(ctx: WriteContext, slug: string): Promise<Recommended>
  /** As its person; what it offers now is what they approve. @throws AppError as addServer, not_found for what is off */
  add(ctx: WriteContext, input: AddRecommended): Promise<{ server: Server; group: string }>
}
