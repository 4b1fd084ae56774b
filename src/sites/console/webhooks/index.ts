// Webhook endpoints on pages: a person's own under /settings, and by the same routes an app's in the portal.
import { WebhookDeliveryPage, WebhookPage } from "../../../../views/console/webhook.tsx"
import { type WebhookPlace, WebhookRemovePage, WebhooksPage, webhookPath } from "../../../../views/console/webhooks.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure } from "../../../app/index.ts"
import { button } from "../../../http/index.ts"
import { type Endpoint, WEBHOOK_DAYS, WEBHOOK_LIMITS, type WebhookOwner } from "../../../webhooks/index.ts"
import type { PageRequest, Site, Status } from "../../base/index.ts"
import type { ConsoleDeps, ConsoleSite } from "../site.ts"
import { DETAILS_FORMS, NEW_FORMS } from "./form.ts"
import { detailOf, endpointRow, logAsked, logOf } from "./props.ts"

type Deps = Pick<ConsoleDeps, "web" | "clock" | "store" | "webhooks" | "settings">

/** Where the routes are, and whose endpoints: said once for each site. */
export interface WebhookSite {
  /** Pattern of the list. */
  path: string
  /** Names of the parameters. */
  hook: string
  delivery: string
  to: "app" | "person"
  /** @throws AppError not_found */
  whose(page: PageRequest, params: Params): { owner: WebhookOwner; place: WebhookPlace }
}

type Params = Readonly<Record<string, string>>
interface Found {
  owner: WebhookOwner
  place: WebhookPlace
  endpoint: Endpoint
  path: string
}

export function ownWebhookRoutes(site: ConsoleSite, deps: Deps): void {
  webhookRoutes(site as unknown as Site<PageRequest, string>, deps, {
    path: "/settings/webhooks",
    hook: "hook",
    delivery: "delivery",
    to: "person",
    whose: (page) => ({
      owner: { userId: page.session.userId, client: null },
      place: { path: "/settings/webhooks", up: { href: "/settings", label: "Settings" } },
    }),
  })
}

export function webhookRoutes(site: Site<PageRequest, string>, deps: Deps, at: WebhookSite): void {
  listRoute(site, deps, at)
  const one = `${at.path}/:${at.hook}`
  const load = (page: PageRequest, params: Params) => find(deps, at, page, params)
  detailsRoute(site, deps, at, load)
  actRoutes(site, deps, one, load)
  site.form(`${one}/removal`, {
    load,
    form: button("Remove endpoint", true),
    async act(page, _, { owner, endpoint, place }) {
      await deps.store.write(page.ctx("removed a webhook"), (tx) =>
        deps.webhooks.removeIn(tx, owner, endpoint.publicId),
      )
      return { to: place.path, say: `Nothing more is sent to ${new URL(endpoint.url).host}.` }
    },
    show(page, form, { endpoint, place }, status) {
      const row = { id: endpoint.publicId, url: endpoint.url }
      return page.render((frame) => WebhookRemovePage({ frame, place, row, form }), status)
    },
  })
  deliveryRoutes(site, deps, at, load)
}

function find({ webhooks }: Deps, at: WebhookSite, page: PageRequest, params: Params): Found {
  const { owner, place } = at.whose(page, params)
  const endpoint = webhooks.endpoint(owner, params[at.hook] ?? "")
  return { owner, place, endpoint, path: webhookPath(place, endpoint.publicId) }
}

type Load = (page: PageRequest, params: Params) => Found

function listRoute(site: Site<PageRequest, string>, deps: Deps, at: WebhookSite): void {
  const { webhooks, clock } = deps
  site.form(at.path, {
    load: (page, params) => at.whose(page, params),
    form: NEW_FORMS[at.to],
    adapt: (form) => (at.to === "app" ? form.with({ mode: null }) : form),
    present: () => ({ mode: "live" as const }),
    fresh: true,
    async act(page, { types, ...values }, { owner, place }) {
      const input = { ...values, types: types.length === 0 ? null : types }
      const made = await webhooks.create(page.ctx("added a webhook"), owner, input)
      return { to: webhookPath(place, made.endpoint.publicId), secret: made.secret }
    },
    show(page, form, { owner, place }, status) {
      const rows = webhooks.of(owner).map((endpoint) => endpointRow(webhooks, endpoint))
      const props = { now: clock.now(), place, rows, most: WEBHOOK_LIMITS.endpointsMax, form }
      return page.render((frame) => WebhooksPage({ frame, ...props }), status)
    },
  })
}

