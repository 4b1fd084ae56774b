// /admin/issuers: who people may sign in with besides this house; add one, test it, their order, turn one off, take one away.
import { AdminIssuerNewPage, AdminIssuerPage, AdminIssuerRemovalPage } from "../../../views/admin/issuer.tsx"
import { AdminIssuersPage, type IssuerRow } from "../../../views/admin/issuers.tsx"
import { ensure } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import { FEDERATION_LIMITS, type Issuer, type IssuerPreset } from "../../identity/index.ts"
import { newValues, type PageRequest, undoBy } from "../base/index.ts"
import { ISSUER_FORM, ISSUER_REMOVAL_FORM, NEW_ISSUER_FORM, PRESET_WORDS } from "./issuer-form.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

const LIST = "/admin/issuers"

type Deps = Pick<AdminDeps, "identity" | "clock">

export function issuerRoutes(site: AdminSite, deps: Deps): void {
  const { identity } = deps
  site.get(LIST, (page) => {
    const issuers = identity.issuers().map((one) => rowOf(deps, one))
    const isFull = issuers.length >= FEDERATION_LIMITS.issuersMax
    return page.render((frame) => AdminIssuersPage({ frame, issuers, isFull }))
  })
  newRoute(site, deps)
  editRoute(site, deps)
  stateRoutes(site, deps)
  site.form(`${LIST}/:issuer/removal`, {
    summary: "Remove an issuer",
    load: loader(deps),
    form: ISSUER_REMOVAL_FORM,
    fresh: true,
    async act(page, { reason }, { slug }) {
      const { name } = await identity.removeIssuer(page.ctx(reason), slug)
      return { to: LIST, say: `Nobody signs in with ${name} any more.` }
    },
    show: (page, form, issuer, status) =>
      page.render((frame) => AdminIssuerRemovalPage({ frame, issuer: rowOf(deps, issuer), form }), status),
  })
}

const rowOf = ({ identity }: Deps, issuer: Issuer): IssuerRow => ({
  slug: issuer.slug,
  issuer: issuer.issuer,
  name: issuer.name,
  preset: issuer.preset,
  active: issuer.active,
  signUp: issuer.signUp,
  byEnvironment: issuer.byEnvironment,
  domains: issuer.domains,
  callback: identity.callbackOf(issuer.slug),
  ...identity.issuerPeople(issuer.issuer),
})

const presetOf = (sent: string): IssuerPreset => (sent === "oidc" ? "oidc" : "google")

function newRoute(site: AdminSite, { identity }: Deps): void {
  site.form(
    `${LIST}/new`,
    {
      summary: "Add an issuer and test it",
      load: (_page, _params, sent) => ({ preset: presetOf(sent("preset")) }),
      form: NEW_ISSUER_FORM,
      // A preset knows who it is.
      adapt: (form, { preset }) =>
        form.with(
          preset === "oidc"
            ? { issuer: { required: true }, name: { required: true }, slug: { required: true } }
            : { issuer: null, name: null, slug: null, tenants: null, responseMode: null },
        ),
      present: ({ preset }) => ({
        preset,
        signUp: true,
        trustsMfa: false,
        domains: [],
        tenants: [],
        responseMode: "query" as const,
        ...(preset === "google" ? { issuer: "", name: PRESET_WORDS.google, slug: "google" } : {}),
      }),
      fresh: true,
      async act(page, { reason, clientSecret, ...given }) {
        const added = await identity.addIssuer(page.ctx(reason), { ...given, clientSecret: clientSecret ?? "" })
        return tested(identity, added, `People can sign in with ${added.name} now.`)
      },
      show(page, form, { preset }, status) {
        const kinds = (["google", "oidc"] as const).map((each) => ({
          label: PRESET_WORDS[each],
          href: `${LIST}/new?preset=${each}`,
          current: each === preset,
        }))
        const callback = identity.callbackOf(preset === "google" ? "google" : "short-name")
        return page.render((frame) => AdminIssuerNewPage({ frame, form, kinds, preset, callback }), status)
      },
    },
    LIST,
  )
}

