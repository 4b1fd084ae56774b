// What may be kept of a form that was sent while its person proves who they are, and where it stands again after that.
import type { Form as Body, FieldDef, Fields, FormDef } from "../../http/index.ts"

/** Where what was typed is shown again; `at` is the address it was sent to. */
export const UNFINISHED_PATH = "/unfinished"

/** What its person did in between. */
export type After = "sign-in" | "confirm"

export const unfinishedAt = (path: string, after: After): string =>
  `${UNFINISHED_PATH}?${new URLSearchParams({ at: path, ...(after === "confirm" ? { after } : {}) })}`

/** Never kept: passwords, keys, codes. */
export const isSecret = ({ secret, look }: FieldDef<unknown>): boolean =>
  secret === true || look.type === "password" || look.autocomplete === "one-time-code"

/** What may be kept of a form that was sent: its declared fields that are no secrets. */
export const keepable = <F extends Fields>(form: FormDef<F>, body: Body): [name: string, value: string][] =>
  Object.entries(form.fields).flatMap(([key, field]) => {
    const name = form.nameOf(key)
    return isSecret(field) ? [] : body.all(name).map((value): [string, string] => [name, value])
  })