function detailsRoute(site: Site<PageRequest, string>, deps: Deps, at: WebhookSite, load: Load): void {
  site.form(`${at.path}/:${at.hook}`, {
    load,
    form: DETAILS_FORMS[at.to],
    present: ({ endpoint: { url, description, types } }) => ({ url, description, types: [...(types ?? [])] }),
    // Events go to whoever is named here.
    fresh: ({ url }, { endpoint }) => url.trim() !== endpoint.url,
    async act(page, { types, ...values }, { owner, endpoint, path }) {
      const input = { ...values, types: types.length === 0 ? null : types, publicId: endpoint.publicId }
      await deps.webhooks.update(page.ctx("changed a webhook"), owner, input)
      return { to: path, say: "The endpoint is saved." }
    },
    show: (page, form, found, status) => endpointPage(deps, page, found, form, status),
  })
}

function endpointPage(deps: Deps, page: PageRequest, found: Found, form: FormView, status: Status): Response {
  const { webhooks, web, clock, settings } = deps
  const { endpoint, place, path } = found
  const { secret, forget } = web.takeSecret(page.request)
  const props = {
    now: clock.now(),
    place,
    row: endpointRow(webhooks, endpoint),
    secrets: webhooks.secrets(endpoint.id),
    newSecret: secret,
    ...logOf(webhooks, endpoint, path, logAsked(page.request.url)),
    keptDays: settings.get(WEBHOOK_DAYS),
    form,
  }
  return page.render((frame) => WebhookPage({ frame, ...props }), { ...status, cookies: [forget] })
}

/** Buttons on the page of an endpoint. */
function actRoutes(site: Site<PageRequest, string>, { webhooks, store }: Deps, one: string, load: Load): void {
  const back = ({ path }: Found) => path
  for (const [verb, isOn] of [
    ["activation", true],
    ["deactivation", false],
  ] as const)
    site.post(`${one}/${verb}`, {
      load,
      form: button(isOn ? "Turn on" : "Turn off"),
      async act(page, _, { owner, endpoint, path }) {
        const ctx = page.ctx(isOn ? "turned a webhook on" : "turned a webhook off")
        await store.write(ctx, (tx) => void webhooks.setOnIn(tx, owner, endpoint.publicId, isOn))
        return { to: path, say: isOn ? "Events are sent again." : "Nothing is sent there now." }
      },
      back,
    })
  site.post(`${one}/secret`, {
    load,
    form: button("Make a new secret"),
    fresh: true,
    async act(page, _, { owner, endpoint, path }) {
      const secret = await store.write(page.ctx("made a webhook secret"), (tx) =>
        webhooks.rotateIn(tx, owner, endpoint.publicId),
      )
      return { to: path, secret }
    },
    back,
  })
  site.post(`${one}/test`, {
    load,
    form: button("Send a test event"),
    async act(page, _, { owner, endpoint, path }) {
      await store.write(page.ctx("sent a test event"), (tx) => webhooks.testIn(tx, owner, endpoint.publicId))
      return { to: path, say: "A test event is on its way; the log says how it went." }
    },
    back,
  })
  site.post(`${one}/recovery`, {
    load,
    form: button("Send again what was missed"),
    async act(page, _, { owner, endpoint, path }) {
      const n = await store.write(page.ctx("sent missed events again"), (tx) =>
        webhooks.resendMissedIn(tx, owner, endpoint.publicId),
      )
      return {
        to: path,
        say: n === 0 ? "Nothing was missed." : `${n === 1 ? "1 event is" : `${n} events are`} on the way.`,
      }
    },
    back,
  })
}

function deliveryRoutes(site: Site<PageRequest, string>, deps: Deps, at: WebhookSite, loadOne: Load): void {
  const { webhooks, store, clock } = deps
  const one = `${at.path}/:${at.hook}/deliveries/:${at.delivery}`
  const load = (page: PageRequest, params: Params) => {
    const found = loadOne(page, params)
    const delivery = webhooks.delivery(found.endpoint.id, params[at.delivery] ?? "")
    ensure(delivery, "not_found", "There is no such event in the log. It may have been forgotten by age.")
    return { ...found, delivery }
  }
  site.get(one, (page, params) => {
    const { endpoint, place, delivery } = load(page, params)
    const props = { now: clock.now(), place, endpoint: endpointRow(webhooks, endpoint), ...detailOf(delivery) }
    return page.render((frame) => WebhookDeliveryPage({ frame, ...props }))
  })
  const pathOf = ({ path, delivery }: ReturnType<typeof load>) => `${path}/deliveries/${delivery.publicId}`
  site.post(`${one}/resend`, {
    load,
    form: button("Send again"),
    async act(page, _, found) {
      await store.write(page.ctx("sent an event again"), (tx) =>
        webhooks.resendIn(tx, found.owner, found.endpoint.publicId, found.delivery.publicId),
      )
      return { to: pathOf(found), say: "It is on its way." }
    },
    back: pathOf,
  })
}
