// /keys: a person's API keys. Making one shows its secret once; everything else is in force from the next call on.
import { KeyPage } from "../../../views/console/key.tsx"
import {
  KeyNewPage,
  KeyRevokePage,
  KeyRollPage,
  type KeyRow,
  type KeyStateName,
  KeysPage,
  type KeyTermsWords,
  keyPath,
} from "../../../views/console/keys.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure, nano } from "../../app/index.ts"
import { button, percentText } from "../../http/index.ts"
import type { ApiKeyShown, KeySpend } from "../../keys/index.ts"
import type { UsageCall } from "../../usage/index.ts"
import { newValues, type PageRequest, type Status, undoBy, undoTo } from "../base/index.ts"
import {
  endOf,
  KEY_FORM,
  keepMs,
  keyDetailsFor,
  keyFormFor,
  NEW_KEY,
  presentOf,
  ROLL_FORM,
  scopeLabel,
} from "./key-forms.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "web" | "keys" | "teams" | "usage" | "gateway" | "plans" | "clock">

/** Calls on the page of a key. */
const LOG_ROWS = 20

export function keysRoutes(site: ConsoleSite, deps: Deps): void {
  const { keys, clock } = deps
  site.get("/keys", (page) => {
    const spend = keys.spendOf(page.holder.id)
    const rows = keys.of(page.holder.id).map((key) => rowOf(key, spend.get(key.id), clock.now()))
    const terms = termsOf(deps, page)
    return page.render((frame) => KeysPage({ frame, now: clock.now(), terms, keys: rows }))
  })
  site.form(
    "/keys/new",
    {
      form: KEY_FORM,
      fresh: true,
      adapt: (_, __, page) => keyFormFor(reachOf(page)),
      present: () => NEW_KEY,
      async act(page, { expiresMs, ...terms }) {
        const input = { userId: page.session.userId, payerId: page.holder.id, ...terms, expiresMs: endOf(expiresMs) }
        const { key, secret } = await keys.create(page.ctx("made an API key"), input)
        return { to: keyPath(key.publicId), secret }
      },
      show: (page, form, _, status) =>
        // A refused form was posted to the list's address.
        page.render((frame) => KeyNewPage({ frame: { ...frame, path: "/keys/new" }, form }), status),
    },
    "/keys",
  )
  detailsRoute(site, deps)
  switchRoutes(site, deps)
  endRoutes(site, deps)
}

function termsOf({ plans, teams }: Deps, page: PageRequest): KeyTermsWords {
  const { planName, freeModelsOnly, markupPaidBp, freePer1kNano } = plans.keyTermsOf(teams.answersFor(page.holder.id))
  const markup = markupPaidBp === 0 ? null : `${percentText(markupPaidBp)}%`
  return { planName, freeModelsOnly, markup, freePer1k: freePer1kNano }
}

const mine = ({ keys }: Deps, page: PageRequest, id: string): ApiKeyShown => {
  const key = keys.byPublicId(page.holder.id, id)
  ensure(key, "not_found", "There is no such key. Your keys are listed under API keys.")
  return key
}
const alive = (deps: Deps, page: PageRequest, id: string): ApiKeyShown => {
  const key = mine(deps, page, id)
  ensure(key.revokedMs === null, "not_found", "This key was revoked. Make a new one.")
  return key
}
/** It acts in its maker's name, so nobody else of a team gets its secret or lets it do more. */
const ownAlive = (deps: Deps, page: PageRequest, id: string): ApiKeyShown => {
  const key = alive(deps, page, id)
  ensure(
    key.userId === page.session.userId,
    "forbidden",
    "Another person of this team made this key. Only they change it; you can switch it off or revoke it.",
  )
  return key
}
/** What a key may be given here. */
const reachOf = (page: PageRequest) => (page.isTeam ? ("spends" as const) : page.session.isAdmin)
const refOf = (page: PageRequest, key: ApiKeyShown) => ({ userId: page.holder.id, keyPublicId: key.publicId })

function detailsRoute(site: ConsoleSite, deps: Deps): void {
  const { keys } = deps
  site.form("/keys/:key", {
    load: (page, { key }) => mine(deps, page, key),
    form: KEY_FORM,
    adapt: (_, __, page) => keyDetailsFor(reachOf(page)),
    present: presentOf,
    // More than it could do is as good as another key.
    fresh: ({ scopes }, before) => scopes.some((scope) => !before.scopes.includes(scope)),
    async act(page, { mode: _, expiresMs, ...terms }, shown) {
      const before = ownAlive(deps, page, shown.publicId)
      const input = { ...refOf(page, before), ...terms }
      const isSameEnd = expiresMs === presentOf(before).expiresMs
      const after = await keys.edit(page.ctx("changed an API key"), {
        ...input,
        ...(isSameEnd ? {} : { expiresMs: endOf(expiresMs) }),
      })
      const form = keyDetailsFor(reachOf(page))
      const { mode: __, ...was } = presentOf(before)
      const words = newValues(form, was, presentOf(after))
      const path = keyPath(after.publicId)
      return {
        to: path,
        say: words === "" ? "Nothing was changed." : `Saved: ${words}.`,
        undo: undoTo(path, form, was),
      }
    },
    show: (page, form, key, status) => keyPage(deps, page, key, form, status),
  })
}

