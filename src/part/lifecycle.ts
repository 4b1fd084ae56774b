// Lifecycle: acts that start in identity and reach every domain, in the body of the act. A domain with rows of people answers each act:
// with what it does, or with the reason why it does nothing.
import { invariant, type UserId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"

/** The person an act is about. */
export interface Person {
  /** users.id = principals.id */
  id: UserId
  publicId: string
}

/** What it does in the body of the act, or why nothing is to be done. */
export type Hook = ((tx: Tx, person: Person) => void) | { nothing: string }

export interface Lifecycle {
  suspended: Hook
  reinstated: Hook
  /** Whatever was obtained with the old password ends here. */
  passwordChanged: Hook
}

export type Act = keyof Lifecycle

/** Tells every domain, in the order of the parts. */
export interface LifecycleHooks {
  add(name: string, hooks: Lifecycle): void
  tellIn(tx: Tx, act: Act, person: Person): void
}

export function createLifecycle(): LifecycleHooks {
  const parts = new Map<string, Lifecycle>()
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
  }
}
