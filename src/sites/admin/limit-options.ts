// What the pickers of a limit find: people, keys and apps, by any part of what an admin knows of them. Each is sent as what an admin could
// have typed: an email, a key's id, a client id.
import type { FormView } from "../../../views/ui/index.ts"
import type { User } from "../../identity/index.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import { clientsNamed } from "./store-audit.ts"

type Deps = Pick<AdminDeps, "identity" | "oauth" | "keys" | "store" | "developerName">

export const PEOPLE_OPTIONS = "/admin/limits/people"
export const KEY_OPTIONS = "/admin/limits/keys"
export const APP_OPTIONS = "/admin/limits/apps"

/** What a picker lists, and as much of a text as is looked for. */
const OPTIONS_MAX = 50
const QUERY_CHARS_MAX = 200
/** Owners whose keys are listed. */
const OWNERS_MAX = 20

interface Option {
  value: string
  label: string
  detail?: string
}

export function limitOptionRoutes(site: AdminSite, deps: Deps): void {
  const options = (path: typeof PEOPLE_OPTIONS | typeof KEY_OPTIONS | typeof APP_OPTIONS, find: Find) =>
    site.get(path, ({ request }) => {
      const query = (new URL(request.url).searchParams.get("q") ?? "").trim().slice(0, QUERY_CHARS_MAX)
      return Response.json(find(deps, query).slice(0, OPTIONS_MAX))
    })
  options(PEOPLE_OPTIONS, people)
  options(KEY_OPTIONS, keys)
  options(APP_OPTIONS, apps)
}

type Find = (deps: Deps, query: string) => Option[]

/** By the address, which tells two of one name apart. */
const people: Find = ({ identity }, query) =>
  identity.searchUsers({ query, limit: OPTIONS_MAX }).map(({ email, name }) => ({
    value: email,
    label: email,
    ...(name === null ? {} : { detail: name }),
  }))

/** Keys of the people who are found, or the one with this id. */
const keys: Find = ({ identity, keys: all }, query) => {
  const found = query.startsWith("key_") ? all.find(query) : null
  const owner = found && identity.userById(found.userId)
  if (found && owner) return [keyOption(found, owner)]
  return identity.searchUsers({ query, limit: OWNERS_MAX }).flatMap((user) =>
    all
      .of(user.id)
      .filter(({ revokedMs }) => revokedMs === null)
      .map((key) => keyOption(key, user)),
  )
}

const keyOption = (key: { publicId: string; name: string }, owner: User): Option => ({
  value: key.publicId,
  label: key.name,
  detail: `Of ${labelOf(owner)}`,
})

const apps: Find = ({ oauth, store, developerName }, query) => {
  const byId = query.startsWith("cli_") ? oauth.clientByPublicId(query) : null
  const ids = byId ? [byId] : clientsNamed(store.read, query, OPTIONS_MAX)
  return ids.flatMap(({ publicId }) => {
    const client = oauth.clientByPublicId(publicId)
    if (!client || client.ownerId === null) return []
    return [{ value: publicId, label: client.name, detail: `By ${developerName(client.ownerId)}` }]
  })
}

/** The form with names in place of the ids that were chosen before. */
export function named({ oauth, keys: all }: Pick<Deps, "oauth" | "keys">, form: FormView): FormView {
  const nameOf: Record<string, (id: string) => string | undefined> = {
    app: (id) => oauth.clientByPublicId(id)?.name,
    key: (id) => all.find(id)?.name,
  }
  const fields = form.fields.map((field) => {
    const valueLabel = nameOf[field.name]?.(field.typed[0] ?? "")
    return valueLabel === undefined ? field : { ...field, valueLabel }
  })
  return { ...form, fields }
}
