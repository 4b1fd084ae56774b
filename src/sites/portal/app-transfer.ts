// Handing an app over: its developer offers it to an address, and whoever has that address reads what it means, accepts or declines.
import {
  AppTransferPage,
  type AppTransferProps,
  TransferDeclinePage,
  TransferOfferPage,
} from "../../../views/portal/app-transfer.tsx"
import { ensure } from "../../app/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { PageRequest } from "../base/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const OFFER_FORM = form(
  {
    email: field.email({
      label: "Email address of the other developer",
      required: true,
      autocomplete: "off",
      help: "They get a mail, and need an account here with this address to accept.",
    }),
  },
  { submit: "Offer the app" },
)

const ACCEPT_FORM = form(
  {
    redirectUris: field.lines({
      label: "Redirect URIs",
      mono: true,
      help: "Where the app sends people who sign in, one per line. These are the ones of now: leave none that is not yours.",
    }),
    accept: field.box({
      label: "I accept the developer agreement",
      missing: "Tick the box to accept the agreement.",
    }),
  },
  { submit: "Take the app over" },
)

export function appTransferRoutes(site: PortalSite, deps: PortalDeps): void {
  offerRoutes(site, deps)
  answerRoutes(site, deps)
}

const transferPath = (client: Client): string => `${pathOf(client)}/transfer`

function offerRoutes(site: PortalSite, deps: PortalDeps): void {
  const { appTransfers, store } = deps
  const load = (page: PageRequest, { app }: { app: string }) => mine(deps, page, app)
  site.form("/developer/apps/:app/transfer", {
    load,
    form: OFFER_FORM,
    fresh: true,
    async act(page, { email }, client) {
      const input = { ownerId: page.holder.id, clientPublicId: client.publicId, email }
      await store.write(page.ctx("offered an app"), (tx) => appTransfers.offerIn(tx, input))
      return { to: transferPath(client), say: `${client.name} is offered. It stays yours until they accept.` }
    },
    show: (page, view, client, status) =>
      page.render((frame) => AppTransferPage({ frame, ...offerShown(deps, client), form: view }), status),
  })
  site.post("/developer/apps/:app/transfer/revocation", {
    load,
    form: button("Take the offer back"),
    async act(page, _, client) {
      const ref = { ownerId: page.holder.id, clientPublicId: client.publicId }
      await store.write(page.ctx("took an offer of an app back"), (tx) => appTransfers.revokeIn(tx, ref))
      return { to: transferPath(client), say: `${client.name} is offered to nobody now.` }
    },
    back: transferPath,
  })
}

function offerShown({ appTransfers, clock }: PortalDeps, client: Client): Omit<AppTransferProps, "frame" | "form"> {
  const open = appTransfers.openOf(client.id)
  const isOpen = open?.toEmail != null && open.endsMs > clock.now()
  return {
    now: clock.now(),
    app: { id: client.publicId, name: client.name, hasSecrets: client.type !== "public" },
    closed: client.suspendedMs !== null,
    open: isOpen ? { to: open.toEmail!, endsMs: open.endsMs } : null,
  }
}

function answerRoutes(site: PortalSite, deps: PortalDeps): void {
  const { appTransfers, store, developers } = deps
  const load = (page: PageRequest, { transfer }: { transfer: string }) =>
    appTransfers.offer(page.session.userId, transfer)
  const isAgreed = (page: PageRequest) => developers.developerOf(page.holder.id)?.agreementCurrent ?? false
  site.form("/developer/transfers/:transfer", {
    load: (page, params) => ({ ...load(page, params), isAgreed: isAgreed(page) }),
    form: ACCEPT_FORM,
    adapt: (form, { isAgreed }) => (isAgreed ? (form.with({ accept: null }) as unknown as typeof ACCEPT_FORM) : form),
    present: ({ client }) => ({ redirectUris: [...client.redirectUris] }),
    fresh: true,
    async act(page, { redirectUris }, { transfer }) {
      const [userId, to] = [page.session.userId, page.holder.id]
      const moved = await store.write(page.ctx("took an app over"), (tx) => {
        // Unticked, the form is refused before this.
        developers.acceptAgreementIn(tx, { userId: to, version: developers.agreementVersion })
        return appTransfers.acceptIn(tx, { userId, to, transferPublicId: transfer.publicId, redirectUris })
      })
      return { to: pathOf(moved), say: `${moved.name} is yours now. Its secrets and keys of before work no more.` }
    },
    show(page, view, { transfer, client }, status) {
      const props = {
        now: deps.clock.now(),
        transfer: { id: transfer.publicId, endsMs: transfer.endsMs },
        from: deps.developerName(transfer.userId),
        app: {
          name: client.name,
          description: client.description,
          homepageUrl: client.homepageUrl,
          type: client.type,
          testMode: client.mode === "test",
          scopes: client.scopes,
          createdMs: client.createdMs,
        },
        form: view,
      }
      return page.render((frame) => TransferOfferPage({ frame, ...props }), status)
    },
  })
  site.form("/developer/transfers/:transfer/refusal", {
    load,
    form: button("Decline"),
    async act(page, _, { transfer, client }) {
      const ref = { userId: page.session.userId, transferPublicId: transfer.publicId }
      await store.write(page.ctx("declined an app"), (tx) => appTransfers.declineIn(tx, ref))
      return { to: "/developer", say: `You declined ${client.name}. Its developer gets a mail.` }
    },
    show: (page, view, { transfer, client }, status) =>
      page.render(
        (frame) => TransferDeclinePage({ frame, transfer: transfer.publicId, app: client.name, form: view }),
        status,
      ),
  })
}

/** Offers that wait for somebody, for their first page. */
export const offersFor = ({ appTransfers, oauth, developerName }: PortalDeps, page: PageRequest) =>
  appTransfers.offeredTo(page.session.userId).map(({ publicId, clientId, userId }) => {
    const client = oauth.clientById(clientId)
    ensure(client, "not_found", "This app is gone.")
    return { id: publicId, app: client.name, from: developerName(userId) }
  })
