// /admin/upstreams: the operator's AI provider accounts; add one, test it, see what it offers.
import { Elysia } from "elysia"
import { AdminUpstreamNewPage, AdminUpstreamsPage, type UpstreamRow } from "../../views/admin/upstreams.tsx"
import { AppError } from "../app/index.ts"
import type { Visit } from "../console/index.ts"
import type { Upstream } from "../gateway/index.ts"
import type { Form } from "../http/index.ts"
import { PRICE_PROVIDERS } from "../pricing/index.ts"
import { type AdminDeps, asAdmin } from "./site.ts"

const NO_PARSE = { parse: "none" } as const

export function adminUpstreamRoutes(deps: AdminDeps) {
  const { web, gateway } = deps
  return new Elysia()
    .get(
      "/admin/upstreams",
      asAdmin(deps, (visit) => {
        const props = { now: deps.clock.now(), upstreams: gateway.upstreams().map(rowOf) }
        return visit.page((frame) => AdminUpstreamsPage({ frame, ...props }))
      }),
    )
    .get(
      "/admin/upstreams/new",
      asAdmin(deps, (visit) => newPage(visit)),
    )
    .post(
      "/admin/upstreams",
      asAdmin(deps, async (visit) => {
        const form = await web.form(visit.request)
        // The sandbox's form hides address and key: what was typed there before must not refuse it out of sight.
        const remote = {
          baseUrl: form.get("base_url"),
          apiKey: form.raw("api_key") || null,
          ...(form.get("provider") ? { priceProvider: form.get("provider") } : {}),
        }
        try {
          const added = await gateway.addUpstream(visit.ctx("added an upstream"), {
            name: form.get("name"),
            ...(form.get("kind") === "sandbox" ? { kind: "sandbox" } : { kind: "openai-compatible", ...remote }),
          })
          const tested = await gateway.testUpstream(visit.ctx("tested a new upstream"), added.publicId)
          return web.back("/admin/upstreams", wordsOf(tested))
        } catch (error) {
          return newPage(visit, form, fieldErrors(error))
        }
      }),
      NO_PARSE,
    )
    .post(
      "/admin/upstreams/:id/test",
      asAdmin(deps, async (visit, { id }) => {
        await web.form(visit.request)
        return web.back(
          "/admin/upstreams",
          wordsOf(await gateway.testUpstream(visit.ctx("tested an upstream"), id ?? "")),
        )
      }),
      NO_PARSE,
    )
}

function newPage(visit: Visit, form?: Form, errors?: Record<string, string>): Response {
  // First, and so the default: a wrong price list is a wrong bill, and the address usually tells which one is right.
  const byAddress = { value: "", label: "Found by the address, else openai" }
  const lists = PRICE_PROVIDERS.filter((id) => id !== "sandbox").map((id) => ({ value: id, label: id }))
  const providers = [byAddress, ...lists]
  const values = form && {
    kind: form.get("kind"),
    name: form.get("name"),
    base_url: form.get("base_url"),
    provider: form.get("provider"),
  }
  return visit.page((frame) => AdminUpstreamNewPage({ frame, providers, values, errors }), {
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

const rowOf = (upstream: Upstream): UpstreamRow => ({
  id: upstream.publicId,
  name: upstream.name,
  kind: upstream.kind,
  baseUrl: upstream.kind === "sandbox" ? null : upstream.baseUrl,
  state: !upstream.enabled ? "disabled" : !upstream.test ? "untested" : upstream.test.ok ? "healthy" : "failing",
  models: upstream.models.length,
  lastTest: upstream.test && { atMs: upstream.test.atMs, ok: upstream.test.ok, message: upstream.test.message },
})

function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof AppError) || !["validation_failed", "conflict"].includes(error.code)) throw error
  const { baseUrl, apiKey, priceProvider, ...rest } = error.extra.formErrors ?? { name: error.message }
  return {
    ...rest,
    ...(baseUrl ? { base_url: baseUrl } : {}),
    ...(apiKey ? { api_key: apiKey } : {}),
    ...(priceProvider ? { provider: priceProvider } : {}),
  }
}
