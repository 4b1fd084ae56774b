// The words of people's own keys at providers.
import type { UserId } from "../../app/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { AttemptOutcome } from "../routing/failures.ts"
import type { OwnProvider } from "./providers.ts"

/** A key as its person sees it: never the key itself. */
export interface ProviderKey {
  publicId: string
  provider: string
  /** Of the provider. */
  label: string
  /** How it ends. */
  hint: string
  /** From 0; the first is asked first. */
  place: number
  createdMs: number
  test: { atMs: number; ok: boolean; message: string } | null
}

export interface ProviderKeys {
  keys: readonly ProviderKey[]
  /** Credits pay where none of the keys answers. */
  useCredits: boolean
  /** The plan lets calls use them. */
  isAllowed: boolean
}

/** Which of a person's keys was asked for a call, and what came of it. */
export interface AskedKey {
  /** Null = it was deleted. */
  key: Pick<ProviderKey, "publicId" | "label" | "hint"> | null
  outcome: AttemptOutcome
  status: number | null
}

export interface KeyOwner {
  userId: UserId
  userPublicId: string
}

export interface PersonalVerbs {
  providerKeys: {
    /** Where people's keys work. */
    providers: readonly OwnProvider[]
    of(userId: UserId): ProviderKeys
    /** @throws AppError plan_required, validation_failed with formErrors, conflict */
    add(ctx: WriteContext, input: KeyOwner & { provider: string; key: string }): Promise<ProviderKey>
    /** @throws AppError not_found */
    remove(ctx: WriteContext, input: KeyOwner & { keyId: string }): Promise<ProviderKey>
    /** Asks it before the others of its provider. @throws AppError not_found */
    putFirst(ctx: WriteContext, input: KeyOwner & { keyId: string }): Promise<ProviderKey>
    setUseCredits(ctx: WriteContext, input: KeyOwner & { useCredits: boolean }): Promise<void>
    /** Asks the provider for its models. Never throws for the provider's faults: they are the result. @throws AppError not_found, rate_limit_exceeded */
    test(ctx: WriteContext, input: KeyOwner & { keyId: string }): Promise<ProviderKey>
    /** In order; empty when the operator's accounts answered. */
    askedFor(userId: UserId, callId: string): AskedKey[]
    /** All of a person's are gone: their account ends. @returns rows */
    eraseIn(tx: Tx, userId: number, rows: number): number
  }
}