function switchRoutes(site: ConsoleSite, deps: Deps): void {
  const { keys } = deps
  const load = (page: PageRequest, { key }: { key: string }) => alive(deps, page, key)
  const back = (key: ApiKeyShown) => keyPath(key.publicId)
  site.post("/keys/:key/deactivation", {
    load,
    form: button("Switch off"),
    async act(page, _, key) {
      await keys.setDisabled(page.ctx("switched an API key off"), { ...refOf(page, key), disabled: true })
      const say = `${key.name} is switched off. Calls with it are refused.`
      return { to: back(key), say, undo: undoBy(`${back(key)}/activation`) }
    },
    back,
  })
  site.post("/keys/:key/activation", {
    load,
    form: button("Switch on"),
    async act(page, _, key) {
      await keys.setDisabled(page.ctx("switched an API key on"), { ...refOf(page, key), disabled: false })
      return { to: back(key), say: `${key.name} works again.`, undo: undoBy(`${back(key)}/deactivation`) }
    },
    back,
  })
}

function endRoutes(site: ConsoleSite, deps: Deps): void {
  const { keys, clock } = deps
  const load = (page: PageRequest, { key }: { key: string }) => alive(deps, page, key)
  const shown = (key: ApiKeyShown) => rowOf(key, undefined, clock.now())
  site.form("/keys/:key/secret", {
    load: (page, { key }) => ownAlive(deps, page, key),
    form: ROLL_FORM,
    fresh: true,
    present: () => ({ keep: "now" }),
    async act(page, { keep }, before) {
      const input = { ...refOf(page, before), keepMs: keepMs(keep) }
      const { key, secret } = await keys.roll(page.ctx("gave an API key a new secret"), input)
      return { to: keyPath(key.publicId), secret }
    },
    show: (page, form, key, status) => page.render((frame) => KeyRollPage({ frame, apiKey: shown(key), form }), status),
  })
  site.form("/keys/:key/revocation", {
    load,
    form: button("Revoke", true),
    async act(page, _, key) {
      await keys.revoke(page.ctx("revoked an API key"), refOf(page, key))
      return { to: "/keys", say: `${key.name} no longer works.` }
    },
    show: (page, form, key, status) =>
      page.render((frame) => KeyRevokePage({ frame, apiKey: shown(key), form }), status),
  })
}

function keyPage(deps: Deps, page: PageRequest, key: ApiKeyShown, form: FormView, status: Status): Response {
  const { web, keys, usage, gateway, clock } = deps
  const { secret, forget } = web.takeSecret(page.request)
  const now = clock.now()
  const spent = keys.spendOf(page.holder.id).get(key.id)
  const props = {
    now,
    apiKey: {
      ...rowOf(key, spent, now),
      calls: spent?.calls ?? 0,
      allowedIps: key.allowedIps,
      ending: key.ending,
    },
    log: usage.recentOfKey(key.userId, key.id, LOG_ROWS).map(callOf),
    made:
      secret === undefined
        ? undefined
        : { secret, apiBaseUrl: `${web.origins.hosts.api}/v1`, model: sampleModel(gateway) },
    form: { ...form, submit: "Save key" },
  }
  return page.render((frame) => KeyPage({ frame, ...props }), { ...status, cookies: [forget] })
}

const sampleModel = (gateway: Deps["gateway"]): string =>
  gateway.upstreams().find((one) => one.enabled)?.models[0] ?? "sandbox"

const callOf = (call: UsageCall) => ({
  requestId: call.publicId,
  atMs: call.atMs,
  model: call.model,
  status: call.status,
  error: call.errorCode,
  latencyMs: call.latencyMs,
  firstTokenMs: call.firstTokenMs,
  inputTokens: call.inputTokens,
  outputTokens: call.outputTokens,
  charge: nano(call.collectedNano),
})

const rowOf = (key: ApiKeyShown, spend: KeySpend | undefined, now: number): KeyRow => ({
  id: key.publicId,
  name: key.name,
  prefix: key.prefix,
  mode: key.mode,
  state: stateOf(key, now),
  scopes: key.scopes.map(scopeLabel),
  createdMs: key.createdMs,
  lastUsedMs: key.lastUsedMs,
  expiresMs: key.expiresMs,
  spent: spend?.spentNano ?? nano(0),
})

function stateOf({ revokedMs, revokedBecause, disabledMs, expiresMs }: ApiKeyShown, now: number): KeyStateName {
  if (revokedMs !== null) return revokedBecause === "reported" ? "reported" : "revoked"
  if (expiresMs !== null && now >= expiresMs) return "expired"
  return disabledMs === null ? "active" : "off"
}
