// The words of videos: what their verbs stand on, and what they do.
import type { UserId } from "../../app/index.ts"
import type { SafeForward } from "../../http/index.ts"
import type { Tx } from "../../store/index.ts"
import type { QuoteDeps } from "../charge/quote.ts"
import type { WorkDeps } from "../charge/work.ts"
import type { KeyRing } from "../personal/ring.ts"
import type { Caller, GatewayDeps } from "../types.ts"
import type { Registry } from "../upstreams/registry.ts"

export type VideoDeps = WorkDeps &
  QuoteDeps &
  Pick<GatewayDeps, "clock" | "ids" | "oauth" | "keys" | "plans" | "limits"> & {
    registry: Pick<Registry, "byId">
    /** Keys of people's own that jobs were asked for with. */
    ring: Pick<KeyRing, "candidatesFor" | "useCredits" | "at" | "knows"> | null
    resolver: { isServed(name: string): boolean }
    /** Files that a provider keeps elsewhere: addresses that it says are judged like those of people. */
    forward: SafeForward
    /** Of this process. */
    bootId: string
    /** Rows that this process asks for now. */
    submitting: Set<number>
  }

/** `known`: who asks, where a page knows; default: whom the request proves. */
export interface Videos {
  create(request: Request, known?: Caller): Promise<Response>
  list(request: Request, known?: Caller): Promise<Response>
  one(request: Request, id: string, known?: Caller): Promise<Response>
  content(request: Request, id: string, known?: Caller): Promise<Response>
  remove(request: Request, id: string, known?: Caller): Promise<Response>
  remix(request: Request, id: string): Promise<Response>
  /** Looks after those that are due. @returns whether more may be */
  lookAfter(): Promise<boolean>
  /** Deletes what is over for long. @returns rows deleted, at most `rows` */
  forget(rows: number): Promise<number>
  /** Of a person who leaves: what is under way is let go, and costs nothing. Nobody is told: there is nobody left to tell. */
  letGoIn(tx: Tx, userId: UserId): void
  /** Of one who was let go. @returns rows that went, at most `rows` */
  eraseIn(tx: Tx, userId: UserId, rows: number): number
}
