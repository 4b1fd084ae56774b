// The door of set-up files: how a house is set up, as one file that is exported, changed and applied.
import { ensure } from "../../../app/index.ts"
import { auditIn } from "../../../audit/index.ts"
import type { WriteContext } from "../../../store/index.ts"
import { applyIn } from "./apply.ts"
import { readSetup, writeSetup } from "./document.ts"
import { kindsOf } from "./kinds/index.ts"
import { keyName } from "./kinds/upstreams.ts"
import type { SetupChange, SetupDeps, SetupFiles } from "./types.ts"

export type { FieldChange, SetupChange, SetupDeps, SetupFiles } from "./types.ts"

/** Undoes what was looked at. */
class Looked extends Error {
  constructor(readonly changes: SetupChange[]) {
    super("looked at")
  }
}

const MEANWHILE = "Something else was changed meanwhile, so this file does something else now. Look at it again."

export function createSetupFiles(deps: SetupDeps): SetupFiles {
  return {
    export: () =>
      writeSetup(kindsOf(deps, {}), (kind, entry, values) =>
        kind.name === "upstreams" && values.hasKey ? { key: { env: keyName(entry) } } : {},
      ),
    async apply(ctx: WriteContext, { text, secrets, isDry, seen }) {
      const kinds = kindsOf(deps, secrets)
      const wanted = readSetup(text, kinds)
      try {
        return await deps.store.write(ctx, (tx) => {
          const changes = applyIn(tx, wanted)
          if (isDry) throw new Looked(changes)
          ensure(!seen || JSON.stringify(changes) === JSON.stringify(seen), "conflict", MEANWHILE)
          if (changes.length > 0) auditIn(tx, { action: "setup.applied", subject: "setup", after: countsOf(changes) })
          return changes
        })
      } catch (error) {
        if (error instanceof Looked) return error.changes
        throw error
      }
    },
  }
}

const countsOf = (changes: readonly SetupChange[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(changes, ({ kind }) => kind)].map(([kind, some]) => [kind, some.length]))

/** Names of the environment that a file asks for. */
export const secretNames = (text: string): string[] =>
  [...text.matchAll(/\benv"?:\s*["']?([A-Za-z_][A-Za-z0-9_]{0,127})/g)].map(([, name]) => name!)
