// Lifecycle: acts that start in identity and reach every domain, in the body of the act. A domain with rows of people answers each act:
// with what it does, or with the reason why it does nothing. Which tables these are, and what a person gets of them: `personal.ts`.
import { invariant, type UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"

/** The person an act is about. */
export interface Person {
  /** users.id = principals.id */
  id: UserId
  publicId: string
}

/** What to look for where rows name nobody by number. */
export interface Words {
  publicId: string
  email: string
  name: string | null
}

/** Acts of the audit log that hold such words, as they were found outside of the write. */
export interface Naming {
  ids: readonly number[]
  /** The newest act that was looked at. */
  throughId: number
}

/** Somebody who is erased. */
export interface Erased extends Person, Words {
  /** Left out: the write looks through all acts itself, which takes seconds at a million of them. */
  naming?: Naming
}

/** What it does in the body of the act, or why nothing is to be done. */
export type Hook = ((tx: Tx, person: Person) => void) | { nothing: string }

/**
 * Deletes or empties what is theirs: about `rows` rows at most, so that calls come between; asked again until nothing is left. Nobody is
 * let in any more and no call runs. Other domains to the right have answered already, so no row of theirs hangs on these.
 * @returns how many rows it took; 0 = nothing is left
 */
export type Erase = ((tx: Tx, person: Erased, rows: number) => number) | { nothing: string }

/** What a person has to know before they go, and what has to be over first. A sentence each. */
export interface Leaving {
  /** What ends or is lost, such as "2 apps lose access to your account." */
  ends?: readonly string[]
  /** What keeps them here until it is done, with what to do about it. */
  first?: readonly { text: string; href?: string }[]
}

export interface Lifecycle {
  suspended: Hook
  reinstated: Hook
  /** Whatever was obtained with the old password ends here. */
  passwordChanged: Hook
  /** What would run on for hours or days without its person ends here: nothing is erased as long as it holds credits. */
  closed?: (tx: Tx, person: Person) => void
  erased: Erase
  /** Indexed reads only: asked with the page, and once more when the day has come. */
  leaving?: (person: Person) => Leaving
}

/** One sign-in of a person; `sid` is what apps call it. */
export type SessionHook = (tx: Tx, session: { userId: UserId; sid: string }) => void

export type Act = Exclude<keyof Lifecycle, "erased" | "leaving">

/** Tells every domain, in the order of the parts. */
export interface LifecycleHooks {
  add(name: string, hooks: Lifecycle): void
  tellIn(tx: Tx, act: Act, person: Person): void
  onSessionEnd(hook: SessionHook): void
  sessionEndedIn(tx: Tx, session: Parameters<SessionHook>[1]): void
  /** From the right to the left: what hangs on rows of others goes before them. @returns whether something may be left */
  eraseIn(tx: Tx, person: Erased, rows: number): boolean
  /** What all domains say, in the order of the parts. */
  leaving(person: Person): Required<Leaving>
}

export function createLifecycle(): LifecycleHooks {
  const parts = new Map<string, Lifecycle>()
  const ends: SessionHook[] = []
  return {
    add(name, hooks) {
      invariant(!parts.has(name), `${name} answers the lifecycle once`)
      parts.set(name, hooks)
    },
    tellIn(tx, act, person) {
      for (const hooks of parts.values()) {
        const hook = hooks[act]
        if (typeof hook === "function") hook(tx, person)
      }
    },
    onSessionEnd: (hook) => void ends.push(hook),
    sessionEndedIn(tx, session) {
      for (const hook of ends) hook(tx, session)
    },
    eraseIn(tx, person, rows) {
      for (const { erased } of [...parts.values()].toReversed())
        if (typeof erased === "function" && erased(tx, person, rows) > 0) return true
      return false
    },
    leaving(person) {
      const said = [...parts.values()].map((hooks) => hooks.leaving?.(person) ?? {})
      return { ends: said.flatMap(({ ends }) => ends ?? []), first: said.flatMap(({ first }) => first ?? []) }
    },
  }
}

/** Step after step, each at most what is left of the slice. @returns how many rows they took together */
export function takeSteps(rows: number, steps: readonly ((rows: number) => number)[]): number {
  let left = rows
  for (const step of steps) if (left > 0) left -= step(left)
  return rows - left
}
