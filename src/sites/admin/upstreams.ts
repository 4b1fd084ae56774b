// /admin/upstreams: the operator's AI provider accounts; add one, test it, see what it offers.
import { Elysia } from "elysia"
import { AdminUpstreamOffPage } from "../../../views/admin/upstream.tsx"
import { AdminUpstreamNewPage, AdminUpstreamsPage } from "../../../views/admin/upstreams.tsx"
import { AppError, ensure } from "../../app/index.ts"
import { MAX_TOKENS_FIELDS, type Upstream } from "../../gateway/index.ts"
import type { Form } from "../../http/index.ts"
import type { Visit } from "../console/index.ts"
import { type AdminDeps, asAdmin } from "./site.ts"
import { healthOf, priceLists, rowOf, upstreamPage } from "./upstream-page.ts"

const NO_PARSE = { parse: "none" } as const

export function adminUpstreamRoutes(deps: AdminDeps) {
  const { web, gateway } = deps
  return new Elysia()
    .get(
      "/admin/upstreams",
      asAdmin(deps, async (visit) => {
        const health = await healthOf(deps)
        const upstreams = gateway.upstreams().map((one) => rowOf(one, health))
        const props = { now: deps.clock.now(), upstreams }
        return visit.page((frame) => AdminUpstreamsPage({ frame, ...props }))
      }),
    )
    .get(
      "/admin/upstreams/new",
      asAdmin(deps, (visit) => newPage(deps, visit)),
    )
    .post(
      "/admin/upstreams",
      asAdmin(deps, async (visit) => {
        const form = await web.form(visit.request)
        const kind = form.get("kind")
        // The form of a built-in kind hides address and key: what was typed there before must not refuse it out of sight.
        const isLocal = gateway.upstreamKinds().some((one) => one.kind === kind && one.isLocal)
        const remote = {
          baseUrl: form.get("base_url"),
          apiKey: form.raw("api_key") || null,
          ...(form.get("provider") ? { priceProvider: form.get("provider") } : {}),
        }
        try {
          const added = await gateway.addUpstream(visit.ctx("added an upstream"), {
            kind,
            name: form.get("name"),
            ...(isLocal ? {} : remote),
          })
          const tested = await gateway.testUpstream(visit.ctx("tested a new upstream"), added.publicId)
          return web.back("/admin/upstreams", wordsOf(tested))
        } catch (error) {
          return newPage(deps, visit, form, fieldErrors(error))
        }
      }),
      NO_PARSE,
    )
    .get(
      "/admin/upstreams/:id",
      asAdmin(deps, (visit, { id }) => upstreamPage(deps, visit, upstreamOf(deps, id))),
    )
    .post(
      "/admin/upstreams/:id",
      asAdmin(deps, async (visit, { id }) => {
        const form = await web.form(visit.request)
        const upstream = upstreamOf(deps, id)
        const typed = {
          base_url: form.get("base_url"),
          provider: form.get("provider"),
          max_tokens_field: form.get("max_tokens_field"),
          extra_fields: form.get("extra_fields"),
        }
        try {
          await gateway.editUpstream(visit.ctx("changed an upstream"), upstream.publicId, {
            baseUrl: typed.base_url,
            apiKey: form.raw("api_key"),
            priceProvider: typed.provider,
            maxTokensField: MAX_TOKENS_FIELDS.find((name) => name === typed.max_tokens_field) ?? null,
            extraFields: typed.extra_fields.split(/[\s,]+/).filter((name) => name !== ""),
          })
        } catch (error) {
          return upstreamPage(deps, visit, upstream, { values: typed, errors: fieldErrors(error) })
        }
        const tested = await gateway.testUpstream(visit.ctx("tested a changed upstream"), upstream.publicId)
        return web.back(pathOf(tested), wordsOf(tested))
      }),
      NO_PARSE,
    )
    .post(
      "/admin/upstreams/:id/test",
      asAdmin(deps, async (visit, { id }) => {
        const form = await web.form(visit.request)
        const { publicId } = upstreamOf(deps, id)
        const tested = await gateway.testUpstream(visit.ctx("tested an upstream"), publicId)
        return web.back(form.get("from") === "page" ? pathOf(tested) : "/admin/upstreams", wordsOf(tested))
      }),
      NO_PARSE,
    )
    .post(
      "/admin/upstreams/:id/activation",
      asAdmin(deps, async (visit, { id }) => {
        await web.form(visit.request)
        const { publicId } = upstreamOf(deps, id)
        const on = await gateway.enableUpstream(visit.ctx("turned an upstream on"), publicId, true)
        return web.back(pathOf(on), { kind: "ok", text: `${on.name} answers calls again.` })
      }),
      NO_PARSE,
    )
    .get(
      "/admin/upstreams/:id/deactivation",
      asAdmin(deps, (visit, { id }) => {
        const { publicId, name, models } = upstreamOf(deps, id)
        const upstream = { id: publicId, name, models: models.length }
        return visit.page((frame) => AdminUpstreamOffPage({ frame, upstream }))
      }),
    )
    .post(
      "/admin/upstreams/:id/deactivation",
      asAdmin(deps, async (visit, { id }) => {
        await web.form(visit.request)
        const { publicId } = upstreamOf(deps, id)
        const off = await gateway.enableUpstream(visit.ctx("turned an upstream off"), publicId, false)
        return web.back(pathOf(off), { kind: "ok", text: `${off.name} is off: it gets no new calls.` })
      }),
      NO_PARSE,
    )
}

const pathOf = (upstream: Upstream): string => `/admin/upstreams/${upstream.publicId}`

function upstreamOf({ gateway }: AdminDeps, id: string | undefined): Upstream {
  const upstream = gateway.upstream(id ?? "")
  ensure(upstream, "not_found", "There is no such upstream. They are listed under Upstreams.")
  return upstream
}

function newPage({ gateway }: AdminDeps, visit: Visit, form?: Form, errors?: Record<string, string>): Response {
  // First, and so the default: a wrong price list is a wrong bill, and the address usually tells which one is right.
  const byAddress = { value: "", label: "By base URL, otherwise OpenAI" }
  const providers = [byAddress, ...priceLists()]
  const values = form && {
    kind: form.get("kind"),
    name: form.get("name"),
    base_url: form.get("base_url"),
    provider: form.get("provider"),
  }
  const kinds = gateway.upstreamKinds()
  return visit.page((frame) => AdminUpstreamNewPage({ frame, kinds, providers, values, errors }), {
    status: errors ? 422 : 200,
  })
}

function wordsOf(upstream: Upstream): { kind: "ok" | "error"; text: string } {
  if (upstream.test?.ok) {
    const { length } = upstream.models
    return { kind: "ok", text: `${upstream.name} answers and offers ${length === 1 ? "1 model" : `${length} models`}.` }
  }
  return {
    kind: "error",
    text: `${upstream.name} did not answer as it should: ${upstream.test?.message ?? "it was not tested"}`,
  }
}

function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof AppError) || !["validation_failed", "conflict"].includes(error.code)) throw error
  const { baseUrl, apiKey, priceProvider, extraFields, ...rest } = error.extra.formErrors ?? { name: error.message }
  return {
    ...rest,
    ...(baseUrl ? { base_url: baseUrl } : {}),
    ...(apiKey ? { api_key: apiKey } : {}),
    ...(priceProvider ? { provider: priceProvider } : {}),
    ...(extraFields ? { extra_fields: extraFields } : {}),
  }
}
