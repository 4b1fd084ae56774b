// What `catalog` has of a person: the publisher they are, and its APIs. Subscribers' books name products by number, so their rows stay without a word.
import { eraseFactsAbout } from "../../audit/index.ts"
import { type Leaving, type Personal, takeSteps } from "../../part/index.ts"
import { deleteSome, type Reader, type Tx, updateSome } from "../../store/index.ts"

const PART_OF_IT = { not: "part of the documentation of your APIs, which each product page gives as OpenAPI" }

export const CATALOG_PERSONAL: Personal = {
  tables: {
    market_publishers: { erased: "emptied", exported: "publisher.csv" },
    market_publisher_slugs: { erased: "deleted", exported: { not: "former names in addresses" } },
    market_products: { erased: "emptied", exported: "own-api-products.csv" },
    market_product_categories: { erased: "deleted", exported: PART_OF_IT },
    market_endpoints: { erased: "emptied", exported: "own-api-endpoints.csv" },
    market_parameters: { erased: "deleted", exported: PART_OF_IT },
    market_examples: { erased: "deleted", exported: PART_OF_IT },
    market_documents: { erased: "deleted", exported: { not: "the document you brought; its endpoints are exported" } },
    market_guides: { erased: "deleted", exported: "own-api-texts.csv" },
    market_changes: { erased: "deleted", exported: "own-api-texts.csv" },
    market_questions: { erased: "deleted", exported: "own-api-texts.csv" },
    market_contacts: { erased: "deleted", exported: "own-api-texts.csv" },
    market_hosts: { erased: "deleted", exported: "own-api-servers.csv" },
    market_followers: { erased: "deleted", exported: "followed-apis.csv" },
  },
  files: [
    {
      name: "publisher.csv",
      what: "You as a publisher of APIs.",
      sql: `SELECT id AS place, public_id AS id, slug, name, organisation, about, created_ms, updated_ms FROM market_publishers
        WHERE owner_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`,
    },
    {
      name: "own-api-products.csv",
      what: "APIs that you published or prepared.",
      sql: `SELECT p.id AS place, p.public_id AS id, p.slug, p.title, p.tagline, p.overview, p.version, p.upstream_url, p.state, p.state_reason,
          p.allowed_ips, p.denied_ips, p.created_ms, p.updated_ms, p.published_ms FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id
        WHERE u.owner_id = ?1 AND p.id > ?2 ORDER BY p.id LIMIT ?3`,
    },
    {
      name: "own-api-endpoints.csv",
      what: "The endpoints of those APIs.",
      sql: `SELECT e.id AS place, p.slug AS product, e.method, e.path, e.title, e.description, e.allowed_ips, e.denied_ips, e.created_ms, e.removed_ms FROM market_endpoints e
        JOIN market_products p ON p.id = e.product_id JOIN market_publishers u ON u.id = p.publisher_id
        WHERE u.owner_id = ?1 AND e.id > ?2 ORDER BY e.id LIMIT ?3`,
    },
    {
      name: "own-api-texts.csv",
      what: "What you wrote about those APIs: guides, changes, questions, contacts.",
      sql: `SELECT * FROM (SELECT row_number() OVER (ORDER BY p.id, w.kind, w.id) AS place, p.slug AS product, w.kind, w.title, w.body, w.created_ms
          FROM (SELECT id, product_id, 'guide' AS kind, title, body, created_ms FROM market_guides
            UNION ALL SELECT id, product_id, 'change', title, body, published_ms FROM market_changes
            UNION ALL SELECT id, product_id, 'question', question, answer, created_ms FROM market_questions
            UNION ALL SELECT id, product_id, 'contact', label, target, created_ms FROM market_contacts) w
          JOIN market_products p ON p.id = w.product_id JOIN market_publishers u ON u.id = p.publisher_id
          WHERE u.owner_id = ?1) WHERE place > ?2 ORDER BY place LIMIT ?3`,
    },
    {
      name: "own-api-servers.csv",
      what: "Servers that you said are yours.",
      sql: `SELECT h.rowid AS place, h.host, h.proven_ms, h.proven_by, h.created_ms FROM market_hosts h
        JOIN market_publishers u ON u.id = h.publisher_id WHERE u.owner_id = ?1 AND h.rowid > ?2 ORDER BY h.rowid LIMIT ?3`,
    },
    {
      name: "followed-apis.csv",
      what: "APIs whose changes you get mails about.",
      sql: `SELECT p.id AS place, p.slug AS product, p.title, f.since_ms FROM market_followers f JOIN market_products p ON p.id = f.product_id
        WHERE f.user_id = ?1 AND p.id > ?2 ORDER BY p.id LIMIT ?3`,
    },
  ],
}

const GONE = "Deleted API"
const NOBODY = "Deleted publisher"
const PUBLISHERS = "SELECT id FROM market_publishers WHERE owner_id = ?1"
const PRODUCTS = `SELECT id FROM market_products WHERE publisher_id IN (${PUBLISHERS})`
const ENDPOINTS = `endpoint_id IN (SELECT id FROM market_endpoints WHERE product_id IN (${PRODUCTS}))`

