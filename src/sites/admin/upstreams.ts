// /admin/upstreams: the operator's AI provider accounts; add one, test it, see what it offers.
import { AdminUpstreamNewPage } from "../../../views/admin/upstream-new.tsx"
import { AdminUpstreamOffPage } from "../../../views/admin/upstream-off.tsx"
import { AdminUpstreamsPage } from "../../../views/admin/upstreams.tsx"
import type { Upstream, UpstreamKind, UpstreamPreset } from "../../gateway/index.ts"
import { button } from "../../http/index.ts"
import { newValues, undoBy, undoTo } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import { ACCOUNT_FORM, NEW_FORM, TEST_FORM } from "./upstream-forms.ts"
import { listed, upstreamLiveRoutes } from "./upstream-live.ts"
import { listsFor, loader, pathOf, priceLists, upstreamPage } from "./upstream-page.ts"
import { upstreamRoutingRoutes } from "./upstream-routing.ts"

const LIST = "/admin/upstreams"

export function upstreamRoutes(site: AdminSite, deps: AdminDeps): void {
  site.get(LIST, async (page) => {
    const props = await listed(deps)
    return page.render((frame) => AdminUpstreamsPage({ frame, ...props }))
  })
  upstreamLiveRoutes(site, deps)
  newRoute(site, deps)
  accountRoute(site, deps)
  testRoute(site, deps)
  activationRoutes(site, deps)
  upstreamRoutingRoutes(site, deps)
}

function newRoute(site: AdminSite, deps: AdminDeps): void {
  const { gateway } = deps
  site.form(
    "/admin/upstreams/new",
    {
      summary: "Add an upstream and test it",
      load: (_page, _params, sent) => gateway.upstreamPresets().find(({ id }) => id === sent("preset")) ?? null,
      form: NEW_FORM,
      adapt: (form, preset) =>
        form.with({
          // A preset is of one kind.
          kind: preset ? null : { options: kindOptions(deps) },
          baseUrl: { help: preset ? addressHelp(kindOf(deps, preset.kind)) : "Written as in the example of its kind." },
          priceProvider: { options: [BY_ADDRESS, ...priceLists()] },
        }),
      present: (preset) => presetValues(deps, preset),
      async act(page, { kind, name, baseUrl, apiKey, priceProvider, preset }) {
        // The form of a built-in kind hides address and key: what was typed there before must not refuse it out of sight.
        const remote = { baseUrl, apiKey, preset, ...(priceProvider ? { priceProvider } : {}) }
        const account = isLocal(deps, kind) ? { kind } : { kind, ...remote }
        const added = await gateway.addUpstream(page.ctx("added an upstream"), { name, ...account })
        return tested(LIST, await gateway.testUpstream(page.ctx("tested a new upstream"), added.publicId))
      },
      show(page, form, preset, status) {
        const presets = gateway.upstreamPresets()
        return page.render((frame) => AdminUpstreamNewPage({ frame, form, presets, preset }), status)
      },
    },
    LIST,
  )
}

function accountRoute(site: AdminSite, deps: AdminDeps): void {
  const { gateway } = deps
  site.form("/admin/upstreams/:upstream", {
    summary: "Change the account of an upstream and test it",
    load: loader(deps),
    form: ACCOUNT_FORM,
    adapt: (form, upstream) =>
      form.with({
        baseUrl: {
          help: `${kindOf(deps, upstream.kind)?.baseUrlHelp ?? ""} Another server needs its key below.`.trim(),
        },
        apiKey: { help: upstream.hasKey ? KEPT_KEY : "None is stored." },
        priceProvider: { options: listsFor(upstream) },
      }),
    present: accountOf,
    kept: ["baseUrl"],
    async act(page, { apiKey, maxTokensField, extraFields, ...account }, before) {
      const { publicId } = before
      await gateway.editUpstream(page.ctx("changed an upstream"), publicId, {
        ...account,
        apiKey: apiKey ?? "",
        maxTokensField: maxTokensField || null,
        extraFields: extraFields.flatMap((names) => names.split(",").filter(Boolean)),
      })
      const after = await gateway.testUpstream(page.ctx("tested a changed upstream"), publicId)
      const done = tested(pathOf(after), after)
      // A key that was replaced is not known any more, and another server is asked for its own.
      const isSameAccount = !apiKey && after.baseUrl === before.baseUrl
      const changed = isSameAccount ? newValues(ACCOUNT_FORM, accountOf(before), accountOf(after)) : ""
      if (!changed) return done
      const undo = undoTo(pathOf(after), ACCOUNT_FORM, accountOf(before))
      return { ...done, say: `${after.name} now: ${changed}. ${done.say}`, undo }
    },
    show: (page, form, upstream, status) => upstreamPage(deps, page, upstream, form, status),
  })
}

