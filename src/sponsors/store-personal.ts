// What `sponsors` has of a person: which of their apps pays for its users. Who was paid for stands in the books, by number.
import type { Personal } from "../part/index.ts"

export const SPONSORS_PERSONAL: Personal = {
  tables: {
    sponsor_pools: {
      erased: { stays: "a number that the books name, and an app that is gone" },
      exported: "app-pools.csv",
    },
  },
  files: [
    {
      name: "app-pools.csv",
      what: "What your apps pay for their users, for each person at most.",
      sql: `SELECT p.pool_id AS place, k.public_id AS app, k.name AS app_name, p.mode, p.cap_nano, p.is_on, p.created_ms, p.updated_ms
        FROM sponsor_pools p LEFT JOIN v_oauth_clients k ON k.client_id = p.client_id
        WHERE p.developer_id = ?1 AND p.pool_id > ?2 ORDER BY p.pool_id LIMIT ?3`,
    },
  ],
}
