// What an admin decides about issuers: rows, audited with before and after, the secret never in them.
import { AppError, ensure, tidyName } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Reader, Tx, WriteContext } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"
import type { Metadata } from "./metadata.ts"
import { isManyTenants, issuerErrors, PRESETS, tidyDomains, tidyIssuer, tidyTenants } from "./rules.ts"
import {
  deleteIssuer,
  type IssuerRow,
  insertIssuer,
  issuerRow,
  issuerRowNamed,
  issuerRows,
  setIssuerSecret,
  setPosition,
  updateIssuer,
} from "./store.ts"
import type { Issuer, IssuerChange, NewIssuer } from "./types.ts"

export const SEALED_ISSUER_SECRETS: SealedColumn = {
  what: "client secrets of issuers",
  table: "issuers",
  blob: "client_secret",
  assign: "client_secret = ?",
  purpose: "issuer-secret",
  columns: ["slug"],
  place: (slug) => `issuers:client_secret:${slug}`,
}

export const secretOf = ({ keyring }: Core, { slug, clientSecret }: IssuerRow): string | null =>
  clientSecret && keyring.open(SEALED_ISSUER_SECRETS.purpose, SEALED_ISSUER_SECRETS.place(slug), clientSecret)

export const tenantsOf = ({ tenants }: Pick<IssuerRow, "tenants">): string[] => tenants.split(" ").filter(Boolean)
export const domainsOf = ({ domains }: Pick<IssuerRow, "domains">): string[] => domains.split(" ").filter(Boolean)

/** Whether the environment says how this house is known to it. */
const isConfigured = (core: Core, { issuer }: Pick<IssuerRow, "issuer">): boolean =>
  core.google !== null && issuer === PRESETS.google.issuer

export const shown = (core: Core, row: IssuerRow): Issuer => ({
  slug: row.slug,
  issuer: row.issuer,
  preset: row.preset,
  name: row.name,
  clientId: row.clientId,
  hasSecret: row.clientSecret !== null,
  active: row.active === 1,
  signUp: row.signUp === 1,
  trustsMfa: row.trustsMfa === 1,
  domains: domainsOf(row),
  responseMode: row.responseMode,
  tenants: tenantsOf(row),
  byEnvironment: isConfigured(core, row),
  createdMs: row.createdMs,
  updatedMs: row.updatedMs,
})

/** What the log keeps: what it was like, never the secret. */
const noted = ({ name, issuer, clientId, active, signUp, trustsMfa, domains, responseMode, tenants }: IssuerRow) => ({
  name,
  issuer,
  clientId,
  active: active === 1,
  signUp: signUp === 1,
  trustsMfa: trustsMfa === 1,
  domains,
  responseMode,
  tenants,
})

export function knownIssuer(reader: Reader, slug: string): IssuerRow {
  const row = issuerRow(reader, slug)
  ensure(row, "not_found", "There is no such issuer. They are listed under Sign-in.")
  return row
}

const bit = (value: boolean): 0 | 1 => (value ? 1 : 0)
const wrong = (formErrors: Record<string, string>): AppError =>
  new AppError("validation_failed", Object.values(formErrors)[0] ?? "Check the marked fields.", { formErrors })

/** @see FederationVerbs.addIssuer */
export async function addIssuer(core: Core, metadata: Metadata, ctx: WriteContext, input: NewIssuer): Promise<Issuer> {
  const preset = input.preset === "oidc" ? null : PRESETS[input.preset]
  const given = {
    ...input,
    issuer: preset?.issuer ?? tidyIssuer(input.issuer ?? ""),
    domains: tidyDomains(input.domains),
    tenants: tidyTenants(input.tenants ?? []),
  }
  const errors = issuerErrors(given)
  if (errors) throw wrong(errors)
  // A preset is known; any other has to say that it is who it is said to be, spelled as it spells itself.
  const issuer = preset ? given.issuer : await named(metadata, given.issuer)
  return core.store.write(ctx, (tx) => {
    const taken = issuerRowNamed(tx, issuer)
    if (taken) throw wrong({ [preset ? "form" : "issuer"]: `It is here already, as ${taken.name}.` })
    if (issuerRow(tx, given.slug)) throw wrong({ slug: "There is an issuer of this short name. Choose another one." })
    const isFull = issuerRows(tx).length >= L.issuersMax
    ensure(!isFull, "conflict", `There are ${L.issuersMax} issuers, as many as a page can show. Remove one first.`)
    const { slug, clientId, clientSecret } = given
    insertIssuer(tx, {
      slug,
      issuer,
      preset: given.preset,
      name: tidyName(given.name),
      clientId,
      clientSecret: clientSecret === "" ? null : sealIn(tx, core.keyring, SEALED_ISSUER_SECRETS, [slug], clientSecret),
      active: 1,
      signUp: bit(given.signUp),
      trustsMfa: bit(given.trustsMfa),
      domains: given.domains.join(" "),
      responseMode: given.responseMode ?? "query",
      tenants: given.tenants.join(" "),
    })
    const row = knownIssuer(tx, slug)
    auditIn(tx, { action: "issuer.added", subject: `issuer:${slug}`, after: noted(row) })
    return shown(core, row)
  })
}

