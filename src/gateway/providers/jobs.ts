// Work that a provider does not answer at once, such as videos: how it is asked for, looked after, fetched and deleted. It knows no
// callers and no money.
import type { Account, Endpoint, ModelRequest, UpstreamFetch } from "./provider.ts"

export interface JobState {
  status: "queued" | "in_progress" | "completed" | "failed"
  /** Percent; null = it does not say. */
  progress: number | null
  /** Why it failed: its code for programs, and its words. */
  error: { code: string; message: string } | null
  /** When it is deleted there; null = it does not say. */
  expiresMs: number | null
  /** Of its file, where the answer holds it. */
  bytes?: number
}

/** A job in a provider's list. */
export interface ListedJob {
  id: string
  prompt: string
  model: string
  seconds: number
  size: string
  createdMs: number
}

export type Variant = "video" | "thumbnail" | "spritesheet"

/** Asked by GET; by POST where it has a body. */
export type Look = Endpoint & { readonly body?: string }
type At = Look | Promise<Look>

export interface JobWire {
  /** What a job is called in the answer to having asked for it. @throws SyntaxError, Error when it names none */
  submitted(text: string): { id: string; state: JobState }
  read(account: Account, id: string, fetch: UpstreamFetch): At
  /** @throws SyntaxError, Error when it says nothing of a job */
  state(text: string): JobState
  /** Where a finished one is, but where `fileIn`. @param text of `read`, where `needsState`; null = there is no such variant */
  content(account: Account, id: string, variant: Variant, text: string): Endpoint | null
  /** Its place is told by its state alone. */
  readonly needsState?: true
  /** The member of the answer to `read` that holds the file itself, as base64: `state` is told how many bytes it has, and has no place for it. */
  readonly fileIn?: string
  remove?(account: Account, id: string): Endpoint
  /** Another one of it: where it is asked for, and how. */
  remix?(account: Account, id: string, request: ModelRequest): { at: Endpoint; body: string }
  /** The newest jobs of the account, where it lists them: an answer that was lost is looked for there. */
  list?(account: Account): Endpoint
  listed?(text: string): ListedJob[]
}
