// SQL of billing. Decides nothing.
import { eq } from "drizzle-orm"
import type { UserId } from "../app/index.ts"
import { columnsOf, findRow, insertRow, type OrmReader, type Reader, type Tx } from "../store/index.ts"
import type { Scope } from "./scope.ts"
import { billingCustomers, billingEvents, billingOrders, creditPackages } from "./tables.ts"
import type { BillingEvent, CreditPackage, EventState, Noted, Order } from "./types.ts"

export const allPackages = (reader: OrmReader): CreditPackage[] =>
  reader.drizzle.select().from(creditPackages).orderBy(creditPackages.sortOrder, creditPackages.id).all()

export const packageBySlug = (reader: Reader, slug: string): CreditPackage | null =>
  findRow(reader, creditPackages, "slug = ?", slug)

export const insertPackage = (tx: Tx, row: Omit<CreditPackage, "id">): number => insertRow(tx, creditPackages, row)

export function savePackage(tx: Tx, { id, slug: _, createdMs: __, ...terms }: CreditPackage): void {
  tx.drizzle.update(creditPackages).set(terms).where(eq(creditPackages.id, id)).run()
}

/** As the processor knows them under a key of this mode and account. */
export const customerOf = (reader: Reader, userId: UserId, { isTest, account }: Scope): string | null =>
  findRow(reader, billingCustomers, "user_id = ? AND is_test = ? AND account_id = ?", userId, Number(isTest), account)
    ?.customerId ?? null

/** One that is here already, made before anybody knew whose the key was, is of the account that named it now. */
export const insertCustomer = (tx: Tx, row: Scope & { userId: UserId; customerId: string; createdMs: number }): void =>
  void tx.run(
    `INSERT INTO billing_customers (user_id, is_test, account_id, customer_id, created_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (user_id, is_test, account_id) DO NOTHING
     ON CONFLICT (customer_id) DO UPDATE SET account_id = excluded.account_id`,
    row.userId,
    Number(row.isTest),
    row.account,
    row.customerId,
    row.createdMs,
  )

/** Who was deleted at the processor is somebody new there. */
export const replaceCustomer = (tx: Tx, goneId: string, customerId: string): void =>
  void tx.run("UPDATE OR IGNORE billing_customers SET customer_id = ? WHERE customer_id = ?", customerId, goneId)

/** Takes them out. @returns what they were */
export const takeCustomers = (tx: Tx, userId: UserId): (Scope & { customerId: string })[] =>
  tx
    .all<{ customerId: string; isTest: number; account: string }>(
      `DELETE FROM billing_customers WHERE user_id = ?
       RETURNING customer_id AS customerId, is_test AS isTest, account_id AS account`,
      userId,
    )
    .map((row) => ({ ...row, isTest: row.isTest === 1 }))

export const insertOrder = (tx: Tx, row: Omit<Order, "id">): number => insertRow(tx, billingOrders, row)

export function saveOrder(tx: Tx, { id, publicId: _, userId: __, createdMs: ___, ...rest }: Order): void {
  tx.drizzle.update(billingOrders).set(rest).where(eq(billingOrders.id, id)).run()
}

export const orderById = (reader: Reader, publicId: string): Order | null =>
  findRow(reader, billingOrders, "public_id = ?", publicId)

export const orderByForm = (reader: Reader, userId: UserId, formKey: string): Order | null =>
  findRow(reader, billingOrders, "user_id = ? AND form_key = ?", userId, formKey)

export const orderBySession = (reader: Reader, sessionId: string): Order | null =>
  findRow(reader, billingOrders, "session_id = ?", sessionId)

const ORDER = columnsOf(billingOrders)

export const ordersOf = (reader: Reader, userId: UserId, limit: number): Order[] =>
  reader.all<Order>(`SELECT ${ORDER} FROM billing_orders WHERE user_id = ? ORDER BY id DESC LIMIT ?`, userId, limit)

/** Those that were asked about longest ago; who could be asked of a payment by hand? */
export const waitingOrders = (reader: Reader, before: number, limit: number): Order[] =>
  reader.all<Order>(
    `SELECT ${ORDER} FROM billing_orders
     WHERE state IN ('open', 'pending') AND kind <> 'manual' AND COALESCE(asked_ms, created_ms) <= ? ORDER BY asked_ms LIMIT ?`,
    before,
    limit,
  )

/** Asked without an answer: the others come first now. */
export const noteAsked = (tx: Tx, { id, askedMs }: Order): void =>
  void tx.run("UPDATE billing_orders SET asked_ms = ? WHERE id = ? AND asked_ms IS ?", tx.now, id, askedMs)

export const waitingAfter = (reader: Reader, afterId: number, limit: number): Order[] =>
  reader.all<Order>(
    `SELECT ${ORDER} FROM billing_orders WHERE state IN ('open', 'pending') AND id > ? ORDER BY id LIMIT ?`,
    afterId,
    limit,
  )

/** Once each: what comes again changes what became of it only where it was parked, or is applied now. */
export function noteEvent(tx: Tx, row: BillingEvent): void {
  const known = eventById(tx, row.eventId)
  if (!known) insertRow(tx, billingEvents, row)
  else if (known.state === "parked" || row.state === "applied") saveEventState(tx, row.eventId, row)
}

export const eventById = (reader: Reader, eventId: string): BillingEvent | null =>
  findRow(reader, billingEvents, "event_id = ?", eventId)

export const saveEventState = (tx: Tx, eventId: string, { state, note }: Noted): void =>
  void tx.run("UPDATE billing_events SET state = ?, note = ? WHERE event_id = ?", state, note, eventId)

const EVENT = columnsOf(billingEvents)

export const eventsBy = (
  reader: Reader,
  state: EventState | null,
  limit: number,
  before: string | null = null,
): BillingEvent[] =>
  reader.all<BillingEvent>(
    `SELECT ${EVENT} FROM billing_events
     WHERE (?1 IS NULL OR state = ?1) AND (?3 IS NULL OR id < (SELECT id FROM billing_events WHERE event_id = ?3))
     ORDER BY id DESC LIMIT ?2`,
    state,
    limit,
    before,
  )

export const countParked = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM billing_events WHERE state = 'parked'")!.n