/** Values as the form has them; never the secret. */
const termsOf = ({ name, clientId, signUp, trustsMfa, domains, tenants, responseMode }: Issuer) => ({
  name,
  clientId,
  signUp,
  trustsMfa,
  domains: [...domains],
  tenants: [...tenants],
  responseMode,
})

function editRoute(site: AdminSite, deps: Deps): void {
  const { identity } = deps
  site.form(`${LIST}/:issuer`, {
    summary: "Change an issuer and test it",
    load: loader(deps),
    form: ISSUER_FORM,
    adapt: (form, { byEnvironment }) => (byEnvironment ? form.with({ clientId: null, clientSecret: null }) : form),
    present: termsOf,
    kept: ["name", "clientId"],
    fresh: true,
    async act(page, { reason, clientSecret, ...change }, before) {
      const after = await identity.editIssuer(page.ctx(reason), before.slug, {
        ...change,
        clientSecret: clientSecret ?? "",
      })
      const changed = newValues(ISSUER_FORM, termsOf(before), termsOf(after))
      return tested(identity, after, changed ? `${after.name} now: ${changed}.` : `${after.name} is saved.`)
    },
    show(page, form, issuer, status) {
      const props = { issuer: rowOf(deps, issuer), now: deps.clock.now(), addedMs: issuer.createdMs }
      return page.render((frame) => AdminIssuerPage({ frame, ...props, form }), status)
    },
  })
}

function stateRoutes(site: AdminSite, deps: Deps): void {
  const { identity } = deps
  const load = loader(deps)
  const state =
    (active: boolean) =>
    async (page: PageRequest, _: unknown, { slug }: Issuer) => {
      const ctx = page.ctx(active ? "turned an issuer on" : "turned an issuer off")
      const after = await identity.enableIssuer(ctx, slug, active)
      const say = active ? `People can sign in with ${after.name} again.` : `Nobody can sign in with ${after.name} now.`
      return { to: pathOf(after), say, undo: undoBy(`${pathOf(after)}/${active ? "deactivation" : "activation"}`) }
    }
  site.post(`${LIST}/:issuer/activation`, {
    summary: "Turn an issuer on",
    load,
    form: button("Turn on"),
    act: state(true),
    back: pathOf,
  })
  site.post(`${LIST}/:issuer/deactivation`, {
    summary: "Turn an issuer off",
    load,
    form: button("Turn off"),
    act: state(false),
    back: pathOf,
  })
  site.post(`${LIST}/:issuer/test`, {
    summary: "Test an issuer",
    load,
    form: button("Test"),
    act: (_page, _values, issuer: Issuer) => tested(identity, issuer),
    back: pathOf,
  })
  site.post(`${LIST}/:issuer/up`, {
    summary: "Move an issuer up",
    load,
    form: button("Move up"),
    async act(page, _, { slug }) {
      const { name } = await identity.raiseIssuer(page.ctx("moved an issuer up"), slug)
      return { to: LIST, say: `${name} stands higher now.` }
    },
    back: () => LIST,
  })
}

const pathOf = ({ slug }: Pick<Issuer, "slug">): string => `${LIST}/${encodeURIComponent(slug)}`

const loader =
  ({ identity }: Deps) =>
  (_: unknown, params: { issuer: string }): Issuer => {
    const issuer = identity.issuerBySlug(params.issuer)
    ensure(issuer, "not_found", "There is no such issuer. They are listed under Sign-in.")
    return issuer
  }

/** Where to go after a test, and what it found. */
async function tested(identity: Deps["identity"], issuer: Issuer, before = "") {
  const { ok, message } = await identity.testIssuer(issuer.slug)
  const say = `${before} ${issuer.name}: ${message}`.trim()
  const result = { issuer: issuer.slug, ok }
  return { to: pathOf(issuer), say, ...(ok ? {} : { tone: "error" as const }), result }
}
