// /developer/apps/:app/listing: what a developer tells of an app in the directory, its screenshots, and the way to be listed.
import {
  AppListingPage,
  type AppListingProps,
  ListingEndPage,
  ShotEndPage,
} from "../../../views/portal/app-listing.tsx"
import { DirectoryAppPage } from "../../../views/public/directory/index.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { CATEGORIES, DIRECTORY_LIMITS as L, type Shot } from "../../directory/index.ts"
import { button, field, form } from "../../http/index.ts"
import { cropOf } from "../../media/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { draftShown, pictureOf } from "../console/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const WORDS = form(
  {
    tagline: field.text({
      label: "In one line",
      length: L.taglineChars,
      optional: true,
      help: "What it is for, in up to 120 characters: “Bedtime stories about your own child’s day.”",
    }),
    slug: field.text({
      label: "Address",
      prefix: "/directory/",
      mono: true,
      length: L.slugChars,
      missing: "Choose an address.",
      help: "Small letters, digits and hyphens. It is fixed once the app was listed.",
    }),
    category: field.choice<string>({
      label: "Category",
      options: [{ value: "", label: "Choose one" }, ...CATEGORIES.map((name) => ({ value: name, label: name }))],
    }),
    tags: field.lines({
      label: "Tags",
      control: "tags",
      optional: true,
      help: `Up to ${L.tagsMax} words people may look for.`,
    }),
    description: field.area({
      label: "Description",
      rows: 12,
      optional: true,
      help: `Markdown: headings, lists, links, code. No HTML and no pictures; at most ${L.descriptionChars.toLocaleString("en-US")} characters.`,
    }),
    url: field.url({
      label: "“Use app” leads to",
      optional: true,
      help: "An https address on the domain of your homepage.",
    }),
    priceWords: field.text({
      label: "What it costs, in your words",
      optional: true,
      length: L.priceChars,
      help: "“A story takes about 20 credits.” What calls really cost stands beside it.",
    }),
    sourceUrl: field.url({ label: "Source code", optional: true }),
  },
  { submit: "Save listing", textChars: L.descriptionChars },
)

const SHOT = form(
  {
    picture: field.picture({ label: "New screenshot", shape: "wide", missing: "Choose a picture." }),
    crop: field.hidden({ label: "Part of it", optional: true }),
    alt: field.text({
      label: "What it shows",
      missing: "Say in a few words what it shows, for people who cannot see it.",
      max: L.altChars,
    }),
  },
  { submit: "Add screenshot" },
)

const listingPath = (client: Client): string => `${pathOf(client)}/listing`

export function appListingRoutes(site: PortalSite, deps: PortalDeps): void {
  const { directory } = deps
  const load = (page: PageRequest, { app }: { app: string }) => mine(deps, page, app)
  const ref = (page: PageRequest, client: Client) => ({ ownerId: page.holder.id, client })
  site.form("/developer/apps/:app/listing", {
    load,
    form: WORDS,
    present: (client) => directory.own(client).draft,
    adapt: (asked, client) => asked.with({ slug: isFixed(deps, client) ? null : {} }),
    async act(page, draft, client) {
      const before = directory.own(client).draft
      const slug = draft.slug || before.slug
      await directory.save(page.ctx("wrote a directory listing"), { ...ref(page, client), draft: { ...draft, slug } })
      return { to: listingPath(client), say: "The listing is saved." }
    },
    show: (page, words, client, status) => listingPage(deps, page, client, { words }, status),
  })
  site.get("/developer/apps/:app/listing/preview", (page, params) => {
    const client = load(page, params)
    const { listing, shots, card } = directory.own(client)
    ensure(listing, "not_found", "There is nothing to preview yet. Write the listing first.")
    const app = draftShown(deps, client, { listing, shots, card })
    const back = { href: listingPath(client), label: "Back to the listing" }
    const preview = { text: "This is a preview: only you see this page.", back }
    return page.render((frame) => DirectoryAppPage({ frame, now: deps.clock.now(), app, others: [], preview }))
  })
  shotRoutes(site, deps)
  site.post("/developer/apps/:app/listing/review", {
    load,
    form: button("Send for review"),
    async act(page, _, client) {
      const isListed = await directory.ask(page.ctx("sent in a directory listing"), ref(page, client))
      const say = isListed ? "The app is in the directory." : "Sent. An admin looks at it; you get a mail."
      return { to: listingPath(client), say }
    },
    back: listingPath,
  })
  site.post("/developer/apps/:app/listing/withdrawal", {
    load,
    form: button("Take back"),
    async act(page, _, client) {
      await directory.withdraw(page.ctx("took a directory listing back"), ref(page, client))
      return { to: listingPath(client), say: "It does not wait for a review any more." }
    },
    back: listingPath,
  })
  site.form("/developer/apps/:app/listing/removal", {
    load,
    form: button("Take out", true),
    async act(page, _, client) {
      await directory.unlist(page.ctx("took an app out of the directory"), ref(page, client))
      return { to: listingPath(client), say: `${client.name} is not in the directory any more.` }
    },
    show: (page, view, client, status) =>
      page.render((frame) => ListingEndPage({ frame, app: appOf(client), form: view }), status),
  })
}

