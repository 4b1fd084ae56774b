// Becoming a publisher, and what is public of one. A changed address goes on to the new one for a year, and is nobody else's meanwhile.
import { ensure, refuseFields, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { houseNameIn } from "../../brand/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { type Core, publisherIn } from "./core.ts"
import { CATALOG_LIMITS as L } from "./limits.ts"
import { publisherProblems, title } from "./rules.ts"
import {
  dropFormerSlug,
  formerSlugs,
  insertPublisher,
  keepFormerSlug,
  publisherByFormer,
  publisherBySlug,
  publisherOf,
  savePublisher,
} from "./store.ts"
import type { NewPublisher, Publisher, PublisherChanges } from "./types.ts"

const told = ({ slug, name, organisation, about }: Publisher) => ({ slug, name, organisation, about })

/** @throws AppError forbidden without the agreement, conflict when they are one already, validation_failed */
export function becomePublisherIn(core: Core, tx: Tx, input: NewPublisher): Publisher {
  core.developers.requireDeveloperIn(tx, UserId(input.ownerId))
  ensure(publisherOf(tx, input.ownerId) === null, "conflict", "You are a publisher already.")
  const fields = {
    slug: input.slug.trim().toLowerCase(),
    name: title(input.name),
    organisation: title(input.organisation ?? "") || null,
    about: (input.about ?? "").trim(),
  }
  refuseFields({ ...publisherProblems(fields, houseNameIn(tx)), ...takenSlug(tx, fields.slug, null) })
  const row = {
    publicId: core.ids.next("pub"),
    ownerId: input.ownerId,
    ...fields,
    commissionBp: null,
    suspendedMs: null,
    createdMs: tx.now,
    updatedMs: tx.now,
  }
  const publisher = { id: insertPublisher(tx, row), ...row }
  auditIn(tx, { action: "publisher.created", subject: row.publicId, after: told(publisher) })
  return publisher
}

/** What is left out stays. */
export function editPublisherIn(
  core: Core,
  tx: Tx,
  { ownerId, ...changes }: PublisherChanges & Pick<NewPublisher, "ownerId">,
): Publisher {
  const before = publisherIn(core, tx, ownerId)
  const after: Publisher = {
    ...before,
    slug: (changes.slug ?? before.slug).trim().toLowerCase(),
    name: title(changes.name ?? before.name),
    organisation: changes.organisation === undefined ? before.organisation : title(changes.organisation ?? "") || null,
    about: (changes.about ?? before.about).trim(),
    updatedMs: tx.now,
  }
  const isMoved = after.slug !== before.slug
  refuseFields({
    ...publisherProblems(after, houseNameIn(tx), before),
    ...(isMoved ? takenSlug(tx, after.slug, before) : {}),
  })
  if (isMoved) moveSlugIn(tx, before, after.slug)
  savePublisher(tx, after)
  auditIn(tx, { action: "publisher.edited", subject: before.publicId, before: told(before), after: told(after) })
  return after
}

const takenSlug = (tx: Tx, slug: string, own: Publisher | null): { slug?: string } => {
  const holder = publisherBySlug(tx, slug) ?? publisherByFormer(tx, slug, tx.now)
  return holder && holder.id !== own?.id ? { slug: "This address is taken. Choose another one." } : {}
}

function moveSlugIn(tx: Tx, before: Publisher, slug: string): void {
  // Back to a former one: it is the present one again.
  dropFormerSlug(tx, slug)
  const former = formerSlugs(tx, before.id, tx.now)
  ensure(
    former.length < L.formerSlugsMax,
    "conflict",
    `You changed your address ${L.formerSlugsMax} times within a year, the most there may be: each former one still leads to you.`,
  )
  keepFormerSlug(tx, { slug: before.slug, publisherId: before.id, untilMs: tx.now + L.formerSlugMs })
}

/** By the present address or a former one; `moved` = links should name the present one. */
export function publisherAt(
  reader: Reader,
  slug: string,
  nowMs: number,
): { publisher: Publisher; moved: boolean } | null {
  const publisher = publisherBySlug(reader, slug)
  if (publisher) return { publisher, moved: false }
  const former = publisherByFormer(reader, slug, nowMs)
  return former && { publisher: former, moved: true }
}