function testRoute(site: AdminSite, deps: AdminDeps): void {
  site.post("/admin/upstreams/:upstream/test", {
    summary: "Test an upstream",
    load: loader(deps),
    form: TEST_FORM,
    present: () => ({ from: "list" as const }),
    async act(page, { from }, { publicId }) {
      const after = await deps.gateway.testUpstream(page.ctx("tested an upstream"), publicId)
      return tested(from === "page" ? pathOf(after) : LIST, after)
    },
    back: pathOf,
  })
}

function activationRoutes(site: AdminSite, deps: AdminDeps): void {
  const { gateway } = deps
  const load = loader(deps)
  site.post("/admin/upstreams/:upstream/activation", {
    summary: "Turn an upstream on",
    load,
    form: button("Turn on"),
    async act(page, _, { publicId }) {
      const on = await gateway.enableUpstream(page.ctx("turned an upstream on"), publicId, true)
      return { to: pathOf(on), say: `${on.name} answers calls again.`, undo: undoBy(`${pathOf(on)}/deactivation`) }
    },
    back: pathOf,
  })
  site.form("/admin/upstreams/:upstream/deactivation", {
    summary: "Turn an upstream off",
    load,
    form: button("Turn off", true),
    async act(page, _, { publicId }) {
      const off = await gateway.enableUpstream(page.ctx("turned an upstream off"), publicId, false)
      const undo = undoBy(`${pathOf(off)}/activation`)
      return { to: pathOf(off), say: `${off.name} is off: it gets no new calls.`, undo }
    },
    show(page, form, { publicId, name, models }, status) {
      const upstream = { id: publicId, name, models: models.length }
      return page.render((frame) => AdminUpstreamOffPage({ frame, upstream, form }), status)
    },
  })
}

/** All but the key; the name is the provider's until an account has it. */
function presetValues({ gateway }: AdminDeps, preset: UpstreamPreset | null) {
  if (!preset) return { kind: gateway.upstreamKinds()[0]?.kind ?? "", priceProvider: "", preset: "" }
  const taken = new Set(gateway.upstreams().map(({ name }) => name.toLowerCase()))
  let name = preset.name
  for (let nth = 2; taken.has(name); nth++) name = `${preset.name}-${nth}`
  const { kind, baseUrl, priceProvider, id } = preset
  return { kind, name, baseUrl, priceProvider, preset: id }
}

// First, and so the default: a wrong price list is a wrong bill, and the address usually tells which one is right.
const BY_ADDRESS = { value: "", label: "By base URL, otherwise OpenAI" }
const KEPT_KEY = "Leave it empty to keep the present key, which is never shown."

/** Its account as the form has it; never the key. */
const accountOf = ({ baseUrl, priceProvider, maxTokensField, extraFields }: Upstream) => ({
  baseUrl,
  priceProvider,
  maxTokensField: maxTokensField ?? ("" as const),
  extraFields: [...extraFields],
})

const kindOf = ({ gateway }: AdminDeps, kind: string): UpstreamKind | undefined =>
  gateway.upstreamKinds().find((one) => one.kind === kind)
const isLocal = (deps: AdminDeps, kind: string): boolean => kindOf(deps, kind)?.isLocal ?? false

/** A built-in kind has no address and no key: its choice stands alone. */
const kindOptions = ({ gateway }: AdminDeps) =>
  gateway.upstreamKinds().map(({ kind, label, help, baseUrlExample, isLocal }) => ({
    value: kind,
    label,
    help: `${help} ${baseUrlExample}`.trim(),
    alone: isLocal,
  }))

/** Where to go after a test, and what it found. */
function tested(to: string, { name, models, test, publicId }: Upstream) {
  const result = { id: publicId, ok: test?.ok ?? false, models: models.length }
  if (test?.ok) {
    const offered = models.length === 1 ? "1 model" : `${models.length} models`
    return { to, say: `${name} answers and offers ${offered}.`, result }
  }
  const say = `${name} did not answer as it should: ${test?.message ?? "it was not tested"}`
  return { to, say, tone: "error" as const, result }
}

/** How this kind writes an address. */
const addressHelp = (kind: UpstreamKind | undefined): string =>
  kind ? `${kind.baseUrlHelp} For instance ${kind.baseUrlExample}`.trim() : ""