const shotsPath = (client: Client): string => `${listingPath(client)}#shots-title`

function shotRoutes(site: PortalSite, deps: PortalDeps): void {
  const { directory } = deps
  const load = (page: PageRequest, { app, shot }: { app: string; shot: string }) => {
    const client = mine(deps, page, app)
    const found = directory.own(client).shots.find(({ publicId }) => publicId === shot)
    ensure(found, "not_found", "There is no such screenshot.")
    return { client, shot: found }
  }
  const back = ({ client }: { client: Client; shot: Shot }) => shotsPath(client)
  const ref = (page: PageRequest, { client, shot }: { client: Client; shot: Shot }) => ({
    ownerId: page.holder.id,
    client,
    shot: shot.publicId,
  })
  site.post("/developer/apps/:app/listing/shots", {
    load: (page, { app }) => mine(deps, page, app),
    form: SHOT,
    async act(page, { picture, crop, alt }, client) {
      const bytes = picture ?? new Uint8Array()
      const input = { ownerId: page.holder.id, client, bytes, crop: cropOf(crop), alt }
      await directory.addShot(page.ctx("added a screenshot"), input)
      return { to: shotsPath(client), say: "The screenshot is saved." }
    },
    show: (page, shot, client, status) => listingPage(deps, page, client, { shot }, status),
  })
  site.post("/developer/apps/:app/listing/shots/:shot/first", {
    load,
    form: button("Make first"),
    async act(page, _, subject) {
      await directory.firstShot(page.ctx("put a screenshot first"), ref(page, subject))
      return { to: back(subject), say: "This screenshot comes first now." }
    },
    back,
  })
  site.form("/developer/apps/:app/listing/shots/:shot/removal", {
    load,
    form: button("Remove", true),
    async act(page, _, subject) {
      await directory.removeShot(page.ctx("removed a screenshot"), ref(page, subject))
      return { to: back(subject), say: "The screenshot is removed." }
    },
    show: (page, view, { client, shot }, status) =>
      page.render((frame) => ShotEndPage({ frame, app: appOf(client), alt: shot.alt, form: view }), status),
  })
}

const appOf = ({ publicId, name }: Client) => ({ id: publicId, name })

/** What was listed once has an address that others know. */
const isFixed = ({ directory }: Pick<PortalDeps, "directory">, client: Client): boolean => {
  const { listing } = directory.own(client)
  return listing !== null && listing.state !== "draft"
}

/** @param sent the form that was refused */
function listingPage(
  deps: PortalDeps,
  page: PageRequest,
  client: Client,
  sent: { words?: FormView; shot?: FormView },
  status: Status,
): Response {
  const { listing, stage, shots, needs, draft, card } = deps.directory.own(client)
  const action = listingPath(client)
  const asked = isFixed(deps, client) ? WORDS.with({ slug: null }) : WORDS
  const props: Omit<AppListingProps, "frame"> = {
    now: deps.clock.now(),
    app: appOf(client),
    stage: stage ?? null,
    askedMs: listing?.askedMs ?? null,
    remark: listing?.remark ?? null,
    wantsReview: deps.directory.wantsReviews(),
    listedAt: card && listing && listing.state === "listed" ? `/directory/${listing.slug}` : null,
    people: card?.people ?? 0,
    needs,
    shots: shots.flatMap((shot) => {
      const picture = pictureOf(deps, { id: shot.publicId, alt: shot.alt })
      return picture ? [{ id: shot.publicId, picture }] : []
    }),
    shotsMax: L.shotsMax,
    forms: {
      words: sent.words ?? asked.show({ action, present: draft }),
      shot: { ...(sent.shot ?? SHOT.show({ action: `${action}/shots` })), ids: "shot" },
    },
  }
  // A refused screenshot was posted to an address below.
  return page.render((frame) => AppListingPage({ frame: { ...frame, path: action }, ...props }), status)
}