/** Whole tables of what they wrote. */
const WRITTEN = ["market_documents", "market_guides", "market_changes", "market_questions", "market_contacts"]

export const eraseCatalog = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    () => tx.run("DELETE FROM market_followers WHERE user_id = ?", userId).changes,
    ...WRITTEN.map((table) => (left: number) => deleteSome(tx, table, `product_id IN (${PRODUCTS})`, [userId], left)),
    (left) => deleteSome(tx, "market_hosts", `publisher_id IN (${PUBLISHERS})`, [userId], left),
    (left) => deleteSome(tx, "market_examples", ENDPOINTS, [userId], left),
    (left) => deleteSome(tx, "market_parameters", ENDPOINTS, [userId], left),
    (left) => emptyEndpoints(tx, userId, left),
    () => tx.run(`DELETE FROM market_product_categories WHERE product_id IN (${PRODUCTS})`, userId).changes,
    (left) => emptyProducts(tx, userId, left),
    () => tx.run(`DELETE FROM market_publisher_slugs WHERE publisher_id IN (${PUBLISHERS})`, userId).changes,
    (left) => emptyPublisher(tx, userId, left),
  ])

const emptyEndpoints = (tx: Tx, userId: number, rows: number): number =>
  updateSome(
    tx,
    "market_endpoints",
    `title = method, path = '/gone/' || id, description = '', allowed_ips = '', denied_ips = '', body_schema = NULL, body_type = NULL,
     removed_ms = COALESCE(removed_ms, updated_ms)`,
    `product_id IN (${PRODUCTS}) AND path <> '/gone/' || id`,
    [userId],
    rows,
  )

function emptyProducts(tx: Tx, userId: number, rows: number): number {
  const own = tx.all<{ id: string }>(
    `SELECT public_id AS id FROM market_products WHERE publisher_id IN (${PUBLISHERS}) AND slug <> 'gone-' || id LIMIT ?2`,
    userId,
    rows,
  )
  eraseFactsAbout(
    tx,
    own.map(({ id }) => id),
  )
  return updateSome(
    tx,
    "market_products",
    `slug = 'gone-' || id, title = '${GONE}', tagline = '', overview = '', upstream_url = 'https://gone.invalid',
     state = 'unpublished', state_reason = NULL, host_proven_ms = NULL, featured_ms = NULL, upstream_header = NULL, upstream_secret = NULL,
     signing_secret = '', allowed_ips = '', denied_ips = ''`,
    `publisher_id IN (${PUBLISHERS}) AND slug <> 'gone-' || id`,
    [userId],
    rows,
  )
}

function emptyPublisher(tx: Tx, userId: number, rows: number): number {
  const own = tx.all<{ id: string }>("SELECT public_id AS id FROM market_publishers WHERE owner_id = ?", userId)
  eraseFactsAbout(
    tx,
    own.map(({ id }) => id),
  )
  return updateSome(
    tx,
    "market_publishers",
    `slug = 'gone-' || id, name = '${NOBODY}', organisation = NULL, about = '', suspended_ms = COALESCE(suspended_ms, updated_ms)`,
    `owner_id = ?1 AND slug <> 'gone-' || id`,
    [userId],
    rows,
  )
}

/** Somebody pays for what they publish: it has to be over first. */
export function catalogLeaving(reader: Reader, userId: number): Leaving {
  const own = reader.get<{ n: number }>(
    `SELECT count(*) AS n FROM market_products WHERE publisher_id IN (${PUBLISHERS}) AND state = 'published'`,
    userId,
  )!.n
  const used = reader.all<{ title: string; people: number }>(
    `SELECT p.title, count(*) AS people FROM market_products p JOIN market_subscriptions s ON s.product_id = p.id AND s.ended_ms IS NULL
     WHERE p.publisher_id IN (${PUBLISHERS}) AND s.user_id <> ?1 GROUP BY p.id ORDER BY p.id LIMIT 5`,
    userId,
  )
  return {
    ends: own === 0 ? [] : [`${own === 1 ? "The API" : `The ${own} APIs`} that you publish can be called no more.`],
    first: used.map(({ title, people }) => ({
      text: `${people === 1 ? "1 person subscribes" : `${people} people subscribe`} to your API ${title}. Unpublish it and let their periods end, or ask the people who run this service.`,
      href: "/publisher",
    })),
  }
}

/** Its owner is let in no more: its products are not shown, and refuse calls. */
export const suspendPublisher = (tx: Tx, userId: number): void => {
  tx.run("UPDATE market_publishers SET suspended_ms = ?2 WHERE owner_id = ?1 AND suspended_ms IS NULL", userId, tx.now)
}

export const reinstatePublisher = (tx: Tx, userId: number): void => {
  tx.run("UPDATE market_publishers SET suspended_ms = NULL WHERE owner_id = ?", userId)
}
