// Who paid the provider of a call stands in the prices of its route (`snapshot` of pricing), so folded days and charges tell it alike.

/** Of a route's prices `p`: `cache`, `own` (a key of the person's own there) or `platform`; calls that ask no provider are the last. */
export const PAYER = `CASE WHEN p.snapshot ->> '$.cached' IS NOT NULL THEN 'cache' WHEN p.snapshot ->> '$.rule.own' = 1 THEN 'own'
  ELSE 'platform' END`

/** Before a read of many calls: prices are read once a route, and not once a row. */
export const WITH_PAYERS = `WITH payers AS MATERIALIZED (
  SELECT x.id, ${PAYER} AS payer FROM usage_routes x LEFT JOIN usage_prices p ON p.id = x.prices_id)`
/** Of a row with `route_id`, beside it; '' of refused ones, whose route is -1. */
export const payerOf = (row: string) => ({
  join: `LEFT JOIN payers w ON w.id = ${row}.route_id`,
  key: `CASE ${row}.route_id WHEN -1 THEN '' ELSE COALESCE(w.payer, 'platform') END`,
})