async function named(metadata: Metadata, issuer: string): Promise<string> {
  try {
    const document = await metadata.read(issuer)
    // For many tenants it calls itself by a template: it stands here by the address that it was asked for at.
    return isManyTenants(issuer) ? issuer : document.issuer
  } catch (error) {
    if (error instanceof AppError) throw wrong({ issuer: error.message })
    throw error
  }
}

/** @see FederationVerbs.editIssuer */
export function editIssuerIn(core: Core, tx: Tx, slug: string, change: IssuerChange): Issuer {
  const before = knownIssuer(tx, slug)
  const clientSecret = change.clientSecret ?? ""
  const isOurs = isConfigured(core, before)
  const given = {
    slug,
    issuer: before.issuer,
    name: change.name ?? before.name,
    clientId: isOurs ? before.clientId : (change.clientId ?? before.clientId),
    clientSecret,
    domains: tidyDomains(change.domains ?? domainsOf(before)),
    tenants: tidyTenants(change.tenants ?? tenantsOf(before)),
  }
  const errors = issuerErrors(given)
  if (errors) throw wrong(errors)
  updateIssuer(tx, before.id, {
    name: tidyName(given.name),
    clientId: given.clientId,
    active: before.active,
    signUp: change.signUp === undefined ? before.signUp : bit(change.signUp),
    trustsMfa: change.trustsMfa === undefined ? before.trustsMfa : bit(change.trustsMfa),
    domains: given.domains.join(" "),
    responseMode: change.responseMode ?? before.responseMode,
    tenants: given.tenants.join(" "),
  })
  const isNewSecret = clientSecret !== "" && !isOurs
  if (isNewSecret) setIssuerSecret(tx, before.id, sealIn(tx, core.keyring, SEALED_ISSUER_SECRETS, [slug], clientSecret))
  const after = knownIssuer(tx, slug)
  auditIn(tx, {
    action: "issuer.changed",
    subject: `issuer:${slug}`,
    before: noted(before),
    after: { ...noted(after), newSecret: isNewSecret },
  })
  return shown(core, after)
}

/** @see FederationVerbs.enableIssuer */
export function enableIssuerIn(core: Core, tx: Tx, slug: string, active: boolean): Issuer {
  const before = knownIssuer(tx, slug)
  if ((before.active === 1) === active) return shown(core, before)
  updateIssuer(tx, before.id, { ...before, active: bit(active) })
  const after = knownIssuer(tx, slug)
  auditIn(tx, {
    action: active ? "issuer.turned_on" : "issuer.turned_off",
    subject: `issuer:${slug}`,
    before: noted(before),
    after: noted(after),
  })
  return shown(core, after)
}

/** @see FederationVerbs.raiseIssuer */
export function raiseIssuerIn(core: Core, tx: Tx, slug: string): Issuer {
  const row = knownIssuer(tx, slug)
  const all = issuerRows(tx)
  const at = all.findIndex(({ id }) => id === row.id)
  if (at > 0) {
    const order = all.toSpliced(at, 1).toSpliced(at - 1, 0, row)
    for (const [position, { id }] of order.entries()) setPosition(tx, id, position + 1)
    auditIn(tx, { action: "issuer.moved", subject: `issuer:${slug}`, after: { name: row.name } })
  }
  return shown(core, row)
}

/** @see FederationVerbs.removeIssuer */
export function removeIssuerIn(core: Core, tx: Tx, slug: string): Issuer {
  const row = knownIssuer(tx, slug)
  ensure(
    !isConfigured(core, row),
    "conflict",
    "PURSER_GOOGLE_CLIENT_ID names it. Take that setting away first, or turn it off here.",
  )
  deleteIssuer(tx, row.id)
  auditIn(tx, { action: "issuer.removed", subject: `issuer:${slug}`, before: noted(row) })
  return shown(core, row)
}

/** @see FederationVerbs.adoptConfigured */
export async function adoptConfigured(core: Core, ctx: WriteContext): Promise<void> {
  const { google } = core
  if (!google) return
  const { issuer, slug, name } = PRESETS.google
  const before = issuerRowNamed(core.store.read, issuer)
  if (before?.clientId === google.clientId && secretOf(core, before) === google.clientSecret) return
  await core.store.write(ctx, (tx) => {
    const row = issuerRowNamed(tx, issuer)
    if (row) updateIssuer(tx, row.id, { ...row, clientId: google.clientId })
    else {
      insertIssuer(tx, {
        slug,
        issuer,
        preset: "google",
        name,
        clientId: google.clientId,
        clientSecret: null,
        active: 1,
        signUp: 1,
        trustsMfa: 0,
        domains: "",
        responseMode: "query",
        tenants: "",
      })
    }
    const after = issuerRowNamed(tx, issuer)!
    setIssuerSecret(tx, after.id, sealIn(tx, core.keyring, SEALED_ISSUER_SECRETS, [after.slug], google.clientSecret))
    auditIn(tx, {
      action: row ? "issuer.changed" : "issuer.added",
      subject: `issuer:${after.slug}`,
      ...(row ? { before: noted(row) } : {}),
      after: noted(after),
    })
  })
}
